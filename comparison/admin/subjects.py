"""Frameworks, categories, criteria and what does not apply in the admin, and read-only editions."""

from typing import Any

from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.urls import URLPattern, URLResolver

from comparison.admin.base import CatalogueAdmin
from comparison.admin.delete_guard import CitedAdmin
from comparison.admin.inlines import PreloadedInline
from comparison.admin.pages import merge
from comparison.models import Category, Criterion, Edition, Framework, NotApplicable


class NotApplicableInline(PreloadedInline):
    model = NotApplicable
    autocomplete_fields = ["criterion"]


@admin.register(Framework)
class FrameworkAdmin(CitedAdmin):
    ordering = ["name"]
    list_display = ["name", "slug", "licence", "first_release_year", "claim_count"]
    search_fields = ["name", "slug", "aliases"]
    prepopulated_fields = {"slug": ["name"]}
    inlines = [NotApplicableInline]


@admin.register(Category)
class CategoryAdmin(CatalogueAdmin):
    ordering = ["order", "slug"]
    list_display = ["name", "slug", "order", "criterion_count"]
    search_fields = ["name", "slug"]
    prepopulated_fields = {"slug": ["name"]}

    def get_queryset(self, request: HttpRequest) -> QuerySet[Category]:
        return super().get_queryset(request).annotate(criterion_total=Count("criteria"))

    @admin.display(description="criteria", ordering="criterion_total")
    def criterion_count(self, category: Any) -> int:
        return int(category.criterion_total)


@admin.register(Criterion)
class CriterionAdmin(CitedAdmin):
    ordering = ["category__order", "category__slug", "order", "slug"]
    list_display = ["name", "category", "kind", "question", "order", "claim_count"]
    list_filter = ["kind", "category"]
    search_fields = ["name", "slug", "question", "synonyms"]
    prepopulated_fields = {"slug": ["name"]}
    autocomplete_fields = ["category"]
    list_select_related = ["category"]

    def get_urls(self) -> list[URLPattern | URLResolver]:
        return [*merge.criterion_urlpatterns, *super().get_urls()]


@admin.register(NotApplicable)
class NotApplicableAdmin(CatalogueAdmin):
    list_display = ["framework", "criterion", "reason"]
    list_filter = ["framework"]
    list_select_related = ["framework", "criterion"]
    search_fields = ["reason", "framework__name", "criterion__name"]
    autocomplete_fields = ["framework", "criterion"]


class ReadOnlyAdmin(admin.ModelAdmin):
    """Rows that the site writes; curators only read them."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Edition)
class EditionAdmin(ReadOnlyAdmin):
    list_display = ["number", "at", "by", "summary"]
    list_select_related = ("by",)
    search_fields = ["summary"]

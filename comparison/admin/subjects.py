"""Frameworks, categories, criteria and what does not apply in the admin, and read-only editions."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import Count, QuerySet
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver

from comparison.admin.base import CatalogueAdmin, alone_if_posted, current_user
from comparison.admin.delete_guard import CitedAdmin
from comparison.admin.editing.inlines import RowInline
from comparison.admin.editing.versioned_form import VersionedForm
from comparison.admin.pages import merge
from comparison.models import Category, Criterion, Edition, Framework, NotApplicable
from comparison.models.relations.change import at_other_ends, note_relations, note_saved
from comparison.models.relations.history import Relations, relations_of
from comparison.row_ids import parse_row_id, parse_row_ids


class NotApplicableInline(RowInline):
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


class CriterionForm(VersionedForm):
    """Changes only the relations that its user changed: versions do not cover them, so others may have edited them."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "related" in self.fields:
            self.fields["related"].show_hidden_initial = True
            if self.earlier_relations is not None:
                self.initial["related"] = self.earlier_relations["related"]

    @property
    def earlier_relations(self) -> Relations | None:
        """Those of the earlier version that the form shows, if they are known; None if it shows the present one."""
        return getattr(getattr(self.instance, "_history", None), "relations", None)

    def clean_related(self) -> QuerySet[Criterion]:
        chosen = {criterion.pk for criterion in self.cleaned_data["related"]}
        if self.instance.pk in chosen:
            raise ValidationError("A criterion cannot be related to itself.")
        if self.earlier_relations is not None:
            return Criterion.objects.filter(pk__in=chosen)
        shown = set(parse_row_ids(self.data.getlist(self.add_initial_prefix("related"))))
        stored = set(self.instance.related.values_list("pk", flat=True)) if self.instance.pk else set()
        return Criterion.objects.filter(pk__in=(stored - (shown - chosen)) | (chosen - shown))

    def _save_m2m(self) -> None:
        before = relations_of(Criterion, [self.instance.pk])[self.instance.pk]
        super()._save_m2m()  # type: ignore[misc]  # unknown to the stubs
        note_saved(self.instance, before)


@admin.register(Criterion)
class CriterionAdmin(CitedAdmin):
    form = CriterionForm
    ordering = ["category__order", "category__slug", "order", "slug"]
    list_display = ["name", "category", "kind", "question", "order", "claim_count"]
    list_filter = ["kind", "category"]
    search_fields = ["name", "slug", "question", "synonyms"]
    prepopulated_fields = {"slug": ["name"]}
    autocomplete_fields = ["category", "related"]
    list_select_related = ["category"]

    def save_related(self, request: HttpRequest, form: ModelForm, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        if "related" in form.changed_data:
            self.publish(request, f"Criterion changed: {form.instance}")

    def history_form_view(
        self, request: HttpRequest, object_id: str, version_id: str, extra_context: Any = None
    ) -> HttpResponse:
        """Publishes an edition also where an earlier version differs in its relations alone."""
        with alone_if_posted(request):
            pk = parse_row_id(object_id) or 0
            before = relations_of(Criterion, [pk])
            response = super().history_form_view(request, object_id, version_id, extra_context)
            if relations_of(Criterion, [pk]) != before:
                self.publish(request, f"Criterion changed: {Criterion.objects.get(pk=pk)}")
        return response

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        others, name = at_other_ends(Criterion, [obj.pk]), str(obj)
        super().delete_model(request, obj)
        note_relations(Criterion, others, current_user(request), f"{name} deleted")

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        others = at_other_ends(Criterion, [row.pk for row in queryset])
        super().delete_queryset(request, queryset)
        note_relations(Criterion, others, current_user(request), "criteria deleted")

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

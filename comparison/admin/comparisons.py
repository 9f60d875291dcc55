"""What leads readers in, in the admin: the comparisons that people ask for most, and the guided start."""

from django.contrib import admin

from comparison.admin.base import CatalogueAdmin
from comparison.admin.editing.inlines import RowInline
from comparison.models import AskedComparison, GuideChoice, GuideQuestion


@admin.register(AskedComparison)
class AskedComparisonAdmin(CatalogueAdmin):
    ordering = ["order", "slug"]
    list_display = ["title", "slug", "reason", "order"]
    search_fields = ["title", "slug", "reason"]


class GuideChoiceInline(RowInline):
    model = GuideChoice


@admin.register(GuideQuestion)
class GuideQuestionAdmin(CatalogueAdmin):
    ordering = ["order", "slug"]
    list_display = ["text", "slug", "order"]
    search_fields = ["text", "slug"]
    prepopulated_fields = {"slug": ["text"]}
    inlines = [GuideChoiceInline]

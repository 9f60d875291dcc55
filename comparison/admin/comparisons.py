"""The comparisons that people ask for most, in the admin."""

from django.contrib import admin

from comparison.admin.base import CatalogueAdmin
from comparison.models import AskedComparison


@admin.register(AskedComparison)
class AskedComparisonAdmin(CatalogueAdmin):
    ordering = ["order", "slug"]
    list_display = ["title", "slug", "reason", "order"]
    search_fields = ["title", "slug", "reason"]

"""Batches in the admin: what was done at once, and a link to undo it."""

from typing import Any

from django.contrib import admin
from django.urls import URLPattern, reverse
from django.utils.html import format_html

from comparison.admin.pages import undo_batch
from comparison.admin.subjects import ReadOnlyAdmin
from comparison.models import Batch


@admin.register(Batch)
class BatchAdmin(ReadOnlyAdmin):
    list_display = ["summary", "at", "by", "state"]
    list_select_related = ("by", "undone_by")
    list_display_links = None
    search_fields = ["summary"]

    def get_urls(self) -> list[URLPattern]:
        return [*undo_batch.urlpatterns, *super().get_urls()]

    @admin.display(description="undo")
    def state(self, batch: Any) -> str:
        text = "Undone" if hasattr(batch, "undone_by") else "Look and undo"
        url = reverse("admin:comparison_batch_undo", args=[batch.pk])
        return format_html('<a href="{}" aria-label="{}: {}">{}</a>', url, text, batch, text)

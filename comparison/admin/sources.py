"""Sources in the admin."""

from typing import Any

from django.contrib import admin
from django.db import models
from django.db.models import Max, QuerySet
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver, reverse

from comparison.admin.base import public_link
from comparison.admin.delete_guard import CitedAdmin
from comparison.admin.pages import add_source
from comparison.admin.reading import names, pages, proposals, tables
from comparison.models import Source


@admin.register(Source)
class SourceAdmin(CitedAdmin):
    ordering = ["slug"]
    list_display = ["title", "kind", "publisher", "author", "published", "claim_count", "text_held", "room"]
    list_filter = ["kind", "framework", ("part_of", admin.EmptyFieldListFilter), "language"]
    search_fields = ["title", "slug", "publisher", "author", "address"]
    prepopulated_fields = {"slug": ["title"]}
    autocomplete_fields = ["repeats", "framework", "part_of"]
    readonly_fields = ["text_held", "text_length", "text_sha256"]

    def get_urls(self) -> list[URLPattern | URLResolver]:
        return [
            *pages.urlpatterns,
            *proposals.urlpatterns,
            *tables.urlpatterns,
            *names.urlpatterns,
            *add_source.urlpatterns,
            *super().get_urls(),
        ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Source]:
        held = models.Case(models.When(text="", then=False), default=True, output_field=models.BooleanField())
        return super().get_queryset(request).annotate(held=held).defer("text")

    def get_history_queryset(self, *args: Any, **kwargs: Any) -> Any:
        return super().get_history_queryset(*args, **kwargs).defer("text")

    def save_model(self, request: HttpRequest, obj: Any, form: ModelForm, change: bool) -> None:
        """Keeps the stored text, to which the claims' offsets refer, when an old version is restored."""
        if stored := Source.objects.filter(pk=obj.pk).first():
            for name in Source.TEXT_FIELDS:
                setattr(obj, name, getattr(stored, name))
        elif change:  # the source was deleted; not every history entry holds its text
            obj.text = obj.history.filter(text_sha256=obj.text_sha256).aggregate(text=Max("text"))["text"] or ""
        super().save_model(request, obj, form, change)

    def history_form_view(
        self, request: HttpRequest, object_id: str, version_id: str, extra_context: Any = None
    ) -> HttpResponse:
        notice = "The text and its lines without claims stay what they are now. To go back to an old text, "
        notice += "store it as a new capture, or undo the batch that replaced it."
        return super().history_form_view(request, object_id, version_id, {"stays": notice, **(extra_context or {})})

    @admin.display(description="text held", boolean=True)
    def text_held(self, source: Any) -> bool:
        return bool(getattr(source, "held", False))

    @admin.display(description="reading room")
    def room(self, source: Any) -> str:
        return public_link(reverse("admin:comparison_source_read", args=[source.pk]), "Read")

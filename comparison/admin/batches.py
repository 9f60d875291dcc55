"""What was done in batches, and undoing it."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.html import format_html
from django.views.decorators.http import require_http_methods

from comparison.admin.base import person
from comparison.admin.subjects import ReadOnlyAdmin
from comparison.models import Batch
from comparison.undo import may_undo, steps, undo

LISTED = 300


@admin.register(Batch)
class BatchAdmin(ReadOnlyAdmin):
    list_display = ["summary", "at", "by", "state"]
    list_select_related = ("by", "undone_by")
    list_display_links = None
    search_fields = ["summary"]

    def get_urls(self) -> Any:
        view = self.admin_site.admin_view(undo_batch)
        own = path("<int:pk>/undo/", view, {"admin": self}, name="comparison_batch_undo")
        return [own, *super().get_urls()]

    @admin.display(description="undo")
    def state(self, batch: Any) -> str:
        if hasattr(batch, "undone_by"):
            return "undone"
        return format_html('<a href="{}">Look and undo</a>', reverse("admin:comparison_batch_undo", args=[batch.pk]))


@require_http_methods(["GET", "HEAD", "POST"])
def undo_batch(request: HttpRequest, pk: int, admin: BatchAdmin) -> HttpResponse:
    """What undoing would change, field by field; a POST does it."""
    if not request.user.has_perm("comparison.view_batch"):
        raise PermissionDenied
    batch = get_object_or_404(Batch.objects.select_related("by"), pk=pk)
    if request.method == "POST":
        try:
            done = undo(batch, person(request), the_rest="rest" in request.POST)
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
        else:
            messages.success(request, f"{done}. This, too, can be undone.")
            return redirect("admin:comparison_batch_changelist")
    found = steps(batch)
    context = {
        **admin.admin_site.each_context(request),
        "opts": admin.model._meta,
        "title": f"Undo: {batch}",
        "batch": batch,
        "undone": Batch.objects.filter(undoes=batch).first(),
        "steps": [step for step in found if not step.conflict][:LISTED],
        "count": sum(not step.conflict for step in found),
        "conflicts": [step for step in found if step.conflict][:LISTED],
        "allowed": may_undo(batch, person(request), found),
        "listed": LISTED,
    }
    return render(request, "admin/comparison/batch_undo.html", context)

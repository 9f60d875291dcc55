"""What was done in batches, and undoing it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.text import Truncator, capfirst
from django.utils.timezone import localtime
from django.views.decorators.http import require_http_methods

from comparison.admin.base import person
from comparison.admin.subjects import ReadOnlyAdmin
from comparison.curation.undo import may_undo, steps, undo
from comparison.curation.undo_rows import Step, differing, fields_of
from comparison.models import Batch

LISTED = 300
MAX_VALUE_LENGTH = 500  # characters of a value


@dataclass(frozen=True)
class CitedReason:
    """A step in words."""

    name: str
    act: str
    conflict: str
    changes: Sequence[tuple[str, str, str]]  # field, now, then


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
        word = "Undone" if hasattr(batch, "undone_by") else "Look and undo"
        address = reverse("admin:comparison_batch_undo", args=[batch.pk])
        return format_html('<a href="{}" aria-label="{}: {}">{}</a>', address, word, batch, word)


@require_http_methods(["GET", "HEAD", "POST"])
def undo_batch(request: HttpRequest, pk: int, admin: BatchAdmin) -> HttpResponse:
    """What undoing would change, field by field; a POST does it."""
    if not request.user.has_perm("comparison.view_batch"):
        raise PermissionDenied
    batch = get_object_or_404(Batch.objects.select_related("by", "undoes"), pk=pk)
    if request.method == "POST":
        try:
            done = undo(batch, person(request), the_rest="rest" in request.POST)
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
        else:
            messages.success(request, f"{done}. This, too, can be undone.")
            return redirect("admin:comparison_batch_undo", done.pk)
    found = steps(batch)
    going = [step for step in found if not step.conflict]
    left = [step for step in found if step.conflict]
    context = {
        **admin.admin_site.each_context(request),
        "opts": admin.model._meta,
        "title": f"Batch {batch.pk}: {batch}",
        "batch": batch,
        "undone": Batch.objects.filter(undoes=batch).first(),
        "steps": told(going[:LISTED]),
        "count": len(going),
        "conflicts": told(left[:LISTED]),
        "left": len(left),
        "allowed": may_undo(batch, person(request), found),
        "listed": LISTED,
    }
    return render(request, "admin/comparison/batch_undo.html", context)


def told(found: Sequence[Step]) -> list[CitedReason]:
    """Steps in words; a query for each kind of thing they point to."""
    known = _pointed_to(found)
    return [
        CitedReason(_name(step, known), step.act, step.conflict, [] if step.conflict else list(_changes(step, known)))
        for step in found
    ]


def _pointers(model: type[models.Model]) -> list[models.ForeignKey]:
    return [one for one in fields_of(model) if isinstance(one, models.ForeignKey)]


def _pointed_to(found: Sequence[Step]) -> dict[tuple[Any, int], Any]:
    """The rows that steps speak of, such as a claim's criterion; those about to come back among them."""
    wanted: dict[Any, set[int]] = {}
    for step in found:
        for one in _pointers(step.model):
            ids = {getattr(row, one.attname) for row in (step.now, step.then) if row is not None}
            wanted.setdefault(one.related_model, set()).update(ids - {None})
    known: dict[tuple[Any, int], Any] = {(step.model, step.pk): step.now or step.then for step in found}
    for model, ids in wanted.items():
        rows = model._default_manager.filter(pk__in=ids)
        if model._meta.model_name == "source":
            rows = rows.defer("text")
        known |= {(model, row.pk): row for row in rows}
    return known


def _name(step: Step, known: dict[tuple[Any, int], Any]) -> str:
    row = step.now or step.then
    for one in _pointers(step.model):
        if other := known.get((one.related_model, getattr(row, one.attname))):
            setattr(row, one.name, other)
        elif getattr(row, one.attname) is not None:
            return step.kind  # it speaks of a row that is gone
    return f"{step.kind}: {row}"


def _changes(step: Step, known: dict[tuple[Any, int], Any]) -> Iterable[tuple[str, str, str]]:
    if step.now is not None and step.then is not None:
        for one in differing(step.now, step.then, step.model):
            now, then = (_said(one, getattr(row, one.attname), known) for row in (step.now, step.then))
            yield capfirst(str(one.verbose_name)), now, then


def _said(field: models.Field, value: Any, known: dict[tuple[Any, int], Any]) -> str:
    """A value in words; long texts are cut."""
    if value is None or value == "":
        return "nothing"
    if isinstance(field, models.ForeignKey):
        other: Any = field.related_model
        row = known.get((other, value))
        same = row is not None and other._meta.model_name == "claim"  # its own name would need its cell
        return f"{other._meta.verbose_name} {value}" if same or row is None else str(row)
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return f"{localtime(value):%Y-%m-%d %H:%M}"
    return Truncator(str(value)).chars(MAX_VALUE_LENGTH)

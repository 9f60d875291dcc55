"""Undoing a batch: the page that shows what would change, field by field."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path
from django.utils.text import Truncator, capfirst
from django.utils.timezone import localtime

from comparison.admin.admin_page import Context, admin_page
from comparison.admin.base import current_user, row_name
from comparison.curation.undo import may_undo, undo, undo_steps
from comparison.curation.undo_rows import Action, Step, differing_fields, history_fields
from comparison.models import Batch
from comparison.models.relations.history import Relations, relation_fields

MAX_LISTED = 300  # steps
MAX_VALUE_LENGTH = 500  # characters of a value

ACTION_LABELS = {
    Action.SET_BACK: "set back",
    Action.BROUGHT_BACK: "brought back",
    Action.DELETED: "deleted",
    Action.RETRACTED: "retracted",
    Action.FOLLOWS_TEXT: "follows the text, in which its passage is",
}

RowKey = tuple[Any, int]  # model and primary key


@dataclass(frozen=True)
class StepDescription:
    """A step in words."""

    name: str
    action: str
    conflict: str
    changes: Sequence[tuple[str, str, str]]  # field, value now, value after the undo


@admin_page(Batch, "comparison.view_batch", template="batch_undo.html")
def undo_batch(request: HttpRequest, pk: int) -> HttpResponse | Context:
    """What undoing would change; a POST does it."""
    batch = get_object_or_404(Batch.objects.select_related("by", "undoes"), pk=pk)
    if request.method == "POST":
        try:
            undoing = undo(batch, current_user(request), skip_conflicts="rest" in request.POST)
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
        else:
            messages.success(request, f"{undoing}. This, too, can be undone.")
            return redirect("admin:comparison_batch_undo", undoing.pk)
    all_steps = undo_steps(batch, current_user(request))
    possible = [step for step in all_steps if not step.conflict]
    conflicting = [step for step in all_steps if step.conflict]
    return {
        "title": f"Batch {batch.pk}: {batch}",
        "batch": batch,
        "undone": Batch.objects.filter(undoes=batch).first(),
        "steps": describe(possible[:MAX_LISTED]),
        "count": len(possible),
        "conflicts": describe(conflicting[:MAX_LISTED]),
        "left": len(conflicting),
        "allowed": may_undo(batch, current_user(request), all_steps),
        "listed": MAX_LISTED,
    }


def describe(batch_steps: Sequence[Step]) -> list[StepDescription]:
    """Steps in words; one query for each model that they point to."""
    rows = _referenced_rows(batch_steps)
    return [
        StepDescription(_name(step, rows), _action_text(step), step.conflict, list(_changes(step, rows)))
        for step in batch_steps
    ]


def _action_text(step: Step) -> str:
    text = ACTION_LABELS[step.action]
    return f"{text} {step.fate}" if step.fate else text


def _foreign_keys(model: type[models.Model]) -> list[models.ForeignKey]:
    return [field for field in history_fields(model) if isinstance(field, models.ForeignKey)]


def _referenced_rows(batch_steps: Sequence[Step]) -> dict[RowKey, Any]:
    """The rows that the steps change or point to, such as a claim's criterion, including rows about to be restored."""
    ids_by_model: dict[Any, set[int]] = {}
    for step in batch_steps:
        for field in _foreign_keys(step.model):
            ids = {getattr(row, field.attname) for row in (step.current, step.restored) if row is not None}
            ids_by_model.setdefault(field.related_model, set()).update(ids - {None})
        for relation in relation_fields(step.model):
            rows_of_step = [row for row in (step.current, step.restored) if row is not None and row.relations]
            keys = {key for row in rows_of_step for key in row.relations[relation.name]}
            ids_by_model.setdefault(relation.related_model, set()).update(keys)
    rows: dict[RowKey, Any] = {(step.model, step.pk): step.current or step.restored for step in batch_steps}
    for model, ids in ids_by_model.items():
        stored = model._default_manager.filter(pk__in=ids)
        if model._meta.model_name == "source":
            stored = stored.defer("text")
        rows |= {(model, row.pk): row for row in stored}
    return rows


def _name(step: Step, rows: dict[RowKey, Any]) -> str:
    row = step.current or step.restored
    for field in _foreign_keys(step.model):
        if related := rows.get((field.related_model, getattr(row, field.attname))):
            setattr(row, field.name, related)
        elif getattr(row, field.attname) is not None:
            return step.name  # its name would need a row that is gone
    return f"{step.name}: {row}"


def _changes(step: Step, rows: dict[RowKey, Any]) -> Iterable[tuple[str, str, str]]:
    if step.current is not None and step.restored is not None and not step.conflict:
        for field in differing_fields(step.current, step.restored, step.model):
            now, then = (_value_text(field, getattr(row, field.attname), rows) for row in (step.current, step.restored))
            yield capfirst(str(field.verbose_name)), now, then


def _relations_text(model: Any, relations: Relations, rows: dict[RowKey, Any]) -> str:
    ends = [(field.related_model, key) for field in relation_fields(model) for key in relations[field.name]]
    return ", ".join(row_name(*end, rows.get(end)) for end in ends) or "nothing"


def _value_text(field: Any, value: Any, rows: dict[RowKey, Any]) -> str:
    """A value in words, at most MAX_VALUE_LENGTH characters."""
    if value is None or value == "":
        return "nothing"
    if isinstance(field, models.ForeignKey):
        return row_name(field.related_model, value, rows.get((field.related_model, value)))
    if field.name == "relations":
        return _relations_text(field.model.instance_type, value, rows)
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return f"{localtime(value):%Y-%m-%d %H:%M}"
    return Truncator(str(value)).chars(MAX_VALUE_LENGTH)


urlpatterns = [path("<int:pk>/undo/", undo_batch, name="comparison_batch_undo")]

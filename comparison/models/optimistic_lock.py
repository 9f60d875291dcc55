"""Detects that a row changed after somebody opened it, and says what changed and where it went."""

from collections.abc import Iterable
from itertools import pairwise
from typing import Any

from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.db.models import Field, Max, Model
from django.utils.text import Truncator, capfirst
from django.utils.timezone import localtime

from comparison.models.subjects import Criterion, FormerCriterion

TOLD = ("state", "state_reason", "merged_into")  # of the fields that no form shows
UNDONE = (
    "An earlier copy of the site was put back, and what you saw here is undone. What you sent is still here: "
    "compare it with what is stored now, in another window, before you save it."
)
MAX_VALUE_LENGTH = 200  # characters


class StaleVersion(ValidationError):
    """A row changed after somebody opened it; the messages say what changed."""


def current_version(row: Any) -> int:
    """The number of a row's newest version; 0 if it has none."""
    return current_versions(type(row), [row.pk]).get(row.pk, 0)


def current_versions(model: Any, ids: Iterable[int]) -> dict[int, int]:
    """The numbers of the newest versions of rows by their primary keys, in one query."""
    entries = model.history.filter(id__in=list(ids)).order_by()
    return dict(entries.values_list("id").annotate(Max("history_id")))


def row_at_version(row: Any, number: int) -> Any:
    """The row as it was at a version, or None."""
    return row.history.filter(history_id=number).first()


def changes_since(row: Any, expected_version: int) -> list[str]:
    """What changed since a version: a sentence for each field."""
    entries = list(row.history.filter(history_id__gte=expected_version).order_by("history_id"))
    if expected_version and (not entries or entries[0].history_id != expected_version):
        return [UNDONE]  # no number is given out twice
    lines = []
    for before, after in pairwise(entries):
        for field in type(row).history.model.tracked_fields:
            is_told = field.editable or field.name in TOLD
            if is_told and getattr(before, field.attname) != getattr(after, field.attname):
                old, new = _shown(before, field), _shown(after, field)
                lines.append(f"{capfirst(field.verbose_name)}: was “{old}”, is now “{new}” ({signature(after)}).")
    return lines


def signature(entry: Any) -> str:
    """Who wrote a history entry, and when."""
    return f"{entry.history_author or 'a command'}, {localtime(entry.history_date).strftime('%H:%M')}"


def _shown(entry: Any, field: Field) -> str:
    try:
        value = getattr(entry, field.name)
    except ObjectDoesNotExist:
        value = f"{field.verbose_name} {getattr(entry, field.attname)}, which is gone"
    return Truncator(value).chars(MAX_VALUE_LENGTH)


def what_became_of(model: Any, pk: int | None) -> str:
    """A sentence on who deleted a row, or into what it was merged; empty if it exists or never did."""
    entry = model.history.filter(id=pk).order_by("-history_id").first() if hasattr(model, "history") else None
    if entry is None or entry.history_type != "-":
        return ""
    name = getattr(entry, "name", "") or getattr(entry, "title", "") or f"{model._meta.verbose_name} {pk}"
    if model is Criterion:
        former = FormerCriterion.objects.filter(slug=entry.slug).select_related("criterion").first()
        if former is not None:
            return f"“{name}” was merged into “{former.criterion}” ({signature(entry)}): use that."
    return f"“{name}” was deleted ({signature(entry)})."


def check_unchanged(row: Model, expected_version: int) -> None:
    """Raises StaleVersion if a row has another version than expected."""
    if current_version(row) != expected_version:
        raise StaleVersion(["It was changed since you looked.", *changes_since(row, expected_version)])

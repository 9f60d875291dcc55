"""Detects that a row changed after somebody opened it, and says what changed."""

from itertools import pairwise
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Model
from django.utils.text import Truncator, capfirst
from django.utils.timezone import localtime


class StaleVersion(ValidationError):
    """A row changed after somebody opened it; the messages say what changed."""


def current_version(row: Any) -> int:
    """The number of a row's newest version; 0 if it has none."""
    return row.history.values_list("history_id", flat=True).order_by("-history_id").first() or 0


def row_at_version(row: Any, number: int) -> Any:
    """The row as it was at a version, or None."""
    return row.history.filter(history_id=number).first()


def changes_since(row: Any, expected_version: int) -> list[str]:
    """What changed since a version: a sentence for each field."""
    entries = list(row.history.filter(history_id__gte=expected_version).order_by("history_id"))
    lines = []
    for before, after in pairwise(entries):
        who, when = after.history_author or "a command", localtime(after.history_date).strftime("%H:%M")
        for change in after.diff_against(before, foreign_keys_are_objs=True).changes:
            name = row._meta.get_field(change.field).verbose_name
            old, new = (Truncator(value).chars(200) for value in (change.old, change.new))
            lines.append(f"{capfirst(name)}: was “{old}”, is now “{new}” ({who}, {when}).")
    return lines


def check_unchanged(row: Model, expected_version: int) -> None:
    """Raises StaleVersion if a row has another version than expected. Lock the row first."""
    if current_version(row) != expected_version:
        raise StaleVersion(["It was changed since you looked.", *changes_since(row, expected_version)])

"""Which version of a row somebody looked at, and what others changed since."""

from itertools import pairwise
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Model
from django.utils.text import Truncator, capfirst
from django.utils.timezone import localtime


class StaleVersion(ValidationError):
    """A row is no longer what somebody decided on; its messages say what changed."""


def newest(row: Any) -> int:
    """The number of a row's newest version; 0 where it has none."""
    return row.history.values_list("history_id", flat=True).order_by("-history_id").first() or 0


def version(row: Any, number: int) -> Any:
    """A row as it was at a version, or None."""
    return row.history.filter(history_id=number).first()


def changes_since(row: Any, expected_version: int) -> list[str]:
    """What others changed since a version, field by field, in sentences."""
    entries = list(row.history.filter(history_id__gte=expected_version).order_by("history_id"))
    lines = []
    for before, after in pairwise(entries):
        who, when = after.history_author or "a command", localtime(after.history_date).strftime("%H:%M")
        for change in after.diff_against(before, foreign_keys_are_objs=True).changes:
            name = row._meta.get_field(change.field).verbose_name
            old, new = (Truncator(one).chars(200) for one in (change.old, change.new))
            lines.append(f"{capfirst(name)}: was “{old}”, is now “{new}” ({who}, {when}).")
    return lines


def check_unchanged(row: Model, expected_version: int) -> None:
    """Raises ChangedSince where a row has another version than the one seen. The row is locked."""
    if newest(row) != expected_version:
        raise StaleVersion(["It was changed since you looked.", *changes_since(row, expected_version)])

"""The rows that a batch changed: what undoing would do to each, and what was changed in it since."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import Enum, auto
from typing import Any

from django.apps import apps
from django.db import models
from django.utils.text import capfirst

from comparison.models import Batch, Claim, ClaimState, Source
from comparison.models.relations.history import relation_fields, relations_of
from comparison.texts.relocate import Fate

ORDER = (  # each model before those that point to it
    "category",
    "criterion",
    "formercriterion",
    "framework",
    "askedcomparison",
    "source",
    "profile",
    "claim",
    "check",
    "profileweight",
    "profileexclusion",
    "notapplicable",
    "guidequestion",
    "guidechoice",
)
STATE_FIELDS = {"state", "state_reason", "published_by_id", "published_at"}  # a claim's state, not what it says
ADVANCED_STATES = (ClaimState.SUBMITTED, ClaimState.PUBLISHED)


class Action(Enum):
    """What undoing a batch does to a row."""

    SET_BACK = auto()
    BROUGHT_BACK = auto()
    DELETED = auto()
    RETRACTED = auto()
    FOLLOWS_TEXT = auto()


@dataclass(frozen=True)
class Step:
    """One row and what undoing does to it.

    `current` is the stored row, None if it was deleted; `restored` is the row as it was before the batch, None if the
    batch created it.
    """

    model: type[models.Model]
    pk: int
    current: Any
    restored: Any
    conflict: str = ""  # why the row stays as it is; empty if it can be undone
    fate: Fate | None = None  # of the passage, for a claim that follows its source's text

    @property
    def name(self) -> str:
        return f"{capfirst(self.model._meta.verbose_name)} {self.pk}"

    @property
    def action(self) -> Action:
        if self.fate:
            return Action.FOLLOWS_TEXT
        if self.restored is None:
            return Action.RETRACTED if self.model is Claim and self.current.published else Action.DELETED
        return Action.BROUGHT_BACK if self.current is None else Action.SET_BACK

    @property
    def is_public(self) -> bool:
        rows = (self.current, self.restored)
        return self.model is not Claim or any(row is not None and row.published for row in rows)

    def differs(self, names: Iterable[str]) -> bool:
        return any(getattr(self.current, name) != getattr(self.restored, name) for name in names)


def undoable_models() -> list[type[models.Model]]:
    """The models with history, those that others point to first."""
    return [apps.get_model("comparison", name) for name in ORDER]


def history_fields(model: type[models.Model]) -> list[models.Field]:
    """The fields stored in history. A source's text is among them, though stored only in entries that changed it.

    So is `relations`, which rows have only here (see row_steps).
    """
    entry: Any = model.history.model  # type: ignore[attr-defined]
    tracked = list(entry.tracked_fields)
    if relation_fields(model):
        tracked.append(entry._meta.get_field("relations"))
    return [*tracked, Source._meta.get_field("text")] if model is Source else tracked


def differing_fields(before: Any, after: Any, model: type[models.Model]) -> list[models.Field]:
    """The fields in which two rows or entries differ. Relations that an earlier version did not store do not count."""
    values = [(field, getattr(before, field.attname), getattr(after, field.attname)) for field in history_fields(model)]
    return [
        field for field, old, new in values if old != new and not (field.name == "relations" and None in (old, new))
    ]


def row_steps(model: Any, batch: Batch) -> Iterator[Step]:
    """What undoing would do to the rows of one model, in a few queries however many rows there are."""
    entries = model.history.model.objects
    ids = entries.filter(history_batch=batch.pk).values("id")
    last: dict[int, Any] = {}  # by row, the batch's last history entry
    newest: dict[int, Any] = {}  # the newest entry
    before: dict[int, Any] = {}  # the last entry before the batch
    for entry in entries.filter(id__in=ids).order_by("history_id"):
        if model is Source and entry.text is None:
            entry.text = newest[entry.id].text if entry.id in newest else ""
        newest[entry.id] = entry
        if entry.history_batch == batch.pk:
            last[entry.id] = entry
        elif entry.id not in last:
            before[entry.id] = entry
    if not last:
        return
    stored = {row.pk: row for row in model._default_manager.filter(pk__in=ids)}
    if relation_fields(model):
        for pk, relations in relations_of(model, stored).items():
            stored[pk].relations = relations
    for pk, last_entry in last.items():
        current = stored.get(pk)
        restored = _row(before.get(pk), current, model)
        unchanged = current is not None and restored is not None and not differing_fields(current, restored, model)
        if not unchanged and (current is not None or restored is not None):
            yield Step(model, pk, current, restored, _conflict(last_entry, newest[pk], current, restored))


def _row(entry: Any, current: Any, model: type[models.Model]) -> Any:
    """The row as it was at a history entry, with current values for fields that history leaves out; None if no row."""
    if entry is None or entry.history_type == "-":
        return None
    values = {field.attname: getattr(entry, field.attname) for field in history_fields(model)}
    if current is not None:
        names = [field.attname for field in model._meta.concrete_fields if field.attname not in values]
        values |= {name: getattr(current, name) for name in names}
    relations = values.pop("relations", None)
    row: Any = model(**values)
    if relation_fields(model):
        row.relations = relations
    return row


def _conflict(last: Any, newest: Any, current: Any, restored: Any) -> str:
    """Who changed a row since the batch, and what; empty if it is as the batch left it."""
    author = newest.history_author or "a command"
    if (last.history_type == "-") != (newest.history_type == "-"):
        return f"{'Deleted' if newest.history_type == '-' else 'Brought back'} since by {author}."
    changed = [
        field
        for field in differing_fields(last, newest, newest.instance_type)
        if field.name not in ("silent", "declined")
    ]
    names = {field.attname for field in changed}
    is_advanced = isinstance(current, Claim) and current.state in ADVANCED_STATES
    if is_advanced and restored is None and names <= STATE_FIELDS:
        return ""
    labels = ", ".join(str(field.verbose_name) for field in changed)
    return f"Changed since by {author} ({labels})." if changed else ""

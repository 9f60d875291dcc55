"""The rows a batch touched: what each is, what undoing would make of it, and what was changed in it since."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import models
from django.utils.text import capfirst

from comparison.models import Batch, Claim, ClaimState, Source

ORDER = (  # a row before those that point to it
    "category",
    "criterion",
    "formercriterion",
    "framework",
    "source",
    "profile",
    "claim",
    "check",
    "profileweight",
    "notapplicable",
)
STANDING = {"state", "state_reason", "published_by_id", "published_at"}  # where a claim stands, not what it says
ON_ITS_WAY = (ClaimState.SUBMITTED, ClaimState.PUBLISHED)


@dataclass(frozen=True)
class Step:
    """One row and what undoing does to it. `then` is the row as it was, None where the batch created it."""

    model: type[models.Model]
    pk: int
    now: Any
    then: Any
    conflict: str = ""
    fate: str = ""  # of the passage of a claim that follows its source's text

    @property
    def kind(self) -> str:
        return f"{capfirst(self.model._meta.verbose_name)} {self.pk}"

    @property
    def retracts(self) -> bool:
        return self.then is None and self.model is Claim and self.now.published

    @property
    def act(self) -> str:
        if self.fate:
            return f"follows the text, in which its passage is {self.fate}"
        if self.then is None:
            return "retracted" if self.retracts else "deleted"
        return "brought back" if self.now is None else "set back"

    @property
    def public(self) -> bool:
        return self.model is not Claim or any(one is not None and one.published for one in (self.now, self.then))

    def differs(self, names: Iterable[str]) -> bool:
        return any(getattr(self.now, name) != getattr(self.then, name) for name in names)


def touched() -> list[type[models.Model]]:
    """The models with history, those that others point to first."""
    return [apps.get_model("comparison", name) for name in ORDER]


def fields_of(model: type[models.Model]) -> list[models.Field]:
    """What history keeps of a row; a source's text only where it changed."""
    kept: Any = model
    tracked = list(kept.history.model.tracked_fields)
    return [*tracked, Source._meta.get_field("text")] if model is Source else tracked


def differing(before: Any, after: Any, model: type[models.Model]) -> list[models.Field]:
    return [one for one in fields_of(model) if getattr(before, one.attname) != getattr(after, one.attname)]


def row_steps(model: Any, batch: Batch) -> Iterator[Step]:
    """What undoing would do to the rows of one model, in a few queries however many there are."""
    entries = model.history.model.objects
    ids = entries.filter(history_batch=batch.pk).values("id")
    first: dict[int, Any] = {}
    last: dict[int, Any] = {}
    newest: dict[int, Any] = {}
    before: dict[int, Any] = {}
    for entry in entries.filter(id__in=ids).order_by("history_id"):
        if model is Source and entry.text is None:
            entry.text = newest[entry.id].text if entry.id in newest else ""
        newest[entry.id] = entry
        if entry.history_batch == batch.pk:
            first.setdefault(entry.id, entry)
            last[entry.id] = entry
        elif entry.id not in first:
            before[entry.id] = entry
    if not first:
        return
    present = {row.pk: row for row in model._default_manager.filter(pk__in=ids)}
    for pk in first:
        now = present.get(pk)
        then = _row(before.get(pk), now, model)
        same = now is not None and then is not None and not differing(now, then, model)
        if not same and (now is not None or then is not None):
            yield Step(model, pk, now, then, _conflict(last[pk], newest[pk], now, then))


def _row(entry: Any, now: Any, model: type[models.Model]) -> Any:
    """The row as a history entry has it; what history leaves out stays what it is. None where there was none."""
    if entry is None or entry.history_type == "-":
        return None
    kept = {one.attname: getattr(entry, one.attname) for one in fields_of(model)}
    names = [one.attname for one in model._meta.concrete_fields if one.attname not in kept and now is not None]
    return model(**kept, **{name: getattr(now, name) for name in names})


def _conflict(last: Any, newest: Any, now: Any, then: Any) -> str:
    """Who changed a row since the batch, and what; empty where it is as the batch left it."""
    if (last.history_type == "-") != (newest.history_type == "-"):
        what = "deleted" if newest.history_type == "-" else "brought back"
        return f"{capfirst(what)} since by {newest.history_author or 'a command'}."
    changed = [one for one in differing(last, newest, newest.instance_type) if one.name != "silent"]
    names = {one.attname for one in changed}
    if isinstance(now, Claim) and then is None and names <= STANDING and now.state in ON_ITS_WAY:
        return ""
    told = ", ".join(str(one.verbose_name) for one in changed)
    return f"Changed since by {newest.history_author or 'a command'} ({told})." if changed else ""

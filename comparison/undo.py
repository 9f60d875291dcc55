"""A batch undone as one: every row its history touched goes back to what it was before.

Rows the batch created are withdrawn (what was published is retracted, never deleted), rows it deleted come back, the
rest gets its old values. The undoing is a batch of its own, so it can be undone like any other.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.core.exceptions import ObjectDoesNotExist, PermissionDenied, ValidationError
from django.db import IntegrityError, models, transaction
from django.utils.text import capfirst

from comparison.models import Batch, Claim, ClaimState, Criterion, FormerCriterion, Person, sign

ORDER = (  # a row before those that point to it
    "category",
    "criterion",
    "framework",
    "source",
    "profile",
    "claim",
    "check",
    "profileweight",
    "notapplicable",
)
QUIET = {"updated_edition", "sketch"}  # fields that tell nobody anything


@dataclass(frozen=True)
class Step:
    """One row and what undoing does to it. `then` is the row as it was, None where the batch created it."""

    model: type[models.Model]
    pk: int
    now: Any
    then: Any
    conflict: str = ""

    @property
    def name(self) -> str:
        kind = f"{capfirst(self.model._meta.verbose_name)} {self.pk}"
        try:
            return f"{kind}: {self.now or self.then}"
        except ObjectDoesNotExist:  # it speaks of a row that the batch deleted as well
            return kind

    @property
    def act(self) -> str:
        if self.then is None:
            return "withdrawn"
        return "brought back" if self.now is None else "set back"

    @property
    def changes(self) -> list[tuple[str, Any, Any]]:
        """Field, value now, value then."""
        if self.now is None or self.then is None:
            return []
        fields = [one for one in self.model._meta.concrete_fields if one.name not in QUIET]
        pairs = [(one.verbose_name, getattr(self.now, one.attname), getattr(self.then, one.attname)) for one in fields]
        return [(str(name), now, then) for name, now, then in pairs if now != then]


def touched() -> list[type[models.Model]]:
    """The models with history, those that others point to first."""
    return [apps.get_model("comparison", name) for name in ORDER]


def steps(batch: Batch) -> list[Step]:
    """What undoing would do, a few queries for each model. Conflicts name who changed a row since."""
    return [step for model in touched() for step in _model_steps(model, batch)]


def _model_steps(model: Any, batch: Batch) -> Iterator[Step]:
    entries = model.history.model.objects
    first: dict[int, Any] = {}
    last: dict[int, Any] = {}
    for entry in entries.filter(history_batch=batch.pk).order_by("history_id"):
        first.setdefault(entry.id, entry)
        last[entry.id] = entry
    if not first:
        return
    newest, before = {}, {}
    for entry in entries.filter(id__in=first).order_by("history_id"):
        newest[entry.id] = entry
        if entry.history_id < first[entry.id].history_id:
            before[entry.id] = entry
    rows = Claim.objects.with_names() if model is Claim else model._default_manager.all()
    present = rows.in_bulk(list(first))
    for pk in first:
        old = before.get(pk)
        then = old.instance if old is not None and old.history_type != "-" else None
        now = present.get(pk)
        conflict = ""
        if newest[pk].history_id != last[pk].history_id:
            who = newest[pk].history_author or "a command"
            conflict = f"Changed since by {who} ({newest[pk].get_history_type_display().lower()})."
        if now is not None or then is not None:
            yield Step(model, pk, now, then, conflict)


def may_undo(batch: Batch, by: Person, found: Sequence[Step]) -> bool:
    """Reviewers undo what they may change row by row; others their own batches of unpublished claims."""
    if by is None:
        return True
    rights = {f"comparison.change_{step.model._meta.model_name}" for step in found}
    if not by.has_perms(rights):
        return False
    if by.has_perm("comparison.publish_claim"):
        return True
    claims = [one for step in found for one in (step.now, step.then) if one is not None]
    own = all(isinstance(one, Claim) and one.created_by_id == by.pk and not one.published for one in claims)
    return batch.by_id == by.pk and own


def undo(batch: Batch, by: Person = None, the_rest: bool = False) -> Batch:
    """Undoes a batch; with `the_rest`, rows changed since are left alone. Raises ValidationError, PermissionDenied."""
    with transaction.atomic():
        batch = Batch.objects.select_for_update().get(pk=batch.pk)
        found = steps(batch)
        if not may_undo(batch, by, found):
            raise PermissionDenied("You may not change all of what this batch touched.")
        conflicts = [step for step in found if step.conflict]
        if Batch.objects.filter(undoes=batch).exists():
            raise ValidationError("It was undone already.")
        if conflicts and not the_rest:
            raise ValidationError(f"{len(conflicts)} rows were changed since. Undo the rest, or mend these first.")
        going = [step for step in found if not step.conflict]
        if not going:
            raise ValidationError("There is nothing left to undo.")
        with Batch.objects.of(f"Undone: {batch.summary}", by, undoes=batch) as new:
            try:
                _perform(going, by, f"undoes batch {batch.pk}")
            except (IntegrityError, models.ProtectedError) as error:
                raise ValidationError(f"Nothing was undone, because something else rests on it: {error}") from None
        return new


def _perform(going: Sequence[Step], by: Person, reason: str) -> None:
    public = [step.pk for step in going if step.model is Claim and _public(step)]
    for step in going:
        if step.now is None:
            sign(step.then, by, reason)
            step.then.save(force_insert=True)
            if isinstance(step.then, Criterion):
                FormerCriterion.objects.filter(slug=step.then.slug).delete()
    changed = [step for step in going if step.now is not None and step.then is not None]
    moving = [step.pk for step in changed if step.model is Claim]
    Claim.objects.filter(pk__in=moving).update(start=None, end=None)  # out of each other's way
    for step in changed:
        sign(step.then, by, reason)
        step.then.save(force_update=True)
    for step in reversed(going):
        if step.then is None:
            _withdraw(step.now, by, reason)
    if public or any(step.model is not Claim for step in going):
        Claim.objects.filter(pk__in=public).announce(capfirst(reason), by)


def _public(step: Step) -> bool:
    return any(one is not None and one.published for one in (step.now, step.then))


def _withdraw(row: Any, by: Person, reason: str) -> None:
    if isinstance(row, Claim) and row.published:
        row.move(ClaimState.RETRACTED, by, capfirst(reason), announce=False)
    else:
        sign(row, by, reason)
        row.delete()

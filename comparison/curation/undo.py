"""A batch undone as one: every row its history touched goes back to what it was before.

Rows the batch created are withdrawn (what is public is retracted, never deleted), rows it deleted come back, the rest
gets its old values, a claim its old state among them: history holds that state, the constraints hold, and what is
written is history again. The undoing is a batch of its own, so it can be undone like any other.

A row that somebody changed since, and did not change back, stays as it is. One exception: a claim that the batch
created and that was only submitted or published since still says what was imported, so it is withdrawn.

A source's text and the places in it are one thing. Where a text goes back, claims that were placed in it since follow
it, as they do when a new text arrives; where it stays, or another came since, no claim goes back to an old place.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, connection, models, transaction
from django.db.models import F
from django.db.models.deletion import Collector
from django.utils.text import capfirst

from comparison.curation.undo_rows import Step, row_steps, touched
from comparison.curation.undo_texts import keep_texts_whole
from comparison.models import Batch, Claim, ClaimState, FormerCriterion, Source, sign
from comparison.texts.similarity import sketch

PLACE = ("source_id", "framework_id", "criterion_id", "start", "statement", "quote")  # no two claims share all of it
PARKED_OFFSET = 1_000_000_000  # beyond every text: where claims wait that swap their places


def steps(batch: Batch) -> list[Step]:
    """What undoing would do; a few queries for each model, however many rows."""
    found = {(step.model, step.pk): step for model in touched() for step in row_steps(model, batch)}
    keep_texts_whole(found, batch)
    going = {key for key, step in found.items() if step.act == "deleted" and not step.conflict}
    for model in reversed(touched()):  # what stays keeps in place what it rests on
        for pk, why in _resting_on(model, {pk for one, pk in going if one is model}, found, going).items():
            going.discard((model, pk))
            found[model, pk] = replace(found[model, pk], conflict=why)
    return list(found.values())


def _resting_on(
    model: type[models.Model], ids: set[int], found: dict[tuple[Any, int], Step], going: set[tuple[Any, int]]
) -> dict[int, str]:
    """Rows that cannot be deleted, with what still points to them once the undoing is done."""
    resting: dict[int, str] = {}
    for relation in model._meta.related_objects if ids else ():
        other, attname = relation.related_model, relation.field.attname
        for row in other._default_manager.filter(**{f"{attname}__in": ids}).only("pk", attname):
            step = found.get((other, row.pk))
            leaves = step and step.then and not step.conflict and getattr(step.then, attname) not in ids
            if (other, row.pk) not in going and not leaves:
                resting[getattr(row, attname)] = f"{capfirst(other._meta.verbose_name)} {row.pk} rests on it."
    return resting


def may_undo(batch: Batch, actor: User | None, found: Sequence[Step]) -> bool:
    """Who publishes undoes what they may change row by row; others their own batches of unpublished claims."""
    if actor is None:
        return True
    going = [step for step in found if not step.conflict]
    if not actor.has_perms({f"comparison.{right}" for step in going for right in _rights(step)}):
        return False
    if actor.has_perm("comparison.publish_claim"):
        return True
    claims = [one for step in going for one in (step.now, step.then) if one is not None]
    own = all(isinstance(one, Claim) and one.created_by_id == actor.pk and not one.published for one in claims)
    return batch.by_id == actor.pk and own


def _rights(step: Step) -> list[str]:
    """Withdrawing an imported claim takes the right to change claims; to delete by other ways takes more.

    The address of a criterion is part of it.
    """
    if step.model is FormerCriterion:
        return ["change_criterion"]
    name = step.model._meta.model_name
    act = {"deleted": "delete", "brought back": "add"}.get(step.act, "change")
    return [f"change_{name}"] if step.model is Claim else [f"{act}_{name}"]


def undo(batch: Batch, actor: User | None = None, the_rest: bool = False) -> Batch:
    """Undoes a batch; with `the_rest`, rows changed since are left alone. Raises ValidationError, PermissionDenied."""
    with transaction.atomic():
        batch = Batch.objects.select_for_update().get(pk=batch.pk)
        sources = Source.history.filter(history_batch=batch.pk).values("id")
        list(Source.objects.select_for_update().filter(pk__in=sources).values_list("pk"))  # no new text meanwhile
        found = steps(batch)
        if not may_undo(batch, actor, found):
            raise PermissionDenied("You may not change all of what this batch touched.")
        going = [step for step in found if not step.conflict]
        if why := _obstacle(batch, found, going, the_rest):
            raise ValidationError(why)
        public = [step for step in going if step.public]
        with Batch.objects.of(f"Undone: {batch.summary}", actor, undoes=batch) as new:
            _perform(going, actor, f"undoes batch {batch.pk}")
            if public:
                claims = Claim.objects.filter(pk__in=[step.pk for step in public if step.model is Claim])
                claims.announce(f"Undone: {batch.summary}", actor)
        return new


def _obstacle(batch: Batch, found: Sequence[Step], going: Sequence[Step], the_rest: bool) -> str:
    left = len(found) - len(going)
    if Batch.objects.filter(undoes=batch).exists():
        return "It was undone already."
    if left and not the_rest:
        rows = "1 row was" if left == 1 else f"{left} rows were"
        return f"{rows} changed since. Undo the rest, or mend these first."
    return "" if going else "There is nothing left to undo."


def _perform(going: Sequence[Step], actor: User | None, reason: str) -> None:
    for step in going:
        if step.now is None:
            _save(step, actor, reason, force_insert=True)
    changed = [step for step in going if step.now is not None and step.then is not None]
    moving = [one.pk for one in changed if one.model is Claim and one.differs(PLACE)]
    Claim.objects.filter(pk__in=moving).update(start=F("pk") + PARKED_OFFSET, end=F("pk") + PARKED_OFFSET + 1)
    for step in changed:
        _save(step, actor, reason, force_update=True)
    for model in reversed(touched()):
        _withdraw([step for step in going if step.model is model and step.then is None], actor, reason)
    try:
        connection.check_constraints([model._meta.db_table for model in {step.model for step in going}])
    except IntegrityError:
        raise ValidationError("Nothing was undone: some of it speaks of rows that are gone by now.") from None


def _save(step: Step, actor: User | None, reason: str, **how: bool) -> None:
    if isinstance(step.then, Source):
        step.then.sketch = sketch(step.then.text)  # which history leaves out
    sign(step.then, actor, reason)
    try:
        step.then.save(**how)
    except IntegrityError:
        raise ValidationError(f"Nothing was undone: another row has the place of {step.kind} by now.") from None


def _withdraw(created: Sequence[Step], actor: User | None, reason: str) -> None:
    """Retracts what is public and deletes the rest, all at once: one by one takes a second for 400 rows."""
    public = [step.now for step in created if step.retracts]
    rest = [step.now for step in created if not step.retracts]
    for claim in public:
        claim.transition(ClaimState.RETRACTED, actor, capfirst(reason), announce=False)
    for row in rest:
        sign(row, actor, reason)
    gone = Collector(using=connection.alias)
    try:
        gone.collect(rest)
    except models.ProtectedError as error:
        names = ", ".join(f"{one._meta.verbose_name} {one.pk}" for one in list(error.protected_objects)[:5])
        raise ValidationError(f"Nothing was undone: {names} would lose what it rests on.") from None
    gone.delete()

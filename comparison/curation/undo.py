"""Undoes a batch as a whole: every row it changed returns to what it was before.

Rows that the batch created are withdrawn (public ones are retracted, never deleted), rows that it deleted come back,
and all others get their old values, claims their old state too. The result is valid because history holds that state
and the constraints still apply. Undoing is a batch of its own and writes history, so it can be undone like any other.

A row that was changed since, and not changed back, stays as it is. There is one exception: a claim that the batch
created and that was only submitted or published since still says what was imported, so it is withdrawn.

A source's text and the offsets in it belong together. If a text is restored, claims placed in the newer text follow it
as they do when a new text arrives. If the text stays or was replaced again, no claim returns to its old offsets.
"""

from collections.abc import Sequence
from copy import copy
from dataclasses import replace
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, connection, models
from django.db.models import F
from django.db.models.deletion import Collector
from django.utils.text import capfirst

from comparison.curation.undo_rows import Action, Step, row_steps, undoable_models
from comparison.curation.undo_texts import Steps, keep_texts_whole
from comparison.models import Batch, Claim, ClaimState, FormerCriterion, Source, sign
from comparison.models.claims import last_editors
from comparison.models.conflicts import tried_again
from comparison.models.editions import writing
from comparison.models.relations.change import set_relations
from comparison.models.relations.history import relation_fields
from comparison.texts.similarity import sketch

UNIQUE_FIELDS = ("source_id", "framework_id", "criterion_id", "start", "statement", "quote")  # of a claim, together
SAID_NAMES = set(Claim.EVIDENCE) - set(Claim.PASSAGE)
SAID_FIELDS = [field.attname for field in Claim._meta.concrete_fields if field.name in SAID_NAMES]
PARKED_OFFSET = 1_000_000_000  # beyond every text; claims wait there while they swap offsets
PERMISSION_VERBS = {Action.DELETED: "delete", Action.BROUGHT_BACK: "add"}  # every other action needs "change"


def undo_steps(batch: Batch, actor: User | None = None) -> list[Step]:
    """What undoing by `actor` would do; a few queries for each model, however many rows."""
    steps = {(step.model, step.pk): step for model in undoable_models() for step in row_steps(model, batch)}
    keep_texts_whole(steps, batch)
    deleted = {key for key, step in steps.items() if step.action is Action.DELETED and not step.conflict}
    for model in reversed(undoable_models()):  # a row that stays also keeps the rows it points to
        ids = {pk for deleted_model, pk in deleted if deleted_model is model}
        for pk, conflict in _references(model, ids, steps, deleted).items():
            deleted.discard((model, pk))
            steps[model, pk] = replace(steps[model, pk], conflict=conflict)
    _send_to_review(steps, actor)
    return list(steps.values())


def _send_to_review(steps: Steps, actor: User | None) -> None:
    """Where a second reviewer is required, claims that the actor may not publish alone return as submitted."""
    if actor is None or not settings.REQUIRE_SECOND_REVIEWER:
        return
    published = {key: step for key, step in steps.items() if step.model is Claim and _is_published_after(step)}
    editors = last_editors(pk for _, pk in published)
    for (model, pk), step in published.items():
        claim = step.restored
        is_same = step.current is not None and not step.differs(SAID_FIELDS)
        is_allowed = step.current is not None and step.current.published
        if not is_same or (not is_allowed and actor.pk in (claim.created_by_id, editors.get(pk))):
            restored = copy(claim)
            restored.state, restored.state_reason = ClaimState.SUBMITTED.value, "Brought back by undoing a batch"
            steps[model, pk] = replace(step, restored=restored)


def _is_published_after(step: Step) -> bool:
    return step.restored is not None and not step.conflict and bool(step.restored.published)


def _references(
    model: type[models.Model], ids: set[int], steps: Steps, deleted: set[tuple[Any, int]]
) -> dict[int, str]:
    """Rows among `ids` that cannot be deleted, with what would still point to them after undoing."""
    references: dict[int, str] = {}
    for relation in model._meta.related_objects if ids else ():
        other, attname = relation.related_model, relation.field.attname
        pairs = other._default_manager.filter(**{f"{attname}__in": ids}).order_by("pk").values_list("pk", attname)
        for pk, referenced in pairs:
            if (other, pk) not in deleted and not _lets_go(steps.get((other, pk)), relation.field, ids):
                references[referenced] = f"{capfirst(other._meta.verbose_name)} {pk} rests on it."
    return references


def _lets_go(step: Step | None, field: Any, ids: set[int]) -> bool:
    """Whether undoing a step makes its row point to none of these any more."""
    if step is None or step.restored is None or step.conflict:
        return False
    if not field.many_to_many:
        return getattr(step.restored, field.attname) not in ids
    relations = step.restored.relations  # None if they were not stored then, and so stay
    return relations is not None and ids.isdisjoint(relations[field.name])


def may_undo(batch: Batch, actor: User | None, steps: Sequence[Step]) -> bool:
    """Reviewers may undo what they may change row by row; others only their own batches of unpublished claims."""
    if actor is None:
        return True
    applied = [step for step in steps if not step.conflict]
    if not actor.has_perms({_permission(step) for step in applied}):
        return False
    if actor.has_perm("comparison.publish_claim"):
        return True
    rows = [row for step in applied for row in (step.current, step.restored) if row is not None]
    are_own = all(isinstance(row, Claim) and row.created_by_id == actor.pk and not row.published for row in rows)
    return batch.by_id == actor.pk and are_own


def _permission(step: Step) -> str:
    """The permission a step needs. Withdrawing an imported claim changes it; addresses belong to their criterion."""
    if step.model is FormerCriterion:
        return "comparison.change_criterion"
    verb = "change" if step.model is Claim else PERMISSION_VERBS.get(step.action, "change")
    return f"comparison.{verb}_{step.model._meta.model_name}"


@tried_again
def undo(batch: Batch, actor: User | None = None, skip_conflicts: bool = False) -> Batch:
    """Undoes a batch and returns the batch that did it; `skip_conflicts` leaves rows alone that were changed since.

    Raises ValidationError or PermissionDenied.
    """
    with writing():
        steps = undo_steps(batch, actor)
        if not may_undo(batch, actor, steps):
            raise PermissionDenied("You may not change all of what this batch touched.")
        applied = [step for step in steps if not step.conflict]
        if obstacle := _obstacle(batch, steps, applied, skip_conflicts):
            raise ValidationError(obstacle)
        public = [step for step in applied if step.is_public]
        with Batch.objects.open(f"Undone: {batch.summary}", actor, undoes=batch) as undoing:
            _apply(applied, actor, f"undoes batch {batch.pk}")
            if public:
                claims = Claim.objects.filter(pk__in=[step.pk for step in public if step.model is Claim])
                claims.announce(f"Undone: {batch.summary}", actor)
        return undoing


def _obstacle(batch: Batch, steps: Sequence[Step], applied: Sequence[Step], skip_conflicts: bool) -> str:
    conflicts = len(steps) - len(applied)
    if Batch.objects.filter(undoes=batch).exists():
        return "It was undone already."
    if conflicts and not skip_conflicts:
        rows = "1 row was" if conflicts == 1 else f"{conflicts} rows were"
        return f"{rows} changed since. Undo the rest, or mend these first."
    return "" if applied else "There is nothing left to undo."


def _apply(steps: Sequence[Step], actor: User | None, reason: str) -> None:
    for step in steps:
        if step.current is None:
            _save(step, actor, reason, force_insert=True)
    changed = [step for step in steps if step.current is not None and step.restored is not None]
    moving = [step.pk for step in changed if step.model is Claim and step.differs(UNIQUE_FIELDS)]
    Claim.objects.filter(pk__in=moving).update(start=F("pk") + PARKED_OFFSET, end=F("pk") + PARKED_OFFSET + 1)
    for step in changed:
        _save(step, actor, reason, force_update=True)
    for model in filter(relation_fields, undoable_models()):
        rows = [step.restored for step in steps if step.model is model and step.restored is not None]
        relations = {row.pk: row.relations for row in rows if row.relations is not None}
        set_relations(model, relations, actor, capfirst(reason))
    for model in reversed(undoable_models()):
        _withdraw([step for step in steps if step.model is model and step.restored is None], actor, reason)
    try:
        connection.check_constraints([model._meta.db_table for model in {step.model for step in steps}])
    except IntegrityError:
        raise ValidationError("Nothing was undone: some of it speaks of rows that are gone by now.") from None


def _save(step: Step, actor: User | None, reason: str, **options: bool) -> None:
    if isinstance(step.restored, Source):
        step.restored.sketch = sketch(step.restored.text)  # history does not store it
    sign(step.restored, actor, reason)
    try:
        step.restored.save(**options)
    except IntegrityError:
        raise ValidationError(f"Nothing was undone: another row has the place of {step.name} by now.") from None


def _withdraw(created: Sequence[Step], actor: User | None, reason: str) -> None:
    """Retracts public claims and deletes the other rows in one go: row by row takes a second for 400."""
    retracted = [step.current for step in created if step.action is Action.RETRACTED]
    deleted = [step.current for step in created if step.action is not Action.RETRACTED]
    for claim in retracted:
        claim.transition(ClaimState.RETRACTED, actor, capfirst(reason), announce=False)
    for row in deleted:
        sign(row, actor, reason)
    collector = Collector(using=connection.alias)
    try:
        collector.collect(deleted)
    except models.ProtectedError as error:
        names = ", ".join(f"{row._meta.verbose_name} {row.pk}" for row in list(error.protected_objects)[:5])
        raise ValidationError(f"Nothing was undone: {names} would lose what it rests on.") from None
    collector.delete()

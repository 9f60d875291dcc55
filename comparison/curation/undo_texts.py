"""Texts and the offsets in them when a batch is undone: both are restored together, or neither is."""

from collections.abc import Iterable, Iterator, Sequence
from copy import copy
from dataclasses import replace
from typing import Any

from comparison.curation.attach_text import REVIEWED, quote_of, relocate_claims
from comparison.curation.undo_rows import Step, differing_fields
from comparison.models import Batch, Claim, ClaimState, Source
from comparison.texts.relocate import PassageFinder

PASSAGE_FIELDS = ("source_id", "start", "end", "quote")
Steps = dict[tuple[Any, int], Step]  # by model and primary key


def keep_texts_whole(steps: Steps, batch: Batch) -> None:
    """Changes the steps so that a source's text and the offsets in it are restored together or not at all."""
    staying_texts, restored_texts = set(), {}
    for step in [step for step in steps.values() if step.model is Source and step.current and step.restored]:
        if not step.conflict:
            _carry_silent_lines(step)
            if not differing_fields(step.current, step.restored, Source):
                del steps[Source, step.pk]
        if step.current.text_sha256 == step.restored.text_sha256:
            continue
        following, staying = _claims_with_offsets(step, steps, batch)
        if conflict := step.conflict or _obstacle(step, following):
            steps[Source, step.pk] = replace(step, conflict=conflict)
            staying_texts.add(step.pk)
        else:
            restored_texts[step.pk] = (step, following, staying)
    _refuse_lost_offsets(steps, staying_texts, restored_texts, batch)
    for step, following, staying in restored_texts.values():
        steps |= {(Claim, claim_step.pk): claim_step for claim_step in _follow(step, following, staying)}


def _carry_silent_lines(step: Step) -> None:
    """Lines marked as making no claims, and declined proposals, stay so in the restored text."""
    current, restored = step.current, step.restored
    restored.declined = current.declined
    if current.text_sha256 == restored.text_sha256:
        restored.silent = current.silent
    else:
        finder = PassageFinder(restored.text, current.text)
        restored.silent = finder.carry_back(current.silent, restored.text, restored.silent)


def _obstacle(step: Step, claims: Sequence[Claim]) -> str:
    """Why claims cannot follow a text; empty if they can."""
    if step.restored.text or not claims:
        return ""
    return f"The text before it is not held, and claim {claims[0].pk} was placed in this one since."


def _claims_with_offsets(step: Step, steps: Steps, batch: Batch) -> tuple[list[Claim], list[Claim]]:
    """The claims whose offsets are in the current text, and those whose offsets are in the text before it."""
    claims = Claim.objects.filter(source=step.pk, start__isnull=False).select_related("framework", "criterion")
    restored = {
        pk: claim_step.restored
        for (model, pk), claim_step in steps.items()
        if model is Claim and not claim_step.conflict
    }
    others = [claim for claim in claims.order_by("start", "pk") if claim.pk not in restored]
    ids = [claim.pk for claim in others]
    entries = Claim.history.filter(id__in=ids, history_date__lt=batch.at).order_by("history_id")
    old_offsets = {pk: (start, end) for pk, start, end in entries.values_list("id", "start", "end")}
    following = [claim for claim in others if old_offsets.get(claim.pk) != (claim.start, claim.end)]
    staying = [claim for claim in others if old_offsets.get(claim.pk) == (claim.start, claim.end)]
    back = [claim for claim in restored.values() if claim and claim.source_id == step.pk and claim.start is not None]
    return following, [*staying, *back]


def _refuse_lost_offsets(steps: Steps, staying_texts: set[int], restored_texts: Iterable[int], batch: Batch) -> None:
    """Marks as conflicts the claims whose offsets are in a text that their source neither has nor gets back."""
    claims = [
        step for step in steps.values() if step.model is Claim and step.restored is not None and not step.conflict
    ]
    placed = [
        step
        for step in claims
        if step.restored.start is not None and (step.current is None or step.differs(PASSAGE_FIELDS))
    ]
    ids = {step.restored.source_id for step in placed} - set(restored_texts)
    entries = Source.history.filter(id__in=ids, history_date__lt=batch.at).order_by("history_id")
    old_digests = dict(entries.values_list("id", "text_sha256"))
    digests = dict(Source.objects.filter(pk__in=ids).values_list("pk", "text_sha256"))
    replaced = {pk for pk in ids if old_digests.get(pk) and old_digests[pk] != digests.get(pk)}
    for step in claims:
        source = step.restored.source_id
        if source in staying_texts or (step in placed and source in replaced):
            steps[Claim, step.pk] = replace(step, conflict="Its place is in a text that does not come back.")


def _follow(step: Step, claims: list[Claim], staying: list[Claim]) -> Iterator[Step]:
    """Steps for the claims whose passages are relocated to the restored text."""
    for change, location in relocate_claims(claims, step.current.text, step.restored.text, staying):
        restored = copy(change.claim)
        restored.start, restored.end = location.start, location.end
        restored.quote = quote_of(change) if step.current.may_be_quoted else change.claim.quote
        if change.claim.published and change.fate in REVIEWED:
            restored.state = ClaimState.SUBMITTED.value
            restored.state_reason = f"Its passage in the source is {change.fate}."
        if differing_fields(change.claim, restored, Claim):
            yield Step(Claim, change.claim.pk, change.claim, restored, fate=change.fate)

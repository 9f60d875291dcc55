"""Texts and the places in them when a batch is undone: both go back together, or neither does."""

from collections.abc import Iterable, Iterator, Sequence
from copy import copy
from dataclasses import replace
from typing import Any

from comparison.curation.attach_text import REVIEWED, anchor, quote_of
from comparison.curation.undo_rows import Step, differing
from comparison.models import Batch, Claim, ClaimState, Source
from comparison.texts.relocate import Anchors

STANDS = ("source_id", "start", "end", "quote")


def keep_texts_whole(found: dict[tuple[Any, int], Step], batch: Batch) -> None:
    """Makes a source's text and the places in it go back together or not at all."""
    kept, back = set(), {}
    for step in [one for one in found.values() if one.model is Source and one.now and one.then]:
        if not step.conflict:
            _carry_silent(step)
            if not differing(step.now, step.then, Source):
                del found[Source, step.pk]
        if step.now.text_sha256 == step.then.text_sha256:
            continue
        following, staying = _placed_since(step, found, batch)
        if why := step.conflict or _lost(step, following):
            found[Source, step.pk] = replace(step, conflict=why)
            kept.add(step.pk)
        else:
            back[step.pk] = (step, following, staying)
    _leave_places(found, kept, back, batch)
    for step, following, staying in back.values():
        found |= {(Claim, one.pk): one for one in _follow(step, following, staying)}


def _carry_silent(step: Step) -> None:
    """Lines marked as without claims stay marked in the text that comes back."""
    now, then = step.now, step.then
    if now.text_sha256 == then.text_sha256:
        then.silent = now.silent
    else:
        then.silent = Anchors(then.text, now.text).carry_back(now.silent, then.text, then.silent)


def _lost(step: Step, claims: Sequence[Claim]) -> str:
    """Why claims cannot follow a text; empty where they can."""
    if step.then.text or not claims:
        return ""
    return f"The text before it is not held, and claim {claims[0].pk} was placed in this one since."


def _placed_since(step: Step, found: dict[tuple[Any, int], Step], batch: Batch) -> tuple[list[Claim], list[Claim]]:
    """The claims that have a place in a text since it arrived, and those whose places are of the text before it."""
    claims = Claim.objects.filter(source=step.pk, start__isnull=False).select_related("framework", "criterion")
    back = {pk: one.then for (model, pk), one in found.items() if model is Claim and not one.conflict}
    rest = [one for one in claims.order_by("start", "pk") if one.pk not in back]
    entries = Claim.history.filter(id__in=[one.pk for one in rest], history_date__lt=batch.at).order_by("history_id")
    were = {pk: (start, end) for pk, start, end in entries.values_list("id", "start", "end")}
    following = [one for one in rest if were.get(one.pk) != (one.start, one.end)]
    staying = [one for one in rest if were.get(one.pk) == (one.start, one.end)]
    back = {pk: one for pk, one in back.items() if one and one.source_id == step.pk and one.start is not None}
    return following, [*staying, *back.values()]


def _leave_places(found: dict[tuple[Any, int], Step], kept: set[int], going: Iterable[int], batch: Batch) -> None:
    """Keeps claims from places in a text that their source does not have, nor gets back."""
    claims = [one for one in found.values() if one.model is Claim and one.then is not None and not one.conflict]
    placed = [one for one in claims if one.then.start is not None and (one.now is None or one.differs(STANDS))]
    ids = {one.then.source_id for one in placed} - set(going)
    before = Source.history.filter(id__in=ids, history_date__lt=batch.at).order_by("history_id")
    were, now = (dict(rows.values_list("id", "text_sha256")) for rows in (before, Source.objects.filter(pk__in=ids)))
    replaced = {pk for pk in ids if were.get(pk) and were[pk] != now.get(pk)}
    for step in claims:
        if step.then.source_id in kept or (step in placed and step.then.source_id in replaced):
            found[Claim, step.pk] = replace(step, conflict="Its place is in a text that does not come back.")


def _follow(step: Step, claims: list[Claim], staying: list[Claim]) -> Iterator[Step]:
    """Claims whose passages are looked for in the text that comes back."""
    for one, place in anchor(claims, step.now.text, step.then.text, staying):
        then = copy(one.claim)
        then.start, then.end, then.quote = place.start, place.end, quote_of(one)
        if one.claim.published and one.fate in REVIEWED:
            then.state, then.state_reason = ClaimState.SUBMITTED.value, f"Its passage in the source is {one.fate}."
        if differing(one.claim, then, Claim):
            yield Step(Claim, one.claim.pk, one.claim, then, fate=one.fate)

"""Claims and the places they stand at in a source's text, when a text arrives or a new version of it."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from django.contrib.auth.models import User
from django.db.models import F, QuerySet
from simple_history.utils import bulk_update_with_history

from comparison.curation.merging import claims_obstacle, merge_silently
from comparison.models import Batch, Claim, ClaimState, Source, sign
from comparison.models.claims import MAX_QUOTE_LENGTH
from comparison.texts.relocate import GONE, Anchors, Fate, Place

PARKED_OFFSET = 1_000_000_000  # beyond any offset; a place to put claims while they change places
BATCH = 500  # rows written at once
REVIEWED = (Fate.CHANGED, Fate.GONE)  # what sends a published claim back to review
FURTHEST = (ClaimState.PUBLISHED, ClaimState.SUBMITTED, ClaimState.DRAFT, ClaimState.RETRACTED, ClaimState.REJECTED)


@dataclass(frozen=True, slots=True)
class Anchored:
    """What becomes of a claim's passage; `into` is the claim that says the same, into which this one is merged."""

    claim: Claim
    fate: Fate
    before: str
    after: str
    into: Claim | None = None


class AnotherText(Exception):
    """The text is not the one the claims were taken from."""


class Overtaken(AnotherText):
    """Somebody else stored another text meanwhile."""


def preview(source: Source, text: str) -> list[Anchored]:
    """What attach() would say of each claim's passage. Nothing is written."""
    return [one for one, _ in _look(source, _old_text(source.text, source.text_sha256, text), text)]


def attach(
    source: Source,
    text: str,
    changed: bool = False,
    actor: User | None = None,
    original: str = "",
    instead_of: str | None = None,
    accessed: date | None = None,
) -> list[Anchored]:
    """Stores a source's text, fills quotes from offsets and says what became of each claim's passage.

    `original` is the digest of the bytes it came as, where they were not this text alone; `instead_of` the digest of
    the text that `by` saw it compared with, empty where there was none; `accessed` the day it was fetched.

    Raises AnotherText when the claims were taken from a text with another digest, unless `changed` says that this
    is its new version: then claims move along, and published claims whose passage changed or is gone go back to
    review. Raises Overtaken when the source's text is no longer the one it should replace. All or nothing, and a
    batch that can be undone as one.
    """
    with Batch.objects.of(f"Text of {source.slug} attached", actor):
        source = Source.objects.select_for_update().get(pk=source.pk)
        old_text, old_digest = source.text, source.text_sha256
        _agree(source, text, changed, instead_of)
        source.keep_text(text)
        if source.silent and old_text:
            source.silent = Anchors(old_text, text).carry(source.silent, old_text)
        source.original_sha256 = original or source.original_sha256
        source.accessed = accessed or source.accessed
        sign(source, actor, "attach_text")
        source.save()
        found = _look(source, _old_text(old_text, old_digest, text), text)
        changes = _store(found, source, actor)
        if changes or source.text_sha256 != old_digest:  # pages show the digest
            touched = source.claims.filter(pk__in=changes)
            touched.announce(f"Text of {source.slug} attached: {len(changes)} claims changed", actor)
    return [one for one, _ in found]


def _agree(source: Source, text: str, changed: bool, instead_of: str | None) -> None:
    """Raises Overtaken or AnotherText where attach() says so."""
    held, given = source.text_sha256, _digest(text)
    if instead_of is not None and instead_of != held:
        raise Overtaken(f"Meanwhile another text was stored for {source.slug}.")
    if held and given != held and not changed:
        raise AnotherText(
            f"This text has the digest {given[:12]}…, but the claims of {source.slug} "
            f"were taken from {held[:12]}…. If it is a new version of the same source, say --changed."
        )


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _look(source: Source, old_text: str, text: str) -> list[tuple[Anchored, Place]]:
    return _settle(anchor(_placed(source), old_text, text), source)


def _placed(source: Source) -> QuerySet[Claim]:
    claims = source.claims.filter(start__isnull=False)
    return claims.select_related("framework", "criterion").order_by("start", "id")


def _old_text(held: str, held_digest: str, text: str) -> str:
    """The text in which the claims have their places; empty when only its digest is known, and it is another."""
    return text if not held_digest or held_digest == _digest(text) else held


def anchor(
    claims: Iterable[Claim], old_text: str, text: str, staying: Iterable[Claim] = ()
) -> list[tuple[Anchored, Place]]:
    """Where the passages of claims stand now; not where one of the same cell does that is `staying`."""
    anchors = Anchors(old_text, text)
    found = []
    by_cell: defaultdict[tuple[int, int], set[int]] = defaultdict(set)
    for claim in staying:
        by_cell[claim.framework_id, claim.criterion_id].add(claim.start or 0)
    for claim in claims:
        start, end = claim.start or 0, claim.end or 0
        before = old_text[start:end] if end <= len(old_text) else claim.quote
        taken = by_cell[claim.framework_id, claim.criterion_id]
        place = anchors.locate(before, start, taken) if before else GONE
        if place.start in taken:  # claims of one cell never share a place
            place = GONE
        if place.start is not None:
            taken.add(place.start)
        after = text[place.start : place.end] if place.start is not None else ""
        found.append((Anchored(claim, place.fate, before, after), place))
    return found


def _settle(found: list[tuple[Anchored, Place]], source: Source) -> list[tuple[Anchored, Place]]:
    """Claims that would say the same without a place become one: the one furthest on its way takes the others in."""
    alike: defaultdict[tuple[int, int, str, str], list[Claim]] = defaultdict(list)
    for one, place in found:
        if place.start is None and not one.claim.merged_into_id:
            alike[_words(one.claim, quote_of(one))].append(one.claim)
    if not alike:
        return found
    waiting = source.claims.filter(start__isnull=True, merged_into__isnull=True)
    there = {one.pk: one for one in waiting.select_related("framework", "criterion")}
    for claim in there.values():
        if (key := _words(claim, claim.quote)) in alike:
            alike[key].append(claim)
    into: dict[int, Claim] = {}
    for claims in alike.values():
        keep, *others = sorted(claims, key=lambda one: (FURTHEST.index(ClaimState(one.state)), one.pk))
        into |= {other.pk: keep for other in others}
    settled = [(replace(one, into=into.get(one.claim.pk)), place) for one, place in found]
    late = [Anchored(there[pk], Fate.GONE, there[pk].quote, "", keep) for pk, keep in into.items() if pk in there]
    return [*settled, *((one, GONE) for one in late)]


def _words(claim: Claim, quote: str) -> tuple[int, int, str, str]:
    """What no two claims of a source share that have no place."""
    return claim.framework_id, claim.criterion_id, claim.statement, quote


def _merge_alike(found: list[tuple[Anchored, Place]], actor: User | None) -> list[int]:
    """Returns the ids of the claims into which others were merged."""
    kept = []
    for one, _ in found:
        if one.into is None:
            continue
        if claims_obstacle(one.into, one.claim):  # both are rejected or retracted and stay so
            one.claim.merged_into = one.into
        else:
            merge_silently(one.into, one.claim, actor)
            one.claim.refresh_from_db(fields=["state", "state_reason", "merged_into"])
            kept.append(one.into.pk)
    return kept


def quote_of(one: Anchored) -> str:
    """The passage where it is short enough to be quoted; of one that is gone, what it was."""
    if one.fate is Fate.GONE:
        return one.before[:MAX_QUOTE_LENGTH]
    return one.after if len(one.after) <= MAX_QUOTE_LENGTH else ""


def _store(found: list[tuple[Anchored, Place]], source: Source, actor: User | None) -> list[int]:
    """Writes the new places and returns the ids of the claims that changed."""
    kept = _merge_alike(found, actor)
    changes = []
    for one, place in found:
        quote = quote_of(one)
        same = (one.claim.start, one.claim.end, one.claim.quote) == (place.start, place.end, quote)
        if one.fate in REVIEWED or not same:
            changes.append((one, place, quote))
    # Out of each other's way first: claims of one cell may take each other's places.
    touched = source.claims.filter(pk__in=[one.claim.pk for one, _, _ in changes])
    touched.update(start=F("start") + PARKED_OFFSET, end=F("end") + PARKED_OFFSET)
    for one, place, quote in changes:
        one.claim.start, one.claim.end, one.claim.quote = place.start, place.end, quote
        sign(one.claim, actor, f"attach_text: {one.fate}")
    author = {"history_author": actor.get_username() if actor else ""}
    claims = [one.claim for one, _, _ in changes]
    bulk_update_with_history(
        claims, Claim, ["start", "end", "quote", "merged_into"], BATCH, custom_historical_attrs=author
    )
    for one, _, _ in changes:
        if one.claim.published and one.fate in REVIEWED:
            reason = f"Its passage in the source is {one.fate}."
            one.claim.transition(ClaimState.SUBMITTED, actor, reason, announce=False)
    return [*kept, *(one.claim.pk for one, _, _ in changes)]

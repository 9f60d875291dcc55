"""Stores a source's text and moves its claims to where their passages are in it."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from django.contrib.auth.models import User
from django.db.models import F, QuerySet
from simple_history.utils import bulk_update_with_history

from comparison.curation.merging import claims_obstacle, merge_without_edition
from comparison.models import Batch, Claim, ClaimState, Source, sign
from comparison.models.claim_rules import MAX_QUOTE_LENGTH
from comparison.models.conflicts import tried_again
from comparison.texts.relocate import GONE, Fate, Location, PassageFinder

PARKED_OFFSET = 1_000_000_000  # beyond every text; claims wait there while they swap offsets
BATCH_SIZE = 500  # rows
REVIEWED = (Fate.CHANGED, Fate.GONE)  # these send a published claim back to review
MERGE_ORDER = (  # of duplicate claims, the one whose state comes first takes in the others
    ClaimState.PUBLISHED,
    ClaimState.SUBMITTED,
    ClaimState.DRAFT,
    ClaimState.RETRACTED,
    ClaimState.REJECTED,
)


@dataclass(frozen=True, slots=True)
class PassageChange:
    """What happens to a claim's passage. The claim is merged into `merge_target`, if any, which says the same."""

    claim: Claim
    fate: Fate
    before: str
    after: str
    merge_target: Claim | None = None


Relocated = list[tuple[PassageChange, Location]]


class TextMismatch(Exception):
    """The text is not the one the claims were taken from."""


class TextReplaced(TextMismatch):
    """Somebody else stored another text meanwhile."""


def preview(source: Source, text: str) -> list[PassageChange]:
    """What attach() would return. Nothing is written."""
    old_text = _known_old_text(source.text, source.text_sha256, text)
    return [change for change, _ in _relocate(source, old_text, text)]


@tried_again
def attach(
    source: Source,
    text: str,
    changed: bool = False,
    actor: User | None = None,
    original_digest: str = "",
    expected_digest: str | None = None,
    accessed: date | None = None,
    read_by_library: bool | None = None,
) -> list[PassageChange]:
    """Stores a source's text, fills quotes from offsets and returns what happens to each claim's passage.

    `original_digest` is that of the bytes as uploaded, if they were more than this text; `expected_digest` that of
    the stored text which `actor` saw compared with the new one, empty if there was none; `accessed` the day the text
    was fetched; `read_by_library` whether a library chose the lines of the page,
    None if that stays as it is.

    Raises TextMismatch if the claims were taken from a text with another digest, unless `changed` says that this is a
    new version. Then claims move along, and published claims whose passage changed or is gone go back to review.
    Raises TextReplaced if the stored text is not the expected one. All or nothing, in a batch that can be undone.
    """
    with Batch.objects.open(f"Text of {source.slug} attached", actor):
        source = Source.objects.get(pk=source.pk)
        old_digest = source.text_sha256
        _check_digests(source, text, changed, expected_digest)
        source.original_sha256 = original_digest or source.original_sha256
        source.accessed = accessed or source.accessed
        source.read_by_library = source.read_by_library if read_by_library is None else read_by_library
        passages, changed_ids = _attach(source, text, actor)
        if changed_ids or source.text_sha256 != old_digest:  # pages show the digest
            claims = source.claims.filter(pk__in=changed_ids)
            claims.announce(f"Text of {source.slug} attached: {len(changed_ids)} claims changed", actor)
    return passages


def attach_without_edition(source: Source, text: str) -> tuple[list[PassageChange], list[int]]:
    """Stores the text that a source was read from; call it in a batch. Returns the passages and the claims changed.

    Raises TextMismatch if the source was read from another text.
    """
    source = Source.objects.get(pk=source.pk)
    _check_digests(source, text, changed=False, expected_digest=None)
    if source.text == text:
        return [change for change, _ in _relocate(source, text, text)], []
    return _attach(source, text, None)


def _attach(source: Source, text: str, actor: User | None) -> tuple[list[PassageChange], list[int]]:
    old_text, old_digest = source.text, source.text_sha256
    source.set_text(text)
    if source.silent and old_text:
        source.silent = PassageFinder(old_text, text).carry(source.silent, old_text)
    sign(source, actor, "attach_text")
    source.save()
    relocated = _relocate(source, _known_old_text(old_text, old_digest, text), text)
    changed_ids = _store(relocated, source, actor)
    return [change for change, _ in relocated], changed_ids


def _check_digests(source: Source, text: str, changed: bool, expected_digest: str | None) -> None:
    """Raises TextReplaced or TextMismatch as attach() describes."""
    stored, new = source.text_sha256, _digest(text)
    if expected_digest is not None and expected_digest != stored:
        raise TextReplaced(f"Meanwhile another text was stored for {source.slug}.")
    if stored and new != stored and not changed:
        raise TextMismatch(
            f"This text has the digest {new[:12]}…, but the claims of {source.slug} "
            f"were taken from {stored[:12]}…. If it is a new version of the same source, say --changed."
        )


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _relocate(source: Source, old_text: str, text: str) -> Relocated:
    return _add_merges(relocate_claims(_claims_with_offsets(source), old_text, text), source)


def _claims_with_offsets(source: Source) -> QuerySet[Claim]:
    claims = source.claims.filter(start__isnull=False)
    return claims.select_related("framework", "criterion").order_by("start", "id")


def _known_old_text(stored: str, stored_digest: str, text: str) -> str:
    """The text that the claims' offsets refer to; empty if only its digest is known and the new text has another."""
    return text if not stored_digest or stored_digest == _digest(text) else stored


def relocate_claims(claims: Iterable[Claim], old_text: str, text: str, staying: Iterable[Claim] = ()) -> Relocated:
    """Where the passages of claims are now; never at the offset of another claim of the same cell."""
    finder = PassageFinder(old_text, text)
    relocated = []
    taken_by_cell: defaultdict[tuple[int, int], set[int]] = defaultdict(set)
    for claim in staying:
        taken_by_cell[claim.framework_id, claim.criterion_id].add(claim.start or 0)
    for claim in claims:
        start, end = claim.start or 0, claim.end or 0
        before = old_text[start:end] if end <= len(old_text) else claim.quote
        taken = taken_by_cell[claim.framework_id, claim.criterion_id]
        location = finder.locate(before, start, taken) if before else GONE
        if location.start in taken:  # claims of one cell never share an offset
            location = GONE
        if location.start is not None:
            taken.add(location.start)
        after = text[location.start : location.end] if location.start is not None else ""
        relocated.append((PassageChange(claim, location.fate, before, after), location))
    return relocated


def _add_merges(relocated: Relocated, source: Source) -> Relocated:
    """Plans to merge claims that would be equal without their offsets: the first by MERGE_ORDER takes in the others."""
    duplicates: defaultdict[tuple[int, int, str, str], list[Claim]] = defaultdict(list)
    for change, location in relocated:
        if location.start is None and not change.claim.merged_into_id:
            duplicates[_unplaced_key(change.claim, quote_of(change))].append(change.claim)
    if not duplicates:
        return relocated
    unplaced = source.claims.filter(start__isnull=True, merged_into__isnull=True)
    unplaced_claims = {claim.pk: claim for claim in unplaced.select_related("framework", "criterion")}
    for claim in unplaced_claims.values():
        if (key := _unplaced_key(claim, claim.quote)) in duplicates:
            duplicates[key].append(claim)
    targets: dict[int, Claim] = {}
    for claims in duplicates.values():
        target, *others = sorted(claims, key=lambda claim: (MERGE_ORDER.index(ClaimState(claim.state)), claim.pk))
        targets |= {claim.pk: target for claim in others}
    merged_unplaced = [
        (PassageChange(unplaced_claims[pk], Fate.GONE, unplaced_claims[pk].quote, "", target), GONE)
        for pk, target in targets.items()
        if pk in unplaced_claims
    ]
    return [
        *((replace(change, merge_target=targets.get(change.claim.pk)), location) for change, location in relocated),
        *merged_unplaced,
    ]


def _unplaced_key(claim: Claim, quote: str) -> tuple[int, int, str, str]:
    """What no two claims of a source without offsets may share."""
    return claim.framework_id, claim.criterion_id, claim.statement, quote


def quote_of(change: PassageChange) -> str:
    """The passage if it is short enough to quote; for a passage that is gone, its beginning as it was."""
    if change.fate is Fate.GONE:
        return change.before[:MAX_QUOTE_LENGTH]
    return change.after if len(change.after) <= MAX_QUOTE_LENGTH else ""


def _store(relocated: Relocated, source: Source, actor: User | None) -> list[int]:
    """Writes new offsets and quotes, and returns the ids of the claims that changed."""
    target_ids = _merge(relocated, actor)
    changed = []
    for change, location in relocated:
        claim, quote = change.claim, quote_of(change) if source.may_be_quoted else change.claim.quote
        is_same = (claim.start, claim.end, claim.quote) == (location.start, location.end, quote)
        if change.fate in REVIEWED or not is_same:
            changed.append((change, location, quote))
    # Park all first: claims of one cell may take each other's offsets.
    stored = source.claims.filter(pk__in=[change.claim.pk for change, _, _ in changed])
    stored.update(start=F("start") + PARKED_OFFSET, end=F("end") + PARKED_OFFSET)
    for change, location, quote in changed:
        change.claim.start, change.claim.end, change.claim.quote = location.start, location.end, quote
        sign(change.claim, actor, f"attach_text: {change.fate}")
    changes = [change for change, _, _ in changed]
    _save_with_history([change.claim for change in changes], actor)
    for change in changes:
        if change.claim.published and change.fate in REVIEWED:
            reason = f"Its passage in the source is {change.fate}."
            change.claim.transition(ClaimState.SUBMITTED, actor, reason, announce=False)
    return [*target_ids, *(change.claim.pk for change in changes)]


def _merge(relocated: Relocated, actor: User | None) -> list[int]:
    """Merges as planned and returns the ids of the claims that took others in."""
    target_ids = []
    for change, _ in relocated:
        claim, target = change.claim, change.merge_target
        if target is None:
            continue
        if claims_obstacle(target, claim):  # both are rejected or retracted and stay so
            claim.merged_into = target
        else:
            merge_without_edition(target, claim, actor)
            claim.refresh_from_db(fields=["state", "state_reason", "merged_into"])
            target_ids.append(target.pk)
    return target_ids


def _save_with_history(claims: Sequence[Claim], actor: User | None) -> None:
    fields = ["start", "end", "quote", "merged_into"]
    author = {"history_author": actor.get_username() if actor else ""}
    bulk_update_with_history(claims, Claim, fields, BATCH_SIZE, custom_historical_attrs=author)

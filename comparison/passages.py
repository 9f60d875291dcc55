"""Claims and the places they stand at in a source's text, when a text arrives or a new version of it."""

import string
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

from django.db import transaction
from django.db.models import F

from comparison.line_matching import shared_blocks
from comparison.models import Claim, ClaimState, Person, Source, sign
from comparison.models.claims import LONGEST_QUOTE

ALIKE = 0.6  # least similarity of a passage and its changed form
LETTERS = string.ascii_letters + string.digits
NEAR = 200  # free lines looked at on either side of where a passage stood
ASIDE = 1_000_000_000  # beyond any offset; a place to put claims while they change places


class Fate(StrEnum):
    """What became of a claim's passage."""

    FOUND = "found"
    MOVED = "moved"
    CHANGED = "changed"
    GONE = "gone"


REVIEWED = (Fate.CHANGED, Fate.GONE)  # what sends a published claim back to review


@dataclass(frozen=True, slots=True)
class Place:
    """Where a passage stands in a new text; `start` and `end` are None when it is gone."""

    fate: Fate
    start: int | None
    end: int | None


@dataclass(frozen=True, slots=True)
class Anchored:
    claim: Claim
    fate: Fate
    before: str
    after: str


class AnotherText(Exception):
    """The text is not the one the claims were taken from."""


Span = tuple[int, int]


class Anchors:
    """Finds passages of an old text in a new one.

    Lines that both texts share carry their passages along. A passage of any other line can only have gone to a line
    that is new, so it is looked for there: word for word, else much alike. Where the old text is not known, the whole
    new text is searched.
    """

    def __init__(self, old: str, new: str) -> None:
        self.new = new
        old_lines, new_lines = list(lines(old)), list(lines(new))
        self.shared: list[tuple[Span, int]] = []  # a stretch of the old text, and how far it moved
        free = [True] * len(new_lines)
        blocks = shared_blocks([text for _, text in old_lines], [text for _, text in new_lines]) if old else []
        for a, b, size in blocks:
            first, last = old_lines[a], old_lines[a + size - 1]
            self.shared.append(((first[0], last[0] + len(last[1])), new_lines[b][0] - first[0]))
            free[b : b + size] = [False] * size
        self.free = [line for line, is_free in zip(new_lines, free, strict=True) if is_free]
        self.kin = len(self.free) < len(new_lines) / 2 or len(self.free) <= 2 * NEAR  # versions of one text
        self.free_starts = [offset for offset, _ in self.free]
        self.shared_starts = [first for (first, _), _ in self.shared]

    def locate(self, passage: str, start: int, taken: Collection[int] = ()) -> Place:
        """Where a passage that stood at `start` in the old text stands now; not where one is `taken`."""
        end = start + len(passage)
        shift = self._shift(start, end)
        if shift is not None:
            return Place(Fate.MOVED if shift else Fate.FOUND, start + shift, end + shift)
        everywhere = (offset + at for offset, line in self._near(start) for at in occurrences(passage, line))
        exact = [at for at in everywhere if at not in taken]
        if exact:
            at = min(exact, key=lambda one: abs(one - start))
            return Place(Fate.FOUND if at == start else Fate.MOVED, at, at + len(passage))
        return self._alike(passage, start)

    def _near(self, start: int) -> list[tuple[int, str]]:
        """The free lines around a place: in a text that is new throughout, looking at all for each claim never ends."""
        at = bisect_right(self.free_starts, start)
        return self.free[max(at - NEAR, 0) : at + NEAR]

    def _alike(self, passage: str, start: int) -> Place:
        """The part of a free line most like the passage; of equals the one nearest to where it stood."""
        matcher = SequenceMatcher(autojunk=False)
        matcher.set_seq2(passage)
        best, place = ALIKE, Place(Fate.GONE, None, None)
        if not self.kin:
            return place  # nothing to be found in another text, and it would take hours
        for offset, line in sorted(self._near(start), key=lambda one: abs(one[0] - start)):
            matcher.set_seq1(line)
            blocks = [block for block in matcher.get_matching_blocks() if block.size > 2]
            if not blocks:
                continue
            first, last = blocks[0].a, blocks[-1].a + blocks[-1].size
            alike = 2 * sum(block.size for block in blocks) / (last - first + len(passage))
            if alike > best:
                # From the beginning of the first word to the end of the last.
                first = len(line[:first].rstrip(LETTERS)) if line[first : first + 1] in LETTERS else first
                first += len(line[first:last]) - len(line[first:last].lstrip())
                last += len(line[last:]) - len(line[last:].lstrip(LETTERS))
                best, place = alike, Place(Fate.CHANGED, offset + first, offset + last)
        return place

    def _shift(self, start: int, end: int) -> int | None:
        """How far a stretch moved whose lines both texts share."""
        block = bisect_right(self.shared_starts, start) - 1
        return self.shared[block][1] if block >= 0 and end <= self.shared[block][0][1] else None

    def carry(self, numbers: Collection[int], old: str) -> list[int]:
        """Line numbers (from 1) of the old text in the new one, of lines that both share."""
        starts = [0, *(at + 1 for at in occurrences("\n", old))]
        places = {start: number for number, start in enumerate([0, *(at + 1 for at in occurrences("\n", self.new))], 1)}
        known = [starts[number - 1] for number in numbers if 0 < number <= len(starts)]
        moved = [start + shift for start in known if (shift := self._shift(start, start + 1)) is not None]
        return sorted({places[start] for start in moved if start in places})


def preview(source: Source, text: str) -> list[Anchored]:
    """What attach() would say of each claim's passage. Nothing is written."""
    claims = source.claims.filter(start__isnull=False).select_related("framework", "criterion").order_by("start", "id")
    return [one for one, _ in _anchor(claims, source.text or text, text)]


def lines(text: str) -> Iterator[tuple[int, str]]:
    """Each line with its offset, its end included."""
    offset = 0
    for line in text.splitlines(keepends=True):
        yield offset, line
        offset += len(line)


def occurrences(passage: str, line: str) -> Iterator[int]:
    at = line.find(passage)
    while at >= 0:
        yield at
        at = line.find(passage, at + 1)


def attach(source: Source, text: str, changed: bool = False, by: Person = None, original: str = "") -> list[Anchored]:
    """Stores a source's text, fills quotes from offsets and says what became of each claim's passage.

    `original` is the digest of the bytes it came as, where they were not this text alone.

    Raises AnotherText when the claims were taken from a text with another digest, unless `changed` says that this
    is its new version: then claims move along, and published claims whose passage changed or is gone go back to
    review. All or nothing.
    """
    with transaction.atomic():
        source = Source.objects.select_for_update().get(pk=source.pk)
        old_text, old_digest = source.text, source.text_sha256
        source.keep_text(text)
        if source.silent and old_text:
            source.silent = Anchors(old_text, text).carry(source.silent, old_text)
        if old_digest and source.text_sha256 != old_digest and not changed:
            raise AnotherText(
                f"This text has the digest {source.text_sha256[:12]}…, but the claims of {source.slug} "
                f"were taken from {old_digest[:12]}…. If it is a new version of the same source, say --changed."
            )
        same = source.text_sha256 == old_digest or not old_digest
        source.original_sha256 = original or source.original_sha256
        sign(source, by, "attach_text")
        source.save()
        claims = source.claims.filter(start__isnull=False).select_related("framework", "criterion")
        found = _anchor(claims.order_by("start", "id"), text if same else old_text, text)
        changes = _store(found, source, by)
        if changes or source.text_sha256 != old_digest:  # pages show the digest
            touched = source.claims.filter(pk__in=changes)
            touched.announce(f"Text of {source.slug} attached: {len(changes)} claims changed", by)
    return [one for one, _ in found]


def _anchor(claims: Iterable[Claim], old_text: str, text: str) -> list[tuple[Anchored, Place]]:
    anchors = Anchors(old_text, text)
    found = []
    by_cell: defaultdict[tuple[int, int], set[int]] = defaultdict(set)
    for claim in claims:
        start, end = claim.start or 0, claim.end or 0
        before = old_text[start:end] if end <= len(old_text) else claim.quote
        taken = by_cell[claim.framework_id, claim.criterion_id]
        place = anchors.locate(before, start, taken) if before else Place(Fate.GONE, None, None)
        if place.start in taken:  # claims of one cell never share a place
            place = Place(Fate.GONE, None, None)
        if place.start is not None:
            taken.add(place.start)
        after = text[place.start : place.end] if place.start is not None else ""
        found.append((Anchored(claim, place.fate, before, after), place))
    return found


def _quote(one: Anchored) -> str:
    """The passage where it is short enough to be quoted; of one that is gone, what it was."""
    if one.fate is Fate.GONE:
        return one.before[:LONGEST_QUOTE]
    return one.after if len(one.after) <= LONGEST_QUOTE else ""


def _store(found: list[tuple[Anchored, Place]], source: Source, by: Person) -> list[int]:
    """Writes the new places and returns the ids of the claims that changed."""
    changes = []
    for one, place in found:
        quote = _quote(one)
        same = (one.claim.start, one.claim.end, one.claim.quote) == (place.start, place.end, quote)
        if one.fate in REVIEWED or not same:
            changes.append((one, place, quote))
    # Out of each other's way first: claims of one cell may take each other's places.
    touched = source.claims.filter(pk__in=[one.claim.pk for one, _, _ in changes])
    touched.update(start=F("start") + ASIDE, end=F("end") + ASIDE)
    for one, place, quote in changes:
        claim = one.claim
        claim.start, claim.end, claim.quote = place.start, place.end, quote
        sign(claim, by, f"attach_text: {one.fate}")
        claim.save()
        if claim.published and one.fate in REVIEWED:
            claim.move(ClaimState.SUBMITTED, by, f"Its passage in the source is {one.fate}.", announce=False)
    return [one.claim.pk for one, _, _ in changes]

"""Where the passages of an old text stand in a new one. Pure functions.

Lines that both texts share carry their passages along. A passage of any other line can only have gone to a line that is
new, so it is looked for there: word for word, else much alike. An index of the new lines' words says where to look: the
time a passage takes does not grow with the text.
"""

import re
import string
from array import array
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from functools import cached_property

from comparison.texts.line_diff import shared_blocks

ALIKE = 0.6  # least similarity of a passage and its changed form
LETTERS = string.ascii_letters + string.digits
WORD = re.compile(r"\w+")
FEW = 40  # new lines that are all compared with a passage; so many where none of its words tells where to look
LIKELY = 2  # else so many, those with the most of its words
NEARBY = 16  # places looked at on either side for a word that is everywhere
REACH = 1_000  # the same for the rarest word of a passage, which must be in it
SHORT_REACH = 50_000  # characters searched on either side for a passage of no whole word
RARE = 12  # words of a passage that are looked up


class Fate(StrEnum):
    """What became of a claim's passage."""

    FOUND = "found"
    MOVED = "moved"
    CHANGED = "changed"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a passage stands in a new text; `start` and `end` are None when it is gone."""

    fate: Fate
    start: int | None
    end: int | None


GONE = Place(Fate.GONE, None, None)
Span = tuple[int, int]


class Anchors:
    """Finds passages of an old text in a new one. Where the old text is not known (empty), all lines count as new."""

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
        self.shared_starts = [first for (first, _), _ in self.shared]
        spans = [(offset, offset + len(line)) for offset, line in new_lines]
        self.free = [span for span, is_free in zip(spans, free, strict=True) if is_free]  # the lines that are new
        self.free_starts = [first for first, _ in self.free]
        self.stretches = joined(self.free)
        self.stretch_starts = [first for first, _ in self.stretches]

    def locate(self, passage: str, start: int, taken: Collection[int] = ()) -> Place:
        """Where a passage that stood at `start` in the old text stands now; not where one is `taken`."""
        end = start + len(passage)
        shift = self._shift(start, end)
        if shift is not None:
            return Place(Fate.MOVED if shift else Fate.FOUND, start + shift, end + shift)
        exact = [at for at in self._exact(passage, start) if at not in taken]
        if exact:
            at = min(exact, key=lambda one: abs(one - start))
            return Place(Fate.FOUND if at == start else Fate.MOVED, at, at + len(passage))
        return self._alike(passage, start)

    @cached_property
    def places(self) -> dict[str, array]:
        """Where each word stands in the lines that are new."""
        found: dict[str, array] = defaultdict(lambda: array("Q"))
        for first, last in self.stretches:
            for match in WORD.finditer(self.new, first, last):
                found[match[0]].append(match.start())
        return found

    def _exact(self, passage: str, start: int) -> Iterator[int]:
        """Where the passage stands word for word in the lines that are new."""
        whole = [one for one in WORD.finditer(passage) if one.start() and one.end() < len(passage)]
        if whole:
            rarest = min(whole, key=lambda one: len(self.places.get(one[0], ())))
            stands = around(self.places.get(rarest[0], array("Q")), start, REACH)
            candidates: Iterable[int] = (at - rarest.start() for at in stands if at >= rarest.start())
        else:
            first = max(start - SHORT_REACH, 0)
            window = self.new[first : start + SHORT_REACH + len(passage)]
            candidates = (first + at for at in occurrences(passage, window))
        return (at for at in candidates if self.new.startswith(passage, at) and self._is_free(at, at + len(passage)))

    def _is_free(self, start: int, end: int) -> bool:
        stretch = bisect_right(self.stretch_starts, start) - 1
        return stretch >= 0 and end <= self.stretches[stretch][1]

    def _alike(self, passage: str, start: int) -> Place:
        """The part of a line that is new most like the passage; of equals the one nearest to where it stood."""
        matcher = SequenceMatcher(autojunk=False)
        matcher.set_seq2(passage)
        best, place = ALIKE, GONE
        for first, last in self._likely(passage, start):
            region = self.new[first:last]
            matcher.set_seq1(region)
            blocks = [block for block in matcher.get_matching_blocks() if block.size > 2]
            if not blocks:
                continue
            begin, finish = blocks[0].a, blocks[-1].a + blocks[-1].size
            alike = 2 * sum(block.size for block in blocks) / (finish - begin + len(passage))
            if alike > best:
                begin, finish = whole_words(region, begin, finish)
                best, place = alike, Place(Fate.CHANGED, first + begin, first + finish)
        return place

    def _likely(self, passage: str, start: int) -> list[Span]:
        """Stretches of new lines that may hold the passage's changed form, the likeliest first."""
        words = {match[0]: match.start() for match in WORD.finditer(passage)}
        rare = sorted((one for one in words if one in self.places), key=lambda one: len(self.places[one]))[:RARE]
        if not rare or len(self.free) <= FEW:
            at = bisect_left(self.free_starts, start)
            near = self.free[max(at - FEW, 0) : at + FEW]
            short = [one for one in near if one[1] - one[0] <= 4 * len(passage) + 400]
            if not rare or len(short) == len(near):
                return sorted(short, key=lambda one: abs(one[0] - start))[:FEW]
        votes: defaultdict[Span, float] = defaultdict(float)
        for word in rare:
            begins = (at - words[word] for at in around(self.places[word], start, NEARBY))
            for region in {self._region(begin, begin + words[word], len(passage)) for begin in begins}:
                votes[region] += 1 / len(self.places[word])  # a rare word says more than one that is everywhere
        return sorted(votes, key=lambda one: (-votes[one], abs(one[0] - start)))[:LIKELY]

    def _region(self, begin: int, word: int, length: int) -> Span:
        """What to compare with a passage that would begin here, in the line in which its word stands."""
        first, last = self.free[bisect_right(self.free_starts, word) - 1]
        if last - first <= 2 * length + 200:
            return first, last
        step = length // 4 + 25  # so that words of one place agree on one region
        near = (begin - first) // step * step + first
        return max(first, near - step), min(last, near + length + 2 * step)

    def _shift(self, start: int, end: int) -> int | None:
        """How far a stretch moved whose lines both texts share."""
        block = bisect_right(self.shared_starts, start) - 1
        return self.shared[block][1] if block >= 0 and end <= self.shared[block][0][1] else None

    def same_lines(self, old: str) -> dict[int, int]:
        """Of each line that both texts share its number (from 1) in the old one and that in the new one."""
        starts = [0, *(at + 1 for at in occurrences("\n", old))]
        places = {start: number for number, start in enumerate([0, *(at + 1 for at in occurrences("\n", self.new))], 1)}
        moved = ((number, start, self._shift(start, start + 1)) for number, start in enumerate(starts, 1))
        stands = {number: start + shift for number, start, shift in moved if shift is not None}
        return {number: places[start] for number, start in stands.items() if start in places}

    def carry(self, numbers: Collection[int], old: str) -> list[int]:
        """Line numbers of the old text in the new one, of lines that both share."""
        same = self.same_lines(old)
        return sorted({same[number] for number in numbers if number in same})

    def carry_back(self, numbers: Collection[int], old: str, known: Collection[int]) -> list[int]:
        """Line numbers of the new text in the old one; of lines that only the old one has, those that were known."""
        same = self.same_lines(old)
        return sorted({before for before, after in same.items() if after in numbers} | (set(known) - same.keys()))


def lines(text: str) -> Iterator[tuple[int, str]]:
    """Each line with its offset, its end included."""
    offset = 0
    for line in text.splitlines(keepends=True):
        yield offset, line
        offset += len(line)


def joined(spans: Iterable[Span]) -> list[Span]:
    """With those that touch made one."""
    found: list[Span] = []
    for first, last in spans:
        if found and found[-1][1] == first:
            found[-1] = (found[-1][0], last)
        else:
            found.append((first, last))
    return found


def occurrences(passage: str, line: str) -> Iterator[int]:
    at = line.find(passage)
    while at >= 0:
        yield at
        at = line.find(passage, at + 1)


def around(places: array, start: int, most: int) -> array:
    """The places nearest to one, so many on either side."""
    at = bisect_left(places, start)
    return places[max(at - most, 0) : at + most]


def whole_words(line: str, first: int, last: int) -> Span:
    """From the beginning of the first word to the end of the last."""
    first = len(line[:first].rstrip(LETTERS)) if line[first : first + 1] in LETTERS else first
    first += len(line[first:last]) - len(line[first:last].lstrip())
    last += len(line[last:]) - len(line[last:].lstrip(LETTERS))
    return first, last

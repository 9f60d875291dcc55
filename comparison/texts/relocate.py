"""Where the passages of an old text are in a new one. Pure functions.

Lines that both texts share carry their passages along. A passage of any other line can only have moved to a line that
is new, so the search covers new lines only: first for the exact words, then for similar ones. An index of the words in
the new lines limits where to look, so the time for one passage does not grow with the text. Words that differ only in
their typography (quotes, dashes, blanks, hard wrapping, Unicode form) are the same words throughout.
"""

import re
import string
from array import array
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from functools import cached_property
from itertools import islice

from comparison.texts.line_diff import shared_blocks
from comparison.texts.typography import Folded, fold, folded_text

MIN_SIMILARITY = 0.6  # of a passage and its changed form
LETTERS = string.ascii_letters + string.digits
WORD = re.compile(r"\w+")
MAX_COMPARED_LINES = 40  # up to so many new lines, all are compared; also the limit where no word narrows the search
MAX_CANDIDATES = 2  # regions compared otherwise: those with most of the passage's words
MAX_OCCURRENCES = 16  # of a word, looked at on either side of the old offset
MAX_RAREST_OCCURRENCES = 1_000  # the same for a passage's rarest word, which an exact match must contain
MAX_DISTANCE = 50_000  # characters searched on either side for a passage without a whole word
MAX_LOOKED_UP_WORDS = 12  # of a passage, the rarest first
MAX_LINES_ABOVE = 200  # looked at for one that both texts share
MIN_FOLDED_LENGTH = 4  # characters of a passage that is searched for in other typography


class Fate(StrEnum):
    """What happened to a claim's passage."""

    FOUND = "found"
    MOVED = "moved"
    CHANGED = "changed"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class Location:
    """Where a passage is in a new text; `start` and `end` are None when it is gone."""

    fate: Fate
    start: int | None
    end: int | None


GONE = Location(Fate.GONE, None, None)
Span = tuple[int, int]


class PassageFinder:
    """Finds passages of an old text in a new one. If the old text is unknown (empty), all lines count as new."""

    def __init__(self, old: str, new: str) -> None:
        self.old, self.new = old, new
        self.old_lines, self.all_new_lines = list(lines_with_offsets(old)), list(lines_with_offsets(new))
        self.old_line_starts = [offset for offset, _ in self.old_lines]
        self.new_line_of = self._pair_lines() if old else {}  # by the index of an old line
        is_new = [True] * len(self.all_new_lines)
        for index in self.new_line_of.values():
            is_new[index] = False
        spans = [(offset, offset + len(line)) for offset, line in self.all_new_lines]
        self.new_lines = [span for span, line_is_new in zip(spans, is_new, strict=True) if line_is_new]
        self.new_line_starts = [start for start, _ in self.new_lines]
        self.new_stretches = merge_adjacent(self.new_lines)
        self.new_stretch_starts = [start for start, _ in self.new_stretches]

    def _pair_lines(self) -> dict[int, int]:
        """By old line, the new line that is the same: equal ones first, then those that differ in typography alone."""
        old, new = [line for _, line in self.old_lines], [line for _, line in self.all_new_lines]
        pairs = {
            old_index + step: new_index + step
            for old_index, new_index, size in shared_blocks(old, new)
            for step in range(size)
        }
        taken = set(pairs.values())
        old_rest = _other_lines(old, pairs)
        new_rest = _other_lines(new, taken)
        for first, new_first, size in shared_blocks([words for _, words in old_rest], [words for _, words in new_rest]):
            pairs |= {old_rest[first + step][0]: new_rest[new_first + step][0] for step in range(size)}
        return pairs

    def locate(self, passage: str, start: int, taken: Collection[int] = ()) -> Location:
        """Where the passage at `start` of the old text is now; an exact match never begins at a `taken` offset."""
        if (span := self._carried(start, start + len(passage))) is not None:
            return _located(span, start)
        exact = [offset for offset in self._exact_matches(passage, start) if offset not in taken]
        if exact:
            offset = min(exact, key=lambda candidate: abs(candidate - start))
            return _located((offset, offset + len(passage)), start)
        words = folded_text(passage)
        same_words = [span for span in self._same_words(words, start) if span[0] not in taken]
        if same_words:
            return _located(same_words[0], start)
        similar = self._most_similar(passage, start)
        if similar.start is None or similar.end is None or folded_text(self.new[similar.start : similar.end]) != words:
            return similar
        return _located((similar.start, similar.end), start)

    def _same_words(self, words: str, start: int) -> list[Span]:
        """Where a passage's folded words are in new lines with other typography, the likeliest first."""
        if len(words) < MIN_FOLDED_LENGTH:
            return []
        new = self.folded_new
        expected = self._expected_index(start)
        window_start = max(expected - MAX_DISTANCE, 0)
        window = new.text[window_start : expected + MAX_DISTANCE + len(words)]
        spans = [
            (window_start + offset, window_start + offset + len(words)) for offset in occurrences(words, window)
        ] or [(offset, offset + len(words)) for offset in islice(occurrences(words, new.text), MAX_OCCURRENCES)]
        near = sorted(spans, key=lambda span: abs(span[0] - expected))
        originals = (new.original(*span) for span in near if _has_word_edges(new.text, span, words))
        return [span for span in originals if self._touches_new_line(*span)]

    def _expected_index(self, start: int) -> int:
        """Where in the folded new text a passage at `start` would be, as far as the lines above it tell."""
        if not self.old:
            return self.folded_new.index(start)
        line = bisect_right(self.old_line_starts, start) - 1
        for index in range(line, max(line - MAX_LINES_ABOVE, -1), -1):
            if index in self.new_line_of and self.old_lines[index][1].strip():
                above, new_above = self.old_lines[index][0], self.all_new_lines[self.new_line_of[index]][0]
                distance = self.folded_old.index(start) - self.folded_old.index(above)
                return self.folded_new.index(new_above) + distance
        return self.folded_old.index(start)

    def _touches_new_line(self, start: int, end: int) -> bool:
        stretch = bisect_left(self.new_stretch_starts, end) - 1
        return stretch >= 0 and self.new_stretches[stretch][1] > start

    @cached_property
    def folded_old(self) -> Folded:
        return fold(self.old)

    @cached_property
    def folded_new(self) -> Folded:
        return fold(self.new)

    @cached_property
    def word_offsets(self) -> dict[str, array]:
        """Where each word occurs in the new lines."""
        offsets: dict[str, array] = defaultdict(lambda: array("Q"))
        for first, last in self.new_stretches:
            for match in WORD.finditer(self.new, first, last):
                offsets[match[0]].append(match.start())
        return offsets

    def _exact_matches(self, passage: str, start: int) -> Iterator[int]:
        """Offsets of the passage, word for word, in the new lines."""
        whole_words = [match for match in WORD.finditer(passage) if match.start() and match.end() < len(passage)]
        if whole_words:
            rarest = min(whole_words, key=lambda match: len(self.word_offsets.get(match[0], ())))
            near = nearest_offsets(self.word_offsets.get(rarest[0], array("Q")), start, MAX_RAREST_OCCURRENCES)
            candidates: Iterable[int] = (offset - rarest.start() for offset in near if offset >= rarest.start())
        else:
            first = max(start - MAX_DISTANCE, 0)
            window = self.new[first : start + MAX_DISTANCE + len(passage)]
            candidates = (first + offset for offset in occurrences(passage, window))
        return (
            offset
            for offset in candidates
            if self.new.startswith(passage, offset) and self._is_new(offset, offset + len(passage))
        )

    def _is_new(self, start: int, end: int) -> bool:
        stretch = bisect_right(self.new_stretch_starts, start) - 1
        return stretch >= 0 and end <= self.new_stretches[stretch][1]

    def _most_similar(self, passage: str, start: int) -> Location:
        """The part of a new line most similar to the passage; among equals the one nearest to the old offset."""
        matcher = SequenceMatcher(autojunk=False)
        matcher.set_seq2(passage)
        best, location = MIN_SIMILARITY, GONE
        for first, last in self._candidates(passage, start):
            region = self.new[first:last]
            matcher.set_seq1(region)
            blocks = [block for block in matcher.get_matching_blocks() if block.size > 2]
            if not blocks:
                continue
            begin, finish = blocks[0].a, blocks[-1].a + blocks[-1].size
            similarity = 2 * sum(block.size for block in blocks) / (finish - begin + len(passage))
            if similarity > best:
                begin, finish = expand_to_words(region, begin, finish)
                best, location = similarity, Location(Fate.CHANGED, first + begin, first + finish)
        return location

    def _candidates(self, passage: str, start: int) -> list[Span]:
        """Regions of new lines that may hold the passage's changed form, the likeliest first."""
        words = {match[0]: match.start() for match in WORD.finditer(passage)}
        known = (word for word in words if word in self.word_offsets)
        rarest = sorted(known, key=lambda word: len(self.word_offsets[word]))[:MAX_LOOKED_UP_WORDS]
        if not rarest or len(self.new_lines) <= MAX_COMPARED_LINES:
            index = bisect_left(self.new_line_starts, start)
            near = self.new_lines[max(index - MAX_COMPARED_LINES, 0) : index + MAX_COMPARED_LINES]
            short = [span for span in near if span[1] - span[0] <= 4 * len(passage) + 400]
            if not rarest or len(short) == len(near):
                return sorted(short, key=lambda span: abs(span[0] - start))[:MAX_COMPARED_LINES]
        votes: defaultdict[Span, float] = defaultdict(float)
        for word in rarest:
            offsets = nearest_offsets(self.word_offsets[word], start, MAX_OCCURRENCES)
            begins = (offset - words[word] for offset in offsets)
            for region in {self._region(begin, begin + words[word], len(passage)) for begin in begins}:
                votes[region] += 1 / len(self.word_offsets[word])  # a rare word is better evidence than a common one
        return sorted(votes, key=lambda region: (-votes[region], abs(region[0] - start)))[:MAX_CANDIDATES]

    def _region(self, begin: int, word: int, length: int) -> Span:
        """What to compare with a passage that would begin here, within the line that contains its word."""
        first, last = self.new_lines[bisect_right(self.new_line_starts, word) - 1]
        if last - first <= 2 * length + 200:
            return first, last
        step = length // 4 + 25  # so that neighbouring words agree on one region
        near = (begin - first) // step * step + first
        return max(first, near - step), min(last, near + length + 2 * step)

    def _carried(self, start: int, end: int) -> Span | None:
        """Where a span is now, if both texts share its lines."""
        first, last = (bisect_right(self.old_line_starts, offset) - 1 for offset in (start, max(end - 1, start)))
        if first < 0 or last not in self.new_line_of or first not in self.new_line_of:
            return None
        shift = self.new_line_of[first] - first
        if any(self.new_line_of.get(index) != index + shift for index in range(first, last + 1)):
            return None
        lines = range(first, last + 1)
        if all(self.old_lines[index][1] == self.all_new_lines[index + shift][1] for index in lines):
            moved = self.all_new_lines[first + shift][0] - self.old_lines[first][0]
            return start + moved, end + moved
        old_span = self.old_lines[first][0], self.old_lines[last][0] + len(self.old_lines[last][1])
        last_new = self.all_new_lines[last + shift]
        new_span = self.all_new_lines[first + shift][0], last_new[0] + len(last_new[1])
        passage = start - old_span[0], end - old_span[0]
        old, new = self.old[slice(*old_span)], self.new[slice(*new_span)]
        return _span_in_other_typography(old, new, passage, new_span[0])

    def _new_line_start(self, start: int) -> int | None:
        """Where the line that begins at an offset of the old text begins now."""
        index = bisect_right(self.old_line_starts, start) - 1
        if index < 0 or index not in self.new_line_of or self.old_lines[index][0] != start:
            return None
        return self.all_new_lines[self.new_line_of[index]][0]

    def line_numbers(self, old: str) -> dict[int, int]:
        """For each line that both texts share, its number (from 1) in the old text and that in the new one."""
        old_starts = [0, *(offset + 1 for offset in occurrences("\n", old))]
        new_starts = [0, *(offset + 1 for offset in occurrences("\n", self.new))]
        new_numbers = {start: number for number, start in enumerate(new_starts, 1)}
        moved = ((number, self._new_line_start(start)) for number, start in enumerate(old_starts, 1))
        return {number: new_numbers[start] for number, start in moved if start in new_numbers}

    def carry(self, numbers: Collection[int], old: str) -> list[int]:
        """Line numbers of the old text converted to those of the new one; only lines that both share."""
        new_numbers = self.line_numbers(old)
        return sorted({new_numbers[number] for number in numbers if number in new_numbers})

    def carry_back(self, numbers: Collection[int], old: str, known: Collection[int]) -> list[int]:
        """Line numbers of the new text converted to those of the old one, plus the `known` ones that only it has."""
        new_numbers = self.line_numbers(old)
        carried = {old_number for old_number, new_number in new_numbers.items() if new_number in numbers}
        return sorted(carried | (set(known) - new_numbers.keys()))


def _other_lines(lines: Sequence[str], paired: Collection[int]) -> list[tuple[int, str]]:
    """The index and the folded words of each line that is not paired yet, without blank ones."""
    return [(index, words) for index, line in enumerate(lines) if index not in paired and (words := folded_text(line))]


def _located(span: Span, start: int) -> Location:
    return Location(Fate.FOUND if span[0] == start else Fate.MOVED, *span)


def _span_in_other_typography(old: str, new: str, span: Span, offset: int) -> Span | None:
    """Where a span of lines is in the same lines with other typography, which begin at `offset` of the new text."""
    old_folded, new_folded = fold(old), fold(new)
    before = len(old_folded.text) - len(old_folded.text.lstrip())  # blanks that only one of both may begin with
    new_before = len(new_folded.text) - len(new_folded.text.lstrip())
    first, last = old_folded.index(span[0]), old_folded.index(span[1])
    words = old_folded.text[first:last]
    first += len(words) - len(words.lstrip())
    last = first + len(words.strip())
    first, last = first - before + new_before, last - before + new_before
    if not words.strip() or new_folded.text[first:last] != words.strip():
        return None
    start, end = new_folded.original(first, last)
    return offset + start, offset + end


def _has_word_edges(text: str, span: Span, words: str) -> bool:
    """Whether a passage does not begin or end within a word."""
    start, end = span
    cuts_first = start > 0 and text[start - 1].isalnum() and words[0].isalnum()
    return not (cuts_first or (end < len(text) and text[end].isalnum() and words[-1].isalnum()))


def lines_with_offsets(text: str) -> Iterator[tuple[int, str]]:
    """The offset of each line, and the line with its end."""
    offset = 0
    for line in text.splitlines(keepends=True):
        yield offset, line
        offset += len(line)


def merge_adjacent(spans: Iterable[Span]) -> list[Span]:
    """Joins spans that touch."""
    merged: list[Span] = []
    for first, last in spans:
        if merged and merged[-1][1] == first:
            merged[-1] = (merged[-1][0], last)
        else:
            merged.append((first, last))
    return merged


def occurrences(passage: str, text: str) -> Iterator[int]:
    offset = text.find(passage)
    while offset >= 0:
        yield offset
        offset = text.find(passage, offset + 1)


def nearest_offsets(offsets: array, start: int, count: int) -> array:
    """Up to `count` offsets on either side of `start`."""
    index = bisect_left(offsets, start)
    return offsets[max(index - count, 0) : index + count]


def expand_to_words(line: str, first: int, last: int) -> Span:
    """From the beginning of the first word to the end of the last."""
    first = len(line[:first].rstrip(LETTERS)) if line[first : first + 1] in LETTERS else first
    first += len(line[first:last]) - len(line[first:last].lstrip())
    last += len(line[last:]) - len(line[last:].lstrip(LETTERS))
    return first, last

"""A source's text as curators read it: numbered lines, headings, the passages of claims, and what no claim covers.

Pure functions over a text and its claims. Offsets count code points from the beginning of the whole text.
"""

import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from comparison.models import Claim, ClaimState
from comparison.wording import words_of

PART = 60_000  # characters shown at once, up to the end of the line they end in
MAX_HEADING_LENGTH = 90
MAX_PASSAGE_LENGTH = 3_000
SHOWN = (ClaimState.PUBLISHED, ClaimState.SUBMITTED, ClaimState.DRAFT, ClaimState.REJECTED)  # strongest mark first
# Where one sentence ends and another begins; not after “vs.” and the like, nor after a number a line begins with.
BETWEEN = re.compile(
    r"(?<=[.!?…])(?<!\bvs\.)(?<!\be\.g\.)(?<!\bi\.e\.)(?<!^\d\.)(?<!^\d\d\.)(?=[”’\")]*\s)", re.IGNORECASE
)
Span = tuple[int, int]


class NoPassage(ValueError):
    """Two offsets, or a line and words, are no passage of the text; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the text without its end; lines count from 1."""

    number: int
    start: int
    text: str
    heading: bool

    @property
    def end(self) -> int:
        return self.start + len(self.text)

    @property
    def blank(self) -> bool:
        return not self.text.strip()


class Article:
    """A text cut into lines."""

    def __init__(self, text: str, sections: Collection[str] = ()) -> None:
        """`sections` are names that claims already use: a line that is one of them is a heading."""
        self.text = text
        self.named = {name.strip() for section in sections for name in (section, section.rsplit("›", 1)[-1])}
        self.lines: list[Line] = []
        start, before = 0, ""
        for number, one in enumerate(text.split("\n"), 1):
            self.lines.append(Line(number, start, one, self._is_heading(one, before)))
            start, before = start + len(one) + 1, one

    def _is_heading(self, line: str, before: str) -> bool:
        said = line.strip()
        if said.startswith("#") or said in self.named:
            return True
        short = 0 < len(said) <= MAX_HEADING_LENGTH and not before.strip()
        plain = short and said[-1] not in ".,;:!…" and said[0] not in "-•*|>" and "|" not in said
        return plain and not BETWEEN.search(said)

    @cached_property
    def starts(self) -> list[int]:
        return [line.start for line in self.lines]

    def line_at(self, offset: int) -> Line:
        return self.lines[bisect_right(self.starts, offset) - 1]

    def section_at(self, offset: int) -> str:
        """The nearest heading above a place, without its marks; empty where there is none."""
        for line in reversed(self.lines[: self.line_at(offset).number - 1]):
            if line.heading:
                return line.text.strip().lstrip("#").strip()
        return ""

    @cached_property
    def sentences(self) -> list[Span]:
        """Every sentence that may make a claim: of headings and blank lines there are none."""
        found = []
        for line in self.lines:
            if line.blank or line.heading:
                continue
            at = 0
            for one in BETWEEN.split(line.text):
                said = one.strip('\t\xa0 ”’")')
                if re.search(r"\w", said):
                    begin = line.start + at + one.index(said)
                    found.append((begin, begin + len(said)))
                at += len(one)
        return found

    def next_sentence(self, after: int) -> Span | None:
        """The first sentence that begins at or after a place."""
        place = bisect_left(self.sentences, (after, 0))
        return self.sentences[place] if place < len(self.sentences) else None

    def sentence_before(self, start: int) -> Span | None:
        """The last sentence that begins before a place."""
        place = bisect_left(self.sentences, (start, 0))
        return self.sentences[place - 1] if place else None

    def next_open(self, after: int, claims: Iterable[Claim], silent: Collection[int]) -> Span | None:
        """The first sentence from a place on that no claim touches and that is not in a silent line."""
        taken = _merged((one.start, one.end) for one in claims if one.state in SHOWN)
        ends = [end for _, end in taken]
        for begin, end in self.sentences[bisect_left(self.sentences, (after, 0)) :]:
            place = bisect_right(ends, begin)  # the first stretch that ends beyond the sentence's beginning
            free = place == len(taken) or taken[place][0] >= end
            if free and self.line_at(begin).number not in silent:
                return begin, end
        return None

    def parts(self) -> list[tuple[int, int]]:
        """The first and last line number of each part the text is shown in."""
        found: list[tuple[int, int]] = []
        first, size = 1, 0
        for line in self.lines:
            size += len(line.text) + 1
            if size >= PART:
                found.append((first, line.number))
                first, size = line.number + 1, 0
        if first <= len(self.lines):
            found.append((first, len(self.lines)))
        return found

    def passage(self, start: int, end: int) -> Span:
        """Two offsets without the blanks around them. Raises NoPassage."""
        if not 0 <= start < end <= len(self.text):
            raise NoPassage(f"Characters {start}–{end} are no passage: the text has {len(self.text)} characters.")
        said = self.text[start:end]
        start, end = start + len(said) - len(said.lstrip()), end - len(said) + len(said.rstrip())
        if start >= end:
            raise NoPassage("The passage holds only blanks. Select the words that make the claim.")
        if end - start > MAX_PASSAGE_LENGTH:
            raise NoPassage(
                f"The passage has {end - start} characters. A claim rests on a sentence or two; select less."
            )
        return start, end

    def whole_words(self, start: int, end: int) -> Span:
        """A stretch widened to the words it begins and ends in: a hand seldom stops exactly at their edges."""
        text = self.text
        while 0 < start < end <= len(text) and text[start - 1].isalnum() and text[start].isalnum():
            start -= 1
        while 0 <= start < end < len(text) and text[end - 1].isalnum() and text[end].isalnum():
            end += 1
        return start, end

    def find(self, number: int, words: str) -> Span:
        """The place of some words in a line (or running on from it): as they are, else whatever their case and blanks.

        Without words it is the whole line. Raises NoPassage.
        """
        if not 1 <= number <= len(self.lines):
            raise NoPassage(f"There is no line {number}: the text has {len(self.lines)} lines.")
        line = self.lines[number - 1]
        if not words.strip():
            if line.blank:
                raise NoPassage(f"Line {number} is empty. Give a line that says something.")
            return self.passage(line.start, line.end)
        last = self.lines[min(number + 4, len(self.lines)) - 1]
        pattern = r"\s+".join(re.escape(word) for word in words.split())
        for flags in (0, re.IGNORECASE):
            found = re.compile(pattern, flags).search(self.text, line.start, last.end)
            if found and found.start() <= line.end:
                return found.span()
        raise NoPassage(self._where_else(number, words, pattern))

    def _where_else(self, number: int, words: str, pattern: str) -> str:
        found = re.compile(pattern, re.IGNORECASE).search(self.text)
        if found:
            return f"“{words}” is not in line {number}, but in line {self.line_at(found.start()).number}."
        return f"“{words}” stands nowhere in the text. Copy the words as they are, or give fewer of them."


def _merged(spans: Iterable[tuple[int | None, int | None]]) -> list[Span]:
    """Stretches that overlap or touch made one, in order."""
    found: list[Span] = []
    for start, end in sorted((start, end) for start, end in spans if start is not None and end is not None):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((start, end))
    return found


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a line under the same claims; `ends` are the claims whose passage ends with it."""

    text: str
    state: str
    several: bool
    selected: bool
    ends: Sequence[Claim]


@dataclass(frozen=True, slots=True)
class ReadLine:
    line: Line
    pieces: Sequence[Piece]
    notes: Sequence[Claim]  # the claims that begin here
    covered: bool
    silent: bool

    @property
    def gap(self) -> bool:
        """Something is said here, and no claim holds it."""
        return not (self.covered or self.silent or self.line.blank or self.line.heading)


def read(
    article: Article, part: tuple[int, int], claims: Iterable[Claim], silent: Collection[int], selected: Span | None
) -> list[ReadLine]:
    """The lines of one part with their marks."""
    first, last = part
    lines = article.lines[first - 1 : last]
    placed = [one for one in claims if one.start is not None and one.end is not None and one.state in SHOWN]
    by_line: defaultdict[int, list[Claim]] = defaultdict(list)
    for claim in placed:
        begin, end = article.line_at(claim.start or 0).number, article.line_at((claim.end or 1) - 1).number
        for number in range(max(begin, first), min(end, last) + 1):
            by_line[number].append(claim)
    found = []
    for line in lines:
        here = by_line[line.number]
        notes = [one for one in here if line.start <= (one.start or 0) <= line.end]
        pieces = list(_pieces(line, here, selected))
        found.append(ReadLine(line, pieces, notes, bool(here), line.number in silent))
    return found


def _pieces(line: Line, claims: Sequence[Claim], selected: Span | None) -> Iterator[Piece]:
    spans = [(one.start or 0, one.end or 0) for one in claims] + ([selected] if selected else [])
    cuts = {line.start, line.end} | {edge for span in spans for edge in span if line.start < edge < line.end}
    edges = sorted(cuts)
    for begin, end in pairwise(edges):
        over = [one for one in claims if (one.start or 0) <= begin and end <= (one.end or 0)]
        states = {one.state for one in over}
        yield Piece(
            line.text[begin - line.start : end - line.start],
            next((state.value for state in SHOWN if state in states), ""),
            len(over) > 1,
            selected is not None and selected[0] <= begin and end <= selected[1],
            [one for one in over if one.end == end],
        )


def ribbon(article: Article, claims: Iterable[Claim], selected: Span | None) -> list[tuple[int, int, str]]:
    """Where the claims lie along the whole text, as (place, width, state) in thousandths; each stretch once."""
    length = max(len(article.text), 1)
    found = set()
    for one in claims:
        if one.start is not None and one.end is not None and one.state in SHOWN:
            begin = one.start * 1000 // length
            found.add((begin, max(one.end * 1000 // length - begin, 2), one.state))
    marks = sorted(found, key=lambda mark: (-SHOWN.index(ClaimState(mark[2])), mark))
    if selected:
        begin = selected[0] * 1000 // length
        marks.append((begin, max(selected[1] * 1000 // length - begin, 3), "selected"))
    return marks


def shared_run(ours: str, theirs: str) -> str:
    """The longest run of words that stands in both, or nothing."""
    mine, given = words_of(ours), words_of(theirs)
    best, at = 0, 0
    before = [0] * (len(given) + 1)
    for place, word in enumerate(mine):
        row = [0] * (len(given) + 1)
        for other, same in enumerate(given):
            if word == same:
                row[other + 1] = before[other] + 1
                if row[other + 1] > best:
                    best, at = row[other + 1], place + 1
        before = row
    return " ".join(mine[at - best : at])

"""A source's text as curators read it: numbered lines, headings, the passages of claims, and what no claim covers.

Pure functions over a text and its claims. Offsets count code points from the beginning of the whole text.
"""

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate, islice, pairwise

from comparison.models import Claim, ClaimState
from comparison.texts.article_lines import PROSE, heading_title, line_levels, sentences
from comparison.texts.headings import Heading, heading_path, shortened
from comparison.wording import words_of

PART_LENGTH = 60_000  # characters; a part ends with the line that reaches it
MAX_PASSAGE_LENGTH = 3_000
MAX_SECTION_LENGTH = 200  # characters of the headings above a passage, as a claim stores them
PROPOSED = "proposed"  # the mark of passages that may make a claim
# The states whose claims are marked in the text, strongest mark first.
MARKED_STATES = (ClaimState.PUBLISHED, ClaimState.SUBMITTED, ClaimState.DRAFT, ClaimState.REJECTED)
Span = tuple[int, int]


class InvalidPassage(ValueError):
    """Two offsets, or a line number and words, are no passage of the text; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the text without its line end; numbers count from 1."""

    number: int
    start: int
    text: str
    level: int  # of a heading; else PROSE or NO_PROSE

    @property
    def is_heading(self) -> bool:
        return self.level > 0

    @property
    def is_prose(self) -> bool:
        """Whether it may make a claim: no blank line, heading, code or rule of a table."""
        return self.level == PROSE and not self.is_blank

    @property
    def end(self) -> int:
        return self.start + len(self.text)

    @property
    def is_blank(self) -> bool:
        return not self.text.strip()


class Article:
    """A text split into lines and sentences."""

    def __init__(self, text: str, sections: Collection[str] = ()) -> None:
        """`sections` are names that claims already use: a line with such a name is a heading."""
        self.text = text
        names = {name.strip() for section in sections for name in (section, *section.split("›"))}
        texts = text.split("\n")
        starts = accumulate((len(line) + 1 for line in texts[:-1]), initial=0)
        levels = line_levels(texts, names)
        self.lines = [
            Line(number, start, line, level)
            for number, (start, line, level) in enumerate(zip(starts, texts, levels, strict=True), 1)
        ]

    @cached_property
    def line_starts(self) -> list[int]:
        return [line.start for line in self.lines]

    def line_at(self, offset: int) -> Line:
        return self.lines[bisect_right(self.line_starts, offset) - 1]

    def section_at(self, offset: int) -> str:
        """The headings that an offset stands under, as “Deployment › Pitfalls”; empty if there are none."""
        return shortened(heading_path(self.headings, self.line_at(offset).start - 1), MAX_SECTION_LENGTH)

    @cached_property
    def headings(self) -> list[Heading]:
        return [(line.start, line.level, heading_title(line.text)) for line in self.lines if line.is_heading]

    @cached_property
    def sentences(self) -> list[Span]:
        """Every sentence that may make a claim, so none from headings, code and blank lines."""
        return [sentence for line in self.lines for sentence in sentences_of(line)]

    def lines_from(self, offset: int) -> Iterator[Line]:
        """The lines from the one that holds an offset on."""
        return islice(self.lines, self.line_at(offset).number - 1, None)

    def sentences_from(self, offset: int) -> Iterator[Span]:
        """The sentences that begin at or after an offset. Long texts are not split as a whole for one of them."""
        for line in self.lines_from(offset):
            yield from (sentence for sentence in sentences_of(line) if sentence[0] >= offset)

    def next_sentence(self, offset: int) -> Span | None:
        """The first sentence that begins at or after an offset."""
        return next(self.sentences_from(offset), None)

    def previous_sentence(self, offset: int) -> Span | None:
        """The last sentence that begins before an offset."""
        for line in reversed(self.lines[: self.line_at(offset).number]):
            if before := [sentence for sentence in sentences_of(line) if sentence[0] < offset]:
                return before[-1]
        return None

    def next_uncovered_sentence(self, offset: int, claims: Iterable[Claim], silent: Collection[int]) -> Span | None:
        """The first sentence from an offset on that no claim touches and that is not in a silent line."""
        covered = _merge_overlapping((claim.start, claim.end) for claim in claims if claim.state in MARKED_STATES)
        covered_ends = [end for _, end in covered]
        for start, end in self.sentences_from(offset):
            index = bisect_right(covered_ends, start)  # the first covered span that ends after the sentence begins
            is_free = index == len(covered) or covered[index][0] >= end
            if is_free and self.line_at(start).number not in silent:
                return start, end
        return None

    def parts(self) -> list[tuple[int, int]]:
        """The first and last line number of each part in which the text is shown."""
        parts: list[tuple[int, int]] = []
        first, size = 1, 0
        for line in self.lines:
            size += len(line.text) + 1
            if size >= PART_LENGTH:
                parts.append((first, line.number))
                first, size = line.number + 1, 0
        if first <= len(self.lines):
            parts.append((first, len(self.lines)))
        return parts

    def trimmed_passage(self, start: int, end: int) -> Span:
        """Two offsets without the blanks around the passage. Raises InvalidPassage."""
        if not 0 <= start < end <= len(self.text):
            raise InvalidPassage(f"Characters {start}–{end} are no passage: the text has {len(self.text)} characters.")
        passage = self.text[start:end]
        start += len(passage) - len(passage.lstrip())
        end -= len(passage) - len(passage.rstrip())
        if start >= end:
            raise InvalidPassage("The passage holds only blanks. Select the words that make the claim.")
        if end - start > MAX_PASSAGE_LENGTH:
            raise InvalidPassage(
                f"The passage has {end - start} characters. A claim rests on a sentence or two; select less."
            )
        return start, end

    def expand_to_words(self, start: int, end: int) -> Span:
        """Widens a span to whole words, because selecting by hand seldom stops exactly at their edges."""
        text = self.text
        while 0 < start < end <= len(text) and text[start - 1].isalnum() and text[start].isalnum():
            start -= 1
        while 0 <= start < end < len(text) and text[end - 1].isalnum() and text[end].isalnum():
            end += 1
        return start, end

    def find_words(self, number: int, words: str) -> Span:
        """Where words begin in a line (they may end in a later one), if need be ignoring case and blanks.

        Without words it is the whole line. Raises InvalidPassage.
        """
        if not 1 <= number <= len(self.lines):
            raise InvalidPassage(f"There is no line {number}: the text has {len(self.lines)} lines.")
        line = self.lines[number - 1]
        if not words.strip():
            if line.is_blank:
                raise InvalidPassage(f"Line {number} is empty. Give a line that says something.")
            return self.trimmed_passage(line.start, line.end)
        last = self.lines[min(number + 4, len(self.lines)) - 1]
        pattern = r"\s+".join(re.escape(word) for word in words.split())
        for flags in (0, re.IGNORECASE):
            match = re.compile(pattern, flags).search(self.text, line.start, last.end)
            if match and match.start() <= line.end:
                return match.span()
        raise InvalidPassage(self._location_hint(number, words, pattern))

    def _location_hint(self, number: int, words: str, pattern: str) -> str:
        match = re.compile(pattern, re.IGNORECASE).search(self.text)
        if match:
            return f"“{words}” is not in line {number}, but in line {self.line_at(match.start()).number}."
        return f"“{words}” stands nowhere in the text. Copy the words as they are, or give fewer of them."


def sentences_of(line: Line) -> list[Span]:
    """The sentences of a line that may make a claim."""
    if not line.is_prose:
        return []
    return [(line.start + start, line.start + end) for start, end in sentences(line.text)]


def _merge_overlapping(spans: Iterable[tuple[int | None, int | None]]) -> list[Span]:
    """Sorts spans and joins those that overlap or touch."""
    merged: list[Span] = []
    for start, end in sorted((start, end) for start, end in spans if start is not None and end is not None):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a line that belongs to the same claims throughout."""

    text: str
    state: str  # the strongest among its claims, or proposed; empty without any
    is_overlap: bool  # whether it belongs to several claims
    is_selected: bool
    ending_claims: Sequence[Claim]  # those whose passage ends with it


@dataclass(frozen=True, slots=True)
class AnnotatedLine:
    line: Line
    pieces: Sequence[Piece]
    starting_claims: Sequence[Claim]
    is_covered: bool
    is_silent: bool

    @property
    def is_gap(self) -> bool:
        """Whether the line says something that no claim covers."""
        return self.line.is_prose and not (self.is_covered or self.is_silent)


def annotate(
    article: Article,
    part: tuple[int, int],
    claims: Iterable[Claim],
    silent: Collection[int],
    selected: Span | None,
    proposed: Iterable[Span] = (),
) -> list[AnnotatedLine]:
    """The lines of one part with their marks."""
    first, last = part
    claims_by_line: defaultdict[int, list[Claim]] = defaultdict(list)
    for claim in _marked(claims):
        first_line, last_line = article.line_at(claim.start or 0).number, article.line_at((claim.end or 1) - 1).number
        for number in range(max(first_line, first), min(last_line, last) + 1):
            claims_by_line[number].append(claim)
    proposed_by_line: defaultdict[int, list[Span]] = defaultdict(list)
    for span in proposed:
        proposed_by_line[article.line_at(span[0]).number].append(span)
    annotated = []
    for line in article.lines[first - 1 : last]:
        line_claims = claims_by_line[line.number]
        starting = [claim for claim in line_claims if line.start <= (claim.start or 0) <= line.end]
        pieces = list(_pieces(line, line_claims, selected, proposed_by_line[line.number]))
        annotated.append(AnnotatedLine(line, pieces, starting, bool(line_claims), line.number in silent))
    return annotated


def _marked(claims: Iterable[Claim]) -> list[Claim]:
    return [
        claim for claim in claims if claim.start is not None and claim.end is not None and claim.state in MARKED_STATES
    ]


def _pieces(line: Line, claims: Sequence[Claim], selected: Span | None, proposed: Sequence[Span]) -> Iterator[Piece]:
    spans = [(claim.start or 0, claim.end or 0) for claim in claims] + ([selected] if selected else []) + [*proposed]
    inner_edges = {edge for span in spans for edge in span if line.start < edge < line.end}
    for start, end in pairwise(sorted({line.start, line.end} | inner_edges)):
        covering = [claim for claim in claims if (claim.start or 0) <= start and end <= (claim.end or 0)]
        states = {claim.state for claim in covering}
        is_proposed = any(span[0] <= start and end <= span[1] for span in proposed)
        yield Piece(
            line.text[start - line.start : end - line.start],
            next((state.value for state in MARKED_STATES if state in states), PROPOSED if is_proposed else ""),
            len(covering) > 1,
            selected is not None and selected[0] <= start and end <= selected[1],
            [claim for claim in covering if claim.end == end],
        )


def ribbon(article: Article, claims: Iterable[Claim], selected: Span | None) -> list[tuple[int, int, str]]:
    """Where the claims are along the text, as (start, width, state) in thousandths of its length, without repeats."""
    length = max(len(article.text), 1)
    unique_marks = set()
    for claim in _marked(claims):
        start = (claim.start or 0) * 1000 // length
        unique_marks.add((start, max((claim.end or 0) * 1000 // length - start, 2), claim.state))
    marks = sorted(unique_marks, key=lambda mark: (-MARKED_STATES.index(ClaimState(mark[2])), mark))
    if selected:
        start = selected[0] * 1000 // length
        marks.append((start, max(selected[1] * 1000 // length - start, 3), "selected"))
    return marks


def longest_shared_run(first: str, second: str) -> str:
    """The longest run of words that occurs in both texts; empty if there is none."""
    first_words, second_words = words_of(first), words_of(second)
    longest, run_end = 0, 0
    previous = [0] * (len(second_words) + 1)
    for index, word in enumerate(first_words):
        lengths = [0] * (len(second_words) + 1)  # of the run that ends with both words
        for other_index, other_word in enumerate(second_words):
            if word == other_word:
                lengths[other_index + 1] = previous[other_index] + 1
                if lengths[other_index + 1] > longest:
                    longest, run_end = lengths[other_index + 1], index + 1
        previous = lengths
    return " ".join(first_words[run_end - longest : run_end])

"""The passages of an article that may each make a claim: clauses, items of enumerations, cells of tables. Pure."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from comparison.curation.annotated_text import Article, Line, Span, sentences_of
from comparison.curation.proposals.outline import Outline, Path
from comparison.curation.proposals.subjects import ALL, Subjects
from comparison.curation.proposals.tables import ITEM, table_cells
from comparison.models import Framework

CONTRAST = re.compile(
    r"\s*[;–—]\s+|,?\s+(?:while|whereas|although|though|but|however|otherwise|because|so that|which|making|meaning|"
    r"leaving|helping|allowing|enabling|providing)\s+",
    re.IGNORECASE,
)
ADDITION = re.compile(
    r",\s+(?:and|or|yet|so)\s+"
    r"|\s+and\s+(?=(?:is|it|its|has|can|does|doesn|provides?|offers?|enables?|allows?|makes?|requires?|works?|comes?)\b)",
    re.IGNORECASE,
)
COMMA = re.compile(r"\s*,\s*(?:and\s+|or\s+)?|\s+and\s+")
NUMBERED = re.compile(r"\s*(?=\d)(?:\d{1,2}\s*[-–.:)]\s*)?")
MIN_ITEMS = 3
MAX_ITEM_WORDS = 7
MIN_LETTERS = 3
LOOK_BACK = 3_000  # characters


@dataclass(frozen=True, slots=True)
class Unit:
    """A passage, the frameworks it speaks of, and what stands around it: the text that gives it meaning."""

    start: int
    end: int
    frameworks: Sequence[Framework]
    path: Path
    sentence: str = ""  # of which it is a part
    label: str = ""  # of its row in a table, or the line above its list
    opposite: Sequence[Framework] = ()  # those of its frameworks of which it says the opposite


class Units:
    """The passages of one article, for any stretch of it."""

    def __init__(self, article: Article, subjects: Subjects) -> None:
        self.article, self.subjects = article, subjects
        self.outline = Outline(article, subjects.pattern)
        self.cells = table_cells(article, subjects)
        self._in_cells = {article.line_at(cell.start).number for cell in self.cells}

    def within(self, span: Span) -> list[Unit]:
        """Those that share characters with a span, in the order of the text."""
        units = [*self._in_tables(span), *self._in_sentences(span)]
        shared = (unit for unit in units if unit.start < span[1] and span[0] < unit.end)
        return sorted(shared, key=lambda unit: (unit.start, unit.end))

    def _in_tables(self, span: Span) -> Iterator[Unit]:
        for cell in self.cells:
            if cell.start < span[1] and span[0] < cell.end:
                path = self.outline.path_at(self.article.line_at(cell.start))
                text = self.article.text[cell.start : cell.end]
                for start, end in parts_of(text):
                    yield Unit(cell.start + start, cell.start + end, [cell.framework], path, text, cell.label)

    def _in_sentences(self, span: Span) -> Iterator[Unit]:
        """Begins some sentences earlier, to know what “it” is."""
        self.subjects.forget()
        intro = ""
        for start, end in _sentences_and_headings(self.article, max(span[0] - LOOK_BACK, 0)):
            if start >= span[1]:
                return
            line = self.article.line_at(start)
            if line.number in self._in_cells or (self.cells and line.text.count("|") > 1):
                continue
            text, path = self.article.text[start:end], self.outline.path_at(line)
            is_item = bool(ITEM.match(line.text))
            if not is_item:
                intro = text if line.text.rstrip().endswith(":") else ""
            yield from self._in_sentence(start, text, path, is_item, intro)

    def _in_sentence(self, start: int, text: str, path: Path, is_item: bool, intro: str) -> Iterator[Unit]:
        """A clause without a name speaks of what the clause before it does, or of both if the sentence does."""
        frameworks = of_sentence = self.subjects.of(text, path, is_item)
        parts = parts_of(text)
        for part_start, part_end in parts:
            part = text[part_start:part_end]
            if len(parts) > 1 and self.subjects.mentions(part):
                frameworks = self.subjects.of(part, path, is_item)
            elif ALL.search(text):
                frameworks = of_sentence
            opposite = self.subjects.opposite_of(part, frameworks)
            yield Unit(start + part_start, start + part_end, [*frameworks, *opposite], path, text, intro, opposite)


def _sentences_and_headings(article: Article, offset: int) -> Iterator[Span]:
    """From an offset on the sentences, and the numbered headings: “2. It is fast” says something."""
    for line in article.lines_from(offset):
        spans = _numbered_heading(line) if line.is_heading else sentences_of(line)
        yield from (span for span in spans if span[0] >= offset)


def _numbered_heading(line: Line) -> list[Span]:
    match = NUMBERED.match(line.text)
    start = line.start + (match.end() if match else 0)
    return [(start, line.start + len(line.text.rstrip()))] if match and start < line.end else []


def parts_of(text: str) -> list[Span]:
    """A sentence's clauses, and the items of its enumerations, as offsets; the sentence itself if it has no parts."""
    parts: list[Span] = []
    for start, end in _split(text, CONTRAST, 0, len(text)):
        items = list(_split(text, COMMA, start, end))
        is_list = len(items) >= MIN_ITEMS and all(len(text[a:b].split()) <= MAX_ITEM_WORDS for a, b in items[1:])
        parts += items if is_list else _split(text, ADDITION, start, end)
    return [(a, b) for a, b in parts if len(re.findall(r"\w", text[a:b])) >= MIN_LETTERS]


def _split(text: str, pattern: re.Pattern[str], start: int, end: int) -> Iterator[Span]:
    offset = start
    for match in [*pattern.finditer(text, start, end), None]:
        stop = match.start() if match else end
        piece = text[offset:stop]
        left = offset + len(piece) - len(piece.lstrip(" \t\xa0(•-–,"))
        right = offset + len(piece.rstrip(" \t\xa0.,;:!?"))
        if left < right:
            yield left, right
        offset = match.end() if match else end

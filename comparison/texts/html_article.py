"""A web page reduced to its article: headings, paragraphs, lists and tables as lines of text. Pure functions.

The rules are our own: the best known library for this task (trafilatura) brings sixteen packages, returns nothing for
deeply nested pages, and takes three times as long and seven times the memory for a long one. It also drops unseen what
a curator must see; here each part that is left out is listed and can be brought back. A light library's choice of the
lines (readability-lxml) can be laid beside ours, and taken instead.
"""

import gc
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property

from comparison.texts.html.drops import mark_drops
from comparison.texts.html.facts import read_facts
from comparison.texts.html.lines import Drop, Line, LineReader
from comparison.texts.html.main_part import mark_main_part
from comparison.texts.html.second_reading import taken_lines
from comparison.texts.html.tree import MarkupTooComplex, parse

__all__ = ["DroppedPart", "MarkupTooComplex", "Page", "Reading", "read_page"]
MIN_MAIN_SHARE = 0.3  # of the words of a page, for its article or main element to be all of the article
MAX_DROPPED_SHARE = 0.5  # of a page's words; if more is left out, the page is read without the drops by name as well
MIN_GAIN = 3  # times as many words, for that to be the article
MIN_DROP_SHARE = 0.1  # of a page's words, from which a drop by name may be the article
MIN_WORDS = 100  # of an article beside its comments
MIN_PROSE_WORDS = 15  # of a line
MAX_SAMPLE_LENGTH = 160  # characters
MAX_SHOWN_LINES = 40  # that one reading has and the other lacks
OUTSIDE = 0  # the number of the part outside the main part


@dataclass(frozen=True, slots=True)
class DroppedPart:
    """What a page's article leaves out in one place. Its number brings it back."""

    number: int
    reason: str
    word_count: int
    sample: str


@dataclass(frozen=True, slots=True)
class Reading:
    """One choice of a page's lines, beside another: what only it has. Words are those of whole lines."""

    by_library: bool
    is_taken: bool
    word_count: int
    line_count: int
    only_here: list[str]  # the first lines
    only_count: int


@dataclass
class Page:
    """A page's lines, and the facts of its head, such as title and author. `restored` parts are not left out.

    `library` holds the lines of a library's article, if it read the page too; with `by_library` its choice is taken.
    """

    lines: list[Line]
    facts: dict[str, str] = field(default_factory=dict)
    restored: Collection[int] = ()
    library: Sequence[str] = ()
    by_library: bool = False

    @cached_property
    def everything(self) -> str:
        return _as_text(self.lines)

    @cached_property
    def article(self) -> str:
        return _as_text([line for line in self.lines if id(line) in self._kept]) or self.everything

    @cached_property
    def dropped_share(self) -> float:
        """Share of the page's words that are not in the article (0 … 1)."""
        words = kept = 0
        for line in self.lines:
            count = len(line.text.split())
            words += count
            kept += count if id(line) in self._kept else 0
        return 1 - kept / words if kept else 0.0

    @cached_property
    def dropped(self) -> list[DroppedPart]:
        """The parts that are left out, in the order of the page."""
        if not self._kept:
            return []  # then the article is everything
        texts: defaultdict[int, list[str]] = defaultdict(list)
        reasons: dict[int, str] = {}
        for line in self.lines:
            if id(line) not in self._kept:
                drop = next(self._left_out_by(line), None)
                number = drop.number if drop else OUTSIDE
                reasons[number] = drop.reason if drop else self._outside
                texts[number].append(line.text)
        whole = {number: " ".join(" ".join(parts).split()) for number, parts in texts.items()}
        return [
            DroppedPart(number, reasons[number], len(text.split()), text[:MAX_SAMPLE_LENGTH])
            for number, text in whole.items()
        ]

    @property
    def has_second_reading(self) -> bool:
        return bool(self.library and self._library_choice)

    def readings(self) -> list[Reading]:
        """Our reading and the library's, beside each other; empty if the library did not read the page."""
        if not self.has_second_reading:
            return []
        ours, theirs = self._choice[1] or {id(line) for line in self.lines}, self._library_choice
        pairs = ((False, ours, theirs), (True, theirs, ours))
        return [self._reading(by_library, own, other) for by_library, own, other in pairs]

    def _reading(self, by_library: bool, own: Collection[int], other: Collection[int]) -> Reading:
        lines = [line for line in self.lines if id(line) in own]
        only = [line.text[:MAX_SAMPLE_LENGTH] for line in lines if id(line) not in other]
        shown = only[:MAX_SHOWN_LINES]
        return Reading(by_library, by_library == self.by_library, _word_count(lines), len(lines), shown, len(only))

    def _left_out_by(self, line: Line) -> Iterator[Drop]:
        return (drop for drop in line.drops if drop.number not in self._brought_back)

    @property
    def _outside(self) -> str:
        """Why a line is left out that is no part of anything left out."""
        return "not taken by the second reading" if self.by_library else "outside the main part"

    @cached_property
    def _brought_back(self) -> set[int]:
        """The numbers of the drops that do not count: the restored ones, and those by name if they take too much."""
        return set(self.restored) if self.by_library else self._choice[0]

    @cached_property
    def _kept(self) -> set[int]:
        """The lines (by id) of the article; empty if it has none."""
        return self._library_choice if self.by_library else self._choice[1]

    @cached_property
    def _library_choice(self) -> set[int]:
        restored = set(self.restored)
        back = (line for line in self.lines if restored.issuperset(_numbers(line) or {OUTSIDE}))
        return taken_lines(self.lines, self.library) | {id(line) for line in back}

    @cached_property
    def _choice(self) -> tuple[set[int], set[int]]:
        restored = set(self.restored)
        narrow = self._read(restored)
        if _word_count(narrow) >= (1 - MAX_DROPPED_SHARE) * _word_count(self.lines):
            return restored, {id(line) for line in narrow}
        by_name = self._large_drops_by_name(_word_count(narrow) >= MIN_WORDS)
        wide = self._read(restored | by_name)
        if _word_count(wide) >= MIN_GAIN * _word_count(narrow):
            return restored | by_name, {id(line) for line in wide}
        return restored, {id(line) for line in narrow}

    def _large_drops_by_name(self, without_comments: bool) -> set[int]:
        words: Counter[int] = Counter()
        for line in self.lines:
            for drop in line.drops:
                if drop.by_name and not (without_comments and "comment" in drop.reason):
                    words[drop.number] += line.text.count(" ") + 1
        enough = MIN_DROP_SHARE * _word_count(self.lines)
        return {number for number, count in words.items() if count >= enough}

    def _read(self, brought_back: set[int]) -> list[Line]:
        lines = [line for line in self.lines if not line.drops or brought_back.issuperset(_numbers(line))]
        if OUTSIDE in brought_back:
            return lines
        main = {id(line) for line in _main_part(lines)}
        return [line for line in lines if id(line) in main or any(drop.number in self.restored for drop in line.drops)]


def read_page(html: str, restored: Collection[int] = (), library: Sequence[str] = ()) -> Page:
    """The page, with the `restored` parts of it in its article. Raises MarkupTooComplex.

    If there are lines of a library's article, they choose what the article is.
    """
    with _without_collections():
        markup = parse(html)
        mark_drops(markup.root)
        mark_main_part(markup.root)
        lines = LineReader().read(markup.root)
        page = Page(lines, read_facts(markup.fact_elements), restored, library)
        page.by_library = page.has_second_reading
        return page


@contextmanager
def _without_collections() -> Iterator[None]:
    """A tree's many objects all live until it is read; looking for garbage among them takes a third of the time."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def _numbers(line: Line) -> set[int]:
    """Of what leaves a line out."""
    return {drop.number for drop in line.drops}


def _word_count(lines: list[Line]) -> int:
    return sum(line.text.count(" ") + 1 for line in lines)


def _main_part(lines: list[Line]) -> list[Line]:
    """The lines of the article or main element with the most words, if it holds enough of them; else all."""
    words: Counter[int] = Counter()
    for line in lines:
        words[line.region] += line.text.count(" ") + 1
    best = max((region for region in words if region), key=lambda region: words[region], default=0)
    if not best or words[best] < MIN_MAIN_SHARE * words.total():
        return lines
    inside = [line for line in lines if line.region == best]
    if any(line.text.startswith("# ") for line in inside):
        return inside
    first = lines.index(inside[0])
    title = next((index for index in range(first - 1, -1, -1) if lines[index].text.startswith("# ")), -1)
    if title < 0:
        title = first
        while title and (lines[title - 1].kind == "heading" or lines[title - 1].text.count(" ") >= MIN_PROSE_WORDS):
            title -= 1
    return [*lines[title:first], *inside]  # a title and an introduction may stand above


def _as_text(lines: list[Line]) -> str:
    """Joins the lines, with blank lines between blocks; items and rows of one list or table stay together."""
    parts: list[str] = []
    previous_kind = ""
    for line in lines:
        continues = line.kind == previous_kind and line.kind in ("item", "row", "pre")
        if parts and not continues:
            parts.append("")
        parts.append(line.text)
        previous_kind = line.kind
    return "\n".join(parts) + "\n" if parts else ""

"""A web page reduced to its article: headings, paragraphs, lists and tables as lines of text. Pure functions.

The rules are our own: the best known library for this task (trafilatura) brings sixteen packages, returns nothing for
deeply nested pages, and takes three times as long and seven times the memory for a long one. It also drops unseen what
a curator must see; here each part that is left out is listed and can be brought back.
"""

import gc
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property

from comparison.texts.html.drops import mark_drops
from comparison.texts.html.facts import read_facts
from comparison.texts.html.lines import Drop, Line, LineReader
from comparison.texts.html.tree import MarkupTooComplex, parse

__all__ = ["DroppedPart", "MarkupTooComplex", "Page", "read_page"]
MIN_MAIN_SHARE = 0.3  # of the words of a page, for its article or main element to be all of the article
MAX_DROPPED_SHARE = 0.5  # of a page's words; if more is left out, the page is read without the drops by name as well
MIN_GAIN = 3  # times as many words, for that to be the article
MAX_SAMPLE_LENGTH = 160  # characters
OUTSIDE = 0  # the number of the part outside the main part


@dataclass(frozen=True, slots=True)
class DroppedPart:
    """What a page's article leaves out in one place. Its number brings it back."""

    number: int
    reason: str
    word_count: int
    sample: str


@dataclass
class Page:
    """A page's lines, and the facts of its head, such as title and author. `restored` parts are not left out."""

    lines: list[Line]
    facts: dict[str, str] = field(default_factory=dict)
    restored: Collection[int] = ()

    @cached_property
    def everything(self) -> str:
        return _as_text(self.lines)

    @cached_property
    def article(self) -> str:
        return _as_text([line for line in self.lines if id(line) in self._kept]) or self.everything

    @cached_property
    def dropped_share(self) -> float:
        """Share of the page's words that are not in the article (0 … 1)."""
        words = len(self.everything.split())
        return max(1 - len(self.article.split()) / words, 0.0) if words else 0.0

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
                reasons[number] = drop.reason if drop else "outside the main part"
                texts[number].append(line.text)
        whole = {number: " ".join(" ".join(parts).split()) for number, parts in texts.items()}
        return [
            DroppedPart(number, reasons[number], len(text.split()), text[:MAX_SAMPLE_LENGTH])
            for number, text in whole.items()
        ]

    def _left_out_by(self, line: Line) -> Iterator[Drop]:
        return (drop for drop in line.drops if drop.number not in self._brought_back)

    @cached_property
    def _brought_back(self) -> set[int]:
        """The numbers of the drops that do not count: the restored ones, and those by name if they take too much."""
        return self._choice[0]

    @cached_property
    def _kept(self) -> set[int]:
        """The lines (by id) of the article; empty if it has none."""
        return self._choice[1]

    @cached_property
    def _choice(self) -> tuple[set[int], set[int]]:
        restored = set(self.restored)
        narrow = self._read(restored)
        if _word_count(narrow) >= (1 - MAX_DROPPED_SHARE) * _word_count(self.lines):
            return restored, {id(line) for line in narrow}
        by_name = {drop.number for line in self.lines for drop in line.drops if drop.by_name}
        wide = self._read(restored | by_name)
        if _word_count(wide) >= MIN_GAIN * _word_count(narrow):
            return restored | by_name, {id(line) for line in wide}
        return restored, {id(line) for line in narrow}

    def _read(self, brought_back: set[int]) -> list[Line]:
        lines = [line for line in self.lines if all(drop.number in brought_back for drop in line.drops)]
        if OUTSIDE in brought_back:
            return lines
        main = {id(line) for line in _main_part(lines)}
        return [line for line in lines if id(line) in main or any(drop.number in self.restored for drop in line.drops)]


def read_page(html: str, restored: Collection[int] = ()) -> Page:
    """The page, with the `restored` parts of it in its article. Raises MarkupTooComplex."""
    with _without_collections():
        markup = parse(html)
        mark_drops(markup.root)
        return Page(LineReader().read(markup.root), read_facts(markup.fact_elements), restored)


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
    above = lines[: lines.index(inside[0])]
    titles = [line for line in above if line.text.startswith("# ")]
    return inside if any(line.text.startswith("# ") for line in inside) else [*titles[-1:], *inside]


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

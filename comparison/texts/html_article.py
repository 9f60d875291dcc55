"""A web page reduced to its article: headings, paragraphs, lists and tables as lines of text. Pure functions.

Built on the standard library's tokenizer. The best known library for this task (trafilatura) brings sixteen packages,
returns nothing for deeply nested pages, and takes three times as long and seven times the memory for a long one.
Claims also need offsets that do not change with a library's next release.
"""

import re
import time
from bisect import bisect_right
from collections import Counter
from dataclasses import dataclass, field
from html.parser import HTMLParser

CHUNK_SIZE = 64_000  # characters fed to the parser between two looks at the clock
MAX_PARSE_SECONDS = 20.0  # an article of 5 MB takes about 8 on a slow machine


def _words(words: str) -> frozenset[str]:
    return frozenset(words.split())


DROPPED_TAGS = _words(
    """script style noscript template iframe svg math nav button select aside footer dialog object video audio
    canvas map input textarea label"""
)
DROPPED_ROLES = _words("navigation banner contentinfo complementary search dialog alert")
DROPPED_WORDS = _words(
    """comment comments advert advertisement ads ad promo promotion sponsor sponsored cookie cookies newsletter
    subscribe share sharing social related sidebar breadcrumb breadcrumbs menu popup modal banner recommended"""
)
VOID_TAGS = _words("area base br col embed hr img input link meta source track wbr")
INVISIBLE_TAGS = _words("script style template head title svg")  # their text is never shown
KEPT_TAGS = _words("html body main article")  # never dropped because of a class or id
BLOCK_TAGS = _words(
    """p div section article main header h1 h2 h3 h4 h5 h6 ul ol li dl dt dd table thead tbody tfoot tr td th caption
    pre blockquote figure figcaption hr br address details summary"""
)
CLOSED_BY = {  # open elements that a start tag closes implicitly
    "li": _words("li p"),
    "dt": _words("dt dd p"),
    "dd": _words("dt dd p"),
    "tr": _words("tr td th p"),
    "td": _words("td th p"),
    "th": _words("td th p"),
}
PARAGRAPH = _words("p")
HEADINGS = {f"h{level}": "#" * level + " " for level in range(1, 7)}
META_FACTS = {
    "og:title": "title",
    "author": "author",
    "article:author": "author",
    "article:published_time": "published",
    "og:site_name": "publisher",
    "og:url": "address",
}


class MarkupTooComplex(ValueError):
    """The page cannot be parsed in reasonable time."""


@dataclass
class Page:
    """A page's article, its whole text, and the facts of its head, such as title and author."""

    article: str
    everything: str
    facts: dict[str, str] = field(default_factory=dict)

    @property
    def dropped_share(self) -> float:
        """Share of the page's words that are not in the article (0 … 1)."""
        words = len(self.everything.split())
        return 1 - len(self.article.split()) / words if words else 0.0


@dataclass(slots=True)
class _Line:
    text: str
    kind: str  # heading, item, row, pre or empty
    drops: int  # number of enclosing elements whose content is dropped
    region: int  # number of the innermost article or main; 0 outside


@dataclass(slots=True)
class _OpenElement:
    """An element that is not closed yet."""

    tag: str
    drops: bool
    region: int  # the enclosing one
    line: int  # index of its first line


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.lines: list[_Line] = []
        self.facts: dict[str, str] = {}
        self.open: list[_OpenElement] = []
        self.counts: Counter[str] = Counter()
        self.dropped_by_name: list[_OpenElement] = []  # dropped only because of a class or id
        self.dropping = self.hidden = self.region = self.regions = 0
        self.words: list[str] = []
        self.cells: list[str] | None = None
        self.row_drops = 0  # number of dropped elements around the current row
        self.has_heading = False
        self.kind = self.title = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = {name: value or "" for name, value in attrs}
        self._read_facts(tag, attributes)
        closed = CLOSED_BY.get(tag) or (PARAGRAPH if tag in BLOCK_TAGS else ())
        while closed and self.open and self.open[-1].tag in closed:
            self.handle_endtag(self.open[-1].tag)
        if tag in BLOCK_TAGS:
            self._start_block(tag)
        if tag not in VOID_TAGS:
            self._open(tag, attributes)

    def _open(self, tag: str, attributes: dict[str, str]) -> None:
        drops_by_kind = _drops_by_kind(tag, attributes) or (tag == "header" and not self.region)
        drops = drops_by_kind or _drops_by_name(tag, attributes)
        if drops:
            self._end_line()
        self.open.append(_OpenElement(tag, drops, self.region, len(self.lines)))
        if drops and not drops_by_kind:
            self.dropped_by_name.append(self.open[-1])
        self.counts[tag] += 1
        self.dropping += drops
        self.hidden += tag in INVISIBLE_TAGS
        if tag in ("article", "main"):
            self.regions += 1
            self.region = self.regions
        if tag == "h1" and not self.has_heading:
            self._keep_heading()

    def _keep_heading(self) -> None:
        """Keeps what elements dropped by name contain after all, because they enclose the page's heading."""
        if self.dropping > len(self.dropped_by_name):
            return  # something else drops the heading
        first_lines = [element.line for element in self.dropped_by_name]
        for index in range(first_lines[0] if first_lines else 0, len(self.lines) if first_lines else 0):
            self.lines[index].drops = max(self.lines[index].drops - bisect_right(first_lines, index), 0)
        for element in self.dropped_by_name:
            element.drops = False
        self.dropping, self.dropped_by_name, self.has_heading = 0, [], True

    def handle_endtag(self, tag: str) -> None:
        if tag in BLOCK_TAGS or self.dropping:
            self._end_line()
        if tag in ("tr", "table"):
            self._end_row()
        if not self.counts[tag]:
            return  # closes nothing that is open
        while self.open and self._close() != tag:
            pass

    def _close(self) -> str:
        """Closes the innermost element and returns its tag."""
        element = self.open.pop()
        self.counts[element.tag] -= 1
        self.dropping -= element.drops
        self.hidden -= element.tag in INVISIBLE_TAGS
        if self.dropped_by_name and self.dropped_by_name[-1] is element:
            self.dropped_by_name.pop()
        if element.tag in ("article", "main"):
            self.region = element.region
        return element.tag

    def handle_data(self, data: str) -> None:
        if self.counts["title"] and not self.title:
            self.title = " ".join(data.split())
        if not self.hidden:
            self.words.append(data)

    def _start_block(self, tag: str) -> None:
        self._end_line()
        if tag == "tr":
            self._end_row()
            self.cells, self.row_drops = [], self.dropping
        elif tag == "table" or tag in HEADINGS:
            self._end_row()  # a table around this one, or around a heading, only serves the layout
            self.kind = tag if tag in HEADINGS else ""
        elif tag in ("td", "th") and self.cells is not None:
            self.cells.append("")
        elif tag in ("li", "dt", "dd"):
            self.kind = "item"

    def _end_line(self) -> None:
        """Ends the current line."""
        text = "".join(self.words)
        self.words = []
        if self.counts["pre"]:
            for line in text.strip("\n").split("\n") if text.strip() else ():
                self._add_line(line.rstrip(), "pre")
            return
        text = " ".join(text.split())
        if not text:
            return
        if self.cells and self.dropping <= self.row_drops:
            self.cells[-1] = f"{self.cells[-1]} {text}".strip()
        elif self.kind in HEADINGS:
            self._add_line(HEADINGS[self.kind] + text, "heading")
        else:
            self._add_line(("- " if self.kind == "item" else "") + text, self.kind)
        self.kind = ""

    def _end_row(self) -> None:
        if self.cells and any(self.cells):
            self._add_line("| " + " | ".join(self.cells) + " |", "row")
        self.cells = None

    def _add_line(self, text: str, kind: str) -> None:
        self.lines.append(_Line(text, kind, self.dropping, self.region))

    def _read_facts(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "meta":
            name = META_FACTS.get((attributes.get("property") or attributes.get("name", "")).lower())
            if name and attributes.get("content"):
                self.facts.setdefault(name, attributes["content"].strip())
        elif tag == "link" and attributes.get("rel", "").lower() == "canonical":
            self.facts["address"] = attributes.get("href", "")
        elif tag == "html" and attributes.get("lang"):
            self.facts["language"] = attributes["lang"][:10]


def _drops_by_kind(tag: str, attributes: dict[str, str]) -> bool:
    """Whether an element never belongs to an article, by its tag, role or visibility."""
    return tag not in KEPT_TAGS and (
        tag in DROPPED_TAGS
        or attributes.get("role", "").lower() in DROPPED_ROLES
        or "hidden" in attributes
        or attributes.get("aria-hidden") == "true"
    )


def _drops_by_name(tag: str, attributes: dict[str, str]) -> bool:
    """Whether its class or id suggests the same. Forms count too, though some sites put the whole page in one."""
    if tag in KEPT_TAGS:
        return False
    names = set(re.split(r"[^a-z]+", f"{attributes.get('class', '')} {attributes.get('id', '')}".lower()))
    return tag == "form" or not names.isdisjoint(DROPPED_WORDS)


def read_page(html: str) -> Page:
    """Raises MarkupTooComplex."""
    reader, started = _Reader(), time.monotonic()
    for offset in range(0, len(html), CHUNK_SIZE):
        reader.feed(html[offset : offset + CHUNK_SIZE])
        if time.monotonic() - started > MAX_PARSE_SECONDS:
            raise MarkupTooComplex(
                "The page’s markup is too tangled to read. Copy the article’s text and paste it instead."
            )
    reader.feed("<br>")  # not close(): on unfinished markup that takes time beyond all bounds
    reader._end_line()
    reader._end_row()
    facts = {"title": reader.title} | reader.facts
    everything = _as_text(reader.lines)
    article = _as_text(_main_part([line for line in reader.lines if not line.drops])) or everything
    return Page(article, everything, {name: value for name, value in facts.items() if value})


def _main_part(lines: list[_Line]) -> list[_Line]:
    """The lines of the article or main element with the most words, if it holds at least 30 % of them; else all."""
    words: Counter[int] = Counter()
    for line in lines:
        words[line.region] += len(line.text.split())
    best = max((region for region in words if region), key=lambda region: words[region], default=0)
    if not best or words[best] < 0.3 * words.total():
        return lines
    inside = [line for line in lines if line.region == best]
    above = lines[: lines.index(inside[0])]
    titles = [line for line in above if line.text.startswith("# ")]
    return inside if any(line.text.startswith("# ") for line in inside) else [*titles[-1:], *inside]


def _as_text(lines: list[_Line]) -> str:
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

"""A web page reduced to its article: headings, paragraphs, lists and tables as lines of text. Pure functions.

Built on the standard library's tokenizer. Of the libraries made for it, the best known (trafilatura) brings sixteen
packages, returns nothing at all for deeply nested pages and takes three times as long and seven times the memory for a
long one; and claims need lines whose offsets do not change with a library's next release.
"""

import re
import time
from bisect import bisect_right
from collections import Counter
from dataclasses import dataclass, field
from html.parser import HTMLParser

CHUNK = 64_000  # characters read between two looks at the clock
PATIENCE = 20.0  # seconds; an article of 5 MB takes about 8 on a slow machine


def _names(words: str) -> frozenset[str]:
    return frozenset(words.split())


DROPPED = _names(
    """script style noscript template iframe svg math nav button select aside footer dialog object video audio
    canvas map input textarea label"""
)
DROPPED_ROLES = _names("navigation banner contentinfo complementary search dialog alert")
DROPPED_WORDS = _names(
    """comment comments advert advertisement ads ad promo promotion sponsor sponsored cookie cookies newsletter
    subscribe share sharing social related sidebar breadcrumb breadcrumbs menu popup modal banner recommended"""
)
VOID = _names("area base br col embed hr img input link meta source track wbr")
UNSEEN = _names("script style template head title svg")  # no words of the page at all
KEPT = _names("html body main article")  # never dropped for their names
BLOCKS = _names(
    """p div section article main header h1 h2 h3 h4 h5 h6 ul ol li dl dt dd table thead tbody tfoot tr td th caption
    pre blockquote figure figcaption hr br address details summary"""
)
ENDS = {  # what a tag ends that has no end tag of its own
    "li": _names("li p"),
    "dt": _names("dt dd p"),
    "dd": _names("dt dd p"),
    "tr": _names("tr td th p"),
    "td": _names("td th p"),
    "th": _names("td th p"),
}
PARAGRAPH = _names("p")
HEADINGS = {f"h{level}": "#" * level + " " for level in range(1, 7)}
META = {
    "og:title": "title",
    "author": "author",
    "article:author": "author",
    "article:published_time": "published",
    "og:site_name": "publisher",
    "og:url": "address",
}


class TooTangled(ValueError):
    """The page cannot be read in reasonable time."""


@dataclass
class Page:
    """What a page says: its article, the whole of it, and what it tells about itself."""

    article: str
    everything: str
    facts: dict[str, str] = field(default_factory=dict)

    @property
    def dropped(self) -> float:
        """Share of the words that are not in the article."""
        words = len(self.everything.split())
        return 1 - len(self.article.split()) / words if words else 0.0


@dataclass(slots=True)
class _Line:
    text: str
    kind: str  # heading, item, row, pre or empty
    drops: int  # elements around it that drop what they hold
    region: int  # of the innermost article or main; 0 outside


@dataclass(slots=True)
class _Open:
    """An element that was not closed yet."""

    tag: str
    drops: bool
    region: int  # the one outside it
    line: int  # its first


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.lines: list[_Line] = []
        self.facts: dict[str, str] = {}
        self.open: list[_Open] = []
        self.counts: Counter[str] = Counter()
        self.named: list[_Open] = []  # those that drop for their name alone
        self.dropping = self.hidden = self.region = self.regions = 0
        self.words: list[str] = []
        self.cells: list[str] | None = None
        self.row_drops = 0  # elements that drop, around the row at hand
        self.headed = False
        self.kind = self.title = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self._facts(tag, given)
        ends = ENDS.get(tag) or (PARAGRAPH if tag in BLOCKS else ())
        while ends and self.open and self.open[-1].tag in ends:
            self.handle_endtag(self.open[-1].tag)
        if tag in BLOCKS:
            self._block(tag)
        if tag not in VOID:
            self._opened(tag, given)

    def _opened(self, tag: str, given: dict[str, str]) -> None:
        sure = _drops(tag, given) or (tag == "header" and not self.region)
        drops = sure or _named_to_drop(tag, given)
        if drops:
            self._flush()
        self.open.append(_Open(tag, drops, self.region, len(self.lines)))
        if drops and not sure:
            self.named.append(self.open[-1])
        self.counts[tag] += 1
        self.dropping += drops
        self.hidden += tag in UNSEEN
        if tag in ("article", "main"):
            self.regions += 1
            self.region = self.regions
        if tag == "h1" and not self.headed:
            self._headed()

    def _headed(self) -> None:
        """Takes back that elements drop what they hold for their names: they hold the page's heading."""
        if self.dropping > len(self.named):
            return  # something else drops the heading
        firsts = [one.line for one in self.named]
        for place in range(firsts[0] if firsts else 0, len(self.lines) if firsts else 0):
            self.lines[place].drops = max(self.lines[place].drops - bisect_right(firsts, place), 0)
        for one in self.named:
            one.drops = False
        self.dropping, self.named, self.headed = 0, [], True

    def handle_endtag(self, tag: str) -> None:
        if tag in BLOCKS or self.dropping:
            self._flush()
        if tag in ("tr", "table"):
            self._row()
        if not self.counts[tag]:
            return  # closes nothing that is open
        while self.open and self._close() != tag:
            pass

    def _close(self) -> str:
        """Closes the innermost element and says which."""
        one = self.open.pop()
        self.counts[one.tag] -= 1
        self.dropping -= one.drops
        self.hidden -= one.tag in UNSEEN
        if self.named and self.named[-1] is one:
            self.named.pop()
        if one.tag in ("article", "main"):
            self.region = one.region
        return one.tag

    def handle_data(self, data: str) -> None:
        if self.counts["title"] and not self.title:
            self.title = " ".join(data.split())
        if not self.hidden:
            self.words.append(data)

    def _block(self, tag: str) -> None:
        self._flush()
        if tag == "tr":
            self._row()
            self.cells, self.row_drops = [], self.dropping
        elif tag == "table" or tag in HEADINGS:
            self._row()  # a table around this one, or around a heading, only serves the layout
            self.kind = tag if tag in HEADINGS else ""
        elif tag in ("td", "th") and self.cells is not None:
            self.cells.append("")
        elif tag in ("li", "dt", "dd"):
            self.kind = "item"

    def _flush(self) -> None:
        """Ends the line at hand."""
        said = "".join(self.words)
        self.words = []
        if self.counts["pre"]:
            for one in said.strip("\n").split("\n") if said.strip() else ():
                self._line(one.rstrip(), "pre")
            return
        said = " ".join(said.split())
        if not said:
            return
        if self.cells and self.dropping <= self.row_drops:
            self.cells[-1] = f"{self.cells[-1]} {said}".strip()
        elif self.kind in HEADINGS:
            self._line(HEADINGS[self.kind] + said, "heading")
        else:
            self._line(("- " if self.kind == "item" else "") + said, self.kind)
        self.kind = ""

    def _row(self) -> None:
        if self.cells and any(self.cells):
            self._line("| " + " | ".join(self.cells) + " |", "row")
        self.cells = None

    def _line(self, text: str, kind: str) -> None:
        self.lines.append(_Line(text, kind, self.dropping, self.region))

    def _facts(self, tag: str, given: dict[str, str]) -> None:
        if tag == "meta":
            name = META.get((given.get("property") or given.get("name", "")).lower())
            if name and given.get("content"):
                self.facts.setdefault(name, given["content"].strip())
        elif tag == "link" and given.get("rel", "").lower() == "canonical":
            self.facts["address"] = given.get("href", "")
        elif tag == "html" and given.get("lang"):
            self.facts["language"] = given["lang"][:10]


def _drops(tag: str, given: dict[str, str]) -> bool:
    """Whether what an element holds is no part of an article, for what the element is."""
    return tag not in KEPT and (
        tag in DROPPED
        or given.get("role", "").lower() in DROPPED_ROLES
        or "hidden" in given
        or given.get("aria-hidden") == "true"
    )


def _named_to_drop(tag: str, given: dict[str, str]) -> bool:
    """Whether it is none for its name; a form neither, though some sites have all of a page in one."""
    if tag in KEPT:
        return False
    named = set(re.split(r"[^a-z]+", f"{given.get('class', '')} {given.get('id', '')}".lower()))
    return tag == "form" or not named.isdisjoint(DROPPED_WORDS)


def read_page(html: str) -> Page:
    """Raises TooTangled."""
    reader, began = _Reader(), time.monotonic()
    for at in range(0, len(html), CHUNK):
        reader.feed(html[at : at + CHUNK])
        if time.monotonic() - began > PATIENCE:
            raise TooTangled("The page’s markup is too tangled to read. Copy the article’s text and paste it instead.")
    reader.feed("<br>")  # not close(): on unfinished markup that takes time beyond all bounds
    reader._flush()
    reader._row()
    facts = {"title": reader.title} | reader.facts
    everything = _told(reader.lines)
    article = _told(_main_part([line for line in reader.lines if not line.drops])) or everything
    return Page(article, everything, {name: value for name, value in facts.items() if value})


def _main_part(lines: list[_Line]) -> list[_Line]:
    """The article (or main part) with the most words, where it holds a fair share of the page; else everything."""
    words: Counter[int] = Counter()
    for line in lines:
        words[line.region] += len(line.text.split())
    best = max((region for region in words if region), key=lambda region: words[region], default=0)
    if not best or words[best] < 0.3 * words.total():
        return lines
    found = [line for line in lines if line.region == best]
    above = lines[: lines.index(found[0])]
    titles = [line for line in above if line.text.startswith("# ")]
    return found if any(line.text.startswith("# ") for line in found) else [*titles[-1:], *found]


def _told(lines: list[_Line]) -> str:
    """Blank lines part the blocks; items and rows of one list or table stand together."""
    found: list[str] = []
    before = ""
    for line in lines:
        together = line.kind == before and line.kind in ("item", "row", "pre")
        if found and not together:
            found.append("")
        found.append(line.text)
        before = line.kind
    return "\n".join(found) + "\n" if found else ""

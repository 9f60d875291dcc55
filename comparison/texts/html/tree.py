"""A web page's markup as a tree of elements, read in bounded time however deep or broken it is.

lxml tokenizes and repairs the markup (six times as fast as the standard library's parser). The tree is our own, because
lxml's own trees end at a depth of 2,048 elements.
"""

import time
from collections import defaultdict
from contextlib import suppress
from dataclasses import dataclass, field

from lxml import etree

CHUNK_SIZE = 64_000  # characters fed to the parser between two looks at the clock
MAX_PARSE_SECONDS = 20.0  # of the processor; an article of 5 MB takes about one


def words(text: str) -> frozenset[str]:
    return frozenset(text.split())


VOID_TAGS = words("area base br col embed hr img input link meta source track wbr")
BLOCK_TAGS = words(
    """p div section article main header h1 h2 h3 h4 h5 h6 ul ol li dl dt dd table thead tbody tfoot tr td th caption
    pre blockquote figure figcaption hr br address details summary nav aside footer form fieldset dialog"""
)
FACT_TAGS = words("html meta link title script")
HEAD_TAGS = words("title meta link script style base noscript template")
INVISIBLE_TAGS = words("script style template head title svg")  # their text is never shown


class MarkupTooComplex(ValueError):
    """The page cannot be parsed in reasonable time."""


@dataclass(slots=True, eq=False)
class Element:
    tag: str
    attributes: dict[str, str]
    children: list["Element | str"] = field(default_factory=list)
    length: int = 0  # characters of its text, without blanks around its parts
    link_length: int = 0  # of these, those in links
    links: int = 0  # in it
    drop: str = ""  # why it is left out; empty if it is not
    drop_by_name: bool = False  # whether only a class or id suggests that
    is_main: bool = False  # whether it holds the running text of a page without article and main elements

    @property
    def names(self) -> str:
        """Its classes and its id, in small letters."""
        attributes = self.attributes
        return f"{attributes.get('class', '')} {attributes.get('id', '')}".lower() if attributes else ""

    @property
    def elements(self) -> list["Element"]:
        """The elements among its children."""
        return [child for child in self.children if child.__class__ is Element]

    def text(self) -> str:
        """All its text, in order."""
        parts: list[str] = []
        pending: list[Element | str] = [self]
        while pending:
            node = pending.pop()
            if isinstance(node, str):
                parts.append(node)
            else:
                pending.extend(reversed(node.children))
        return "".join(parts)


@dataclass(slots=True)
class Markup:
    """A page's tree, and the elements that hold facts about it: html, meta, link, title, and scripts of JSON-LD."""

    root: Element
    fact_elements: list[Element]


class _Builder:
    """Receives the events of lxml's parser."""

    def __init__(self) -> None:
        self.root = Element("", {})
        self.open = [self.root]
        self.counts: defaultdict[str, int] = defaultdict(int)  # of open elements
        self.fact_elements: list[Element] = []
        self.length = self.link_length = self.links = 0

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag in BLOCK_TAGS and self.open[-1].tag == "p" and tag != "br":
            self.end("p")
        elif self.open[-1].tag == "head" and tag not in HEAD_TAGS:
            self.end("head")  # pages may leave out its end
        # Until an element ends, its counts are those of the page before it.
        element = Element(tag, dict(attributes))
        self.open[-1].children.append(element)
        if tag in FACT_TAGS and self._holds_facts(element):
            self.fact_elements.append(element)
        if tag not in VOID_TAGS:
            element.length, element.link_length, element.links = self.length, self.link_length, self.links
            self.links += tag == "a"
            self.open.append(element)
            self.counts[tag] += 1

    def end(self, tag: str) -> None:
        while self.counts[tag]:
            element = self.open.pop()
            self.counts[element.tag] -= 1
            element.length = self.length - element.length
            element.link_length = self.link_length - element.link_length
            element.links = self.links - element.links
            if element.tag == tag:
                break

    def data(self, text: str) -> None:
        self.open[-1].children.append(text)
        length = len(text.strip())
        self.length += length
        if self.counts["a"]:
            self.link_length += length

    def close(self) -> Markup:
        for element in reversed(self.open[1:]):
            self.end(element.tag)
        self.root.length, self.root.link_length, self.root.links = self.length, self.link_length, self.links
        return Markup(self.root, self.fact_elements)

    def _holds_facts(self, element: Element) -> bool:
        if self.counts["svg"] or self.counts["template"]:
            return False
        is_json = element.tag == "script" and element.attributes.get("type", "").lower() == "application/ld+json"
        return is_json or element.tag != "script"


def parse(html: str) -> Markup:
    """Raises MarkupTooComplex."""
    builder, started = _Builder(), time.thread_time()
    parser = etree.HTMLParser(target=builder, huge_tree=True, encoding="utf-8")
    for offset in range(0, len(html), CHUNK_SIZE):
        parser.feed(html[offset : offset + CHUNK_SIZE].encode("utf-8", "replace"))
        if time.thread_time() - started > MAX_PARSE_SECONDS:
            raise MarkupTooComplex(
                "The page’s markup is too tangled to read. Copy the article’s text and paste it instead."
            )
    with suppress(etree.XMLSyntaxError):  # nothing but blanks or comments
        parser.close()
    return builder.close()

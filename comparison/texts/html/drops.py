"""Which elements of a page are left out of its article, and why."""

import re
from itertools import pairwise

from comparison.texts.html.names import are_line_numbers, reason_by_name
from comparison.texts.html.others import MAX_TITLE_LENGTH, MAX_TITLES, TITLE_TAGS, is_title_of_others, links_below
from comparison.texts.html.tree import BLOCK_TAGS, INVISIBLE_TAGS, Element, words

DROPPED_TAGS = {
    "nav": "navigation",
    "aside": "an aside",
    "footer": "a footer",
    "dialog": "a dialog",
    "button": "a button",
    "select": "a choice",
    "label": "a label of a form",
    "textarea": "an input",
    "noscript": "shown only without scripts",
    "iframe": "an embedded page",
    "object": "an embedded object",
    "video": "a video",
    "audio": "a sound",
    "canvas": "a drawing",
    "map": "a map",
    "del": "struck out",
    "s": "struck out",
    "strike": "struck out",
}
PAGE_HEADER = "the page’s header"
DROPPED_ROLES = words("navigation banner contentinfo complementary search dialog alert")
KEPT_TAGS = words("html body main article")  # never dropped because of a class or id
CELL_TAGS = words("td th tbody thead tfoot table")  # a missing cell would move its neighbours to other columns
HIDING_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden")
STRIKING_STYLE = re.compile(r"text-decoration[a-z-]*\s*:[^;]*line-through")
HEADING_TAGS = words("h1 h2 h3 h4 h5 h6 summary dt")
PANEL_NAMES = re.compile(r"accordion|collaps|panel|faq|answer|\btab(?:s|panel|-|\b)|toggle|expand")
HEADER_OF_ARTICLE = re.compile(r"entry|post|article|title|hero")
MIN_LINKS, MIN_LINK_SHARE, MAX_LINK_LENGTH = 4, 0.9, 90  # of a list that only leads to other pages
MIN_BLOCK_LINKS, MIN_BLOCK_LINK_SHARE = 3, 0.8  # of another block that does
MIN_CARD_LENGTH = 25  # characters of a link around a block; a heading that is a link is shorter
MIN_ARTICLE_LENGTH = 500  # characters of an article in a header
IMAGE = re.compile(r"\.(?:png|jpe?g|gif|webp|svg)(?:[?#].*)?$", re.IGNORECASE)
CONTROLS = ("aria-controls", "data-bs-target")
TELLING_TAGS = frozenset(DROPPED_TAGS) | INVISIBLE_TAGS | words("header ul ol div section form h1 article main")
TELLING_ATTRIBUTES = frozenset(CONTROLS) | words("class id style role hidden aria-hidden")


def mark_drops(root: Element) -> None:
    """Gives each element the reason why it is left out, if there is one."""
    marker = _Marker()
    path: list[Element] = []
    pending: list[tuple[Element, int]] = [(root, 0)]
    while pending:
        element, depth = pending.pop()
        while len(path) > depth:
            marker.leave(path.pop())
        if element.tag in TELLING_TAGS or not TELLING_ATTRIBUTES.isdisjoint(element.attributes):
            marker.enter(element, path)
        if 0 < element.length <= MAX_TITLE_LENGTH and element.tag in TITLE_TAGS and not element.drop:
            marker.drop_links_below(element, path)
        if element.tag in ("script", "style") or not (elements := element.elements):
            marker.leave(element)
            continue
        if element.tag == "a" and not element.drop and _is_card(element, elements):
            marker.drop_card(element)
        path.append(element)
        for before, child in pairwise(elements):
            if child.attributes and _hides(child) and _opens_panel(before):
                marker.panels.add(id(child))
        pending += [(child, depth + 1) for child in reversed(elements)]


class _Marker:
    def __init__(self) -> None:
        self.kind_drops = self.regions = 0  # number of open elements dropped by kind; of article and main
        self.controlled: set[str] = set()  # ids of the panels that buttons open
        self.panels: set[int] = set()
        self.titles = 0  # of links to other pages
        self.has_heading = self.has_article = False

    def enter(self, element: Element, path: list[Element]) -> None:
        for name in CONTROLS:
            if name in element.attributes:
                self.controlled.add(element.attributes[name].lstrip("#"))
        reason = self._by_kind(element, path)
        if reason or not element.drop:
            element.drop, element.drop_by_name = reason or _by_name(element, path[-1].tag if path else ""), not reason
        self.kind_drops += bool(reason) or element.tag in INVISIBLE_TAGS
        self.regions += element.tag in ("article", "main")
        if element.tag == "h1" and not self.has_heading and not self.kind_drops:
            self.has_heading = True
            for enclosing in [*path, element]:  # what holds the page's heading holds its article
                enclosing.drop = ""
        if element.tag == "article" and not self.has_article and element.length >= MIN_ARTICLE_LENGTH:
            self.has_article = True
            self._keep_headers(path)

    def drop_links_below(self, title: Element, path: list[Element]) -> None:
        if self.titles < MAX_TITLES and is_title_of_others(title):
            self.titles += 1
            for part in links_below(title, path):
                part.drop, part.drop_by_name = "below a title for other pages", True

    def _keep_headers(self, path: list[Element]) -> None:
        """Some sites put the whole page in its header."""
        for element in path:
            if element.tag == "header" and element.drop == PAGE_HEADER:
                element.drop = ""
                self.kind_drops -= 1

    def drop_card(self, element: Element) -> None:
        element.drop, element.drop_by_name = "a link to another page", False
        self.kind_drops += 1

    def leave(self, element: Element) -> None:
        self.kind_drops -= (bool(element.drop) and not element.drop_by_name) or element.tag in INVISIBLE_TAGS
        self.regions -= element.tag in ("article", "main")

    def _by_kind(self, element: Element, path: list[Element]) -> str:
        """Why an element never belongs to an article, by its tag, role or visibility."""
        tag, attributes = element.tag, element.attributes
        parent = path[-1].tag if path else ""
        if tag in KEPT_TAGS or not tag:
            return ""
        if attributes and self._is_hidden(element):
            return "hidden"
        if tag in DROPPED_TAGS and not _is_of_article(element, parent, path):
            return DROPPED_TAGS[tag]
        if tag == "header" and not self.regions and not HEADER_OF_ARTICLE.search(element.names):
            return PAGE_HEADER
        if (tag in ("ul", "ol") and _only_links(element)) or (tag in ("div", "section") and _mostly_links(element)):
            return "a list of links"
        if not attributes:
            return ""
        if attributes.get("role", "").lower() in DROPPED_ROLES:
            return f"marked as {attributes['role'].lower()}"
        if STRIKING_STYLE.search(attributes.get("style", "").lower()):
            return "struck out"
        return "line numbers" if are_line_numbers(element.names) else ""

    def _is_hidden(self, element: Element) -> bool:
        attributes = element.attributes
        return _hides(element) and not (
            attributes.get("hidden") == "until-found"
            or attributes.get("role") in ("region", "tabpanel")
            or attributes.get("id") in self.controlled
            or id(element) in self.panels
            or PANEL_NAMES.search(element.names)
        )


def _hides(element: Element) -> bool:
    attributes = element.attributes
    is_hidden = "hidden" in attributes or attributes.get("aria-hidden") == "true"
    return is_hidden or bool(HIDING_STYLE.search(attributes.get("style", "").lower()))


def _opens_panel(element: Element) -> bool:
    """Whether a click on an element shows what follows it."""
    if element.tag in ("button", "summary") or "aria-expanded" in element.attributes:
        return True
    return any(
        child.tag == "button" or child.attributes.get("role") == "button" or "aria-expanded" in child.attributes
        for child in [element, *element.elements]
    ) or bool(PANEL_NAMES.search(element.names))


def _is_of_article(element: Element, parent: str, path: list[Element]) -> bool:
    """Whether a button is a heading's text, and a label an item's."""
    if element.tag == "button":
        return parent in HEADING_TAGS or "aria-expanded" in element.attributes
    return element.tag == "label" and any(above.tag == "li" for above in path[-3:])


def _only_links(element: Element) -> bool:
    links = sum(child.tag == "li" for child in element.elements)
    return (
        links >= MIN_LINKS
        and element.link_length >= MIN_LINK_SHARE * element.length > 0
        and element.length <= MAX_LINK_LENGTH * links
    )


def _mostly_links(element: Element) -> bool:
    return (
        element.links >= MIN_BLOCK_LINKS
        and element.link_length >= MIN_BLOCK_LINK_SHARE * element.length > 0
        and element.length <= MAX_LINK_LENGTH * element.links
    )


def _is_card(element: Element, elements: list[Element]) -> bool:
    """Whether a link is a block that leads to another page: a heading, perhaps with a picture and a sentence or two."""
    address = element.attributes.get("href", "#")
    return (
        element.length >= MIN_CARD_LENGTH
        and not address.startswith("#")
        and not IMAGE.search(address)
        and any(child.tag in BLOCK_TAGS and child.tag != "h1" for child in elements)
    )


def _by_name(element: Element, parent: str) -> str:
    """Why a class or id suggests the same. Forms count too, though some sites put the whole page in one."""
    if element.tag in KEPT_TAGS or element.tag in CELL_TAGS:
        return ""
    if element.tag == "form":
        return "a form"
    if not element.attributes:
        return ""
    return reason_by_name(element, parent)

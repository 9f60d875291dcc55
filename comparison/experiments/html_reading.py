"""Reads tables, forms and links from a page, as a browser would show them. Standard library alone."""

from dataclasses import dataclass, field
from html.parser import HTMLParser


@dataclass
class Form:
    action: str
    method: str
    fields: dict[str, str] = field(default_factory=dict)  # what a browser would send: name and first value
    hidden: set[str] = field(default_factory=set)  # names of hidden fields


class PageReader(HTMLParser):
    """Collects what the tests ask for, in the order of the page."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[list[str]] = []
        self.forms: list[Form] = []
        self.links: list[str] = []
        self.text = ""
        self.elements: list[str] = []  # names of all elements
        self.in_cell = False
        self.in_form = False
        self.unread = ""  # the element whose content is not shown

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = {name: value or "" for name, value in attrs}
        self.elements.append(tag)
        match tag:
            case "tr":
                self.rows.append([])
            case "td" | "th":
                self.rows = self.rows or [[]]
                self.rows[-1].append("")
                self.in_cell = True
            case "a":
                self.links.append(attributes.get("href", ""))
            case "form":
                self.forms.append(Form(attributes.get("action", ""), attributes.get("method", "get").lower()))
                self.in_form = True
            case "input" | "textarea" | "select" if self.in_form:
                self.add_field(attributes)
            case "script" | "style":
                self.unread = tag

    def add_field(self, attributes: dict[str, str]) -> None:
        name = attributes.get("name", "")
        if name and attributes.get("type") not in ("submit", "button", "reset", "checkbox", "radio"):
            self.forms[-1].fields.setdefault(name, attributes.get("value", ""))
            if attributes.get("type") == "hidden":
                self.forms[-1].hidden.add(name)

    def handle_endtag(self, tag: str) -> None:
        if tag in ("td", "th"):
            self.in_cell = False
        elif tag == "form":
            self.in_form = False
        elif tag == self.unread:
            self.unread = ""

    def handle_data(self, data: str) -> None:
        if self.unread:
            return
        self.text += data
        if self.in_cell:
            self.rows[-1][-1] += data


def read_page(html: str) -> PageReader:
    reader = PageReader()
    reader.feed(html)
    reader.close()
    return reader


def table_cells(html: str) -> list[list[str]]:
    """The text of each cell, row by row."""
    return [[cell.strip() for cell in row] for row in read_page(html).rows]

"""Writing a workbook for spreadsheets (.xlsx), in which no text is ever run, whatever it begins with.

Text is written as text, numbers as numbers, and only what is a Link leads anywhere. The same sheets and date give the
same bytes.
"""

import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from functools import cached_property
from typing import NamedTuple

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

# Of the file format.
MAX_UNITS = 32_767  # UTF-16 units of a cell's text
MAX_LINKS = 65_530  # of a sheet
MAX_URL_UNITS = 2_079
MAX_NAME_LENGTH = 31  # of a sheet
NOT_IN_NAMES = re.compile(r"[\[\]:*?/\\]")

NOT_IN_TEXT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")
WEB = re.compile("https?://", re.IGNORECASE)
MAX_CELLS_IN_MEMORY = 20_000  # of a larger workbook the rows go to a file meanwhile: 65,000 cells take 5 MB, else 21
INERT = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}


class Style(StrEnum):
    """How a cell looks. What it means stands in its words too."""

    HEAD = "head"
    BEST = "best"
    GOOD = "good"
    MIDDLING = "middling"
    WEAK = "weak"
    WORST = "worst"
    DISPUTED = "disputed"
    UNKNOWN = "unknown"


FORMATS: dict[Style, dict[str, object]] = {
    Style.HEAD: {"bold": True, "bottom": 1},
    Style.BEST: {"bg_color": "#b9e0d5"},
    Style.GOOD: {"bg_color": "#e0f1ec"},
    Style.MIDDLING: {"bg_color": "#eceef3"},
    Style.WEAK: {"bg_color": "#fae4da"},
    Style.WORST: {"bg_color": "#f5c6b3"},
    Style.DISPUTED: {"bg_color": "#fbeabf", "italic": True},
    Style.UNKNOWN: {"pattern": 18, "fg_color": "#d9d5cc", "bg_color": "#ffffff"},  # hatched
}


class Link(NamedTuple):
    text: str
    url: str


class Styled(NamedTuple):
    text: str
    style: Style


Value = None | str | int | float | date | Link | Styled


class Column(NamedTuple):
    title: str
    width: int = 16  # characters


@dataclass(frozen=True)
class Sheet:
    """Rows below one row of titles, which stays in sight; so do the first columns."""

    name: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[Value]]
    fixed_columns: int = 0

    @property
    def cell_count(self) -> int:
        return len(self.columns) * (len(self.rows) + 1)


def to_xlsx(title: str, sheets: Sequence[Sheet], created: datetime) -> bytes:
    out = io.BytesIO()
    is_large = sum(sheet.cell_count for sheet in sheets) > MAX_CELLS_IN_MEMORY
    with Workbook(out, {**INERT, "in_memory": not is_large, "constant_memory": is_large}) as book:
        book.set_properties({"title": clean_text(title), "created": created.astimezone(UTC).replace(tzinfo=None)})
        formats = _Formats(book)
        for sheet, name in zip(sheets, sheet_names([sheet.name for sheet in sheets]), strict=True):
            _SheetWriter(book.add_worksheet(name), formats).write(sheet)
    return out.getvalue()


def sheet_names(names: Iterable[str]) -> list[str]:
    """The names as the format allows them: short, without some signs, and none twice, whatever its case."""
    allowed: list[str] = []
    for name in names:
        base = NOT_IN_NAMES.sub(" ", clean_text(name)).strip("' \n\t") or "Sheet"
        base = "History of" if base.casefold() == "history" else base  # reserved
        number, ending = 1, ""
        while (candidate := cut(base, MAX_NAME_LENGTH - len(ending)) + ending).casefold() in map(str.casefold, allowed):
            number += 1
            ending = f" {number}"
        allowed.append(candidate)
    return allowed


def clean_text(text: str) -> str:
    """Without characters that no cell may hold, and not longer than a cell."""
    return cut(NOT_IN_TEXT.sub("", text), MAX_UNITS)


def cut(text: str, units: int) -> str:
    """The text with at most so many UTF-16 units, and an ellipsis at its end where some are left out."""
    if len(text) * 2 <= units or _units(text) <= units:
        return text
    kept = text.encode("utf-16-le")[: 2 * (units - 1)]
    return kept.decode("utf-16-le", "ignore") + "…"


def _units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


class _Formats:
    def __init__(self, book: Workbook) -> None:
        self._book = book
        self._of_styles: dict[Style, Format] = {}

    def of(self, style: Style) -> Format:
        if style not in self._of_styles:
            self._of_styles[style] = self._add(FORMATS[style])
        return self._of_styles[style]

    @cached_property
    def plain(self) -> Format:
        return self._add({})

    @cached_property
    def link(self) -> Format:
        return self._add({"font_color": "#1c4c9c", "underline": 1})

    @cached_property
    def date(self) -> Format:
        return self._add({"num_format": "yyyy-mm-dd", "align": "left"})

    def _add(self, properties: dict[str, object]) -> Format:
        return self._book.add_format({"text_wrap": True, "valign": "top", **properties})


class _SheetWriter:
    def __init__(self, sheet: Worksheet, formats: _Formats) -> None:
        self._sheet = sheet
        self._formats = formats
        self._links = 0

    def write(self, sheet: Sheet) -> None:
        target = self._sheet
        target.freeze_panes(1, sheet.fixed_columns)
        target.set_landscape()
        target.fit_to_pages(1, 0)
        target.repeat_rows(0)
        if sheet.rows and sheet.columns:
            target.autofilter(0, 0, len(sheet.rows), len(sheet.columns) - 1)
        for index, column in enumerate(sheet.columns):
            target.set_column(index, index, column.width)
            self._write(0, index, Styled(column.title, Style.HEAD))
        for number, row in enumerate(sheet.rows, 1):
            for index, value in enumerate(row):
                self._write(number, index, value)

    def _write(self, row: int, column: int, value: Value) -> None:
        sheet, formats = self._sheet, self._formats
        match value:
            case None | "":
                pass
            case Link(text, url):
                self._write_link(row, column, clean_text(text), url)
            case Styled(text, style):
                sheet.write_string(row, column, clean_text(text), formats.of(style))
            case str():
                sheet.write_string(row, column, clean_text(value), formats.plain)
            case date():
                sheet.write_datetime(row, column, value, formats.date)
            case _:
                sheet.write_number(row, column, value, formats.plain)

    def _write_link(self, row: int, column: int, text: str, url: str) -> None:
        """Leads to addresses of the web alone; the format's own links into files and workbooks stay text."""
        if not WEB.match(url) or _units(url) > MAX_URL_UNITS // 3 or self._links >= MAX_LINKS:  # escapes are longer
            self._write(row, column, text)
            return
        self._links += 1
        self._sheet.write_url(row, column, url, self._formats.link, string=text)

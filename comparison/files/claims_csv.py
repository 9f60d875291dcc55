"""Claims as the rows of a spreadsheet, written and read. Reading what was written gives the same values."""

import csv
import io
import re
from collections.abc import Iterable, Iterator
from decimal import Decimal
from itertools import zip_longest
from typing import Any

from comparison.files.documents import escape_formula
from comparison.models import Claim
from comparison.texts.decode import MAX_BYTES, SIGNATURES, normalize_newlines

COLUMNS = [
    "id",
    "source",
    "framework",
    "criterion",
    "statement",
    "level",
    "support",
    "low",
    "high",
    "item",
    "section",
    "start",
    "end",
    "quote",
    "version_range",
    "state",
]
REQUIRED_COLUMNS = ("source", "framework", "criterion", "statement")
MAX_ROWS = 30_000
BATCH_SIZE = 200  # rows in a piece of a file
NO_HEADING = ""  # the key of a cell that stands under no heading
ADVICE = "In the spreadsheet choose “Save as” and “CSV UTF-8”; in LibreOffice the character set “Unicode (UTF-8)”."

Row = dict[str, str]


class UnreadableFile(ValueError):
    """The file as a whole cannot be read as claims; the message says why, and what to do."""


def csv_pieces(claims: Iterable[Claim]) -> Iterator[str]:
    """A CSV file in pieces. The claims must come with source, framework and criterion, else each costs queries."""
    out = io.StringIO()
    writer = csv.writer(out)
    out.write("\ufeff")
    writer.writerow(COLUMNS)
    for number, claim in enumerate(claims, 1):
        writer.writerow([escape_cell(value) for value in _cells(claim)])
        if number % BATCH_SIZE == 0:
            yield out.getvalue()
            out.seek(0)
            out.truncate()
    yield out.getvalue()


def _cells(claim: Claim) -> list[Any]:
    slugs = {"source": claim.source.slug, "framework": claim.framework.slug, "criterion": claim.criterion.slug}
    return [_plain(slugs[name] if name in slugs else getattr(claim, name)) for name in COLUMNS]


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return f"{value:f}".rstrip("0").rstrip(".") if "." in f"{value:f}" else f"{value:f}"
    return "" if value is None else value


def escape_cell(value: Any) -> Any:
    """Puts an apostrophe before what a spreadsheet would run, and before another apostrophe; see unescape_cell."""
    if isinstance(value, str) and (value.startswith("'") or escape_formula(value) != value):
        return "'" + value
    return value


def unescape_cell(cell: str) -> str:
    """Undoes escape_cell."""
    return cell[1:] if cell[:1] == "'" and escape_cell(cell[1:]) != cell[1:] else cell


def decode_upload(data: bytes) -> str:
    """The text of an uploaded file. Raises UnreadableFile."""
    if len(data) > MAX_BYTES:
        raise UnreadableFile(f"The file has {len(data):,} bytes; at most {MAX_BYTES:,} are taken. Part it in two.")
    for signature, name in SIGNATURES.items():
        if data.startswith(signature):
            raise UnreadableFile(f"This is {name}, not a CSV file. {ADVICE}")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise UnreadableFile(f"Line {line} is not UTF-8. {ADVICE}") from None
    if "\0" in text:
        raise UnreadableFile(f"The file holds NUL bytes, so it is no CSV file in UTF-8. {ADVICE}")
    return normalize_newlines(text)


def read_rows(text: str) -> list[tuple[int, Row]]:
    """The rows with their numbers; the headings are row 1. Cells are separated by commas, semicolons or tabs.

    Each row has all columns that the headings name. Raises UnreadableFile.
    """
    lines = _lines(normalize_newlines(text).removeprefix("\ufeff"))
    names = _column_names(lines)
    if len(lines) - 1 > MAX_ROWS:
        raise UnreadableFile(f"The file has {len(lines) - 1:,} rows; at most {MAX_ROWS:,} are taken at once. Part it.")
    return [(number, _row(names, cells)) for number, cells in enumerate(lines[1:], 2) if any(map(str.strip, cells))]


def _lines(text: str) -> list[list[str]]:
    first_line = text.split("\n", 1)[0]
    delimiter = max(",;\t", key=first_line.count)
    try:
        return list(csv.reader(io.StringIO(text), delimiter=delimiter, strict=True))
    except csv.Error as error:
        raise UnreadableFile(f"This is no CSV file: {error}. {ADVICE}") from None


def _column_names(lines: list[list[str]]) -> list[str]:
    if not lines or not any(cell.strip() for cell in lines[0]):
        raise UnreadableFile("The file is empty.")
    names = [re.sub(r"\s+", "_", cell.strip().casefold()) for cell in lines[0]]
    if missing := [name for name in REQUIRED_COLUMNS if name not in names]:
        raise UnreadableFile(f"The first row must name the columns; missing: {', '.join(missing)}.")
    for index, name in enumerate(names):
        if name and name not in COLUMNS:
            raise UnreadableFile(f"There is no column “{name[:40]}”. There are: {', '.join(COLUMNS)}.")
        if name and name in names[:index]:
            raise UnreadableFile(f"Two columns are called “{name}”. Remove one.")
    return names


def _row(names: list[str], cells: list[str]) -> Row:
    pairs = list(zip_longest(names, cells, fillvalue=""))
    row = {name: unescape_cell(cell) for name, cell in pairs if name}
    without_heading = [cell for name, cell in pairs if not name and cell.strip()]
    return row | {NO_HEADING: without_heading[0]} if without_heading else row

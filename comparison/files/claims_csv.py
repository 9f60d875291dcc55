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
from comparison.texts.decode import BOMS, MAX_BYTES, SIGNATURES, normalize_newlines

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
SEPARATOR_LINE = re.compile(r'\s*"?sep=([^\w\s"]|\t)"?[,;\t]*(?:\n|$)', re.IGNORECASE)  # as Excel writes and reads it
HEADINGS = re.compile(r"^.*[^\s,;\"].*$", re.MULTILINE)  # the first line that is not blank
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
        whole, _, decimals = f"{value:f}".partition(".")
        decimals = decimals.rstrip("0")
        # Three decimals might be taken for thousands, four cannot.
        return f"{whole}.{decimals}{'0' * (len(decimals) == 3)}" if decimals else whole
    return "" if value is None else value


def escape_cell(value: Any) -> Any:
    """Puts an apostrophe before what a spreadsheet would run, and before another apostrophe; see unescape_cell."""
    if isinstance(value, str) and (value.startswith("'") or escape_formula(value) != value):
        return "'" + value
    return value


def unescape_cell(cell: str) -> str:
    """Undoes escape_cell."""
    return cell[1:] if cell[:1] == "'" and escape_cell(cell[1:]) != cell[1:] else cell


def decode_upload(data: bytes) -> tuple[str, str]:
    """The text of an uploaded file, and its encoding. Raises UnreadableFile."""
    if len(data) > MAX_BYTES:
        raise UnreadableFile(f"The file has {len(data):,} bytes; at most {MAX_BYTES:,} are taken. Part it in two.")
    for signature, name in SIGNATURES.items():
        if data.startswith(signature):
            raise UnreadableFile(f"This is {name}, not a CSV file. {ADVICE}")
    text, encoding = _decoded(data)
    if "\0" in text:
        raise UnreadableFile(f"The file holds NUL bytes, so it is no CSV file. {ADVICE}")
    return normalize_newlines(text), encoding


def _decoded(data: bytes) -> tuple[str, str]:
    """As spreadsheets save texts: UTF-8, UTF-16 with its mark, or else Windows-1252."""
    encoding = next((name for mark, name in BOMS.items() if data.startswith(mark)), "utf-8")
    try:
        return data.decode("utf-8-sig" if encoding == "utf-8" else encoding), encoding
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
    try:
        return data.decode("windows-1252"), "windows-1252"
    except UnicodeDecodeError:
        raise UnreadableFile(f"Line {line} is neither UTF-8 nor Windows-1252. {ADVICE}") from None


def read_rows(text: str) -> list[tuple[int, Row]]:
    """The rows with their numbers as a spreadsheet shows them. Cells are separated by commas, semicolons or tabs.

    Blank rows may stand before the headings, and before those a line sep=; that names the separator. Each row has all
    columns that the headings name. Raises UnreadableFile.
    """
    lines = _lines(normalize_newlines(text).removeprefix("\ufeff"))
    first = next((index for index, cells in enumerate(lines) if any(map(str.strip, cells))), None)
    if first is None:
        raise UnreadableFile("The file is empty.")
    names, rows = _column_names(lines[first]), lines[first + 1 :]
    if len(rows) > MAX_ROWS:
        raise UnreadableFile(f"The file has {len(rows):,} rows; at most {MAX_ROWS:,} are taken at once. Part it.")
    return [(number, _row(names, cells)) for number, cells in enumerate(rows, first + 2) if any(map(str.strip, cells))]


def _lines(text: str) -> list[list[str]]:
    """The cells of each line; a line that only names the separator is none, as in spreadsheets."""
    separator = SEPARATOR_LINE.match(text)
    if separator:
        text, delimiter = text[separator.end() :], separator[1]
    else:
        headings = HEADINGS.search(text)
        delimiter = max(",;\t", key=headings[0].count) if headings else ","
    try:
        return list(csv.reader(io.StringIO(text), delimiter=delimiter, strict=True))
    except csv.Error as error:
        raise UnreadableFile(f"This is no CSV file: {error}. {ADVICE}") from None


def _column_names(headings: list[str]) -> list[str]:
    names = [re.sub(r"\s+", "_", cell.strip().casefold()) for cell in headings]
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

"""Claims as the rows of a spreadsheet: written out, and taken apart again. What comes back is what went out."""

import csv
import io
import re
from collections.abc import Iterable, Iterator
from decimal import Decimal
from itertools import zip_longest
from typing import Any

from comparison.files.documents import defused
from comparison.models import Claim
from comparison.texts.decode import MAX_BYTES, SIGNATURES, unified

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
NEEDED = ("source", "framework", "criterion", "statement")
MAX_ROWS = 30_000
BATCH_SIZE = 200  # rows in one piece of a file
STRAY = ""  # under this name stands what a row has beyond the headings
ADVICE = "In the spreadsheet choose “Save as” and “CSV UTF-8”; in LibreOffice the character set “Unicode (UTF-8)”."

Row = dict[str, str]


class NotClaims(ValueError):
    """The file as a whole cannot be read; the message says why, and the way out."""


def written(claims: Iterable[Claim]) -> Iterator[str]:
    """A CSV file in pieces; claims bring source, framework and criterion along."""
    out = io.StringIO()
    writer = csv.writer(out)
    out.write("\ufeff")
    writer.writerow(COLUMNS)
    for number, claim in enumerate(claims, 1):
        writer.writerow([guarded(value) for value in _cells(claim)])
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


def guarded(value: Any) -> Any:
    """What a spreadsheet would run gets an apostrophe, and so does what begins with one, so that bare() undoes it."""
    if isinstance(value, str) and (value.startswith("'") or defused(value) != value):
        return "'" + value
    return value


def bare(cell: str) -> str:
    return cell[1:] if cell[:1] == "'" and guarded(cell[1:]) != cell[1:] else cell


def decoded(data: bytes) -> str:
    """The text of an uploaded file. Raises NotClaims."""
    if len(data) > MAX_BYTES:
        raise NotClaims(f"The file has {len(data):,} bytes; at most {MAX_BYTES:,} are taken. Part it in two.")
    for signature, name in SIGNATURES.items():
        if data.startswith(signature):
            raise NotClaims(f"This is {name}, not a CSV file. {ADVICE}")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise NotClaims(f"Line {line} is not UTF-8. {ADVICE}") from None
    if "\0" in text:
        raise NotClaims(f"The file holds NUL bytes, so it is no CSV file in UTF-8. {ADVICE}")
    return unified(text)


def read_rows(text: str) -> list[tuple[int, Row]]:
    """The rows with their numbers, the heading being row 1; between the cells commas, semicolons or tabs.

    Every row has every column that the heading names. Raises NotClaims.
    """
    lines = _lines(unified(text).removeprefix("\ufeff"))
    heads = _heads(lines)
    if len(lines) - 1 > MAX_ROWS:
        raise NotClaims(f"The file has {len(lines) - 1:,} rows; at most {MAX_ROWS:,} are taken at once. Part it.")
    return [(number, _row(heads, cells)) for number, cells in enumerate(lines[1:], 2) if any(map(str.strip, cells))]


def _lines(text: str) -> list[list[str]]:
    first = text.split("\n", 1)[0]
    mark = max(",;\t", key=first.count)
    try:
        return list(csv.reader(io.StringIO(text), delimiter=mark, strict=True))
    except csv.Error as error:
        raise NotClaims(f"This is no CSV file: {error}. {ADVICE}") from None


def _heads(lines: list[list[str]]) -> list[str]:
    if not lines or not any(cell.strip() for cell in lines[0]):
        raise NotClaims("The file is empty.")
    heads = [re.sub(r"\s+", "_", cell.strip().casefold()) for cell in lines[0]]
    if missing := [name for name in NEEDED if name not in heads]:
        raise NotClaims(f"The first row must name the columns; missing: {', '.join(missing)}.")
    for place, name in enumerate(heads):
        if name and name not in COLUMNS:
            raise NotClaims(f"There is no column “{name[:40]}”. There are: {', '.join(COLUMNS)}.")
        if name and name in heads[:place]:
            raise NotClaims(f"Two columns are called “{name}”. Remove one.")
    return heads


def _row(heads: list[str], cells: list[str]) -> Row:
    pairs = list(zip_longest(heads, cells, fillvalue=""))
    stray = [cell for head, cell in pairs if not head and cell.strip()]
    return {head: bare(cell) for head, cell in pairs if head} | ({STRAY: stray[0]} if stray else {})

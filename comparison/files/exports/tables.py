"""Tables in other shapes: a row per criterion and framework for spreadsheets and programs, and verdicts alone to paste.

They are made from the same dictionaries as the JSON, so that no number can differ from it.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from comparison.evidence import OPINION_KINDS, State
from comparison.files.documents import Document
from comparison.files.json_dicts import row_dict
from comparison.models import Edition
from comparison.tables.cells.rows import outcome_text
from comparison.tables.table import Cell, Reference, Row, Table
from comparison.wording import format_signed, label_within, verdict_word

TIDY_COLUMNS = ["slug", "name", "category", "kind", "framework", "framework_name", "position", "strength", "value"]
TIDY_COLUMNS += ["low", "high", "unit", "state", "leader", "sources", "address"]
STATED = (State.DISPUTED, State.ONE_SOURCE)  # what a verdict alone would hide


def tidy_document(table: Table, rows: Sequence[Row], title: str, url: str) -> Document:
    """A row per criterion and framework; numbers are plain, with the minus of ASCII. `url` is the comparison's."""
    lines = [line for row in rows for line in _tidy_lines(row, table.references, url)]
    return Document(title, {}, TIDY_COLUMNS, lines)


def _tidy_lines(row: Row, references: Mapping[int, Reference], url: str) -> Iterator[list[Any]]:
    data, criterion = row_dict(row, references), row.criterion
    head = [criterion.slug, criterion.name, criterion.category.slug, criterion.kind]
    for cell in row.cells:
        slug = cell.framework.slug
        known = data["cells"][slug]
        tail = [criterion.unit, known["state"], data["leader"] or "", " ".join(known["sources"])]
        strength = known["strength"] if cell.verdict.is_known else None
        measures = [known["position"], strength, *_tidy_value(known["value"])]
        yield [*head, slug, cell.framework.name, *measures, *tail, f"{url}{criterion.slug}/"]


def _tidy_value(value: Any) -> tuple[Any, Any, Any]:
    """A verdict's value as in the JSON, with low and high of a figure; the items of a list in one text."""
    if isinstance(value, dict):
        return value["median"], value["low"], value["high"]
    if isinstance(value, list):
        return "; ".join(item["item"] for item in value), None, None
    return value, None, None


def compact_document(table: Table, rows: Sequence[Row], edition: Edition, title: str, url: str) -> Document:
    """A verdict in a few words per cell, without claims and sources, for a wiki or a message.

    A framework alone is ahead of nobody: its rows have no outcome.
    """
    names = [framework.name for framework in table.frameworks]
    return Document(
        title,
        {},
        ["Criterion", *names, "Outcome"] if len(names) > 1 else ["Criterion", *names],
        [_compact_row(row, table.references) for row in rows],
        lead=f"Edition {edition.number}, {edition.at:%d %B %Y}. Claims and sources: {url}",
    )


def _compact_row(row: Row, references: Mapping[int, Reference]) -> list[str]:
    verdicts = [short_verdict(cell, row.criterion.unit) for cell in row.cells]
    outcomes = [outcome_text(row, references)[0]] if len(row.cells) > 1 else []
    return [row.criterion.name, *verdicts, *outcomes]


def short_verdict(cell: Cell, unit: str) -> str:
    verdict = cell.verdict
    words = verdict_word(verdict)
    if verdict.kind in OPINION_KINDS and verdict.position is not None:
        words += f" ({format_signed(verdict.position)})"
    elif verdict.figure:
        words += f" {unit}"
    return f"{words}, {label_within(verdict.state)}" if verdict.state in STATED else words

"""Tables and lists as files to download: one document, written as JSON, CSV or Markdown."""

import csv
import io
import json
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from comparison.evidence import Finding, SourceKind, Support
from comparison.files.json_dicts import claim_dict, table_dict
from comparison.files.json_types import JsonObject
from comparison.models import Claim, Edition, Source
from comparison.tables.cells.rows import outcome_text
from comparison.tables.cells.views import state_label
from comparison.tables.table import Cell, Reference, Row, Table
from comparison.wording import format_number, format_range, format_signed, label_within, verdict_word

BLANK_OR_UNSEEN = " \t\n\r\x0b\x0c\x1c\x1d\x1e\x1f\x85\xa0\u1680\u2028\u2029\u202f\u205f\u3000" + "".join(
    map(chr, (*range(0x2000, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2070), 0xAD, 0xFEFF))
)
MARKUP = re.compile(r"[\\|<*_`\[\]!~$]|&(?=#?\w+;)")
_IN_BRACKETS = r"\([^\s<>\"()]*\)"
ADDRESS = re.compile(rf"(https?://(?:[^\s<>\"()]|{_IN_BRACKETS})*(?:[^\s<>\".,;:!?'()\]]|{_IN_BRACKETS}))")
BLOCK_START = re.compile(r"^(\d{0,9})([.)](?=\s|$)|(?:[-+]|#{1,6})(?=\s|$)|>|-(?=-)|=+$)")
HEADING_END = re.compile(r"(?<=\s)(#+)$")
Absolute = Callable[[str], str]  # the whole address of a path


@dataclass(frozen=True)
class Document:
    """The same rows twice: as data for JSON, and as columns of text. `notes` are the footnotes by their marks."""

    title: str
    data: JsonObject
    columns: Sequence[str]
    rows: Sequence[Sequence[Any]]
    notes: Mapping[str, str] = field(default_factory=dict)
    lead: str = ""
    left_out: str = ""  # of a list, if it is not whole: which part this is, and where the next one is


@dataclass(frozen=True, slots=True)
class Part:
    """Where the rows of a document stand in a longer list, with the addresses of the parts beside them."""

    count: int  # rows of the whole list
    count_is_exact: bool = True  # if not, there are more
    first: int = 1  # the number of its first row
    next: str | None = None
    previous: str | None = None


@dataclass(frozen=True, slots=True)
class CitedStatement:
    """A statement with the mark of its source's footnote, and the claim and passage it comes from."""

    text: str
    mark: str
    passage: str


# Writing a document. A cell is a value, or a tuple of CitedStatement.


def to_csv(document: Document) -> str:
    """With a byte order mark, so that spreadsheets read UTF-8, and no cell that a spreadsheet would run.

    The first line says what is left out, if anything is.
    """
    out = io.StringIO()
    out.write("\ufeff")
    if document.left_out:
        out.write(f"# {document.left_out}\r\n")
    writer = csv.writer(out)
    writer.writerow([escape_formula(name) for name in document.columns])
    for row in document.rows:
        writer.writerow([escape_formula(_with_notes(value, document.notes)) for value in row])
    return out.getvalue()


def _with_notes(value: Any, notes: Mapping[str, str]) -> Any:
    """The cell with its footnotes written out, since CSV has no footnotes."""
    if isinstance(value, tuple):
        return "; ".join(f"{cited.text} [{notes[cited.mark].rstrip('.')}] ({cited.passage})" for cited in value)
    return value


def escape_formula(value: Any) -> Any:
    """Text that a spreadsheet would take for a formula gets an apostrophe before it; numbers stay numbers."""
    if isinstance(value, str) and (value[:1] in {"\t", "\r", "\n"} or _first_sign(value) in {"=", "+", "-", "@"}):
        return "'" + value
    return value


def _first_sign(text: str) -> str:
    """The first character that shows, as a spreadsheet takes it: full-width signs count as the plain ones."""
    shown = text.lstrip(BLANK_OR_UNSEEN)
    return unicodedata.normalize("NFKC", shown[:1])


def to_markdown(document: Document) -> str:
    lines = [document.left_out, ""] if document.left_out else []
    lines += [f"# {escape_markdown(document.title)}", ""]
    if document.lead:
        lines += [escape_markdown(document.lead), ""]
    lines += [_markdown_row(document.columns), "|" + "---|" * len(document.columns)]
    lines += [_markdown_row(row) for row in document.rows]
    lines += [""] + [f"[^{mark}]: {escape_markdown(text)}" for mark, text in document.notes.items()]
    return "\n".join(lines).rstrip() + "\n"


def _markdown_row(values: Iterable[Any]) -> str:
    return "| " + " | ".join(_markdown_cell(value) for value in values) + " |"


def _markdown_cell(value: Any) -> str:
    if isinstance(value, tuple):
        return "; ".join(f"{escape_markdown(cited.text)} [^{cited.mark}] ({cited.passage})" for cited in value)
    return escape_markdown("" if value is None else str(value))


def escape_markdown(text: str) -> str:
    """The text on one line, so that Markdown renders it as it is; addresses stay links."""
    line = " ".join(text.split())
    parts = ADDRESS.split(line)  # every second one is an address
    line = "".join(_marked_address(part) if index % 2 else _escaped(part) for index, part in enumerate(parts))
    return HEADING_END.sub(r"\\\1", BLOCK_START.sub(r"\1\\\2", line, count=1))


def _marked_address(address: str) -> str:
    """Between angles where it holds marks: a mark that is escaped in a bare address is taken for a part of it."""
    escaped = _escaped(address)
    return address if escaped == address else escaped if "|" in address or "\\" in address else f"<{address}>"


def _escaped(text: str) -> str:
    return MARKUP.sub(r"\\\g<0>", text)


# A table as a document.


def table_document(table: Table, rows: Sequence[Row], edition: Edition, title: str, url: str) -> Document:
    """`url` leads to the page that shows exactly these rows and verdicts."""
    columns = ["Category", "Criterion", "Outcome"]
    for framework in table.frameworks:
        columns += [framework.name, f"{framework.name}: evidence", f"{framework.name}: claims and sources"]
    cells = [_table_row(row, table.references) for row in rows]
    return Document(
        title,
        table_dict(table, rows, edition),
        columns,
        cells,
        _footnotes(table.references, cells),
        lead=f"Edition {edition.number}, {edition.at:%d %B %Y}. {url}",
    )


def _table_row(row: Row, references: Mapping[int, Reference]) -> list[Any]:
    result, reason = outcome_text(row, references)
    cells: list[Any] = [
        row.criterion.category.name,
        row.criterion.name,
        f"{result}, {reason}" if reason else result,
    ]
    for cell in row.cells:
        cells += [
            cell_text(cell, row.criterion.unit),
            state_label(cell, references),
            tuple(_cited_statements(cell, references)),
        ]
    return cells


def cell_text(cell: Cell, unit: str) -> str:
    """A verdict in one line."""
    verdict = cell.verdict
    word = verdict_word(verdict)
    if verdict.position is not None:
        return f"{word} ({format_signed(verdict.position)}, strength {verdict.strength:.2f})"
    if verdict.figure:
        return f"{format_range(verdict.figure.low, verdict.figure.high)} {unit}"
    if verdict.items:
        return ", ".join(item.name for item in verdict.items)
    return word


def _cited_statements(cell: Cell, references: Mapping[int, Reference]) -> Iterator[CitedStatement]:
    """Each claim that counts, with what it says of the framework: praise (+), blame (−), or the support it names."""
    verdict = cell.verdict
    reported = [pk for pk in verdict.reported if pk not in (*verdict.supporting, *verdict.opposing)]
    for claim in cell.claim_list([*verdict.supporting, *verdict.opposing, *verdict.neutral, *reported]):
        characters = f", characters {claim.start}\N{EN DASH}{claim.end}" if claim.start is not None else ""
        mark = footnote_mark(references[claim.speaker_id].source)
        yield CitedStatement(f"{_claim_mark(claim)}{claim.statement}", mark, f"claim {claim.pk}{characters}")


def _claim_mark(claim: Claim) -> str:
    """What stands before a statement: a sign or a support, never a sign that means agreement with the verdict."""
    if claim.level is not None:
        return "(+) " if claim.level > 0 else "(\N{MINUS SIGN}) " if claim.level < 0 else "(\N{MIDDLE DOT}) "
    return f"({label_within(Support(claim.support))}) " if claim.support else ""


def footnote_mark(source: Source) -> str:
    """The slug: the same in every file, so that several of them can stand in one text."""
    return source.slug


def _footnotes(references: Mapping[int, Reference], rows: Iterable[Sequence[Any]]) -> dict[str, str]:
    """Those that some cell cites."""
    marks = {cited.mark for row in rows for cell in row if isinstance(cell, tuple) for cited in cell}
    sources = (reference.source for reference in references.values())
    return {footnote_mark(source): citation(source) for source in sources if footnote_mark(source) in marks}


def citation(source: Source) -> str:
    """The source as a bibliography names it."""
    author = f"{source.author}, " if source.author else ""
    title = source.full_title if source.title.endswith(("?", "!", ".")) else f"{source.full_title}."
    publisher = source.publisher or "Publisher not stated"
    published = source.published.isoformat() if source.published else "undated"
    is_ours = source.kind == SourceKind.MEASUREMENT.value  # and needs no other address
    place = source.address or ("" if is_ours else "Address not known")
    return f"{author}{title} {publisher}, {published}." + (f" {place}." if place else "")


# Lists as documents.


def list_document(title: str, results: Sequence[JsonObject], edition: Edition, part: Part | None = None) -> Document:
    """A list of flat dictionaries; CSV and Markdown show nested values as JSON. Without `part` it is the whole list."""
    columns = list(results[0]) if results else ["nothing"]
    rows = [[_flat(result[name]) for name in columns] for result in results]
    return Document(title, _list_data(results, edition, part), columns, rows, left_out=_left_out(len(results), part))


def _list_data(results: Sequence[JsonObject], edition: Edition, part: Part | None) -> JsonObject:
    part = part or Part(len(results))
    page = {"count": part.count, "count_is_exact": part.count_is_exact, "next": part.next, "previous": part.previous}
    return {"edition": edition.number, **page, "results": results}


def _left_out(rows: int, part: Part | None) -> str:
    """Which part of a list these rows are, and where the next one is; empty for the whole list."""
    if part is None or (part.next is None and part.previous is None):
        return ""
    count = format_number(part.count) if part.count_is_exact else f"more than {format_number(part.count)}"
    following = f"; the next are at {part.next}" if part.next else ""
    return f"Only {format_number(part.first)} to {format_number(part.first + rows - 1)} of {count}{following}"


def _flat(value: Any) -> Any:
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        return ", ".join(value)
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict | list) else value


CLAIM_COLUMNS = ["id", "framework", "criterion", "category", "kind", "statement", "value", "findings", "versions"]
CLAIM_COLUMNS += ["source", "title", "author", "publisher", "published", "address", "section", "start", "end", "url"]
CLAIM_COLUMNS += ["part"]


def claims_document(
    title: str, claims: Sequence[Claim], edition: Edition, absolute: Absolute, part: Part | None = None
) -> Document:
    """Claims with everything a citation needs in columns of its own. `part` is as in list_document."""
    urls = [absolute(claim.get_absolute_url()) for claim in claims]
    results = [{**claim_dict(claim), "url": url} for claim, url in zip(claims, urls, strict=True)]
    rows = [_claim_row(claim, url) for claim, url in zip(claims, urls, strict=True)]
    left_out = _left_out(len(rows), part)
    return Document(title, _list_data(results, edition, part), CLAIM_COLUMNS, rows, left_out=left_out)


def _claim_row(claim: Claim, url: str) -> list[Any]:
    """The cells of CLAIM_COLUMNS."""
    source = claim.source
    findings = ", ".join(sorted({Finding(check.finding) for check in claim.checks.all()}))
    published = source.published.isoformat() if source.published else ""
    row: list[Any] = [claim.pk, claim.framework.slug, claim.criterion.slug, claim.criterion.category.slug]
    row += [
        claim.criterion.kind,
        claim.statement,
        value_cell(claim, claim.criterion.unit),
        findings,
        claim.version_range,
    ]
    speaker, part = (source.part_of.slug, source.slug) if source.part_of else (source.slug, "")
    row += [speaker, source.full_title, source.author, source.publisher, published, source.address]
    return [*row, claim.section, claim.start, claim.end, url, part]


def value_cell(claim: Claim, unit: str) -> Any:
    """What a claim says, in one cell: the level of a rating or of advice stays a number."""
    if claim.level is not None:
        return claim.level
    if claim.low is not None and claim.high is not None:
        return f"{format_number(float(claim.low))} to {format_number(float(claim.high))} {unit}"
    return claim.support or claim.item

"""A comparison as a workbook: its verdicts, the same as numbers, the claims with their sources, and what it is."""

from collections.abc import Callable, Iterator, Mapping, Sequence

from comparison.evidence import Kind, SourceKind, State, Support, Verdict
from comparison.files.documents import value_cell
from comparison.files.exports.citing import CitedPage
from comparison.files.exports.spreadsheet import Column, Link, Sheet, Style, Styled, Value, to_xlsx
from comparison.files.exports.tables import short_verdict, tidy_document
from comparison.files.json_ld import LICENCE, LICENCE_NAME
from comparison.models import Claim
from comparison.tables.cells.rows import outcome_text
from comparison.tables.table import Cell, Row, Table
from comparison.wording import FINDING_ORDER, label, position_band

BAND_STYLES = (Style.BEST, Style.GOOD, Style.MIDDLING, Style.WEAK, Style.WORST)
SUPPORT_STYLES = {Support.BUILT_IN: Style.BEST, Support.NONE: Style.WORST}  # others are between them
STATE_STYLES = {
    State.DISPUTED: Style.DISPUTED,
    State.NO_EVIDENCE: Style.UNKNOWN,
    State.NOT_APPLICABLE: Style.UNKNOWN,
}
CLAIM_COLUMNS = (
    Column("Criterion", 26),
    Column("Framework"),
    Column("Statement", 60),
    Column("Value", 14),
    Column("Side", 12),
    Column("Checks", 14),
    Column("Versions", 12),
    Column("Source", 40),
    Column("Publisher", 22),
    Column("Author", 22),
    Column("Published", 12),
    Column("Kind of source", 20),
    Column("Section", 30),
    Column("Start", 8),
    Column("End", 8),
    Column("Claim", 10),
)
WIDTHS = {"name": 26, "framework_name": 18, "value": 22, "sources": 30, "address": 50}  # of numbers; others are narrow
NUMBER_WIDTH = 12
MEANING = (
    (Styled("Strong, well suited, built in", Style.BEST), "The most favourable verdicts."),
    (Styled("Good, suited", Style.GOOD), "Favourable on the whole."),
    (Styled("Middling, neither way, in part, by extension", Style.MIDDLING), "In between."),
    (Styled("Weak, little suited", Style.WEAK), "Unfavourable on the whole."),
    (Styled("Poor, unsuited, none", Style.WORST), "The least favourable verdicts."),
    (Styled("… disputed", Style.DISPUTED), "The sources contradict each other."),
    (Styled("No evidence, not applicable", Style.UNKNOWN), "Nobody says anything on it, or it cannot be asked."),
)
SHEETS = (
    ("Verdicts", "A row for each criterion, a column for each framework."),
    ("Numbers", "A row for each criterion and framework. Position is −1 to 1, strength (how much is known) 0 to 1."),
    ("Claims", "What each source says, with the place in its text. Side: for or against, by the methodology."),
)


def comparison_workbook(
    table: Table, rows: Sequence[Row], page: CitedPage, table_url: str, absolute: Callable[[str], str]
) -> bytes:
    """`page` is that of exactly these rows, `table_url` that of the whole table; `absolute` makes a path an address."""
    sheets = [
        Sheet("Verdicts", _verdict_columns(table), [_verdict_row(row, table, table_url) for row in rows], 2),
        _numbers(table, rows, table_url),
        Sheet("Claims", CLAIM_COLUMNS, [*_claim_rows(rows, absolute)], 2),
        Sheet("About", (Column(page.title, 46), Column("", 90)), [*_about(page, len(rows), len(table.rows))]),
    ]
    return to_xlsx(page.title, sheets, page.edition.at)


def _verdict_columns(table: Table) -> list[Column]:
    names = [Column(framework.name, 24) for framework in table.frameworks]
    return [Column("Category", 18), Column("Criterion", 30), *names, Column("Outcome", 44)]


def _verdict_row(row: Row, table: Table, table_url: str) -> list[Value]:
    result, reason = outcome_text(row, table.references)
    criterion = row.criterion
    cells = [_verdict_cell(cell, criterion.unit) for cell in row.cells]
    name = Link(criterion.name, f"{table_url}{criterion.slug}/")
    return [criterion.category.name, name, *cells, f"{result}, {reason}" if reason else result]


def _verdict_cell(cell: Cell, unit: str) -> Value:
    verdict = cell.verdict
    words = short_verdict(cell, unit)
    if verdict.items:
        words = ", ".join(item.name for item in verdict.items)
    if cell.reason:
        words = f"{words}: {cell.reason}"
    style = verdict_style(verdict)
    return Styled(words, style) if style else words


def verdict_style(verdict: Verdict) -> Style | None:
    """How a verdict's cell looks; None for figures and lists, whose words say nothing that a colour could repeat."""
    if style := STATE_STYLES.get(verdict.state):
        return style
    if verdict.support:
        return SUPPORT_STYLES.get(verdict.support, Style.MIDDLING)
    if verdict.kind in (Kind.FIGURE, Kind.LIST) or verdict.position is None:
        return None
    return BAND_STYLES[position_band(verdict.position)]


def _numbers(table: Table, rows: Sequence[Row], table_url: str) -> Sheet:
    document = tidy_document(table, rows, "", table_url)
    columns = [Column(name, WIDTHS.get(name, NUMBER_WIDTH)) for name in document.columns]
    return Sheet("Numbers", columns, [[*line[:-1], Link(line[-1], line[-1])] for line in document.rows])


def _claim_rows(rows: Sequence[Row], absolute: Callable[[str], str]) -> Iterator[list[Value]]:
    for row in rows:
        for cell in row.cells:
            sides = _sides(cell.verdict)
            for claim in cell.claim_list(cell.verdict.claims):
                yield _claim_row(claim, row, cell, sides[claim.pk], absolute)


def _sides(verdict: Verdict) -> Mapping[int, str]:
    """What each claim does to the verdict."""
    sides = {
        "Set aside": verdict.set_aside,
        "Reported": verdict.reported,
        "Neutral": verdict.neutral,
        "Against": verdict.opposing,
        "For": verdict.supporting,
    }
    return {claim: words for words, claims in sides.items() for claim in claims}


def _claim_row(claim: Claim, row: Row, cell: Cell, side: str, absolute: Callable[[str], str]) -> list[Value]:
    """The cells of CLAIM_COLUMNS."""
    source = claim.source
    findings = ", ".join(label(finding) for finding in FINDING_ORDER if finding in claim.findings)
    return [
        row.criterion.name,
        cell.framework.name,
        claim.statement,
        value_cell(claim, row.criterion.unit),
        side,
        findings,
        claim.version_range,
        Link(source.full_title, source.address),
        source.publisher,
        source.author,
        source.published,
        label(SourceKind(source.kind)),
        claim.section,
        claim.start,
        claim.end,
        Link(str(claim.pk), absolute(claim.get_absolute_url())),
    ]


def _about(page: CitedPage, shown: int, total: int) -> Iterator[Sequence[Value]]:
    edition = page.edition
    yield "Address", Link(page.url, page.url)
    yield "Edition", edition.number
    yield "Date", edition.at.date()
    yield "Criteria", shown if shown == total else f"{shown} of {total}: those that pass the filters of the address"
    yield "Data licence", Link(LICENCE_NAME, LICENCE)
    yield "How to cite", page.text
    yield from (*SHEETS, *MEANING)

"""What a table adds up to."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString

from comparison.models import Criterion, Framework
from comparison.row_outcomes import OutcomeReason, RowResult
from comparison.tables.svg import squares
from comparison.tables.table import Row, Table

MAX_LEADERS = 5  # frameworks with a column of their own
MAX_NAMED = 12  # criteria named at once; the others of a longer list are folded away
THIN = (OutcomeReason.ONE_SOURCE, OutcomeReason.VENDORS, OutcomeReason.MAKERS)


@dataclass(frozen=True, slots=True)
class Part:
    """Criteria of one column that have the same reason; True: the outcome rests on little."""

    title: str
    shown: Sequence[tuple[Criterion, bool]]
    folded: Sequence[tuple[Criterion, bool]]


@dataclass(frozen=True, slots=True)
class Tally:
    """One column of the summary: rows with the same outcome."""

    heading: str
    count: int
    squares: SafeString
    parts: Sequence[Part]


def summary(table: Table) -> list[Tally]:
    """Columns of rows: who leads where, what is unsettled, what is even or not ranked."""

    def because(reason: OutcomeReason) -> list[Row]:
        return [row for row in table.rows if row.outcome.reason is reason]

    def ended(result: RowResult) -> list[Row]:
        return [row for row in table.rows if row.outcome.result is result]

    leads = [
        _tally(f"{framework.name} leads", [("", table.led_by(framework))], _square_of_lead)
        for framework in _leaders(table)
    ]
    disputed, even = because(OutcomeReason.DISPUTED), ended(RowResult.EVEN)
    gaps = "No evidence on one side" if len(table.frameworks) == 2 else "No evidence on at least one"
    unsettled = [("Disputed", disputed), (gaps, because(OutcomeReason.UNKNOWN))]
    not_led = [("Even", even), ("Not ranked", ended(RowResult.UNRANKED))]
    return [
        *leads,
        _tally("Unsettled", unsettled, lambda row: "disputed" if row in disputed else "gap"),
        _tally("Even, or not ranked", not_led, lambda row: "thin" if row in even else "gap"),
    ]


def headline(table: Table) -> tuple[str, str]:
    """Who leads how many rows, and how many rows are disputed or incomplete, as two sentences."""
    disputed, unknown = sum(row.disputed for row in table.rows), sum(row.unknown for row in table.rows)
    contradictions = f"The sources contradict each other in {count_rows(disputed)}"
    if len(table.frameworks) == 1:
        return "", f"{contradictions}."
    leaders = [framework for framework in _leaders(table) if table.led_by(framework)]
    leads = [f"{framework.name} {len(table.led_by(framework))}" for framework in leaders[1:]]
    if leaders:
        leads.insert(0, f"{leaders[0].name} leads {count_rows(len(table.led_by(leaders[0])))}")
    lack = f"{count_rows(unknown)} {'lacks' if unknown == 1 else 'lack'}"
    gaps = f"; {lack} evidence on at least one framework" if unknown else ""
    return f"{', '.join(leads) or 'No framework leads a row'}.", f"{contradictions}{gaps}."


def count_rows(number: int) -> str:
    return f"{number or 'no'} row{'' if number == 1 else 's'}"


def _leaders(table: Table) -> Sequence[Framework]:
    """The frameworks that lead anywhere, those that lead most if they are many; the first two if none leads."""
    leads = Counter(row.leader for row in table.rows if row.leader)
    leaders = [framework for framework in table.frameworks if leads[framework]]
    if len(leaders) > MAX_LEADERS:
        leaders = sorted(leaders, key=lambda framework: (-leads[framework], framework.name))[:MAX_LEADERS]
    return leaders or table.frameworks[:2]


def _square_of_lead(row: Row) -> str:
    return "thin" if row.outcome.reason else "lead"


def _tally(heading: str, parts: Sequence[tuple[str, Sequence[Row]]], kind_of: Callable[[Row], str]) -> Tally:
    rows = [row for _, members in parts for row in members]
    titled = [_part(title, members) for title, members in parts if members]
    return Tally(heading, len(rows), squares([kind_of(row) for row in rows]), titled)


def _part(title: str, rows: Sequence[Row]) -> Part:
    named = [(row.criterion, row.outcome.reason in THIN) for row in rows]
    shown = len(named) if len(named) <= MAX_NAMED else MAX_NAMED - 2
    return Part(title, named[:shown], named[shown:])

"""What a table adds up to."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString
from django.utils.translation import ngettext

from comparison.models import Criterion, Framework
from comparison.row_outcomes import OutcomeReason, RowResult
from comparison.tables.svg import squares
from comparison.tables.table import Row, Table
from comparison.vocabulary import gettext as _

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
        _tally(_("{name} leads").format(name=framework.name), [("", table.led_by(framework))], _square_of_lead)
        for framework in _leaders(table)
    ]
    disputed, even = because(OutcomeReason.DISPUTED), ended(RowResult.EVEN)
    gaps = _("No evidence on one side") if len(table.frameworks) == 2 else _("No evidence on at least one")
    unsettled = [(_("Disputed"), disputed), (gaps, because(OutcomeReason.UNKNOWN))]
    together = table.led_together
    shared = [_tally(_("Several lead together"), [("", together)], _square_of_lead)] if together else []
    not_led = [(_("Even"), [row for row in even if not row.together]), (_("Not ranked"), ended(RowResult.UNRANKED))]
    return [
        *leads,
        *shared,
        _tally(_("Unsettled"), unsettled, _square_of_unsettled),
        _tally(_("Even, or not ranked"), not_led, _square_of_even),
    ]


def headline(table: Table) -> tuple[str, str]:
    """Who leads how many rows, alone or with others, and how many rows are disputed or incomplete."""
    disputed, unknown = sum(row.disputed for row in table.rows), sum(row.unknown for row in table.rows)
    if len(table.frameworks) == 1:
        return "", _contradictions(disputed)
    leaders = [framework for framework in _leaders(table) if table.led_by(framework)]
    leads = [f"{framework.name} {len(table.led_by(framework))}" for framework in leaders[1:]]
    if leaders:
        first = _("{name} leads {rows}").format(name=leaders[0].name, rows=count_rows(len(table.led_by(leaders[0]))))
        leads.insert(0, first)
    told = f"{', '.join(leads)}." if leads else _("No framework leads a row.")
    if table.led_together:
        told += " " + _("In {rows} several lead together.").format(rows=count_rows(len(table.led_together)))
    return told, _contradictions(disputed, unknown)


def _contradictions(disputed: int, unknown: int = 0) -> str:
    """In how many rows sources contradict each other, and how many lack evidence."""
    if not unknown:
        return _("The sources contradict each other in {rows}.").format(rows=count_rows(disputed))
    text = ngettext(
        "The sources contradict each other in {rows}; {count} row lacks evidence on at least one framework.",
        "The sources contradict each other in {rows}; {count} rows lack evidence on at least one framework.",
        unknown,
    )
    return text.format(rows=count_rows(disputed), count=unknown)


def count_rows(number: int) -> str:
    return ngettext("{count} row", "{count} rows", number).format(count=number) if number else _("no rows")


def _leaders(table: Table) -> Sequence[Framework]:
    """The frameworks that lead anywhere, those that lead most if they are many; the first two if none leads."""
    leads = Counter(row.leader for row in table.rows if row.leader)
    leaders = [framework for framework in table.frameworks if leads[framework]]
    if len(leaders) > MAX_LEADERS:
        leaders = sorted(leaders, key=lambda framework: (-leads[framework], framework.name))[:MAX_LEADERS]
    return leaders or table.frameworks[:2]


def _square_of_lead(row: Row) -> str:
    return "thin" if row.outcome.reason else "lead"


def _square_of_unsettled(row: Row) -> str:
    return "disputed" if row.outcome.reason is OutcomeReason.DISPUTED else "gap"


def _square_of_even(row: Row) -> str:
    return "thin" if row.outcome.result is RowResult.EVEN else "gap"


def _tally(heading: str, parts: Sequence[tuple[str, Sequence[Row]]], kind_of: Callable[[Row], str]) -> Tally:
    rows = [row for _, members in parts for row in members]
    titled = [_part(title, members) for title, members in parts if members]
    return Tally(heading, len(rows), squares([kind_of(row) for row in rows]), titled)


def _part(title: str, rows: Sequence[Row]) -> Part:
    named = [(row.criterion, row.outcome.reason in THIN) for row in rows]
    shown = len(named) if len(named) <= MAX_NAMED else MAX_NAMED - 2
    return Part(title, named[:shown], named[shown:])

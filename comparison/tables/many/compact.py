"""Rows of one line for tables of many frameworks: a sign and a word for each cell, which leads to its claims."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from comparison.evidence import Kind, State, Support, Verdict
from comparison.models import Criterion
from comparison.row_outcomes import positions
from comparison.tables.table import Row, by_category
from comparison.vocabulary import gettext as _
from comparison.wording import position_band, verdict_word

SUPPORT_SIGNS = {Support.BUILT_IN: "yes", Support.EXTENSION: "plus", Support.PARTIAL: "half", Support.NONE: "no"}
BAND_SIGNS = ("up2", "up1", "flat", "down1", "down2")
STATE_SIGNS = {
    State.DISPUTED: "disputed",
    State.MOSTLY_AGREED: "mostly",
    State.ONE_SOURCE: "one",
    State.NO_EVIDENCE: "unknown",
    State.NOT_APPLICABLE: "na",
}


class CompactCell(NamedTuple):
    """A cell's style classes (sign, state, lead), its word, and the slug of its framework."""

    css: str
    word: str
    framework: str
    leads: bool


@dataclass(frozen=True, slots=True)
class CompactRow:
    criterion: Criterion
    cells: Sequence[CompactCell]


@dataclass(frozen=True, slots=True)
class CompactGroup:
    name: str
    anchor: str
    rows: Sequence[CompactRow]


def compact_groups(rows: Sequence[Row], is_by_category: bool = True) -> list[CompactGroup]:
    """The rows by category, or in one group in the order they come in."""
    if not is_by_category:
        return [CompactGroup(_("Widest difference first"), "all", [compact_row(row) for row in rows])]
    return [
        CompactGroup(category.name, category.slug, [compact_row(row) for row in members])
        for category, members in by_category(rows)
    ]


def compact_row(row: Row) -> CompactRow:
    verdicts = [cell.verdict for cell in row.cells]
    stand = positions(verdicts, bool(row.criterion.lower_is_better))
    leader = row.outcome.leader
    is_comparable = sum(position is not None for position in stand) > 1
    cells = []
    for index, cell in enumerate(row.cells):
        signs = [_sign(cell.verdict, stand[index] if is_comparable else None), _state_sign(cell.verdict)]
        if index == leader:
            signs.append("thin leads" if row.outcome.reason else "leads")
        css = " ".join(sign for sign in signs if sign)
        cells.append(CompactCell(css, _word(cell.verdict), cell.framework.slug, index == leader))
    return CompactRow(row.criterion, cells)


def _state_sign(verdict: Verdict) -> str:
    if verdict.is_makers_alone and verdict.state is not State.DISPUTED:
        return "makers"
    return STATE_SIGNS.get(verdict.state, "")


def _sign(verdict: Verdict, position: float | None) -> str:
    """The sign of a verdict. A figure's says where it stands in its row, whose position that is."""
    if not verdict.is_known:
        return ""
    match verdict.kind:
        case Kind.FEATURE:
            return SUPPORT_SIGNS[verdict.support] if verdict.support else ""
        case Kind.LIST:
            return "list"
        case Kind.FIGURE:
            return "" if position is None else BAND_SIGNS[position_band(position)]
    return BAND_SIGNS[position_band(verdict.position or 0.0)]


def _word(verdict: Verdict) -> str:
    word = verdict_word(verdict)
    is_reported = verdict.kind is Kind.FIGURE and verdict.is_known and not verdict.is_ranked
    return _("{figure} reported").format(figure=word) if is_reported else word

"""A table's rows as their template draws them: finished words, drawings and citations, so that it only loops."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from operator import attrgetter

from comparison.models import Criterion
from comparison.row_outcomes import OutcomeReason, RowResult
from comparison.tables.cells.views import CellView, cell_views
from comparison.tables.citations import Measured, measured_beside
from comparison.tables.table import Reference, Row, Table
from comparison.vocabulary import gettext as _
from comparison.wording import SINGLE_SOURCE_WORDS, OutcomeNames, outcome_words


@dataclass(frozen=True, slots=True)
class RowView:
    criterion: Criterion
    css: str
    icon: str
    outcome: str
    why: str
    cells: Sequence[CellView]
    measured: Sequence[Measured] = ()

    @property
    def url(self) -> str:
        """The address of the row, from that of its table."""
        return f"{self.criterion.slug}/"


@dataclass(frozen=True, slots=True)
class Group:
    name: str
    anchor: str
    rows: Sequence[RowView]
    disputed: int  # rows
    uncited: Sequence[Criterion]  # criteria on which nobody says anything


def groups(
    table: Table, rows: Sequence[Row], uncited: Sequence[Criterion] = (), reference: str = "", by_category: bool = True
) -> list[Group]:
    """The rows, and the criteria without any, by category; or in one group in the order they come in."""
    if not by_category:
        return [_group(_("Widest difference first"), "all", rows, uncited, table, reference)] if rows or uncited else []
    categories = {
        criterion.category_id: criterion.category for criterion in (*(row.criterion for row in rows), *uncited)
    }
    return [
        _group(
            category.name,
            category.slug,
            [row for row in rows if row.criterion.category_id == category.id],
            [criterion for criterion in uncited if criterion.category_id == category.id],
            table,
            reference,
        )
        for category in sorted(categories.values(), key=attrgetter("order", "slug"))
    ]


def _group(
    name: str, anchor: str, rows: Sequence[Row], uncited: Sequence[Criterion], table: Table, reference: str
) -> Group:
    views = [row_view(row, table, reference) for row in rows]
    return Group(name, anchor, views, sum(row.disputed for row in rows), uncited)


def row_view(row: Row, table: Table, reference: str = "") -> RowView:
    """`reference` is the slug of the framework that the others are compared with."""
    css, icon = _outcome_look(row)
    outcome, why = outcome_text(row, table.references)
    views = cell_views(row, table.references, table.opposites_by_cell, reference)
    return RowView(row.criterion, css, icon, outcome, why, views, measured_beside(row, table))


def outcome_text(row: Row, references: Mapping[int, Reference]) -> tuple[str, str]:
    """The outcome of a row in words, and its reason."""
    subjects = [row.cells[index] for index in row.outcome.subjects]
    leading = row.leading_cells
    whole = ""
    if row.outcome.reason is OutcomeReason.ONE_SOURCE and row.source_count == 1:
        only = references[next(source for cell in row.cells for source in cell.verdict.sources)]
        whole = _(SINGLE_SOURCE_WORDS[only.kind])
    names = OutcomeNames(
        leading=[cell.framework.name for cell in leading],
        together=[framework.name for framework in row.together],
        subjects=[cell.framework.name for cell in subjects],
        two_sided=[cell.framework.name for cell in subjects if cell.is_two_sided],
        disputed=[cell.framework.name for cell in row.disputed_cells],
    )
    return outcome_words(row.outcome, [cell.verdict for cell in leading], names, whole)


def _outcome_look(row: Row) -> tuple[str, str]:
    """Style class and icon of an outcome."""
    match row.outcome.result, row.outcome.reason:
        case RowResult.LEAD, None:
            return "leads", "i-lead"
        case RowResult.LEAD, _:
            return "leads thin", "i-lead"
        case RowResult.EVEN, _:
            return "even", "i-even"
        case RowResult.UNSETTLED, OutcomeReason.DISPUTED:
            return "unsettled", "s-disputed"
        case RowResult.UNSETTLED, _:
            return "unsettled", "s-none"
        case _, OutcomeReason.LIST:
            return "", "i-list"
    return "", "s-na"

"""Cells as their template draws them: finished words, drawings and citations."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import NamedTuple

from django.utils.safestring import SafeString
from django.utils.translation import gettext_noop

from comparison.evidence import SUPPORT_POSITIONS, Kind, State
from comparison.models import Claim, Criterion, Framework
from comparison.models.verdicts.cell_evidence import is_own
from comparison.row_outcomes import Outcome, RowResult, positions
from comparison.tables.cells.lines import ItemLine, Line, cell_lines, frameworks_by_item, item_lines, set_aside_line
from comparison.tables.citations import BesideArticles, Citation, Citer, beside_articles, record_marks
from comparison.tables.svg import verdict_drawing
from comparison.tables.table import Cell, Reference, Row
from comparison.vocabulary import gettext as _
from comparison.vocabulary import vocabulary
from comparison.wording import (
    ITS_MAKERS_ALONE,
    MAKERS_ALONE,
    OTHER_MAKERS_ALONE,
    SINGLE_SOURCE_WORDS,
    STATE_SIGNS,
    format_number,
    format_share,
    format_signed,
    label,
    label_within,
    verdict_word,
)

MAX_SET_ASIDE = 1  # claims set aside that a cell spells out
STATE_CSS = {State.NO_EVIDENCE: "unknown", State.NOT_APPLICABLE: "na"}
NO_TWO = gettext_noop("No two name the same")
STRENGTH = gettext_noop("strength {number}")


@dataclass(frozen=True, slots=True)
class Opposite:
    """A related criterion on which the same sources say the opposite."""

    criterion: Criterion
    citations: Sequence[Citation]


class CellView(NamedTuple):
    cell: Cell
    css: str
    state_sign: str
    state_label: str
    word: str
    detail: str
    drawing: SafeString
    lines: Sequence[Line]
    items: Sequence[ItemLine]
    strength: str  # how much is known, 0 … 1; empty for lists and figures that are only reported
    distance: str  # of a figure from the best of its row
    comparison: str  # with the reference column
    set_aside: Sequence[Line]
    more_set_aside: int
    is_figure: bool
    is_known: bool
    opposites: Sequence[Opposite]
    records: str  # which records speak: documentation, package metadata, measurement
    beside_articles: BesideArticles | None  # whether the records say what the articles say

    @property
    def framework(self) -> Framework:
        return self.cell.framework

    @property
    def reason(self) -> str:
        """Why the criterion does not apply."""
        return self.cell.reason

    @property
    def claims(self) -> Sequence[Claim]:
        return self.cell.claim_list(self.cell.verdict.claims)

    @property
    def number(self) -> str:
        """The detail, unless it is the position that the word of a feature always stands for."""
        verdict = self.cell.verdict
        if len(verdict.supports) == 1 and verdict.position == SUPPORT_POSITIONS[verdict.supports[0]]:
            return ""
        return self.detail

    @property
    def state_text(self) -> str:
        """How well the sources agree, whether it was looked up or measured, and how much is known."""
        strength = vocabulary()[STRENGTH].format(number=self.strength) if self.strength else ""
        return " · ".join(part for part in (self.state_label, self.records, strength) if part)


def cell_view(criterion: Criterion, cell: Cell, references: Mapping[int, Reference]) -> CellView:
    """One cell by itself, outside any table."""
    (view,) = cell_views(Row(criterion, [cell], Outcome(RowResult.UNRANKED)), references)
    return view


def cell_views(
    row: Row,
    references: Mapping[int, Reference],
    opposites: Mapping[tuple[int, int], Mapping[Criterion, Collection[int]]] = MappingProxyType({}),
    reference: str = "",
) -> list[CellView]:
    figures = [cell.verdict.figure for cell in row.cells if cell.verdict.figure]
    largest = max((figure.high for figure in figures), default=0.0)
    row_positions = positions((cell.verdict for cell in row.cells), bool(row.criterion.lower_is_better))
    best = _best_figure(row)
    shared = frameworks_by_item(row)
    compared = next((index for index, cell in enumerate(row.cells) if cell.framework.slug == reference), None)
    views = []
    for index, cell in enumerate(row.cells):
        citer = Citer.of_cell(cell, references)
        verdict = cell.verdict
        set_aside = cell.claim_list(verdict.set_aside)
        view = CellView(
            cell=cell,
            css=_cell_css(cell, row, index),
            state_sign=STATE_SIGNS[verdict.state],
            state_label=state_label(cell, references),
            word=verdict_word(verdict),
            detail=_detail(cell, row.criterion),
            drawing=verdict_drawing(
                verdict, largest, best=verdict.figure is not None and verdict.figure.median == best
            ),
            lines=[line for line in cell_lines(cell, citer) if line.citations],
            items=item_lines(cell, citer, shared),
            strength=format_share(verdict.strength) if verdict.is_ranked else "",
            distance=_distance(cell, row.criterion, best),
            comparison="" if compared is None else _comparison(row, row_positions, index, compared),
            set_aside=[set_aside_line(claim, citer) for claim in set_aside[:MAX_SET_ASIDE]],
            more_set_aside=max(len(set_aside) - MAX_SET_ASIDE, 0),
            is_figure=verdict.kind is Kind.FIGURE and verdict.is_known,
            is_known=verdict.is_known,
            opposites=[
                Opposite(criterion, citer.of_sources(sources))
                for criterion, sources in opposites.get((cell.framework.id, row.criterion.id), {}).items()
            ],
            records=record_marks(verdict),
            beside_articles=beside_articles(verdict),
        )
        views.append(view)
    return views


def _cell_css(cell: Cell, row: Row, index: int) -> str:
    if row.outcome.leader == index:
        return "leads thin" if row.outcome.reason else "leads"
    return STATE_CSS.get(cell.verdict.state, "")


def state_label(cell: Cell, references: Mapping[int, Reference]) -> str:
    verdict, words = cell.verdict, vocabulary()
    is_reported = verdict.kind is Kind.FIGURE and verdict.is_known and not verdict.is_ranked
    if verdict.state is State.ONE_SOURCE:
        text = words[_single_source_words(cell, references[verdict.sources[0]])]
        if cell.is_two_sided:
            text = _("{basis}, for and against").format(basis=text)
        return _("Reported {basis}").format(basis=text) if is_reported else text[:1].upper() + text[1:]
    if is_reported:
        return _("Reported, {state}").format(state=label_within(verdict.state))
    if verdict.kind is Kind.LIST and verdict.is_known:
        several = sum(item.sources > 1 for item in verdict.items)
        if not several:
            return words[NO_TWO]
        return _("{several} of {count} by two or more").format(several=several, count=len(verdict.items))
    if verdict.is_makers_alone:
        return _("{state}, {basis}").format(state=label(verdict.state), basis=words[MAKERS_ALONE])
    return label(verdict.state)


def _single_source_words(cell: Cell, reference: Reference) -> str:
    if not cell.verdict.is_makers_alone:
        return SINGLE_SOURCE_WORDS[reference.kind]
    return ITS_MAKERS_ALONE if is_own(reference.source, cell.framework.pk) else OTHER_MAKERS_ALONE


def _detail(cell: Cell, criterion: Criterion) -> str:
    """The small number or unit after the word."""
    if cell.verdict.position is not None:
        return format_signed(cell.verdict.position)
    return criterion.unit if cell.verdict.figure else ""


def _best_figure(row: Row) -> float | None:
    """The best median of the row among the figures that rank; None where there is nothing to compare."""
    medians = [cell.verdict.figure.median for cell in row.cells if cell.verdict.figure and cell.verdict.is_ranked]
    if len(medians) < 2:
        return None
    return min(medians) if row.criterion.lower_is_better else max(medians)


def _distance(cell: Cell, criterion: Criterion, best: float | None) -> str:
    """How far a figure is from the best of its row."""
    figure = cell.verdict.figure
    if (
        not figure
        or not cell.verdict.is_ranked
        or best is None
        or figure.median == best
        or not figure.median
        or not best
    ):
        return ""
    if not criterion.lower_is_better:
        return _("{share} of the highest").format(share=f"{figure.median / best:.0%}")
    ratio = figure.median / best
    if ratio < 1.05:
        return _("Close to the lowest")
    return _("{ratio} times the lowest").format(ratio=format_number(round(ratio, 1)))


def _comparison(row: Row, row_positions: Sequence[float | None], index: int, reference: int) -> str:
    """How a cell compares with that of the reference column; both are columns' indexes."""
    own, other = row_positions[index], row_positions[reference]
    if index == reference or own is None or other is None:
        return ""
    name = row.cells[reference].framework.name
    if own == other:
        return _("The same as {name}").format(name=name)
    figure, other_figure = row.cells[index].verdict.figure, row.cells[reference].verdict.figure
    if figure and other_figure:
        if not other_figure.median:
            return ""
        return _("{ratio} times {name}").format(ratio=format_number(figure.median / other_figure.median), name=name)
    if row.cells[index].verdict.support:
        return (_("More than {name}") if own > other else _("Less than {name}")).format(name=name)
    return _("{difference} vs {name}").format(difference=format_signed(own - other), name=name)

"""The methodology page's numbers: the constants of the rules, and verdicts worked out as examples."""

from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils.text import capfirst

from comparison import recommend
from comparison.evidence import (
    EPSILON,
    PRIOR_WEIGHT,
    SUPPORT_POSITIONS,
    Kind,
    SourceKind,
    State,
    Support,
    source_weight,
)
from comparison.models import CellVerdict, Criterion, Framework
from comparison.models.subjects import JOINER
from comparison.models.verdicts.stored import stored_verdicts
from comparison.row_outcomes import MIN_LEAD, MIN_VALUE_LEAD, RowResult, positions
from comparison.sensitivity import article_draws, changes, weight_draws
from comparison.tables.cells.rows import outcome_text
from comparison.tables.cells.views import CellView
from comparison.tables.table import Cell, Row, Table, load_table_data
from comparison.tables.verdict_detail import OpenedCell, opened_row
from comparison.vocabulary import gettext as _
from comparison.vocabulary import vocabulary
from comparison.wording import (
    FIT_WORDS,
    GOOD_FROM,
    RATING_WORDS,
    STRONG_FROM,
    format_number,
    format_signed,
    label,
    label_within,
)

MAX_CLAIMS = 40  # in the row of an example, if there are others
MAX_CLAIMS_IF_ALONE = 200  # if there are none; a row with more is no example that anybody could follow
MAX_EXAMINED = 25  # rows of each kind, among which the examples are chosen


@dataclass(frozen=True, slots=True)
class Example:
    """A cell worked out."""

    criterion: Criterion
    opened: OpenedCell
    view: CellView


@dataclass(frozen=True, slots=True)
class RowExample:
    """A row worked out: by framework its weight, position, strength and value, and how the first two compare."""

    criterion: Criterion
    lines: Sequence[tuple[str, str, str, str, str]]
    position_gap: str
    value_gap: str
    outcome: str
    why: str


def worked_examples() -> dict[str, object]:
    """The rules' constants, counts over the two most cited frameworks, and some of their verdicts as examples."""
    frameworks = sorted(Framework.objects.most_cited()[:2], key=lambda framework: framework.slug)
    verdicts = stored_verdicts(frameworks)
    table = load_table_data(frameworks, _examined(verdicts) if verdicts else None).table()
    states = _states(verdicts, len(frameworks)) if verdicts else _states_of(table)
    examples = {
        "rating": _cell_example(table, (Kind.RATING, Kind.FIT), _rating_rank),
        "feature": _cell_example(table, (Kind.FEATURE,), _feature_rank),
        "figure": _cell_example(table, (Kind.FIGURE,), _figure_rank),
    }
    return {
        **constants(),
        **examples,
        "row": _row_example(table),
        "states": [(label(state), states[state]) for state in State],
        "cells": states.total(),
        "frameworks": frameworks,
        "canonical": JOINER.join(framework.slug for framework in frameworks),
        "references": table.references.values(),
    }


def _examined(verdicts: Sequence[CellVerdict]) -> QuerySet[Criterion]:
    """The criteria among whose verdicts the examples are chosen, so that not every claim is read.

    Of each kind the best evidenced ones with few claims, which are the best examples too; else that with the fewest,
    unless it has very many.
    """
    claims, opinions = Counter[int](), Counter[int]()
    for row in verdicts:
        claims[row.criterion_id] += row.claim_count
        opinions[row.criterion_id] += row.opinion_count
    by_kind: defaultdict[str, list[int]] = defaultdict(list)
    for criterion, kind in {row.criterion_id: row.criterion.kind for row in verdicts}.items():
        by_kind[kind].append(criterion)
    chosen = []
    for criteria in by_kind.values():
        short = [criterion for criterion in criteria if claims[criterion] <= MAX_CLAIMS]
        short.sort(key=lambda criterion: (-opinions[criterion], criterion))
        fewest = min(criteria, key=lambda criterion: (claims[criterion], criterion))
        chosen += short[:MAX_EXAMINED] or ([fewest] if claims[fewest] <= MAX_CLAIMS_IF_ALONE else [])
    return Criterion.objects.filter(pk__in=chosen)


def _states(verdicts: Sequence[CellVerdict], columns: int) -> Counter[State]:
    """How many cells of a table are in which state; a cell without a verdict has no evidence."""
    states = Counter(State(row.state) for row in verdicts)
    states[State.NO_EVIDENCE] += columns * len({row.criterion_id for row in verdicts}) - len(verdicts)
    return states


def _states_of(table: Table) -> Counter[State]:
    return Counter(cell.verdict.state for row in table.rows for cell in row.cells)


def constants() -> dict[str, object]:
    names = {SourceKind.DOCUMENTATION: _("Documentation of the framework itself")}
    names[SourceKind.METADATA] = _("Index metadata of the framework itself")
    weights = [
        (names.get(kind, label(kind)), source_weight(Kind.FEATURE, kind), source_weight(Kind.RATING, kind))
        for kind in SourceKind
    ]
    foreign = [source_weight(kind, SourceKind.DOCUMENTATION, is_own=False) for kind in (Kind.FEATURE, Kind.RATING)]
    strong, good = format_number(STRONG_FROM), format_number(GOOD_FROM)
    more, less = _("{number} or more"), _("−{number} or less")
    bounds = [more.format(number=strong), more.format(number=good), _("in between"), less.format(number=good)]
    bounds.append(less.format(number=strong))
    worth = [
        _("{support} is worth {position}").format(support=label_within(support), position=format_number(x))
        for support, x in SUPPORT_POSITIONS.items()
    ]
    words = vocabulary()
    return {
        "weights": [*weights, (_("Documentation or index metadata of another framework"), *foreign)],
        "support_positions": capfirst(", ".join(worth)),
        "words": [
            (bound, words[rating], words[fit])
            for bound, rating, fit in zip(bounds, RATING_WORDS, FIT_WORDS, strict=True)
        ],
        "prior_weight": PRIOR_WEIGHT,
        "min_lead": MIN_LEAD,
        "min_value_lead": MIN_VALUE_LEAD,
        "max_weight": recommend.MAX_WEIGHT,
        "tie_margin": recommend.TIE_MARGIN,
        "failing_position": format_signed(recommend.MAX_FAILING_POSITION),
        "failing_strength": recommend.MIN_FAILING_STRENGTH,
        "max_weightings": weight_draws.MAX_WEIGHTINGS,
        "min_articles": changes.MIN_ARTICLES,
        "max_draws": article_draws.MAX_DRAWS,
        "exhaustive_articles": article_draws.MAX_EXHAUSTIVE_ARTICLES,
    }


Rank = tuple[float, ...]  # the higher, the more of the rules an example shows; empty: not an example


def _rating_rank(cell: Cell, row: Row) -> Rank:
    verdict = cell.verdict
    return (verdict.state is State.DISPUTED, len(verdict.opinions), len(verdict.claims)) if verdict.is_known else ()


def _feature_rank(cell: Cell, row: Row) -> Rank:
    """Best one that reads "none" as "by extension"."""
    verdict = cell.verdict
    named = {claim.support for claim in cell.claim_list((*verdict.supporting, *verdict.opposing))}
    both = {Support.NONE.value, Support.EXTENSION.value} <= named
    return (both, len(verdict.opinions), verdict.state is State.DISPUTED) if verdict.is_known else ()


def _figure_rank(cell: Cell, row: Row) -> Rank:
    """Only where figures are ranked against each other."""
    ranked = sum(cell.verdict.is_ranked for cell in row.cells)
    return (len(cell.verdict.opinions),) if cell.verdict.is_ranked and ranked > 1 else ()


def _cell_example(table: Table, kinds: Sequence[Kind], rank: Callable[[Cell, Row], Rank]) -> Example | None:
    cells = [
        (rank(cell, row), row, index)
        for row in table.rows
        if row.criterion.kind in kinds
        for index, cell in enumerate(row.cells)
    ]
    best, row, index = max(cells, key=lambda candidate: candidate[0], default=((), None, 0))
    if not best or row is None:
        return None
    opened, view = opened_row(row, table, {}).cells[index]
    return Example(row.criterion, opened, view)


def _row_example(table: Table) -> RowExample | None:
    """Best a row with a leader; else one that is even although its positions differ."""

    def rank(row: Row) -> tuple[bool, bool, float]:
        return row.outcome.result is RowResult.LEAD, not row.disputed, (row.outcome.gap or 0.0) > EPSILON

    compared = [row for row in table.rows if row.outcome.gap is not None]
    if not compared:
        return None
    row = max(compared, key=rank)
    row_positions = positions((cell.verdict for cell in row.cells), bool(row.criterion.lower_is_better))
    stands = [
        (cell, position, position * cell.verdict.strength)
        for cell, position in zip(row.cells, row_positions, strict=True)
        if position is not None
    ]
    first, second, *_ = sorted(stands, key=lambda stand: -stand[1])
    outcome, why = outcome_text(row, table.references)
    return RowExample(
        row.criterion,
        [_line(cell, position, value) for cell, position, value in stands],
        format_number(first[1] - second[1]),
        format_signed(first[2] - second[2]),
        outcome,
        why,
    )


def _line(cell: Cell, position: float, value: float) -> tuple[str, str, str, str, str]:
    weight, strength = str(cell.verdict.weight), f"{cell.verdict.strength:.2f}"
    return cell.framework.name, weight, format_signed(position), strength, format_signed(value)

"""All frameworks by all categories: how much is known of each, and how often it stands above or below the others."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

from comparison.evidence import EPSILON, State, Verdict
from comparison.models import Category, CellVerdict, Criterion, Framework
from comparison.models.verdicts.stored import all_verdicts, known_verdict
from comparison.row_outcomes import MIN_LEAD, positions

FIELDS = ("framework_id", "criterion_id", "state", "position", "weight", "supports", "median", "low", "high")


@dataclass(slots=True)
class MatrixCell:
    """What the verdicts of a category add up to for one framework, as numbers of criteria."""

    known: int = 0
    disputed: int = 0
    ahead: int = 0
    behind: int = 0


@dataclass(frozen=True, slots=True)
class MatrixRow:
    framework: Framework
    cells: Sequence[tuple[Category, MatrixCell, int]]  # with the number of criteria of the category


@dataclass(frozen=True, slots=True)
class Matrix:
    categories: Sequence[tuple[Category, int]]  # each with its number of criteria
    rows: Sequence[MatrixRow]


def overview(frameworks: Sequence[Framework]) -> Matrix:
    """The matrix of these frameworks from stored verdicts, in three queries."""
    criteria = {row.pk: row for row in Criterion.objects.select_related("category")}
    cells = add_up(_verdicts(criteria), criteria)
    sizes: defaultdict[int, int] = defaultdict(int)
    categories = {row.category_id: row.category for row in criteria.values()}
    for row in criteria.values():
        sizes[row.category_id] += 1
    ordered = sorted(categories.values(), key=lambda category: (category.order, category.slug))
    rows = [
        MatrixRow(framework, [(category, cells[framework.pk, category.pk], sizes[category.pk]) for category in ordered])
        for framework in frameworks
    ]
    return Matrix([(category, sizes[category.pk]) for category in ordered], rows)


def add_up(
    verdicts: Iterable[tuple[int, int, Verdict]], criteria: Mapping[int, Criterion]
) -> defaultdict[tuple[int, int], MatrixCell]:
    """The cells by (framework, category), from verdicts with the ids of their framework and criterion.

    A framework is ahead on a criterion where its position is above the median of all that have one by as much as a
    leader's above the next, and behind where it is below it by as much. Disputed verdicts are neither.
    """
    by_criterion: defaultdict[int, list[tuple[int, Verdict]]] = defaultdict(list)
    for framework, pk, verdict in verdicts:
        by_criterion[pk].append((framework, verdict))
    cells: defaultdict[tuple[int, int], MatrixCell] = defaultdict(MatrixCell)
    for pk, members in by_criterion.items():
        criterion = criteria[pk]
        distances = _distances([verdict for _, verdict in members], bool(criterion.lower_is_better))
        for (framework, verdict), distance in zip(members, distances, strict=True):
            cell = cells[framework, criterion.category_id]
            cell.known += verdict.is_known
            cell.disputed += verdict.state is State.DISPUTED
            cell.ahead += distance >= MIN_LEAD - EPSILON
            cell.behind += distance <= EPSILON - MIN_LEAD
    return cells


def _distances(verdicts: Sequence[Verdict], lower_is_better: bool) -> list[float]:
    """How far each position is from the median of all; 0 where there is nothing to compare, or a dispute."""
    settled = [Verdict(row.kind, State.NO_EVIDENCE) if row.state is State.DISPUTED else row for row in verdicts]
    stand = positions(settled, lower_is_better)
    known = [position for position in stand if position is not None]
    if len(known) < 2:
        return [0.0] * len(verdicts)
    middle = median(known)
    return [0.0 if position is None else position - middle for position in stand]


def _verdicts(criteria: Mapping[int, Criterion]) -> Iterator[tuple[int, int, Verdict]]:
    stored: Iterable[tuple[Any, ...]]
    if CellVerdict.objects.are_current():
        stored = CellVerdict.objects.order_by().values_list(*FIELDS)
    else:
        stored = ([getattr(row, name) for name in FIELDS] for row in all_verdicts())  # type: ignore[misc]
    for framework, criterion, *values in stored:
        yield framework, criterion, known_verdict(criteria[criterion].kind, *values)

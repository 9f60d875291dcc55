"""From the verdicts of a row to its outcome: who leads, or why nobody does. Pure functions, like those of evidence."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import product
from math import log2
from statistics import fmean

from comparison.evidence import EPSILON, Kind, SourceKind, State, Verdict, is_near, item_key

MIN_LEAD = 0.25  # of positions
MIN_VALUE_LEAD = 0.125
LOG_OF_ZERO = -1000.0  # far below that of any figure


class RowResult(StrEnum):
    """How a row ends."""

    LEAD = "lead"
    EVEN = "even"
    UNSETTLED = "unsettled"
    UNRANKED = "not ranked"


class OutcomeReason(StrEnum):
    """Why a row has no leader, or on how little its lead or tie rests."""

    ONE_SOURCE = "one source"
    VENDORS = "vendors alone"
    MAKERS = "makers alone"
    DISPUTED = "disputed"
    UNKNOWN = "unknown"
    REPORTED = "reported"
    LIST = "list"
    NOT_APPLICABLE = "not applicable"
    NO_RIVAL = "no rival"


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a row ends. `subjects` are the indexes of the verdicts the reason speaks of, `gap` how far the positions of
    the first two lie apart (None where nothing is compared). `together` are the indexes of those that share the lead of
    an even row, each clearly ahead of all others, the best first; empty where nobody is.
    """

    result: RowResult
    leader: int | None = None
    reason: OutcomeReason | None = None
    subjects: tuple[int, ...] = ()
    gap: float | None = None
    together: tuple[int, ...] = ()


def figure_positions(figures: Sequence[float | None], lower_is_better: bool) -> list[float | None]:
    """Where the figures of a row stand beside each other, −1 … +1; None stays None, and a figure alone is 0.

    clamp(log₂(g/x), −1, 1) where lower is better, its negative where higher is, with g the geometric mean of the row:
    half of g is +1, double −1. A figure of zero is as far from the others as can be; where all are zero, all are 0.
    """
    known = [figure for figure in figures if figure is not None]
    if len(known) < 2:
        return [None if figure is None else 0.0 for figure in figures]
    if 0 in known:
        below, above = (1.0, -1.0) if any(known) else (0.0, 0.0)
        positions = [None if figure is None else above if figure else below for figure in figures]
    else:
        mean = fmean(map(log2, known))
        positions = [None if figure is None else min(max(mean - log2(figure), -1.0), 1.0) for figure in figures]
    if lower_is_better:
        return positions
    return [None if position is None else -position for position in positions]


def positions(verdicts: Iterable[Verdict], lower_is_better: bool = False) -> list[float | None]:
    """The positions of a row, −1 … +1, higher being better; None where nothing is known or ranked."""
    row = list(verdicts)
    if any(cell.figure for cell in row):
        medians = [cell.figure.median if cell.figure and cell.is_ranked else None for cell in row]
        return figure_positions(medians, lower_is_better)
    return [cell.position for cell in row]


def differ(verdicts: Iterable[Verdict]) -> bool:
    """Whether two of the verdicts say different things: another support, other items, figures more than 10 % apart, or
    positions that part a leader from the next (so they differ wherever one leads). A side without evidence differs from
    nobody."""
    known = [cell for cell in verdicts if cell.is_known]
    if len(known) < 2:
        return False
    match known[0].kind:
        case Kind.FEATURE if len({cell.supports for cell in known}) > 1:
            return True
        case Kind.LIST:
            return len({frozenset(item_key(item.name) for item in cell.items) for cell in known}) > 1
        case Kind.FIGURE:
            medians = [cell.figure.median for cell in known if cell.figure]
            return not is_near(max(medians), min(medians))
    stand = [cell.position or 0.0 for cell in known]
    return max(stand) - min(stand) >= MIN_LEAD - EPSILON


def outcome(kind: Kind, verdicts: Iterable[Verdict], lower_is_better: bool = False) -> Outcome:
    """Who leads a row, or why nobody does.

    A framework leads when it is ahead of every other by MIN_LEAD in position and MIN_VALUE_LEAD in value, whichever
    side of a disputed cell is right.
    """
    row = list(verdicts)
    if kind == Kind.LIST:
        return Outcome(RowResult.UNRANKED, reason=OutcomeReason.LIST)
    excluded = tuple(index for index, cell in enumerate(row) if cell.state == State.NOT_APPLICABLE)
    sides = [index for index in range(len(row)) if index not in excluded]
    if len(sides) < 2:
        reason = OutcomeReason.NOT_APPLICABLE if excluded else OutcomeReason.NO_RIVAL
        return Outcome(RowResult.UNRANKED, reason=reason, subjects=excluded)
    unknown = tuple(index for index in sides if not row[index].is_known)
    reported = tuple(index for index in sides if row[index].is_known and not row[index].is_ranked)
    is_only_reported = bool(reported) and not any(row[index].is_ranked for index in sides)
    if unknown and not is_only_reported:
        return Outcome(RowResult.UNSETTLED, reason=OutcomeReason.UNKNOWN, subjects=unknown)
    if reported:
        return Outcome(RowResult.UNRANKED, reason=OutcomeReason.REPORTED, subjects=reported)
    return _ranked_outcome(_Duels(row, sides, lower_is_better))


class _Duels:
    """A row in which every side has evidence, and who is ahead of whom in it.

    Two figures are compared with each other alone, whoever else is in the row. Beside the middle of many, several would
    stand at +1 though one of them is far better than the next.
    """

    def __init__(self, row: list[Verdict], sides: list[int], lower_is_better: bool) -> None:
        self.row, self.lower_is_better = row, lower_is_better
        self.order = sorted(sides, key=lambda index: (-self._height(row[index]), index))
        self.disputed = tuple(index for index in sides if row[index].state is State.DISPUTED)

    def _height(self, cell: Verdict) -> float:
        """The position, or the binary logarithm of a figure: the higher the better."""
        if not cell.figure:
            return cell.position or 0.0
        height = log2(cell.figure.median) if cell.figure.median > 0 else LOG_OF_ZERO
        return -height if self.lower_is_better else height

    def _positions(self, first: Verdict, second: Verdict) -> tuple[float, float]:
        high, low = self._height(first), self._height(second)
        if not first.figure:
            return high, low
        position = min(max((high - low) / 2, -1.0), 1.0)  # as figure_positions of the two
        return position, -position

    def gap(self, index: int, rival: int) -> float:
        high, low = self._positions(self.row[index], self.row[rival])
        return high - low

    def results(self, index: int, rival: int) -> set[bool]:
        """Whether one is clearly ahead of another, in each of the ways in which disputed cells may turn out."""
        first, second = self.row[index], self.row[rival]
        if not first.sides and not second.sides:
            return {self._is_ahead(first, second)}
        ways = product(first.sides or (first,), second.sides or (second,))
        return {self._is_ahead(one, other) for one, other in ways}

    def _is_ahead(self, first: Verdict, second: Verdict) -> bool:
        high, low = self._positions(first, second)
        ahead = high - low >= MIN_LEAD - EPSILON
        return ahead and high * first.strength - low * second.strength >= MIN_VALUE_LEAD - EPSILON

    def always_ahead(self, index: int) -> bool:
        return all(self.results(index, rival) == {True} for rival in self.order if rival != index)

    def may_lead(self, index: int) -> bool:
        return all(True in self.results(index, rival) for rival in self.order if rival != index)

    def together(self) -> tuple[int, ...]:
        """The fewest, two or more, that are each clearly ahead of all others; empty where there are none."""
        for count in range(2, len(self.order)):
            best, others = self.order[:count], self.order[count:]
            if self.results(best[-1], others[0]) != {True}:
                continue
            pairs = product(self._last_of_each_strength(best), self._last_of_each_strength(reversed(others)))
            if all(self.results(index, rival) == {True} for index, rival in pairs):
                return tuple(best)
        return ()

    def _last_of_each_strength(self, indexes: Iterable[int]) -> Iterable[int]:
        """Where the worst of the best is ahead of the best of the others, so are all that are as well known."""
        cells = ((index, self.row[index]) for index in indexes)
        return {(cell.weight, cell.sides): index for index, cell in cells}.values()


def _ranked_outcome(duels: _Duels) -> Outcome:
    first, second, *_ = duels.order
    gap = duels.gap(first, second)
    compared = sorted((first, second))
    if duels.always_ahead(first):
        basis, subjects = _basis(duels.row, compared, [first])
        return Outcome(RowResult.LEAD, leader=first, reason=basis, subjects=subjects, gap=gap)
    if duels.disputed and any(duels.may_lead(index) for index in duels.order):
        return Outcome(RowResult.UNSETTLED, reason=OutcomeReason.DISPUTED, subjects=duels.disputed, gap=gap)
    basis, subjects = _basis(duels.row, compared, compared)
    return Outcome(RowResult.EVEN, reason=basis, subjects=subjects, gap=gap, together=duels.together())


def _basis(
    row: Sequence[Verdict], compared: Sequence[int], praised: Sequence[int]
) -> tuple[OutcomeReason | None, tuple[int, ...]]:
    """On how little a lead or a tie of some cells rests: on makers or vendors alone, or on one source in some of them.

    `praised` are the cells that must have more than their makers' word: that of the leader, or both of a tie.
    """
    if all(row[index].is_makers_alone for index in praised):
        return OutcomeReason.MAKERS, tuple(index for index in compared if row[index].is_makers_alone)
    if thin := tuple(index for index in compared if row[index].state is State.ONE_SOURCE):
        return OutcomeReason.ONE_SOURCE, thin
    kinds = {opinion.source_kind for index in compared for opinion in row[index].opinions}
    return (OutcomeReason.VENDORS, tuple(compared)) if kinds == {SourceKind.VENDOR} else (None, ())

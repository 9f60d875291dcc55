"""The arithmetic where it must be fast: thousands of cells at once, and thousands of weightings.

A cell's score here equals that of evidence.verdict, without its citations, in a tenth of the time; tests compare the
two.
"""

from array import array
from collections.abc import Iterable, Sequence
from operator import mul
from statistics import median
from sys import byteorder

from comparison.evidence import (
    PRIOR_WEIGHT,
    SOURCE_WEIGHTS,
    SUPPORT_VALUES,
    Evidence,
    Kind,
    Support,
    Verdict,
    majority_support,
    midpoint,
    verdict,
)

SCALE = 1 << 48  # fixed point of packed scores: leaves fifteen bits for the sum of the weights


def fast_score(kind: Kind, entries: Sequence[Evidence]) -> float | None:
    """Score of a rating, value of a support, or median of a figure; None for lists and if nothing counts."""
    if not entries:
        return None
    if not is_simple(entries):
        return verdict_score(verdict(kind, entries))
    match kind:
        case Kind.FEATURE:
            return SUPPORT_VALUES[_majority_support(entries)]
        case Kind.FIGURE:
            return median([midpoint(entry) for entry in entries])
        case Kind.LIST:
            return None
        case _:
            return _rating_score(entries)


def verdict_score(cell_verdict: Verdict) -> float | None:
    if cell_verdict.figure:
        return cell_verdict.figure.median
    return SUPPORT_VALUES[cell_verdict.support] if cell_verdict.support else cell_verdict.score


def is_simple(entries: Sequence[Evidence]) -> bool:
    """Whether every claim comes from its own source, which repeats no other, and no claim has been checked."""
    sources = {entry.source for entry in entries if entry.origin == entry.source and not entry.findings}
    return len(sources) == len(entries)


def _rating_score(entries: Sequence[Evidence]) -> float:
    total, weighted_levels = PRIOR_WEIGHT, 0
    for entry in entries:
        weight = SOURCE_WEIGHTS[entry.source_kind]
        total += weight
        weighted_levels += weight * (entry.level or 0)
    return weighted_levels / total


def _majority_support(entries: Sequence[Evidence]) -> Support:
    if len(entries) == 1:
        return entries[0].support or Support.NONE
    weights: dict[Support, int] = {}
    for entry in entries:
        support = entry.support or Support.NONE
        weights[support] = weights.get(support, 0) + SOURCE_WEIGHTS[entry.source_kind]
    return majority_support(weights)


class PackedScores:
    """The scores of several frameworks under any weighting, computed for all of them at once.

    For each criterion the frameworks' values (raised by 1, in fixed point) lie side by side in one long integer.
    Multiplying and adding such integers works on all frameworks at once.
    """

    # Plain numbers are too slow. Median ms of firmness() with 1,000 weightings, on integers packed like this,
    # on lists of floats, and on lists of floats with a table of sums for every four criteria:
    #    2 frameworks ×  45 criteria:   9,   9,  9
    #   10 frameworks × 100 criteria:  13,  42, 20
    #   50 frameworks × 100 criteria:  33, 194, 73

    def __init__(self, columns: Sequence[Sequence[float]]) -> None:
        """`columns` has one column of values for each framework, one value (−1 … +1) for each criterion."""
        self.count = len(columns)
        self.rows = [self._pack(row) for row in zip(*columns, strict=True)]

    def _pack(self, row: Iterable[float]) -> int:
        fields = array("Q", (round((value + 1) * SCALE) for value in row))
        return int.from_bytes(fields.tobytes(), byteorder)

    def sums(self, weights: Iterable[int]) -> list[int]:
        """For each framework Σ weight·(value + 1)·SCALE."""
        fields = array("Q")
        fields.frombytes(sum(map(mul, weights, self.rows)).to_bytes(8 * self.count, byteorder))
        return fields.tolist()

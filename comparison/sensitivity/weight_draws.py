"""Nearby weightings, drawn from a fixed seed where there are many, and counting the answers that variants give."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from random import Random

from comparison.evidence import EPSILON
from comparison.recommend import MAX_WEIGHT, is_clearly_ahead

MAX_WEIGHTINGS = 1_000
SEED = 20_260_101


@dataclass(frozen=True, slots=True)
class Firmness:
    """The answers of nearby weightings, or of draws of the articles, counted."""

    total: int
    is_exhaustive: bool
    favour: Mapping[str, int]  # by framework, the variants that clearly favour it
    too_close: int
    stays_ahead: int  # variants in which no framework scores higher than the leader

    def share(self, framework: str) -> float:
        """The share of the variants, 0 … 1, that clearly favours a framework."""
        return self.favour.get(framework, 0) / self.total if self.total else 0.0

    def percent(self, count: int) -> int:
        """A count in whole percent, rounded down, so that only all of them give 100; any at all give at least 1."""
        return max(100 * count // self.total, 1) if count else 0

    def percent_favouring(self, framework: str) -> int:
        return self.percent(self.favour.get(framework, 0))


@dataclass(slots=True)
class Tally:
    """Counts the answers of variants, given the sums of weight·value of all frameworks; −∞ if one is ruled out."""

    leader: int
    favour: Counter[int] = field(default_factory=Counter)
    total: int = 0
    too_close: int = 0
    stays_ahead: int = 0

    def count(self, sums: Sequence[float], weight_sum: float, times: int = 1) -> None:
        first, second, index = two_highest(sums)
        self.total += times
        if first - sums[self.leader] <= EPSILON * weight_sum:
            self.stays_ahead += times
        if is_clearly_ahead(first / weight_sum, second / weight_sum):
            self.favour[index] += times
        else:
            self.too_close += times


def apportion(whole: int, counts: Sequence[int]) -> list[int]:
    """Splits a whole into integers in proportion to counts, by largest remainders.

    Each count above 0 gets at least 1, as far as the whole suffices. Without any counts all parts are 0.
    """
    total = sum(counts) or 1
    exact = [whole * count / total for count in counts]
    parts = [max(int(share), 1) if share else 0 for share in exact]
    indexes = range(len(counts) if any(counts) else 0)
    while indexes and sum(parts) < whole:
        parts[max(indexes, key=lambda index: exact[index] - parts[index])] += 1
    while indexes and sum(parts) > whole:
        parts[max(indexes, key=lambda index: (parts[index] > 1, parts[index] - exact[index]))] -= 1
    return parts


def two_highest(sums: Sequence[float]) -> tuple[float, float, int]:
    """The highest, the second highest (−∞ if there is none), and the index of the highest (the first of equals)."""
    first = max(sums)
    index = sums.index(first)
    return first, max((*sums[:index], *sums[index + 1 :]), default=float("-inf")), index


def nearby_weights(weight: int, min_weight: int) -> list[int]:
    return [nearby for nearby in (weight - 1, weight, weight + 1) if min_weight <= nearby <= MAX_WEIGHT]


def draw_weightings(choices: Sequence[Sequence[int]]) -> Iterator[tuple[int, ...]]:
    """Weightings from a fixed seed, each choice of a criterion equally likely."""
    columns = [
        [weights[index] for index in _drawn_indexes(column, len(weights))] for column, weights in enumerate(choices)
    ]
    return zip(*columns, strict=True)


@cache
def _drawn_indexes(column: int, size: int) -> list[int]:
    """One criterion's choices in all draws, always the same: random() gives equal numbers on every Python version."""
    draw = Random(SEED + column).random  # noqa: S311  (no secret)
    return [int(draw() * size) for _ in range(MAX_WEIGHTINGS)]

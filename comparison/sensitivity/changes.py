"""How firm a recommendation is, and what would change it. Pure functions.

Two questions, never blended: how the answer stands up to other weights, and to other articles. Nearby weightings and
draws of articles come from a fixed seed (or all are tried, if there are few), so that the same question always has the
same answer. Single changes are exact: every one is tried.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import product
from math import prod
from operator import sub

from comparison.evidence import EPSILON, Kind
from comparison.fast_scores import CellScore, PackedRows
from comparison.recommend import (
    MAX_WEIGHT,
    TIE_MARGIN,
    Ending,
    MustStatus,
    Recommendation,
    cell_values,
    is_clearly_ahead,
    must_status,
)
from comparison.sensitivity.article_draws import RedrawnScores
from comparison.sensitivity.weight_draws import (
    MAX_WEIGHTINGS,
    Firmness,
    Tally,
    draw_weightings,
    nearby_weights,
    two_highest,
)

MIN_ARTICLES = 3  # with fewer, other articles cannot be imagined from those that were read
FAR = 16.0  # a figure that is so many times larger for each framework is at the bound of its position
SCALE = 1 << 48  # fixed point of packed values: leaves fifteen bits for the sum of the weights
CERTAIN = 1_000_000_000  # a weight whose strength is 1


@dataclass(frozen=True, slots=True)
class WeightFlip:
    """A changed weight and the new answer: a framework, or None if `ending` names none."""

    criterion: str
    before: int
    after: int
    answer: str | None
    ending: Ending

    @property
    def size(self) -> int:
        return abs(self.after - self.before)


@dataclass(frozen=True, slots=True)
class SourceFlip:
    """A source left out, the new answer, and the gap between the first two frameworks (0 if there are none)."""

    source: int
    answer: str | None
    gap: float
    ending: Ending


@dataclass(frozen=True, slots=True)
class UnknownFlip:
    """An unknown value, and the answer if it turned out as good or as bad as possible."""

    framework: str
    criterion: str
    is_best: bool
    answer: str | None
    ending: Ending


@dataclass(frozen=True, slots=True)
class TogetherFlip:
    """All unknown values of a framework, and the answer if every one turned out as good or as bad as possible."""

    framework: str
    criteria: Sequence[str]
    is_best: bool
    answer: str | None
    ending: Ending


@dataclass(frozen=True, slots=True)
class Result:
    """The answer of one recommendation."""

    ending: Ending
    leader: str | None = None
    gap: float = 0.0

    @property
    def answer(self) -> str:
        """The leader, or why there is none. Two results with equal text are the same answer."""
        return self.leader or f" {self.ending}"


class Sensitivity:
    """Tries changes of one recommendation. Scores are kept as sums of weight·value, beside the sum of weights.

    An `index` counts all frameworks of the matrix, a `position` only the qualified ones.
    """

    def __init__(self, recommendation: Recommendation) -> None:
        self.recommendation = recommendation
        self.matrix = recommendation.matrix
        self.failed_musts = [recommendation.ranked_framework(name).failed_musts for name in self.matrix.frameworks]
        self.indexes = [index for index, failed in enumerate(self.failed_musts) if not failed]  # of the qualified
        self.names = [self.matrix.frameworks[index] for index in self.indexes]  # of the qualified
        counted = recommendation.weights.counted
        self.weights = {slug: weight for slug, weight in counted.items() if slug in self.matrix.values}
        self.musts = sorted(recommendation.weights.must & self.matrix.by_slug.keys())
        self.total = sum(self.weights.values())
        self.all_sums = [
            sum(weight * self._value(slug, index) for slug, weight in self.weights.items())
            for index in range(len(self.matrix.frameworks))
        ]
        self.sums = [self.all_sums[index] for index in self.indexes]

    def _value(self, slug: str, index: int) -> float:
        return self.matrix.values[slug][index] or 0.0

    @property
    def has_rivals(self) -> bool:
        """Whether weights can change anything: at least two qualified frameworks, and weighted criteria."""
        return self.recommendation.ending in (Ending.CLEAR, Ending.CLOSE)

    @cached_property
    def current(self) -> Result:
        return Result(self.recommendation.ending, self.recommendation.leader, self.recommendation.gap)

    @cached_property
    def leader(self) -> int:
        """The position of the framework ranked first."""
        return self.names.index(self.recommendation.qualified[0].framework)

    def result_of(self, sums: Sequence[float], total: int, names: Sequence[str]) -> Result:
        """The result for the named, qualified frameworks, given that some criterion has a weight and a known value."""
        if not names:
            return Result(Ending.NONE_LEFT)
        if len(names) == 1:
            return Result(Ending.ONLY_ONE, names[0])
        first, second, position = two_highest(sums)
        gap = (first - second) / total
        return (
            Result(Ending.CLEAR, names[position], gap) if is_clearly_ahead(gap, 0.0) else Result(Ending.CLOSE, gap=gap)
        )

    def weight_firmness(self) -> Firmness:
        """Counts the answers of nearby weightings: each counted weight changed by −1, 0 or +1 within 0 … 3.

        Ignored criteria stay ignored, since criteria of no interest must not change the answer; must-haves stay
        must-haves. Weightings with nothing left to weigh do not count. Only for answers that have rivals.
        """
        slugs = self._criteria_order()
        choices = [nearby_weights(self.weights[slug], self._min_weight(slug)) for slug in slugs]
        is_exhaustive = prod(map(len, choices)) <= MAX_WEIGHTINGS
        rivals = self._contenders(slugs, choices)
        packed = self._packed_values(slugs, rivals)
        tally = Tally(rivals.index(self.leader))
        for weights in product(*choices) if is_exhaustive else draw_weightings(choices):
            if weight_sum := sum(weights) * SCALE:
                tally.count(packed.sums(weights), weight_sum)
        favour = {self.names[position]: tally.favour[index] for index, position in enumerate(rivals)}
        return Firmness(tally.total, is_exhaustive, favour, tally.too_close, tally.stays_ahead)

    def _packed_values(self, slugs: Iterable[str], positions: Sequence[int]) -> PackedRows:
        """The values of some qualified frameworks on each criterion, raised by 1."""
        indexes = [self.indexes[position] for position in positions]
        return PackedRows([round((self._value(slug, index) + 1) * SCALE) for index in indexes] for slug in slugs)

    def _min_weight(self, slug: str) -> int:
        """A must-have without a weight counts as essential, so its weight is never moved to 0."""
        return 1 if slug in self.musts else 0

    def _column(self, slugs: Iterable[str], index: int) -> list[float]:
        return [self._value(slug, index) for slug in slugs]

    def _criteria_order(self) -> list[str]:
        """The counted criteria in an order that does not depend on names, so that renaming changes nothing."""
        profiles = {
            index: sorted((weight, self._value(slug, index)) for slug, weight in self.weights.items())
            for index in self.indexes
        }
        indexes = sorted(self.indexes, key=lambda index: (-round(self.all_sums[index], 9), profiles[index]))
        rows = {slug: [self._value(slug, index) for index in indexes] for slug in self.weights}
        return sorted(self.weights, key=lambda slug: (self.weights[slug], rows[slug], slug))

    def _contenders(self, slugs: Sequence[str], choices: Sequence[Sequence[int]]) -> list[int]:
        """The positions of the leader and of frameworks that come near it in some nearby weighting.

        The other frameworks cannot change any count.
        """
        max_total = sum(max(weights) for weights in choices)
        leader_values = self._column(slugs, self.indexes[self.leader])
        result = []
        for position, index in enumerate(self.indexes):
            gaps = map(sub, leader_values, self._column(slugs, index))
            min_gap = sum(min(gap * weights[0], gap * weights[-1]) for gap, weights in zip(gaps, choices, strict=True))
            if position == self.leader or min_gap <= (TIE_MARGIN + EPSILON) * max_total:
                result.append(position)
        return result

    @cached_property
    def articles(self) -> list[int]:
        """The articles with counted claims on a weighted criterion or a must-have; repeats count as one."""
        return sorted(set().union(*self._articles_by_framework.values()))

    @cached_property
    def _articles_by_framework(self) -> dict[str, set[int]]:
        asked = self.weights.keys() | set(self.musts)
        heard: defaultdict[str, set[int]] = defaultdict(set)
        for (name, slug), voices in self.matrix.voices.items():
            if slug in asked:
                heard[name].update([voice.origin for voice in voices if voice.is_article])
        return heard

    def articles_about(self, framework: str) -> int:
        """How many of the articles speak about a framework."""
        return len(self._articles_by_framework.get(framework, ()))

    def article_firmness(self) -> Firmness | None:
        """Counts the answers of draws of the articles with replacement; None for fewer than three articles.

        Which articles were read is chance, so one may count twice or not at all. What can be looked up stays:
        documentation, metadata and measurements. Must-haves are judged anew in each draw.
        """
        if len(self.articles) < MIN_ARTICLES:
            return None
        redrawn = RedrawnScores(self.matrix, self.weights, self.musts, self.articles)
        tally = Tally(self.indexes[self.leader])
        sums_by_draw = zip(*map(redrawn.sums, self.matrix.frameworks), strict=True)
        for sums, times in zip(sums_by_draw, redrawn.counts, strict=True):
            tally.count(sums, self.total, times)
        favour = {self.matrix.frameworks[index]: count for index, count in tally.favour.items()}
        return Firmness(tally.total, redrawn.is_exhaustive, favour, tally.too_close, tally.stays_ahead)

    @cached_property
    def weight_flips(self) -> list[WeightFlip]:
        """Every change of a single weight that changes the answer, smallest first; one per criterion and new answer.

        Changes that leave nothing known to weigh are left out: they end the question instead of answering it.
        """
        if not self.has_rivals:
            return []
        flips: dict[tuple[str, str], WeightFlip] = {}
        for slug in self.matrix.values:
            before = self.weights.get(slug, 0)
            for after, result in self._results_by_weight(slug, before):
                if result.answer != self.current.answer:
                    flip = WeightFlip(slug, before, after, result.leader, result.ending)
                    flips.setdefault((slug, result.answer), flip)
        return sorted(flips.values(), key=lambda flip: (flip.answer is None, flip.size, flip.criterion))

    def _results_by_weight(self, slug: str, before: int) -> Iterator[tuple[int, Result]]:
        """The other weights of a criterion, nearest first, with their results."""
        column = [self._value(slug, index) for index in self.indexes]
        weights = set(range(self._min_weight(slug), MAX_WEIGHT + 1))
        for after in sorted(weights - {before}, key=lambda weight: abs(weight - before)):
            if after or self._is_known_beside(slug):
                step = after - before
                yield after, self._result_of_step(column, step) if any(column) else self._unmoved_results[step]

    def _result_of_step(self, column: Sequence[float], step: int) -> Result:
        sums = [current + step * value for current, value in zip(self.sums, column, strict=True)]
        return self.result_of(sums, self.total + step, self.names)

    @cached_property
    def _unmoved_results(self) -> dict[int, Result]:
        """By change of a weight the result if the criterion moves no framework's sum."""
        steps = range(-min(self.total - 1, MAX_WEIGHT), MAX_WEIGHT + 1)
        return {step: self.result_of(self.sums, self.total + step, self.names) for step in steps}

    def _is_known_beside(self, slug: str) -> bool:
        """Whether anything is known on the other weighted criteria."""
        return any(count for other, count in self._known_counts.items() if other != slug)

    @cached_property
    def _known_counts(self) -> dict[str, int]:
        """By weighted criterion the number of frameworks with a known value."""
        return {slug: _count_known(self.matrix.values[slug]) for slug in self.weights}

    @cached_property
    def source_flips(self) -> list[SourceFlip]:
        """The sources without which the answer changes, also because a framework then meets or fails a must-have."""
        if self.current.ending in (Ending.NOTHING_WEIGHED, Ending.NO_EVIDENCE):
            return []
        flips = []
        for source in sorted(self.matrix.criteria_by_source):
            result = self._result_without(source)
            if result.answer != self.current.answer:
                flips.append(SourceFlip(source, result.leader, result.gap, result.ending))
        return flips

    def _result_without(self, source: int) -> Result:
        sums, known_counts = list(self.all_sums), dict(self._known_counts)
        for slug in sorted(self.matrix.criteria_by_source[source].keys() & self.weights.keys()):
            values = self.matrix.values_without(source, slug)
            known_counts[slug] = _count_known(values)
            for index, (before, after) in enumerate(zip(self.matrix.values[slug], values, strict=True)):
                if before != after:
                    sums[index] += self.weights[slug] * ((after or 0.0) - (before or 0.0))
        if not any(known_counts.values()):
            return Result(Ending.NO_EVIDENCE)
        qualified = [index for index in range(len(sums)) if not self._fails_without(source, index)]
        names = [self.matrix.frameworks[index] for index in qualified]
        return self.result_of([sums[index] for index in qualified], self.total, names)

    def _fails_without(self, source: int, index: int) -> bool:
        """Whether a framework fails a must-have if a source is left out."""
        criteria, name = self.matrix.criteria_by_source[source], self.matrix.frameworks[index]
        for slug in self.musts:
            if index not in criteria.get(slug, ()):
                is_failed = slug in self.failed_musts[index]
            else:
                is_failed = must_status(self.matrix.verdict_on((name, slug), without=source)) is MustStatus.FAILED
            if is_failed:
                return True
        return False

    @cached_property
    def unknown_flips(self) -> list[UnknownFlip]:
        """The unknown values that change the answer if they are as good (+1) or as bad (−1, figures 0) as possible.

        The worst value also fails a must-have, except for figures, which never do.
        """
        flips = []
        for position, slugs in self._unknown.items():
            for slug, is_best in product(slugs, (True, False)):
                result = self._result_if_known(position, [slug], is_best)
                if result.answer != self.current.answer:
                    flips.append(UnknownFlip(self.names[position], slug, is_best, result.leader, result.ending))
        return flips

    @cached_property
    def together_flips(self) -> list[TogetherFlip]:
        """The same for all unknown values of a framework at once, if no single one of them leads to that answer."""
        single_flips = {(flip.framework, flip.is_best, flip.answer, flip.ending) for flip in self.unknown_flips}
        flips = []
        for (position, slugs), is_best in product(self._unknown.items(), (True, False)):
            result, name = self._result_if_known(position, slugs, is_best), self.names[position]
            is_new = (name, is_best, result.leader, result.ending) not in single_flips
            if result.answer != self.current.answer and is_new:
                flips.append(TogetherFlip(name, slugs, is_best, result.leader, result.ending))
        return flips

    @cached_property
    def _unknown(self) -> dict[int, list[str]]:
        """By position the weighted or must-have criteria on which nothing is known."""
        if self.current.ending in (Ending.NOTHING_WEIGHED, Ending.NO_EVIDENCE):
            return {}
        criteria = sorted(slug for slug in self.matrix.values if slug in self.weights or slug in self.musts)
        result = {}
        for position, (name, index) in enumerate(zip(self.names, self.indexes, strict=True)):
            unknown = [slug for slug in criteria if self.matrix.values[slug][index] is None]
            if slugs := [slug for slug in unknown if (name, slug) not in self.matrix.not_applicable]:
                result[position] = slugs
        return result

    @cached_property
    def _top_positions(self) -> list[int]:
        """The positions of the three frameworks with the highest sums."""
        return sorted(range(len(self.sums)), key=lambda position: (-self.sums[position], position))[:3]

    def _result_if_known(self, position: int, slugs: Sequence[str], is_best: bool) -> Result:
        """The result if some cells of a framework were known."""
        if not is_best and any(slug in self.musts for slug in slugs if self._kind(slug) is not Kind.FIGURE):
            rivals = [other for other in self._top_positions if other != position][:2]
            names = [self.names[other] for other in rivals]
            return self.result_of([self.sums[other] for other in rivals], self.total, names)
        figures = [slug for slug in slugs if self._kind(slug) is Kind.FIGURE]
        graded = sum(self.weights.get(slug, 0) for slug in slugs if slug not in figures)
        compared = range(len(self.names)) if figures else sorted({position, *self._top_positions})
        sums = {other: self.sums[other] for other in compared}
        sums[position] += graded if is_best else -graded
        for slug in figures:
            for other, change in enumerate(self._figure_changes(position, slug, is_best)):
                sums[other] += self.weights.get(slug, 0) * change
        return self.result_of(list(sums.values()), self.total, [self.names[other] for other in sums])

    def _kind(self, slug: str) -> Kind:
        return self.matrix.by_slug[slug].kind

    def _figure_changes(self, position: int, slug: str, is_best: bool) -> list[float]:
        """How the values of a row of figures change if an unknown one is far better or worse than the others."""
        spec, scores = self.matrix.by_slug[slug], list(self.matrix.scores[slug])
        known = [score.position for score in scores if score] or [1.0]
        is_small = is_best == spec.lower_is_better
        extreme = 0.0 if is_small else max(*known, 1.0) * FAR ** len(scores)
        scores[self.indexes[position]] = CellScore(extreme, CERTAIN)
        values = cell_values(spec, scores)
        return [(values[index] or 0.0) - self._value(slug, index) for index in self.indexes]


def _count_known(values: Iterable[float | None]) -> int:
    return sum(value is not None for value in values)

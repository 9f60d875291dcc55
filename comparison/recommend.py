"""Rankings: from verdicts and weights to scores and the reasons for them. Pure functions; no Django, no database.

score = Σ weight·value / Σ weight, over all criteria with a weight. A value is position × strength, −1 … +1
(see evidence). An unknown value counts as 0 and lowers coverage, the share of the weight that has evidence. Lists are
not used.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property

from comparison.evidence import EPSILON, Evidence, Kind, State, Verdict, strength, verdict
from comparison.fast_scores import CellScore, Voice, combine, voices
from comparison.row_outcomes import figure_positions

TIE_MARGIN = 0.05  # scores no further apart are too close to call
MAX_FAILING_POSITION = -0.25  # the highest position that fails a must-have: the bound of "weak" and "little suited"
MIN_FAILING_STRENGTH = 0.5  # on thinner evidence it is doubtful
MAX_WEIGHT = 3
EMPTY_VERDICTS = {kind: verdict(kind, ()) for kind in Kind}  # for cells without claims

CellKey = tuple[str, str]  # slugs of a framework and a criterion


class Ending(StrEnum):
    """How a recommendation ends."""

    CLEAR = "clear"
    CLOSE = "too close to call"
    ONLY_ONE = "only one"
    NONE_LEFT = "none left"
    NO_EVIDENCE = "no evidence"
    NOTHING_WEIGHED = "nothing weighed"


class MustStatus(StrEnum):
    """Whether a framework meets a must-have."""

    MET = "met"
    FAILED = "failed"
    DOUBTFUL = "doubtful"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class CriterionSpec:
    """A criterion as the arithmetic sees it."""

    slug: str
    kind: Kind
    lower_is_better: bool = False


class Verdicts(dict[CellKey, Verdict]):
    """The verdict on each cell, computed on first use: a page shows few of thousands."""

    def __init__(self, matrix: "DecisionMatrix") -> None:
        super().__init__()
        self.matrix = matrix

    def __missing__(self, cell_key: CellKey) -> Verdict:
        self[cell_key] = result = self.matrix.verdict_on(cell_key)
        return result


@dataclass(frozen=True)
class DecisionMatrix:
    """The claims on each framework and criterion, and the cells that do not apply.

    `known_scores` are those of cells whose claims were not read, on criteria that the question does not weigh.
    """

    frameworks: Sequence[str]
    specs: Sequence[CriterionSpec]
    evidence: Mapping[CellKey, Sequence[Evidence]]
    not_applicable: frozenset[CellKey] = frozenset()
    known_scores: Mapping[CellKey, CellScore] = field(default_factory=dict, repr=False)

    @cached_property
    def by_slug(self) -> dict[str, CriterionSpec]:
        return {spec.slug: spec for spec in self.specs}

    @cached_property
    def verdicts(self) -> Verdicts:
        return Verdicts(self)

    def verdict_on(
        self, cell_key: CellKey, without: int | None = None, copies: Mapping[int, int] | None = None
    ) -> Verdict:
        """The verdict on a cell; `without` is the id of a source to leave out, `copies` see evidence.verdict."""
        kind, is_applicable = self.by_slug[cell_key[1]].kind, cell_key not in self.not_applicable
        entries = [entry for entry in self.evidence.get(cell_key, ()) if entry.source != without]
        if is_applicable and not entries:
            return EMPTY_VERDICTS[kind]
        return verdict(kind, entries, is_applicable, copies)

    def lone_source(self, cell_key: CellKey) -> int | None:
        """The only source that counts for a ranking in a cell; None if there are several, or none."""
        heard = self.voices.get(cell_key, ())
        return heard[0].source if len(heard) == 1 and not heard[0].has_others else None

    @cached_property
    def voices(self) -> dict[CellKey, list[Voice]]:
        """The sources that count in each cell of a criterion that is ranked."""
        return {
            cell_key: voices(spec.kind, entries)
            for cell_key, entries in self.evidence.items()
            if (spec := self.by_slug.get(cell_key[1])) and spec.kind is not Kind.LIST and self._applies(cell_key)
        }

    def _applies(self, cell_key: CellKey) -> bool:
        return cell_key not in self.not_applicable

    @cached_property
    def scores(self) -> dict[str, list[CellScore | None]]:
        """By criterion the score of each framework; None if nothing is known or ranked. Lists are left out."""
        indexes = {name: index for index, name in enumerate(self.frameworks)}
        unknown: list[CellScore | None] = [None] * len(indexes)
        rows = {spec.slug: list(unknown) for spec in self.specs if spec.kind is not Kind.LIST}
        said: dict[CellKey, CellScore | None] = {
            cell_key: combine(self.by_slug[cell_key[1]].kind, heard) for cell_key, heard in self.voices.items()
        }
        for (name, slug), score in {**said, **self.known_scores}.items():
            if name in indexes and slug in rows:
                rows[slug][indexes[name]] = score
        return rows

    @cached_property
    def positions(self) -> dict[str, list[float | None]]:
        """By criterion the position of each framework, −1 … +1; None if nothing is known or ranked."""
        return {slug: _positions(self.by_slug[slug], scores) for slug, scores in self.scores.items()}

    @cached_property
    def values(self) -> dict[str, list[float | None]]:
        """By criterion the value of each framework, −1 … +1; None if nothing is known or ranked."""
        return {slug: cell_values(self.by_slug[slug], scores) for slug, scores in self.scores.items()}

    def values_without(self, source: int, slug: str) -> list[float | None]:
        """The values of one criterion if a source is left out."""
        spec, scores = self.by_slug[slug], list(self.scores[slug])
        for index in self.criteria_by_source[source].get(slug, ()):
            cell_key = (self.frameworks[index], slug)
            if self._applies(cell_key):
                scores[index] = combine(spec.kind, self._voices_without(source, cell_key))
        return cell_values(spec, scores)

    def _voices_without(self, source: int, cell_key: CellKey) -> list[Voice]:
        """Where sources repeat one another or share a voice, another of them speaks for the one left out."""
        if source not in self.related_sources:
            return [voice for voice in self.voices[cell_key] if voice.source != source]
        entries = [entry for entry in self.evidence[cell_key] if entry.source != source]
        return voices(self.by_slug[cell_key[1]].kind, entries)

    @cached_property
    def related_sources(self) -> set[int]:
        """The sources that repeat others, or are repeated, and those of makers, which may share a voice."""
        entries = [entry for cell in self.evidence.values() for entry in cell if entry.origin != entry.source]
        makers = {entry.source for cell in self.evidence.values() for entry in cell if entry.maker}
        return {entry.source for entry in entries} | {entry.origin for entry in entries} | makers

    @cached_property
    def criteria_by_source(self) -> dict[int, dict[str, list[int]]]:
        """By source the criteria it has claims on, and by criterion the indexes of the frameworks."""
        result: defaultdict[int, dict[str, list[int]]] = defaultdict(dict)
        indexes = {name: index for index, name in enumerate(self.frameworks)}
        for (name, slug), entries in self.evidence.items():
            if name in indexes and slug in self.by_slug:
                for source in {entry.source for entry in entries}:
                    result[source].setdefault(slug, []).append(indexes[name])
        return dict(result)


def _positions(spec: CriterionSpec, scores: Sequence[CellScore | None]) -> list[float | None]:
    numbers = [None if score is None else score.position for score in scores]
    return figure_positions(numbers, spec.lower_is_better) if spec.kind is Kind.FIGURE else numbers


def cell_values(spec: CriterionSpec, scores: Sequence[CellScore | None]) -> list[float | None]:
    """Position × strength of each cell of a row."""
    return [
        None if score is None or position is None else position * strength(score.weight)
        for score, position in zip(scores, _positions(spec, scores), strict=True)
    ]


@dataclass(frozen=True)
class Weights:
    """What matters to a reader: weights 1 … 3 by criterion (0 ignores it), and which criteria are must-haves."""

    weights: Mapping[str, int]
    must: frozenset[str] = frozenset()

    @cached_property
    def counted(self) -> dict[str, int]:
        """The weights above 0, by criterion in alphabetical order. A must-have without a weight counts as essential."""
        weights = {slug: weight for slug, weight in self.weights.items() if weight > 0}
        return dict(sorted((dict.fromkeys(self.must, MAX_WEIGHT) | weights).items()))


@dataclass(frozen=True, slots=True)
class Contribution:
    """What one criterion adds to a framework's score; `value` is None if nothing is known."""

    criterion: str
    weight: int
    value: float | None
    contribution: float
    state: State


@dataclass(frozen=True)
class RankedFramework:
    """A framework in the ranking. Its score is the sum of its contributions, added in their order."""

    framework: str
    score: float
    coverage: float
    musts: Mapping[str, MustStatus]
    parts: Sequence[tuple[str, int, float | None, float]] = field(repr=False)  # the contributions without their states
    matrix: DecisionMatrix = field(repr=False, compare=False)

    @cached_property
    def contributions(self) -> Sequence[Contribution]:
        verdicts = self.matrix.verdicts
        return [Contribution(*part, verdicts[self.framework, part[0]].state) for part in self.parts]

    @cached_property
    def points(self) -> dict[str, float]:
        """What each criterion adds to the score."""
        return {slug: contribution for slug, _, _, contribution in self.parts}

    @property
    def failed_musts(self) -> list[str]:
        return [slug for slug, status in self.musts.items() if status is MustStatus.FAILED]

    @property
    def doubtful_musts(self) -> list[str]:
        return [slug for slug, status in self.musts.items() if status is MustStatus.DOUBTFUL]

    @property
    def unknown_musts(self) -> list[str]:
        return [slug for slug, status in self.musts.items() if status is MustStatus.UNKNOWN]


@dataclass(frozen=True)
class Recommendation:
    """A ranking by score; frameworks that fail a must-have come last."""

    matrix: DecisionMatrix = field(repr=False)
    weights: Weights
    ending: Ending
    ranking: Sequence[RankedFramework]

    @property
    def qualified(self) -> list[RankedFramework]:
        """The frameworks that fail no must-have."""
        return [ranked for ranked in self.ranking if not ranked.failed_musts]

    @property
    def leader(self) -> str | None:
        """The framework the answer names; None if it names none."""
        return self.ranking[0].framework if self.ending in (Ending.CLEAR, Ending.ONLY_ONE) else None

    @property
    def gap(self) -> float:
        """The lead of the first qualified framework over the second."""
        first, second, *_ = [*(ranked.score for ranked in self.qualified), 0.0, 0.0]
        return first - second

    @property
    def tied(self) -> list[RankedFramework]:
        """The qualified frameworks too close to the first to call, including the first."""
        return [ranked for ranked in self.qualified if not is_clearly_ahead(self.qualified[0].score, ranked.score)]

    @property
    def informative(self) -> list[str]:
        """The weighted criteria on which something is known of at least one qualified framework."""
        rows = zip(*(ranked.parts for ranked in self.qualified), strict=True)
        return [row[0][0] for row in rows if any(value is not None for _, _, value, _ in row)]

    def ranked_framework(self, framework: str) -> RankedFramework:
        return next(ranked for ranked in self.ranking if ranked.framework == framework)


def recommend(matrix: DecisionMatrix, weights: Weights) -> Recommendation:
    counted = counted_weights(matrix, weights)
    ranked = [_rank_framework(matrix, counted, weights.must, index) for index in range(len(matrix.frameworks))]
    # Scores that differ only by rounding are equal: then the name decides, not the order in which numbers were added.
    ranking = sorted(ranked, key=lambda each: (bool(each.failed_musts), -round(each.score, 9), each.framework))
    return Recommendation(matrix, weights, _ending(counted, ranking), ranking)


def counted_weights(matrix: DecisionMatrix, weights: Weights) -> dict[str, int]:
    return {slug: weight for slug, weight in weights.counted.items() if slug in matrix.values}


def _rank_framework(
    matrix: DecisionMatrix, counted: Mapping[str, int], must: Iterable[str], index: int
) -> RankedFramework:
    name, total = matrix.frameworks[index], sum(counted.values())
    row = [(slug, weight, matrix.values[slug][index]) for slug, weight in counted.items()]
    parts = [(slug, weight, value, weight * (value or 0.0) / total) for slug, weight, value in row]
    applicable = total - sum(weight for slug, weight, _ in row if (name, slug) in matrix.not_applicable)
    known = sum(weight for _, weight, value in row if value is not None)
    musts = {slug: must_status(matrix.verdicts[name, slug]) for slug in sorted(must) if slug in matrix.by_slug}
    coverage = known / applicable if applicable else 0.0
    return RankedFramework(name, sum(part[3] for part in parts), coverage, musts, parts, matrix)


def must_status(cell_verdict: Verdict) -> MustStatus:
    """Failed only on good evidence, or if the criterion does not apply.

    Doubtful on thin evidence or if sources dispute it. Neither doubtful nor unknown excludes a framework. Partial
    support, support by extension, any figure and any item of a list are enough to meet a must-have.
    """
    if cell_verdict.state is State.NO_EVIDENCE:
        return MustStatus.UNKNOWN
    if cell_verdict.state is State.NOT_APPLICABLE:
        return MustStatus.FAILED
    if cell_verdict.position is None:
        return MustStatus.MET
    if cell_verdict.state is State.DISPUTED:
        return MustStatus.DOUBTFUL
    if not is_failing_position(cell_verdict.position):
        return MustStatus.MET
    return MustStatus.FAILED if is_enough_to_fail(cell_verdict.strength) else MustStatus.DOUBTFUL


def is_failing_position(position: float) -> bool:
    return position <= MAX_FAILING_POSITION + EPSILON


def is_enough_to_fail(evidence_strength: float) -> bool:
    return evidence_strength >= MIN_FAILING_STRENGTH - EPSILON


def _ending(counted: Mapping[str, int], ranking: Sequence[RankedFramework]) -> Ending:
    qualified = [ranked for ranked in ranking if not ranked.failed_musts]
    if not counted:
        return Ending.NOTHING_WEIGHED
    if not any(ranked.coverage for ranked in ranking):
        return Ending.NO_EVIDENCE
    if not qualified:
        return Ending.NONE_LEFT
    if len(qualified) == 1:
        return Ending.ONLY_ONE
    return Ending.CLEAR if is_clearly_ahead(qualified[0].score, qualified[1].score) else Ending.CLOSE


def is_clearly_ahead(first: float, second: float) -> bool:
    return first - second > TIE_MARGIN + EPSILON


@dataclass(frozen=True, slots=True)
class Reason:
    """A criterion that favours one framework over another; `gap` is the difference in points of the score.

    `missing_for` is the framework of the two that has no value: nothing is known, or it is `not_applicable`.
    """

    criterion: str
    weight: int
    gap: float
    framework: str
    other: str
    missing_for: str = ""
    not_applicable: bool = False


def reasons(recommendation: Recommendation, framework: str, other: str) -> list[Reason]:
    """The criteria that favour one framework over another, widest gap first."""
    first, second = recommendation.ranked_framework(framework), recommendation.ranked_framework(other)
    result = []
    for part, other_part in zip(first.parts, second.parts, strict=True):
        slug, weight, value, points = part
        gap = points - other_part[3]
        if gap > EPSILON:
            missing_for = framework if value is None else other if other_part[2] is None else ""
            not_applicable = (missing_for, slug) in recommendation.matrix.not_applicable
            result.append(Reason(slug, weight, gap, framework, other, missing_for, not_applicable))
    return sorted(result, key=lambda reason: (-reason.gap, reason.criterion))


def merits(recommendation: Recommendation, framework: str) -> list[Reason]:
    """What speaks for (gap above 0) and against (below 0) a framework on its own, strongest first."""
    result = [
        Reason(slug, weight, points, framework, "")
        for slug, weight, _, points in recommendation.ranked_framework(framework).parts
        if abs(points) > EPSILON
    ]
    return sorted(result, key=lambda reason: (-abs(reason.gap), reason.criterion))


def deciding_reasons(matrix: DecisionMatrix, weights: Weights, first: str, second: str) -> list[Reason]:
    """The criteria that separate two frameworks, in favour of either, widest gap first."""
    recommendation = recommend(matrix, weights)
    both = [*reasons(recommendation, first, second), *reasons(recommendation, second, first)]
    return sorted(both, key=lambda reason: (-reason.gap, reason.criterion))

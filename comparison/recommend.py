"""From verdicts and weights to a ranking with its reasons. Pure functions; no Django, no database.

score = Σ weight·value / Σ weight, over all criteria with a weight. A value lies between −1 and +1: ratings and fits
give half their score, features 1 (built in), 0.5, 0 or −1 (none), figures 1 for the best and the others' ratio to it.
Where nothing is known the value counts as 0, and coverage falls: the share of the weight that has evidence. Lists are
not used.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property

from comparison.evidence import Evidence, Kind, State, Support, Verdict, verdict
from comparison.fast_scores import plain, tally

CLOSE = 0.05  # scores no further apart are too close to call
FAILS_BELOW = -0.35  # a rating or fit this low or lower fails a must-have: the bound of "weak" and "little suited"
MAX_WEIGHT = 3
ROUNDING = 1e-9
NOTHING = {kind: verdict(kind, ()) for kind in Kind}  # where nobody speaks

Place = tuple[str, str]  # framework, criterion


class Ending(StrEnum):
    """How a recommendation ends."""

    CLEAR = "clear"
    CLOSE = "too close to call"
    ONLY_ONE = "only one"
    NONE_LEFT = "none left"
    NO_EVIDENCE = "no evidence"
    NOTHING_WEIGHED = "nothing weighed"


class Must(StrEnum):
    """How a framework stands on a must-have."""

    MET = "met"
    FAILED = "failed"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class CriterionSpec:
    """A criterion as the arithmetic sees it."""

    slug: str
    kind: Kind
    lower_is_better: bool = False


class Verdicts(dict[Place, Verdict]):
    """The verdict on each cell, worked out when it is first asked for: a page shows few of thousands."""

    def __init__(self, matrix: "DecisionMatrix") -> None:
        super().__init__()
        self.matrix = matrix

    def __missing__(self, place: Place) -> Verdict:
        found = self[place] = self.matrix.verdict_on(place)
        return found


@dataclass(frozen=True)
class DecisionMatrix:
    """What is known: the claims on each framework and criterion, and where a criterion does not apply."""

    frameworks: Sequence[str]
    specs: Sequence[CriterionSpec]
    evidence: Mapping[Place, Sequence[Evidence]]
    not_applicable: frozenset[Place] = frozenset()

    @cached_property
    def by_slug(self) -> dict[str, CriterionSpec]:
        return {one.slug: one for one in self.specs}

    @cached_property
    def verdicts(self) -> Verdicts:
        return Verdicts(self)

    def verdict_on(self, place: Place, without: int | None = None) -> Verdict:
        """The verdict on a cell; `without` is a source to leave out."""
        kind, not_applicable = self.by_slug[place[1]].kind, place in self.not_applicable
        rows = [one for one in self.evidence.get(place, ()) if one.source != without]
        return verdict(kind, rows, applicable=not not_applicable) if rows or not_applicable else NOTHING[kind]

    def lone_source(self, place: Place) -> int | None:
        """The source that alone counts in a cell; None where there are more, or none."""
        rows = self.evidence.get(place, ())
        if not rows or place in self.not_applicable:
            return None
        if plain(rows):
            return rows[0].source if len(rows) == 1 else None
        found = self.verdicts[place]
        return found.sources[0] if found.state is State.ONE_SOURCE else None

    @cached_property
    def tallies(self) -> dict[str, list[float | None]]:
        """By criterion what each framework comes to: score, standing or median. Lists are not ranked."""
        spoken = {slug for _, slug in self.evidence}
        nothing: list[float | None] = [None] * len(self.frameworks)
        return {
            one.slug: [self._tally((name, one.slug), one.kind) for name in self.frameworks]
            if one.slug in spoken
            else nothing
            for one in self.specs
            if one.kind is not Kind.LIST
        }

    def _tally(self, place: Place, kind: Kind) -> float | None:
        return None if place in self.not_applicable else tally(kind, self.evidence.get(place, ()))

    @cached_property
    def values(self) -> dict[str, list[float | None]]:
        """By criterion the value of each framework, −1 … +1; None where nothing is known."""
        return {slug: _values(self.by_slug[slug], row) for slug, row in self.tallies.items()}

    def values_without(self, source: int, slug: str) -> list[float | None]:
        """The values of one criterion had a source kept silent."""
        question, row = self.by_slug[slug], list(self.tallies[slug])
        for at in self.criteria_by_source[source].get(slug, ()):
            place = (self.frameworks[at], slug)
            if place not in self.not_applicable:
                row[at] = tally(question.kind, [one for one in self.evidence[place] if one.source != source])
        return _values(question, row)

    @cached_property
    def criteria_by_source(self) -> dict[int, dict[str, list[int]]]:
        """By source the criteria it speaks of, and by criterion the places of the frameworks."""
        found: defaultdict[int, dict[str, list[int]]] = defaultdict(dict)
        places = {name: at for at, name in enumerate(self.frameworks)}
        for (name, slug), rows in self.evidence.items():
            if name in places and slug in self.by_slug:
                for source in {one.source for one in rows}:
                    found[source].setdefault(slug, []).append(places[name])
        return dict(found)


def _values(question: CriterionSpec, row: Sequence[float | None]) -> list[float | None]:
    if question.kind is not Kind.FIGURE:
        halved = 2 if question.kind in (Kind.RATING, Kind.FIT) else 1
        return [None if one is None else one / halved for one in row]
    known = [one for one in row if one is not None]
    best = (min(known) if question.lower_is_better else max(known)) if known else 0.0
    return [None if one is None else _ratio(one, best, question.lower_is_better) for one in row]


def _ratio(figure: float, best: float, lower_is_better: bool) -> float:
    """The best has 1, whatever it is; who is not the best is above 0, or below a best that is."""
    if figure == best:
        return 1.0
    return best / figure if lower_is_better else figure / best


@dataclass(frozen=True)
class Weights:
    """What matters to somebody: criteria with weights 1 … 3 (others are ignored), and which of them are must-haves."""

    weights: Mapping[str, int]
    must: frozenset[str] = frozenset()

    @cached_property
    def counted(self) -> dict[str, int]:
        return {slug: weight for slug, weight in sorted(self.weights.items()) if weight > 0}


@dataclass(frozen=True, slots=True)
class Contribution:
    """What one criterion adds to a framework's score; `value` is None where nothing is known."""

    criterion: str
    weight: int
    value: float | None
    contribution: float
    state: State


@dataclass(frozen=True)
class RankedFramework:
    """A framework's place. Its score is the sum of its contributions, added up in their order."""

    framework: str
    score: float
    coverage: float
    musts: Mapping[str, Must]
    parts: Sequence[tuple[str, int, float | None, float]] = field(repr=False)  # the contributions, without their states
    matrix: DecisionMatrix = field(repr=False, compare=False)

    @cached_property
    def contributions(self) -> Sequence[Contribution]:
        verdicts = self.matrix.verdicts
        return [Contribution(*part, verdicts[self.framework, part[0]].state) for part in self.parts]

    @cached_property
    def points(self) -> dict[str, float]:
        """What each criterion adds to the score."""
        return {slug: added for slug, _, _, added in self.parts}

    @property
    def failed(self) -> list[str]:
        return [slug for slug, must in self.musts.items() if must is Must.FAILED]

    @property
    def unknown_musts(self) -> list[str]:
        return [slug for slug, must in self.musts.items() if must is Must.UNKNOWN]


@dataclass(frozen=True)
class Recommendation:
    """The ranking: those that meet the must-haves by score, then those that fail one."""

    matrix: DecisionMatrix = field(repr=False)
    weights: Weights
    ending: Ending
    ranking: Sequence[RankedFramework]

    @property
    def qualified(self) -> list[RankedFramework]:
        return [one for one in self.ranking if not one.failed]

    @property
    def leader(self) -> str | None:
        """The framework the answer names; None where it names nobody."""
        return self.ranking[0].framework if self.ending in (Ending.CLEAR, Ending.ONLY_ONE) else None

    @property
    def gap(self) -> float:
        """The lead of the first over the second of those that qualify."""
        first, second, *_ = [*(one.score for one in self.qualified), 0.0, 0.0]
        return first - second

    @property
    def tied(self) -> list[RankedFramework]:
        """Those within a tie of the first, itself included."""
        return [one for one in self.qualified if not ahead(self.qualified[0].score, one.score)]

    @property
    def informative(self) -> list[str]:
        """The weighed criteria on which something is known of any that qualify."""
        rows = zip(*(one.parts for one in self.qualified), strict=True)
        return [row[0][0] for row in rows if any(value is not None for _, _, value, _ in row)]

    def standing(self, framework: str) -> RankedFramework:
        return next(one for one in self.ranking if one.framework == framework)


def recommend(matrix: DecisionMatrix, weights: Weights) -> Recommendation:
    counted = {slug: weight for slug, weight in weights.counted.items() if slug in matrix.values}
    standing = [_standing(matrix, counted, weights.must, place) for place in range(len(matrix.frameworks))]
    # Scores that differ by rounding alone are equal: then the name decides, not the order in which numbers were added.
    ranking = sorted(standing, key=lambda one: (bool(one.failed), -round(one.score, 9), one.framework))
    return Recommendation(matrix, weights, _ending(counted, ranking), ranking)


def _standing(matrix: DecisionMatrix, counted: Mapping[str, int], must: Iterable[str], place: int) -> RankedFramework:
    name, total = matrix.frameworks[place], sum(counted.values())
    row = [(slug, weight, matrix.values[slug][place]) for slug, weight in counted.items()]
    parts = [(slug, weight, value, weight * (value or 0.0) / total) for slug, weight, value in row]
    applicable = total - sum(weight for slug, weight, _ in row if (name, slug) in matrix.not_applicable)
    known = sum(weight for _, weight, value in row if value is not None)
    musts = {slug: must_have(matrix.verdicts[name, slug]) for slug in sorted(must) if slug in matrix.by_slug}
    coverage = known / applicable if applicable else 0.0
    return RankedFramework(name, sum(part[3] for part in parts), coverage, musts, parts, matrix)


def must_have(found: Verdict) -> Must:
    """Failed where evidence says no: no feature, a rating of "weak" or lower, or a criterion that does not apply.

    Where nothing is known, or sources dispute it, it is unknown, which rules nobody out. In part, by extension, any
    figure and any item of a list are enough: of those the reader must know at all.
    """
    if found.state in (State.NO_EVIDENCE, State.DISPUTED):
        return Must.UNKNOWN
    no = found.state is State.NOT_APPLICABLE or found.support is Support.NONE
    low = found.score is not None and found.score <= FAILS_BELOW
    return Must.FAILED if no or low else Must.MET


def _ending(counted: Mapping[str, int], ranking: Sequence[RankedFramework]) -> Ending:
    qualified = [one for one in ranking if not one.failed]
    if not counted:
        return Ending.NOTHING_WEIGHED
    if not any(one.coverage for one in ranking):
        return Ending.NO_EVIDENCE
    if not qualified:
        return Ending.NONE_LEFT
    if len(qualified) == 1:
        return Ending.ONLY_ONE
    return Ending.CLEAR if ahead(qualified[0].score, qualified[1].score) else Ending.CLOSE


def ahead(first: float, second: float) -> bool:
    """Whether a score is clear of another."""
    return first - second > CLOSE + ROUNDING


@dataclass(frozen=True, slots=True)
class Reason:
    """What a criterion says for one framework over another; `gap` is by how much, in points of the score.

    `silent` names the one of the two that has no value there: nothing is known of it, or it is `excused`.
    """

    criterion: str
    weight: int
    gap: float
    framework: str
    other: str
    silent: str = ""
    not_applicable: bool = False


def reasons(found: Recommendation, framework: str, other: str) -> list[Reason]:
    """The criteria that speak for one framework over another, widest gap first."""
    one, two = found.standing(framework), found.standing(other)
    some = []
    for (slug, weight, mine, own), (_, _, theirs, beside) in zip(one.parts, two.parts, strict=True):
        if own - beside > ROUNDING:
            silent = framework if mine is None else other if theirs is None else ""
            not_applicable = (silent, slug) in found.matrix.not_applicable
            some.append(Reason(slug, weight, own - beside, framework, other, silent, not_applicable))
    return sorted(some, key=lambda reason: (-reason.gap, reason.criterion))


def merits(found: Recommendation, framework: str) -> list[Reason]:
    """What speaks for (gap above 0) and against (below) a framework by itself, strongest first."""
    parts = found.standing(framework).parts
    some = [Reason(slug, weight, amount, framework, "") for slug, weight, _, amount in parts if abs(amount) > ROUNDING]
    return sorted(some, key=lambda reason: (-abs(reason.gap), reason.criterion))


def deciding(matrix: DecisionMatrix, weights: Weights, one: str, other: str) -> list[Reason]:
    """The criteria that part two frameworks under some weights, widest first."""
    found = recommend(matrix, weights)
    both = [*reasons(found, one, other), *reasons(found, other, one)]
    return sorted(both, key=lambda reason: (-reason.gap, reason.criterion))

"""From claims to a verdict, and from the verdicts of a row to its outcome.

Pure functions over plain values; no Django, no database. The methodology page explains them, so they stay
simple enough to be redone by hand.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from statistics import fmean, median
from typing import NamedTuple


class Kind(StrEnum):
    """What a criterion asks for."""

    RATING = "rating"
    FEATURE = "feature"
    FIGURE = "figure"
    LIST = "list"
    FIT = "fit"


class Support(StrEnum):
    """How a feature is offered, from most to least."""

    BUILT_IN = "built-in"
    EXTENSION = "extension"
    PARTIAL = "partial"
    NONE = "none"


class SourceKind(StrEnum):
    DOCUMENTATION = "documentation"
    MEASUREMENT = "measurement"
    INDEPENDENT = "independent"
    VENDOR = "vendor"


class Finding(StrEnum):
    """What a check found about a claim."""

    CONFIRMED = "confirmed"
    OUTDATED = "outdated"
    MISLEADING = "misleading"
    FALSE = "false"


class State(StrEnum):
    """How well the sources agree on a verdict."""

    NO_EVIDENCE = "no evidence"
    ONE_SOURCE = "one source"
    AGREED = "agreed"
    MOSTLY_AGREED = "mostly agreed"
    DISPUTED = "disputed"
    NOT_APPLICABLE = "not applicable"


class RowResult(StrEnum):
    """How a row ends."""

    LEAD = "lead"
    EVEN = "even"
    UNSETTLED = "unsettled"
    UNRANKED = "not ranked"


class Reason(StrEnum):
    """Why a row has no leader, or only a thin one."""

    ONE_SOURCE = "one source"
    DISPUTED = "disputed"
    UNKNOWN = "unknown"
    LIST = "list"
    NOT_APPLICABLE = "not applicable"
    NO_RIVAL = "no rival"


WEIGHTS = {SourceKind.DOCUMENTATION: 3, SourceKind.MEASUREMENT: 3, SourceKind.INDEPENDENT: 2, SourceKind.VENDOR: 1}
PRIOR_WEIGHT = 2  # weight of the imagined neutral source that draws a lone voice towards 0
MIN_LEAD = 0.25
SUPPORT_VALUES = {Support.BUILT_IN: 1.0, Support.EXTENSION: 0.5, Support.PARTIAL: 0.0, Support.NONE: -1.0}
SET_ASIDE = frozenset({Finding.FALSE, Finding.OUTDATED})
_CAUTION = {support: place for place, support in enumerate(Support)}
_ROUNDING = 1e-9


class Evidence(NamedTuple):
    """One published claim as the arithmetic sees it; a tuple, since a large answer makes many thousands.

    `origin` is the source at the end of the chain of repeats (the source itself where it repeats none), `depth`
    the number of steps to it. Of the values only those of the criterion's kind are read: level −2 … +2, support,
    low and high ≥ 0, or item.
    """

    claim: int
    source: int
    origin: int
    depth: int
    source_kind: SourceKind
    level: int | None = None
    support: Support | None = None
    low: float | None = None
    high: float | None = None
    item: str = ""
    findings: frozenset[Finding] = frozenset()


@dataclass(frozen=True, slots=True)
class Figure:
    median: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Item:
    """A named item; `sources` counts those that name it."""

    name: str
    sources: int
    claims: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Opinion:
    """What one source says in one cell. Of `level`, `support` and `figure` the one of the criterion's kind is set."""

    source: int
    weight: int
    claims: tuple[int, ...]
    level: float | None = None
    support: Support | None = None
    figure: Figure | None = None
    contradicts_itself: bool = False


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the counted claims on one framework and criterion add up to.

    `supporting` and `opposing` are the ids of the counted claims on either side, `neutral` those that take none,
    `set_aside` those that do not count: found false or outdated, or repeated from a source that speaks for itself.
    """

    kind: Kind
    state: State
    score: float | None = None
    support: Support | None = None
    figure: Figure | None = None
    items: tuple[Item, ...] = ()
    opinions: tuple[Opinion, ...] = ()
    supporting: tuple[int, ...] = ()
    opposing: tuple[int, ...] = ()
    neutral: tuple[int, ...] = ()
    set_aside: tuple[int, ...] = ()

    @property
    def known(self) -> bool:
        return self.state not in (State.NO_EVIDENCE, State.NOT_APPLICABLE)

    @property
    def sources(self) -> tuple[int, ...]:
        return tuple(opinion.source for opinion in self.opinions)


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a row ends. `subjects` are the places (indexes) of the verdicts the reason speaks of."""

    result: RowResult
    leader: int | None = None
    reason: Reason | None = None
    subjects: tuple[int, ...] = ()


def counted(evidence: Iterable[Evidence]) -> tuple[list[Evidence], list[Evidence]]:
    """Parts the claims that count from those set aside, both in order of their ids.

    Sources that repeat one another count once: of each such family the source nearest to the origin speaks.
    """
    ordered = sorted(evidence, key=lambda one: one.claim)
    sound = [one for one in ordered if not one.findings & SET_ASIDE]
    speakers: dict[int, tuple[int, int]] = {}
    for one in sound:
        rank = (one.depth, one.source)
        speakers[one.origin] = min(speakers.get(one.origin, rank), rank)
    counting = {one.claim for one in sound if speakers[one.origin][1] == one.source}
    return [one for one in ordered if one.claim in counting], [one for one in ordered if one.claim not in counting]


def verdict(kind: Kind, evidence: Iterable[Evidence], applicable: bool = True) -> Verdict:
    """The verdict on one cell."""
    counting, aside = counted(evidence)
    set_aside = tuple(one.claim for one in aside)
    if not applicable:
        everything = tuple(sorted([one.claim for one in counting] + list(set_aside)))
        return Verdict(kind, State.NOT_APPLICABLE, set_aside=everything)
    if not counting:
        return Verdict(kind, State.NO_EVIDENCE, set_aside=set_aside)
    by_source: defaultdict[int, list[Evidence]] = defaultdict(list)
    for one in counting:
        by_source[one.source].append(one)
    voices = [by_source[source] for source in sorted(by_source)]
    match kind:
        case Kind.RATING | Kind.FIT:
            return _rated(kind, counting, voices, set_aside)
        case Kind.FEATURE:
            return _featured(counting, voices, set_aside)
        case Kind.FIGURE:
            return _measured(counting, voices, set_aside)
        case Kind.LIST:
            return _listed(counting, voices, set_aside)


def score(opinions: Iterable[tuple[int, float]]) -> float:
    """Σ weight·level / (Σ weight + 2) of (weight, level) pairs; within −2 … +2."""
    pairs = list(opinions)
    return sum(weight * level for weight, level in pairs) / (sum(weight for weight, _ in pairs) + PRIOR_WEIGHT)


def agreement(opinions: int, minority: int, total: int) -> State:
    """The state of a verdict by the weight of the sources on its smaller side, out of all that take a side."""
    if opinions == 1:
        return State.ONE_SOURCE
    if minority == 0:
        return State.AGREED
    return State.DISPUTED if 3 * minority >= total else State.MOSTLY_AGREED


def _rated(kind: Kind, counting: list[Evidence], voices: list[list[Evidence]], aside: tuple[int, ...]) -> Verdict:
    opinions = []
    for voice in voices:
        levels = [one.level or 0 for one in voice]
        both = min(levels) < 0 < max(levels)
        opinions.append(_opinion(voice, level=fmean(levels), contradicts_itself=both))
    weight_for = sum(one.weight for one in opinions if (one.level or 0) > 0)
    weight_against = sum(one.weight for one in opinions if (one.level or 0) < 0)
    return Verdict(
        kind,
        agreement(len(opinions), min(weight_for, weight_against), weight_for + weight_against),
        score=score((one.weight, one.level or 0.0) for one in opinions),
        opinions=tuple(opinions),
        supporting=tuple(one.claim for one in counting if (one.level or 0) > 0),
        opposing=tuple(one.claim for one in counting if (one.level or 0) < 0),
        neutral=tuple(one.claim for one in counting if not one.level),
        set_aside=aside,
    )


def _featured(counting: list[Evidence], voices: list[list[Evidence]], aside: tuple[int, ...]) -> Verdict:
    opinions = []
    for voice in voices:
        said = Counter(one.support or Support.NONE for one in voice)
        opinions.append(_opinion(voice, support=_majority(said), contradicts_itself=len(said) > 1))
    weights: Counter[Support] = Counter()
    for opinion in opinions:
        weights[opinion.support or Support.NONE] += opinion.weight
    support = _majority(weights)
    return Verdict(
        Kind.FEATURE,
        agreement(len(opinions), weights.total() - weights[support], weights.total()),
        support=support,
        opinions=tuple(opinions),
        supporting=tuple(one.claim for one in counting if one.support == support),
        opposing=tuple(one.claim for one in counting if one.support != support),
        set_aside=aside,
    )


def _majority(said: Mapping[Support, int]) -> Support:
    """The support with the most behind it; on a tie the lesser one, so that nothing is promised on half the voices."""
    return max(said, key=lambda support: (said[support], _CAUTION[support]))


def _measured(counting: list[Evidence], voices: list[list[Evidence]], aside: tuple[int, ...]) -> Verdict:
    opinions = []
    for voice in voices:
        figure = _figure((one.low or 0.0, one.high or 0.0) for one in voice)
        apart = not all(_near(_middle(one), figure.median) for one in voice)
        opinions.append(_opinion(voice, figure=figure, contradicts_itself=apart))
    figures = [opinion.figure for opinion in opinions if opinion.figure]
    whole = Figure(
        median(figure.median for figure in figures),
        min(figure.low for figure in figures),
        max(figure.high for figure in figures),
    )
    middles = [figure.median for figure in figures]
    if len(opinions) == 1:
        state = State.ONE_SOURCE
    elif max(middles) >= 2 * min(middles) and max(middles) > 0:
        state = State.DISPUTED
    else:
        state = State.AGREED if all(_near(one, whole.median) for one in middles) else State.MOSTLY_AGREED
    return Verdict(
        Kind.FIGURE,
        state,
        figure=whole,
        opinions=tuple(opinions),
        supporting=tuple(one.claim for one in counting if _near(_middle(one), whole.median)),
        opposing=tuple(one.claim for one in counting if not _near(_middle(one), whole.median)),
        set_aside=aside,
    )


def _figure(spans: Iterable[tuple[float, float]]) -> Figure:
    known = list(spans)
    return Figure(
        median((low + high) / 2 for low, high in known), min(low for low, _ in known), max(high for _, high in known)
    )


def _middle(one: Evidence) -> float:
    return ((one.low or 0.0) + (one.high or 0.0)) / 2


def _near(value: float, centre: float) -> bool:
    """Within 10 % of the centre."""
    return abs(value - centre) <= 0.1 * abs(centre) + _ROUNDING


def _listed(counting: list[Evidence], voices: list[list[Evidence]], aside: tuple[int, ...]) -> Verdict:
    named: defaultdict[str, list[Evidence]] = defaultdict(list)
    for one in counting:
        named[item_key(one.item)].append(one)
    items = []
    for ones in named.values():
        spelling, _ = Counter(one.item for one in ones).most_common(1)[0]
        items.append(Item(spelling, len({one.source for one in ones}), tuple(one.claim for one in ones)))
    items.sort(key=lambda item: (-item.sources, item.name.casefold(), item.name))
    if len(voices) == 1:
        state = State.ONE_SOURCE
    else:
        state = State.AGREED if all(item.sources > 1 for item in items) else State.MOSTLY_AGREED
    return Verdict(
        Kind.LIST,
        state,
        items=tuple(items),
        opinions=tuple(_opinion(voice) for voice in voices),
        supporting=tuple(one.claim for one in counting),
        set_aside=aside,
    )


def item_key(name: str) -> str:
    """Two spellings with one key are one item: case and spacing do not matter."""
    return " ".join(name.casefold().split())


def _opinion(
    voice: list[Evidence],
    level: float | None = None,
    support: Support | None = None,
    figure: Figure | None = None,
    contradicts_itself: bool = False,
) -> Opinion:
    first = voice[0]
    claims = tuple(one.claim for one in voice)
    return Opinion(first.source, WEIGHTS[first.source_kind], claims, level, support, figure, contradicts_itself)


def comparable_values(verdicts: Iterable[Verdict], lower_is_better: bool = False) -> list[float | None]:
    """How the verdicts of a row stand beside each other, higher being better; None where nothing is known or ranked.

    Ratings and fits keep their score (−2 … +2); features go from 1 (built in) to −1 (none); of the figures the
    best has 1 and the others their ratio to it.
    """
    row = list(verdicts)
    figures = [one.figure.median for one in row if one.figure]
    best = (min(figures) if lower_is_better else max(figures)) if figures else 0.0
    return [_standing(one, best, lower_is_better) for one in row]


def _standing(one: Verdict, best: float, lower_is_better: bool) -> float | None:
    if one.figure:
        value = one.figure.median
        if value == best:
            return 1.0
        return best / value if lower_is_better else value / best
    if one.support:
        return SUPPORT_VALUES[one.support]
    return one.score


def outcome(kind: Kind, verdicts: Iterable[Verdict], lower_is_better: bool = False) -> Outcome:
    """Who leads a row, or why nobody does."""
    row = list(verdicts)
    if kind == Kind.LIST:
        return Outcome(RowResult.UNRANKED, reason=Reason.LIST)
    not_applicable = tuple(place for place, one in enumerate(row) if one.state == State.NOT_APPLICABLE)
    sides = [place for place in range(len(row)) if place not in not_applicable]
    if len(sides) < 2:
        return Outcome(
            RowResult.UNRANKED,
            reason=Reason.NOT_APPLICABLE if not_applicable else Reason.NO_RIVAL,
            subjects=not_applicable,
        )
    for reason, state in ((Reason.UNKNOWN, State.NO_EVIDENCE), (Reason.DISPUTED, State.DISPUTED)):
        subjects = tuple(place for place in sides if row[place].state == state)
        if subjects:
            return Outcome(RowResult.UNSETTLED, reason=reason, subjects=subjects)
    stand = comparable_values(row, lower_is_better)
    first, second, *_ = sorted(sides, key=lambda place: (-(stand[place] or 0.0), place))
    if (stand[first] or 0.0) - (stand[second] or 0.0) < MIN_LEAD - _ROUNDING:
        return Outcome(RowResult.EVEN)
    thin = tuple(place for place in sorted((first, second)) if row[place].state == State.ONE_SOURCE)
    return Outcome(RowResult.LEAD, leader=first, reason=Reason.ONE_SOURCE if thin else None, subjects=thin)

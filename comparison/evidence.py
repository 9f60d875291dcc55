"""Verdicts: what the claims on one cell add up to, and which framework leads a row of verdicts.

Pure functions over plain values; no Django, no database. The methodology page explains them, so they stay
simple enough to check by hand.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
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
    """The result of a check on a claim."""

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
    """Whether a row has a leader."""

    LEAD = "lead"
    EVEN = "even"
    UNSETTLED = "unsettled"
    UNRANKED = "not ranked"


class OutcomeReason(StrEnum):
    """Why a row has no leader, or only a weakly supported one."""

    ONE_SOURCE = "one source"
    DISPUTED = "disputed"
    UNKNOWN = "unknown"
    LIST = "list"
    NOT_APPLICABLE = "not applicable"
    NO_RIVAL = "no rival"


SOURCE_WEIGHTS = {
    SourceKind.DOCUMENTATION: 3,
    SourceKind.MEASUREMENT: 3,
    SourceKind.INDEPENDENT: 2,
    SourceKind.VENDOR: 1,
}
PRIOR_WEIGHT = 2  # weight of an imaginary neutral source, which pulls verdicts with little evidence towards 0
MIN_LEAD = 0.25
SUPPORT_VALUES = {Support.BUILT_IN: 1.0, Support.EXTENSION: 0.5, Support.PARTIAL: 0.0, Support.NONE: -1.0}
SET_ASIDE_FINDINGS = frozenset({Finding.FALSE, Finding.OUTDATED})
EPSILON = 1e-9  # differences this small come from rounding
CAUTION_RANKS = {support: rank for rank, support in enumerate(Support)}  # the highest promises least


class Evidence(NamedTuple):
    """One published claim as the arithmetic sees it; a tuple because a large answer creates many thousands.

    `origin` is the source at the end of the chain of repeats (the source itself if it repeats none), `depth`
    the number of steps to it. Only the values of the criterion's kind are read: level −2 … +2, support,
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
    """A named item; `sources` is the number of sources that name it."""

    name: str
    sources: int
    claims: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Opinion:
    """What one source says in one cell; only the value of the criterion's kind is set."""

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

    `supporting` and `opposing` are the ids of the counted claims on either side, `neutral` those on neither.
    `set_aside` are the ids of claims that do not count: found false or outdated, or repeated from a source whose
    own claims count.
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
    def is_known(self) -> bool:
        return self.state not in (State.NO_EVIDENCE, State.NOT_APPLICABLE)

    @property
    def sources(self) -> tuple[int, ...]:
        return tuple(opinion.source for opinion in self.opinions)


@dataclass(frozen=True, slots=True)
class Outcome:
    """The result of a row. `leader` and `subjects` (the verdicts the reason refers to) are indexes into the row."""

    result: RowResult
    leader: int | None = None
    reason: OutcomeReason | None = None
    subjects: tuple[int, ...] = ()


def split_counted(entries: Iterable[Evidence]) -> tuple[list[Evidence], list[Evidence]]:
    """Splits entries into those that count and those set aside, both ordered by claim id.

    Sources that repeat one another count once: of each such family only the source nearest to the origin counts.
    """
    ordered = sorted(entries, key=lambda entry: entry.claim)
    valid = [entry for entry in ordered if not entry.findings & SET_ASIDE_FINDINGS]
    nearest: dict[int, tuple[int, int]] = {}  # (depth, source) by origin
    for entry in valid:
        rank = (entry.depth, entry.source)
        nearest[entry.origin] = min(nearest.get(entry.origin, rank), rank)
    counted_claims = {entry.claim for entry in valid if nearest[entry.origin][1] == entry.source}
    return (
        [entry for entry in ordered if entry.claim in counted_claims],
        [entry for entry in ordered if entry.claim not in counted_claims],
    )


def verdict(kind: Kind, entries: Iterable[Evidence], is_applicable: bool = True) -> Verdict:
    """The verdict on one cell."""
    counted, aside = split_counted(entries)
    set_aside = tuple(entry.claim for entry in aside)
    if not is_applicable:
        all_claims = sorted([*(entry.claim for entry in counted), *set_aside])
        return Verdict(kind, State.NOT_APPLICABLE, set_aside=tuple(all_claims))
    if not counted:
        return Verdict(kind, State.NO_EVIDENCE, set_aside=set_aside)
    by_source = _group_by_source(counted)
    match kind:
        case Kind.RATING | Kind.FIT:
            return _rating_verdict(kind, counted, by_source, set_aside)
        case Kind.FEATURE:
            return _feature_verdict(counted, by_source, set_aside)
        case Kind.FIGURE:
            return _figure_verdict(counted, by_source, set_aside)
        case Kind.LIST:
            return _list_verdict(counted, by_source, set_aside)


def _group_by_source(entries: Iterable[Evidence]) -> list[list[Evidence]]:
    groups: defaultdict[int, list[Evidence]] = defaultdict(list)
    for entry in entries:
        groups[entry.source].append(entry)
    return [groups[source] for source in sorted(groups)]


def score(opinions: Iterable[tuple[int, float]]) -> float:
    """Σ weight·level / (Σ weight + 2) of (weight, level) pairs; within −2 … +2."""
    pairs = list(opinions)
    return sum(weight * level for weight, level in pairs) / (sum(weight for weight, _ in pairs) + PRIOR_WEIGHT)


def agreement_state(opinions: int, minority: int, total: int) -> State:
    """The state of a verdict, given the weight of the sources on its smaller side and of all that take a side."""
    if opinions == 1:
        return State.ONE_SOURCE
    if minority == 0:
        return State.AGREED
    return State.DISPUTED if 3 * minority >= total else State.MOSTLY_AGREED


def _rating_verdict(
    kind: Kind, counted: list[Evidence], by_source: list[list[Evidence]], set_aside: tuple[int, ...]
) -> Verdict:
    opinions = [_level_opinion(entries) for entries in by_source]
    weight_for = sum(opinion.weight for opinion in opinions if (opinion.level or 0) > 0)
    weight_against = sum(opinion.weight for opinion in opinions if (opinion.level or 0) < 0)
    return Verdict(
        kind,
        agreement_state(len(opinions), min(weight_for, weight_against), weight_for + weight_against),
        score=score((opinion.weight, opinion.level or 0.0) for opinion in opinions),
        opinions=tuple(opinions),
        supporting=tuple(entry.claim for entry in counted if (entry.level or 0) > 0),
        opposing=tuple(entry.claim for entry in counted if (entry.level or 0) < 0),
        neutral=tuple(entry.claim for entry in counted if not entry.level),
        set_aside=set_aside,
    )


def _level_opinion(entries: list[Evidence]) -> Opinion:
    levels = [entry.level or 0 for entry in entries]
    return _opinion(entries, level=fmean(levels), contradicts_itself=min(levels) < 0 < max(levels))


def _feature_verdict(counted: list[Evidence], by_source: list[list[Evidence]], set_aside: tuple[int, ...]) -> Verdict:
    opinions = [_support_opinion(entries) for entries in by_source]
    weights: Counter[Support] = Counter()
    for opinion in opinions:
        weights[opinion.support or Support.NONE] += opinion.weight
    support = majority_support(weights)
    return Verdict(
        Kind.FEATURE,
        agreement_state(len(opinions), weights.total() - weights[support], weights.total()),
        support=support,
        opinions=tuple(opinions),
        supporting=tuple(entry.claim for entry in counted if entry.support == support),
        opposing=tuple(entry.claim for entry in counted if entry.support != support),
        set_aside=set_aside,
    )


def _support_opinion(entries: list[Evidence]) -> Opinion:
    counts = Counter(entry.support or Support.NONE for entry in entries)
    return _opinion(entries, support=majority_support(counts), contradicts_itself=len(counts) > 1)


def majority_support(weights: Mapping[Support, int]) -> Support:
    """The support with the most weight; on a tie the lesser one, so that half the evidence promises nothing."""
    return max(weights, key=lambda support: (weights[support], CAUTION_RANKS[support]))


def _figure_verdict(counted: list[Evidence], by_source: list[list[Evidence]], set_aside: tuple[int, ...]) -> Verdict:
    opinions = [_figure_opinion(entries) for entries in by_source]
    figures = [opinion.figure for opinion in opinions if opinion.figure]
    overall = Figure(
        median(figure.median for figure in figures),
        min(figure.low for figure in figures),
        max(figure.high for figure in figures),
    )
    return Verdict(
        Kind.FIGURE,
        _figure_state([figure.median for figure in figures], overall.median),
        figure=overall,
        opinions=tuple(opinions),
        supporting=tuple(entry.claim for entry in counted if _is_near(midpoint(entry), overall.median)),
        opposing=tuple(entry.claim for entry in counted if not _is_near(midpoint(entry), overall.median)),
        set_aside=set_aside,
    )


def _figure_opinion(entries: list[Evidence]) -> Opinion:
    figure = Figure(
        median(midpoint(entry) for entry in entries),
        min(entry.low or 0.0 for entry in entries),
        max(entry.high or 0.0 for entry in entries),
    )
    agrees = all(_is_near(midpoint(entry), figure.median) for entry in entries)
    return _opinion(entries, figure=figure, contradicts_itself=not agrees)


def _figure_state(medians: Sequence[float], overall: float) -> State:
    """Disputed if the highest source says at least twice the lowest; agreed if all are near the overall median."""
    if len(medians) == 1:
        return State.ONE_SOURCE
    if max(medians) >= 2 * min(medians) and max(medians) > 0:
        return State.DISPUTED
    return State.AGREED if all(_is_near(value, overall) for value in medians) else State.MOSTLY_AGREED


def midpoint(entry: Evidence) -> float:
    return ((entry.low or 0.0) + (entry.high or 0.0)) / 2


def _is_near(value: float, centre: float) -> bool:
    """Within 10 % of the centre."""
    return abs(value - centre) <= 0.1 * abs(centre) + EPSILON


def _list_verdict(counted: list[Evidence], by_source: list[list[Evidence]], set_aside: tuple[int, ...]) -> Verdict:
    items = _items(counted)
    if len(by_source) == 1:
        state = State.ONE_SOURCE
    else:
        state = State.AGREED if all(item.sources > 1 for item in items) else State.MOSTLY_AGREED
    return Verdict(
        Kind.LIST,
        state,
        items=tuple(items),
        opinions=tuple(_opinion(entries) for entries in by_source),
        supporting=tuple(entry.claim for entry in counted),
        set_aside=set_aside,
    )


def _items(counted: Iterable[Evidence]) -> list[Item]:
    """The named items, those named by most sources first, each in its most frequent spelling."""
    by_key: defaultdict[str, list[Evidence]] = defaultdict(list)
    for entry in counted:
        by_key[item_key(entry.item)].append(entry)
    items = []
    for entries in by_key.values():
        spelling, _ = Counter(entry.item for entry in entries).most_common(1)[0]
        sources = {entry.source for entry in entries}
        items.append(Item(spelling, len(sources), tuple(entry.claim for entry in entries)))
    return sorted(items, key=lambda item: (-item.sources, item.name.casefold(), item.name))


def item_key(name: str) -> str:
    """Spellings with the same key are the same item: case and spacing do not matter."""
    return " ".join(name.casefold().split())


def _opinion(
    entries: list[Evidence],
    level: float | None = None,
    support: Support | None = None,
    figure: Figure | None = None,
    contradicts_itself: bool = False,
) -> Opinion:
    first = entries[0]
    claims = tuple(entry.claim for entry in entries)
    return Opinion(first.source, SOURCE_WEIGHTS[first.source_kind], claims, level, support, figure, contradicts_itself)


def comparable_values(verdicts: Iterable[Verdict], lower_is_better: bool = False) -> list[float | None]:
    """The verdicts of a row as numbers that can be compared, higher being better; None if unknown or not ranked.

    Ratings and fits keep their score (−2 … +2); features range from 1 (built in) to −1 (none); the best figure
    gets 1 and the others their ratio to it.
    """
    row = list(verdicts)
    figures = [each.figure.median for each in row if each.figure]
    best = (min(figures) if lower_is_better else max(figures)) if figures else 0.0
    return [_comparable_value(each, best, lower_is_better) for each in row]


def _comparable_value(cell_verdict: Verdict, best: float, lower_is_better: bool) -> float | None:
    if cell_verdict.figure:
        return ratio_to_best(cell_verdict.figure.median, best, lower_is_better)
    if cell_verdict.support:
        return SUPPORT_VALUES[cell_verdict.support]
    return cell_verdict.score


def ratio_to_best(figure: float, best: float, lower_is_better: bool) -> float:
    """1 for the best figure, even if it is 0; for any other figure its ratio to the best, 0 … 1."""
    if figure == best:
        return 1.0
    return best / figure if lower_is_better else figure / best


def outcome(kind: Kind, verdicts: Iterable[Verdict], lower_is_better: bool = False) -> Outcome:
    """Which framework leads a row, or why none does."""
    row = list(verdicts)
    if kind == Kind.LIST:
        return Outcome(RowResult.UNRANKED, reason=OutcomeReason.LIST)
    not_applicable = _indexes_in_state(row, State.NOT_APPLICABLE)
    if len(row) - len(not_applicable) < 2:
        reason = OutcomeReason.NOT_APPLICABLE if not_applicable else OutcomeReason.NO_RIVAL
        return Outcome(RowResult.UNRANKED, reason=reason, subjects=not_applicable)
    for reason, state in (
        (OutcomeReason.UNKNOWN, State.NO_EVIDENCE),
        (OutcomeReason.DISPUTED, State.DISPUTED),
    ):
        if subjects := _indexes_in_state(row, state):
            return Outcome(RowResult.UNSETTLED, reason=reason, subjects=subjects)
    return _ranked_outcome(row, comparable_values(row, lower_is_better))


def _indexes_in_state(row: Sequence[Verdict], state: State) -> tuple[int, ...]:
    return tuple(index for index, each in enumerate(row) if each.state == state)


def _ranked_outcome(row: Sequence[Verdict], values: Sequence[float | None]) -> Outcome:
    """The outcome of a row with at least two known verdicts; the others do not apply."""
    known = [(index, value or 0.0) for index, value in enumerate(values) if row[index].is_known]
    (first, highest), (second, runner_up), *_ = sorted(known, key=lambda pair: (-pair[1], pair[0]))
    if highest - runner_up < MIN_LEAD - EPSILON:
        return Outcome(RowResult.EVEN)
    single = tuple(index for index in sorted((first, second)) if row[index].state == State.ONE_SOURCE)
    reason = OutcomeReason.ONE_SOURCE if single else None
    return Outcome(RowResult.LEAD, leader=first, reason=reason, subjects=single)

"""From claims to a verdict.

Pure functions over plain values; no Django, no database. The methodology page explains them with worked numbers, so
they stay simple enough to be redone by hand:

position p = Σ weight·x / Σ weight, strength k = Σ weight / (Σ weight + 2), value v = p·k.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from enum import StrEnum
from operator import attrgetter
from statistics import median
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
    METADATA = "metadata"
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


PRIOR_WEIGHT = 2  # the doubt that any evidence starts with: a weight of 2 is half the way to certainty
SUPPORT_POSITIONS = {Support.BUILT_IN: 1.0, Support.PARTIAL: 0.5, Support.EXTENSION: 0.5, Support.NONE: -1.0}
IN_THE_BOX = frozenset({Support.BUILT_IN, Support.PARTIAL})
PART_AND_MORE = frozenset({Support.PARTIAL, Support.EXTENSION})  # no contradiction where one source names both
Stand = tuple[float, int]  # of a claim: its position (−1 … +1) and its side (−1, 0, +1)
_SUPPORT_STANDS = {support: (x, 1 if support in IN_THE_BOX else -1) for support, x in SUPPORT_POSITIONS.items()}
_LEVEL_STANDS = {level: (level / 2, (level > 0) - (level < 0)) for level in range(-2, 3)}
ARTICLES = frozenset({SourceKind.INDEPENDENT, SourceKind.VENDOR})
MAKERS = frozenset({SourceKind.DOCUMENTATION, SourceKind.METADATA})  # written by who makes what they speak of
SET_ASIDE_FINDINGS = frozenset({Finding.FALSE, Finding.OUTDATED, Finding.MISLEADING})
EPSILON = 1e-9
_CAUTION = {support: rank for rank, support in enumerate(Support)}
_UNKNOWN = frozenset({State.NO_EVIDENCE, State.NOT_APPLICABLE})
OPINION_KINDS = frozenset({Kind.RATING, Kind.FIT})
_WEIGHTS = {SourceKind.MEASUREMENT: 3, SourceKind.INDEPENDENT: 2, SourceKind.VENDOR: 1}  # on whatever they speak of


class Evidence(NamedTuple):
    """One published claim as the arithmetic sees it; a tuple, since a large answer makes many thousands.

    `source` is who speaks: the whole, where the claim stands in a part of it. `origin` is the source at the end of the
    chain of repeats (the source itself where it repeats none), `depth` the number of steps to it. `is_own` says that
    documentation or metadata is the framework's own, `maker` is the id of the framework whose makers wrote it (0 for
    other sources). Of the values only those of the criterion's kind are read: level −2 … +2, support, low and high ≥ 0,
    or item.
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
    is_own: bool = True
    maker: int = 0


class Figure(NamedTuple):
    """The middle and the whole range of some figures, in the criterion's unit."""

    median: float
    low: float
    high: float


class Item(NamedTuple):
    """A named item; `sources` counts those that name it."""

    name: str
    sources: int
    claims: tuple[int, ...]


class Opinion(NamedTuple):
    """What one voice says in one cell: its mean position (−1 … +1), and of a figure its median and range.

    A voice is a source. In ratings and fits all documentation and metadata of one framework are one voice, that of its
    makers; `also` are then its sources after the first. `for_share` and `against_share` (0 … 1) part its weight by the
    claims it makes on either side; both are 0 where it takes none. `supports` has each support it names with its share.
    """

    source: int
    source_kind: SourceKind
    weight: int
    claims: tuple[int, ...]
    position: float | None = None
    figure: Figure | None = None
    supports: tuple[tuple[Support, float], ...] = ()
    for_share: float = 0.0
    against_share: float = 0.0
    contradicts_itself: bool = False
    also: tuple[int, ...] = ()

    @property
    def sources(self) -> tuple[int, ...]:
        return (self.source, *self.also)

    @property
    def support(self) -> Support | None:
        """What it mostly names; of several equally often named the lesser."""
        return max(self.supports, key=lambda pair: (pair[1], _CAUTION[pair[0]]))[0] if self.supports else None


class Verdict(NamedTuple):
    """What the counted claims on one framework and criterion add up to.

    `position` is −1 … +1 for ratings, fits and features; a figure's depends on its row (see positions). `weight` is
    that of the sources behind it. `supporting` and `opposing` are the ids of the counted claims on either side: above
    or below 0, in the box or not, near the median or not. `neutral` take no side, `reported` are figures without a
    method, `set_aside` do not count: found wrong, or repeated from a source that speaks for itself. `sides` is the
    verdict of either side alone where they are disputed.
    """

    kind: Kind
    state: State
    position: float | None = None
    weight: int = 0
    supports: tuple[Support, ...] = ()
    figure: Figure | None = None
    items: tuple[Item, ...] = ()
    opinions: tuple[Opinion, ...] = ()
    supporting: tuple[int, ...] = ()
    opposing: tuple[int, ...] = ()
    neutral: tuple[int, ...] = ()
    reported: tuple[int, ...] = ()
    set_aside: tuple[int, ...] = ()
    sides: tuple["Verdict", ...] = ()

    @property
    def is_known(self) -> bool:
        return self.state not in _UNKNOWN

    @property
    def is_ranked(self) -> bool:
        """Whether it can be set against others: known, no list, and no figure that is only reported."""
        return self.is_known and self.kind is not Kind.LIST and (self.kind is not Kind.FIGURE or self.weight > 0)

    @property
    def strength(self) -> float:
        """How much is known, 0 … 1."""
        return strength(self.weight)

    @property
    def support(self) -> Support | None:
        """The support with the most weight behind it; of several with the same weight the lesser."""
        return max(self.supports, key=_CAUTION.__getitem__) if self.supports else None

    @property
    def sources(self) -> tuple[int, ...]:
        if not any(opinion.also for opinion in self.opinions):
            return tuple([opinion.source for opinion in self.opinions])
        return tuple([source for opinion in self.opinions for source in opinion.sources])

    @property
    def is_makers_alone(self) -> bool:
        """Whether a rating or advice rests on the word of makers alone."""
        return is_makers_alone(self.kind, self.opinions)

    @property
    def claims(self) -> tuple[int, ...]:
        """All of its claims, those on either side first."""
        sided = (*self.supporting, *self.opposing, *self.neutral)
        return (*sided, *(claim for claim in self.reported if claim not in sided), *self.set_aside)


def source_weight(kind: Kind, source_kind: SourceKind, is_own: bool = True) -> int:
    """How much a source can know about a kind of criterion, 1 … 3. A maker's praise of its own work counts least."""
    weight = _WEIGHTS.get(source_kind)
    if weight is not None:
        return weight
    return 3 if is_own and kind not in OPINION_KINDS else 1


def is_makers_alone(kind: Kind, opinions: Iterable[Opinion]) -> bool:
    """Whether some opinions are such, not facts to look up, and all of makers."""
    kinds = {opinion.source_kind for opinion in opinions} if kind in OPINION_KINDS else set()
    return bool(kinds) and kinds <= MAKERS


def strength(weight: float) -> float:
    """Σ weight / (Σ weight + 2): 0 for nothing, ½ for one independent article, towards 1 the more is known."""
    return weight / (weight + PRIOR_WEIGHT)


def split_counted(evidence: Iterable[Evidence]) -> tuple[list[Evidence], list[Evidence]]:
    """The claims that count and those set aside, both in order of their ids.

    Sources that repeat one another count once: of each such family the source nearest to the origin speaks.
    """
    ordered = sorted(evidence, key=attrgetter("claim"))
    if not any(row.depth or row.findings for row in ordered):
        return ordered, []
    sound = [row for row in ordered if not row.findings & SET_ASIDE_FINDINGS]
    speakers: dict[int, tuple[int, int]] = {}
    for row in sound:
        rank = (row.depth, row.source)
        speakers[row.origin] = min(speakers.get(row.origin, rank), rank)
    counted = {row.claim for row in sound if speakers[row.origin][1] == row.source}
    return [row for row in ordered if row.claim in counted], [row for row in ordered if row.claim not in counted]


def verdict(
    kind: Kind, evidence: Iterable[Evidence], is_applicable: bool = True, copies: Mapping[int, int] | None = None
) -> Verdict:
    """The verdict on one cell. `copies` counts, by origin, how often a source is heard; 1 where it is not named."""
    counted, aside = split_counted(evidence)
    set_aside = tuple(row.claim for row in aside)
    if not is_applicable:
        everything = tuple(sorted([*(row.claim for row in counted), *set_aside]))
        return Verdict(kind, State.NOT_APPLICABLE, set_aside=everything)
    if copies is not None:
        counted = [row for row in counted if copies.get(row.origin, 1)]
    if not counted:
        return Verdict(kind, State.NO_EVIDENCE, set_aside=set_aside)
    return _RULES[kind](kind, counted, set_aside, copies or {})


def by_voice(kind: Kind, rows: Iterable[Evidence]) -> list[list[Evidence]]:
    """The claims of each voice, those of its first source first: documentation before metadata, then by id."""
    grouped: defaultdict[int, list[Evidence]] = defaultdict(list)
    if kind not in OPINION_KINDS:
        for row in rows:
            grouped[row.source].append(row)
        return [grouped[source] for source in sorted(grouped)]
    for row in rows:
        grouped[-row.maker or row.source].append(row)
    for voice, group in grouped.items():
        if voice < 0 and len(group) > 1:
            group.sort(key=lambda row: (row.source_kind is SourceKind.METADATA, row.source, row.claim))
    return sorted(grouped.values(), key=lambda group: group[0].source)


def _weight(kind: Kind, row: Evidence, copies: Mapping[int, int]) -> int:
    return source_weight(kind, row.source_kind, row.is_own) * copies.get(row.origin, 1)


def agreement_state(opinions: int, weight_for: float, weight_against: float) -> State:
    """The state of a verdict by the weights of its two sides: from a third on, the smaller side makes it disputed."""
    minority, total = min(weight_for, weight_against), weight_for + weight_against
    if opinions == 1:
        return State.ONE_SOURCE
    if minority <= EPSILON:
        return State.AGREED
    return State.DISPUTED if 3 * minority >= total - EPSILON else State.MOSTLY_AGREED


def _sided(
    kind: Kind,
    rows: Sequence[Evidence],
    set_aside: tuple[int, ...],
    copies: Mapping[int, int],
    stands: Mapping[int, Stand],
    additions: frozenset[int] = frozenset(),
) -> Verdict:
    """The verdict on a rating, a fit or a feature, by the stand of each claim.

    `additions` are claims on the lower side that take nothing from what their source says on the upper one.
    """
    opinions = [_opinion(kind, group, copies, stands, additions) for group in by_voice(kind, rows)]
    sided = [(stands[row.claim][1], row.claim) for row in rows]
    weight = sum([opinion.weight for opinion in opinions])
    pull = sum([opinion.weight * (opinion.position or 0.0) for opinion in opinions])
    state = agreement_state(
        len(opinions),
        sum([opinion.weight * opinion.for_share for opinion in opinions]),
        sum([opinion.weight * opinion.against_share for opinion in opinions]),
    )
    sides: tuple[Verdict, ...] = ()
    if state is State.DISPUTED:
        halves = [[row for row in rows if stands[row.claim][1] != -side] for side in (1, -1)]
        sides = tuple(_sided(kind, half, (), copies, stands, additions) for half in halves)
    return Verdict(
        kind,
        state,
        position=pull / weight,
        weight=weight,
        supports=_weightiest(opinions) if kind is Kind.FEATURE else (),
        opinions=tuple(opinions),
        supporting=tuple([claim for side, claim in sided if side > 0]),
        opposing=tuple([claim for side, claim in sided if side < 0]),
        neutral=tuple([claim for side, claim in sided if not side]),
        set_aside=set_aside,
        sides=sides,
    )


def _opinion(
    kind: Kind,
    rows: Sequence[Evidence],
    copies: Mapping[int, int],
    stands: Mapping[int, Stand],
    additions: frozenset[int],
) -> Opinion:
    """The opinion of one voice from its claims; `additions` see _sided."""
    first = rows[0]
    positions, sides = zip(*[stands[row.claim] for row in rows], strict=True)
    positive, negative = sides.count(1), sides.count(-1)
    if additions:
        negative -= sum([row.claim in additions for row in rows])
    taken = positive + negative
    named = [row.support or Support.NONE for row in rows] if kind is Kind.FEATURE else []
    return Opinion(
        first.source,
        first.source_kind,
        _weight(kind, first, copies),
        tuple([row.claim for row in rows]),
        position=sum(positions) / len(rows),  # exact: they are multiples of ½
        supports=tuple([(support, named.count(support) / len(rows)) for support in dict.fromkeys(named)]),
        for_share=positive / taken if taken else 0.0,
        against_share=negative / taken if taken else 0.0,
        contradicts_itself=bool(positive and negative),
        also=tuple(dict.fromkeys([row.source for row in rows if row.source != first.source])) if rows[1:] else (),
    )


def _rated(kind: Kind, rows: Sequence[Evidence], set_aside: tuple[int, ...], copies: Mapping[int, int]) -> Verdict:
    return _sided(kind, rows, set_aside, copies, {row.claim: _LEVEL_STANDS[row.level or 0] for row in rows})


def read_support(rows: Iterable[Evidence]) -> Callable[[Evidence], Support]:
    """How the claims on a feature are read together: where any names an extension, "none" means "by extension".

    The two do not contradict each other: it is not in the box, and to be had elsewhere.
    """
    extended = any(row.support is Support.EXTENSION for row in rows)
    absent = Support.EXTENSION if extended else Support.NONE
    return lambda row: absent if row.support in (Support.NONE, None) else row.support


def _featured(kind: Kind, rows: Sequence[Evidence], set_aside: tuple[int, ...], copies: Mapping[int, int]) -> Verdict:
    read = read_support(rows)
    supports = [read(row) for row in rows]
    stands = {row.claim: _SUPPORT_STANDS[support] for row, support in zip(rows, supports, strict=True)}
    additions = _additions(rows)
    rows = [
        row if row.support is support else row._replace(support=support)
        for row, support in zip(rows, supports, strict=True)
    ]
    return _sided(kind, rows, set_aside, copies, stands, additions)


def _additions(rows: Sequence[Evidence]) -> frozenset[int]:
    """The claims that name an extension where the same source finds part of it in the box: both are true."""
    if not {row.support for row in rows} >= PART_AND_MORE:
        return frozenset()
    voices = [group for group in by_voice(Kind.FEATURE, rows) if {row.support for row in group} == PART_AND_MORE]
    return frozenset([row.claim for group in voices for row in group if row.support is Support.EXTENSION])


def _weightiest(opinions: Iterable[Opinion]) -> tuple[Support, ...]:
    """The support with the most weight behind it, or several with as much; none where it is no feature."""
    weights: defaultdict[Support, float] = defaultdict(float)
    for opinion in opinions:
        for support, share in opinion.supports:
            weights[support] += opinion.weight * share
    most = max(weights.values(), default=0.0)
    return tuple([support for support in Support if support in weights and weights[support] >= most - EPSILON])


def _measured(kind: Kind, rows: Sequence[Evidence], set_aside: tuple[int, ...], copies: Mapping[int, int]) -> Verdict:
    """The verdict on a figure. What an article reports without a method is shown, and ranks nothing."""
    reported = [row for row in rows if row.source_kind in ARTICLES]
    looked_up = [row for row in rows if row.source_kind not in ARTICLES]
    shown = looked_up or reported
    opinions = [_figure_opinion(kind, group, copies) for group in by_voice(kind, shown)]
    figures = [opinion.figure for opinion in opinions if opinion.figure]
    whole = Figure(
        median(figure.median for figure in figures),
        min(figure.low for figure in figures),
        max(figure.high for figure in figures),
    )
    state = _figure_state([figure.median for figure in figures], whole.median)
    near = {row.claim for row in shown if is_near(_middle(row), whole.median)}
    result = Verdict(
        kind,
        state,
        weight=sum(opinion.weight for opinion in opinions) if looked_up else 0,
        figure=whole,
        opinions=tuple(opinions),
        supporting=tuple([row.claim for row in shown if row.claim in near]),
        opposing=tuple([row.claim for row in shown if row.claim not in near]),
        reported=tuple([row.claim for row in reported]),
        set_aside=set_aside,
    )
    if state is not State.DISPUTED:
        return result
    extremes = (min(figures, key=lambda figure: figure.median), max(figures, key=lambda figure: figure.median))
    return result._replace(sides=tuple(result._replace(figure=figure, set_aside=()) for figure in extremes))


def _figure_opinion(kind: Kind, rows: Sequence[Evidence], copies: Mapping[int, int]) -> Opinion:
    middles = [_middle(row) for row in rows]
    figure = Figure(median(middles), min(row.low or 0.0 for row in rows), max(row.high or 0.0 for row in rows))
    return Opinion(
        rows[0].source,
        rows[0].source_kind,
        _weight(kind, rows[0], copies),
        tuple(row.claim for row in rows),
        figure=figure,
        contradicts_itself=not all(is_near(middle, figure.median) for middle in middles),
    )


def _figure_state(medians: Sequence[float], whole: float) -> State:
    if len(medians) == 1:
        return State.ONE_SOURCE
    if max(medians) >= 2 * min(medians) and max(medians) > 0:
        return State.DISPUTED
    return State.AGREED if all(is_near(value, whole) for value in medians) else State.MOSTLY_AGREED


def _middle(row: Evidence) -> float:
    return ((row.low or 0.0) + (row.high or 0.0)) / 2


def is_near(value: float, centre: float) -> bool:
    """Within 10 % of the centre."""
    return abs(value - centre) <= 0.1 * abs(centre) + EPSILON


def _listed(kind: Kind, rows: Sequence[Evidence], set_aside: tuple[int, ...], copies: Mapping[int, int]) -> Verdict:
    named: defaultdict[str, list[Evidence]] = defaultdict(list)
    for row in rows:
        named[item_key(row.item)].append(row)
    items = []
    for group in named.values():
        spelling = group[0].item
        if len({row.item for row in group}) > 1:
            spelling, _ = Counter([row.item for row in group]).most_common(1)[0]
        items.append(Item(spelling, len({row.source for row in group}), tuple([row.claim for row in group])))
    items.sort(key=lambda item: (-item.sources, _numbers_by_value(item.name), item.name))
    opinions = tuple(
        Opinion(
            group[0].source, group[0].source_kind, _weight(kind, group[0], copies), tuple([row.claim for row in group])
        )
        for group in by_voice(kind, rows)
    )
    if len(opinions) == 1:
        state = State.ONE_SOURCE
    else:
        state = State.AGREED if all(item.sources > 1 for item in items) else State.MOSTLY_AGREED
    return Verdict(
        kind,
        state,
        weight=sum(opinion.weight for opinion in opinions),
        items=tuple(items),
        opinions=opinions,
        supporting=tuple(row.claim for row in rows),
        set_aside=set_aside,
    )


def _numbers_by_value(name: str) -> list[str | int]:
    """For sorting: 3.9 comes before 3.10."""
    parts = re.split(r"(\d+)", name.casefold())
    return [int(part) if index % 2 else part for index, part in enumerate(parts)]


def item_key(name: str) -> str:
    """Two spellings with one key are one item: case and spacing do not matter."""
    return " ".join(name.casefold().split())


_RULES = {
    Kind.RATING: _rated,
    Kind.FIT: _rated,
    Kind.FEATURE: _featured,
    Kind.FIGURE: _measured,
    Kind.LIST: _listed,
}

"""The reasons for an answer and the advice by situation, with the claims and sources behind them."""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass

from comparison.alternatives import nearest_alternatives
from comparison.evidence import Evidence, Kind, State, Support, source_weight
from comparison.models import Claim, Criterion, Framework
from comparison.recommend import DecisionMatrix, Ending, Reason, Recommendation, Weights, merits, reasons
from comparison.recommendation.load import LoadedEvidence
from comparison.recommendation.sentences.reasons import WEIGHT_WORDS, reason_note
from comparison.tables.citations import Citation, Citer
from comparison.vocabulary import gettext as _
from comparison.wording import Names

MAX_REASONS = 3  # spelled out on each side
MAX_ALTERNATIVES = 3
OFFERED = {support: rank for rank, support in enumerate(reversed(Support))}  # the more, the higher


@dataclass(frozen=True, slots=True)
class CellSide:
    """The claims of one cell that are in the framework's favour, or those that are against it."""

    framework: str
    criterion: str
    is_positive: bool


class CitedCells:
    """The claims and sources that an answer cites. Reads the claims in one query."""

    def __init__(self, loaded: LoadedEvidence, sides: Iterable[CellSide]) -> None:
        self.loaded, self.matrix = loaded, loaded.matrix
        self._strongest = {side: self._strongest_claim(side) for side in sides}
        self._claims = loaded.claims({pk for pk in self._strongest.values() if pk is not None})

    def claim(self, side: CellSide) -> Claim | None:
        """The claim with the most weight on a side; None if there is none, or if it was not read."""
        strongest = self._strongest[side] if side in self._strongest else self._strongest_claim(side)
        return self._claims.get(strongest or 0)

    def citations(self, side: CellSide) -> list[Citation]:
        """All sources of a side."""
        opinions = self.matrix.verdicts[side.framework, side.criterion].opinions
        self_contradicting = {pk for opinion in opinions if opinion.contradicts_itself for pk in opinion.sources}
        citer = Citer(self.loaded.references, self_contradicting)
        return citer.of_sources({evidence.source for evidence in self._counted(side)})

    def _counted(self, side: CellSide) -> list[Evidence]:
        """The counted claims of a side. What no claim is on the side of is shown by the others, but for fits."""
        verdict = self.matrix.verdicts[side.framework, side.criterion]
        ids = set(verdict.supporting if side.is_positive else verdict.opposing)
        match verdict.kind:
            case Kind.RATING if side.is_positive:
                ids = ids or set(verdict.neutral)
            case Kind.FEATURE:  # a feature by extension is not in the box, and still in its favour
                ids = ids or {*verdict.supporting, *verdict.opposing}
            case Kind.FIGURE:
                ids = set(verdict.supporting or verdict.opposing)
        rows = self.matrix.evidence.get((side.framework, side.criterion), ())
        return [evidence for evidence in rows if evidence.claim in ids]

    def _strongest_claim(self, side: CellSide) -> int | None:
        kind = self.matrix.by_slug[side.criterion].kind

        def rank(entry: Evidence) -> tuple[int, int, int, int]:
            offered = OFFERED[entry.support] if entry.support and side.is_positive else 0
            weight = source_weight(kind, entry.source_kind, entry.is_own)
            return weight, offered, abs(entry.level or 0), -entry.claim

        strongest = max(self._counted(side), key=rank, default=None)
        return strongest.claim if strongest else None


@dataclass(frozen=True, slots=True)
class CitedReason:
    """A reason with the strongest claim behind it and every source of that side."""

    criterion: Criterion
    weight: str
    about: str  # the framework the claim is about, if it is not the one that the side is about
    claim: Claim
    citations: Sequence[Citation]
    is_one_source: bool
    is_makers_alone: bool
    note: str


@dataclass(frozen=True, slots=True)
class ReasonSide:
    """The strongest reasons on one side, the number of further ones, and the sentence shown if there are none."""

    heading: str
    css: str
    reasons: Sequence[CitedReason]
    more: int
    empty: str


@dataclass(frozen=True, slots=True)
class ReasonLink:
    """A reason by its criterion alone."""

    criterion: str
    name: str
    url: str
    note: str


@dataclass(frozen=True, slots=True)
class PairReasons:
    """The reasons for the first framework over another one, and the reverse, strongest first."""

    framework: str
    name: str
    for_first: Sequence[ReasonLink]
    for_other: Sequence[ReasonLink]
    likeness: float | None  # 0 to 1; None in answers that were stored before it was worked out

    @property
    def alike(self) -> str:
        return (
            "" if self.likeness is None else _("{share} alike in what you weigh").format(share=f"{self.likeness:.0%}")
        )


def ranked_slugs(recommendation: Recommendation) -> list[str]:
    """The ranked frameworks, best first; empty if the evidence does not rank them."""
    is_ranked = recommendation.ending in (Ending.CLEAR, Ending.CLOSE, Ending.ONLY_ONE)
    return [row.framework for row in recommendation.ranking] if is_ranked else []


def leading_reasons(recommendation: Recommendation) -> tuple[list[Reason], list[Reason]]:
    """The reasons for the first framework over the second, and against it; of a tie, for either.

    A reason with an `other` compares the two, one without speaks of the first alone.
    """
    slugs = ranked_slugs(recommendation)
    if not slugs:
        return [], []
    first, *others = slugs
    own = merits(recommendation, first)
    own_against = [reason for reason in own if reason.gap < 0]
    if not others:
        return [reason for reason in own if reason.gap > 0], own_against
    against = reasons(recommendation, others[0], first)
    if recommendation.ending is Ending.CLEAR:
        against = _with_situations(recommendation, against, own_against)
    return reasons(recommendation, first, others[0]), against


def _with_situations(
    recommendation: Recommendation, against: Sequence[Reason], own_against: Sequence[Reason]
) -> list[Reason]:
    """Weighed situations that go against the first framework come first, even where the second does no better."""
    by_criterion = {reason.criterion: reason for reason in against}
    situations = [
        by_criterion.get(reason.criterion, reason)
        for reason in own_against
        if recommendation.matrix.by_slug[reason.criterion].kind is Kind.FIT
    ]
    return [*situations, *(reason for reason in against if reason not in situations)]


def side_behind(reason: Reason, matrix: DecisionMatrix) -> CellSide:
    """The claims to cite: those for the favoured framework, or else those against the other one."""
    if not reason.other:
        return CellSide(reason.framework, reason.criterion, reason.gap > 0)
    values = dict(zip(matrix.frameworks, matrix.values[reason.criterion], strict=True))
    own, other = values[reason.framework] or 0.0, values[reason.other] or 0.0
    if own <= 0 and other < 0:
        return CellSide(reason.other, reason.criterion, is_positive=False)
    return CellSide(reason.framework, reason.criterion, is_positive=True)


def reason_sides(recommendation: Recommendation, cited: CitedCells, names: Names) -> list[ReasonSide]:
    """What speaks for the first framework, and what against it or for the second; empty without any reasons."""
    return [
        ReasonSide(
            heading,
            css,
            _cited_reasons(side_reasons[:MAX_REASONS], cited, names, subject),
            max(len(side_reasons) - MAX_REASONS, 0),
            empty,
        )
        for subject, (heading, css, side_reasons, empty) in zip(
            _side_subjects(recommendation), _headed_reasons(recommendation, names), strict=False
        )
    ]


def _side_subjects(recommendation: Recommendation) -> list[str]:
    """The framework that each side is about."""
    slugs = ranked_slugs(recommendation)
    return slugs[:2] if recommendation.ending is Ending.CLOSE else [*slugs[:1], *slugs[:1]]


def _headed_reasons(recommendation: Recommendation, names: Names) -> list[tuple[str, str, list[Reason], str]]:
    """The heading, style, reasons and empty sentence of each side."""
    reasons_for, reasons_against = leading_reasons(recommendation)
    if not (reasons_for or reasons_against):
        return []
    first, second, *_rest = [*(names.frameworks[slug] for slug in ranked_slugs(recommendation)), ""]
    if second:
        nothing_for = _("Nothing you weigh speaks for {first} over {second}.").format(first=first, second=second)
    else:
        nothing_for = _("Nothing you weigh speaks for {first}.").format(first=first)
    side_for = (_("For {name}").format(name=first), "for", reasons_for, nothing_for)
    if recommendation.ending is Ending.CLOSE:
        nothing_against = _("Nothing you weigh speaks for {first} over {second}.").format(first=second, second=first)
        return [side_for, (_("For {name}").format(name=second), "for", reasons_against, nothing_against)]
    nothing_against = _("Nothing you weigh speaks against {first}.").format(first=first)
    return [side_for, (_("Against {name}").format(name=first), "against", reasons_against, nothing_against)]


def _cited_reasons(side_reasons: Sequence[Reason], cited: CitedCells, names: Names, subject: str) -> list[CitedReason]:
    """`subject` is the framework that the side is about."""
    result = []
    for reason in side_reasons:
        side = side_behind(reason, cited.matrix)
        claim = cited.claim(side)
        if claim is not None:
            verdict = cited.matrix.verdicts[side.framework, side.criterion]
            result.append(
                CitedReason(
                    criterion=cited.loaded.criteria[reason.criterion],
                    weight=_(WEIGHT_WORDS[reason.weight]),
                    about="" if side.framework == subject else names.frameworks[side.framework],
                    claim=claim,
                    citations=cited.citations(side),
                    is_one_source=verdict.state is State.ONE_SOURCE,
                    is_makers_alone=verdict.is_makers_alone,
                    note=reason_note(reason, names, cited.matrix),
                )
            )
    return result


def pair_reasons(recommendation: Recommendation, names: Names, row_url: Callable[[str], str]) -> list[PairReasons]:
    """The first framework beside its nearest alternatives.

    None of two frameworks alone, whose reasons are spelled out.
    """
    if len(ranked_slugs(recommendation)) <= 2 or not recommendation.qualified:
        return []
    return [
        PairReasons(
            alternative.framework,
            names.frameworks[alternative.framework],
            _links(alternative.losses, recommendation.matrix, names, row_url),
            _links(alternative.gains, recommendation.matrix, names, row_url),
            alternative.likeness,
        )
        for alternative in nearest_alternatives(recommendation, MAX_ALTERNATIVES)
    ]


def _links(
    linked: Sequence[Reason], matrix: DecisionMatrix, names: Names, row_url: Callable[[str], str]
) -> list[ReasonLink]:
    return [
        ReasonLink(
            reason.criterion,
            names.criteria[reason.criterion],
            row_url(reason.criterion),
            reason_note(reason, names, matrix),
        )
        for reason in linked
    ]


@dataclass(frozen=True, slots=True)
class Advice:
    framework: Framework
    claim: Claim
    citations: Sequence[Citation]


@dataclass(frozen=True, slots=True)
class Situation:
    criterion: Criterion
    advice: Sequence[Advice]
    against: Sequence[Advice]

    @property
    def source_count(self) -> int:
        """How many sources speak about it."""
        advice = (*self.advice, *self.against)
        return len({citation.number for entry in advice for citation in entry.citations})

    def sources_against(self, slugs: Collection[str]) -> int:
        """How many sources advise against any of some frameworks."""
        against = [entry for entry in self.against if entry.framework.slug in slugs]
        return len({citation.number for entry in against for citation in entry.citations})

    def is_against(self, slug: str) -> bool:
        """Whether sources advise against a framework here, and none for it."""
        is_advised = any(advice.framework.slug == slug for advice in self.advice)
        return not is_advised and any(advice.framework.slug == slug for advice in self.against)


def situation_slugs(matrix: DecisionMatrix) -> list[str]:
    """The situations with evidence on any of the frameworks."""
    slugs = [spec.slug for spec in matrix.specs if spec.kind is Kind.FIT]
    return [slug for slug in slugs if any((name, slug) in matrix.evidence for name in matrix.frameworks)]


def situation_sides(matrix: DecisionMatrix) -> list[CellSide]:
    """Both sides of every cell that `situations` cites."""
    return [
        CellSide(name, slug, is_positive)
        for slug in situation_slugs(matrix)
        for name in matrix.frameworks
        if (name, slug) in matrix.evidence
        for is_positive in (True, False)
    ]


def situations(weights: Weights, cited: CitedCells) -> list[Situation]:
    """The advice by situation, those with the highest weights first."""
    criteria, counted = cited.loaded.criteria, weights.counted
    slugs = sorted(situation_slugs(cited.matrix), key=lambda slug: (-counted.get(slug, 0), criteria[slug].name))
    return [
        Situation(criteria[slug], _advice(slug, cited, is_positive=True), _advice(slug, cited, is_positive=False))
        for slug in slugs
    ]


def _advice(slug: str, cited: CitedCells, is_positive: bool) -> list[Advice]:
    matrix = cited.matrix
    sides = [CellSide(name, slug, is_positive) for name in matrix.frameworks if (name, slug) in matrix.evidence]
    return [
        Advice(cited.loaded.frameworks[side.framework], claim, cited.citations(side))
        for side in sides
        if (claim := cited.claim(side)) is not None
    ]

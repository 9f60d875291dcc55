"""The reasons for an answer and the advice by situation, with the claims and sources behind them."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from comparison.evidence import SOURCE_WEIGHTS, Evidence, Kind, State
from comparison.models import Claim, Criterion, Framework
from comparison.recommend import DecisionMatrix, Ending, Reason, Recommendation, Weights, merits, reasons
from comparison.recommendation import sentences
from comparison.recommendation.load import LoadedEvidence
from comparison.recommendation.ranking import MAX_COLUMNS
from comparison.tables.citations import Citation, Citer
from comparison.wording import Names

MAX_REASONS = 3  # spelled out on each side


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
        strongest = {self._strongest(side) for side in sides}
        self._claims = loaded.claims({pk for pk in strongest if pk is not None})

    def claim(self, side: CellSide) -> Claim | None:
        """The claim with the most weight on a side; None if there is none, or if it was not read."""
        return self._claims.get(self._strongest(side) or 0)

    def citations(self, side: CellSide) -> list[Citation]:
        """All sources of a side."""
        opinions = self.matrix.verdicts[side.framework, side.criterion].opinions
        self_contradicting = {opinion.source for opinion in opinions if opinion.contradicts_itself}
        citer = Citer(self.loaded.references, self_contradicting)
        return citer.of_sources({evidence.source for evidence in self._counted(side)})

    def _counted(self, side: CellSide) -> list[Evidence]:
        """The counted claims of a side; for features and figures all that support the verdict."""
        verdict = self.matrix.verdicts[side.framework, side.criterion]
        ids = set(verdict.supporting)
        if verdict.kind in (Kind.RATING, Kind.FIT):
            ids = set(verdict.supporting if side.is_positive else verdict.opposing)
            if side.is_positive and not ids and verdict.kind is Kind.RATING:
                ids = set(verdict.neutral)
        rows = self.matrix.evidence.get((side.framework, side.criterion), ())
        return [evidence for evidence in rows if evidence.claim in ids]

    def _strongest(self, side: CellSide) -> int | None:
        strongest = max(
            self._counted(side),
            key=lambda evidence: (SOURCE_WEIGHTS[evidence.source_kind], abs(evidence.level or 0), -evidence.claim),
            default=None,
        )
        return strongest.claim if strongest else None


@dataclass(frozen=True, slots=True)
class CitedReason:
    """A reason with the strongest claim behind it and every source of that side."""

    criterion: Criterion
    weight: str
    about: str  # the framework the claim is about, if it is not the one the reason favours
    claim: Claim
    citations: Sequence[Citation]
    is_one_source: bool
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


def ranked_slugs(recommendation: Recommendation) -> list[str]:
    """The ranked frameworks, best first; empty if the evidence does not rank them."""
    is_ranked = recommendation.ending in (Ending.CLEAR, Ending.CLOSE, Ending.ONLY_ONE)
    return [row.framework for row in recommendation.ranking] if is_ranked else []


def leading_reasons(recommendation: Recommendation) -> tuple[list[Reason], list[Reason]]:
    """The reasons for the first framework over the second, and the reverse; for a single one, for and against it."""
    slugs = ranked_slugs(recommendation)
    if not slugs:
        return [], []
    first, *others = slugs
    if not others:
        own = merits(recommendation, first)
        return [reason for reason in own if reason.gap > 0], [reason for reason in own if reason.gap < 0]
    return reasons(recommendation, first, others[0]), reasons(recommendation, others[0], first)


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
            _cited_reasons(side_reasons[:MAX_REASONS], cited, names),
            max(len(side_reasons) - MAX_REASONS, 0),
            empty,
        )
        for heading, css, side_reasons, empty in _headed_reasons(recommendation, names)
    ]


def _headed_reasons(recommendation: Recommendation, names: Names) -> list[tuple[str, str, list[Reason], str]]:
    """The heading, style, reasons and empty sentence of each side."""
    reasons_for, reasons_against = leading_reasons(recommendation)
    if not (reasons_for or reasons_against):
        return []
    first, second, *_ = [*(names.frameworks[slug] for slug in ranked_slugs(recommendation)), ""]
    nothing = "Nothing that is weighed speaks"
    if not second:
        return [
            (f"For {first}", "for", reasons_for, f"{nothing} for it."),
            (f"Against {first}", "against", reasons_against, f"{nothing} against it."),
        ]
    is_tie = recommendation.ending is Ending.CLOSE
    heading, css = (f"For {second}", "for") if is_tie else (f"Against it, for {second}", "against")
    return [
        (f"For {first}", "for", reasons_for, f"{nothing} for it over {second}."),
        (heading, css, reasons_against, f"{nothing} for it over {first}."),
    ]


def _cited_reasons(side_reasons: Sequence[Reason], cited: CitedCells, names: Names) -> list[CitedReason]:
    result = []
    for reason in side_reasons:
        side = side_behind(reason, cited.matrix)
        claim = cited.claim(side)
        if claim is not None:
            result.append(
                CitedReason(
                    criterion=cited.loaded.criteria[reason.criterion],
                    weight=sentences.WEIGHT_WORDS[reason.weight],
                    about="" if side.framework == reason.framework else names.frameworks[side.framework],
                    claim=claim,
                    citations=cited.citations(side),
                    is_one_source=cited.matrix.verdicts[side.framework, side.criterion].state is State.ONE_SOURCE,
                    note=sentences.reason_note(reason, names),
                )
            )
    return result


def pair_reasons(recommendation: Recommendation, names: Names, row_url: Callable[[str], str]) -> list[PairReasons]:
    """The first framework beside the third and the fourth: the remaining columns of the table of contributions."""
    slugs = ranked_slugs(recommendation)
    return [
        PairReasons(
            slug,
            names.frameworks[slug],
            _links(reasons(recommendation, slugs[0], slug), names, row_url),
            _links(reasons(recommendation, slug, slugs[0]), names, row_url),
        )
        for slug in slugs[2:MAX_COLUMNS]
    ]


def _links(linked: Sequence[Reason], names: Names, row_url: Callable[[str], str]) -> list[ReasonLink]:
    return [
        ReasonLink(
            reason.criterion,
            names.criteria[reason.criterion],
            row_url(reason.criterion),
            sentences.reason_note(reason, names),
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
    sides = [CellSide(name, slug, is_positive) for name in cited.matrix.frameworks]
    return [
        Advice(cited.loaded.frameworks[side.framework], claim, cited.citations(side))
        for side in sides
        if (claim := cited.claim(side)) is not None
    ]

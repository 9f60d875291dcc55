"""What the lead of one framework over another is made of. Pure functions.

Whether the first is better or only better known, and which kinds of sources its lead rests on.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from comparison.evidence import EPSILON, PRIOR_WEIGHT, SourceKind, strength
from comparison.recommend import DecisionMatrix, Recommendation, counted_weights, reasons


@dataclass(frozen=True, slots=True)
class GapParts:
    """The parts of a lead, in points of the score: from different positions, and from different strengths."""

    by_position: float
    by_strength: float

    @property
    def is_better_known(self) -> bool:
        """Whether more than half of the lead comes from knowing more about the first, not from its being better."""
        return self.by_strength > (self.by_position + self.by_strength) / 2 + EPSILON


def gap_parts(recommendation: Recommendation, framework: str, other: str) -> GapParts:
    """Parts the lead of one framework over another.

    p₁k₁ − p₂k₂ = (p₁ − p₂)·k̄ + (k₁ − k₂)·p̄, with k̄ and p̄ the means of the two. Where nothing is known of one of them,
    all of it is a difference in what is known.
    """
    matrix, counted = recommendation.matrix, counted_weights(recommendation.matrix, recommendation.weights)
    first, second = matrix.frameworks.index(framework), matrix.frameworks.index(other)
    total = sum(counted.values())
    by_position = by_strength = 0.0
    for slug, weight in counted.items():
        one, two = matrix.scores[slug][first], matrix.scores[slug][second]
        p1, p2 = matrix.positions[slug][first] or 0.0, matrix.positions[slug][second] or 0.0
        k1, k2 = (strength(score.weight) if score else 0.0 for score in (one, two))
        if one and two:
            by_position += weight / total * (p1 - p2) * (k1 + k2) / 2
            by_strength += weight / total * (k1 - k2) * (p1 + p2) / 2
        else:
            by_strength += weight / total * (p1 * k1 - p2 * k2)
    return GapParts(by_position, by_strength)


BASIS = {  # how the kinds of sources are summed up in what a lead rests on
    SourceKind.MEASUREMENT: SourceKind.MEASUREMENT,
    SourceKind.DOCUMENTATION: SourceKind.DOCUMENTATION,
    SourceKind.METADATA: SourceKind.DOCUMENTATION,
    SourceKind.INDEPENDENT: SourceKind.INDEPENDENT,
    SourceKind.VENDOR: SourceKind.VENDOR,
}


def rests_on(recommendation: Recommendation, framework: str, other: str) -> dict[SourceKind, float]:
    """The shares (adding up to 1) of the kinds of sources in what favours one framework over another.

    On the criteria that favour the first, each source is credited with its term of Σ weight·x / (Σ weight + 2): with
    its sign in the cell of the first, with the opposite one in that of the other. Only credits above 0 count. Empty
    without any.
    """
    points_by_kind: dict[SourceKind, float] = dict.fromkeys(SourceKind, 0.0)
    for reason in reasons(recommendation, framework, other):
        for name, sign in ((framework, 1), (other, -1)):
            for source_kind, share in _credits(recommendation.matrix, name, reason.criterion):
                points_by_kind[BASIS[source_kind]] += max(sign * reason.weight * share, 0.0)
    return _shares(points_by_kind)


def score_rests_on(recommendation: Recommendation, framework: str) -> dict[SourceKind, float]:
    """The shares (adding up to 1) of the kinds of sources in a framework's score, whichever way they speak.

    Each source is credited with the size of its term of Σ weight·x / (Σ weight + 2). Empty if nothing is known.
    """
    points_by_kind: dict[SourceKind, float] = dict.fromkeys(SourceKind, 0.0)
    for slug, weight, _, _ in recommendation.ranked_framework(framework).parts:
        for source_kind, share in _credits(recommendation.matrix, framework, slug):
            points_by_kind[BASIS[source_kind]] += abs(weight * share)
    return _shares(points_by_kind)


def _shares(points_by_kind: Mapping[SourceKind, float]) -> dict[SourceKind, float]:
    total = sum(points_by_kind.values())
    if not total:
        return {}
    return {source_kind: share / total for source_kind, share in points_by_kind.items() if share > EPSILON}


def _credits(matrix: DecisionMatrix, name: str, slug: str) -> list[tuple[SourceKind, float]]:
    """By counted source its part of the value of a cell; a figure's value is shared out by weight."""
    cell_verdict, value = matrix.verdicts[name, slug], matrix.values[slug][matrix.frameworks.index(name)]
    if value is None or not cell_verdict.weight:
        return []
    whole = cell_verdict.weight + PRIOR_WEIGHT
    return [
        (
            opinion.source_kind,
            value * opinion.weight / cell_verdict.weight
            if opinion.position is None
            else opinion.weight * opinion.position / whole,
        )
        for opinion in cell_verdict.opinions
    ]

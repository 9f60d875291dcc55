"""The frameworks beside the first: how much alike they answer, and what a change to them gains and gives up.

Pure functions.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from comparison.evidence import EPSILON
from comparison.recommend import RankedFramework, Reason, Recommendation, reasons


@dataclass(frozen=True, slots=True)
class Alternative:
    """A framework that could be taken in place of the first.

    `likeness`, 0 to 1, says how much alike the two answer what is weighed.
    """

    framework: str
    likeness: float
    gains: Sequence[Reason]  # what speaks for it over the first, strongest first
    losses: Sequence[Reason]  # what speaks for the first over it


def likeness(framework: RankedFramework, other: RankedFramework) -> float:
    """1 − Σ|a − b| / Σ(|a| + |b|) over what each criterion adds: 1 if all is the same, 0 if nothing is.

    This is the Bray–Curtis similarity (Bray and Curtis, Ecological Monographs 27, 1957) for numbers that may be
    negative: a plus beside a minus shares nothing. Two frameworks of which nothing is known are not alike: 0.
    """
    pairs = list(zip(framework.points.values(), other.points.values(), strict=True))
    total = sum(abs(one) + abs(two) for one, two in pairs)
    return 1 - sum(abs(one - two) for one, two in pairs) / total if total > EPSILON else 0.0


def nearest_alternatives(recommendation: Recommendation, limit: int) -> list[Alternative]:
    """The qualified frameworks that answer most like the first, nearest first; none that shares nothing with it."""
    first, *others = recommendation.qualified
    values = [(round(likeness(first, other), 9), other.framework) for other in others]
    by_likeness = sorted((pair for pair in values if pair[0] > 0), key=lambda pair: (-pair[0], pair[1]))
    return [
        Alternative(
            framework,
            value,
            reasons(recommendation, framework, first.framework),
            reasons(recommendation, first.framework, framework),
        )
        for value, framework in by_likeness[:limit]
    ]

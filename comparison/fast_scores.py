"""The one number a cell comes to, without its citations, for thousands of cells at once.

It is what evidence.verdict finds, in a tenth of the time; tests hold the two against each other.
"""

from collections.abc import Sequence
from statistics import median

from comparison.evidence import PRIOR_WEIGHT, SUPPORT_VALUES, WEIGHTS, Evidence, Kind, Support, Verdict, verdict

_CAUTION = {support: place for place, support in enumerate(Support)}


def tally(kind: Kind, rows: Sequence[Evidence]) -> float | None:
    """Score, standing of the support, or median; None where nothing counts, and for lists."""
    if not rows:
        return None
    if not plain(rows):
        return number_of(verdict(kind, rows))
    if kind is Kind.FEATURE:
        return SUPPORT_VALUES[_support(rows)]
    if kind is Kind.FIGURE:
        return median([((one.low or 0.0) + (one.high or 0.0)) / 2 for one in rows])
    return None if kind is Kind.LIST else _score(rows)


def number_of(found: Verdict) -> float | None:
    if found.figure:
        return found.figure.median
    return SUPPORT_VALUES[found.support] if found.support else found.score


def plain(rows: Sequence[Evidence]) -> bool:
    """Whether every claim is a vote: each from a source of its own that repeats none, and none of them checked."""
    return len({one.source for one in rows if one.origin == one.source and not one.findings}) == len(rows)


def _score(rows: Sequence[Evidence]) -> float:
    weight, pull = PRIOR_WEIGHT, 0
    for one in rows:
        own = WEIGHTS[one.source_kind]
        weight += own
        pull += own * (one.level or 0)
    return pull / weight


def _support(rows: Sequence[Evidence]) -> Support:
    """The support with the most weight behind it; on a tie the lesser one."""
    if len(rows) == 1:
        return rows[0].support or Support.NONE
    weights: dict[Support, int] = {}
    for one in rows:
        said = one.support or Support.NONE
        weights[said] = weights.get(said, 0) + WEIGHTS[one.source_kind]
    return max(weights, key=lambda support: (weights[support], _CAUTION[support]))

"""The changes that are nearest to an answer: which single ones lead to another first place, smallest first."""

from collections.abc import Iterator
from dataclasses import dataclass

from comparison.recommend import Ending, MustStatus, must_status
from comparison.sensitivity.changes import (
    Result,
    Sensitivity,
    SourceFlip,
    TogetherFlip,
    UnknownFlip,
    WeightFlip,
)

OTHER_SIZE = 2.0  # what a must-have, one source or one unknown counts, in steps of a weight
TOGETHER_SIZE = 3.0  # all unknowns of a framework at once


@dataclass(frozen=True, slots=True)
class MustFlip:
    """A weighed criterion that becomes a must-have, or a must-have that is let go, and the new answer."""

    criterion: str
    is_added: bool
    answer: str | None
    ending: Ending


Flip = WeightFlip | MustFlip | SourceFlip | UnknownFlip | TogetherFlip


def must_flips(sensitivity: Sensitivity) -> list[MustFlip]:
    """Every must-have that changes the answer if it is added, of the criteria with a weight, or let go.

    A must-have that is let go keeps its weight.
    """
    if not sensitivity.total or sensitivity.current.ending is Ending.NO_EVIDENCE:
        return []
    flips = []
    for slug in sorted(sensitivity.weights):
        is_added = slug not in sensitivity.musts
        result = _result_with(sensitivity, slug) if is_added else _result_without(sensitivity, slug)
        if result.answer != sensitivity.current.answer:
            flips.append(MustFlip(slug, is_added, result.leader, result.ending))
    return flips


def _result_with(sensitivity: Sensitivity, slug: str) -> Result:
    verdicts = sensitivity.matrix.verdicts
    passing = [
        position
        for position, name in enumerate(sensitivity.names)
        if must_status(verdicts[name, slug]) is not MustStatus.FAILED
    ]
    names = [sensitivity.names[position] for position in passing]
    return sensitivity.result_of([sensitivity.sums[position] for position in passing], sensitivity.total, names)


def _result_without(sensitivity: Sensitivity, slug: str) -> Result:
    frameworks = sensitivity.matrix.frameworks
    passing = [index for index, failed in enumerate(sensitivity.failed_musts) if set(failed) <= {slug}]
    names = [frameworks[index] for index in passing]
    return sensitivity.result_of([sensitivity.all_sums[index] for index in passing], sensitivity.total, names)


def nearest_flips(sensitivity: Sensitivity, limit: int) -> list[Flip]:
    """The smallest changes that lead to another answer; of equal ones those first that name a framework."""
    flips = sorted(_all_flips(sensitivity), key=lambda flip: (_size(flip), flip.answer is None))
    chosen: list[Flip] = []
    for flip in flips:
        if len(chosen) < limit and _subject(flip) not in map(_subject, chosen):
            chosen.append(flip)
    return chosen


def _all_flips(sensitivity: Sensitivity) -> Iterator[Flip]:
    yield from sensitivity.weight_flips
    yield from must_flips(sensitivity)
    yield from sensitivity.source_flips
    yield from sensitivity.unknown_flips
    yield from sensitivity.together_flips


def _size(flip: Flip) -> float:
    """In steps of a weight. What the reader said to ignore counts one step more than what has a weight."""
    match flip:
        case WeightFlip():
            return flip.size + (flip.before == 0)
        case TogetherFlip():
            return TOGETHER_SIZE
    return OTHER_SIZE


def _subject(flip: Flip) -> tuple[object, ...]:
    """What a change is about: of two changes of one thing the larger says nothing new."""
    match flip:
        case WeightFlip() | MustFlip():
            return ("criterion", flip.criterion)
        case SourceFlip():
            return ("source", flip.source)
        case UnknownFlip():
            return ("cell", flip.framework, flip.criterion)
    return ("framework", flip.framework)

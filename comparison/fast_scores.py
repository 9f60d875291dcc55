"""The arithmetic where it must be fast: thousands of cells at once, and thousands of weightings or draws.

A cell's position and weight here equal those of evidence.verdict, without its citations, in a fraction of the time;
tests compare the two.
"""

from array import array
from collections.abc import Iterable, Sequence
from operator import mul
from statistics import fmean, median
from sys import byteorder
from typing import NamedTuple

from comparison.evidence import (
    ARTICLES,
    OPINION_KINDS,
    SUPPORT_POSITIONS,
    Evidence,
    Kind,
    Support,
    by_voice,
    source_weight,
    split_counted,
)

EXTENDED = SUPPORT_POSITIONS[Support.EXTENSION]  # what "none" is read as where somebody names an extension


class Voice(NamedTuple):
    """What one source says in one cell, or in ratings and fits all the sources of one framework's makers.

    `source` is the first of them, `has_others` says whether there are more. `position` is −1 … +1, of a figure its
    median. `position_alone` is the position of a feature where nobody names an extension, so that "none" means none.
    """

    source: int
    origin: int
    is_article: bool
    weight: int
    position: float
    position_alone: float
    names_extension: bool
    has_others: bool = False


class CellScore(NamedTuple):
    """The position of a cell (of a figure its median) and the weight behind it."""

    position: float
    weight: int


def is_simple(kind: Kind, entries: Sequence[Evidence]) -> bool:
    """Whether every claim is a vote: each from a voice of its own that repeats none, and none of them checked."""
    sound = [entry for entry in entries if entry.origin == entry.source and not entry.findings]
    if kind in OPINION_KINDS:
        return len({-entry.maker or entry.source for entry in sound}) == len(entries)
    return len({entry.source for entry in sound}) == len(entries)


def voices(kind: Kind, entries: Sequence[Evidence]) -> list[Voice]:
    """The voices that count in a cell, each with its mean position. Of figures, articles do not count."""
    if is_simple(kind, entries):
        groups: Sequence[Sequence[Evidence]] = [(entry,) for entry in entries]
    else:
        groups = by_voice(kind, split_counted(entries)[0])
    return [_voice(kind, group) for group in groups if kind is not Kind.FIGURE or group[0].source_kind not in ARTICLES]


def _voice(kind: Kind, entries: Sequence[Evidence]) -> Voice:
    first = entries[0]
    extends = False
    if kind is Kind.FEATURE:
        supports = [entry.support or Support.NONE for entry in entries]
        extends = Support.EXTENSION in supports
        alone = fmean([SUPPORT_POSITIONS[support] for support in supports])
        position = fmean([max(SUPPORT_POSITIONS[support], EXTENDED) for support in supports])
    elif kind is Kind.FIGURE:
        position = alone = median([((entry.low or 0.0) + (entry.high or 0.0)) / 2 for entry in entries])
    elif len(entries) == 1:
        position = alone = (first.level or 0) / 2
    else:
        position = alone = fmean([(entry.level or 0) / 2 for entry in entries])
    weight = source_weight(kind, first.source_kind, first.is_own)
    has_others = entries[-1].source != first.source
    is_article = first.source_kind in ARTICLES
    return Voice(first.source, first.origin, is_article, weight, position, alone, extends, has_others)


def combine(kind: Kind, heard: Sequence[Voice]) -> CellScore | None:
    """The score of a cell; None if nobody speaks."""
    if not heard:
        return None
    weight = sum([voice.weight for voice in heard])
    if kind is Kind.FIGURE:
        return CellScore(median([voice.position for voice in heard]), weight)
    if kind is Kind.FEATURE and not any(voice.names_extension for voice in heard):
        return CellScore(sum([voice.weight * voice.position_alone for voice in heard]) / weight, weight)
    return CellScore(sum([voice.weight * voice.position for voice in heard]) / weight, weight)


class PackedRows:
    """Rows of numbers from which weighted sums are formed, for all columns of a table at once.

    The numbers of a row lie side by side in one long integer. Multiplying and adding such integers works on all columns
    at once. In exchange no number, no factor and no sum may be negative, and a sum must stay below 2⁶⁴.
    """

    # Plain numbers are too slow. Median ms of firmness() with 1,000 weightings, on integers packed like this,
    # on lists of floats, and on lists of floats with a table of sums for every four criteria:
    #    2 frameworks ×  45 criteria:   9,   9,  9
    #   10 frameworks × 100 criteria:  13,  42, 20
    #   50 frameworks × 100 criteria:  33, 194, 73

    def __init__(self, rows: Iterable[Sequence[int]]) -> None:
        arrays = [array("Q", row) for row in rows]
        self.size = 8 * max(map(len, arrays), default=0)
        self.rows = [int.from_bytes(row.tobytes(), byteorder) for row in arrays]

    def sums(self, factors: Iterable[int]) -> list[int]:
        """For each column Σ factor·number."""
        fields = array("Q")
        fields.frombytes(sum(filter(None, map(mul, factors, self.rows))).to_bytes(self.size, byteorder))
        return fields.tolist()

"""Where one source takes opposite sides on criteria that ask the same thing another way. No Django here."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from typing import NamedTuple

from comparison.evidence import Support


class Stand(NamedTuple):
    """What one claim says of a framework: `side` is +1 for praise or support, −1 for blame or none, 0 for neither."""

    claim: int
    source: int
    framework: int
    criterion: int
    side: int

    @property
    def cell(self) -> tuple[int, int, int]:
        """Where the source may contradict itself: its own part of a cell."""
        return self.source, self.framework, self.criterion


def side_of(level: int | None, support: Support | str | None) -> int:
    """The side of a claim with this level or support; figures and items take none."""
    if level is not None:
        return (level > 0) - (level < 0)
    return 0 if not support else -1 if support == Support.NONE else 1


def opposite_stands(stands: Iterable[Stand], related: Mapping[int, Collection[int]]) -> list[tuple[Stand, Stand]]:
    """The pairs in which a source takes opposite sides about a framework on related criteria.

    Of a source that argues both ways on one criterion only the side that most of its claims take counts. Each pair
    comes once, its lower claim id first. `related` holds, by criterion, the ones related to it.
    """
    concerned = [stand for stand in stands if stand.side and related.get(stand.criterion)]
    balance: Counter[tuple[int, int, int]] = Counter()
    for stand in concerned:
        balance[stand.cell] += stand.side
    by_source: defaultdict[tuple[int, int], list[Stand]] = defaultdict(list)
    for stand in concerned:
        if stand.side * balance[stand.cell] > 0:
            by_source[stand.source, stand.framework].append(stand)
    return [
        (first, second)
        for group in by_source.values()
        for first in group
        for second in group
        if first.claim < second.claim and first.side == -second.side and second.criterion in related[first.criterion]
    ]

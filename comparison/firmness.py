"""How firm a recommendation is, and what would change it. Pure functions.

The share of nearby weightings is drawn from a fixed seed (or counted out, where there are few), so that the same
question has the same answer every time. What would change the answer is exact: every single change is tried.
"""

from array import array
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import product
from operator import mul, sub
from random import Random
from sys import byteorder

from comparison.evidence import Kind
from comparison.recommend import CLOSE, HEAVIEST, Ending, Recommendation, ahead

DRAWS = 1_000
SEED = 20_260_101
SCALE = 1 << 48  # fixed point of the long integers: fifteen bits are left for the sum of the weights


@dataclass(frozen=True, slots=True)
class Firmness:
    """Nearby weightings by what they would answer."""

    total: int
    exhaustive: bool
    favour: Mapping[str, int]  # by framework, those that favour it clearly
    close: int
    ahead: int  # those in which the leader has the highest score, by whatever margin

    def percent(self, count: int) -> int:
        return round(100 * count / self.total) if self.total else 0


@dataclass(frozen=True, slots=True)
class WeightFlip:
    """One weight changed, and the answer then: a framework, or None for too close to call."""

    criterion: str
    before: int
    after: int
    answer: str | None

    @property
    def size(self) -> int:
        return abs(self.after - self.before)


@dataclass(frozen=True, slots=True)
class SourceFlip:
    """One source left out, and the answer then with the gap between the first two."""

    source: int
    answer: str | None
    gap: float


@dataclass(frozen=True, slots=True)
class UnknownFlip:
    """Something nobody knows, and the answer if it were found to be at its best or its worst."""

    framework: str
    criterion: str
    best: bool
    answer: str | None


class Change:
    """Tries changes of one recommendation. Scores are kept as sums of weight·value beside the sum of weights."""

    def __init__(self, found: Recommendation) -> None:
        self.found = found
        self.ballot = found.ballot
        failed = {one.framework for one in found.ranking if one.failed}
        self.places = [place for place, name in enumerate(self.ballot.frameworks) if name not in failed]
        self.names = [self.ballot.frameworks[place] for place in self.places]
        self.weights = {slug: weight for slug, weight in found.weights.counted.items() if slug in self.ballot.values}
        self.total = sum(self.weights.values())
        self.sums = [
            sum(weight * (self.ballot.values[slug][place] or 0.0) for slug, weight in self.weights.items())
            for place in self.places
        ]

    @property
    def rivalled(self) -> bool:
        """Whether there is anything to change: at least two frameworks, and something weighed."""
        return len(self.names) > 1 and self.total > 0 and self.found.ending in (Ending.CLEAR, Ending.CLOSE)

    @cached_property
    def now(self) -> str | None:
        return self.answer(self.sums, self.total)

    def answer(self, sums: Sequence[float], total: int) -> str | None:
        if total == 0:
            return None
        first, second, at = _two_highest(sums)
        return self.names[at] if ahead(first / total, second / total) else None

    def firmness(self) -> Firmness:
        """Nearby weightings: each counted weight moved by −1, 0 or +1 within 0 … 3. What is ignored stays ignored."""
        slugs = self._in_order()
        choices = [
            [w for w in (weight - 1, weight, weight + 1) if 0 <= w <= HEAVIEST]
            for weight in map(self.weights.get, slugs)
            if weight is not None
        ]
        exhaustive = _few(choices)
        rivals = self._contenders(slugs, choices)
        packed = self._packed(slugs, rivals)
        favour = dict.fromkeys((self.names[at] for at in rivals), 0)
        leader = max(range(len(self.sums)), key=lambda at: (self.sums[at], -at))
        close = before = count = 0
        for weights in product(*choices) if exhaustive else _draws(choices):
            total = sum(weights)
            if not total:
                continue
            count += 1
            sums = _unpacked(sum(map(mul, weights, packed)), len(rivals))
            first = max(sums)
            at = sums.index(first)
            sums[at] = 0
            before += rivals[at] == leader
            if len(rivals) == 1 or ahead(first / total / SCALE, max(sums) / total / SCALE):
                favour[self.names[rivals[at]]] += 1
            else:
                close += 1
        return Firmness(count, exhaustive, favour, close, before)

    def _packed(self, slugs: Sequence[str], rivals: Sequence[int]) -> list[int]:
        """Of each criterion the rivals' values (raised by 1, in fixed point) side by side in one long integer.

        Multiplying and adding such integers works on all rivals at once: a tenth of the time of a loop over them.
        """
        columns = [self._column(slugs, self.places[at]) for at in rivals]
        rows = zip(*columns, strict=True)
        fields = (array("Q", (round((value + 1) * SCALE) for value in row)) for row in rows)
        return [int.from_bytes(one.tobytes(), byteorder) for one in fields]

    def _column(self, slugs: Sequence[str], place: int) -> list[float]:
        return [self.ballot.values[slug][place] or 0.0 for slug in slugs]

    def _in_order(self) -> list[str]:
        """The counted criteria in an order that no name decides, so that renaming changes nothing."""

        def key(slug: str) -> tuple[int, list[float], str]:
            return self.weights[slug], sorted(value or 0.0 for value in self.ballot.values[slug]), slug

        return sorted(self.weights, key=key)

    def _contenders(self, slugs: Sequence[str], choices: Sequence[Sequence[int]]) -> list[int]:
        """The leader and those that could come near it in some nearby weighting; the others never matter."""
        leader = max(range(len(self.sums)), key=lambda at: (self.sums[at], -at))
        most = sum(max(some) for some in choices)
        own = self._column(slugs, self.places[leader])
        found = []
        for at, place in enumerate(self.places):
            gaps = map(sub, own, self._column(slugs, place))
            least = sum(min(gap * some[0], gap * some[-1]) for gap, some in zip(gaps, choices, strict=True))
            if at == leader or least <= CLOSE * most:
                found.append(at)
        return found

    def weight_flips(self) -> list[WeightFlip]:
        """Every change of a single weight that changes the answer, smallest first; of each criterion and answer one."""
        found: dict[tuple[str, str | None], WeightFlip] = {}
        for slug, values in self.ballot.values.items():
            before = self.weights.get(slug, 0)
            own = [values[place] or 0.0 for place in self.places]
            for after in sorted(set(range(HEAVIEST + 1)) - {before}, key=lambda weight: abs(weight - before)):
                step = after - before
                sums = [have + step * value for have, value in zip(self.sums, own, strict=True)]
                answer = self.answer(sums, self.total + step)
                if answer != self.now:
                    found.setdefault((slug, answer), WeightFlip(slug, before, after, answer))
        return sorted(found.values(), key=lambda flip: (flip.answer is None, flip.size, flip.criterion))

    def source_flips(self) -> list[SourceFlip]:
        """The sources without which the answer would be another."""
        found = []
        for source, slugs in sorted(self.ballot.spoken_by.items()):
            sums = list(self.sums)
            for slug in slugs & self.weights.keys():
                with_it, without = self.ballot.values[slug], self.ballot.values_without(source, slug)
                for at, place in enumerate(self.places):
                    sums[at] += self.weights[slug] * ((without[place] or 0.0) - (with_it[place] or 0.0))
            answer = self.answer(sums, self.total)
            if answer != self.now:
                first, second, _ = _two_highest(sums)
                found.append(SourceFlip(source, answer, (first - second) / self.total))
        return found

    def unknown_flips(self) -> list[UnknownFlip]:
        """What nobody knows and would change the answer, were it as good (+1) or as bad (−1, figures 0) as can be."""
        order = sorted(range(len(self.sums)), key=lambda at: (-self.sums[at], at))
        found = []
        for at, (name, place) in enumerate(zip(self.names, self.places, strict=True)):
            others = [one for one in order[:3] if one != at][:2]
            for slug, weight in self.weights.items():
                if self.ballot.values[slug][place] is not None or (name, slug) in self.ballot.excused:
                    continue
                worst = 0.0 if self.ballot.by_slug[slug].kind is Kind.FIGURE else -1.0
                for best, value in ((True, 1.0), (False, worst)):
                    answer = self._answer_with(at, self.sums[at] + weight * value, others)
                    if answer != self.now:
                        found.append(UnknownFlip(name, slug, best, answer))
        return found

    def _answer_with(self, at: int, own: float, others: Sequence[int]) -> str | None:
        """The answer were one sum another; `others` are the two highest of the rest."""
        sums = [(own, -at), *((self.sums[one], -one) for one in others)]
        (first, place), (second, _), *_ = sorted(sums, reverse=True)
        return self.names[-place] if ahead(first / self.total, second / self.total) else None


def _two_highest(sums: Sequence[float]) -> tuple[float, float, int]:
    """The highest, the second highest, and the place of the highest (the first of equals)."""
    at = max(range(len(sums)), key=lambda place: (sums[place], -place))
    second = max((one for place, one in enumerate(sums) if place != at), default=float("-inf"))
    return sums[at], second, at


def _few(choices: Sequence[Sequence[int]]) -> bool:
    count = 1
    for some in choices:
        count *= len(some)
    return count <= DRAWS


def _draws(choices: Sequence[Sequence[int]]) -> Iterator[tuple[int, ...]]:
    """Weightings from a fixed seed: of every criterion one of its choices, evenly."""
    columns = [[some[pick] for pick in _picks(at, len(some))] for at, some in enumerate(choices)]
    return zip(*columns, strict=True)


@cache
def _picks(column: int, size: int) -> list[int]:
    """The picks of one criterion in all draws, always the same. random() alone is the same on every Python."""
    draw = Random(SEED + column).random  # noqa: S311  (no secret)
    return [int(draw() * size) for _ in range(DRAWS)]


def _unpacked(number: int, count: int) -> list[int]:
    found = array("Q")
    found.frombytes(number.to_bytes(8 * count, byteorder))
    return found.tolist()

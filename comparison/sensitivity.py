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
from comparison.recommend import CLOSE, MAX_WEIGHT, ROUNDING, Ending, Must, Recommendation, ahead, must_have

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
    ahead: int  # those in which nobody scores higher than the leader

    def share(self, framework: str) -> float:
        """The part of the weightings, 0 … 1, that clearly favours a framework."""
        return self.favour.get(framework, 0) / self.total if self.total else 0.0

    def percent(self, count: int) -> int:
        """In whole percent, rounded down, so that only all of them are 100; any at all are at least 1."""
        return max(100 * count // self.total, 1) if count else 0

    def holds(self, framework: str) -> int:
        """In how many of 100 nearby weightings the evidence favours a framework."""
        return self.percent(self.favour.get(framework, 0))


@dataclass(frozen=True, slots=True)
class WeightFlip:
    """One weight changed, and the answer then: a framework, or None where `ending` names nobody."""

    criterion: str
    before: int
    after: int
    answer: str | None
    ending: Ending

    @property
    def size(self) -> int:
        return abs(self.after - self.before)


@dataclass(frozen=True, slots=True)
class SourceFlip:
    """One source left out, and the answer then with the gap between the first two (0 where there are none)."""

    source: int
    answer: str | None
    gap: float
    ending: Ending


@dataclass(frozen=True, slots=True)
class UnknownFlip:
    """Something nobody knows, and the answer if it were found to be at its best or its worst."""

    framework: str
    criterion: str
    best: bool
    answer: str | None
    ending: Ending


@dataclass(frozen=True, slots=True)
class TogetherFlip:
    """All that nobody knows of a framework, and the answer if every part of it were at its best or its worst."""

    framework: str
    criteria: Sequence[str]
    best: bool
    answer: str | None
    ending: Ending


@dataclass(frozen=True, slots=True)
class Result:
    """What an answer comes to."""

    ending: Ending
    leader: str | None = None
    gap: float = 0.0

    @property
    def answer(self) -> str:
        """Who is named, or why nobody is: two with the same are the same answer."""
        return self.leader or f" {self.ending}"


class Sensitivity:
    """Tries changes of one recommendation. Scores are kept as sums of weight·value beside the sum of weights."""

    def __init__(self, found: Recommendation) -> None:
        self.found = found
        self.matrix = found.matrix
        self.failed = [found.standing(name).failed for name in self.matrix.frameworks]
        self.places = [place for place, failed in enumerate(self.failed) if not failed]
        self.names = [self.matrix.frameworks[place] for place in self.places]
        self.weights = {slug: weight for slug, weight in found.weights.counted.items() if slug in self.matrix.values}
        self.musts = sorted(found.weights.must & self.matrix.by_slug.keys())
        self.total = sum(self.weights.values())
        self.all_sums = [
            sum(weight * (self.matrix.values[slug][place] or 0.0) for slug, weight in self.weights.items())
            for place in range(len(self.matrix.frameworks))
        ]
        self.sums = [self.all_sums[place] for place in self.places]

    @property
    def rivalled(self) -> bool:
        """Whether weights can change anything: at least two frameworks, and something weighed."""
        return self.found.ending in (Ending.CLEAR, Ending.CLOSE)

    @cached_property
    def now(self) -> Result:
        return Result(self.found.ending, self.found.leader, self.found.gap)

    @cached_property
    def leader(self) -> int:
        """The place among those that qualify of the one ranked first."""
        return self.names.index(self.found.qualified[0].framework)

    def result_of(self, sums: Sequence[float], total: int, names: Sequence[str]) -> Result:
        """The answer for those that qualify; something is weighed, and something is known of it."""
        if not names:
            return Result(Ending.NONE_LEFT)
        first, second, at = _two_highest(sums)
        if len(names) == 1:
            return Result(Ending.ONLY_ONE, names[0])
        gap = (first - second) / total
        return Result(Ending.CLEAR, names[at], gap) if ahead(gap, 0.0) else Result(Ending.CLOSE, None, gap)

    def firmness(self) -> Firmness:
        """Nearby weightings: each counted weight moved by −1, 0 or +1 within 0 … 3.

        What is ignored stays ignored, or else criteria of no interest would change the answer; a must-have stays one.
        Weightings in which nothing is left to weigh do not count. Only for answers that have rivals.
        """
        slugs = self._in_order()
        choices = [
            [w for w in (weight - 1, weight, weight + 1) if 0 <= w <= MAX_WEIGHT]
            for weight in map(self.weights.get, slugs)
            if weight is not None
        ]
        exhaustive = _few(choices)
        rivals = self._contenders(slugs, choices)
        packed = self._packed(slugs, rivals)
        favour = dict.fromkeys((self.names[at] for at in rivals), 0)
        leader = rivals.index(self.leader)
        close = before = count = 0
        for weights in product(*choices) if exhaustive else _draws(choices):
            total = sum(weights)
            if not total:
                continue
            count += 1
            sums = _unpacked(sum(map(mul, weights, packed)), len(rivals))
            first = max(sums)
            before += first - sums[leader] <= ROUNDING * SCALE * total
            at = sums.index(first)
            sums[at] = 0
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
        return [self.matrix.values[slug][place] or 0.0 for slug in slugs]

    def _in_order(self) -> list[str]:
        """The counted criteria in an order that no name decides, so that renaming changes nothing."""
        profiles = {
            place: sorted((weight, self.matrix.values[slug][place] or 0.0) for slug, weight in self.weights.items())
            for place in self.places
        }
        places = sorted(self.places, key=lambda place: (-round(self.all_sums[place], 9), profiles[place]))
        return sorted(self.weights, key=lambda slug: (self.weights[slug], self._row(slug, places), slug))

    def _row(self, slug: str, places: Sequence[int]) -> list[float]:
        return [self.matrix.values[slug][place] or 0.0 for place in places]

    def _contenders(self, slugs: Sequence[str], choices: Sequence[Sequence[int]]) -> list[int]:
        """The leader and those that could come near it in some nearby weighting; the others never matter."""
        most = sum(max(some) for some in choices)
        own = self._column(slugs, self.places[self.leader])
        found = []
        for at, place in enumerate(self.places):
            gaps = map(sub, own, self._column(slugs, place))
            least = sum(min(gap * some[0], gap * some[-1]) for gap, some in zip(gaps, choices, strict=True))
            if at == self.leader or least <= (CLOSE + ROUNDING) * most:
                found.append(at)
        return found

    def weight_flips(self) -> list[WeightFlip]:
        """Every change of a single weight that changes the answer, smallest first; of each criterion and answer one.

        Changes that leave nothing known to weigh are left out: they end the question instead of answering it.
        """
        if not self.rivalled:
            return []
        found: dict[tuple[str, str], WeightFlip] = {}
        unmoved = cache(lambda step: self.result_of(self.sums, self.total + step, self.names))  # nobody's sum moves
        for slug, values in self.matrix.values.items():
            before = self.weights.get(slug, 0)
            own = [values[place] or 0.0 for place in self.places]
            for after in sorted(set(range(MAX_WEIGHT + 1)) - {before}, key=lambda weight: abs(weight - before)):
                step = after - before
                if not after and not self._known_beside(slug):
                    continue
                sums = [have + step * value for have, value in zip(self.sums, own, strict=True)]
                then = self.result_of(sums, self.total + step, self.names) if any(own) else unmoved(step)
                if then.answer != self.now.answer:
                    found.setdefault((slug, then.answer), WeightFlip(slug, before, after, then.leader, then.ending))
        return sorted(found.values(), key=lambda flip: (flip.answer is None, flip.size, flip.criterion))

    def _known_beside(self, slug: str) -> bool:
        """Whether anything is known on the weighed criteria beside one."""
        return any(known for other, known in self._known.items() if other != slug)

    @cached_property
    def _known(self) -> dict[str, int]:
        """Of how many frameworks something is known, by weighed criterion."""
        return {slug: _count(self.matrix.values[slug]) for slug in self.weights}

    def source_flips(self) -> list[SourceFlip]:
        """The sources without which the answer would be another, be it that somebody passes or fails a must-have."""
        if self.now.ending in (Ending.NOTHING_WEIGHED, Ending.NO_EVIDENCE):
            return []
        found = []
        for source in sorted(self.matrix.criteria_by_source):
            then = self._without(source)
            if then.answer != self.now.answer:
                found.append(SourceFlip(source, then.leader, then.gap, then.ending))
        return found

    def _without(self, source: int) -> Result:
        sums, known, spoken = list(self.all_sums), dict(self._known), self.matrix.criteria_by_source[source]
        for slug in sorted(spoken.keys() & self.weights.keys()):
            without = self.matrix.values_without(source, slug)
            known[slug] = _count(without)
            for place, (had, has) in enumerate(zip(self.matrix.values[slug], without, strict=True)):
                if had != has:
                    sums[place] += self.weights[slug] * ((has or 0.0) - (had or 0.0))
        if not any(known.values()):
            return Result(Ending.NO_EVIDENCE)
        left = [place for place in range(len(sums)) if not self._fails_without(source, place)]
        return self.result_of(
            [sums[place] for place in left], self.total, [self.matrix.frameworks[one] for one in left]
        )

    def _fails_without(self, source: int, place: int) -> bool:
        spoken = self.matrix.criteria_by_source[source]
        name = self.matrix.frameworks[place]
        for slug in self.musts:
            if place not in spoken.get(slug, ()):
                failed = slug in self.failed[place]
            else:
                failed = must_have(self.matrix.verdict_on((name, slug), without=source)) is Must.FAILED
            if failed:
                return True
        return False

    def unknown_flips(self) -> list[UnknownFlip]:
        """What nobody knows and would change the answer, were it as good (+1) or as bad (−1, figures 0) as can be.

        As bad as can be also fails a must-have; a figure is never so bad that it does.
        """
        found = []
        for at, slugs in self._unknown.items():
            for slug, best in product(slugs, (True, False)):
                then = self._found_out(at, [slug], best)
                if then.answer != self.now.answer:
                    found.append(UnknownFlip(self.names[at], slug, best, then.leader, then.ending))
        return found

    def together_flips(self) -> list[TogetherFlip]:
        """The same for all that is unknown of a framework at once, where no single part of it leads to that answer."""
        alone = {(one.framework, one.best, one.answer, one.ending) for one in self.unknown_flips()}
        found = []
        for (at, slugs), best in product(self._unknown.items(), (True, False)):
            then = self._found_out(at, slugs, best)
            if then.answer != self.now.answer and (self.names[at], best, then.leader, then.ending) not in alone:
                found.append(TogetherFlip(self.names[at], slugs, best, then.leader, then.ending))
        return found

    @cached_property
    def _unknown(self) -> dict[int, list[str]]:
        """By place what is not known of those that qualify, on what is weighed or a must-have."""
        if self.now.ending in (Ending.NOTHING_WEIGHED, Ending.NO_EVIDENCE):
            return {}
        asked = sorted(slug for slug in self.matrix.values if slug in self.weights or slug in self.musts)
        found = {}
        for at, (name, place) in enumerate(zip(self.names, self.places, strict=True)):
            unknown = [slug for slug in asked if self.matrix.values[slug][place] is None]
            if left := [slug for slug in unknown if (name, slug) not in self.matrix.not_applicable]:
                found[at] = left
        return found

    @cached_property
    def _order(self) -> list[int]:
        return sorted(range(len(self.sums)), key=lambda at: (-self.sums[at], at))

    def _found_out(self, at: int, slugs: Sequence[str], best: bool) -> Result:
        """The answer were some cells of a framework known, held against the two highest of the rest."""
        others = [one for one in self._order[:3] if one != at][:2]
        sums, names = [self.sums[one] for one in others], [self.names[one] for one in others]
        graded = [slug for slug in slugs if self.matrix.by_slug[slug].kind is not Kind.FIGURE]
        if best or not any(slug in self.musts for slug in graded):
            moved = sum(self.weights.get(slug, 0) for slug in (slugs if best else graded))
            sums.append(self.sums[at] + (moved if best else -moved))
            names.append(self.names[at])
        return self.result_of(sums, self.total, names)


def shared_out(whole: int, counts: Sequence[int]) -> list[int]:
    """Whole parts in proportion to some counts that add up to the whole, by the largest remainders.

    Who has any count gets at least 1, as far as the whole reaches.
    """
    total = sum(counts) or 1
    exact = [whole * count / total for count in counts]
    parts = [max(int(one), 1) if one else 0 for one in exact]
    places = range(len(counts) if any(counts) else 0)
    while places and sum(parts) < whole:
        parts[max(places, key=lambda at: exact[at] - parts[at])] += 1
    while places and sum(parts) > whole:
        parts[max(places, key=lambda at: (parts[at] > 1, parts[at] - exact[at]))] -= 1
    return parts


def _count(row: Sequence[float | None]) -> int:
    return sum(one is not None for one in row)


def _two_highest(sums: Sequence[float]) -> tuple[float, float, int]:
    """The highest, the second highest, and the place of the highest (the first of equals)."""
    first = max(sums)
    at = sums.index(first)
    return first, max((*sums[:at], *sums[at + 1 :]), default=float("-inf")), at


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

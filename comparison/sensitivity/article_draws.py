"""Scores if other articles had been read: drawn, with replacement, from those that were. Pure functions."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache
from itertools import compress, count, product
from operator import attrgetter, itemgetter, mul, or_, sub
from random import Random
from typing import NamedTuple

from comparison.evidence import PRIOR_WEIGHT, State, agreement_state, strength
from comparison.fast_scores import PackedRows, Voice
from comparison.recommend import (
    CellKey,
    DecisionMatrix,
    MustStatus,
    is_enough_to_fail,
    is_failing_position,
    must_status,
)

SCALE = 1 << 40  # fixed point of packed sums: leaves 24 bits for the sum of the weights, and errors of 10⁻¹² of it
SEED = 20_260_101
MAX_EXHAUSTIVE_ARTICLES = 4
MAX_DRAWS = 1_000
MAX_APART = 3  # more articles are heard alike in few draws, and are seldom the articles of other cells
RULED_OUT = float("-inf")
IS_ARTICLE = attrgetter("is_article")


@cache
def article_draws(articles: int) -> tuple[dict[tuple[int, ...], int], bool]:
    """Draws of articles with replacement, and whether they are all there are.

    By how often each article is drawn, the number of such draws.
    Draws that differ only in their order are one. All draws for up to four articles, else draws from a fixed seed.
    """
    if articles <= MAX_EXHAUSTIVE_ARTICLES:
        orders: Iterable[tuple[int, ...]] = product(range(articles), repeat=articles)
    else:
        draw = Random(SEED).random  # noqa: S311  (no secret)
        orders = (tuple(int(draw() * articles) for _ in range(articles)) for _ in range(MAX_DRAWS))
    counts = Counter(tuple(map(order.count, range(articles))) for order in orders)
    return dict(counts), articles <= MAX_EXHAUSTIVE_ARTICLES


class _CellGroup(NamedTuple):
    """Cells of one framework whose values have the same divisor, so that they can be added before they are divided.

    Where `extenders` are given, the cells count only in draws in which one of these articles is heard.
    """

    fixed_weight: int  # of the sources that stay, and of the doubt
    articles: tuple[int, ...]  # indexes, ascending
    weights: tuple[int, ...]  # of the articles
    extenders: tuple[int, ...] = ()


class _Hearing:
    """How often some articles are heard in each draw. Draws that do not differ in these articles are computed once."""

    def __init__(self, articles: Sequence[int], copies: Iterable[Sequence[int]]) -> None:
        """`copies` has for each of the articles how often it is heard, draw by draw."""
        indexes: defaultdict[tuple[int, ...], int] = defaultdict(count().__next__)
        self.articles = articles
        self.by_draw = itemgetter(*map(indexes.__getitem__, zip(*copies, strict=True)))  # of what is computed once
        self.ways = list(indexes)  # the different ways in which the articles are heard
        self.packed = PackedRows([[1] * len(indexes), *zip(*indexes, strict=True)])

    def sums(self, fixed: float, by_article: Mapping[int, float]) -> list[int]:
        """A fixed number and, as often as it is heard, that of each article; × SCALE."""
        numbers = [fixed, *[by_article.get(article, 0) for article in self.articles]]
        return self.packed.sums([round(number * SCALE) for number in numbers])


class RedrawnScores:
    """For each framework Σ weight·value in each draw of the articles.

    A cell's value + 1 is a mean of positions + 1, with the doubt as a source in the middle. So above and below the
    fraction bar stand sums in which each article counts as often as it is heard.
    """

    def __init__(
        self, matrix: DecisionMatrix, weights: Mapping[str, int], musts: Sequence[str], articles: Sequence[int]
    ) -> None:
        """`weights` are the reader's by criterion, `articles` the origins that are drawn from."""
        self.matrix, self.weights, self.musts = matrix, weights, musts
        draws, self.is_exhaustive = article_draws(len(articles))
        self.counts = list(draws.values())  # by draw
        self._copies = list(zip(*draws, strict=True))  # by article
        self._all_articles = tuple(range(len(articles)))
        self._indexes = {origin: index for index, origin in enumerate(articles)}
        self._hearings: dict[tuple[int, ...], _Hearing] = {}
        self._factors: dict[tuple[_Hearing, _CellGroup], list[float]] = {}

    def sums(self, name: str) -> Sequence[float]:
        """One framework's sums by draw; −∞ where it fails a must-have."""
        fails = self._fails(name)
        if all(fails):
            return [RULED_OUT] * len(fails)
        fixed, groups = self._cell_groups(name)
        values: defaultdict[_Hearing, list[list[float]]] = defaultdict(list)
        for group, pulls in groups.items():
            hearing = self._hearing(group.articles if len(group.articles) <= MAX_APART else self._all_articles)
            values[hearing].append(self._values(hearing, group, pulls))
        parts = [hearing.by_draw(list(map(sum, zip(*rows, strict=True)))) for hearing, rows in values.items()]
        sums = list(map(sum, zip([fixed] * len(fails), *parts, strict=True)))
        if not any(fails):
            return sums
        return [RULED_OUT if is_failed else value for value, is_failed in zip(sums, fails, strict=True)]

    def _cell_groups(self, name: str) -> tuple[float, dict[_CellGroup, list[float]]]:
        """What no article changes, and the cells on which articles speak, added up by group."""
        fixed, groups = 0.0, dict[_CellGroup, list[float]]()
        index = self.matrix.frameworks.index(name)
        for slug, reader_weight in self.weights.items():
            voices = self.matrix.voices.get((name, slug), ())
            if not any(map(IS_ARTICLE, voices)):
                fixed += reader_weight * (self.matrix.values[slug][index] or 0.0)
                continue
            fixed -= reader_weight  # since values are raised by 1 in groups
            for group, pulls in self._cell_pulls(voices):
                sums = groups.get(group) or [0.0] * len(pulls)
                groups[group] = [own + reader_weight * pull for own, pull in zip(sums, pulls, strict=True)]
        return fixed, groups

    def _cell_pulls(self, voices: Iterable[Voice]) -> Iterator[tuple[_CellGroup, Sequence[float]]]:
        """Weight·(position + 1) in a cell: of the sources that stay, then of each article.

        Where an extension matters that articles name: the cell without it, and what it adds.
        """
        fixed_weight, fixed, fixed_alone, is_extended = PRIOR_WEIGHT, float(PRIOR_WEIGHT), float(PRIOR_WEIGHT), False
        drawn = []
        for _, origin, is_article, weight, position, alone, names_extension, _ in voices:
            if is_article:
                pulls = (weight * (position + 1), weight * (alone + 1))
                drawn.append((self._indexes[origin], weight, *pulls, names_extension))
            else:
                fixed_weight += weight
                fixed += weight * (position + 1)
                fixed_alone += weight * (alone + 1)
                is_extended = is_extended or names_extension
        drawn.sort()
        articles, weights, pulls, pulls_alone, extends = zip(*drawn, strict=True)
        group = _CellGroup(fixed_weight, articles, weights)
        if is_extended or (fixed == fixed_alone and pulls == pulls_alone):
            yield group, (fixed, *pulls)
            return
        yield group, (fixed_alone, *pulls_alone)
        if any(extends):
            added = map(sub, pulls, pulls_alone)
            yield group._replace(extenders=tuple(compress(articles, extends))), (fixed - fixed_alone, *added)

    def _values(self, hearing: _Hearing, group: _CellGroup, pulls: Sequence[float]) -> list[float]:
        """Σ reader's weight × (value + 1) of a group of cells."""
        if (hearing, group) not in self._factors:
            self._factors[hearing, group] = _factors(hearing, group)
        sums = hearing.sums(pulls[0], dict(zip(group.articles, pulls[1:], strict=True)))
        return list(map(mul, sums, self._factors[hearing, group]))

    def _hearing(self, articles: tuple[int, ...]) -> _Hearing:
        if articles not in self._hearings:
            self._hearings[articles] = _Hearing(articles, [self._copies[article] for article in articles])
        return self._hearings[articles]

    def _fails(self, name: str) -> Sequence[bool]:
        """By draw whether a framework fails a must-have."""
        fails: Sequence[bool] = [False] * len(self.counts)
        for slug in self.musts:
            if any(voice.is_article for voice in self.matrix.voices.get((name, slug), ())):
                fails = list(map(or_, fails, self._cell_fails((name, slug))))
            elif must_status(self.matrix.verdicts[name, slug]) is MustStatus.FAILED:
                return [True] * len(fails)
        return fails

    def _cell_fails(self, cell_key: CellKey) -> Sequence[bool]:
        """By draw whether a must-have fails on which articles speak; see recommend.must_status."""
        voices = self.matrix.voices[cell_key]
        if not any(is_failing_position(voice.position_alone) for voice in voices):
            return [False] * len(self.counts)
        drawn = {self._indexes[voice.origin]: voice for voice in voices if voice.is_article}
        hearing = self._hearing(tuple(sorted(drawn)))

        def sums(term: Callable[[Voice], float]) -> list[float]:
            fixed = sum(term(voice) for voice in voices if not voice.is_article)
            by_article = {article: term(voice) for article, voice in drawn.items()}
            return [value / SCALE for value in hearing.sums(fixed, by_article)]

        shares = {opinion.source: opinion for opinion in self.matrix.verdicts[cell_key].opinions}
        totals = zip(
            [len(voices) - heard.count(0) for heard in hearing.ways],
            sums(lambda voice: voice.weight),
            sums(lambda voice: voice.weight * (voice.position + 1)),
            sums(lambda voice: voice.weight * (voice.position_alone + 1)),
            sums(lambda voice: voice.names_extension),
            sums(lambda voice: voice.weight * shares[voice.source].for_share),
            sums(lambda voice: voice.weight * shares[voice.source].against_share),
            strict=True,
        )
        return hearing.by_draw([_is_failed(*values) for values in totals])


def _factors(hearing: _Hearing, group: _CellGroup) -> list[float]:
    """What the sums of a group are multiplied by: one by the sum of the weights."""
    weights = hearing.sums(group.fixed_weight, dict(zip(group.articles, group.weights, strict=True)))
    if not group.extenders:
        return [1 / weight for weight in weights]
    extends = hearing.sums(0, dict.fromkeys(group.extenders, 1))
    return [1 / weight if extended else 0.0 for weight, extended in zip(weights, extends, strict=True)]


def _is_failed(
    opinions: int, weight: float, pull: float, alone: float, extends: float, support: float, against: float
) -> bool:
    if not opinions:
        return False
    position = (pull if extends else alone) / weight - 1
    if not (is_failing_position(position) and is_enough_to_fail(strength(weight))):
        return False
    return agreement_state(opinions, support, against) is not State.DISPUTED

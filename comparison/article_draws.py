"""Scores if other articles had been read: drawn, with replacement, from those that were. Pure functions."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import product
from random import Random

from comparison.evidence import PRIOR_WEIGHT, Kind
from comparison.fast_scores import Voice
from comparison.recommend import DecisionMatrix

SEED = 20_260_101
MAX_EXHAUSTIVE_ARTICLES = 4
MAX_DRAWS = 1_000


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


@dataclass(slots=True)
class _Cell:
    """A cell as two linear sums, for when an extension is named and for when it is not.

    `articles` has, for each article, its index, its weight, weight·position, weight·position_alone, and whether it
    names an extension.
    """

    index: int  # of the framework
    reader_weight: int
    pull: float = 0.0
    pull_alone: float = 0.0
    weight: float = PRIOR_WEIGHT
    is_extended: bool = False  # by a source that stays
    articles: list[tuple[int, int, float, float, bool]] = field(default_factory=list)

    def add(self, voice: Voice, article: int | None) -> None:
        pull, alone = voice.weight * voice.position, voice.weight * voice.position_alone
        if article is not None:
            self.articles.append((article, voice.weight, pull, alone, voice.names_extension))
            return
        self.pull += pull
        self.pull_alone += alone
        self.weight += voice.weight
        self.is_extended |= voice.names_extension

    def score(self, copies: Sequence[int]) -> float:
        """Reader's weight × value; 0 where nothing is left."""
        pull, alone, weight, is_extended = self.pull, self.pull_alone, self.weight, self.is_extended
        for article, own_weight, own_pull, own_alone, names_extension in self.articles:
            if times := copies[article]:
                pull += times * own_pull
                alone += times * own_alone
                weight += times * own_weight
                is_extended |= names_extension
        return self.reader_weight * (pull if is_extended else alone) / weight


class RedrawnScores:
    """For each framework Σ weight·value, if each article is heard a given number of times."""

    def __init__(self, matrix: DecisionMatrix, weights: Mapping[str, int], articles: Sequence[int]) -> None:
        """`weights` are the reader's by criterion, `articles` the origins that are drawn from."""
        self.fixed = [0.0] * len(matrix.frameworks)
        self.cells: list[_Cell] = []
        indexes = {origin: index for index, origin in enumerate(articles)}
        for slug, reader_weight in weights.items():
            is_figure = matrix.by_slug[slug].kind is Kind.FIGURE  # in which articles never count
            for index, name in enumerate(matrix.frameworks):
                voices = [] if is_figure else matrix.voices.get((name, slug), ())
                if any(voice.is_article for voice in voices):
                    cell = _Cell(index, reader_weight)
                    for voice in voices:
                        cell.add(voice, indexes.get(voice.origin) if voice.is_article else None)
                    self.cells.append(cell)
                else:
                    self.fixed[index] += reader_weight * (matrix.values[slug][index] or 0.0)

    def sums(self, copies: Sequence[int]) -> list[float]:
        """`copies` has how often each article is heard, in the order of the articles."""
        sums = list(self.fixed)
        for cell in self.cells:
            sums[cell.index] += cell.score(copies)
        return sums

"""Which criterion a passage speaks of, learnt from the catalogue's own words and from published claims. Pure.

Naive Bayes with positive evidence: each term of a passage speaks for the criteria in whose words it is more frequent
than in those of all criteria together.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from heapq import nsmallest
from math import log

from comparison.curation.proposals.terms import stems_of, terms_of
from comparison.evidence import Kind
from comparison.models import Criterion

NAME_WEIGHT = 4.0  # of a criterion's name and synonyms, beside a claim's statement
QUESTION_WEIGHT = 1.0
SMOOTHING = 12.0  # terms of all criteria together that are mixed into the words of each
DOUBT = 1.0  # occurrences of a term at which half of what it seems to say is believed
NAME_BONUS = 2.0  # for each word of a criterion’s name or synonym that a passage holds whole
PRIOR = 0.35  # weight of how often articles speak of a criterion
SHOWN_TERMS = 3


@dataclass(frozen=True, slots=True)
class Example:
    """Words of a published claim, and the criterion that it is about."""

    criterion_id: int
    text: str
    weight: float = 1.0
    item: str = ""  # if the criterion is a list


@dataclass(frozen=True, slots=True)
class Topic:
    """A criterion that a passage may be about, and the words that speak for it, the most telling first.

    `items` are those that claims on it have, if it is a list.
    """

    criterion: Criterion
    score: float
    words: tuple[str, ...]
    items: frozenset[str] = frozenset()


@dataclass
class _Counts:
    terms: Counter[str] = field(default_factory=Counter)
    total: float = 0.0
    examples: float = 0.0


class Topics:
    def __init__(
        self, criteria: Iterable[Criterion], examples: Iterable[Example], names: re.Pattern[str] | None = None
    ) -> None:
        """`names` matches the names of frameworks, which say nothing of a criterion."""
        self.names = names
        self.criteria = list(criteria)
        self._labels: defaultdict[str, list[tuple[int, list[str]]]] = defaultdict(list)  # by their first stem
        self._order = {criterion.pk: order for order, criterion in enumerate(self.criteria)}
        self._figures = {criterion.pk for criterion in self.criteria if criterion.kind == Kind.FIGURE.value}
        self._counts = {criterion.pk: _Counts() for criterion in self.criteria}
        self._all: Counter[str] = Counter()
        for criterion in self.criteria:
            labels = [criterion.name, *criterion.synonyms.splitlines()]
            for stems in filter(None, map(stems_of, labels)):
                self._labels[stems[0]].append((criterion.pk, stems))
            for name in labels:
                self._learn(criterion.pk, name, NAME_WEIGHT)
            self._learn(criterion.pk, f"{criterion.question} {criterion.help_text}", QUESTION_WEIGHT)
        items: defaultdict[int, set[str]] = defaultdict(set)
        for example in examples:
            if example.item:
                items[example.criterion_id].add(example.item)
            if example.criterion_id in self._counts:
                self._learn(example.criterion_id, example.text, example.weight)
                self._counts[example.criterion_id].examples += example.weight
        self._items = {pk: frozenset(names) for pk, names in items.items()}
        self._weights = self._term_weights()
        self._priors = {pk: PRIOR * log(1 + counts.examples) for pk, counts in self._counts.items()}

    def _learn(self, criterion_id: int, text: str, weight: float) -> None:
        counts = self._counts[criterion_id]
        for term in terms_of(text, self.names):
            counts.terms[term] += weight  # type: ignore[assignment]
            counts.total += weight
            self._all[term] += weight  # type: ignore[assignment]

    def _term_weights(self) -> dict[str, dict[int, float]]:
        """For each term the criteria that it speaks for, with how much."""
        total = sum(self._all.values()) or 1
        weights: defaultdict[str, dict[int, float]] = defaultdict(dict)
        for pk, counts in self._counts.items():
            for term, count in counts.terms.items():
                share = self._all[term] / total
                odds = log((count + SMOOTHING * share) / ((counts.total + SMOOTHING) * share))
                if odds > 0:
                    weights[term][pk] = odds * count / (count + DOUBT)
        return weights

    def _named(self, terms: Mapping[str, float]) -> dict[int, float]:
        """How many words long the longest name of each criterion is of which all words are among the terms."""
        lengths: dict[int, float] = {}
        for term in terms:
            for pk, stems in self._labels.get(term, ()):
                if all(each in terms for each in stems):
                    length = len(stems) * min(terms[each] for each in stems)
                    lengths[pk] = max(lengths.get(pk, 0.0), length)
        return lengths

    def rank(self, weighted_texts: Mapping[str, float], has_number: bool, limit: int = 5) -> list[Topic]:
        """The most probable criteria; each text counts with its weight, and each term once."""
        terms: dict[str, float] = {}
        words: dict[str, str] = {}
        for text, weight in weighted_texts.items():
            for term, word in terms_of(text, self.names).items():
                terms[term] = max(terms.get(term, 0.0), weight)
                words[term] = word
        scores: defaultdict[int, float] = defaultdict(float)
        for term, weight in terms.items():
            for pk, odds in self._weights.get(term, {}).items():
                scores[pk] += weight * odds
        for pk, length in self._named(terms).items():
            scores[pk] += NAME_BONUS * length
        ranked = [
            (-score - self._priors[pk], self._order[pk], pk)
            for pk, score in scores.items()
            if has_number or pk not in self._figures
        ]
        return [
            Topic(self.criteria[order], -score, self._telling(pk, terms, words), self._items.get(pk, frozenset()))
            for score, order, pk in nsmallest(limit, ranked)
        ]

    def _telling(self, pk: int, terms: Mapping[str, float], words: Mapping[str, str]) -> tuple[str, ...]:
        """The words that speak most for a criterion."""
        reasons = [(-weight * self._weights.get(term, {}).get(pk, 0.0), term) for term, weight in terms.items()]
        return tuple(words[term] for score, term in nsmallest(SHOWN_TERMS, reasons) if score)

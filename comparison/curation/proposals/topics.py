"""Which criterion a passage speaks of, learnt from the catalogue's own words and from published claims. Pure.

Naive Bayes with positive evidence: each term of a passage speaks for the criteria in whose words it is more frequent
than in those of all criteria together.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
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


@dataclass(frozen=True, slots=True)
class Topic:
    """A criterion that a passage may be about, and the words that speak for it, the most telling first."""

    criterion: Criterion
    score: float
    words: tuple[str, ...]


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
        self._labels: dict[int, list[list[str]]] = {}
        self._counts = {criterion.pk: _Counts() for criterion in self.criteria}
        self._all: Counter[str] = Counter()
        for criterion in self.criteria:
            labels = [criterion.name, *criterion.synonyms.splitlines()]
            self._labels[criterion.pk] = [stems_of(name) for name in labels if stems_of(name)]
            for name in labels:
                self._learn(criterion.pk, name, NAME_WEIGHT)
            self._learn(criterion.pk, f"{criterion.question} {criterion.help_text}", QUESTION_WEIGHT)
        for example in examples:
            if example.criterion_id in self._counts:
                self._learn(example.criterion_id, example.text, example.weight)
                self._counts[example.criterion_id].examples += example.weight
        self._weights = self._term_weights()

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

    def _named(self, criterion_id: int, terms: Mapping[str, float]) -> float:
        """How many words long the longest name of a criterion is of which all words are among the terms."""
        lengths = (
            len(stems) * min(terms[each] for each in stems)
            for stems in self._labels[criterion_id]
            if all(each in terms for each in stems)
        )
        return max(lengths, default=0.0)

    def rank(self, weighted_texts: Mapping[str, float], has_number: bool, limit: int = 5) -> list[Topic]:
        """The most probable criteria; each text counts with its weight, and each term once."""
        terms: dict[str, float] = {}
        words: dict[str, str] = {}
        for text, weight in weighted_texts.items():
            for term, word in terms_of(text, self.names).items():
                terms[term] = max(terms.get(term, 0.0), weight)
                words[term] = word
        scores: defaultdict[int, float] = defaultdict(float)
        reasons: defaultdict[int, list[tuple[float, str]]] = defaultdict(list)
        for term, weight in terms.items():
            for pk, odds in self._weights.get(term, {}).items():
                scores[pk] += weight * odds
                reasons[pk].append((-weight * odds, term))
        topics = []
        for criterion in self.criteria:
            score = scores.get(criterion.pk, 0.0)
            if not score or (criterion.kind == Kind.FIGURE.value and not has_number):
                continue
            score += NAME_BONUS * self._named(criterion.pk, terms)
            score += PRIOR * log(1 + self._counts[criterion.pk].examples)
            telling = tuple(words[term] for _, term in sorted(reasons[criterion.pk])[:SHOWN_TERMS])
            topics.append(Topic(criterion, score, telling))
        return sorted(topics, key=lambda topic: -topic.score)[:limit]

"""Which of many subjects a question is about, best first. Pure functions over folded words."""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import log
from typing import Generic, TypeVar

from comparison.text_search.folding import fold
from comparison.text_search.words import GRAMMAR, KIND_HINTS, VAGUE, likeness, stem, telling_words

NAME, SYNONYM, QUESTION, CATEGORY, HELP = 3.0, 2.5, 1.5, 1.0, 0.8  # what a word weighs where it stands
PHRASE = 2.0  # each word of a name or synonym that the question holds whole
FOUND = 2.5  # a word that only claims hold, in the subject that all of them are about
VAGUE_SHARE = 0.2  # of the weight that a rare word has
HINT = 1.15  # what a subject of the kind that the question asks for gains
MIN_SHARE_FOUND = 0.25  # of the claims with such words, below which they say little about the subject
MIN_COVERAGE = 0.5  # of the weight of the question's words, below which nothing is an answer

Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True)
class Subject(Generic[Key]):
    """What a question may be about. Names and synonyms that the question holds whole count more than single words."""

    key: Key
    kind: str
    name: str
    synonyms: Sequence[str]
    question: str
    category: str
    help_text: str

    @cached_property
    def weights(self) -> dict[str, float]:
        """Its words with the most that each weighs."""
        texts = [(HELP, self.help_text), (CATEGORY, self.category), (QUESTION, self.question)]
        texts += [*((SYNONYM, synonym) for synonym in self.synonyms), (NAME, self.name)]
        return {word: weight for weight, text in texts for word in fold(text).split()}

    @cached_property
    def phrases(self) -> list["Phrase"]:
        """Its names and synonyms."""
        return [Phrase.of(fold(name).split()) for name in (self.name, *self.synonyms)]


@dataclass(frozen=True, slots=True)
class Phrase:
    """The stems of a name or synonym: those that a question must hold, and the vague ones that it may hold."""

    needed: Sequence[str]
    vague: Sequence[str]

    @classmethod
    def of(cls, words: Sequence[str]) -> "Phrase":
        """Where no word tells anything, as in "who uses it", all are needed."""
        telling = telling_words(words)
        vague = [word for word in words if word in VAGUE] if telling else []
        return cls([stem(word) for word in telling or words], [stem(word) for word in vague])

    def weight(self, stems: Mapping[str, float]) -> float:
        """What it weighs in a question with these stems: less without its vague ones, 0 without one that is needed."""
        if not self.needed or not all(word in stems for word in self.needed):
            return 0.0
        held = len(self.needed) + sum(word in stems for word in self.vague)
        return sum(stems[word] for word in self.needed) * (held / (len(self.needed) + len(self.vague))) ** 2


@dataclass(frozen=True, slots=True)
class Ranked(Generic[Key]):
    key: Key
    score: float
    coverage: float  # the share of the question's words that it holds, by their weight; 1 if it is named


class Subjects(Generic[Key]):
    """Subjects to rank, and all of their words."""

    def __init__(self, subjects: Iterable[Subject[Key]]) -> None:
        self.subjects = list(subjects)
        self.vocabulary = {word for subject in self.subjects for word in subject.weights}

    def knows(self, word: str) -> bool:
        return any(likeness(word, known) for known in self.vocabulary)

    def rank(self, words: Sequence[str], found: Mapping[Key, float]) -> list[Ranked[Key]]:
        """The subjects that hold any of the words, best first.

        `found` says which share of the claims with those words that no subject has is about each subject.
        """
        content = telling_words(words)
        answering = {word: self._answering(word) for word in dict.fromkeys([*content, *words])}
        rarity = {word: self._rarity(word, answering[word]) for word in answering}
        stems = {stem(word): rarity[word] for word in words}
        total = sum(rarity[word] for word in content)
        missing = sum(rarity[word] for word in content if not answering[word])
        ranked = []
        for subject in self.subjects:
            parts = {word: _best(subject, answering[word]) for word in content}
            score = sum(rarity[word] * part for word, part in parts.items())
            covered = sum(rarity[word] for word, part in parts.items() if part)
            share = found.get(subject.key, 0.0)
            score += FOUND * missing * share
            covered += missing if share >= MIN_SHARE_FOUND else 0.0
            held = max(phrase.weight(stems) for phrase in subject.phrases)
            score += PHRASE * held
            if score:
                hinted = any(word in KIND_HINTS.get(subject.kind, ()) for word in words)
                coverage = 1.0 if held else covered / total
                ranked.append(Ranked(subject.key, score * (HINT if hinted else 1.0), coverage))
        return sorted(ranked, key=lambda row: -row.score)

    def _answering(self, word: str) -> dict[str, float]:
        """The known words that answer to a word, and how well."""
        rated = ((known, likeness(word, known)) for known in self.vocabulary)
        return {known: rating for known, rating in rated if rating}

    def _rarity(self, word: str, answering: Mapping[str, float]) -> float:
        holders = sum(not answering.keys().isdisjoint(subject.weights) for subject in self.subjects)
        rarity = log(1 + len(self.subjects) / max(holders, 1))
        return rarity * VAGUE_SHARE if word in VAGUE or word in GRAMMAR else rarity


def _best(subject: Subject[Key], answering: Mapping[str, float]) -> float:
    ratings = (rating * subject.weights[word] for word, rating in answering.items() if word in subject.weights)
    return max(ratings, default=0.0)

"""Search over frameworks, criteria, sources and claims: what a query asks, and what answers it, best first."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from comparison.models import Claim, Criterion, Framework, Source
from comparison.recommendation.asking.criterion_search import MIN_SHARE, subject_of
from comparison.tables.table import criteria_with_relations
from comparison.text_search.folding import fold, holds
from comparison.text_search.questions import Question, correct, read, words_of_query
from comparison.text_search.ranking import MIN_COVERAGE, Subjects
from comparison.text_search.words import content_words, telling_words, word_starts

MAX_RESULTS = 20  # of each kind of thing
MAX_OTHERS = 8  # criteria after the first
MAX_MATCHES = 200  # claims, the newest, that are looked at
MIN_WORD_LENGTH = 2  # characters of the longest word, below which claims are not searched


@dataclass(frozen=True, slots=True)
class Match:
    """A claim that holds words of the query."""

    claim: int
    framework: int
    criterion: int
    words: int  # how many


@dataclass(frozen=True)
class SearchResults:
    """What was found. `criterion` is the one that the query asks for, of the frameworks that it names or of all."""

    question: Question[Framework] = field(default_factory=lambda: Question((), (), ()))
    criterion: Criterion | None = None
    others: Sequence[Criterion] = ()
    frameworks: Sequence[Framework] = ()
    sources: Sequence[Source] = ()
    matches: Sequence[Match] = ()  # those about named frameworks first, then those with most words
    found_by_claims: bool = False  # whether a word of the query is in claims only
    all_frameworks: Sequence[Framework] = ()
    all_criteria: Sequence[Criterion] = ()
    related: Mapping[int, Collection[int]] = field(default_factory=dict)  # criteria by criterion

    @property
    def is_empty(self) -> bool:
        return not (self.criterion or self.others or self.frameworks or self.sources or self.matches)

    @property
    def claims_query(self) -> str:
        """The query of the list of all claims with the words that are asked for; empty where no claim has them all."""
        needles = word_starts(content_words(self.question.asked))
        if not any(match.words == len(needles) for match in self.matches):
            return ""
        named = [("framework", framework.slug) for framework in self.question.named[:1]]
        return urlencode([("q", " ".join(needle.strip() for needle in needles)), *named])


def search(query: str) -> SearchResults:
    """What answers a query, in a constant number of queries to the database."""
    words = words_of_query(query)
    if not words:
        return SearchResults()
    frameworks = list(Framework.objects.all())
    criteria, related = criteria_with_relations(Criterion.objects.all())
    subjects = Subjects(map(subject_of, criteria))
    names = {name: framework for framework in frameworks for name in _names(framework)}
    question = read(words, names)
    matches = _matches(question, every=True)
    if not matches:
        question = correct(question, names, subjects.vocabulary, subjects.knows)
        matches = _matches(question, every=False)
    first, others = _criteria(question, subjects, matches, criteria)
    named = [*question.named, *_best(words, frameworks, lambda row: [*_names(row), row.tagline])]
    sources = Source.objects.public().only("slug", "title", "publisher", "author")
    return SearchResults(
        question=question,
        criterion=first,
        others=others,
        frameworks=list(dict.fromkeys(named)),
        sources=_best(words, sources, lambda source: [source.title, source.publisher, source.author]),
        matches=matches,
        found_by_claims=not all(map(subjects.knows, telling_words(question.asked))),
        all_frameworks=frameworks,
        all_criteria=criteria,
        related=related,
    )


def _criteria(
    question: Question[Framework], subjects: Subjects[int], matches: Sequence[Match], criteria: Sequence[Criterion]
) -> tuple[Criterion | None, list[Criterion]]:
    """The criterion that the question asks for, if any answers enough of it, and others that hold words of it."""
    if not question.asked:
        return None, []
    by_id = {criterion.pk: criterion for criterion in criteria}
    ranked = subjects.rank(question.asked, _shares(question, matches))
    close = [row for row in ranked if row.score >= MIN_SHARE * ranked[0].score]
    first = next((row for row in close[:1] if row.coverage >= MIN_COVERAGE), None)
    others = [by_id[row.key] for row in close if row is not first]
    return by_id[first.key] if first else None, others[:MAX_OTHERS]


def _shares(question: Question[Framework], matches: Sequence[Match]) -> dict[int, float]:
    """The share of the claims with all words that is about each criterion.

    If there are any about the frameworks that are named, only those count.
    """
    named = {framework.pk for framework in question.named}
    every = [match for match in matches if match.words == len(content_words(question.asked))]
    counts = Counter(match.criterion for match in every if match.framework in named)
    counts = counts or Counter(match.criterion for match in every)
    return {criterion: count / counts.total() for criterion, count in counts.items()}


def _matches(question: Question[Framework], *, every: bool) -> list[Match]:
    """The newest claims that hold every word, or any; none for letters that stand alone."""
    needles = word_starts(content_words(question.asked))
    if all(len(needle.strip()) < MIN_WORD_LENGTH for needle in needles):
        return []
    claims = Claim.objects.published().holding(needles, every=every)
    rows = claims.values_list("pk", "framework_id", "criterion_id", "claim_text__text")[:MAX_MATCHES]
    named = {framework.pk for framework in question.named}
    matches = [
        Match(pk, framework, criterion, sum(needle in text for needle in needles))
        for pk, framework, criterion, text in rows
    ]
    return sorted(matches, key=lambda match: (match.framework not in named, -match.words))


def _names(framework: Framework) -> list[str]:
    return [framework.name, framework.slug, *framework.aliases.splitlines()]


def _best(words: Sequence[str], rows: Iterable[Any], names_of: Callable[[Any], list[str]]) -> list[Any]:
    """The rows in whose names every word begins one: whole names first, then beginnings, then the others."""
    query, wanted = "  ".join(words), word_starts(words)
    ranked = []
    for row in rows:
        names = [name for name in names_of(row) if name]
        if holds(names, wanted):
            ranked.append((_rank(query, [fold(name).strip() for name in names]), names[0].casefold(), row))
    ranked.sort(key=lambda ranking: ranking[:2])
    return [row for _, _, row in ranked[:MAX_RESULTS]]


def _rank(query: str, names: Sequence[str]) -> int:
    if query in names:
        return 0
    if any(name.startswith(query) for name in names):
        return 1
    return 2 if query in names[0] else 3

"""Search over frameworks, criteria, sources and claims, best matches first, with suggestions for typing errors."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any

from django.db.models import Q

from comparison.models import Claim, Criterion, Framework, Source

MAX_WORDS = 10  # of a query; further ones are ignored
MAX_RESULTS = 20  # of each kind of thing
MAX_MATCHED_SOURCES = 200  # read from the database before they are ranked
MAX_SUGGESTIONS = 5
MIN_WORD_LENGTH = 2  # characters of the longest word, below which claims are not searched


@dataclass(frozen=True)
class SearchResults:
    frameworks: Sequence[Framework] = ()
    criteria: Sequence[Criterion] = ()
    sources: Sequence[Source] = ()
    claims: Sequence[Claim] = ()
    has_more_claims: bool = False
    suggestions: Sequence[str] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        return not (self.frameworks or self.criteria or self.sources or self.claims)


def search(query: str) -> SearchResults:
    """Everything that holds every word of the query, in a constant number of queries."""
    typed = query.split()[:MAX_WORDS]
    words = [word.casefold() for word in typed]
    if not words:
        return SearchResults()
    frameworks, criteria = list(Framework.objects.all()), list(Criterion.objects.select_related("category"))
    claims = Claim.objects.published().with_names().order_by("-id")
    for word in typed:  # as typed: not every database folds the case of every letter
        claims = claims.containing(word)
    matches = list(claims[: MAX_RESULTS + 1]) if max(map(len, words)) >= MIN_WORD_LENGTH else []
    results = SearchResults(
        frameworks=_best(words, frameworks, _framework_names),
        criteria=_best(words, criteria, _criterion_names),
        sources=_best(words, _sources(typed), lambda source: [source.title, source.publisher, source.author]),
        claims=matches[:MAX_RESULTS],
        has_more_claims=len(matches) > MAX_RESULTS,
    )
    return SearchResults(suggestions=_suggestions(words, frameworks, criteria)) if results.is_empty else results


def _framework_names(framework: Framework) -> list[str]:
    return [framework.name, framework.slug, *framework.aliases.splitlines(), framework.tagline]


def _criterion_names(criterion: Criterion) -> list[str]:
    synonyms = criterion.synonyms.splitlines()
    return [criterion.name, criterion.slug, *synonyms, criterion.question, criterion.category.name]


def _sources(words: Iterable[str]) -> list[Source]:
    rows = Source.objects.defer("text")
    for word in words:
        rows = rows.filter(Q(title__icontains=word) | Q(publisher__icontains=word) | Q(author__icontains=word))
    return list(rows[:MAX_MATCHED_SOURCES])


def _best(words: Sequence[str], rows: Iterable[Any], names_of: Callable[[Any], list[str]]) -> list[Any]:
    """The rows in whose names every word occurs: whole names first, then beginnings, then the others."""
    ranked = []
    for row in rows:
        names = [name.casefold() for name in names_of(row) if name]
        if all(any(word in name for name in names) for word in words):
            ranked.append((_rank(" ".join(words), names), names[0], row))
    ranked.sort(key=lambda ranking: ranking[:2])
    return [row for _, _, row in ranked[:MAX_RESULTS]]


def _rank(query: str, names: Sequence[str]) -> int:
    if query in names:
        return 0
    if any(name.startswith(query) for name in names):
        return 1
    return 2 if query in names[0] else 3


def _suggestions(words: Sequence[str], frameworks: Sequence[Framework], criteria: Sequence[Criterion]) -> list[str]:
    """Known names that the query may have meant."""
    names = [name for framework in frameworks for name in (framework.name, *framework.aliases.splitlines())]
    names += [name for criterion in criteria for name in (criterion.name, *criterion.synonyms.splitlines())]
    known = {word: name for name in names for word in (name.casefold(), *name.casefold().split()) if len(word) > 2}
    queries = (" ".join(words), *words)
    near = [match for query in queries for match in get_close_matches(query, known, n=2, cutoff=0.7)]
    return list(dict.fromkeys(near))[:MAX_SUGGESTIONS]

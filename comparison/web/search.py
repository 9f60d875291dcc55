"""Search over frameworks, criteria, sources and claims, best matches first, with suggestions for typing errors."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any

from comparison.models import Claim, Criterion, Framework, Source
from comparison.text_search.folding import fold, holds, needles

MAX_RESULTS = 20  # of each kind of thing
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
    wanted = needles(query)
    if not wanted:
        return SearchResults()
    frameworks, criteria = list(Framework.objects.all()), list(Criterion.objects.select_related("category"))
    sources = Source.objects.only("slug", "title", "publisher", "author")
    matches = _claims(query, wanted)
    results = SearchResults(
        frameworks=_best(wanted, frameworks, _framework_names),
        criteria=_best(wanted, criteria, _criterion_names),
        sources=_best(wanted, sources, lambda source: [source.title, source.publisher, source.author]),
        claims=matches[:MAX_RESULTS],
        has_more_claims=len(matches) > MAX_RESULTS,
    )
    if not results.is_empty:
        return results
    return SearchResults(suggestions=_suggestions(query.casefold().split(), frameworks, criteria))


def _claims(query: str, wanted: Sequence[str]) -> list[Claim]:
    """The newest claims, one more than are shown; none for letters that stand alone."""
    if all(len(needle.strip()) < MIN_WORD_LENGTH for needle in wanted):
        return []
    return list(Claim.objects.published().with_names().containing(query)[: MAX_RESULTS + 1])


def _framework_names(framework: Framework) -> list[str]:
    return [framework.name, framework.slug, *framework.aliases.splitlines(), framework.tagline]


def _criterion_names(criterion: Criterion) -> list[str]:
    synonyms = criterion.synonyms.splitlines()
    return [criterion.name, criterion.slug, *synonyms, criterion.question, criterion.category.name]


def _best(wanted: Sequence[str], rows: Iterable[Any], names_of: Callable[[Any], list[str]]) -> list[Any]:
    """The rows in whose names every word occurs: whole names first, then beginnings, then the others."""
    query = "  ".join(needle.strip() for needle in wanted)
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


def _suggestions(words: Sequence[str], frameworks: Sequence[Framework], criteria: Sequence[Criterion]) -> list[str]:
    """Known names that the query may have meant."""
    names = [name for framework in frameworks for name in (framework.name, *framework.aliases.splitlines())]
    names += [name for criterion in criteria for name in (criterion.name, *criterion.synonyms.splitlines())]
    known = {word: name for name in names for word in (name.casefold(), *name.casefold().split()) if len(word) > 2}
    queries = (" ".join(words), *words)
    near = [match for query in queries for match in get_close_matches(query, known, n=2, cutoff=0.7)]
    return list(dict.fromkeys(near))[:MAX_SUGGESTIONS]

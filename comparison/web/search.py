"""Search over frameworks, criteria, sources and claims, best matches first, with suggestions for typing errors."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any

from django.db.models import Q

from comparison.models import Claim, Criterion, Framework, Source

MAX_RESULTS = 20  # hits shown of each sort
SHORTEST = 2  # characters of a word that is looked for in claims


@dataclass(frozen=True)
class Found:
    frameworks: Sequence[Framework] = ()
    criteria: Sequence[Criterion] = ()
    sources: Sequence[Source] = ()
    claims: Sequence[Claim] = ()
    more_claims: bool = False
    suggestions: Sequence[str] = field(default_factory=list)

    @property
    def nothing(self) -> bool:
        return not (self.frameworks or self.criteria or self.sources or self.claims)


def search(query: str) -> Found:
    """Everything that holds every word of the query. A constant number of queries."""
    asked = query.split()[:10]
    words = [word.casefold() for word in asked]
    if not words:
        return Found()
    frameworks, criteria = list(Framework.objects.all()), list(Criterion.objects.select_related("category"))
    claims = Claim.objects.published().with_names().order_by("-id")
    for word in asked:  # as typed: not every database folds the case of every letter
        claims = claims.saying(word)
    hits = list(claims[: MAX_RESULTS + 1]) if max(map(len, words)) >= SHORTEST else []
    found = Found(
        frameworks=_best(words, frameworks, _framework_names),
        criteria=_best(words, criteria, _criterion_names),
        sources=_best(words, list(_sources(asked)), lambda one: [one.title, one.publisher, one.author]),
        claims=hits[:MAX_RESULTS],
        more_claims=len(hits) > MAX_RESULTS,
    )
    return found if not found.nothing else Found(suggestions=_suggest(words, frameworks, criteria))


def _framework_names(one: Framework) -> list[str]:
    return [one.name, one.slug, *one.aliases.splitlines(), one.tagline]


def _criterion_names(one: Criterion) -> list[str]:
    return [one.name, one.slug, *one.synonyms.splitlines(), one.question, one.category.name]


def _sources(words: Iterable[str]) -> Iterable[Source]:
    rows = Source.objects.defer("text")
    for word in words:
        rows = rows.filter(Q(title__icontains=word) | Q(publisher__icontains=word) | Q(author__icontains=word))
    return rows[:200]


def _best(words: Sequence[str], rows: Sequence[Any], names_of: Any) -> list[Any]:
    """The rows in whose names every word occurs: whole names first, then beginnings, then the rest."""
    ranked = []
    for row in rows:
        names = [name.casefold() for name in names_of(row) if name]
        if all(any(word in name for name in names) for word in words):
            ranked.append((_rank(" ".join(words), names), names[0], row))
    ranked.sort(key=lambda one: one[:2])
    return [row for _, _, row in ranked[:MAX_RESULTS]]


def _rank(query: str, names: Sequence[str]) -> int:
    if query in names:
        return 0
    if any(name.startswith(query) for name in names):
        return 1
    return 2 if query in names[0] else 3


def _suggest(words: Sequence[str], frameworks: Sequence[Framework], criteria: Sequence[Criterion]) -> list[str]:
    """Known words that the query may have meant."""
    names = [text for one in frameworks for text in (one.name, *one.aliases.splitlines())]
    names += [text for one in criteria for text in (one.name, *one.synonyms.splitlines())]
    known = {word: name for name in names for word in (name.casefold(), *name.casefold().split()) if len(word) > 2}
    near = [match for word in (" ".join(words), *words) for match in get_close_matches(word, known, n=2, cutoff=0.7)]
    return list(dict.fromkeys(near))[:5]

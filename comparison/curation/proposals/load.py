"""What proposals are learnt from: the catalogue's criteria, and the words of published claims."""

from collections.abc import Iterable
from typing import Any

from comparison.curation.proposals.terms import name_pattern, names_of
from comparison.curation.proposals.topics import Example, Topics
from comparison.evidence import ARTICLES, SourceKind
from comparison.models import Claim, Criterion, Edition, Framework
from comparison.models.claims import ClaimQuerySet

MAX_EXAMPLES = 5_000  # the newest claims; more would take longer to read than they teach
ARTICLE_WEIGHT = 3.0  # of an article's claim, whose words are nearer to those of another article than documentation's
MAX_KEPT = 2
_kept: dict[Any, Topics] = {}


def load_topics(frameworks: Iterable[Framework], without_source: int | None = None) -> Topics:
    """Learns from published claims, but not from those of one source. Kept until the next edition."""
    names = tuple(name for framework in frameworks for name in names_of(framework))
    criteria = list(Criterion.objects.all())
    words = tuple((each.pk, each.name, each.synonyms, each.question, each.help_text, each.kind) for each in criteria)
    claims = Claim.objects.published().exclude(source=without_source).order_by("-pk")
    key = (Edition.objects.newest_row().token, words, names, without_source)
    if key not in _kept:
        topics = Topics(criteria, _examples(claims), name_pattern(names))
        while len(_kept) >= MAX_KEPT:
            _kept.pop(next(iter(_kept)), None)
        _kept[key] = topics
    return _kept[key]


def _examples(claims: ClaimQuerySet) -> list[Example]:
    rows = claims.values_list("criterion_id", "statement", "quote", "item", "source__kind")[:MAX_EXAMPLES]
    return [
        Example(criterion, "\n".join(words), ARTICLE_WEIGHT if SourceKind(kind) in ARTICLES else 1.0, words[-1])
        for criterion, *words, kind in rows
    ]

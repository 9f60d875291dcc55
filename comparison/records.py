"""What records say beside articles: documentation, package metadata and measurements. Pure."""

from collections import Counter
from collections.abc import Sequence

from django.utils.translation import gettext_noop

from comparison.evidence import ARTICLES, IN_THE_BOX, Kind, Opinion, SourceKind, Support, Verdict

RECORD_WORDS = {  # as one reads them in a sentence
    SourceKind.MEASUREMENT: gettext_noop("measurement"),
    SourceKind.DOCUMENTATION: gettext_noop("documentation"),
    SourceKind.METADATA: gettext_noop("package metadata"),
}


def record_kinds(verdict: Verdict) -> list[SourceKind]:
    """The kinds of records that speak in a verdict, measurements first."""
    kinds = {opinion.source_kind for opinion in verdict.opinions}
    return [kind for kind in RECORD_WORDS if kind in kinds]


def sides_of_articles_and_records(verdict: Verdict) -> tuple[Support, Support] | None:
    """What articles and records each mostly name of a feature; None where either is silent or it is no feature."""
    if verdict.kind is not Kind.FEATURE:
        return None
    articles = [opinion for opinion in verdict.opinions if opinion.source_kind in ARTICLES]
    records = [opinion for opinion in verdict.opinions if opinion.source_kind not in ARTICLES]
    if not articles or not records:
        return None
    return _mostly(articles), _mostly(records)


def _mostly(opinions: Sequence[Opinion]) -> Support:
    """The support with the most weight; a tie names the lesser."""
    weights: Counter[Support] = Counter()
    for opinion in opinions:
        for support, share in opinion.supports:
            weights[support] += opinion.weight * share  # type: ignore[assignment]
    order = list(Support)
    return max(weights, key=lambda support: (weights[support], order.index(support)))


def agree(first: Support, second: Support) -> bool:
    """Whether two supports are on one side: in the box, or not."""
    return (first in IN_THE_BOX) == (second in IN_THE_BOX)

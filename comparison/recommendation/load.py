"""Reads what recommendations are worked out from: rows, not objects, since there may be many thousands."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import FloatField
from django.db.models.functions import Cast

from comparison.evidence import Evidence, Finding, Kind, SourceKind, Support
from comparison.models import Check, Claim, ClaimState, Criterion, Framework, NotApplicable, Source
from comparison.recommend import CriterionSpec, DecisionMatrix, Place
from comparison.tables.table import TableData, evidence_of, origins_of

# Figures as the database's own floating-point numbers: decimals take a tenth of the time of a large answer.
FIGURES = {"least": Cast("low", FloatField()), "most": Cast("high", FloatField())}
FIELDS = ("pk", "framework", "criterion", "source", "level", "support", *FIGURES)
SUPPORTS = {"": None, **{one.value: one for one in Support}}


@dataclass(frozen=True)
class LoadedEvidence:
    """A ballot, and what its names stand for."""

    matrix: DecisionMatrix
    frameworks: Mapping[str, Framework]
    criteria: Mapping[str, Criterion]
    sources: Mapping[int, Source]

    def claims(self, ids: Collection[int]) -> dict[int, Claim]:
        """The claims a page shows, with their names, in one query."""
        return Claim.objects.with_names().in_bulk(list(ids))


def considered_frameworks() -> list[Framework]:
    """The frameworks anything is published about."""
    spoken = Framework.objects.filter(claims__state=ClaimState.PUBLISHED.value).distinct()
    return list(spoken.order_by("slug"))


def rankable_criteria() -> dict[str, Criterion]:
    """By slug the criteria that can be weighed: lists are not ranked."""
    return {one.slug: one for one in Criterion.objects.exclude(kind=Kind.LIST.value)}


def load_evidence(frameworks: Sequence[Framework]) -> LoadedEvidence:
    """Everything published that can be ranked about some frameworks, in five queries."""
    asked = {one.pk: one for one in Criterion.objects.exclude(kind=Kind.LIST.value).select_related("category")}
    names = {one.pk: one.slug for one in frameworks}
    claims = Claim.objects.published().filter(framework__in=names, criterion__in=asked)
    rows = list(claims.annotate(**FIGURES).values_list(*FIELDS))
    sources = {one.pk: one for one in Source.objects.cited_in({row[3] for row in rows})}
    evidence = _evidence(rows, names, {pk: one.slug for pk, one in asked.items()}, sources, _findings(names))
    marks = NotApplicable.objects.filter(framework__in=names, criterion__in=asked)
    not_applicable = {(names[one], asked[other].slug) for one, other in marks.values_list("framework", "criterion")}
    specs = [CriterionSpec(one.slug, Kind(one.kind), bool(one.lower_is_better)) for one in asked.values()]
    matrix = DecisionMatrix([one.slug for one in frameworks], specs, evidence, frozenset(not_applicable))
    cited = {row[3] for row in rows}
    return LoadedEvidence(
        matrix,
        {one.slug: one for one in frameworks},
        {one.slug: one for one in asked.values()},
        {pk: one for pk, one in sources.items() if pk in cited},
    )


def decision_matrix_of(table_data: TableData, sources: Collection[str] = ()) -> DecisionMatrix:
    """The same from what a table has read already; `sources` (slugs), when given, are the only ones heard."""
    slugs = {one.pk: one.slug for one in table_data.frameworks}
    asked = {one.pk: one for one in table_data.criteria if one.kind != Kind.LIST.value}
    origins = origins_of(table_data.sources)
    evidence: defaultdict[Place, list[Evidence]] = defaultdict(list)
    for claim in table_data.claims:
        source = table_data.sources[claim.source_id]
        if claim.criterion_id in asked and (not sources or source.slug in sources):
            place = (slugs[claim.framework_id], asked[claim.criterion_id].slug)
            evidence[place].append(evidence_of(claim, source, *origins[claim.source_id]))
    not_applicable = {(slugs[one], asked[other].slug) for one, other in table_data.not_applicable if other in asked}
    specs = [CriterionSpec(one.slug, Kind(one.kind), bool(one.lower_is_better)) for one in asked.values()]
    return DecisionMatrix(list(slugs.values()), specs, evidence, frozenset(not_applicable))


def _evidence(
    rows: Iterable[tuple[Any, ...]],
    names: Mapping[int, str],
    slugs: Mapping[int, str],
    sources: Mapping[int, Source],
    findings: Mapping[int, frozenset[Finding]],
) -> dict[Place, list[Evidence]]:
    """The rows of FIELDS as evidence, by cell. There may be tens of thousands: no look-up is done twice."""
    origins = origins_of(sources)
    said_by = {pk: (*origins[pk], SourceKind(one.kind)) for pk, one in sources.items()}
    nothing: frozenset[Finding] = frozenset()
    found: defaultdict[Place, list[Evidence]] = defaultdict(list)
    for pk, framework, criterion, source, level, support, least, most in rows:
        origin, depth, kind = said_by[source]
        cited = findings.get(pk, nothing)
        one = Evidence(pk, source, origin, depth, kind, level, SUPPORTS[support], least, most, "", cited)
        found[names[framework], slugs[criterion]].append(one)
    return found


def _findings(frameworks: Collection[int]) -> dict[int, frozenset[Finding]]:
    """The findings of the published claims on some frameworks, by claim."""
    found: defaultdict[int, set[Finding]] = defaultdict(set)
    checks = Check.objects.filter(claim__state=ClaimState.PUBLISHED.value, claim__framework__in=frameworks)
    for claim, finding in checks.values_list("claim", "finding"):
        found[claim].add(Finding(finding))
    return {claim: frozenset(some) for claim, some in found.items()}

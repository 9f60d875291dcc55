"""Reads what recommendations are worked out from: rows, not objects, since there may be many thousands."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import FloatField
from django.db.models.functions import Cast

from comparison.evidence import Evidence, Finding, Kind, SourceKind, Support
from comparison.models import Check, Claim, ClaimState, Criterion, Framework, NotApplicable, Source
from comparison.recommend import Ballot, Place, Question
from comparison.table import Material, evidence_of, origins_of

# Figures as the database's own floating-point numbers: decimals take a tenth of the time of a large answer.
FIGURES = {"least": Cast("low", FloatField()), "most": Cast("high", FloatField())}
FIELDS = ("pk", "framework", "criterion", "source", "level", "support", *FIGURES)
SUPPORTS = {"": None, **{one.value: one for one in Support}}


@dataclass(frozen=True)
class Weighed:
    """A ballot, and what its names stand for."""

    ballot: Ballot
    frameworks: Mapping[str, Framework]
    criteria: Mapping[str, Criterion]
    sources: Mapping[int, Source]

    def claims(self, ids: Collection[int]) -> dict[int, Claim]:
        """The claims a page shows, with their names, in one query."""
        return Claim.objects.with_names().in_bulk(list(ids))


def weigh(frameworks: Sequence[Framework]) -> Weighed:
    """Everything published that can be ranked about some frameworks, in five queries."""
    asked = {one.pk: one for one in Criterion.objects.exclude(kind=Kind.LIST.value).select_related("category")}
    names = {one.pk: one.slug for one in frameworks}
    claims = Claim.objects.published().filter(framework__in=names, criterion__in=asked)
    rows = list(claims.annotate(**FIGURES).values_list(*FIELDS))
    sources = {one.pk: one for one in Source.objects.cited_in({row[3] for row in rows})}
    evidence = _evidence(rows, names, {pk: one.slug for pk, one in asked.items()}, sources, _findings(names))
    marks = NotApplicable.objects.filter(framework__in=names, criterion__in=asked)
    excused = {(names[one], asked[other].slug) for one, other in marks.values_list("framework", "criterion")}
    questions = [Question(one.slug, Kind(one.kind), bool(one.lower_is_better)) for one in asked.values()]
    ballot = Ballot([one.slug for one in frameworks], questions, evidence, frozenset(excused))
    cited = {row[3] for row in rows}
    return Weighed(
        ballot,
        {one.slug: one for one in frameworks},
        {one.slug: one for one in asked.values()},
        {pk: one for pk, one in sources.items() if pk in cited},
    )


def ballot_of(material: Material, sources: Collection[str] = ()) -> Ballot:
    """The same from what a table has read already; `sources` (slugs), when given, are the only ones heard."""
    slugs = {one.pk: one.slug for one in material.frameworks}
    asked = {one.pk: one for one in material.criteria if one.kind != Kind.LIST.value}
    origins = origins_of(material.sources)
    evidence: defaultdict[Place, list[Evidence]] = defaultdict(list)
    for claim in material.claims:
        source = material.sources[claim.source_id]
        if claim.criterion_id in asked and (not sources or source.slug in sources):
            place = (slugs[claim.framework_id], asked[claim.criterion_id].slug)
            evidence[place].append(evidence_of(claim, source, *origins[claim.source_id]))
    excused = {(slugs[one], asked[other].slug) for one, other in material.excused if other in asked}
    questions = [Question(one.slug, Kind(one.kind), bool(one.lower_is_better)) for one in asked.values()]
    return Ballot(list(slugs.values()), questions, evidence, frozenset(excused))


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
        heard = findings.get(pk, nothing)
        one = Evidence(pk, source, origin, depth, kind, level, SUPPORTS[support], least, most, "", heard)
        found[names[framework], slugs[criterion]].append(one)
    return found


def _findings(frameworks: Collection[int]) -> dict[int, frozenset[Finding]]:
    """The findings of the published claims on some frameworks, by claim."""
    found: defaultdict[int, set[Finding]] = defaultdict(set)
    checks = Check.objects.filter(claim__state=ClaimState.PUBLISHED.value, claim__framework__in=frameworks)
    for claim, finding in checks.values_list("claim", "finding"):
        found[claim].add(Finding(finding))
    return {claim: frozenset(some) for claim, some in found.items()}

"""Reads what recommendations are worked out from: rows, not objects, since there may be many thousands."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from comparison.evidence import Evidence, Finding, Kind, SourceKind, Support
from comparison.models import Check, Claim, Criterion, Framework, NotApplicable, Source
from comparison.recommend import Ballot, Place, Question
from comparison.table import Material, evidence_of, origins_of

FIELDS = ("pk", "framework", "criterion", "source", "level", "support", "low", "high")


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
    rows = Claim.objects.published().filter(framework__in=names, criterion__in=asked).values_list(*FIELDS)
    found = list(rows)
    sources = {one.pk: one for one in Source.objects.cited_in({row[3] for row in found})}
    origins, kinds = origins_of(sources), {pk: SourceKind(one.kind) for pk, one in sources.items()}
    findings = _findings()
    evidence: defaultdict[Place, list[Evidence]] = defaultdict(list)
    nothing: frozenset[Finding] = frozenset()
    for pk, framework, criterion, source, level, support, low, high in found:
        evidence[names[framework], asked[criterion].slug].append(
            Evidence(
                pk,
                source,
                *origins[source],
                kinds[source],
                level,
                Support(support) if support else None,
                None if low is None else float(low),
                None if high is None else float(high),
                "",
                findings.get(pk, nothing),
            )
        )
    marks = NotApplicable.objects.filter(framework__in=names, criterion__in=asked)
    excused = {(names[one], asked[other].slug) for one, other in marks.values_list("framework", "criterion")}
    questions = [Question(one.slug, Kind(one.kind), bool(one.lower_is_better)) for one in asked.values()]
    ballot = Ballot([one.slug for one in frameworks], questions, evidence, frozenset(excused))
    cited = {one.source for cell in evidence.values() for one in cell}
    return Weighed(
        ballot,
        {one.slug: one for one in frameworks},
        {one.slug: one for one in asked.values()},
        {pk: one for pk, one in sources.items() if pk in cited},
    )


def ballot_of(material: Material) -> Ballot:
    """The same from what a table has read already."""
    slugs = {one.pk: one.slug for one in material.frameworks}
    asked = {one.pk: one for one in material.criteria if one.kind != Kind.LIST.value}
    origins = origins_of(material.sources)
    evidence: defaultdict[Place, list[Evidence]] = defaultdict(list)
    for claim in material.claims:
        if claim.criterion_id in asked:
            place = (slugs[claim.framework_id], asked[claim.criterion_id].slug)
            evidence[place].append(evidence_of(claim, material.sources[claim.source_id], *origins[claim.source_id]))
    excused = {(slugs[one], asked[other].slug) for one, other in material.excused if other in asked}
    questions = [Question(one.slug, Kind(one.kind), bool(one.lower_is_better)) for one in asked.values()]
    return Ballot(list(slugs.values()), questions, evidence, frozenset(excused))


def _findings() -> dict[int, frozenset[Finding]]:
    """The findings of every published claim that was checked: there are few of them."""
    found: defaultdict[int, set[Finding]] = defaultdict(set)
    for claim, finding in Check.objects.filter(claim__state="published").values_list("claim", "finding"):
        found[claim].add(Finding(finding))
    return {claim: frozenset(some) for claim, some in found.items()}

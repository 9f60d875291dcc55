"""Loads the evidence for a recommendation as plain rows: there may be tens of thousands of claims."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from django.db.models import FloatField
from django.db.models.functions import Cast

from comparison.evidence import Evidence, Finding, Kind, State
from comparison.fast_scores import CellScore
from comparison.models import CellVerdict, Check, Claim, ClaimState, Criterion, Framework, NotApplicable, Source
from comparison.models.verdicts.cell_evidence import NO_FINDINGS, evidence_of, voices_of
from comparison.recommend import CellKey, CriterionSpec, DecisionMatrix
from comparison.tables.table import Reference, TableData

# Figures as the database's own floating-point numbers: decimals take ten times as long in a large answer.
FIGURES = {"low_number": Cast("low", FloatField()), "high_number": Cast("high", FloatField())}
FIELDS = ("pk", "framework", "criterion", "source", "level", "support", *FIGURES)
# Framework, criterion, state, weight, position, median and speakers of a verdict.
StoredVerdict = tuple[int, int, str, int, float | None, float | None, list[int]]


@dataclass(frozen=True)
class LoadedEvidence:
    """A decision matrix with the objects that its slugs and ids refer to."""

    matrix: DecisionMatrix
    frameworks: Mapping[str, Framework]
    criteria: Mapping[str, Criterion]
    sources: Mapping[int, Source]
    related: Mapping[str, frozenset[str]]  # by criterion those that ask the same thing another way

    @cached_property
    def references(self) -> dict[int, Reference]:
        """The sources numbered by slug, from 1."""
        ordered = sorted(self.sources.values(), key=lambda source: source.slug)
        return {source.pk: Reference(number, source) for number, source in enumerate(ordered, 1)}

    def of_frameworks(self, frameworks: Sequence[Framework]) -> "LoadedEvidence":
        """The same on some of the frameworks alone."""
        if len(frameworks) == len(self.frameworks):
            return self
        chosen = {framework.slug: framework for framework in frameworks}
        return replace(self, matrix=replace(self.matrix, frameworks=list(chosen)), frameworks=chosen)

    def claims(self, ids: Collection[int]) -> dict[int, Claim]:
        """The statements of claims on these frameworks, in one query."""
        frameworks = {framework.pk: framework for framework in self.frameworks.values()}
        claims = Claim.objects.only("statement", "framework").in_bulk(list(ids))
        for claim in claims.values():
            claim.framework = frameworks[claim.framework_id]
        return claims


def considered_frameworks() -> list[Framework]:
    """The frameworks with at least one published claim."""
    counted = Framework.objects.with_claim_count().order_by("slug")
    return list(counted.filter(claim_count__gt=0))  # type: ignore[misc]  # an annotation


def rankable_criteria() -> dict[str, Criterion]:
    """The criteria that can be weighed, by slug: all but lists."""
    criteria = Criterion.objects.exclude(kind=Kind.LIST.value).select_related("category")
    return {criterion.slug: criterion for criterion in criteria}


def load_evidence(
    frameworks: Sequence[Framework],
    criteria: Mapping[str, Criterion] | None = None,
    weighed: Collection[str] | None = None,
) -> LoadedEvidence:
    """Everything published about some frameworks that can be ranked, in six queries.

    In five, if the rankable criteria were read before. Where it is known which criteria are `weighed`, the claims on
    others are not read, except on situations and what is related to a weighed one: their stored verdicts tell enough.
    """
    criteria = rankable_criteria() if criteria is None else criteria
    criteria_by_pk = {criterion.pk: criterion for criterion in criteria.values()}
    framework_slugs = {framework.pk: framework.slug for framework in frameworks}
    criterion_slugs = {pk: criterion.slug for pk, criterion in criteria_by_pk.items()}
    related = _related(criterion_slugs)
    stored = _stored_verdicts(framework_slugs, criteria.values(), related, weighed)
    read = criterion_slugs.keys() - {criterion for _, criterion, *_ in stored}
    claims = Claim.objects.published().filter(framework__in=framework_slugs, criterion__in=read)
    rows = list(claims.annotate(**FIGURES).values_list(*FIELDS))
    cited = {row[3] for row in rows} | {speaker for *_, speakers in stored for speaker in speakers}
    sources = {source.pk: source for source in Source.objects.with_repeating(cited)}
    evidence = _evidence(rows, framework_slugs, criterion_slugs, sources, _findings(framework_slugs))
    cells = NotApplicable.objects.filter(framework__in=framework_slugs, criterion__in=criterion_slugs)
    not_applicable = {
        (framework_slugs[framework], criterion_slugs[criterion])
        for framework, criterion in cells.values_list("framework", "criterion")
    }
    specs = _criterion_specs(criteria_by_pk.values())
    return LoadedEvidence(
        DecisionMatrix(
            list(framework_slugs.values()),
            specs,
            evidence,
            frozenset(not_applicable),
            _known_scores(stored, framework_slugs, criterion_slugs),
        ),
        {framework.slug: framework for framework in frameworks},
        criteria,
        {pk: sources[pk] for pk in {sources[pk].speaker_id for pk in cited}},
        related,
    )


def _stored_verdicts(
    frameworks: Collection[int],
    criteria: Iterable[Criterion],
    related: Mapping[str, frozenset[str]],
    weighed: Collection[str] | None,
) -> list[StoredVerdict]:
    """The verdicts on criteria whose claims the answer does not need; none where they are not stored."""
    if weighed is None or not CellVerdict.objects.are_current():
        return []
    needed = {*weighed, *(other for slug in weighed for other in related.get(slug, ()))}
    others = [row.pk for row in criteria if row.slug not in needed and row.kind != Kind.FIT.value]
    rows = CellVerdict.objects.filter(framework__in=frameworks, criterion__in=others)
    return list(rows.values_list("framework", "criterion", "state", "weight", "position", "median", "speakers"))


def _known_scores(
    stored: Iterable[StoredVerdict], framework_slugs: Mapping[int, str], criterion_slugs: Mapping[int, str]
) -> dict[CellKey, CellScore]:
    scores: dict[CellKey, CellScore] = {}
    for framework, criterion, state, weight, position, median, _ in stored:
        value = position if median is None else median
        if value is not None and weight and state != State.NOT_APPLICABLE:
            scores[framework_slugs[framework], criterion_slugs[criterion]] = CellScore(value, weight)
    return scores


def _related(criterion_slugs: Mapping[int, str]) -> dict[str, frozenset[str]]:
    related: defaultdict[str, set[str]] = defaultdict(set)
    pairs = Criterion.related.through.objects.values_list("from_criterion", "to_criterion")
    for criterion, other in pairs:
        if criterion in criterion_slugs and other in criterion_slugs:
            related[criterion_slugs[criterion]].add(criterion_slugs[other])
    return {slug: frozenset(others) for slug, others in related.items()}


def decision_matrix_of(table_data: TableData, source_slugs: Collection[str] = ()) -> DecisionMatrix:
    """The decision matrix of a table's data; with `source_slugs`, of the claims from these sources alone."""
    framework_slugs = {framework.pk: framework.slug for framework in table_data.frameworks}
    criteria = [criterion for criterion in table_data.criteria if criterion.kind != Kind.LIST.value]
    criterion_slugs = {criterion.pk: criterion.slug for criterion in criteria}
    evidence = {
        (framework_slugs[framework], criterion_slugs[criterion]): evidence_of(claims, table_data.voices)
        for (framework, criterion), claims in table_data.claims_by_cell(source_slugs).items()
        if criterion in criterion_slugs
    }
    not_applicable = {
        (framework_slugs[framework], criterion_slugs[criterion])
        for framework, criterion in table_data.not_applicable
        if criterion in criterion_slugs
    }
    specs = _criterion_specs(criteria)
    return DecisionMatrix(list(framework_slugs.values()), specs, evidence, frozenset(not_applicable))


def _criterion_specs(criteria: Iterable[Criterion]) -> list[CriterionSpec]:
    return [
        CriterionSpec(criterion.slug, Kind(criterion.kind), bool(criterion.lower_is_better)) for criterion in criteria
    ]


def _evidence(
    rows: Iterable[tuple[Any, ...]],
    framework_slugs: Mapping[int, str],
    criterion_slugs: Mapping[int, str],
    sources: Mapping[int, Source],
    findings: Mapping[int, frozenset[Finding]],
) -> dict[CellKey, list[Evidence]]:
    """Turns rows of FIELDS into evidence by cell."""
    voices = voices_of(sources)
    evidence: defaultdict[CellKey, list[Evidence]] = defaultdict(list)
    for pk, framework, criterion, source, level, support, low, high in rows:
        evidence[framework_slugs[framework], criterion_slugs[criterion]].append(
            voices[source].says(pk, framework, level, support, low, high, findings=findings.get(pk, NO_FINDINGS))
        )
    return evidence


def _findings(frameworks: Collection[int]) -> dict[int, frozenset[Finding]]:
    """The findings of checks on the frameworks' published claims, by claim."""
    by_claim: defaultdict[int, set[Finding]] = defaultdict(set)
    checks = Check.objects.filter(claim__state=ClaimState.PUBLISHED.value, claim__framework__in=frameworks)
    for claim, finding in checks.values_list("claim", "finding"):
        by_claim[claim].add(Finding(finding))
    return {claim: frozenset(claim_findings) for claim, claim_findings in by_claim.items()}

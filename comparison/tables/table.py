"""The rows of a comparison: every verdict with the claims behind it, from a constant number of queries."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from django.db.models import QuerySet

from comparison.evidence import (
    WEIGHTS,
    Evidence,
    Finding,
    Kind,
    Outcome,
    RowResult,
    SourceKind,
    State,
    Support,
    Verdict,
    comparable_values,
    outcome,
    verdict,
)
from comparison.models import Check, Claim, Criterion, Framework, NotApplicable, Source


@dataclass(frozen=True)
class Reference:
    """A source with its number in this table."""

    number: int
    source: Source

    @cached_property
    def kind(self) -> SourceKind:
        return SourceKind(self.source.kind)

    @cached_property
    def weight(self) -> int:
        return WEIGHTS[self.kind]


@dataclass(frozen=True, slots=True)
class Cell:
    framework: Framework
    verdict: Verdict
    claims: Mapping[int, Claim]
    reason: str = ""  # why the criterion is not applicable

    def claim_list(self, ids: Iterable[int]) -> list[Claim]:
        return [self.claims[one] for one in ids]

    @property
    def contradicting(self) -> set[int]:
        """Ids of the sources that contradict themselves here."""
        return {one.source for one in self.verdict.opinions if one.contradicts_itself}


@dataclass(frozen=True, slots=True)
class Row:
    criterion: Criterion
    cells: Sequence[Cell]
    outcome: Outcome

    @property
    def leader(self) -> Framework | None:
        place = self.outcome.leader
        return None if place is None else self.cells[place].framework

    @property
    def differs(self) -> bool:
        return self.outcome.result is RowResult.LEAD

    @property
    def disputed(self) -> bool:
        return any(cell.verdict.state is State.DISPUTED for cell in self.cells)

    @property
    def unknown(self) -> bool:
        return any(cell.verdict.state is State.NO_EVIDENCE for cell in self.cells)

    @property
    def spread(self) -> float:
        """How far apart the sides stand; −1 where fewer than two can be ranked."""
        lower = bool(self.criterion.lower_is_better)
        stand = [one for one in comparable_values((cell.verdict for cell in self.cells), lower) if one is not None]
        return max(stand) - min(stand) if len(stand) > 1 else -1.0

    @property
    def source_count(self) -> int:
        """How many sources the row rests on."""
        return len({source for cell in self.cells for source in cell.verdict.sources})


@dataclass(frozen=True)
class Table:
    """All rows for some frameworks, and the sources cited, numbered by slug so that filters do not renumber them."""

    frameworks: Sequence[Framework]
    rows: Sequence[Row]
    references: Mapping[int, Reference] = field(repr=False)
    chosen_sources: Collection[str] = ()
    silent: Sequence[Criterion] = ()  # criteria on which nobody here says anything

    @cached_property
    def results(self) -> Counter[RowResult]:
        return Counter(row.outcome.result for row in self.rows)

    @cached_property
    def claim_count(self) -> int:
        return sum(len(cell.claims) for row in self.rows for cell in row.cells)

    def led_by(self, framework: Framework) -> list[Row]:
        return [row for row in self.rows if row.leader == framework]


@dataclass(frozen=True)
class TableData:
    """What is known about some frameworks, read from the database once; tables are worked out from it."""

    frameworks: Sequence[Framework]
    criteria: Sequence[Criterion]
    claims: Sequence[Claim]
    sources: Mapping[int, Source]  # those cited, and whatever stands on the way to an origin
    not_applicable: Mapping[tuple[int, int], str]  # (framework, criterion) not applicable, and why

    @cached_property
    def cited(self) -> list[Source]:
        return sorted({self.sources[claim.source_id] for claim in self.claims}, key=lambda source: source.slug)

    @cached_property
    def references(self) -> dict[int, Reference]:
        return {source.pk: Reference(number, source) for number, source in enumerate(self.cited, 1)}

    def table(self, sources: Collection[str] = (), columns: Sequence[Framework] = ()) -> Table:
        """The table; `sources` (slugs), when given, are the only ones heard; `columns` reorders the frameworks."""
        frameworks = columns or self.frameworks
        cited: defaultdict[tuple[int, int], list[Claim]] = defaultdict(list)
        for claim in self.claims:
            if not sources or self.sources[claim.source_id].slug in sources:
                cited[claim.framework_id, claim.criterion_id].append(claim)
        origins = origins_of(self.sources)
        rows, silent = [], []
        for criterion in self.criteria:
            places = [(framework.pk, criterion.pk) for framework in frameworks]
            if any(place in cited or place in self.not_applicable for place in places):
                cells = [
                    _cell(
                        framework,
                        criterion,
                        cited.get(place, ()),
                        self.sources,
                        origins,
                        self.not_applicable.get(place, ""),
                    )
                    for framework, place in zip(frameworks, places, strict=True)
                ]
                verdicts = (cell.verdict for cell in cells)
                ended = outcome(Kind(criterion.kind), verdicts, bool(criterion.lower_is_better))
                rows.append(Row(criterion, cells, ended))
            else:
                silent.append(criterion)
        return Table(frameworks, rows, self.references, sources, silent)


def load_table_data(frameworks: Sequence[Framework], criteria: QuerySet[Criterion] | None = None) -> TableData:
    """Reads what is published about the frameworks (on the criteria, where given) in five queries."""
    claims = Claim.objects.published().about(frameworks)
    asked = list((Criterion.objects.all() if criteria is None else criteria).select_related("category"))
    if criteria is not None:
        claims = claims.filter(criterion__in=asked)  # by id: planners do badly on nested subqueries
    findings: defaultdict[int, set[Finding]] = defaultdict(set)
    for claim_id, finding in Check.objects.filter(claim__in=claims).values_list("claim_id", "finding"):
        findings[claim_id].add(Finding(finding))
    found = list(claims.for_table().order_by("id"))
    for claim in found:
        claim.findings = frozenset(findings[claim.pk])
    not_applicable = NotApplicable.objects.filter(framework__in=frameworks)
    return TableData(
        frameworks,
        asked,
        found,
        {one.pk: one for one in Source.objects.cited_in({claim.source_id for claim in found})},
        {(one.framework_id, one.criterion_id): one.reason for one in not_applicable},
    )


def origins_of(sources: Mapping[int, Source]) -> dict[int, tuple[int, int]]:
    """For each source the one at the end of its chain of repeats, and the steps to it."""
    found = {}
    for pk in sources:
        step, depth, seen = pk, 0, {pk}
        while step in sources and (following := sources[step].repeats_id) is not None and following not in seen:
            step, depth = following, depth + 1
            seen.add(step)
        found[pk] = (step, depth)
    return found


def _cell(
    framework: Framework,
    criterion: Criterion,
    claims: Sequence[Claim],
    sources: Mapping[int, Source],
    origins: Mapping[int, tuple[int, int]],
    reason: str,
) -> Cell:
    evidence = [evidence_of(claim, sources[claim.source_id], *origins[claim.source_id]) for claim in claims]
    found = verdict(Kind(criterion.kind), evidence, applicable=not reason)
    return Cell(framework, found, {claim.pk: claim for claim in claims}, reason)


def evidence_of(claim: Claim, source: Source, origin: int, depth: int) -> Evidence:
    return Evidence(
        claim.pk,
        source.pk,
        origin,
        depth,
        SourceKind(source.kind),
        level=claim.level,
        support=Support(claim.support) if claim.support else None,
        low=None if claim.low is None else float(claim.low),
        high=None if claim.high is None else float(claim.high),
        item=claim.item,
        findings=claim.findings,
    )

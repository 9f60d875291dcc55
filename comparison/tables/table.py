"""A comparison's table: every verdict with the claims behind it, from a constant number of queries."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from operator import attrgetter
from types import MappingProxyType
from typing import NamedTuple, Protocol, TypeVar

from django.db.models import F, Q, QuerySet

from comparison.evidence import Kind, SourceKind, State, Verdict, source_weight, verdict
from comparison.models import Category, Check, Claim, Criterion, Framework, NotApplicable, Source
from comparison.models.claims import ClaimQuerySet
from comparison.models.verdicts.cell_evidence import NO_FINDINGS, Voice, evidence_of, is_own, voices_of
from comparison.related import Stand, opposite_stands, side_of
from comparison.row_outcomes import Outcome, differ, outcome, positions
from comparison.vocabulary import gettext as _


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
        """What it weighs on features, figures and lists."""
        return source_weight(Kind.FEATURE, self.kind)

    @cached_property
    def opinion_weight(self) -> int:
        """What it weighs on ratings and fits."""
        return source_weight(Kind.RATING, self.kind)

    @property
    def weight_words(self) -> str:
        if self.weight == self.opinion_weight:
            return _("weight {weight}").format(weight=self.weight)
        text = _("weight {weight} on features and figures, {opinion_weight} on ratings and advice")
        return text.format(weight=self.weight, opinion_weight=self.opinion_weight)


class Cell(NamedTuple):
    framework: Framework
    verdict: Verdict
    claims: Mapping[int, Claim]
    reason: str = ""  # why the criterion does not apply to the framework

    def claim_list(self, ids: Iterable[int]) -> list[Claim]:
        return [self.claims[claim_id] for claim_id in ids]

    def weight_of(self, source: Source) -> int:
        """What an opinion of this source weighs here."""
        return source_weight(self.verdict.kind, SourceKind(source.kind), is_own(source, self.framework.pk))

    @property
    def contradicting(self) -> set[int]:
        """Ids of the sources that contradict themselves here."""
        contradicting = [opinion for opinion in self.verdict.opinions if opinion.contradicts_itself]
        return {source for opinion in contradicting for source in opinion.sources}

    @property
    def is_two_sided(self) -> bool:
        """Whether its only source argues both ways."""
        is_alone = self.verdict.state is State.ONE_SOURCE and self.verdict.kind is not Kind.FIGURE
        return is_alone and bool(self.contradicting)


@dataclass(frozen=True, slots=True)
class Row:
    criterion: Criterion
    cells: Sequence[Cell]
    outcome: Outcome

    @property
    def leader(self) -> Framework | None:
        index = self.outcome.leader
        return None if index is None else self.cells[index].framework

    @property
    def leading_cells(self) -> list[Cell]:
        """The cell of the leader and the one next to it; none where nobody leads."""
        leader = self.outcome.leader
        if leader is None:
            return []
        stand = positions((cell.verdict for cell in self.cells), bool(self.criterion.lower_is_better))
        others = [(-place, index) for index, place in enumerate(stand) if place is not None and index != leader]
        return [self.cells[leader], self.cells[min(others)[1]]]

    @property
    def together(self) -> list[Framework]:
        """The frameworks that share the lead, the best first; none where one leads, or nobody."""
        return [self.cells[index].framework for index in self.outcome.together]

    @property
    def differs(self) -> bool:
        return differ(cell.verdict for cell in self.cells)

    @property
    def disputed(self) -> bool:
        return bool(self.disputed_cells)

    @property
    def disputed_cells(self) -> list[Cell]:
        return [cell for cell in self.cells if cell.verdict.state is State.DISPUTED]

    @property
    def unknown(self) -> bool:
        return any(cell.verdict.state is State.NO_EVIDENCE for cell in self.cells)

    @property
    def spread(self) -> float:
        """How far apart the frameworks' positions are; −1 where fewer than two can be ranked."""
        lower_is_better = bool(self.criterion.lower_is_better)
        known = [
            value for value in positions((cell.verdict for cell in self.cells), lower_is_better) if value is not None
        ]
        return max(known) - min(known) if len(known) > 1 else -1.0

    @property
    def source_count(self) -> int:
        """How many sources the row rests on."""
        return len({source for cell in self.cells for source in cell.verdict.sources})


class OfCriterion(Protocol):
    """A row of any table."""

    @property
    def criterion(self) -> Criterion: ...


AnyRow = TypeVar("AnyRow", bound=OfCriterion)


def by_category(rows: Sequence[AnyRow]) -> list[tuple[Category, list[AnyRow]]]:
    """The categories in their order, each with its rows in theirs."""
    members: defaultdict[Category, list[AnyRow]] = defaultdict(list)
    for row in rows:
        members[row.criterion.category].append(row)
    return sorted(members.items(), key=lambda pair: (pair[0].order, pair[0].slug))


@dataclass(frozen=True)
class Table:
    """All rows for some frameworks, and their sources, numbered by slug so that filters do not renumber them."""

    frameworks: Sequence[Framework]
    rows: Sequence[Row]
    references: Mapping[int, Reference] = field(repr=False)
    chosen_sources: Collection[str] = ()  # the slugs of those that speak; empty for all
    uncited: Sequence[Criterion] = ()  # criteria without a row: no source here says anything on them
    related: Mapping[int, Collection[int]] = field(default_factory=dict, repr=False)  # criteria by criterion

    @cached_property
    def claim_count(self) -> int:
        return sum(len(cell.claims) for row in self.rows for cell in row.cells)

    @cached_property
    def _rows_by_leader(self) -> Mapping[Framework, list[Row]]:
        rows: defaultdict[Framework, list[Row]] = defaultdict(list)
        for row in self.rows:
            if row.leader:
                rows[row.leader].append(row)
        return rows

    @cached_property
    def led_together(self) -> list[Row]:
        return [row for row in self.rows if row.outcome.together]

    def led_by(self, framework: Framework) -> list[Row]:
        return self._rows_by_leader.get(framework, [])

    @cached_property
    def opposites(self) -> list[tuple[Claim, Claim]]:
        """The pairs of counted claims in which one source takes opposite sides on related criteria."""
        if not self.related:
            return []
        claims: dict[int, Claim] = {}
        for row in self.rows:
            if self.related.get(row.criterion.pk):
                for cell in row.cells:
                    counted = cell.verdict.supporting + cell.verdict.opposing
                    claims.update((pk, cell.claims[pk]) for pk in counted)
        stands = [
            Stand(pk, claim.speaker_id, claim.framework_id, claim.criterion_id, side_of(claim.level, claim.support))
            for pk, claim in claims.items()
        ]
        pairs = opposite_stands(stands, self.related)
        return [(claims[first.claim], claims[second.claim]) for first, second in pairs]

    @cached_property
    def opposites_by_cell(self) -> Mapping[tuple[int, int], Mapping[Criterion, set[int]]]:
        """By (framework, criterion) the related criteria on which some sources say the opposite, with these sources."""
        criteria = {row.criterion.pk: row.criterion for row in self.rows}
        cells: defaultdict[tuple[int, int], defaultdict[Criterion, set[int]]] = defaultdict(lambda: defaultdict(set))
        for pair in self.opposites:
            for claim, other in (pair, pair[::-1]):
                cell_key = (claim.framework_id, claim.criterion_id)
                cells[cell_key][criteria[other.criterion_id]].add(claim.speaker_id)
        return cells


@dataclass(frozen=True)
class TableData:
    """What is published about some frameworks, read from the database once; tables are computed from it."""

    frameworks: Sequence[Framework]
    criteria: Sequence[Criterion]
    claims: Sequence[Claim]
    sources: Mapping[int, Source]  # those cited, their wholes, and those that they repeat, directly or not
    not_applicable: Mapping[tuple[int, int], str]  # the reason by (framework, criterion)
    related: Mapping[int, Collection[int]] = field(default_factory=dict)  # criteria by criterion

    @cached_property
    def cited(self) -> list[Source]:
        """The sources that speak: articles, and the wholes of parts."""
        speakers = {self.sources[source_id].speaker_id for source_id in {claim.source_id for claim in self.claims}}
        return sorted((self.sources[speaker] for speaker in speakers), key=lambda source: source.slug)

    @cached_property
    def titles(self) -> dict[str, str]:
        """The titles of all sources that an address may ask for, by slug: those that speak, and cited parts of them."""
        parts = (source for source in self.sources.values() if source.part_of_id)
        return {source.slug: source.full_title for source in (*self.cited, *parts)}

    @cached_property
    def references(self) -> dict[int, Reference]:
        return {source.pk: Reference(number, source) for number, source in enumerate(self.cited, 1)}

    @cached_property
    def counts_by_source(self) -> Mapping[str, int]:
        """How many claims each source makes, by slug."""
        return Counter(self.sources[claim.speaker_id].slug for claim in self.claims)

    @cached_property
    def voices(self) -> dict[int, Voice]:
        return voices_of(self.sources)

    def table(self, sources: Collection[str] = (), columns: Sequence[Framework] = ()) -> Table:
        """The table; only the `sources` (slugs) count, if any are named; `columns` puts the frameworks in order."""
        frameworks = columns or self.frameworks
        claims = self.claims_by_cell(sources)
        rows, uncited = [], []
        for criterion in self.criteria:
            keys = [(framework.id, criterion.id) for framework in frameworks]
            if any(key in claims or key in self.not_applicable for key in keys):
                cells = [
                    self.cell(framework, criterion, claims.get(key, ()))
                    for framework, key in zip(frameworks, keys, strict=True)
                ]
                verdicts = (cell.verdict for cell in cells)
                row_outcome = outcome(Kind(criterion.kind), verdicts, bool(criterion.lower_is_better))
                rows.append(Row(criterion, cells, row_outcome))
            else:
                uncited.append(criterion)
        heard = {(source.part_of or source).slug for source in self.sources.values() if is_from(source, sources)}
        return Table(frameworks, rows, self.references, heard, uncited, self.related)

    def about(self, criteria: Sequence[Criterion]) -> "TableData":
        """The part of the data that is about some of its criteria."""
        chosen = {criterion.pk for criterion in criteria}
        return replace(self, criteria=criteria, claims=[row for row in self.claims if row.criterion_id in chosen])

    def claims_by_cell(self, sources: Collection[str] = ()) -> Mapping[tuple[int, int], list[Claim]]:
        """The claims by (framework, criterion); only those of the `sources` (slugs), if any are named."""
        claims: defaultdict[tuple[int, int], list[Claim]] = defaultdict(list)
        for claim in self.claims:
            if not sources or is_from(self.sources[claim.source_id], sources):
                claims[claim.framework_id, claim.criterion_id].append(claim)
        return claims

    def cell(self, framework: Framework, criterion: Criterion, claims: Sequence[Claim]) -> Cell:
        reason = self.not_applicable.get((framework.pk, criterion.pk), "")
        cell_verdict = verdict(Kind(criterion.kind), evidence_of(claims, self.voices), is_applicable=not reason)
        return Cell(framework, cell_verdict, {claim.id: claim for claim in claims}, reason)


def criteria_with_related(slug: str) -> QuerySet[Criterion]:
    """A criterion and those that ask the same thing another way."""
    return Criterion.objects.filter(Q(slug=slug) | Q(pk__in=Criterion.objects.filter(related__slug=slug)))


def load_table_data(
    frameworks: Sequence[Framework],
    criteria: QuerySet[Criterion] | None = None,
    sources: Collection[int] | None = None,
) -> TableData:
    """Reads what is published about the frameworks (on these criteria and by these sources only) in five queries."""
    published = Claim.objects.published().about(frameworks)
    if sources is not None:
        published = published.filter(source__in=sources)
    rows, related = criteria_with_relations(Criterion.objects.all() if criteria is None else criteria)
    if criteria is not None:
        published = published.filter(criterion__in=rows)  # by id: planners do badly on nested subqueries
    return _table_data(frameworks, rows, published, related)


def load_cells(keys: Sequence[tuple[Framework, Criterion]]) -> tuple[list[Cell], list[Source]]:
    """The cells of some frameworks and criteria, and the sources that speak there, in four queries."""
    data = load_data_of_cells(keys)
    claims = data.claims_by_cell()
    cells = [data.cell(*key, claims.get((key[0].pk, key[1].pk), ())) for key in keys]
    return cells, data.cited


def load_data_of_cells(keys: Sequence[tuple[Framework, Criterion]]) -> TableData:
    """What is published about some cells, in four queries."""
    frameworks = list({framework.pk: framework for framework, _ in keys}.values())
    published = Claim.objects.published().in_cells((framework.pk, criterion.pk) for framework, criterion in keys)
    return _table_data(frameworks, [criterion for _, criterion in keys], published)


def _table_data(
    frameworks: Sequence[Framework],
    criteria: Sequence[Criterion],
    published: ClaimQuerySet,
    related: Mapping[int, Collection[int]] = MappingProxyType({}),
) -> TableData:
    # Ordered here: SQLite would read an index of all claims in the world that has the order, to spare the sorting.
    claims = sorted(published.for_table(), key=attrgetter("id"))
    findings = Check.objects.findings_on(published, [claim.pk for claim in claims])
    sources = {source.pk: source for source in Source.objects.with_repeating({claim.source_id for claim in claims})}
    for source in sources.values():
        if source.part_of_id:
            source.part_of = sources[source.part_of_id]
    source_field = Claim._meta.get_field("source")
    for claim in claims:
        source = sources[claim.source_id]
        source_field.set_cached_value(claim, source)  # without the checks of an assignment
        claim.speaker_id = source.speaker_id
        claim.findings = findings.get(claim.id, NO_FINDINGS)
    exceptions = NotApplicable.objects.filter(framework__in=frameworks)
    return TableData(
        frameworks,
        criteria,
        claims,
        sources,
        {(exception.framework_id, exception.criterion_id): exception.reason for exception in exceptions},
        related,
    )


def criteria_with_relations(criteria: QuerySet[Criterion]) -> tuple[list[Criterion], dict[int, set[int]]]:
    """The criteria with their categories, and by criterion the related ones, in one query: a row for each relation."""
    rows: dict[int, Criterion] = {}
    related: defaultdict[int, set[int]] = defaultdict(set)
    for row in criteria.select_related("category").annotate(related_id=F("related")):
        rows.setdefault(row.pk, row)
        if row.related_id is not None:
            related[row.pk].add(row.related_id)
    return list(rows.values()), related


def with_sources(sources: Mapping[int, Source], claims: Iterable[Claim]) -> dict[int, Source]:
    """The sources with those of some claims, and with their wholes."""
    added = {claim.source_id: claim.source for claim in claims}
    wholes = {source.part_of.pk: source.part_of for source in added.values() if source.part_of is not None}
    return {**sources, **wholes, **added}


def is_from(source: Source, slugs: Collection[str]) -> bool:
    """Whether it is one of the named sources, or part of one."""
    return source.slug in slugs or (source.part_of is not None and source.part_of.slug in slugs)

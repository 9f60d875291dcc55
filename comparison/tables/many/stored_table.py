"""Tables from stored verdicts, for pages that show no claims: of many frameworks they take a tenth of the time."""

import json
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property, partial
from typing import Any

from django.db.models import TextField
from django.db.models.functions import Cast

from comparison.evidence import Evidence, Figure, Finding, Kind, Opinion, SourceKind, State, Support, Verdict, verdict
from comparison.models import CellVerdict, Check, Claim, Criterion, Framework, Source
from comparison.models.verdicts.cell_evidence import NO_FINDINGS, voices_of
from comparison.row_outcomes import outcome
from comparison.tables.table import Cell, Row, Table, TableData, criteria_with_relations

STORED = (
    "framework_id",
    "criterion_id",
    "state",
    "position",
    "weight",
    "supports_text",
    "median",
    "low",
    "high",
    "opinion_count",
    "speakers_text",
)
AS_TEXT = {f"{name}_text": Cast(name, TextField()) for name in ("supports", "speakers")}  # read once for all that agree

CLAIM = ("id", "framework_id", "criterion_id", "source_id", "level", "support", "low", "high", "item")
UNKNOWN_STATES = (State.NO_EVIDENCE, State.NOT_APPLICABLE)

CellKey = tuple[int, int]  # ids of a framework and a criterion


@dataclass(frozen=True)
class StoredTableData(TableData):
    """What a table without claims needs. It holds no claims."""

    verdicts: Mapping[CellKey, Verdict] = field(default_factory=dict, repr=False)
    cells_by_speaker: Counter[int] = field(default_factory=Counter, repr=False)

    @cached_property
    def cited(self) -> list[Source]:
        return sorted((self.sources[pk] for pk in self.cells_by_speaker), key=lambda source: source.slug)

    @cached_property
    def counts_by_source(self) -> Mapping[str, int]:
        """In how many cells each source speaks, by slug."""
        return {self.sources[pk].slug: count for pk, count in self.cells_by_speaker.items()}

    def table(self, sources: Collection[str] = (), columns: Sequence[Framework] = ()) -> Table:
        """The table of all sources: verdicts from some of them need their claims."""
        if sources:
            raise ValueError("Stored verdicts rest on all sources.")
        frameworks = columns or self.frameworks
        rows, uncited = [], []
        for criterion in self.criteria:
            verdicts = [self.verdicts.get((framework.id, criterion.id)) for framework in frameworks]
            if any(verdicts):
                rows.append(_row(criterion, frameworks, verdicts))
            else:
                uncited.append(criterion)
        return Table(frameworks, rows, self.references, (), uncited, self.related)


def _row(criterion: Criterion, frameworks: Sequence[Framework], stored: Sequence[Verdict | None]) -> Row:
    kind = Kind(criterion.kind)
    nothing = Verdict(kind, State.NO_EVIDENCE)
    verdicts = [one or nothing for one in stored]
    cells = [Cell(framework, one, {}) for framework, one in zip(frameworks, verdicts, strict=True)]
    return Row(criterion, cells, outcome(kind, verdicts, bool(criterion.lower_is_better)))


def load_stored_table(frameworks: Sequence[Framework]) -> StoredTableData | None:
    """Reads the verdicts on the frameworks in six queries, or in one and None where they are not those of the newest
    edition."""
    if not CellVerdict.objects.are_current():
        return None
    criteria, related = criteria_with_relations(Criterion.objects.all())
    kinds = {criterion.pk: Kind(criterion.kind) for criterion in criteria}
    stored = _stored_rows(frameworks)
    in_doubt = {row[:2] for row in stored if _needs_claims(kinds[row[1]], row)}
    doubtful = Claim.objects.published().in_cells(in_doubt)
    claims = list(doubtful.order_by().values_list(*CLAIM))
    counts = Counter(speaker for row in stored for speaker in row[10])
    rows = Source.objects.with_repeating({*counts, *(claim[3] for claim in claims)})
    sources = {source.pk: source for source in rows}
    for source in sources.values():
        if source.part_of_id:
            source.part_of = sources[source.part_of_id]
    opinions = {pk: Opinion(pk, SourceKind(source.kind), 0, ()) for pk, source in sources.items()}
    verdict_of = cache(partial(_stored_verdict, opinions))  # many cells of a row have the same
    verdicts = {row[:2]: verdict_of(kinds[row[1]], row[2:]) for row in stored if row[:2] not in in_doubt}
    findings = Check.objects.findings_on(doubtful, [claim[0] for claim in claims])
    verdicts.update(_verdicts_of(claims, findings, kinds, sources))
    return StoredTableData(frameworks, criteria, (), sources, {}, related, verdicts, counts)


def _stored_rows(frameworks: Sequence[Framework]) -> list[tuple[Any, ...]]:
    """The stored verdicts as tuples. Many have the lists of another, so each list is decoded once."""
    rows = CellVerdict.objects.filter(framework__in=frameworks).annotate(**AS_TEXT).order_by().values_list(*STORED)
    decoded = cache(lambda text: tuple(json.loads(text)))
    return [(*row[:5], decoded(row[5]), *row[6:10], decoded(row[10])) for row in rows]


def _needs_claims(kind: Kind, row: tuple[Any, ...]) -> bool:
    """Whether the items of a list, the sides of a dispute or the sources that count are not stored."""
    state, opinions, speakers = row[2], row[9], row[10]
    if state in UNKNOWN_STATES:
        return False
    return kind is Kind.LIST or state == State.DISPUTED or opinions != len(speakers)


def _stored_verdict(opinions: Mapping[int, Opinion], kind: Kind, values: tuple[Any, ...]) -> Verdict:
    """A verdict without claims; of its opinions only whose they are."""
    state, position, weight, supports, median, low, high, _, speakers = values
    if state in UNKNOWN_STATES:
        return Verdict(kind, State(state))
    return Verdict(
        kind,
        State(state),
        position=position,
        weight=weight,
        supports=tuple(Support(word) for word in supports),
        figure=None if median is None else Figure(median, low, high),
        opinions=tuple(opinions[speaker] for speaker in speakers),
    )


def _verdicts_of(
    claims: Sequence[tuple[Any, ...]],
    findings: Mapping[int, frozenset[Finding]],
    kinds: Mapping[int, Kind],
    sources: Mapping[int, Source],
) -> Iterator[tuple[CellKey, Verdict]]:
    """The verdicts of the cells of some claims, by the pure functions."""
    voices = voices_of(sources)
    by_cell: defaultdict[CellKey, list[Evidence]] = defaultdict(list)
    for pk, framework, criterion, source, level, support, low, high, item in claims:
        found = findings.get(pk, NO_FINDINGS)
        by_cell[framework, criterion].append(voices[source].says(pk, framework, level, support, low, high, item, found))
    for key, evidence in by_cell.items():
        yield key, verdict(kinds[key[1]], evidence)

"""A framework by its verdicts, and a source by how it agrees with the others."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Q
from django.utils.translation import gettext_noop

from comparison.evidence import ARTICLES, IN_THE_BOX, Kind, SourceKind, State, Verdict, is_near
from comparison.models import Claim, Criterion, Framework, Source
from comparison.models.verdicts.cell_evidence import origins_of
from comparison.models.verdicts.stored import stored_verdicts_of
from comparison.tables.cells.rows import RowView, row_view
from comparison.tables.table import Cell, Row, Table, load_table_data
from comparison.vocabulary import gettext as _
from comparison.wording import position_band


@dataclass(frozen=True, slots=True)
class Section:
    title: str
    rows: Sequence[RowView]


def portrait(table: Table) -> list[Section]:
    """A framework's rows: its strengths, its weaknesses, and the others."""
    parts: dict[str, list[Row]] = {
        gettext_noop("Strengths"): [],
        gettext_noop("Weaknesses"): [],
        gettext_noop("Disputed"): [],
        gettext_noop("Neither way"): [],
        gettext_noop("In the box"): [],
        gettext_noop("Figures"): [],
        gettext_noop("When it is advised"): [],
        gettext_noop("Named for it"): [],
    }
    for row in table.rows:
        parts[_part(row)].append(row)
    ordered = {_(title): sorted(rows, key=lambda row: -abs(_value(row))) for title, rows in parts.items()}
    return [Section(title, [row_view(row, table) for row in rows]) for title, rows in ordered.items() if rows]


def _part(row: Row) -> str:
    verdict = row.cells[0].verdict
    match Kind(row.criterion.kind):
        case Kind.FEATURE:
            return "In the box"
        case Kind.FIGURE:
            return "Figures"
        case Kind.LIST:
            return "Named for it"
        case Kind.FIT:
            return "When it is advised"
    if verdict.state is State.DISPUTED:
        return "Disputed"
    return {0: "Strengths", 1: "Strengths", 2: "Neither way"}.get(position_band(verdict.position or 0.0), "Weaknesses")


def _value(row: Row) -> float:
    verdict = row.cells[0].verdict
    return (verdict.position or 0.0) * verdict.strength


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Two claims of one source that take opposite sides about a framework on related criteria."""

    framework: Framework
    claims: Sequence[tuple[Claim, Criterion]]


@dataclass(frozen=True, slots=True)
class SourceAgreement:
    """How far a source agrees with the others; each list of cells holds (criterion, framework) pairs."""

    cells: int
    alone: Sequence[tuple[Criterion, Framework]]
    agreeing: int
    opposing: Sequence[tuple[Criterion, Framework]]
    both_ways: Sequence[tuple[Criterion, Framework]]
    set_aside: int
    says_both: Sequence[Contradiction]


def source_agreement(source: Source) -> SourceAgreement:
    """Where a source agrees with the verdict, is the only one, opposes it or contradicts itself."""
    speaker = source.speaker_id
    pairs = set(Claim.objects.published().said_by(source).values_list("framework", "criterion"))
    frameworks = list(Framework.objects.filter(pk__in={framework for framework, _ in pairs}).order_by("slug"))
    criteria = Criterion.objects.filter(pk__in={criterion for _, criterion in pairs})
    stored = stored_verdicts_of(pairs)
    table = load_table_data(frameworks, criteria, _family(source) if stored else None).table()
    cells: dict[str, list[tuple[Criterion, Framework]]] = {"alone": [], "agrees": [], "opposes": [], "both": []}
    counts: Counter[str] = Counter()
    for row in table.rows:
        for cell in row.cells:
            counts["aside"] += sum(
                claim.speaker_id == source.speaker_id for claim in cell.claim_list(cell.verdict.set_aside)
            )
            whole = stored.get((cell.framework.pk, row.criterion.pk), cell.verdict)
            if speaker not in cell.verdict.sources or _is_only_reported(source, whole):
                continue
            counts["cells"] += 1
            pair = (row.criterion, cell.framework)
            cells[_agreement(cell, whole, speaker)].append(pair)
            if speaker in cell.contradicting:
                cells["both"].append(pair)
    return SourceAgreement(
        cells=counts["cells"],
        alone=cells["alone"],
        agreeing=len(cells["agrees"]),
        opposing=cells["opposes"],
        both_ways=cells["both"],
        set_aside=counts["aside"],
        says_both=_contradictions(table, source),
    )


def _family(source: Source) -> list[int]:
    """All sources that count as one with it: its whole, the parts of that, and what repeats the same source."""
    has_relation = Q(part_of__isnull=False) | Q(repeats__isnull=False)
    sources = {row.pk: row for row in Source.objects.filter(has_relation | Q(pk=source.pk)).only("part_of", "repeats")}
    origins = origins_of(sources)
    whole = origins[source.pk][0]
    return [whole, *(pk for pk, (origin, _) in origins.items() if origin == whole != pk)]


def _is_only_reported(source: Source, whole: Verdict) -> bool:
    """Whether the source is an article with a figure beside figures that were looked up: it has no say then."""
    return whole.kind is Kind.FIGURE and whole.weight > 0 and SourceKind(source.kind) in ARTICLES


def _contradictions(table: Table, source: Source) -> list[Contradiction]:
    frameworks = {framework.pk: framework for framework in table.frameworks}
    criteria = {row.criterion.pk: row.criterion for row in table.rows}
    return [
        Contradiction(frameworks[pair[0].framework_id], [(claim, criteria[claim.criterion_id]) for claim in pair])
        for pair in table.opposites
        if pair[0].speaker_id == source.speaker_id
    ]


def _agreement(cell: Cell, whole: Verdict, source: int) -> str:
    """`alone`, `agrees` or `opposes`: the source's own opinion compared with the verdict it is part of."""
    if whole.state is State.ONE_SOURCE:
        return "alone"
    own = next(opinion for opinion in cell.verdict.opinions if source in opinion.sources)
    if own.support:
        sides = {support in IN_THE_BOX for support in whole.supports}
        return "agrees" if (own.support in IN_THE_BOX) in sides else "opposes"
    if own.position is not None and own.position * (whole.position or 0.0) < 0:
        return "opposes"
    if own.figure and whole.figure and not _is_any_near(cell.claim_list(own.claims), whole.figure.median):
        return "opposes"
    return "agrees"


def _is_any_near(claims: Iterable[Claim], median: float) -> bool:
    return any(is_near((float(claim.low or 0) + float(claim.high or 0)) / 2, median) for claim in claims)

"""One framework, and one source, as all their verdicts show them."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from comparison.evidence import Kind, State
from comparison.models import Criterion, Framework, Source
from comparison.tables.cells import RowView, row_view
from comparison.tables.table import Cell, Row, Table, load_table_data


@dataclass(frozen=True, slots=True)
class Section:
    title: str
    rows: Sequence[RowView]


def portrait(table: Table) -> list[Section]:
    """One framework's rows, parted into what speaks for it, what against, and the rest."""
    parts: dict[str, list[Row]] = {
        "Strengths": [],
        "Weaknesses": [],
        "Disputed": [],
        "Neither way": [],
        "In the box": [],
        "Figures": [],
        "When it is advised": [],
        "Named for it": [],
    }
    for row in table.rows:
        parts[_part(row)].append(row)
    ordered = {
        title: sorted(rows, key=lambda row: -abs(row.cells[0].verdict.score or 0)) for title, rows in parts.items()
    }
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
    score = verdict.score or 0.0
    return "Strengths" if score >= 0.35 else "Weaknesses" if score <= -0.35 else "Neither way"


@dataclass(frozen=True, slots=True)
class RankedFramework:
    """How a source stands among the others; each list holds (criterion, framework) pairs."""

    cells: int
    alone: Sequence[tuple[Criterion, Framework]]
    agreeing: int
    opposing: Sequence[tuple[Criterion, Framework]]
    both_ways: Sequence[tuple[Criterion, Framework]]
    set_aside: int


def source_standing(source: Source) -> RankedFramework:
    """Where a source agrees with the verdict, stands alone, opposes it or contradicts itself."""
    pairs = set(source.claims.published().values_list("framework", "criterion"))
    frameworks = list(Framework.objects.filter(pk__in={one for one, _ in pairs}).order_by("slug"))
    table = load_table_data(frameworks, Criterion.objects.filter(pk__in={one for _, one in pairs})).table()
    found: dict[str, list[tuple[Criterion, Framework]]] = {"alone": [], "agrees": [], "opposes": [], "both": []}
    counts: Counter[str] = Counter()
    for row in table.rows:
        for cell in row.cells:
            counts["aside"] += sum(cell.claims[one].source_id == source.pk for one in cell.verdict.set_aside)
            if source.pk not in cell.verdict.sources:
                continue
            counts["cells"] += 1
            pair = (row.criterion, cell.framework)
            found[_stand(cell, source.pk)].append(pair)
            if source.pk in cell.contradicting:
                found["both"].append(pair)
    return RankedFramework(
        counts["cells"], found["alone"], len(found["agrees"]), found["opposes"], found["both"], counts["aside"]
    )


def _stand(cell: Cell, source: int) -> str:
    """`alone`, `agrees` or `opposes`: a source's own opinion beside the verdict it is part of."""
    verdict = cell.verdict
    if verdict.state is State.ONE_SOURCE:
        return "alone"
    own = next(one for one in verdict.opinions if one.source == source)
    if own.level is not None and own.level * (verdict.score or 0.0) < 0:
        return "opposes"
    if own.support and own.support != verdict.support:
        return "opposes"
    if own.figure and not set(own.claims) & set(verdict.supporting):
        return "opposes"
    return "agrees"

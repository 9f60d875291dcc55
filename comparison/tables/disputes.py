"""Where sources disagree: the disputed verdicts of the whole catalogue, widest first."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import F, Max, Min, Q

from comparison.evidence import State, Verdict
from comparison.models import Claim, Criterion, Framework
from comparison.tables.table import Cell, Table, load_table_data


@dataclass(frozen=True)
class Dispute:
    criterion: Criterion
    cell: Cell
    width: float  # how far apart the sources are, 0 … 4


def disputes() -> tuple[list[Dispute], Table]:
    """All disputed cells with the table that holds their sources, in a constant number of queries."""
    contested_cells, table = contested()
    disputed = [dispute for dispute in contested_cells if dispute.cell.verdict.state is State.DISPUTED]
    return sorted(disputed, key=_widest_first), table


def _widest_first(dispute: Dispute) -> tuple[float, int, str, str]:
    return -dispute.width, -len(dispute.cell.claims), dispute.criterion.slug, dispute.cell.framework.slug


def contested() -> tuple[list[Dispute], Table]:
    """All cells whose claims differ enough for a dispute (figures by a factor of 2), whether disputed or not."""
    pairs = set(_candidates())
    frameworks = list(Framework.objects.filter(pk__in={framework for framework, _ in pairs}).order_by("slug"))
    criteria = Criterion.objects.filter(pk__in={criterion for _, criterion in pairs})
    table = load_table_data(frameworks, criteria).table()
    contested_cells = [
        Dispute(row.criterion, cell, width(cell.verdict))
        for row in table.rows
        for cell in row.cells
        if (cell.framework.pk, row.criterion.pk) in pairs
    ]
    return contested_cells, table


def _candidates() -> Sequence[tuple[int, int]]:
    """(framework, criterion) pairs whose claims differ enough that their verdict may be disputed."""
    levels_oppose = Q(max_level__gt=0, min_level__lt=0)
    supports_differ = Q(max_support__gt=F("min_support"))
    figures_differ = Q(max_figure__gte=2 * F("min_figure"))
    return list(
        Claim.objects.published()
        .values("framework", "criterion")
        .annotate(
            first_source=Min("source"),
            last_source=Max("source"),
            max_level=Max("level"),
            min_level=Min("level"),
            min_support=Min("support"),
            max_support=Max("support"),
            min_figure=Min("low"),
            max_figure=Max("high"),
        )
        .filter(levels_oppose | supports_differ | figures_differ, last_source__gt=F("first_source"))
        .values_list("framework", "criterion")
    )


def width(verdict: Verdict) -> float:
    """How far apart the sources of a verdict are, on the scale of ratings (0 … 4)."""
    positions = [opinion.position for opinion in verdict.opinions if opinion.position is not None]
    if positions:
        return 2 * (max(positions) - min(positions))
    medians = [opinion.figure.median for opinion in verdict.opinions if opinion.figure]
    if not medians:
        return 0.0
    return min(4.0, max(medians) / min(medians)) if min(medians) > 0 else 4.0

"""Where sources disagree: the disputed verdicts of the whole catalogue, widest first."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import F, Max, Min, Q

from comparison.evidence import State, Support, Verdict
from comparison.models import Claim, Criterion, Framework
from comparison.tables.table import Cell, Table, load_table_data


@dataclass(frozen=True)
class Dispute:
    criterion: Criterion
    cell: Cell
    width: float  # how far apart the sources are, 0 … 4


def disputes() -> tuple[list[Dispute], Table]:
    """All disputed cells with the table that holds their sources, in a constant number of queries."""
    cells, table = contested()
    found = [one for one in cells if one.cell.verdict.state is State.DISPUTED]
    found.sort(key=lambda one: (-one.width, -len(one.cell.claims), one.criterion.slug, one.cell.framework.slug))
    return found, table


def contested() -> tuple[list[Dispute], Table]:
    """All cells whose claims lie far enough apart for a dispute, disputed or not; of figures that is a factor of 2."""
    pairs = set(_candidates())
    frameworks = list(Framework.objects.filter(pk__in={one for one, _ in pairs}).order_by("slug"))
    criteria = Criterion.objects.filter(pk__in={one for _, one in pairs})
    table = load_table_data(frameworks, criteria).table()
    found = [
        Dispute(row.criterion, cell, width(cell.verdict))
        for row in table.rows
        for cell in row.cells
        if (cell.framework.pk, row.criterion.pk) in pairs
    ]
    return found, table


def _candidates() -> Sequence[tuple[int, int]]:
    """(framework, criterion) pairs whose claims differ enough that their verdict may be disputed."""
    apart = Q(highest__gt=0, lowest__lt=0) | Q(most__gt=F("least")) | Q(largest__gte=2 * F("smallest"))
    return list(
        Claim.objects.published()
        .values("framework", "criterion")
        .annotate(
            first=Min("source"),
            last=Max("source"),
            highest=Max("level"),
            lowest=Min("level"),
            least=Min("support"),
            most=Max("support"),
            smallest=Min("low"),
            largest=Max("high"),
        )
        .filter(apart, last__gt=F("first"))
        .values_list("framework", "criterion")
    )


SCALE = {Support.BUILT_IN: 2.0, Support.EXTENSION: 1.0, Support.PARTIAL: 0.0, Support.NONE: -2.0}


def width(verdict: Verdict) -> float:
    """How far apart the sources of a verdict are, on the scale of ratings (0 … 4)."""
    levels = [one.level for one in verdict.opinions if one.level is not None]
    levels += [SCALE[one.support] for one in verdict.opinions if one.support]
    if levels:
        return max(levels) - min(levels)
    middles = [one.figure.median for one in verdict.opinions if one.figure]
    if not middles:
        return 0.0
    return min(4.0, max(middles) / min(middles)) if min(middles) > 0 else 4.0

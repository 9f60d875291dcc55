"""Where sources disagree: the disputed verdicts of the whole catalogue, widest first."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from operator import attrgetter

from django.db.models import QuerySet, prefetch_related_objects

from comparison.evidence import State
from comparison.models import CellVerdict, Criterion
from comparison.models.verdicts.stored import all_verdicts, speakers
from comparison.tables.table import Cell, Reference, load_cells

CRITERION_ORDER = ("criterion.category.order", "criterion.category.slug", "criterion.order", "criterion.slug")


@dataclass(frozen=True)
class Dispute:
    criterion: Criterion
    cell: Cell
    width: float  # how far apart the sources are, 0 … 4


@dataclass(frozen=True)
class DisputeList:
    """All disputed cells, widest first. Of those that are shown the claims are read with `opened`."""

    rows: QuerySet[CellVerdict] | list[CellVerdict]

    @property
    def count(self) -> int:
        return len(self.rows) if isinstance(self.rows, list) else self.rows.count()

    def opened(self, rows: Sequence[CellVerdict]) -> tuple[list[Dispute], dict[int, Reference]]:
        """The disputes of some rows with their claims, and the sources of these, in a constant number of queries."""
        cells, sources = load_cells([(row.framework, row.criterion) for row in rows])
        numbers = source_numbers()
        references = {source.pk: Reference(numbers[source.pk], source) for source in sources}
        opened = [Dispute(row.criterion, cell, row.width) for row, cell in zip(rows, cells, strict=True)]
        return opened, references


def source_numbers() -> Mapping[int, int]:
    """Numbers of all sources that speak, by slug, which are the same on every page of the list."""
    slugs = sorted((slug, pk) for pk, slug in speakers().items())
    return {pk: number for number, (_, pk) in enumerate(slugs, 1)}


def disputes() -> DisputeList:
    verdicts = CellVerdict.objects
    if verdicts.are_current():
        return DisputeList(verdicts.disputed().widest_first().with_names())
    disputed = _with_names(row for row in all_verdicts() if row.state == State.DISPUTED)
    disputed.sort(key=lambda row: (-row.width, -row.claim_count, row.criterion.slug, row.framework.slug))
    return DisputeList(disputed)


def contested() -> list[CellVerdict]:
    """All cells whose claims differ enough for a dispute, whether disputed or not, in the order of their criteria."""
    verdicts = CellVerdict.objects
    if verdicts.are_current():
        rows = list(verdicts.filter(is_contested=True).with_names())
    else:
        rows = _with_names(row for row in all_verdicts() if row.is_contested)
    return sorted(rows, key=attrgetter(*CRITERION_ORDER, "framework.slug"))


def _with_names(rows: Iterable[CellVerdict]) -> list[CellVerdict]:
    named = list(rows)
    prefetch_related_objects(named, "framework", "criterion__category")
    return named

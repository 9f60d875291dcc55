"""What tables from claims and tables from stored verdicts have in common."""

from comparison.models import Framework
from comparison.tables.many.stored_table import load_stored_table
from comparison.tables.table import Row, load_table_data


def outline(row: Row) -> tuple[object, ...]:
    """What a table without claims shows or filters by."""
    cells = [
        (
            cell.verdict.state,
            cell.verdict.position,
            cell.verdict.weight,
            cell.verdict.supports,
            cell.verdict.figure,
            [item.name for item in cell.verdict.items],
            sorted(cell.verdict.sources),
        )
        for cell in row.cells
    ]
    return row.criterion.slug, cells, row.outcome, row.differs, row.disputed, row.unknown, row.source_count


def check_same_table(frameworks: list[Framework]) -> None:
    stored, read = load_stored_table(frameworks), load_table_data(frameworks)
    assert stored is not None
    assert [outline(row) for row in stored.table().rows] == [outline(row) for row in read.table().rows]
    assert stored.titles.keys() <= read.titles.keys()
    assert [source.slug for source in stored.cited] == [source.slug for source in read.cited]
    assert [row.slug for row in stored.table().uncited] == [row.slug for row in read.table().uncited]

"""Rows of a table as lines: every value under its own column, whatever cells span."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

MAX_COLUMNS = 200
MAX_REPEATED_LENGTH = 300  # characters of a cell that is repeated in each row and column it spans
MAX_REPEATED_CELLS = 20_000  # of one table


@dataclass(slots=True)
class Cell:
    is_head: bool = False
    columns: int = 1
    rows: int = 1
    text: str = ""
    icon: str = ""  # the word of an icon for readers who see; counts if nothing else is in the cell


@dataclass(slots=True)
class Row:
    in_head: bool
    cells: list[Cell] = field(default_factory=list)

    @property
    def is_head(self) -> bool:
        return self.in_head or (len(self.cells) > 1 and all(cell.is_head for cell in self.cells))


def span(value: str) -> int:
    """The number of rows or columns that an attribute names."""
    return min(int(value), 1_000) or 1 if value.isascii() and value.isdigit() and len(value) < 6 else 1


def table_lines(rows: Sequence[Row]) -> Iterator[str]:
    grid = _grid(rows)
    head_count = next((index for index, row in enumerate(rows) if not row.is_head), len(rows))
    if head_count < len(rows):
        grid = _merged_heads(grid, head_count)
    for row in grid:
        if any(row):
            yield "| " + " | ".join(text.replace("|", r"\|") for text in row) + " |"


def _grid(rows: Sequence[Row]) -> list[list[str]]:
    """The texts of all cells; a cell that spans several is repeated in each."""
    grid: list[list[str]] = []
    above: dict[int, tuple[str, int]] = {}  # by column: the text that goes on from above, and for how many rows
    width = max((sum(min(cell.columns, MAX_COLUMNS) for cell in row.cells) for row in rows), default=0)
    left = MAX_REPEATED_CELLS
    for row in rows:
        texts: list[str] = []
        for cell in row.cells:
            _continue_from_above(texts, above)
            text = cell.text or cell.icon
            columns = min(cell.columns, MAX_COLUMNS) if left > 0 else 1
            spans_all = len(row.cells) == 1 and columns > 1 and columns >= width and not above
            repeated = "" if len(text) > MAX_REPEATED_LENGTH or spans_all else text
            if cell.rows > 1 and left > 0:
                above |= {len(texts) + index: (repeated, cell.rows - 1) for index in range(columns)}
            texts += [text, *[repeated] * (columns - 1)]
            left -= columns * cell.rows - 1
        _continue_from_above(texts, above)
        grid.append(texts)
    return grid


def _continue_from_above(texts: list[str], above: dict[int, tuple[str, int]]) -> None:
    """Adds the cells from rows above that stand next."""
    while (column := len(texts)) in above:
        text, rows = above.pop(column)
        if rows > 1:
            above[column] = text, rows - 1
        texts.append(text)


def _merged_heads(grid: list[list[str]], count: int) -> list[list[str]]:
    """With the rows of a head as one row; titles that span the table stay rows of their own."""
    titles = [row for row in grid[:count] if len(row) > 1 and row[0] and not any(row[1:])]
    heads = [row for row in grid[:count] if row not in titles]
    if len(heads) < 2:
        return grid
    width = max(map(len, heads))
    columns = [[row[index] for row in heads if index < len(row) and row[index]] for index in range(width)]
    return [*titles, [": ".join(dict.fromkeys(column)) for column in columns], *grid[count:]]

"""Tables in a text, cell by cell: the label of its row, and the framework of its column (or the other way round).

Rows are lines with `|` or tabs, or cells that were copied from a page without anything between them (“Basis” + “One” +
“Two” as “BasisOneTwo”). Pure functions.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from comparison.curation.annotated_text import Article, Line
from comparison.curation.proposals.subjects import Subjects
from comparison.curation.proposals.terms import word_set
from comparison.models import Framework

SEAM = re.compile(r"(?<=[a-z.)\]…])(?=[A-Z][a-z])|(?<=[a-z)])(?=\d)|(?<=[a-z])(?=[–•])|(?<=\.)\s{2,}(?=[A-Z])")
ITEM = re.compile(r"\s*(?:[-–—•*]|\d{1,2}[.)])\s*")
MAX_LABEL_LENGTH = 80
NAMES = word_set(
    "linkedin bitbucket javascript typescript github gitlab youtube mongodb mariadb openapi graphql sqlalchemy"
)
RULE = re.compile(r"[\s|:=+-]+")  # the line below a table's head in Markdown


@dataclass(frozen=True, slots=True)
class Cell:
    """A passage in a table, what its row or column is called, and whose it is."""

    start: int
    end: int
    label: str
    framework: Framework


Part = tuple[int, int]


@dataclass(frozen=True, slots=True)
class GridCell:
    """A cell as it stands in its table, with the passages in it that are about a framework."""

    start: int
    end: int
    cells: tuple[Cell, ...] = ()


@dataclass(frozen=True, slots=True)
class GridRow:
    label: str
    cells: tuple[GridCell, ...]  # one for each column


@dataclass(frozen=True, slots=True)
class Grid:
    """A table of an article: the title of its first column, those of the others, and its rows."""

    corner: str
    columns: tuple[str, ...]
    rows: tuple[GridRow, ...]

    @property
    def cells(self) -> Iterator[Cell]:
        return (cell for row in self.rows for grid_cell in row.cells for cell in grid_cell.cells)


def tables(article: Article, subjects: Subjects) -> list[Grid]:
    """The tables that name frameworks, in the order of the text."""
    grids = [*_ruled(article, subjects), *_glued(article, subjects)]
    return sorted((grid for grid in grids if any(grid.cells)), key=lambda grid: min(cell.start for cell in grid.cells))


def table_cells(article: Article, subjects: Subjects) -> list[Cell]:
    return [cell for grid in tables(article, subjects) for cell in grid.cells]


def _ruled(article: Article, subjects: Subjects) -> Iterator[Grid]:
    """The tables whose cells are separated by | or tabs."""
    rows: list[list[Part]] = []
    for line in [*article.lines, None]:
        parts = _split_row(line) if line else []
        if len(parts) > 1:
            rows.append(parts)
        elif line is None or not RULE.fullmatch(line.text) or not line.text.strip():
            if len(rows) > 1:
                yield _grid(article, rows, subjects)
            rows = []


def _split_row(line: Line) -> list[Part]:
    text = line.text
    mark = "|" if text.count("|") > 1 else "\t"
    if mark not in text or RULE.fullmatch(text):
        return []
    parts, offset = [], 0
    for piece in text.split(mark):
        parts.append(_trimmed(text, offset, offset + len(piece), line.start))
        offset += len(piece) + 1
    if mark == "|" and text.strip().startswith("|"):
        parts = parts[1:]
    if mark == "|" and text.strip().endswith("|"):
        parts = parts[:-1]
    return parts


def _trimmed(text: str, start: int, end: int, offset: int) -> Part:
    piece = text[start:end]
    start += len(piece) - len(piece.lstrip())
    end -= len(piece) - len(piece.rstrip())
    return offset + start, offset + max(end, start)


def _grid(article: Article, rows: Sequence[Sequence[Part]], subjects: Subjects) -> Grid:
    """One table; its head names the frameworks, or its first column does."""
    head = [article.text[start:end] for start, end in rows[0]]
    owners = [_single(subjects, title) for title in head]
    by_column = any(owners[1:])

    def row_of(parts: Sequence[Part]) -> GridRow:
        label = article.text[slice(*parts[0])]
        owner = None if by_column else _single(subjects, label)
        cells = []
        for (start, end), title, column_owner in zip(parts[1:], head[1:], owners[1:], strict=False):
            framework = column_owner if by_column else owner
            name = label if by_column else title
            passages = (Cell(start, end, name, framework),) if framework is not None and start < end else ()
            cells.append(GridCell(start, end, passages))
        return GridRow(label, tuple(cells))

    return Grid(head[0], tuple(head[1:]), tuple(row_of(parts) for parts in rows[1:]))


def _single(subjects: Subjects, text: str) -> Framework | None:
    named = subjects.named_in(text)
    return named[0] if len(named) == 1 else None


def _glued(article: Article, subjects: Subjects) -> Iterator[Grid]:
    """The tables below a line that ends in the names of several frameworks without anything between them."""
    names = sorted(subjects.by_name, key=len, reverse=True)
    any_name = tuple(names)
    for line in article.lines:
        head = line.text.rstrip().casefold()
        columns = _glued_head(head, names, subjects) if head.endswith(any_name) else []
        if len(columns) > 1:
            rows = tuple(row.as_grid_row(columns) for row in _rows_below(article, line, columns))
            yield Grid("", tuple(framework.name for framework in columns), rows)


def _glued_head(rest: str, names: Sequence[str], subjects: Subjects) -> list[Framework]:
    """The frameworks whose names end a line, glued together; empty if fewer than two are. All in small letters."""
    columns: list[Framework] = []
    while name := next((name for name in names if rest.endswith(name)), ""):
        if subjects.by_name[name] in columns:
            break
        columns.insert(0, subjects.by_name[name])
        rest = rest[: -len(name)]
        if rest and not rest[-1].isalnum():
            break
    return columns if len(columns) > 1 and rest[-1:].isalnum() else []


@dataclass(slots=True)
class _Row:
    """A row of a glued table: its label, the pieces beside it, list items below, and what follows the items."""

    label: str
    pieces: list[Part]
    items: list[Part] = field(default_factory=list)
    tail: list[Part] = field(default_factory=list)

    def as_grid_row(self, columns: Sequence[Framework]) -> GridRow:
        cells = list(self.cells(columns))
        grid_cells = []
        for framework in columns:
            own = tuple(cell for cell in cells if cell.framework == framework)
            start, end = (own[0].start, own[-1].end) if own else (0, 0)
            grid_cells.append(GridCell(start, end, own))
        return GridRow(self.label, tuple(grid_cells))

    def cells(self, columns: Sequence[Framework]) -> Iterator[Cell]:
        if not self.items:
            yield from _shared_out(self.pieces, self.label, columns)
        elif self.tail:  # the list fills the first cell, and the next begins after it
            yield from (Cell(start, end, self.label, columns[0]) for start, end in [*self.pieces, *self.items])
            yield from (Cell(start, end, self.label, columns[1]) for start, end in self.tail)
        else:  # lists of several cells, with nothing to tell them apart
            for start, end in [*self.pieces, *self.items]:
                yield from (Cell(start, end, self.label, framework) for framework in columns)


def _rows_below(article: Article, head: Line, columns: Sequence[Framework]) -> Iterator[_Row]:
    row: _Row | None = None
    for line in article.lines[head.number :]:
        is_item = row is not None and bool(ITEM.match(line.text))
        if line.is_heading and not is_item and not _leads_to_items(article, line):
            break
        if line.is_blank or (line.is_heading and not is_item):
            continue
        pieces = _pieces(line)
        if is_item and row is not None:
            row.items.append((pieces[0][0], pieces[-1][1]))
        elif row is not None and row.items and not row.tail and ":" not in line.text and len(pieces) > len(columns) + 1:
            row.tail = pieces
        else:
            if row is not None:
                yield row
            row = _Row(article.text[slice(*pieces[0])].strip(" :"), pieces[1:])
            if row.pieces and ITEM.match(article.text[slice(*row.pieces[0])]):
                row.items, row.pieces = row.pieces, []
            if len(row.label) > MAX_LABEL_LENGTH:
                return
    if row is not None:
        yield row


def _leads_to_items(article: Article, line: Line) -> bool:
    following = next((after for after in article.lines[line.number :] if not after.is_blank), None)
    return following is not None and bool(ITEM.match(following.text))


def _pieces(line: Line) -> list[Part]:
    """The parts of a line between its seams, without the marks of list items."""
    pieces, start = [], 0
    seams = [seam for seam in SEAM.finditer(line.text) if not _is_in_name(line.text, seam.start())]
    for seam in [*seams, None]:
        end = seam.start() if seam else len(line.text)
        part = _trimmed(line.text, start, end, line.start)
        if part[0] < part[1]:
            pieces.append(part)
        start = seam.end() if seam else end
    return pieces


def _is_in_name(text: str, offset: int) -> bool:
    """Whether a capital within a word belongs to its usual spelling."""
    before, after = re.search(r"\w*$", text[:offset]), re.match(r"\w*", text[offset:])
    return bool(before and after and f"{before[0]}{after[0]}".casefold() in NAMES)


def _shared_out(pieces: Sequence[Part], label: str, columns: Sequence[Framework]) -> Iterator[Cell]:
    """One piece for each column, or equally many."""
    share, rest = divmod(len(pieces), len(columns))
    if share and not rest:
        for index, (start, end) in enumerate(pieces):
            yield Cell(start, end, label, columns[index // share])

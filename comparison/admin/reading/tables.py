"""The tables of an article as tables: each cell offered as a claim, on the framework of its column or row."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.http import HttpRequest
from django.urls import path

from comparison.admin.admin_page import SAFE, Context, admin_page
from comparison.admin.reading.pages import WRITE
from comparison.admin.reading.proposals import ProposalRoom
from comparison.admin.reading.room import TABLES, in_words
from comparison.curation.annotated_text import MARKED_STATES, PROPOSED
from comparison.curation.proposals.propose import Proposal
from comparison.curation.proposals.tables import Cell, Grid, GridCell, GridRow, tables
from comparison.curation.proposals.topics import Topic
from comparison.curation.proposals.values import suggest_value
from comparison.evidence import Kind
from comparison.models import Claim, Source
from comparison.row_ids import parse_row_id
from comparison.tables.verdict_detail import value_of

MAX_ROWS = 150  # of a table that are shown
MAX_COLUMNS = 12  # beside the first
CELL_WEIGHT = 0.3  # of the words in the cells beside a label, to tell its criterion
MAX_WORDS_LENGTH = 3_000  # characters of these words
MAX_GUESSES = 4  # at the criterion of a row
Key = tuple[int, int, int]  # of a cell: where it begins and ends, and its framework


@dataclass(slots=True)
class ShownPiece:
    """A passage of a cell: its words, the claims made of it with their values, and where it is proposed."""

    text: str
    claims: list[tuple[Claim, str]] = field(default_factory=list)
    state: str = ""  # of the strongest claim, or proposed; empty if there is neither
    suggested: str = ""  # its value
    url: str = ""  # of its proposal, or of the form to write one
    opens_form: bool = False
    is_current: bool = False


@dataclass(frozen=True, slots=True)
class ShownRow:
    label: str
    criterion: str  # empty if its columns have the criteria
    cells: list[list[ShownPiece]]


@dataclass(frozen=True, slots=True)
class ShownGrid:
    section: str
    corner: str
    columns: list[tuple[str, str]]  # each with its criterion, if its rows are frameworks
    rows: list[ShownRow]
    rows_left: int  # that are not shown


class TableRoom(ProposalRoom):
    """The reading room with one table of the article in place of its text, and a proposal for each of its cells."""

    mode = TABLES

    @cached_property
    def grids(self) -> list[Grid]:
        return tables(self.article, self.reader.subjects)

    @cached_property
    def grid_index(self) -> int:
        """The table in the address, or the first that goes on from the offset in it."""
        number = parse_row_id(self.request.GET.get("table", ""))
        if number is None and self.at:
            ends = [max(cell.end for cell in grid.cells) for grid in self.grids]
            number = next((index for index, end in enumerate(ends, 1) if end > self.at), 1)
        return min(max((number or 1) - 1, 0), max(len(self.grids) - 1, 0))

    @cached_property
    def cells(self) -> list[Cell]:
        """Those that are shown and about a framework."""
        rows = self.grids[self.grid_index].rows[:MAX_ROWS] if self.grids else ()
        return [cell for row in rows for grid_cell in row.cells[:MAX_COLUMNS] for cell in grid_cell.cells]

    @cached_property
    def topics(self) -> dict[str, list[Topic]]:
        """For each label of the table what its row, or column, is about: as in its claims, then the best guesses."""
        cells_of: defaultdict[str, list[Cell]] = defaultdict(list)
        for cell in self.cells:
            cells_of[cell.label].append(cell)
        return {label: self._topics_of(label, cells) for label, cells in cells_of.items()}

    def _topics_of(self, label: str, cells: list[Cell]) -> list[Topic]:
        words = " ".join(self.article.text[cell.start : cell.end] for cell in cells)[:MAX_WORDS_LENGTH]
        ranked = self.reader.topics.rank({words: CELL_WEIGHT, label: 1.0}, any(map(str.isdigit, words)), MAX_GUESSES)
        made = {claim.pk: claim.criterion for cell in cells for claim in self.claims_in[_key(cell)]}
        chosen = [Topic(criterion, 0.0, (label,)) for criterion, _ in Counter(made.values()).most_common(1)]
        return [*chosen, *(topic for topic in ranked if not chosen or topic.criterion != chosen[0].criterion)]

    @cached_property
    def claims_in(self) -> dict[Key, list[Claim]]:
        """The claims on passages of each cell that is shown."""
        return {_key(cell): [claim for claim in self.claims if _is_on(claim, cell)] for cell in self.cells}

    def found_proposals(self) -> list[Proposal]:
        """One for each cell, whose criterion is that of its row or column."""
        topics = self.topics
        found = [self._proposal(cell, topics[cell.label][0]) for cell in self.cells if topics[cell.label]]
        return sorted(found, key=lambda proposal: (proposal.start, proposal.end))

    def _proposal(self, cell: Cell | Proposal, topic: Topic) -> Proposal:
        text = self.article.text[cell.start : cell.end]
        value = suggest_value(Kind(topic.criterion.kind), text, items=topic.items)
        return Proposal(cell.start, cell.end, cell.framework, topic, value)

    @cached_property
    def current_label(self) -> str:
        """What the row, or column, of the current cell is called."""
        key = _key(self.open[self.index])
        return next(cell.label for cell in self.cells if _key(cell) == key)

    def use_asked_criterion(self) -> None:
        """Proposes the current cell with the criterion in the address, if that is one of its row's."""
        asked = parse_row_id(self.request.GET.get("criterion", ""))
        topics = self.topics[self.current_label] if self.open else []
        if topic := next((topic for topic in topics if topic.criterion.pk == asked), None):
            self.open[self.index] = self._proposal(self.open[self.index], topic)

    def list_url(self, **params: Any) -> str:
        params.pop("part", None)
        return super().list_url(table=self.grid_index + 1, **params)

    def table_context(self) -> Context:
        self.use_asked_criterion()
        context = self.proposal_context()
        numbers = range(1, len(self.grids) + 1)
        return context | {
            "tabular": True,
            "lines": [],
            "grid": self._shown_grid() if self.grids else None,
            "grid_number": self.grid_index + 1,
            "parts": [(number, f"{self.path}?table={number}", number == self.grid_index + 1) for number in numbers],
            "other_criteria": self._other_criteria() if self.open else [],
        }

    def _other_criteria(self) -> list[tuple[str, str]]:
        """What else the current cell may be about, each with its address."""
        current = self.current.criterion
        others = (topic.criterion for topic in self.topics[self.current_label] if topic.criterion != current)
        return [(other.name, self.list_url(number=self.index + 1, criterion=other.pk)) for other in others]

    def _shown_grid(self) -> ShownGrid:
        grid = self.grids[self.grid_index]
        numbers = {_key(proposal): number for number, proposal in enumerate(self.open, 1)}
        first_cell = min((cell.start for cell in self.cells), default=0)
        return ShownGrid(
            self.article.section_at(first_cell),
            grid.corner,
            [(title, self._criterion_of(title)) for title in grid.columns[:MAX_COLUMNS]],
            [self._shown_row(row, numbers) for row in grid.rows[:MAX_ROWS]],
            max(len(grid.rows) - MAX_ROWS, 0),
        )

    def _criterion_of(self, label: str) -> str:
        topics = self.topics.get(label)
        return topics[0].criterion.name if topics else ""

    def _shown_row(self, row: GridRow, numbers: dict[Key, int]) -> ShownRow:
        cells = [self._pieces(cell, numbers) for cell in row.cells[:MAX_COLUMNS]]
        return ShownRow(row.label, self._criterion_of(row.label), cells)

    def _pieces(self, grid_cell: GridCell, numbers: dict[Key, int]) -> list[ShownPiece]:
        if not grid_cell.cells:
            return [ShownPiece(self.article.text[grid_cell.start : grid_cell.end])]
        return [self._piece(cell, numbers.get(_key(cell))) for cell in grid_cell.cells]

    def _piece(self, cell: Cell, number: int | None) -> ShownPiece:
        claims = [(claim, value_of(claim).text) for claim in self.claims_in[_key(cell)]]
        piece = ShownPiece(self.article.text[cell.start : cell.end], claims=claims)
        states = {claim.state for claim, _ in claims}
        piece.state = next((state.value for state in MARKED_STATES if state in states), "")
        if number is not None:
            proposal = self.open[number - 1]
            piece.state = piece.state or PROPOSED
            piece.suggested = in_words(proposal.value)
            piece.url = self.list_url(number=number)
            piece.is_current = number == self.index + 1
        elif not self.topics[cell.label] and not claims:
            span, section = (cell.start, cell.end), self.article.section_at(cell.start)
            piece.url = self.url(span, frameworks=cell.framework.pk, section=section, proposals=self.mode)
            piece.opens_form = True
        return piece


def _key(cell: Cell | Proposal) -> Key:
    return cell.start, cell.end, cell.framework.pk


def _is_on(claim: Claim, cell: Cell) -> bool:
    is_framework = claim.framework_id == cell.framework.pk
    return is_framework and (claim.start or 0) < cell.end and cell.start < (claim.end or 0)


@admin_page(Source, *WRITE, template="source/read.html", methods=SAFE)
def article_tables(request: HttpRequest, pk: int) -> Context:
    return TableRoom(request, pk).table_context()


urlpatterns = [path("<int:pk>/read/tables/", article_tables, name="comparison_source_read_tables")]

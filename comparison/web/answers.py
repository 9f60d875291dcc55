"""What a search found, drawn: the row that answers it, and the cells of the claims that hold its words, both sides."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate

from comparison.evidence import Kind
from comparison.models import CellVerdict, Claim, Criterion, Framework
from comparison.models.verdicts.stored import claim_counts
from comparison.row_outcomes import positions
from comparison.tables.cells.rows import RowView, row_view
from comparison.tables.cells.views import CellView, cell_view
from comparison.tables.citations import ReferenceView, views_of
from comparison.tables.table import Cell, Row, TableData, load_data_of_cells
from comparison.web.addresses import page_url
from comparison.web.lookups import joined_slugs
from comparison.web.search import Match, SearchResults
from comparison.wording import STATE_SIGNS, label, verdict_word

MAX_COLUMNS = 12  # frameworks of the row
MAX_CELLS = 6  # with claims that were found, besides the row's
MAX_CLAIMS = 250  # that are read for the row and the cells
MAX_CLAIMS_OF_CELL = 100  # of a crowded cell only the verdict is shown, as it is stored
MAX_SHOWN = 3  # claims found in a cell

CellKey = tuple[int, int]  # ids of a framework and a criterion


@dataclass(frozen=True, slots=True)
class CrowdedView:
    """A cell in which so many claims speak that they are not read."""

    word: str  # empty of a list, which no verdict sums up
    state_sign: str
    state_label: str
    claim_count: int


@dataclass(frozen=True, slots=True)
class FoundCell:
    """A cell with the claims in which words of the query were found."""

    framework: Framework
    criterion: Criterion
    view: CellView | None
    claims: Sequence[Claim]
    more: int
    crowded: CrowdedView | None = None  # what is shown instead of a view


@dataclass(frozen=True, slots=True)
class Answer:
    """The row of the criterion that a question asks for; without a row nobody says anything on it."""

    criterion: Criterion
    url: str
    row: RowView | None
    cells: Sequence[FoundCell]  # of the row
    silent: Sequence[Framework]  # of whom nothing is known on it
    undrawn: int  # further frameworks with evidence
    is_of_some: bool  # of the frameworks that the question names


@dataclass(frozen=True, slots=True)
class DrawnResults:
    answer: Answer | None
    cells: Sequence[FoundCell]
    references: Sequence[ReferenceView]


def drawn(results: SearchResults) -> DrawnResults:
    """The row and the cells of a search with all their sources, in six queries or none, and two for crowded cells."""
    found = _cells_of(results.matches)
    if results.criterion is None and not found:
        return DrawnResults(None, (), ())
    frameworks = {framework.pk: framework for framework in results.all_frameworks}
    criteria = {criterion.pk: criterion for criterion in results.all_criteria}
    subjects = _subjects(results, criteria)
    counts = claim_counts({*(criterion.pk for criterion in subjects), *(key[1] for key in found)})
    columns, undrawn = _columns(results, counts)
    row_keys = [(framework.pk, criterion.pk) for framework in columns for criterion in subjects]
    if sum(counts.get(key, 0) for key in row_keys) > MAX_CLAIMS:
        row_keys = [key for key in row_keys if key[1] == subjects[0].pk]
    rest = MAX_CLAIMS - sum(counts.get(key, 0) for key in row_keys)
    others = _affordable([key for key in found if key not in row_keys], counts, rest)
    is_crowded = {key: counts.get(key, 0) > MAX_CLAIMS_OF_CELL for key in others}
    keys = [*row_keys, *(key for key in others if not is_crowded[key])]
    data = load_data_of_cells([(frameworks[framework], criteria[criterion]) for framework, criterion in keys])
    data = replace(data, related=results.related)
    row = _row(data, columns, [criterion for criterion in subjects if any(key[1] == criterion.pk for key in row_keys)])
    claims = data.claims_by_cell()
    drawable = [key for key in others if not is_crowded[key]]
    cells = {key: data.cell(frameworks[key[0]], criteria[key[1]], claims.get(key, ())) for key in drawable}
    found_cells = {
        key: _found_cell(criteria[key[1]], cell, cell_view(criteria[key[1]], cell, data.references), found[key])
        for key, cell in cells.items()
    }
    crowded = [(frameworks[key[0]], criteria[key[1]]) for key in others if is_crowded[key]]
    found_cells |= _crowded_cells(crowded, found, counts)
    in_row = found if results.found_by_claims else {}
    references = views_of(data.references, [*(row[0].cells if row else ()), *cells.values()])
    return DrawnResults(
        _answer(results, row, in_row, columns, undrawn),
        [found_cells[key] for key in others],
        [view for view in references if view.claims],
    )


def _cells_of(matches: Sequence[Match]) -> dict[CellKey, list[int]]:
    """The claims found, by their cells, in the order of the matches."""
    cells: dict[CellKey, list[int]] = {}
    for match in matches:
        cells.setdefault((match.framework, match.criterion), []).append(match.claim)
    return cells


def _subjects(results: SearchResults, criteria: Mapping[int, Criterion]) -> list[Criterion]:
    """The criterion that is asked for, and the figures that measure the same; none if there is none."""
    if results.criterion is None:
        return []
    related = (criteria[pk] for pk in sorted(results.related.get(results.criterion.pk, ())))
    return [results.criterion, *(criterion for criterion in related if criterion.kind == Kind.FIGURE)]


def _columns(results: SearchResults, counts: Mapping[CellKey, int]) -> tuple[list[Framework], int]:
    """The frameworks that are named, or those of whom most is said; and how many others have evidence."""
    if results.criterion is None:
        return [], 0
    criterion = results.criterion.pk
    number = {row.pk: counts.get((row.pk, criterion), 0) for row in results.all_frameworks}
    asked = results.question.named or [row for row in results.all_frameworks if number[row.pk]]
    readable = [row for row in asked if number[row.pk] <= MAX_CLAIMS_OF_CELL]
    if not results.question.named:
        readable.sort(key=lambda row: -number[row.pk])
    totals = accumulate(number[row.pk] for row in readable)
    columns = [row for row, total in zip(readable, totals, strict=True) if total <= MAX_CLAIMS][:MAX_COLUMNS]
    return columns, len(asked) - len(columns)


def _affordable(found: Sequence[CellKey], counts: Mapping[CellKey, int], budget: int) -> list[CellKey]:
    """The first cells of which no more claims than `budget` are to be read; crowded ones cost none."""
    chosen: list[CellKey] = []
    for key in found[:MAX_CELLS]:
        number = counts.get(key, 0)
        budget -= number if number <= MAX_CLAIMS_OF_CELL else 0
        if budget >= 0:
            chosen.append(key)
    return chosen


def _crowded_cells(
    cells: Sequence[tuple[Framework, Criterion]], found: Mapping[CellKey, list[int]], counts: Mapping[CellKey, int]
) -> dict[CellKey, FoundCell]:
    """Cells with their stored verdicts and the claims that were found, without reading the others."""
    if not cells:
        return {}
    keys = [(framework.pk, criterion.pk) for framework, criterion in cells]
    rows = CellVerdict.objects.filter(framework__in={key[0] for key in keys}, criterion__in={key[1] for key in keys})
    stored = {(row.framework_id, row.criterion_id): row for row in rows.select_related("criterion").defer("speakers")}
    shown = Claim.objects.published().in_bulk([claim for key in keys for claim in found[key][:MAX_SHOWN]])
    drawn_cells = {}
    for key, (framework, criterion) in zip(keys, cells, strict=True):
        claims = [shown[claim] for claim in found[key][:MAX_SHOWN] if claim in shown]
        more = len(found[key]) - len(claims)
        crowded = _crowded_view(stored.get(key), counts[key])
        drawn_cells[key] = FoundCell(framework, criterion, None, claims, more, crowded)
    return drawn_cells


def _crowded_view(stored: CellVerdict | None, claim_count: int) -> CrowdedView:
    if stored is None or stored.criterion.kind == Kind.LIST:
        return CrowdedView("", "", "", claim_count)
    verdict = stored.verdict
    return CrowdedView(verdict_word(verdict), STATE_SIGNS[verdict.state], label(verdict.state), claim_count)


def _row(data: TableData, columns: Sequence[Framework], criteria: Sequence[Criterion]) -> tuple[Row, RowView] | None:
    """The row of the first criterion, with what the others measured beside it; its best cell comes first."""
    if not columns or not criteria:
        return None
    about = replace(data, frameworks=columns, criteria=criteria)  # with all claims, by which sources are numbered
    row = next((row for row in about.table().rows if row.criterion == criteria[0]), None)
    if row is None:
        return None
    stand = positions((cell.verdict for cell in row.cells), bool(row.criterion.lower_is_better))
    ranks = {cell.framework.pk: -2.0 if rank is None else rank for cell, rank in zip(row.cells, stand, strict=True)}
    table = about.table(columns=sorted(columns, key=lambda framework: -ranks[framework.pk]))
    row = next(row for row in table.rows if row.criterion == criteria[0])
    return row, row_view(row, table)


def _answer(
    results: SearchResults,
    row: tuple[Row, RowView] | None,
    found: Mapping[CellKey, list[int]],
    columns: Sequence[Framework],
    undrawn: int,
) -> Answer | None:
    criterion, named = results.criterion, results.question.named
    if criterion is None:
        return None
    cells = [
        _found_cell(criterion, cell, view, found.get((cell.framework.pk, criterion.pk), ()))
        for cell, view in (zip(row[0].cells, row[1].cells, strict=True) if row else ())
    ]
    url = page_url("row", joined_slugs(named), criterion.slug) if named else criterion.get_absolute_url()
    shown = {framework.pk for framework in columns}
    silent = [] if named or undrawn else [other for other in results.all_frameworks if other.pk not in shown]
    return Answer(criterion, url, row[1] if row else None, cells, silent, undrawn, bool(named))


def _found_cell(criterion: Criterion, cell: Cell, view: CellView, found: Sequence[int]) -> FoundCell:
    claims = [cell.claims[pk] for pk in found if pk in cell.claims]
    return FoundCell(cell.framework, criterion, view, claims[:MAX_SHOWN], max(len(claims) - MAX_SHOWN, 0))

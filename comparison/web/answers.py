"""What a search found, drawn: the row that answers it, and the cells of the claims that hold its words, both sides."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate

from comparison.evidence import Kind, Verdict
from comparison.models import Claim, Criterion, Framework
from comparison.models.verdicts.stored import claim_counts, stored_verdicts_of
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
    """The row and the cells of a search with all their sources, in six queries or none, and three for crowded cells."""
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
    crowded = {key: counts[key] for key in others if counts.get(key, 0) > MAX_CLAIMS_OF_CELL}
    readable = [key for key in others if key not in crowded]
    subjects_of = {key: (frameworks[key[0]], criteria[key[1]]) for key in (*row_keys, *others)}
    data = load_data_of_cells([subjects_of[key] for key in (*row_keys, *readable)])
    data = replace(data, related=results.related)
    row = _row(data, columns, [criterion for criterion in subjects if any(key[1] == criterion.pk for key in row_keys)])
    claims = data.claims_by_cell()
    cells = {key: data.cell(*subjects_of[key], claims.get(key, ())) for key in readable}
    views = {key: cell_view(criteria[key[1]], cell, data.references) for key, cell in cells.items()}
    drawn_cells = {key: _found_cell(criteria[key[1]], cell, views[key], found[key]) for key, cell in cells.items()}
    for key, (view, shown) in _crowded_views(crowded, found).items():
        drawn_cells[key] = FoundCell(*subjects_of[key], None, shown, len(found[key]) - len(shown), view)
    in_row = found if results.found_by_claims else {}
    references = views_of(data.references, [*(row[0].cells if row else ()), *cells.values()])
    return DrawnResults(
        _answer(results, row, in_row, columns, undrawn),
        [drawn_cells[key] for key in others],
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
    """Those of the first cells whose claims can be read, `budget` of them together; crowded cells cost none."""
    chosen: list[CellKey] = []
    for key in found[:MAX_CELLS]:
        number = counts.get(key, 0)
        cost = 0 if number > MAX_CLAIMS_OF_CELL else number
        if cost <= budget:
            chosen.append(key)
            budget -= cost
    return chosen


def _crowded_views(
    crowded: Mapping[CellKey, int], found: Mapping[CellKey, list[int]]
) -> dict[CellKey, tuple[CrowdedView, list[Claim]]]:
    """The stored verdicts of crowded cells, whose claims are counted, and the first claims that were found there."""
    if not crowded:
        return {}
    stored = stored_verdicts_of(crowded.keys())
    claims = Claim.objects.published().in_bulk([claim for key in crowded for claim in found[key][:MAX_SHOWN]])
    return {
        key: (
            _crowded_view(stored.get(key), claim_count),
            [claims[claim] for claim in found[key][:MAX_SHOWN] if claim in claims],
        )
        for key, claim_count in crowded.items()
    }


def _crowded_view(verdict: Verdict | None, claim_count: int) -> CrowdedView:
    if verdict is None or verdict.kind is Kind.LIST:
        return CrowdedView("", "", "", claim_count)
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

"""The methodology page's numbers: the rules' own constants, and verdicts worked out before the reader's eyes."""

from collections import Counter

from comparison.evidence import MIN_LEAD, PRIOR_WEIGHT, SUPPORT_VALUES, WEIGHTS, Kind, State, Verdict
from comparison.models import Framework
from comparison.tables.cells import cell_view
from comparison.tables.table import load_table_data
from comparison.tables.verdict_detail import opened_cell
from comparison.wording import label, number


def _telling(verdict: Verdict) -> tuple[bool, int]:
    """How much a verdict shows of the rules: disputed ones most, then those with many voices."""
    return verdict.state is State.DISPUTED, len(verdict.opinions)


def worked_example() -> dict[str, object]:
    """Counts over the frameworks most spoken of, and the rating with the most voices as an example."""
    frameworks = sorted(Framework.objects.most_cited()[:2], key=lambda one: one.slug)
    table = load_table_data(frameworks).table()
    cells = [(row, cell) for row in table.rows for cell in row.cells]
    states = Counter(cell.verdict.state for _, cell in cells)
    rated = [(row, cell) for row, cell in cells if row.criterion.kind == Kind.RATING.value and cell.verdict.known]
    example = max(rated, key=lambda one: _telling(one[1].verdict), default=None)
    return {
        "weights": [(label(kind), weight) for kind, weight in WEIGHTS.items()],
        "standings": [(label(support), number(value)) for support, value in SUPPORT_VALUES.items()],
        "pull": PRIOR_WEIGHT,
        "least_lead": MIN_LEAD,
        "states": [(label(state), states[state]) for state in State],
        "cells": len(cells),
        "frameworks": frameworks,
        "canonical": "-vs-".join(one.slug for one in frameworks),
        "example": example and opened_cell(example[1], table.references),
        "view": example and cell_view(example[0].criterion, example[1], table.references),
        "criterion": example and example[0].criterion,
        "references": table.references.values(),
    }

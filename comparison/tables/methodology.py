"""The methodology page's numbers: the constants of the rules, and a verdict worked out as an example."""

from collections import Counter

from comparison.evidence import (
    MIN_LEAD,
    MIN_VALUE_LEAD,
    PRIOR_WEIGHT,
    SUPPORT_POSITIONS,
    Kind,
    SourceKind,
    State,
    Verdict,
    source_weight,
)
from comparison.models import Framework
from comparison.tables.cells import cell_view
from comparison.tables.table import load_table_data
from comparison.tables.verdict_detail import opened_cell
from comparison.wording import format_number, label


def _instructiveness(verdict: Verdict) -> tuple[bool, int]:
    """How much of the rules a verdict shows: disputed ones the most, then those with many opinions."""
    return verdict.state is State.DISPUTED, len(verdict.opinions)


def worked_example() -> dict[str, object]:
    """Counts over the two most cited frameworks, and their most instructive rating as an example."""
    frameworks = sorted(Framework.objects.most_cited()[:2], key=lambda framework: framework.slug)
    table = load_table_data(frameworks).table()
    cells = [(row, cell) for row in table.rows for cell in row.cells]
    states = Counter(cell.verdict.state for _, cell in cells)
    rated = [(row, cell) for row, cell in cells if row.criterion.kind == Kind.RATING.value and cell.verdict.is_known]
    example = max(rated, key=lambda row_and_cell: _instructiveness(row_and_cell[1].verdict), default=None)
    return {
        "weights": [
            (label(kind), source_weight(Kind.FEATURE, kind), source_weight(Kind.RATING, kind)) for kind in SourceKind
        ],
        "support_positions": [(label(support), format_number(value)) for support, value in SUPPORT_POSITIONS.items()],
        "prior_weight": PRIOR_WEIGHT,
        "min_lead": MIN_LEAD,
        "min_value_lead": MIN_VALUE_LEAD,
        "states": [(label(state), states[state]) for state in State],
        "cells": len(cells),
        "frameworks": frameworks,
        "canonical": "-vs-".join(framework.slug for framework in frameworks),
        "example": example and opened_cell(example[1], table.references),
        "view": example and cell_view(example[0].criterion, example[1], table.references),
        "criterion": example and example[0].criterion,
        "references": table.references.values(),
    }

"""Weighted sums and nearby weightings compared with those of an independent library (the file says which)."""

import json
from pathlib import Path
from typing import Any

import pytest

from comparison.evidence import Kind
from comparison.recommend import CriterionSpec, DecisionMatrix, Weights, recommend
from comparison.sensitivity.changes import Sensitivity

GOLDEN = json.loads((Path(__file__).parent / "golden_recommendations.json").read_text())["problems"]


class FixedMatrix(DecisionMatrix):
    """A matrix with fixed values instead of values computed from claims."""

    def __init__(self, rows: list[list[float]]) -> None:
        frameworks = [f"f{number}" for number in range(len(rows))]
        slugs = [f"c{number}" for number in range(len(rows[0]))]
        super().__init__(frameworks, [CriterionSpec(slug, Kind.RATING) for slug in slugs], {})
        columns = zip(*rows, strict=True)
        self.__dict__["values"] = {slug: list(column) for slug, column in zip(slugs, columns, strict=True)}


@pytest.mark.parametrize("problem", GOLDEN)
def test_scores_and_firmness_equal_those_of_the_library(problem: dict[str, Any]) -> None:
    weights = Weights({f"c{number}": weight for number, weight in enumerate(problem["weights"])})
    recommendation = recommend(FixedMatrix(problem["values"]), weights)
    scores = {ranked.framework: ranked.score for ranked in recommendation.ranking}
    assert [scores[f"f{number}"] for number in range(len(scores))] == pytest.approx(problem["scores"], abs=1e-8)
    best = {f"f{number}" for number, rank in enumerate(problem["ranks"]) if rank == 1}
    assert scores[recommendation.ranking[0].framework] == pytest.approx(max(scores[framework] for framework in best))
    if problem["nearby"]:
        firmness = Sensitivity(recommendation).weight_firmness()
        favour = {f"f{number}": count for number, count in enumerate(problem["nearby"]["favour"]) if count}
        assert {framework: count for framework, count in firmness.favour.items() if count} == favour
        assert (firmness.total, firmness.too_close) == (problem["nearby"]["total"], problem["nearby"]["close"])

"""Weighted sums and nearby weightings as an independent library works them out (the file says which)."""

import json
from pathlib import Path
from typing import Any

import pytest

from comparison.evidence import Kind
from comparison.recommend import CriterionSpec, DecisionMatrix, Weights, recommend
from comparison.sensitivity import Sensitivity

GOLDEN = json.loads((Path(__file__).parent / "golden_recommendations.json").read_text())["problems"]


class Given(DecisionMatrix):
    """A ballot whose values are given rather than worked out from claims."""

    def __init__(self, rows: list[list[float]]) -> None:
        slugs = [f"c{number}" for number in range(len(rows[0]))]
        super().__init__(
            [f"f{number}" for number in range(len(rows))], [CriterionSpec(one, Kind.RATING) for one in slugs], {}
        )
        columns = zip(*rows, strict=True)
        self.__dict__["values"] = {slug: list(column) for slug, column in zip(slugs, columns, strict=True)}


@pytest.mark.parametrize("problem", GOLDEN)
def test_scores_and_firmness_are_those_of_the_library(problem: dict[str, Any]) -> None:
    weights = Weights({f"c{number}": weight for number, weight in enumerate(problem["weights"])})
    found = recommend(Given(problem["values"]), weights)
    scores = {one.framework: one.score for one in found.ranking}
    assert [scores[f"f{number}"] for number in range(len(scores))] == pytest.approx(problem["scores"], abs=1e-8)
    best = {f"f{number}" for number, rank in enumerate(problem["ranks"]) if rank == 1}
    assert scores[found.ranking[0].framework] == pytest.approx(max(scores[one] for one in best))
    if problem["nearby"]:
        firm = Sensitivity(found).firmness()
        favour = {f"f{number}": count for number, count in enumerate(problem["nearby"]["favour"]) if count}
        assert {name: count for name, count in firm.favour.items() if count} == favour
        assert (firm.total, firm.close) == (problem["nearby"]["total"], problem["nearby"]["close"])

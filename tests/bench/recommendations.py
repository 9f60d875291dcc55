"""What a recommendation takes, with its sensitivities."""

from functools import partial

from comparison.models import Framework
from comparison.recommend import DecisionMatrix, Weights, recommend
from comparison.recommendation.load import load_evidence
from comparison.sensitivity.changes import Sensitivity
from tests.bench.asking import timed
from tests.bench.data import spoken_matrix
from tests.bench.results import Report
from tests.make import fill

GROUP = "Recommendations"


def all_weights(matrix: DecisionMatrix) -> Weights:
    """A weight on every criterion with evidence."""
    slugs = sorted({slug for _, slug in matrix.evidence})
    return Weights({slug: 1 + index % 3 for index, slug in enumerate(slugs)})


def answer(frameworks: list[Framework]) -> None:
    """All that a recommendation is worked out from, queries included."""
    matrix = load_evidence(frameworks).matrix
    sensitivity = Sensitivity(recommend(matrix, all_weights(matrix)))
    sensitivity.weight_firmness(), sensitivity.article_firmness()
    _ = sensitivity.weight_flips, sensitivity.source_flips, sensitivity.unknown_flips


def time_sensitivities(matrix: DecisionMatrix) -> float:
    """Median milliseconds of ranking and both sensitivities, with the evidence at hand."""
    weights, _ = all_weights(matrix), matrix.values

    def measure() -> None:
        sensitivity = Sensitivity(recommend(matrix, weights))
        sensitivity.weight_firmness(), sensitivity.article_firmness()

    return timed(measure, 5)


def measure_recommendations(report: Report) -> None:
    for frameworks, criteria, limit in ((2, 45, 20), (50, 100, 100)):
        filled = fill(frameworks, criteria, sources=9)  # three of them articles
        size = f"{frameworks} × {criteria}"
        milliseconds = time_sensitivities(load_evidence(filled).matrix)
        report.add(GROUP, f"{size}, both sensitivities", milliseconds, "ms", limit=limit)
        report.add(GROUP, f"{size}, with queries and changes", timed(partial(answer, filled), 5), "ms")
    for articles, limit in ((4, 100), (8, None), (12, None)):
        milliseconds = time_sensitivities(spoken_matrix(50, 100, articles))
        report.add(GROUP, f"{size}, {articles} articles on some cells", milliseconds, "ms", limit=limit)

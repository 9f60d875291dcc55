"""The frameworks beside the first."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comparison.alternatives import likeness, nearest_alternatives
from comparison.evidence import EPSILON, Kind, SourceKind
from comparison.leads import score_rests_on
from comparison.recommend import CriterionSpec, DecisionMatrix, Recommendation, Weights, recommend
from comparison.recommendation.sentences.places import MAX_PLACES, NOTHING_KNOWN, place_sentences
from comparison.wording import Names
from tests.make import evidence

LEVELS = st.one_of(st.none(), st.integers(-2, 2))


def answer(levels: dict[str, list[int | None]], must: frozenset[str] = frozenset()) -> Recommendation:
    """Frameworks with a level on each of the criteria x, y, …, all of the same weight."""
    slugs = "xyzuvw"[: len(next(iter(levels.values())))]
    cells = {
        (name, slug): [evidence(10 * row + column, 10 * row + column, level=level)]
        for row, (name, given_levels) in enumerate(levels.items(), 1)
        for column, (slug, level) in enumerate(zip(slugs, given_levels, strict=True))
        if level is not None
    }
    matrix = DecisionMatrix(list(levels), [CriterionSpec(slug, Kind.RATING) for slug in slugs], cells)
    return recommend(matrix, Weights(dict.fromkeys(slugs, 1), must))


def likeness_of(recommendation: Recommendation, one: str, two: str) -> float:
    return likeness(recommendation.ranked_framework(one), recommendation.ranked_framework(two))


@pytest.mark.parametrize(
    ("one", "two", "expected"),
    [
        ([2, 1], [2, 1], 1),
        ([2, 0], [0, 2], 0),
        ([2], [-2], 0),  # opposite sides share nothing
        ([2], [1], 2 / 3),  # 1 − |0.5 − 0.25| / 0.75
        ([2, 2], [2, None], 2 / 3),
        ([None], [None], 0),
        ([0, 0], [0, 0], 0),
    ],
)
def test_likeness(one, two, expected) -> None:
    assert likeness_of(answer({"a": one, "b": two}), "a", "b") == pytest.approx(expected)


@given(st.lists(st.tuples(LEVELS, LEVELS), min_size=1, max_size=6))
def test_likeness_is_symmetric_and_between_0_and_1(pairs) -> None:
    recommendation = answer({"a": [one for one, _ in pairs], "b": [two for _, two in pairs]})
    value = likeness_of(recommendation, "a", "b")
    assert -EPSILON <= value <= 1 + EPSILON
    assert value == pytest.approx(likeness_of(recommendation, "b", "a"))


def test_the_nearest_alternative_comes_first_whatever_its_rank() -> None:
    recommendation = answer({"a": [2, 2, -1], "far": [-1, 1, 2], "near": [2, 0, -1], "unknown": [None, None, None]})
    assert [row.framework for row in recommendation.ranking] == ["a", "far", "near", "unknown"]
    near, far = nearest_alternatives(recommendation, 3)
    assert (near.framework, far.framework) == ("near", "far")
    assert [reason.criterion for reason in near.gains] == []
    assert [reason.criterion for reason in near.losses] == ["y"]
    assert [reason.criterion for reason in far.gains] == ["z"]
    assert [reason.criterion for reason in far.losses] == ["x", "y"]
    assert len(nearest_alternatives(recommendation, 1)) == 1


def test_a_framework_that_is_ruled_out_is_no_alternative() -> None:
    recommendation = answer({"a": [2, 2], "b": [2, -2], "c": [1, 1]}, must=frozenset({"y"}))
    assert [row.framework for row in nearest_alternatives(recommendation, 3)] == ["c"]


def sentences(recommendation: Recommendation) -> dict[str, str]:
    names = {row.framework: row.framework.upper() for row in recommendation.ranking}
    return place_sentences(recommendation, Names(names, {slug: slug.upper() for slug in "xyzuvw"}))


def test_each_place_is_explained_by_its_neighbours() -> None:
    result = sentences(answer({"a": [2, 2, 2], "b": [2, 1, 0], "c": [1, 1, 0], "d": [None, None, None]}))
    assert result == {
        "a": "Ahead of B by 0.25, most by “Z” and “Y”.",
        "b": "Behind A by 0.25, most by “Z” and “Y”; ahead of C by 0.08, most by “X”.",
        "c": "Behind B by 0.08, most by “X”; ahead of D by 0.17, most by “X” and “Y”.",
        "d": NOTHING_KNOWN,
    }


def test_a_place_that_is_too_close_to_call_says_so() -> None:
    result = sentences(answer({"a": [2, 2, 2, 2, 2, 2], "b": [2, 2, 2, 2, 2, 1]}))
    assert result["b"] == "Behind A by 0.04, too close to call, most by “W”."


def test_equal_scores_are_level() -> None:
    result = sentences(answer({"a": [2, 1], "b": [1, 2]}))
    assert result == {"a": "Level with B.", "b": "Level with A."}


def test_no_place_is_explained_where_nothing_is_ranked() -> None:
    assert sentences(answer({"a": [2]})) == {}
    assert sentences(answer({"a": [None], "b": [None]})) == {}
    many = answer({f"f{index}": [2 if index else 1] for index in range(MAX_PLACES + 5)})
    assert len(sentences(many)) == MAX_PLACES


def test_a_score_rests_on_the_kinds_of_sources_that_speak_either_way() -> None:
    cells = {
        ("a", "x"): [evidence(1, 1, level=2, source_kind=SourceKind.VENDOR)],  # 1 · 1 / 3
        ("a", "y"): [evidence(2, 2, level=-2, source_kind=SourceKind.INDEPENDENT)],  # 2 · −1 / 4
        ("a", "z"): [evidence(3, 3, level=0, source_kind=SourceKind.DOCUMENTATION)],  # speaks, and moves nothing
    }
    matrix = DecisionMatrix(["a", "b"], [CriterionSpec(slug, Kind.RATING) for slug in "xyz"], cells)
    recommendation = recommend(matrix, Weights({"x": 3, "y": 1, "z": 1}))
    assert score_rests_on(recommendation, "a") == {
        SourceKind.INDEPENDENT: pytest.approx(0.5 / 1.5),
        SourceKind.VENDOR: pytest.approx(1 / 1.5),
    }
    assert score_rests_on(recommendation, "b") == {}

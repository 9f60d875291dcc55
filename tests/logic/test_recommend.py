from dataclasses import replace
from itertools import permutations, product
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comparison.evidence import EPSILON, Kind, SourceKind, Support
from comparison.recommend import (
    CriterionSpec,
    DecisionMatrix,
    Ending,
    MustStatus,
    Weights,
    deciding_reasons,
    is_clearly_ahead,
    reasons,
    recommend,
)
from comparison.sensitivity.changes import Sensitivity
from comparison.sensitivity.weight_draws import MAX_WEIGHTINGS
from tests.make import evidence, with_weight

RATINGS = ("speed", "ease", "docs", "tests")


def make_matrix(levels: dict[str, dict[str, int | None]], kind: Kind = Kind.RATING, **more: Any) -> DecisionMatrix:
    """Frameworks with a level on each criterion, each from an independent article of its own."""
    slugs = list(dict.fromkeys(slug for row in levels.values() for slug in row))
    known = [(name, slug, level) for name, row in levels.items() for slug, level in row.items() if level is not None]
    cells = {(name, slug): [evidence(claim, claim, level=level)] for claim, (name, slug, level) in enumerate(known, 1)}
    return DecisionMatrix(list(levels), [CriterionSpec(slug, kind) for slug in slugs], cells, **more)


def value(level: int) -> float:
    """The value of a level from one independent article: its position at a strength of 2 / (2 + 2)."""
    return level / 2 * 2 / 4


def test_scores_equal_those_computed_by_hand() -> None:
    recommendation = recommend(
        make_matrix({"a": {"speed": 2, "ease": -1}, "b": {"speed": 0, "ease": 2}}), Weights({"speed": 3, "ease": 1})
    )
    a, b = recommendation.ranking
    assert (a.framework, b.framework) == ("a", "b")
    assert a.score == pytest.approx((3 * value(2) + 1 * value(-1)) / 4)
    assert b.score == pytest.approx((3 * 0 + 1 * value(2)) / 4)
    assert [contribution.contribution for contribution in a.contributions] == [-0.0625, 0.375]
    assert recommendation.ending is Ending.CLEAR
    assert recommendation.leader == "a"


def test_values_of_features_and_figures() -> None:
    features = {
        ("a", "orm"): [evidence(1, support=Support.BUILT_IN)],
        ("b", "orm"): [evidence(2, support=Support.NONE)],
    }
    figures = {
        ("a", "time"): [evidence(3, low=20, high=20, source_kind=SourceKind.MEASUREMENT)],
        ("b", "time"): [evidence(4, low=10, high=10, source_kind=SourceKind.MEASUREMENT)],
    }
    specs = [CriterionSpec("orm", Kind.FEATURE), CriterionSpec("time", Kind.FIGURE, lower_is_better=True)]
    matrix = DecisionMatrix(["a", "b"], specs, features | figures)
    assert matrix.positions == {"orm": [1.0, -1.0], "time": pytest.approx([-0.5, 0.5])}
    assert matrix.values == {"orm": [0.5, -0.5], "time": pytest.approx([-0.3, 0.3])}


def test_an_unknown_value_adds_nothing_and_lowers_coverage() -> None:
    recommendation = recommend(
        make_matrix({"a": {"speed": 2, "ease": 2}, "b": {"speed": 2, "ease": None}}), Weights({"speed": 1, "ease": 3})
    )
    assert [ranked.coverage for ranked in recommendation.ranking] == [1.0, 0.25]
    assert recommendation.ranked_framework("b").score == pytest.approx(value(2) / 4)


def test_a_criterion_that_does_not_apply_leaves_coverage_unchanged() -> None:
    matrix = make_matrix(
        {"a": {"speed": 2, "ease": 1}, "b": {"speed": 2, "ease": None}}, not_applicable=frozenset({("b", "ease")})
    )
    assert recommend(matrix, Weights({"speed": 1, "ease": 1})).ranked_framework("b").coverage == 1.0
    assert recommend(matrix, Weights({"ease": 1})).ranked_framework("b").coverage == 0.0


@pytest.mark.parametrize(("gap", "clear"), [(0.05, False), (0.050001, True), (0.0, False), (0.3, True), (-0.1, False)])
def test_a_lead_of_five_hundredths_is_too_close(gap, clear) -> None:
    assert is_clearly_ahead(0.3 + gap, 0.3) is clear


@pytest.mark.parametrize(
    ("cell", "must"),
    [
        ([], MustStatus.UNKNOWN),
        ([evidence(1, support=Support.BUILT_IN)], MustStatus.MET),
        ([evidence(1, support=Support.EXTENSION)], MustStatus.MET),
        ([evidence(1, support=Support.PARTIAL)], MustStatus.MET),
        ([evidence(1, support=Support.NONE)], MustStatus.FAILED),
        ([evidence(1, support=Support.NONE, source_kind=SourceKind.VENDOR)], MustStatus.DOUBTFUL),  # strength 1/3
        ([evidence(1, 1, support=Support.NONE), evidence(2, 2, support=Support.BUILT_IN)], MustStatus.DOUBTFUL),
        ([evidence(1, 1, support=Support.NONE), evidence(2, 2, support=Support.EXTENSION)], MustStatus.MET),
    ],
)
def test_must_have_status_of_features(cell, must) -> None:
    matrix = DecisionMatrix(["a"], [CriterionSpec("orm", Kind.FEATURE)], {("a", "orm"): cell})
    assert recommend(matrix, Weights({"orm": 1}, frozenset({"orm"}))).ranking[0].musts == {"orm": must}


@pytest.mark.parametrize(
    ("level", "must"), [(2, MustStatus.MET), (0, MustStatus.MET), (-1, MustStatus.FAILED), (-2, MustStatus.FAILED)]
)
def test_must_have_status_of_ratings(level, must) -> None:
    recommendation = recommend(make_matrix({"a": {"ease": level}}), Weights({"ease": 1}, frozenset({"ease"})))
    assert recommendation.ranking[0].musts == {"ease": must}


@pytest.mark.parametrize(
    ("kind", "cell", "is_applicable", "must"),
    [
        (Kind.RATING, [evidence(1, level=2)], False, MustStatus.FAILED),
        (Kind.RATING, [], False, MustStatus.FAILED),
        (Kind.FIGURE, [evidence(1, low=900, high=900)], True, MustStatus.MET),
        (Kind.LIST, [evidence(1, item="Thing")], True, MustStatus.MET),
        (Kind.RATING, [evidence(1, 1, level=-1), evidence(2, 2, level=0)], True, MustStatus.FAILED),  # −0.25: the bound
        (Kind.RATING, [evidence(n, n, level=-(n < 3)) for n in range(1, 6)], True, MustStatus.MET),  # −0.2
    ],
)
def test_must_have_status_at_the_bounds(kind, cell, is_applicable, must) -> None:
    excluded = frozenset() if is_applicable else frozenset({("a", "it")})
    matrix = DecisionMatrix(["a"], [CriterionSpec("it", kind)], {("a", "it"): cell}, excluded)
    assert recommend(matrix, Weights({}, frozenset({"it"}))).ranking[0].musts == {"it": must}


def test_must_haves_are_listed_by_their_status() -> None:
    cells = {
        ("a", "met"): [evidence(1, level=1)],
        ("a", "failed"): [evidence(2, level=-2)],
        ("a", "doubtful"): [evidence(3, level=-2, source_kind=SourceKind.VENDOR)],
    }
    slugs = ("met", "failed", "doubtful", "unknown")
    matrix = DecisionMatrix(["a"], [CriterionSpec(slug, Kind.RATING) for slug in slugs], cells)
    (ranked,) = recommend(matrix, Weights({}, frozenset(slugs))).ranking
    assert list(ranked.musts.items()) == [(slug, MustStatus(slug)) for slug in sorted(slugs)]
    assert (ranked.failed_musts, ranked.doubtful_musts, ranked.unknown_musts) == (["failed"], ["doubtful"], ["unknown"])


def test_a_framework_that_fails_a_must_have_comes_last() -> None:
    matrix = make_matrix({"a": {"speed": 2, "ease": -2}, "b": {"speed": -1, "ease": 0}})
    recommendation = recommend(matrix, Weights({"speed": 3}, frozenset({"ease"})))
    assert [ranked.framework for ranked in recommendation.ranking] == ["b", "a"]
    assert recommendation.ranking[1].failed_musts == ["ease"]
    assert recommendation.ending is Ending.ONLY_ONE
    assert recommendation.leader == "b"


def test_those_that_fail_must_haves_are_ordered_by_score() -> None:
    matrix = make_matrix({"a": {"docs": -2, "tests": 0, "speed": 1}, "b": {"docs": 0, "tests": -2, "speed": 2}})
    ranking = recommend(matrix, Weights({"speed": 3}, frozenset({"docs", "tests"}))).ranking
    assert [(ranked.framework, ranked.failed_musts) for ranked in ranking] == [("b", ["tests"]), ("a", ["docs"])]


@pytest.mark.parametrize(
    ("levels", "weights", "must", "ending"),
    [
        ({"a": {"ease": 1}, "b": {"ease": 2}}, {}, (), Ending.NOTHING_WEIGHED),
        ({"a": {"ease": 1}, "b": {"ease": 2}}, {"ease": 0}, (), Ending.NOTHING_WEIGHED),
        ({"a": {"ease": 1}, "b": {"ease": 2}}, {"missing": 3}, (), Ending.NOTHING_WEIGHED),
        ({"a": {"ease": None}, "b": {"ease": None}}, {"ease": 2}, (), Ending.NO_EVIDENCE),
        ({"a": {"ease": 1}}, {"ease": 2}, (), Ending.ONLY_ONE),
        ({"a": {"ease": -2}, "b": {"ease": -2}}, {"ease": 2}, ("ease",), Ending.NONE_LEFT),
        ({"a": {"ease": 1}, "b": {"ease": 1}}, {"ease": 2}, (), Ending.CLOSE),
        ({}, {"ease": 2}, (), Ending.NOTHING_WEIGHED),
    ],
)
def test_every_special_case_has_its_ending(levels, weights, must, ending) -> None:
    recommendation = recommend(make_matrix(levels), Weights(weights, frozenset(must)))
    assert recommendation.ending is ending
    assert (recommendation.leader is None) == (ending not in (Ending.CLEAR, Ending.ONLY_ONE))
    assert Sensitivity(recommendation).has_rivals == (ending in (Ending.CLEAR, Ending.CLOSE))


@pytest.mark.parametrize(
    ("levels", "gap"),
    [((2, 1, 0), value(1)), ((2, 1, -2), value(1)), ((2, -2, -2), value(2)), ((-2, -2, -2), 0)],
)
def test_the_gap_is_the_lead_over_the_next_that_fails_no_must_have(levels, gap) -> None:
    matrix = make_matrix({name: {"ease": level} for name, level in zip("abc", levels, strict=True)})
    recommendation = recommend(matrix, Weights({"ease": 1}, frozenset({"ease"})))
    assert recommendation.gap == pytest.approx(gap)


def test_those_too_close_to_the_first_are_tied_with_it() -> None:
    matrix = make_matrix({"a": {"speed": 2, "ease": 2}, "b": {"speed": 2, "ease": 2}, "c": {"speed": 2, "ease": -2}})
    recommendation = recommend(matrix, Weights({"speed": 3, "ease": 1}))
    assert [ranked.framework for ranked in recommendation.tied] == ["a", "b"]


def test_scores_that_differ_only_by_rounding_are_equal() -> None:
    slugs = ("one", "three", "two")
    matrix = make_matrix({"a": dict(zip(slugs, (1, 2, 1), strict=True)), "b": dict(zip(slugs, (1, 1, 2), strict=True))})
    first, second = recommend(matrix, Weights({"one": 1, "three": 2, "two": 2})).ranking
    assert (first.framework, second.framework) == ("a", "b")
    assert first.score == pytest.approx(second.score)
    assert first.score <= second.score  # both are 0.35, added in another order; equal since Python 3.12 adds exactly


def test_a_must_have_without_a_weight_counts_as_essential() -> None:
    matrix = make_matrix({"a": {"ease": 2, "speed": 0}, "b": {"ease": 0, "speed": 2}})
    alone = recommend(matrix, Weights({}, frozenset({"ease"})))
    assert (alone.leader, alone.ranking[0].contributions[0].weight) == ("a", 3)
    weighted = recommend(matrix, Weights({"ease": 1, "speed": 3}, frozenset({"ease"})))
    assert [contribution.weight for contribution in weighted.ranking[0].contributions] == [1, 3]


def test_a_figure_alone_in_its_row_counts_for_nobody() -> None:
    cells = {("a", "time"): [evidence(1, low=5, high=5, source_kind=SourceKind.MEASUREMENT)]}
    specs = [CriterionSpec("time", Kind.FIGURE, lower_is_better=True)]
    (ranked,) = recommend(DecisionMatrix(["a"], specs, cells), Weights({"time": 3})).ranking
    assert (ranked.score, ranked.coverage) == (0.0, 1.0)


def test_a_reported_figure_is_no_evidence_for_a_ranking() -> None:
    cells = {(name, "time"): [evidence(1, low=figure, high=figure)] for name, figure in (("a", 5), ("b", 50))}
    specs = [CriterionSpec("time", Kind.FIGURE, lower_is_better=True)]
    recommendation = recommend(DecisionMatrix(["a", "b"], specs, cells), Weights({"time": 3}))
    assert recommendation.ending is Ending.NO_EVIDENCE


positions = st.dictionaries(st.sampled_from("abcde"), st.integers(1, 1000), min_size=2, max_size=5)


@given(positions, st.integers(1, 1000), st.booleans())
def test_another_framework_changes_no_order_but_by_the_clamp(figures, added, lower_is_better) -> None:
    specs = [CriterionSpec("time", Kind.FIGURE, lower_is_better)]

    def values(by_name: dict[str, int]) -> dict[str, float | None]:
        cells = {
            (name, "time"): [evidence(number, number, low=figure, high=figure, source_kind=SourceKind.MEASUREMENT)]
            for number, (name, figure) in enumerate(by_name.items(), 1)
        }
        matrix = DecisionMatrix(list(by_name), specs, cells)
        return dict(zip(by_name, matrix.values["time"], strict=True))

    before, after = values(figures), values({**figures, "z": added})
    bound = 0.6  # the strength of one measurement: a position of ±1, where the clamp makes equals
    for one, other in permutations(figures, 2):
        if (before[one] or 0) > (before[other] or 0) + EPSILON and not abs(abs(after[one] or 0) - bound) < EPSILON:
            assert (after[one] or 0) > (after[other] or 0) - EPSILON


def test_reasons_are_ordered_by_gap() -> None:
    matrix = make_matrix({"a": {"speed": 2, "ease": 1, "docs": 0}, "b": {"speed": 0, "ease": 2, "docs": 0}})
    recommendation = recommend(matrix, Weights({"speed": 1, "ease": 3, "docs": 3}))
    assert [(reason.criterion, reason.weight) for reason in reasons(recommendation, "a", "b")] == [("speed", 1)]
    assert [(reason.criterion, reason.weight) for reason in reasons(recommendation, "b", "a")] == [("ease", 3)]
    deciding = deciding_reasons(matrix, recommendation.weights, "a", "b")
    assert [reason.criterion for reason in deciding] == ["ease", "speed"]
    total = sum(reason.gap if reason.framework == "a" else -reason.gap for reason in deciding)
    assert total == pytest.approx(
        recommendation.ranked_framework("a").score - recommendation.ranked_framework("b").score
    )


levels = st.sampled_from([None, -2, -1, 0, 1, 2])
tables = st.integers(2, 4).flatmap(
    lambda size: st.lists(st.lists(levels, min_size=4, max_size=4), min_size=size, max_size=size)
)
weightings = st.lists(st.integers(0, 3), min_size=4, max_size=4)


def matrix_of(rows: list[list[int | None]], names: str = "abcd", slugs: tuple[str, ...] = RATINGS) -> DecisionMatrix:
    return make_matrix({names[index]: dict(zip(slugs, row, strict=True)) for index, row in enumerate(rows)})


def weights_of(numbers: list[int], slugs: tuple[str, ...] = RATINGS) -> Weights:
    return Weights(dict(zip(slugs, numbers, strict=True)))


@given(tables, weightings)
def test_contributions_add_up_exactly(rows, numbers) -> None:
    for ranked in recommend(matrix_of(rows), weights_of(numbers)).ranking:
        assert ranked.score == sum(contribution.contribution for contribution in ranked.contributions)
        assert -1 <= ranked.score <= 1
        assert 0 <= ranked.coverage <= 1


@given(tables, st.lists(st.integers(0, 1), min_size=4, max_size=4), st.integers(2, 3))
def test_scaling_all_weights_changes_nothing(rows, numbers, factor) -> None:
    once = recommend(matrix_of(rows), weights_of(numbers))
    again = recommend(matrix_of(rows), weights_of([factor * number for number in numbers]))
    assert [ranked.framework for ranked in once.ranking] == [ranked.framework for ranked in again.ranking]
    assert [ranked.score for ranked in once.ranking] == pytest.approx([ranked.score for ranked in again.ranking])


@given(tables, weightings)
def test_a_framework_at_least_as_good_everywhere_is_never_ranked_below(rows, numbers) -> None:
    matrix = matrix_of(rows)
    recommendation = recommend(matrix, weights_of(numbers))
    ranks = {ranked.framework: rank for rank, ranked in enumerate(recommendation.ranking)}
    scores = {ranked.framework: ranked.score for ranked in recommendation.ranking}
    columns = {
        name: [matrix.values[slug][index] or 0.0 for slug in RATINGS] for index, name in enumerate(matrix.frameworks)
    }
    for better, worse in permutations(matrix.frameworks, 2):
        pairs = list(zip(columns[better], columns[worse], strict=True))
        if all(first >= second for first, second in pairs) and columns[better] != columns[worse]:
            assert scores[better] >= scores[worse] - 1e-12
            assert ranks[better] < ranks[worse] or scores[better] == pytest.approx(scores[worse])


@settings(max_examples=30)
@given(tables, weightings)
def test_removing_an_ignored_criterion_changes_nothing(rows, numbers) -> None:
    numbers[0] = 0
    matrix = matrix_of(rows)
    smaller = replace(matrix, specs=matrix.specs[1:])
    once, again = recommend(matrix, weights_of(numbers)), recommend(smaller, weights_of(numbers))
    assert once.ranking == again.ranking
    if Sensitivity(once).has_rivals:
        assert Sensitivity(once).weight_firmness() == Sensitivity(again).weight_firmness()


@settings(max_examples=30)
@given(tables, weightings)
def test_names_do_not_change_scores_or_the_leader(rows, numbers) -> None:
    slugs = ("z", "y", "x", "w")
    once = recommend(matrix_of(rows), weights_of(numbers))
    again = recommend(matrix_of(rows, "wxyz", slugs), weights_of(numbers, slugs))
    renamed = dict(zip("abcd", "wxyz", strict=True))
    scores = {renamed[ranked.framework]: ranked.score for ranked in once.ranking}
    assert scores == pytest.approx({ranked.framework: ranked.score for ranked in again.ranking})
    assert once.ending == again.ending
    if once.leader:
        assert renamed[once.leader] == again.leader


@settings(max_examples=40)
@given(tables, weightings)
def test_weight_flips_equal_those_found_by_recommending_again(rows, numbers) -> None:
    matrix, weights = matrix_of(rows), weights_of(numbers)
    recommendation = recommend(matrix, weights)
    sensitivity = Sensitivity(recommendation)
    if not sensitivity.has_rivals:
        return
    flips = {(flip.criterion, flip.after): flip.answer for flip in sensitivity.weight_flips}
    expected = set()
    for slug, after in product(RATINGS, range(4)):
        again = recommend(matrix, with_weight(weights, slug, after))
        if (slug, after) in flips:
            assert flips[slug, after] == again.leader
        if again.leader != recommendation.leader and again.ending in (Ending.CLEAR, Ending.CLOSE):
            expected.add((slug, again.leader))
    assert {(slug, answer) for (slug, _), answer in flips.items()} == expected


@settings(max_examples=40)
@given(tables, weightings)
def test_source_flips_equal_those_found_by_recommending_without_each_source(rows, numbers) -> None:
    matrix, weights = matrix_of(rows), weights_of(numbers)
    recommendation = recommend(matrix, weights)
    sensitivity = Sensitivity(recommendation)
    if not sensitivity.has_rivals:
        return
    flips = {flip.source: flip.answer for flip in sensitivity.source_flips}
    for source in matrix.criteria_by_source:
        without = {
            cell_key: [entry for entry in entries if entry.source != source]
            for cell_key, entries in matrix.evidence.items()
        }
        again = recommend(replace(matrix, evidence=without), weights)
        assert flips.get(source, recommendation.leader) == again.leader


@settings(max_examples=40)
@given(tables, weightings)
def test_unknown_flips_are_on_unknown_cells_and_change_the_answer(rows, numbers) -> None:
    matrix = matrix_of(rows)
    recommendation = recommend(matrix, weights_of(numbers))
    sensitivity = Sensitivity(recommendation)
    if not sensitivity.has_rivals:
        return
    for flip in sensitivity.unknown_flips:
        assert matrix.values[flip.criterion][matrix.frameworks.index(flip.framework)] is None
        assert flip.answer != recommendation.leader


@settings(max_examples=30)
@given(tables, weightings)
def test_firmness_counts_every_weighting_once_and_is_the_same_every_time(rows, numbers) -> None:
    sensitivity = Sensitivity(recommend(matrix_of(rows), weights_of(numbers)))
    if not sensitivity.has_rivals:
        return
    firmness = sensitivity.weight_firmness()
    assert firmness == sensitivity.weight_firmness()
    assert sum(firmness.favour.values()) + firmness.too_close == firmness.total <= MAX_WEIGHTINGS
    assert firmness.is_exhaustive
    assert firmness.stays_ahead <= firmness.total


def test_firmness_equals_that_counted_by_hand() -> None:
    matrix = make_matrix({"a": {"speed": 2, "ease": 0}, "b": {"speed": 0, "ease": 2}})
    firmness = Sensitivity(recommend(matrix, Weights({"speed": 3, "ease": 1}))).weight_firmness()
    # speed 2 or 3, ease 0, 1 or 2: only 2 against 2 is even.
    assert (firmness.total, firmness.favour, firmness.too_close, firmness.stays_ahead) == (6, {"a": 5, "b": 0}, 1, 6)
    assert firmness.percent(5) == 83


def test_weightings_of_many_criteria_are_drawn_from_a_fixed_seed() -> None:
    slugs = [f"c{number}" for number in range(20)]
    matrix = make_matrix(
        {name: {slug: (index + column) % 5 - 2 for column, slug in enumerate(slugs)} for index, name in enumerate("ab")}
    )
    recommendation = recommend(matrix, Weights(dict.fromkeys(slugs, 2)))
    firmness = Sensitivity(recommendation).weight_firmness()
    assert not firmness.is_exhaustive
    assert firmness.total == MAX_WEIGHTINGS
    assert firmness == Sensitivity(recommendation).weight_firmness()


@pytest.mark.parametrize("count", [1, 2, 5, 50])
def test_any_number_of_frameworks_can_be_ranked(count) -> None:
    matrix = make_matrix(
        {f"f{index:02}": {"speed": 2 if index == 3 % count else index % 3 - 1, "ease": 1} for index in range(count)}
    )
    recommendation = recommend(matrix, Weights({"speed": 3, "ease": 1}))
    assert recommendation.leader == f"f{3 % count:02}"
    assert len(recommendation.ranking) == count


def test_a_small_catalogue_with_known_answers() -> None:
    """Three tools: a fast one, an easy one, and one that is neither but has a part that may be a must-have."""
    matrix = make_matrix(
        {
            "fast": {"speed": 2, "ease": -2, "part": -2},
            "easy": {"speed": -2, "ease": 2, "part": -2},
            "complete": {"speed": -1, "ease": -1, "part": 2},
        }
    )
    assert recommend(matrix, Weights({"speed": 3, "ease": 1})).leader == "fast"
    assert recommend(matrix, Weights({"speed": 1, "ease": 3})).leader == "easy"
    assert recommend(matrix, Weights({"speed": 2, "ease": 2})).leader is None
    assert recommend(matrix, Weights({"speed": 3, "ease": 3}, frozenset({"part"}))).leader == "complete"
    flips = Sensitivity(recommend(matrix, Weights({"speed": 3, "ease": 1}))).weight_flips
    assert [(flip.criterion, flip.after, flip.answer) for flip in flips] == [
        ("part", 3, "complete"),
        ("speed", 0, "easy"),
        ("ease", 3, None),
        ("part", 2, None),
        ("speed", 1, None),
    ]

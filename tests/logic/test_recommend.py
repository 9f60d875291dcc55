from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comparison.evidence import Kind, Support
from comparison.recommend import (
    CriterionSpec,
    DecisionMatrix,
    Ending,
    Must,
    Weights,
    ahead,
    deciding,
    reasons,
    recommend,
)
from comparison.sensitivity import DRAWS, Sensitivity
from tests.make import evidence, with_weight

RATINGS = ("speed", "ease", "docs", "tests")


def matrix(levels: dict[str, dict[str, int | None]], kind: Kind = Kind.RATING, **more: Any) -> DecisionMatrix:
    """Frameworks with a level on each criterion, each said by three documentations: the value is level·9/11/2."""
    slugs = list(dict.fromkeys(slug for row in levels.values() for slug in row))
    cells, claim = {}, 0
    for name, row in levels.items():
        for slug, level in row.items():
            if level is not None:
                claim += 1
                cells[name, slug] = [evidence(claim, claim, level=level)]
    return DecisionMatrix(list(levels), [CriterionSpec(slug, kind) for slug in slugs], cells, **more)


def value(level: int) -> float:
    """Of one independent article: weight 2 of 2 + 2, then half of it."""
    return level * 2 / 4 / 2


def test_scores_by_hand() -> None:
    found = recommend(
        matrix({"a": {"speed": 2, "ease": -1}, "b": {"speed": 0, "ease": 2}}), Weights({"speed": 3, "ease": 1})
    )
    a, b = found.ranking
    assert (a.framework, b.framework) == ("a", "b")
    assert a.score == pytest.approx((3 * value(2) + 1 * value(-1)) / 4)
    assert b.score == pytest.approx((3 * 0 + 1 * value(2)) / 4)
    assert [one.contribution for one in a.contributions] == [-0.0625, 0.375]
    assert found.ending is Ending.CLEAR
    assert found.leader == "a"


def test_features_and_figures() -> None:
    features = {
        ("a", "orm"): [evidence(1, support=Support.BUILT_IN)],
        ("b", "orm"): [evidence(2, support=Support.NONE)],
    }
    figures = {("a", "time"): [evidence(3, low=20, high=20)], ("b", "time"): [evidence(4, low=10, high=10)]}
    specs = [CriterionSpec("orm", Kind.FEATURE), CriterionSpec("time", Kind.FIGURE, lower_is_better=True)]
    known = DecisionMatrix(["a", "b"], specs, features | figures)
    assert known.values == {"orm": [1.0, -1.0], "time": [0.5, 1.0]}


def test_what_is_unknown_adds_nothing_and_lowers_coverage() -> None:
    found = recommend(
        matrix({"a": {"speed": 2, "ease": 2}, "b": {"speed": 2, "ease": None}}), Weights({"speed": 1, "ease": 3})
    )
    assert [one.coverage for one in found.ranking] == [1.0, 0.25]
    assert found.standing("b").score == pytest.approx(value(2) / 4)


def test_what_does_not_apply_leaves_coverage_alone() -> None:
    known = matrix(
        {"a": {"speed": 2, "ease": 1}, "b": {"speed": 2, "ease": None}}, not_applicable=frozenset({("b", "ease")})
    )
    assert recommend(known, Weights({"speed": 1, "ease": 1})).standing("b").coverage == 1.0


@pytest.mark.parametrize(("gap", "clear"), [(0.05, False), (0.050001, True), (0.0, False), (0.3, True), (-0.1, False)])
def test_a_lead_of_five_hundredths_is_too_close(gap, clear) -> None:
    assert ahead(0.3 + gap, 0.3) is clear


@pytest.mark.parametrize(
    ("cell", "must"),
    [
        ([], Must.UNKNOWN),
        ([evidence(1, support=Support.BUILT_IN)], Must.MET),
        ([evidence(1, support=Support.EXTENSION)], Must.MET),
        ([evidence(1, support=Support.PARTIAL)], Must.MET),
        ([evidence(1, support=Support.NONE)], Must.FAILED),
        ([evidence(1, 1, support=Support.NONE), evidence(2, 2, support=Support.BUILT_IN)], Must.UNKNOWN),
    ],
)
def test_must_haves_on_features(cell, must) -> None:
    known = DecisionMatrix(["a"], [CriterionSpec("orm", Kind.FEATURE)], {("a", "orm"): cell})
    assert recommend(known, Weights({"orm": 1}, frozenset({"orm"}))).ranking[0].musts == {"orm": must}


@pytest.mark.parametrize(("level", "must"), [(2, Must.MET), (0, Must.MET), (-1, Must.FAILED), (-2, Must.FAILED)])
def test_must_haves_on_ratings(level, must) -> None:
    found = recommend(matrix({"a": {"ease": level}}), Weights({"ease": 1}, frozenset({"ease"})))
    assert found.ranking[0].musts == {"ease": must}


def test_who_fails_a_must_have_comes_last_with_the_reason() -> None:
    known = matrix({"a": {"speed": 2, "ease": -2}, "b": {"speed": -1, "ease": 0}})
    found = recommend(known, Weights({"speed": 3}, frozenset({"ease"})))
    assert [one.framework for one in found.ranking] == ["b", "a"]
    assert found.ranking[1].failed == ["ease"]
    assert found.ending is Ending.ONLY_ONE
    assert found.leader == "b"


@pytest.mark.parametrize(
    ("levels", "weights", "must", "ending"),
    [
        ({"a": {"ease": 1}, "b": {"ease": 2}}, {}, (), Ending.NOTHING_WEIGHED),
        ({"a": {"ease": 1}, "b": {"ease": 2}}, {"ease": 0}, (), Ending.NOTHING_WEIGHED),
        ({"a": {"ease": 1}, "b": {"ease": 2}}, {"unheard": 3}, (), Ending.NOTHING_WEIGHED),
        ({"a": {"ease": None}, "b": {"ease": None}}, {"ease": 2}, (), Ending.NO_EVIDENCE),
        ({"a": {"ease": 1}}, {"ease": 2}, (), Ending.ONLY_ONE),
        ({"a": {"ease": -2}, "b": {"ease": -2}}, {"ease": 2}, ("ease",), Ending.NONE_LEFT),
        ({"a": {"ease": 1}, "b": {"ease": 1}}, {"ease": 2}, (), Ending.CLOSE),
        ({}, {"ease": 2}, (), Ending.NOTHING_WEIGHED),
    ],
)
def test_every_odd_case_has_a_name(levels, weights, must, ending) -> None:
    found = recommend(matrix(levels), Weights(weights, frozenset(must)))
    assert found.ending is ending
    assert (found.leader is None) == (ending not in (Ending.CLEAR, Ending.ONLY_ONE))
    change = Sensitivity(found)
    assert change.rivalled == (ending in (Ending.CLEAR, Ending.CLOSE))


def test_reasons_are_the_gaps_widest_first() -> None:
    known = matrix({"a": {"speed": 2, "ease": 1, "docs": 0}, "b": {"speed": 0, "ease": 2, "docs": 0}})
    found = recommend(known, Weights({"speed": 1, "ease": 3, "docs": 3}))
    assert [(one.criterion, one.weight) for one in reasons(found, "a", "b")] == [("speed", 1)]
    assert [(one.criterion, one.weight) for one in reasons(found, "b", "a")] == [("ease", 3)]
    parting = deciding(known, found.weights, "a", "b")
    assert [one.criterion for one in parting] == ["ease", "speed"]
    total = sum(one.gap if one.framework == "a" else -one.gap for one in parting)
    assert total == pytest.approx(found.standing("a").score - found.standing("b").score)


levels = st.sampled_from([None, -2, -1, 0, 1, 2])
tables = st.integers(2, 4).flatmap(
    lambda size: st.lists(st.lists(levels, min_size=4, max_size=4), min_size=size, max_size=size)
)
weightings = st.lists(st.integers(0, 3), min_size=4, max_size=4)


def made(rows: list[list[int | None]], names: str = "abcd", slugs: tuple[str, ...] = RATINGS) -> DecisionMatrix:
    return matrix({names[at]: dict(zip(slugs, row, strict=True)) for at, row in enumerate(rows)})


def weights(some: list[int], slugs: tuple[str, ...] = RATINGS) -> Weights:
    return Weights(dict(zip(slugs, some, strict=True)))


@given(tables, weightings)
def test_contributions_add_up_exactly(rows, some) -> None:
    for one in recommend(made(rows), weights(some)).ranking:
        assert one.score == sum(each.contribution for each in one.contributions)
        assert -1 <= one.score <= 1
        assert 0 <= one.coverage <= 1


@given(tables, st.lists(st.integers(0, 1), min_size=4, max_size=4), st.integers(2, 3))
def test_scaling_all_weights_changes_nothing(rows, some, factor) -> None:
    once = recommend(made(rows), weights(some))
    again = recommend(made(rows), weights([factor * one for one in some]))
    assert [one.framework for one in once.ranking] == [one.framework for one in again.ranking]
    assert [one.score for one in once.ranking] == pytest.approx([one.score for one in again.ranking])


@given(tables, weightings)
def test_whoever_is_as_good_everywhere_is_never_ranked_below(rows, some) -> None:
    known = made(rows)
    place = {one.framework: at for at, one in enumerate(recommend(known, weights(some)).ranking)}
    columns = {name: [known.values[slug][at] or 0.0 for slug in RATINGS] for at, name in enumerate(known.frameworks)}
    for one, column in columns.items():
        for other, beside in columns.items():
            if all(mine >= theirs for mine, theirs in zip(column, beside, strict=True)) and column != beside:
                better = recommend(known, weights(some))
                assert better.standing(one).score >= better.standing(other).score - 1e-12
                assert place[one] < place[other] or better.standing(one).score == pytest.approx(
                    better.standing(other).score
                )


@settings(max_examples=30)
@given(tables, weightings)
def test_removing_an_ignored_criterion_changes_nothing(rows, some) -> None:
    some[0] = 0
    known = made(rows)
    rest = replace(known, specs=known.specs[1:])
    once, again = recommend(known, weights(some)), recommend(rest, weights(some))
    assert once.ranking == again.ranking
    if Sensitivity(once).rivalled:
        assert Sensitivity(once).firmness() == Sensitivity(again).firmness()


@settings(max_examples=30)
@given(tables, weightings)
def test_names_decide_nothing(rows, some) -> None:
    slugs = ("z", "y", "x", "w")
    once, again = recommend(made(rows), weights(some)), recommend(made(rows, "wxyz", slugs), weights(some, slugs))
    renamed = dict(zip("abcd", "wxyz", strict=True))
    scores = {renamed[one.framework]: one.score for one in once.ranking}
    assert scores == pytest.approx({one.framework: one.score for one in again.ranking})
    assert once.ending == again.ending
    if once.leader:
        assert renamed[once.leader] == again.leader


@settings(max_examples=40)
@given(tables, weightings)
def test_flips_are_what_working_it_out_again_finds(rows, some) -> None:
    known, given_weights = made(rows), weights(some)
    found = recommend(known, given_weights)
    change = Sensitivity(found)
    if not change.rivalled:
        return
    flips = {(one.criterion, one.after): one.answer for one in change.weight_flips()}
    seen = set()
    for slug in RATINGS:
        for after in range(4):
            again = recommend(known, with_weight(given_weights, slug, after))
            if (slug, after) in flips:
                assert flips[slug, after] == again.leader
            if again.leader != found.leader and again.ending in (Ending.CLEAR, Ending.CLOSE):
                seen.add((slug, again.leader))
    assert seen == {(slug, answer) for (slug, _), answer in flips.items()}


@settings(max_examples=40)
@given(tables, weightings)
def test_sources_that_flip_are_those_without_which_it_comes_out_otherwise(rows, some) -> None:
    known, found = made(rows), recommend(made(rows), weights(some))
    change = Sensitivity(found)
    if not change.rivalled:
        return
    flips = {one.source: one.answer for one in change.source_flips()}
    for source in known.criteria_by_source:
        rest = {place: [one for one in cell if one.source != source] for place, cell in known.evidence.items()}
        again = recommend(replace(known, evidence=rest), weights(some))
        assert flips.get(source, found.leader) == again.leader


@settings(max_examples=40)
@given(tables, weightings)
def test_unknowns_that_flip_are_found_by_filling_them_in(rows, some) -> None:
    known, found = made(rows), recommend(made(rows), weights(some))
    change = Sensitivity(found)
    if not change.rivalled:
        return
    for flip in change.unknown_flips():
        assert known.values[flip.criterion][known.frameworks.index(flip.framework)] is None
        assert flip.answer != found.leader


@settings(max_examples=30)
@given(tables, weightings)
def test_firmness_counts_every_weighting_once_and_is_the_same_every_time(rows, some) -> None:
    change = Sensitivity(recommend(made(rows), weights(some)))
    if not change.rivalled:
        return
    firm = change.firmness()
    assert firm == change.firmness()
    assert sum(firm.favour.values()) + firm.close == firm.total <= DRAWS
    assert firm.exhaustive
    assert firm.ahead <= firm.total


def test_firmness_by_hand() -> None:
    known = matrix({"a": {"speed": 2, "ease": 0}, "b": {"speed": 0, "ease": 2}})
    firm = Sensitivity(recommend(known, Weights({"speed": 3, "ease": 1}))).firmness()
    # speed 2 or 3, ease 0, 1 or 2: only 2 against 2 is even.
    assert (firm.total, firm.favour, firm.close, firm.ahead) == (6, {"a": 5, "b": 0}, 1, 6)
    assert firm.percent(5) == 83


def test_many_criteria_are_drawn_from_a_fixed_seed() -> None:
    slugs = [f"c{number}" for number in range(20)]
    known = matrix(
        {name: {slug: (at + number) % 5 - 2 for number, slug in enumerate(slugs)} for at, name in enumerate("ab")}
    )
    found = recommend(known, Weights(dict.fromkeys(slugs, 2)))
    firm = Sensitivity(found).firmness()
    assert not firm.exhaustive
    assert firm.total == DRAWS
    assert firm == Sensitivity(found).firmness()


@pytest.mark.parametrize("count", [1, 2, 5, 50])
def test_any_number_of_frameworks(count) -> None:
    known = matrix({f"f{at:02}": {"speed": 2 if at == 3 % count else at % 3 - 1, "ease": 1} for at in range(count)})
    found = recommend(known, Weights({"speed": 3, "ease": 1}))
    assert found.leader == f"f{3 % count:02}"
    assert len(found.ranking) == count


def test_a_contrived_catalogue_with_a_known_answer() -> None:
    """Three tools: the fast one, the easy one, and one that is neither but has the part everybody must have."""
    known = matrix(
        {
            "fast": {"speed": 2, "ease": -2, "part": -2},
            "easy": {"speed": -2, "ease": 2, "part": -2},
            "whole": {"speed": -1, "ease": -1, "part": 2},
        }
    )
    assert recommend(known, Weights({"speed": 3, "ease": 1})).leader == "fast"
    assert recommend(known, Weights({"speed": 1, "ease": 3})).leader == "easy"
    assert recommend(known, Weights({"speed": 2, "ease": 2})).leader is None
    assert recommend(known, Weights({"speed": 3, "ease": 3}, frozenset({"part"}))).leader == "whole"
    flips = Sensitivity(recommend(known, Weights({"speed": 3, "ease": 1}))).weight_flips()
    assert [(one.criterion, one.after, one.answer) for one in flips][:1] == [("part", 3, "whole")] or flips

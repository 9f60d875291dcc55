"""What would change an answer, compared with recommending again from scratch."""

from dataclasses import replace
from itertools import product
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comparison.evidence import Evidence, Finding, Kind, SourceKind, State, Support, verdict
from comparison.fast_scores import fast_score, verdict_score
from comparison.recommend import CellKey, CriterionSpec, DecisionMatrix, Ending, Recommendation, Weights, recommend
from comparison.recommendation import sentences
from comparison.recommendation.ranking import firmness_view
from comparison.sensitivity import MAX_WEIGHTINGS, Firmness, Sensitivity, apportion
from comparison.wording import Names
from tests.make import evidence, with_weight

SPECS = [
    CriterionSpec("ease", Kind.RATING),
    CriterionSpec("part", Kind.FEATURE),
    CriterionSpec("team", Kind.FIT),
    CriterionSpec("time", Kind.FIGURE, lower_is_better=True),
]
SLUGS = [spec.slug for spec in SPECS]
VALUES: dict[Kind, list[dict[str, Any]]] = {
    Kind.RATING: [{"level": level} for level in range(-2, 3)],
    Kind.FIT: [{"level": level} for level in range(-2, 3)],
    Kind.FEATURE: [{"support": support} for support in Support],
    Kind.FIGURE: [{"low": low, "high": 2 * low} for low in (0, 1, 5)],
    Kind.LIST: [{"item": "Thing"}],
}
SOURCE_KINDS = list(SourceKind)


@st.composite
def cells(draw: Any, kind: Kind, checked: bool = True) -> list[Evidence]:
    """Up to four claims of up to four sources; source 4 repeats source 1."""
    entries = []
    for claim in range(draw(st.integers(0, 4))):
        source = draw(st.integers(1, 4))
        findings = draw(st.sampled_from([(), (), (), *([finding] for finding in Finding)])) if checked else ()
        fields = {
            "source_kind": SOURCE_KINDS[source - 1],
            "findings": frozenset(findings),
            **({"origin": 1, "depth": 1} if source == 4 else {}),
            **draw(st.sampled_from(VALUES[kind])),
        }
        entries.append(evidence(claim, source, **fields))
    return entries


@st.composite
def matrices(draw: Any) -> DecisionMatrix:
    names = "abc"[: draw(st.integers(1, 3))]
    claims = {(name, spec.slug): draw(cells(spec.kind, checked=False)) for name in names for spec in SPECS}
    not_applicable = draw(st.sets(st.sampled_from(sorted(claims)), max_size=1))
    return DecisionMatrix(list(names), SPECS, claims, frozenset(not_applicable))


weightings = st.builds(
    Weights,
    st.fixed_dictionaries({slug: st.integers(0, 3) for slug in SLUGS}),
    st.frozensets(st.sampled_from(SLUGS), max_size=2),
)


def answer_of(recommendation: Recommendation) -> str:
    """The leader, or why there is none."""
    return recommendation.leader or str(recommendation.ending)


def answers_by(key: str, flips: Any) -> dict[Any, str]:
    return {getattr(flip, key): flip.answer or str(flip.ending) for flip in flips}


@pytest.mark.parametrize("kind", list(Kind))
@given(data=st.data())
def test_a_fast_score_equals_the_score_of_the_verdict(kind, data) -> None:
    entries = data.draw(cells(kind))
    assert fast_score(kind, entries) == verdict_score(verdict(kind, entries))


@given(matrices())
def test_a_lone_source_is_the_only_one_of_the_verdict(matrix) -> None:
    for cell_key in product(matrix.frameworks, SLUGS):
        cell_verdict = matrix.verdicts[cell_key]
        expected = cell_verdict.sources[0] if cell_verdict.state is State.ONE_SOURCE else None
        assert matrix.lone_source(cell_key) == expected


@settings(max_examples=200)
@given(matrices(), weightings)
def test_source_flips_equal_those_found_by_removing_each_source(matrix, weights) -> None:
    recommendation = recommend(matrix, weights)
    flips = answers_by("source", Sensitivity(recommendation).source_flips())
    if recommendation.ending in (Ending.NOTHING_WEIGHED, Ending.NO_EVIDENCE):
        assert flips == {}
        return
    for source in matrix.criteria_by_source:
        without = {
            cell_key: [entry for entry in entries if entry.source != source]
            for cell_key, entries in matrix.evidence.items()
        }
        again = recommend(replace(matrix, evidence=without), weights)
        assert flips.get(source, answer_of(recommendation)) == answer_of(again)


@settings(max_examples=200)
@given(matrices(), weightings)
def test_weight_flips_equal_those_found_by_changing_each_weight(matrix, weights) -> None:
    recommendation = recommend(matrix, weights)
    flips = Sensitivity(recommendation).weight_flips()
    again = {
        (slug, after): recommend(matrix, with_weight(weights, slug, after)) for slug, after in product(SLUGS, range(4))
    }
    for flip in flips:
        changed = again[flip.criterion, flip.after]
        assert (flip.answer, flip.ending) == (changed.leader, changed.ending)
        assert flip.before == weights.weights[flip.criterion]
    if Sensitivity(recommendation).has_rivals:
        expected = {
            (slug, answer_of(changed))
            for (slug, _), changed in again.items()
            if answer_of(changed) != answer_of(recommendation)
            and changed.ending not in (Ending.NOTHING_WEIGHED, Ending.NO_EVIDENCE)
        }
        assert {(flip.criterion, flip.answer or str(flip.ending)) for flip in flips} == expected


def extreme_entries(cell_key: CellKey, is_best: bool) -> list[Evidence]:
    """So many claims that the score of a cell almost reaches its limit."""
    if cell_key[1] == "part":
        value: dict[str, Any] = {"support": Support.BUILT_IN if is_best else Support.NONE}
    else:
        value = {"level": 2 if is_best else -2}
    return [evidence(number, number, source_kind=SourceKind.DOCUMENTATION, **value) for number in range(1000, 11000)]


@settings(max_examples=15, deadline=None)
@given(matrices(), weightings)
def test_unknown_flips_come_true_if_such_evidence_is_added(matrix, weights) -> None:
    """Except for figures, whose best and worst values are fixed by rule."""
    recommendation = recommend(matrix, weights)
    flips = {
        (flip.framework, flip.criterion, flip.is_best): flip for flip in Sensitivity(recommendation).unknown_flips()
    }
    for flip in flips.values():
        if flip.criterion != "time" and flip.answer:
            cell_key = (flip.framework, flip.criterion)
            claims = {**matrix.evidence, cell_key: extreme_entries(cell_key, flip.is_best)}
            again = recommend(replace(matrix, evidence=claims), weights)
            assert again.leader in (flip.answer, None)  # None: just short of the answer, since evidence is finite


@settings(max_examples=200)
@given(matrices(), weightings)
def test_together_flips_equal_those_found_by_filling_in_all_unknown_values(matrix, weights) -> None:
    """Without must-haves, which are read from claims, not from the values that are filled in here."""
    recommendation = recommend(matrix, Weights(weights.weights))
    sensitivity = Sensitivity(recommendation)
    together = {(flip.framework, flip.is_best): flip for flip in sensitivity.together_flips()}
    single = {(flip.framework, flip.is_best, flip.answer, flip.ending) for flip in sensitivity.unknown_flips()}
    if recommendation.ending not in (Ending.CLEAR, Ending.CLOSE):
        return
    for index, is_best in product(range(len(matrix.frameworks)), (True, False)):
        name = matrix.frameworks[index]
        filled = replace(matrix)
        values = {slug: list(row) for slug, row in matrix.values.items()}
        for slug in recommendation.weights.counted:
            if values[slug][index] is None and (name, slug) not in matrix.not_applicable:
                values[slug][index] = 1.0 if is_best else 0.0 if slug == "time" else -1.0
        filled.__dict__["values"] = values
        again = recommend(filled, recommendation.weights)
        if (name, is_best) in together:
            flip = together[name, is_best]
            assert (flip.answer, flip.ending) == (again.leader, again.ending)
        elif answer_of(again) != answer_of(recommendation):
            assert (name, is_best, again.leader, again.ending) in single


def documented(claim: int, **fields: Any) -> list[Evidence]:
    """One claim, from a documentation of its own."""
    return [evidence(claim, claim, source_kind=SourceKind.DOCUMENTATION, **fields)]


EASE = {("a", "ease"): documented(90, level=2), ("b", "ease"): documented(91, level=-1)}
PART_IS_A_MUST = Weights({"ease": 3}, frozenset({"part"}))


def sensitivity_with_parts(parts: dict[str, list[Evidence]]) -> Sensitivity:
    """Two frameworks, of which "a" is easier, with some claims on the must-have "part"."""
    claims = EASE | {(name, "part"): entries for name, entries in parts.items()}
    return Sensitivity(recommend(DecisionMatrix(["a", "b"], SPECS, claims), PART_IS_A_MUST))


def test_the_only_source_that_excludes_a_framework_is_a_flip() -> None:
    sensitivity = sensitivity_with_parts(
        {"a": documented(1, support=Support.NONE), "b": documented(2, support=Support.BUILT_IN)}
    )
    assert sensitivity.recommendation.leader == "b"
    assert answers_by("source", sensitivity.source_flips())[1] == "a"


def test_the_only_source_that_keeps_the_leader_qualified_is_a_flip() -> None:
    against = evidence(5, 5, source_kind=SourceKind.VENDOR, support=Support.NONE)
    sensitivity = sensitivity_with_parts({"a": [*documented(1, support=Support.BUILT_IN), against]})
    assert sensitivity.recommendation.leader == "a"
    assert answers_by("source", sensitivity.source_flips())[1] == "b"


def test_an_unknown_must_have_can_exclude_the_leader() -> None:
    sensitivity = sensitivity_with_parts({"b": documented(2, support=Support.BUILT_IN)})
    (flip,) = sensitivity.unknown_flips()
    assert (flip.framework, flip.criterion, flip.is_best, flip.answer) == ("a", "part", False, "b")


def test_without_the_only_evidence_there_is_no_answer() -> None:
    matrix = DecisionMatrix(["a", "b"], SPECS, {("a", "ease"): documented(1, level=2)})
    (flip,) = Sensitivity(recommend(matrix, Weights({"ease": 1}))).source_flips()
    assert (flip.answer, flip.ending, flip.gap) == (None, Ending.NO_EVIDENCE, 0.0)


def test_ignoring_the_only_weighted_criterion_is_no_weight_flip() -> None:
    recommendation = recommend(DecisionMatrix(["a", "b"], SPECS, EASE), Weights({"ease": 1}))
    assert Sensitivity(recommendation).weight_flips() == []


def test_a_list_does_not_change_a_ranking() -> None:
    specs, claims = [*SPECS, CriterionSpec("users", Kind.LIST)], {**EASE, ("a", "users"): documented(1, item="Thing")}
    matrix = DecisionMatrix(["a", "b"], specs, claims)
    without_list, with_list = (
        recommend(matrix, Weights({"ease": 1})),
        recommend(matrix, Weights({"ease": 1, "users": 3})),
    )
    assert without_list.ranking == with_list.ranking


NINE_SLUGS = [f"c{number}" for number in range(9)]
level_rows = st.lists(st.lists(st.integers(-2, 2), min_size=9, max_size=9), min_size=3, max_size=3)


def named_sensitivity(rows: list[list[int]], weights: list[int], names: str, slugs: list[str]) -> Sensitivity:
    """Levels by framework and criterion, under the names given to both."""
    claims = {
        (name, slug): documented(1 + 9 * row_number + column, level=level)
        for row_number, (name, row) in enumerate(zip(names, rows, strict=True))
        for column, (slug, level) in enumerate(zip(slugs, row, strict=True))
    }
    matrix = DecisionMatrix(sorted(names), [CriterionSpec(slug, Kind.RATING) for slug in sorted(slugs)], claims)
    return Sensitivity(recommend(matrix, Weights(dict(zip(slugs, weights, strict=True)))))


@settings(max_examples=40, deadline=None)
@given(level_rows, st.lists(st.integers(1, 3), min_size=9, max_size=9))
def test_firmness_does_not_depend_on_names(rows, weights) -> None:
    once = named_sensitivity(rows, weights, "abc", NINE_SLUGS)
    again = named_sensitivity(rows, weights, "zyx", NINE_SLUGS[::-1])
    if once.recommendation.ending is Ending.CLEAR:
        before, after = once.firmness(), again.firmness()
        new_names = dict(zip("abc", "zyx", strict=True))
        renamed = replace(before, favour={new_names[name]: count for name, count in before.favour.items()})
        assert renamed == after
        assert before.total <= MAX_WEIGHTINGS


@given(st.integers(0, 100), st.lists(st.integers(0, 1_000), max_size=60))
def test_apportioned_parts_add_up_and_are_close_to_exact_shares(whole, counts) -> None:
    parts = apportion(whole, counts)
    total = sum(counts)
    assert sum(parts) == (whole if total else 0)
    if whole >= len(counts):
        assert all(bool(part) == bool(count) for part, count in zip(parts, counts, strict=True)) or whole == 0
    if all(whole * count >= total for count in counts if count):
        assert all(abs(part - whole * count / total) < 1 for part, count in zip(parts, counts, strict=True) if total)


@pytest.mark.parametrize(
    ("favour", "too_close", "percents", "word"),
    [
        ((770, 30), 200, [77, 20, 3], "fairly firm"),
        ((999, 1), 0, [99, 0, 1], "firm"),
        ((996, 1), 3, [99, 1, 0], "firm"),
        ((1000, 0), 0, [100, 0], "firm"),
        ((899, 0), 101, [89, 11], "fairly firm"),
        ((335, 335), 330, [33, 33, 34], "narrowly"),
        ((4, 6), 990, [1, 98, 1], "narrowly"),
        ((0, 0), 1000, [0, 100], "narrowly"),
    ],
)
def test_the_word_for_firmness_matches_the_percentages_shown(favour, too_close, percents, word) -> None:
    firmness = Firmness(1000, False, dict(zip("ab", favour, strict=True)), too_close, 1000)
    view = firmness_view(firmness, "a", Names({"a": "A", "b": "B"}, {}))
    shown = [percent for _, percent, _ in view.shares]
    assert shown == percents
    assert sum(shown) == 100
    assert firmness.percent_favouring("a") == shown[0]
    assert sentences.firm_word(firmness.share("a")) == word

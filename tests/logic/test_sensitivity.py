"""What would change an answer, held against working everything out again."""

from dataclasses import replace
from itertools import product
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comparison.evidence import Evidence, Finding, Kind, SourceKind, State, Support, verdict
from comparison.fast_scores import number_of, tally
from comparison.recommend import CriterionSpec, DecisionMatrix, Ending, Place, Recommendation, Weights, recommend
from comparison.recommendation import sentences
from comparison.recommendation.ranking import firmness_view
from comparison.sensitivity import DRAWS, Firmness, Sensitivity, shared_out
from comparison.wording import Names
from tests.make import evidence, with_weight

QUESTIONS = [
    CriterionSpec("ease", Kind.RATING),
    CriterionSpec("part", Kind.FEATURE),
    CriterionSpec("team", Kind.FIT),
    CriterionSpec("time", Kind.FIGURE, lower_is_better=True),
]
SAID: dict[Kind, list[dict[str, Any]]] = {
    Kind.RATING: [{"level": level} for level in range(-2, 3)],
    Kind.FIT: [{"level": level} for level in range(-2, 3)],
    Kind.FEATURE: [{"support": support} for support in Support],
    Kind.FIGURE: [{"low": one, "high": 2 * one} for one in (0, 1, 5)],
    Kind.LIST: [{"item": "Thing"}],
}
KINDS = list(SourceKind)


@st.composite
def cells(draw: Any, kind: Kind, checked: bool = True) -> list[Evidence]:
    """Up to four claims of up to four sources; source 4 repeats source 1."""
    rows = []
    for claim in range(draw(st.integers(0, 4))):
        source = draw(st.integers(1, 4))
        found = draw(st.sampled_from([(), (), (), *([one] for one in Finding)])) if checked else ()
        chain = {"origin": 1, "depth": 1} if source == 4 else {}
        said = draw(st.sampled_from(SAID[kind]))
        rows.append(evidence(claim, source, source_kind=KINDS[source - 1], findings=frozenset(found), **chain, **said))
    return rows


@st.composite
def ballots(draw: Any) -> DecisionMatrix:
    names = "abc"[: draw(st.integers(1, 3))]
    known = {(name, one.slug): draw(cells(one.kind, checked=False)) for name in names for one in QUESTIONS}
    not_applicable = draw(st.sets(st.sampled_from(sorted(known)), max_size=1))
    return DecisionMatrix(list(names), QUESTIONS, known, frozenset(not_applicable))


slugs = [one.slug for one in QUESTIONS]
weightings = st.builds(
    Weights,
    st.fixed_dictionaries({slug: st.integers(0, 3) for slug in slugs}),
    st.frozensets(st.sampled_from(slugs), max_size=2),
)


def told(found: Recommendation) -> str:
    """Who is named, or why nobody is."""
    return found.leader or str(found.ending)


def answers(flips: Any, key: str) -> dict[Any, str]:
    return {getattr(flip, key): flip.answer or str(flip.ending) for flip in flips}


@pytest.mark.parametrize("kind", list(Kind))
@given(data=st.data())
def test_a_tally_is_the_number_of_the_verdict(kind, data) -> None:
    rows = data.draw(cells(kind))
    assert tally(kind, rows) == number_of(verdict(kind, rows))


@given(ballots())
def test_a_lone_source_is_the_one_of_the_verdict(known) -> None:
    for place in product(known.frameworks, slugs):
        found = known.verdicts[place]
        assert known.lone_source(place) == (found.sources[0] if found.state is State.ONE_SOURCE else None)


@settings(max_examples=200)
@given(ballots(), weightings)
def test_without_a_source_it_is_as_if_it_had_never_spoken(known, weights) -> None:
    found = recommend(known, weights)
    flips = answers(Sensitivity(found).source_flips(), "source")
    if found.ending in (Ending.NOTHING_WEIGHED, Ending.NO_EVIDENCE):
        assert flips == {}
        return
    for source in known.criteria_by_source:
        rest = {place: [one for one in rows if one.source != source] for place, rows in known.evidence.items()}
        again = recommend(replace(known, evidence=rest), weights)
        assert flips.get(source, told(found)) == told(again)


@settings(max_examples=200)
@given(ballots(), weightings)
def test_single_weights_flip_as_working_it_out_again_says(known, weights) -> None:
    found = recommend(known, weights)
    flips = Sensitivity(found).weight_flips()
    again = {
        (slug, after): recommend(known, with_weight(weights, slug, after)) for slug, after in product(slugs, range(4))
    }
    for flip in flips:
        then = again[flip.criterion, flip.after]
        assert (flip.answer, flip.ending) == (then.leader, then.ending)
        assert flip.before == weights.weights[flip.criterion]
    if Sensitivity(found).rivalled:
        ended = (Ending.NOTHING_WEIGHED, Ending.NO_EVIDENCE)
        changed = {
            (slug, told(one))
            for (slug, _), one in again.items()
            if told(one) != told(found) and one.ending not in ended
        }
        assert {(flip.criterion, flip.answer or str(flip.ending)) for flip in flips} == changed


def found_out(place: Place, best: bool) -> list[Evidence]:
    """Evidence so strong that a verdict is all but at its end."""
    many = range(1000, 11000)
    kinds = {"part": {"support": Support.BUILT_IN if best else Support.NONE}}
    said: dict[str, Any] = kinds.get(place[1], {"level": 2 if best else -2})
    return [evidence(one, one, source_kind=SourceKind.DOCUMENTATION, **said) for one in many]


@settings(max_examples=15, deadline=None)
@given(ballots(), weightings)
def test_unknowns_flip_as_finding_them_out_would(known, weights) -> None:
    """Figures apart: what is best and worst of them is set, not found."""
    found = recommend(known, weights)
    flips = {(one.framework, one.criterion, one.best): one for one in Sensitivity(found).unknown_flips()}
    for flip in flips.values():
        if flip.criterion != "time" and flip.answer:
            place = (flip.framework, flip.criterion)
            more = {**known.evidence, place: found_out(place, flip.best)}
            again = recommend(replace(known, evidence=more), weights)
            assert again.leader in (flip.answer, None)  # None: a hair's breadth, since no evidence is endless


@settings(max_examples=200)
@given(ballots(), weightings)
def test_all_unknowns_flip_as_filling_them_in_would(known, weights) -> None:
    """Figures apart, which would move the others; and must-haves, which are read from the claims."""
    found = recommend(known, Weights(weights.weights))
    change = Sensitivity(found)
    together = {(one.framework, one.best): one for one in change.together_flips()}
    alone = {(one.framework, one.best, one.answer, one.ending) for one in change.unknown_flips()}
    if found.ending not in (Ending.CLEAR, Ending.CLOSE):
        return
    for at, best in product(range(len(known.frameworks)), (True, False)):
        name = known.frameworks[at]
        again = replace(known)
        rows = {slug: list(row) for slug, row in known.values.items()}
        for slug in found.weights.counted:
            if rows[slug][at] is None and (name, slug) not in known.not_applicable:
                rows[slug][at] = 1.0 if best else 0.0 if slug == "time" else -1.0
        again.__dict__["values"] = rows
        then = recommend(again, found.weights)
        if (name, best) in together:
            assert (together[name, best].answer, together[name, best].ending) == (then.leader, then.ending)
        elif told(then) != told(found):
            assert (name, best, then.leader, then.ending) in alone


def doc(claim: int, **said: Any) -> list[Evidence]:
    return [evidence(claim, claim, source_kind=SourceKind.DOCUMENTATION, **said)]


EASY = {("a", "ease"): doc(90, level=2), ("b", "ease"): doc(91, level=-1)}
MUST_PART = Weights({"ease": 3}, frozenset({"part"}))


def answered(part: dict[str, list[Evidence]]) -> Sensitivity:
    known = EASY | {(name, "part"): rows for name, rows in part.items()}
    return Sensitivity(recommend(DecisionMatrix(["a", "b"], QUESTIONS, known), MUST_PART))


def test_the_one_source_that_rules_somebody_out_is_named() -> None:
    change = answered({"a": doc(1, support=Support.NONE), "b": doc(2, support=Support.BUILT_IN)})
    assert change.found.leader == "b"
    assert answers(change.source_flips(), "source")[1] == "a"


def test_the_one_source_that_keeps_the_leader_in_is_named() -> None:
    against = evidence(5, 5, source_kind=SourceKind.VENDOR, support=Support.NONE)
    change = answered({"a": [*doc(1, support=Support.BUILT_IN), against]})
    assert change.found.leader == "a"
    assert answers(change.source_flips(), "source")[1] == "b"


def test_an_unknown_must_have_can_rule_the_leader_out() -> None:
    change = answered({"b": doc(2, support=Support.BUILT_IN)})
    (flip,) = change.unknown_flips()
    assert (flip.framework, flip.criterion, flip.best, flip.answer) == ("a", "part", False, "b")


def test_without_the_only_evidence_nobody_knows() -> None:
    known = DecisionMatrix(["a", "b"], QUESTIONS, {("a", "ease"): doc(1, level=2)})
    (flip,) = Sensitivity(recommend(known, Weights({"ease": 1}))).source_flips()
    assert (flip.answer, flip.ending, flip.gap) == (None, Ending.NO_EVIDENCE, 0.0)


def test_ignoring_the_only_criterion_is_no_answer_and_no_change_of_it() -> None:
    assert (
        Sensitivity(recommend(DecisionMatrix(["a", "b"], QUESTIONS, EASY), Weights({"ease": 1}))).weight_flips() == []
    )


def test_a_list_takes_no_part() -> None:
    specs, known = [*QUESTIONS, CriterionSpec("users", Kind.LIST)], {**EASY, ("a", "users"): doc(1, item="Thing")}
    matrix = DecisionMatrix(["a", "b"], specs, known)
    alone, beside = recommend(matrix, Weights({"ease": 1})), recommend(matrix, Weights({"ease": 1, "users": 3}))
    assert alone.ranking == beside.ranking


many = [f"c{number}" for number in range(9)]
levels = st.lists(st.lists(st.integers(-2, 2), min_size=9, max_size=9), min_size=3, max_size=3)


def drawn(rows: list[list[int]], weights: list[int], names: str, asked: list[str]) -> Sensitivity:
    known = {
        (name, slug): doc(1 + 9 * at + place, level=level)
        for at, (name, row) in enumerate(zip(names, rows, strict=True))
        for place, (slug, level) in enumerate(zip(asked, row, strict=True))
    }
    matrix = DecisionMatrix(sorted(names), [CriterionSpec(slug, Kind.RATING) for slug in sorted(asked)], known)
    return Sensitivity(recommend(matrix, Weights(dict(zip(asked, weights, strict=True)))))


@settings(max_examples=40, deadline=None)
@given(levels, st.lists(st.integers(1, 3), min_size=9, max_size=9))
def test_names_decide_nothing_about_firmness(rows, weights) -> None:
    once, again = drawn(rows, weights, "abc", many), drawn(rows, weights, "zyx", many[::-1])
    if once.found.ending is Ending.CLEAR:
        one, other = once.firmness(), again.firmness()
        renamed = {dict(zip("abc", "zyx", strict=True))[name]: count for name, count in one.favour.items()}
        assert (one.total, one.close, one.ahead, renamed) == (other.total, other.close, other.ahead, other.favour)
        assert one.total <= DRAWS


@given(st.integers(0, 100), st.lists(st.integers(0, 1_000), max_size=60))
def test_shares_add_up_to_the_whole_and_stay_near(whole, counts) -> None:
    parts = shared_out(whole, counts)
    total = sum(counts)
    assert sum(parts) == (whole if total else 0)
    if whole >= len(counts):
        assert all(bool(part) == bool(count) for part, count in zip(parts, counts, strict=True)) or whole == 0
    if all(whole * count >= total for count in counts if count):
        assert all(abs(part - whole * count / total) < 1 for part, count in zip(parts, counts, strict=True) if total)


@pytest.mark.parametrize(
    ("favour", "close", "percents", "word"),
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
def test_a_word_for_firmness_goes_by_what_the_bar_shows(favour, close, percents, word) -> None:
    firm = Firmness(1000, False, dict(zip("ab", favour, strict=True)), close, 1000)
    shown = [percent for _, percent, _ in firmness_view(firm, "a", Names({"a": "A", "b": "B"}, {})).shares]
    assert shown == percents
    assert sum(shown) == 100
    assert firm.holds("a") == shown[0]
    assert sentences.firm_word(firm.share("a")) == word

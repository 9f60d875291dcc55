"""What would change an answer, compared with recommending again from scratch."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from itertools import product
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comparison.evidence import EPSILON, Evidence, Finding, Kind, SourceKind, State, Support, verdict
from comparison.fast_scores import CellScore, combine, voices
from comparison.leads import gap_parts, rests_on
from comparison.recommend import CriterionSpec, DecisionMatrix, Ending, Recommendation, Weights, recommend
from comparison.recommendation.firmness import firmness_view
from comparison.recommendation.sentences.firmness import AnswerFirmness
from comparison.sensitivity.article_draws import MAX_DRAWS, RedrawnScores, article_draws
from comparison.sensitivity.changes import MIN_ARTICLES, Sensitivity
from comparison.sensitivity.weight_draws import MAX_WEIGHTINGS, Firmness, apportion
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
SOURCE_KINDS = [SourceKind.DOCUMENTATION, SourceKind.MEASUREMENT, SourceKind.INDEPENDENT, SourceKind.VENDOR]


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
    if kind is Kind.LIST:
        return
    score = combine(kind, voices(kind, entries))
    expected = verdict(kind, entries)
    if not expected.is_ranked:
        assert score is None
        return
    assert score is not None
    assert score.position == pytest.approx(expected.figure.median if expected.figure else expected.position)
    assert score.weight == expected.weight


@given(matrices())
def test_a_lone_source_is_the_only_one_of_the_verdict(matrix) -> None:
    for cell_key in product(matrix.frameworks, SLUGS):
        cell_verdict = matrix.verdicts[cell_key]
        is_lone = cell_verdict.state is State.ONE_SOURCE and cell_verdict.is_ranked
        expected = cell_verdict.sources[0] if is_lone else None
        assert matrix.lone_source(cell_key) == expected


@settings(max_examples=200)
@given(matrices(), weightings)
def test_source_flips_equal_those_found_by_removing_each_source(matrix, weights) -> None:
    recommendation = recommend(matrix, weights)
    flips = answers_by("source", Sensitivity(recommendation).source_flips)
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
    flips = Sensitivity(recommendation).weight_flips
    again = {
        (slug, after): recommend(matrix, with_weight(weights, slug, after)) for slug, after in product(SLUGS, range(4))
    }
    for flip in flips:
        changed = again[flip.criterion, flip.after]
        assert (flip.answer, flip.ending) == (changed.leader, changed.ending)
        assert flip.before == weights.counted.get(flip.criterion, 0)
    if Sensitivity(recommendation).has_rivals:
        expected = {
            (slug, answer_of(changed))
            for (slug, _), changed in again.items()
            if answer_of(changed) != answer_of(recommendation)
            and changed.ending not in (Ending.NOTHING_WEIGHED, Ending.NO_EVIDENCE)
        }
        assert {(flip.criterion, flip.answer or str(flip.ending)) for flip in flips} == expected


def extreme_score(slug: str, is_best: bool) -> CellScore:
    """As good or as bad as can be, and certain."""
    if slug == "time":
        return CellScore(0.0 if is_best else 1e30, 10**12)
    return CellScore(1.0 if is_best else -1.0, 10**12)


def filled_in(matrix: DecisionMatrix, name: str, slugs: Iterable[str], is_best: bool) -> DecisionMatrix:
    """The matrix if some cells of a framework were known."""
    scores = {slug: list(row) for slug, row in matrix.scores.items()}
    for slug in slugs:
        scores[slug][matrix.frameworks.index(name)] = extreme_score(slug, is_best)
    filled = replace(matrix)
    filled.__dict__["scores"] = scores
    return filled


@settings(max_examples=200)
@given(matrices(), weightings)
def test_unknown_flips_equal_those_found_by_filling_in_each_unknown_value(matrix, weights) -> None:
    """Without must-haves, which are read from claims, not from the scores that are filled in here."""
    recommendation = recommend(matrix, Weights(weights.weights))
    if recommendation.ending not in (Ending.CLEAR, Ending.CLOSE):
        return
    sensitivity = Sensitivity(recommendation)
    single = {(flip.framework, flip.criterion, flip.is_best): flip for flip in sensitivity.unknown_flips}
    together = {(flip.framework, flip.is_best): flip for flip in sensitivity.together_flips}
    answers = {(flip.framework, flip.is_best, flip.answer, flip.ending) for flip in single.values()}
    for name, is_best in product(matrix.frameworks, (True, False)):
        index = matrix.frameworks.index(name)
        unknown = [
            slug
            for slug in recommendation.weights.counted
            if matrix.values[slug][index] is None and (name, slug) not in matrix.not_applicable
        ]
        for slug in unknown:
            again = recommend(filled_in(matrix, name, [slug], is_best), recommendation.weights)
            if flip := single.get((name, slug, is_best)):
                assert (flip.answer, flip.ending) == (again.leader, again.ending)
            else:
                assert answer_of(again) == answer_of(recommendation)
        again = recommend(filled_in(matrix, name, unknown, is_best), recommendation.weights)
        if flip := together.get((name, is_best)):
            assert (flip.answer, flip.ending) == (again.leader, again.ending)
        elif answer_of(again) != answer_of(recommendation):
            assert (name, is_best, again.leader, again.ending) in answers


def documented(claim: int, **fields: Any) -> list[Evidence]:
    """One claim, from a documentation of its own."""
    return [evidence(claim, claim, source_kind=SourceKind.DOCUMENTATION, **fields)]


EASE = {("a", "ease"): documented(90, level=2), ("b", "ease"): documented(91, level=-1)}
PART_IS_A_MUST = Weights({"ease": 3, "part": 1}, frozenset({"part"}))


def sensitivity_with_parts(parts: dict[str, list[Evidence]]) -> Sensitivity:
    """Two frameworks, of which "a" is easier, with some claims on the must-have "part"."""
    claims = EASE | {(name, "part"): entries for name, entries in parts.items()}
    return Sensitivity(recommend(DecisionMatrix(["a", "b"], SPECS, claims), PART_IS_A_MUST))


def test_the_only_source_that_excludes_a_framework_is_a_flip() -> None:
    sensitivity = sensitivity_with_parts(
        {"a": documented(1, support=Support.NONE), "b": documented(2, support=Support.BUILT_IN)}
    )
    assert sensitivity.recommendation.leader == "b"
    assert answers_by("source", sensitivity.source_flips)[1] == "a"


def test_the_only_source_that_keeps_the_leader_qualified_is_a_flip() -> None:
    against = evidence(5, 5, support=Support.NONE)
    sensitivity = sensitivity_with_parts({"a": [*documented(1, support=Support.BUILT_IN), against]})
    assert sensitivity.recommendation.leader == "a"
    assert answers_by("source", sensitivity.source_flips)[1] == "b"


def test_an_unknown_must_have_can_exclude_the_leader() -> None:
    sensitivity = sensitivity_with_parts({"b": documented(2, support=Support.BUILT_IN)})
    (flip,) = sensitivity.unknown_flips
    assert (flip.framework, flip.criterion, flip.is_best, flip.answer) == ("a", "part", False, "b")


def test_without_the_only_evidence_there_is_no_answer() -> None:
    matrix = DecisionMatrix(["a", "b"], SPECS, {("a", "ease"): documented(1, level=2)})
    (flip,) = Sensitivity(recommend(matrix, Weights({"ease": 1}))).source_flips
    assert (flip.answer, flip.ending, flip.gap) == (None, Ending.NO_EVIDENCE, 0.0)


def test_ignoring_the_only_weighted_criterion_is_no_weight_flip() -> None:
    recommendation = recommend(DecisionMatrix(["a", "b"], SPECS, EASE), Weights({"ease": 1}))
    assert Sensitivity(recommendation).weight_flips == []


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


@settings(max_examples=40)
@given(level_rows, st.lists(st.integers(1, 3), min_size=9, max_size=9))
def test_firmness_does_not_depend_on_names(rows, weights) -> None:
    once = named_sensitivity(rows, weights, "abc", NINE_SLUGS)
    again = named_sensitivity(rows, weights, "zyx", NINE_SLUGS[::-1])
    if once.recommendation.ending is Ending.CLEAR:
        before, after = once.weight_firmness(), again.weight_firmness()
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
    answer_firmness = AnswerFirmness("a", firmness, None, 0)
    (bar,) = firmness_view(answer_firmness, Names({"a": "A", "b": "B"}, {})).bars
    shown = [share.percent for share in bar.shares]
    assert shown == percents
    assert sum(shown) == 100
    assert firmness.percent_favouring("a") == shown[0]
    assert answer_firmness.word == word


# Other articles.


def heard(matrix: DecisionMatrix, copies: dict[int, int]) -> DecisionMatrix:
    """The matrix with every claim of a source as often as it is heard, each time by a source of its own.

    In its verdicts a source that is heard twice stays one source.
    """
    claims = {
        cell_key: [
            entry._replace(
                claim=entry.claim + 100 * copy, source=entry.source + 100 * copy, origin=entry.origin + 100 * copy
            )
            for entry in entries
            for copy in range(copies.get(entry.origin, 1))
        ]
        for cell_key, entries in matrix.evidence.items()
    }
    again = replace(matrix, evidence=claims)
    again.verdicts.update({cell_key: matrix.verdict_on(cell_key, copies=copies) for cell_key in matrix.evidence})
    return again


CONTRADICTING = [(1, 1, -2), (2, 1, 1), (3, 2, -2), (4, 3, 1)]  # claim, source and level


@st.composite
def read_articles(draw: Any, articles: int = 4) -> DecisionMatrix:
    """Two or three frameworks on which some articles and a documentation speak, the articles up to twice in a cell.

    The last article repeats the first.
    """
    names = "abc"[: draw(st.integers(2, 3))]
    claims, sources = {}, range(1, articles + 3)
    repeating, documentation = sources[-2:]
    for name, spec in product(names, SPECS):
        speakers = draw(st.lists(st.sampled_from(sources), max_size=articles))
        claims[name, spec.slug] = [
            evidence(
                claim,
                source,
                source_kind=SourceKind.DOCUMENTATION if source == documentation else SOURCE_KINDS[2 + source % 2],
                **({"origin": 1, "depth": 1} if source == repeating else {}),
                **draw(st.sampled_from(VALUES[spec.kind])),
            )
            for claim, source in enumerate(speakers)
        ]
    not_applicable = draw(st.sets(st.sampled_from(sorted(claims)), max_size=1))
    return DecisionMatrix(list(names), SPECS, claims, frozenset(not_applicable))


@settings(max_examples=200)
@given(st.integers(2, 7).flatmap(read_articles), weightings)
def test_redrawn_sums_equal_those_of_recommending_again(matrix, weights) -> None:
    recommendation = recommend(matrix, weights)
    sensitivity = Sensitivity(recommendation)
    if len(sensitivity.articles) < 2:
        return
    draws, _ = article_draws(len(sensitivity.articles))
    redrawn = RedrawnScores(matrix, sensitivity.weights, sensitivity.musts, sensitivity.articles)
    sums = {name: redrawn.sums(name) for name in matrix.frameworks}
    assert redrawn.counts == list(draws.values())
    for number, copies in list(enumerate(draws))[:: len(draws) // 10 + 1]:
        heard_again = heard(matrix, dict(zip(sensitivity.articles, copies, strict=True)))
        for ranked in recommend(heard_again, weights).ranking:
            expected = float("-inf") if ranked.failed_musts else ranked.score * sensitivity.total
            assert sums[ranked.framework][number] == pytest.approx(expected, abs=1e-9)


def is_ahead(recommendation: Recommendation, name: str) -> bool:
    """Whether a framework qualifies and none scores higher."""
    scores = {ranked.framework: ranked.score for ranked in recommendation.qualified}
    return name in scores and scores[name] >= max(scores.values()) - EPSILON


@settings(max_examples=60)
@given(read_articles(), weightings)
def test_article_firmness_equals_recommending_again_for_each_draw(matrix, weights) -> None:
    recommendation = recommend(matrix, weights)
    sensitivity = Sensitivity(recommendation)
    if not sensitivity.has_rivals:
        return
    firmness = sensitivity.article_firmness()
    if len(sensitivity.articles) < MIN_ARTICLES:
        assert firmness is None
        return
    favour: Counter[str | None] = Counter()
    stays_ahead = 0
    orders = product(sensitivity.articles, repeat=len(sensitivity.articles))
    draws = Counter(
        tuple(map(order.count, sensitivity.articles)) for order in orders
    )  # many orders, few different draws
    for copies, count in draws.items():
        again = recommend(heard(matrix, dict(zip(sensitivity.articles, copies, strict=True))), weights)
        favour[again.leader] += count
        stays_ahead += count * is_ahead(again, recommendation.qualified[0].framework)
    assert firmness is not None
    assert firmness.stays_ahead == stays_ahead
    assert firmness.is_exhaustive
    assert {name: count for name, count in favour.items() if name} == firmness.favour
    assert favour[None] == firmness.too_close
    assert sum(favour.values()) == firmness.total


@pytest.mark.parametrize(
    ("copies", "fails"),
    [((3, 0, 0), True), ((0, 3, 0), True), ((0, 2, 1), False), ((0, 0, 3), False), ((2, 1, 0), False)],
)
def test_a_must_have_fails_in_draws_that_speak_against_it_undisputed(copies, fails) -> None:
    """Of three articles the first contradicts itself and alone disputes nothing, the second is against, one is for."""
    claims = [evidence(number, source, level=level) for number, source, level in CONTRADICTING]
    matrix = DecisionMatrix(["a"], SPECS, {("a", "ease"): claims})
    sums = RedrawnScores(matrix, {"ease": 3}, ["ease"], [1, 2, 3]).sums("a")
    by_copies = dict(zip(article_draws(3)[0], sums, strict=True))
    assert (by_copies[copies] == float("-inf")) == fails


@pytest.mark.parametrize(("articles", "total", "distinct"), [(3, 27, 10), (4, 256, 35)])
def test_all_draws_of_few_articles_are_tried(articles, total, distinct) -> None:
    draws, is_exhaustive = article_draws(articles)
    assert (sum(draws.values()), len(draws), is_exhaustive) == (total, distinct, True)
    assert all(sum(copies) == articles for copies in draws)


@pytest.mark.parametrize("articles", [5, 40])
def test_draws_of_many_articles_come_from_a_fixed_seed(articles) -> None:
    draws, is_exhaustive = article_draws.__wrapped__(articles)
    assert (sum(draws.values()), is_exhaustive) == (MAX_DRAWS, False)
    assert draws == article_draws.__wrapped__(articles)[0]
    assert all(len(copies) == sum(copies) == articles for copies in draws)


def test_a_lead_that_rests_on_documentation_alone_cannot_change_with_the_articles() -> None:
    claims = EASE | {("a", "part"): [evidence(number, number, support=Support.BUILT_IN) for number in (1, 2, 3)]}
    sensitivity = Sensitivity(recommend(DecisionMatrix(["a", "b"], SPECS, claims), Weights({"ease": 3})))
    assert sensitivity.articles == []
    assert sensitivity.article_firmness() is None


# What a lead is made of.


@settings(max_examples=100)
@given(matrices(), weightings)
def test_the_parts_of_a_lead_add_up(matrix, weights) -> None:
    recommendation = recommend(matrix, weights)
    if len(recommendation.ranking) < 2 or not recommendation.weights.counted:
        return
    first, second = recommendation.ranking[:2]
    parts = gap_parts(recommendation, first.framework, second.framework)
    assert parts.by_position + parts.by_strength == pytest.approx(first.score - second.score)
    shares = rests_on(recommendation, first.framework, second.framework)
    assert sum(shares.values()) == pytest.approx(1.0 if shares else 0.0)
    assert all(share > 0 for share in shares.values())


def lead_of(first: list[Evidence], second: list[Evidence]) -> Recommendation:
    claims = {("a", "ease"): first, ("b", "ease"): second}
    return recommend(DecisionMatrix(["a", "b"], SPECS, claims), Weights({"ease": 3}))


def article(source: int, level: int, kind: SourceKind = SourceKind.INDEPENDENT) -> Evidence:
    return evidence(source, source, level=level, source_kind=kind)


def test_a_framework_that_is_only_better_documented_is_better_known_not_better() -> None:
    recommendation = lead_of([article(1, 1), article(2, 1), article(3, 1)], [article(4, 1)])
    parts = gap_parts(recommendation, "a", "b")
    assert (parts.by_position, parts.is_better_known) == (0.0, True)
    assert parts.by_strength == pytest.approx(0.5 * (6 / 8 - 2 / 4))


def test_a_framework_with_a_better_position_is_better() -> None:
    parts = gap_parts(lead_of([article(1, 2)], [article(2, 0)]), "a", "b")
    assert (parts.by_position, parts.by_strength, parts.is_better_known) == (0.5, 0.0, False)


def test_a_lead_over_an_unknown_is_a_lead_in_what_is_known() -> None:
    assert gap_parts(lead_of([article(1, 2)], []), "a", "b").is_better_known


def test_a_lead_rests_on_the_sources_that_make_it() -> None:
    recommendation = lead_of(
        [article(1, 2), article(2, 1, SourceKind.VENDOR)], [article(3, -1, SourceKind.MEASUREMENT), article(4, 2)]
    )
    # a: (2·1 + 1·½) / 5: independent 0.4, vendor 0.1. b: 3·−½ / 7: measurement 0.214 against it, its article for it.
    shares = rests_on(recommendation, "a", "b")
    total = 0.4 + 0.1 + 1.5 / 7
    assert shares == pytest.approx(
        {
            SourceKind.INDEPENDENT: 0.4 / total,
            SourceKind.VENDOR: 0.1 / total,
            SourceKind.MEASUREMENT: 1.5 / 7 / total,
        }
    )

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comparison.evidence import (
    SOURCE_WEIGHTS,
    Evidence,
    Figure,
    Finding,
    Kind,
    Outcome,
    OutcomeReason,
    RowResult,
    SourceKind,
    State,
    Support,
    Verdict,
    agreement_state,
    comparable_values,
    outcome,
    score,
    verdict,
)
from tests.make import evidence

DOC, VENDOR, ARTICLE = SourceKind.DOCUMENTATION, SourceKind.VENDOR, SourceKind.INDEPENDENT


@st.composite
def evidence_entry(draw, claim: int = 0) -> Evidence:
    source = draw(st.integers(1, 6))
    low = draw(st.integers(0, 1000))
    return evidence(
        claim,
        source,
        source_kind=list(SourceKind)[source % 4],
        level=draw(st.integers(-2, 2)),
        support=draw(st.sampled_from(Support)),
        low=float(low),
        high=float(low + draw(st.integers(0, 50))),
        item=draw(st.sampled_from(["Instagram", "instagram", "Pinterest", "  Disqus "])),
        findings=draw(st.frozensets(st.sampled_from(Finding), max_size=2)),
    )


@st.composite
def cell(draw, min_size: int = 0) -> list[Evidence]:
    size = draw(st.integers(min_size, 8))
    return [draw(evidence_entry(claim)) for claim in range(1, size + 1)]


def levels(*opinions: tuple[int, int, SourceKind]) -> list[Evidence]:
    """The claims of a cell, one for each (source, level, kind)."""
    return [
        evidence(claim, source, level=level, source_kind=kind)
        for claim, (source, level, kind) in enumerate(opinions, 1)
    ]


@pytest.mark.parametrize(
    ("opinions", "expected", "state"),
    [
        ([(1, 1, VENDOR)], 1 / 3, State.ONE_SOURCE),
        ([(1, 2, DOC)], 6 / 5, State.ONE_SOURCE),
        ([(1, 1, ARTICLE), (2, 1, VENDOR)], 3 / 5, State.AGREED),
        ([(1, 1, ARTICLE), (2, -1, ARTICLE)], 0.0, State.DISPUTED),
        # Both vendors argue both ways; the article is against: weight 2 for, 2 against.
        ([(1, 1, VENDOR), (1, 1, VENDOR), (1, -1, VENDOR), (2, -1, ARTICLE), (3, 1, VENDOR)], -2 / 18, State.DISPUTED),
        ([(1, 1, ARTICLE), (2, 1, VENDOR), (3, -1, VENDOR)], 2 / 6, State.MOSTLY_AGREED),
        ([(1, 0, ARTICLE), (2, 1, VENDOR)], 1 / 5, State.AGREED),
        ([(1, 0, ARTICLE), (2, 0, VENDOR)], 0.0, State.AGREED),
    ],
)
def test_ratings_are_weighted_means_with_a_neutral_prior(opinions, expected, state) -> None:
    result = verdict(Kind.RATING, levels(*opinions))
    assert result.score == pytest.approx(expected)
    assert result.state == state


@pytest.mark.parametrize(
    ("minority", "total", "state"),
    [(0, 9, State.AGREED), (1, 4, State.MOSTLY_AGREED), (1, 3, State.DISPUTED), (2, 6, State.DISPUTED)],
)
def test_a_minority_of_a_third_makes_a_verdict_disputed(minority, total, state) -> None:
    assert agreement_state(3, minority, total) == state


def test_several_claims_of_one_source_are_one_opinion() -> None:
    result = verdict(Kind.RATING, levels((1, 2, ARTICLE), (1, 1, ARTICLE), (1, 0, ARTICLE)))
    assert [opinion.level for opinion in result.opinions] == [1.0]
    assert result.score == pytest.approx(2 / 4)


def test_a_source_that_argues_both_ways_is_marked() -> None:
    result = verdict(Kind.RATING, levels((1, 1, ARTICLE), (1, -1, ARTICLE), (2, 1, ARTICLE), (2, 0, ARTICLE)))
    assert [opinion.contradicts_itself for opinion in result.opinions] == [True, False]


@pytest.mark.parametrize("finding", [Finding.FALSE, Finding.OUTDATED])
def test_false_and_outdated_claims_are_set_aside(finding) -> None:
    result = verdict(Kind.RATING, [evidence(1, 1, level=2, findings=frozenset({finding})), evidence(2, 2, level=-1)])
    assert (result.set_aside, result.opposing, result.supporting) == ((1,), (2,), ())
    assert result.state == State.ONE_SOURCE


@pytest.mark.parametrize("finding", [Finding.MISLEADING, Finding.CONFIRMED])
def test_misleading_and_confirmed_claims_count(finding) -> None:
    assert verdict(Kind.RATING, [evidence(1, level=2, findings=frozenset({finding}))]).supporting == (1,)


@pytest.mark.parametrize("kind", Kind)
def test_a_cell_without_claims_has_no_evidence_rather_than_a_no(kind) -> None:
    result = verdict(kind, [])
    assert result.state == State.NO_EVIDENCE
    assert not result.is_known
    assert (result.score, result.support, result.figure, result.items) == (None, None, None, ())


@pytest.mark.parametrize("kind", Kind)
def test_a_cell_whose_claims_are_all_set_aside_has_no_evidence(kind) -> None:
    wrong = evidence(1, level=-2, support=Support.NONE, low=1, high=1, item="x", findings=frozenset({Finding.FALSE}))
    assert verdict(kind, [wrong]).state == State.NO_EVIDENCE


def test_no_claim_counts_on_a_criterion_that_does_not_apply() -> None:
    result = verdict(Kind.FEATURE, [evidence(1, support=Support.NONE)], is_applicable=False)
    assert (result.state, result.support, result.set_aside) == (State.NOT_APPLICABLE, None, (1,))


@pytest.mark.parametrize(
    ("opinions", "expected", "state"),
    [
        ([(1, "built-in", VENDOR)], "built-in", State.ONE_SOURCE),
        ([(1, "built-in", VENDOR), (2, "none", DOC)], "none", State.MOSTLY_AGREED),
        ([(1, "built-in", ARTICLE), (2, "none", ARTICLE)], "none", State.DISPUTED),  # a tie promises nothing
        ([(1, "built-in", DOC), (2, "built-in", ARTICLE), (3, "extension", VENDOR)], "built-in", State.MOSTLY_AGREED),
        ([(1, "extension", VENDOR), (1, "extension", VENDOR), (1, "none", VENDOR)], "extension", State.ONE_SOURCE),
    ],
)
def test_features_go_by_weighted_majority(opinions, expected, state) -> None:
    claims = [
        evidence(claim, source, support=Support(support), source_kind=kind)
        for claim, (source, support, kind) in enumerate(opinions, 1)
    ]
    result = verdict(Kind.FEATURE, claims)
    assert (result.support, result.state) == (expected, state)


@pytest.mark.parametrize(
    ("spans", "middle", "state"),
    [
        ([(4, 6)], 5, State.ONE_SOURCE),
        ([(100, 100), (105, 105)], 102.5, State.AGREED),
        ([(100, 100), (150, 150)], 125, State.MOSTLY_AGREED),
        ([(100, 100), (200, 200)], 150, State.DISPUTED),
        ([(0, 0), (5, 5)], 2.5, State.DISPUTED),
        ([(0, 0), (0, 0)], 0, State.AGREED),
        ([(90, 110), (100, 100), (300, 300)], 100, State.DISPUTED),
    ],
)
def test_figures_have_a_median_and_a_span(spans, middle, state) -> None:
    entries = [evidence(number, number, low=low, high=high) for number, (low, high) in enumerate(spans)]
    result = verdict(Kind.FIGURE, entries)
    assert result.figure is not None
    assert result.figure == Figure(middle, min(low for low, _ in spans), max(high for _, high in spans))
    assert result.state == state


def test_items_count_the_sources_that_name_them() -> None:
    result = verdict(
        Kind.LIST,
        [
            evidence(1, 1, item="Instagram"),
            evidence(2, 1, item="instagram "),
            evidence(3, 2, item="Instagram"),
            evidence(4, 2, item="Disqus"),
        ],
    )
    assert [(item.name, item.sources, item.claims) for item in result.items] == [
        ("Instagram", 2, (1, 2, 3)),
        ("Disqus", 1, (4,)),
    ]
    assert result.state == State.MOSTLY_AGREED


def test_a_source_that_repeats_another_counts_once() -> None:
    original = [evidence(1, 1, level=2), evidence(2, 1, level=1)]
    copy = [evidence(3, 2, level=2, origin=1, depth=1, source_kind=DOC)]
    result = verdict(Kind.RATING, original + copy)
    assert result.score == verdict(Kind.RATING, original).score
    assert result.set_aside == (3,)
    assert result.state == State.ONE_SOURCE


def test_the_nearest_copy_counts_if_its_original_has_no_claim() -> None:
    result = verdict(
        Kind.RATING, [evidence(1, 2, level=2, origin=1, depth=1), evidence(2, 3, level=1, origin=1, depth=2)]
    )
    assert (result.sources, result.supporting, result.set_aside) == ((2,), (1,), (2,))


@given(cell(), st.sampled_from(Kind), st.randoms())
def test_the_order_of_claims_never_matters(claims, kind, random) -> None:
    shuffled = list(claims)
    random.shuffle(shuffled)
    assert verdict(kind, shuffled) == verdict(kind, claims)


@given(cell(), st.sampled_from([Kind.RATING, Kind.FIT]))
def test_scores_lie_between_minus_two_and_two(claims, kind) -> None:
    result = verdict(kind, claims)
    assert result.score is None or -2 <= result.score <= 2


@given(cell(min_size=1), st.sampled_from(Kind))
def test_a_source_that_repeats_every_claim_of_another_changes_nothing(claims, kind) -> None:
    """Source 50 repeats every claim of source 1."""
    copies = [
        evidence(
            100 + entry.claim, 50, origin=entry.source, depth=1, source_kind=DOC, level=entry.level,
            support=entry.support, low=entry.low, high=entry.high, item=entry.item,
        )
        for entry in claims
        if entry.source == 1 and not entry.findings & {Finding.FALSE, Finding.OUTDATED}
    ]  # fmt: skip
    before, after = verdict(kind, claims), verdict(kind, claims + copies)
    assert (after.state, after.score, after.support, after.figure, after.items, after.opinions) == (
        before.state,
        before.score,
        before.support,
        before.figure,
        before.items,
        before.opinions,
    )


@given(cell(), st.integers(1, 2))
def test_a_supporting_source_never_makes_a_score_negative(claims, level) -> None:
    before = verdict(Kind.RATING, claims).score or 0.0
    after = verdict(Kind.RATING, [*claims, evidence(100, 99, level=level)]).score or 0.0
    if before >= 0:
        assert after > 0
    assert after >= min(before, 0.0)


@given(cell(), st.sampled_from(Kind))
def test_every_claim_appears_once_in_a_verdict(claims, kind) -> None:
    result = verdict(kind, claims)
    parts = [*result.supporting, *result.opposing, *result.neutral, *result.set_aside]
    assert sorted(parts) == [entry.claim for entry in claims]


@given(st.lists(st.tuples(st.sampled_from([1, 2, 3]), st.floats(-2, 2)), min_size=1))
def test_a_score_lies_between_zero_and_the_levels(pairs) -> None:
    levels = [level for _, level in pairs]
    assert min(0.0, *levels) - 1e-9 <= score(pairs) <= max(0.0, *levels) + 1e-9


def rating(*source_levels: int, kind: SourceKind = ARTICLE) -> Verdict:
    """A verdict on one level from each of several sources."""
    return verdict(Kind.RATING, levels(*((source, level, kind) for source, level in enumerate(source_levels, 1))))


def test_the_higher_score_leads() -> None:
    assert outcome(Kind.RATING, [rating(1, 1), rating(-1, -1)]) == Outcome(RowResult.LEAD, 0)


def test_a_lead_that_depends_on_one_source_gives_it_as_the_reason() -> None:
    result = outcome(Kind.RATING, [rating(-1, -1), rating(2)])
    assert (result.result, result.leader, result.reason, result.subjects) == (
        RowResult.LEAD,
        1,
        OutcomeReason.ONE_SOURCE,
        (1,),
    )


def test_scores_less_than_a_quarter_apart_are_even() -> None:
    # 3/5 against 2/5 by one article and one vendor: 0.2 apart.
    first = verdict(Kind.RATING, levels((1, 1, ARTICLE), (2, 1, VENDOR)))
    second = verdict(Kind.RATING, levels((1, 1, ARTICLE), (2, 0, VENDOR)))
    assert outcome(Kind.RATING, [first, second]).result == RowResult.EVEN


def test_a_quarter_apart_is_enough_to_lead() -> None:
    first = verdict(Kind.RATING, levels((1, 1, ARTICLE), (2, 1, ARTICLE), (3, 1, ARTICLE)))  # 6/8
    second = verdict(Kind.RATING, levels((1, 1, ARTICLE)))  # 2/4
    assert outcome(Kind.RATING, [first, second]).leader == 0


def test_no_framework_leads_if_one_is_unknown() -> None:
    result = outcome(Kind.RATING, [rating(2, 2), verdict(Kind.RATING, [])])
    assert (result.result, result.reason, result.subjects) == (RowResult.UNSETTLED, OutcomeReason.UNKNOWN, (1,))


def test_no_framework_leads_if_one_is_disputed() -> None:
    result = outcome(Kind.RATING, [rating(2, 2), rating(1, -1)])
    assert (result.result, result.reason, result.subjects) == (RowResult.UNSETTLED, OutcomeReason.DISPUTED, (1,))


def test_lists_are_not_ranked() -> None:
    lists = [verdict(Kind.LIST, [evidence(1, item="x")]), verdict(Kind.LIST, [])]
    assert outcome(Kind.LIST, lists) == Outcome(RowResult.UNRANKED, reason=OutcomeReason.LIST)


def test_a_criterion_that_does_not_apply_is_not_ranked() -> None:
    row = [verdict(Kind.FEATURE, [evidence(1, support=Support.BUILT_IN)]), verdict(Kind.FEATURE, [], False)]
    result = outcome(Kind.FEATURE, row)
    assert (result.result, result.reason, result.subjects) == (RowResult.UNRANKED, OutcomeReason.NOT_APPLICABLE, (1,))


def test_one_framework_has_no_rival() -> None:
    assert outcome(Kind.RATING, [rating(2)]).reason == OutcomeReason.NO_RIVAL


@pytest.mark.parametrize(("lower_is_better", "expected"), [(True, [1.0, 0.5]), (False, [0.5, 1.0])])
def test_the_value_of_a_figure_is_its_ratio_to_the_best(lower_is_better, expected) -> None:
    row = [verdict(Kind.FIGURE, [evidence(1, low=value, high=value)]) for value in (10, 20)]
    assert comparable_values(row, lower_is_better) == expected


def test_a_figure_of_zero_is_the_lowest_possible() -> None:
    row = [verdict(Kind.FIGURE, [evidence(1, low=value, high=value)]) for value in (0, 20)]
    assert comparable_values(row, lower_is_better=True) == [1.0, 0.0]


def test_feature_values_range_from_built_in_to_none() -> None:
    row = [verdict(Kind.FEATURE, [evidence(1, support=support)]) for support in Support]
    assert comparable_values(row) == [1.0, 0.5, 0.0, -1.0]


@given(st.lists(cell(), min_size=2, max_size=4), st.sampled_from(Kind), st.booleans())
def test_a_leader_is_known_undisputed_and_a_quarter_ahead(cells, kind, lower_is_better) -> None:
    row = [verdict(kind, claims) for claims in cells]
    result = outcome(kind, row, lower_is_better)
    if result.result is RowResult.LEAD:
        assert result.leader is not None
        assert all(cell_verdict.is_known and cell_verdict.state is not State.DISPUTED for cell_verdict in row)
        values = [value or 0.0 for value in comparable_values(row, lower_is_better)]
        leader_value = values.pop(result.leader)
        assert all(leader_value - value >= 0.25 - 1e-9 for value in values)
    else:
        assert result.leader is None


def test_documentation_and_measurements_weigh_most() -> None:
    assert [SOURCE_WEIGHTS[kind] for kind in SourceKind] == [3, 3, 2, 1]

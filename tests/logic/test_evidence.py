import pytest
from hypothesis import given
from hypothesis import strategies as st

from comparison.evidence import (
    WEIGHTS,
    Evidence,
    Finding,
    Kind,
    Outcome,
    Reason,
    RowResult,
    SourceKind,
    State,
    Support,
    agreement,
    comparable_values,
    outcome,
    score,
    verdict,
)
from tests.make import evidence

DOC, VENDOR, ARTICLE = SourceKind.DOCUMENTATION, SourceKind.VENDOR, SourceKind.INDEPENDENT


@st.composite
def one_evidence(draw, claim: int = 0) -> Evidence:
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
    return [draw(one_evidence(claim)) for claim in range(1, size + 1)]


def levels(*said: tuple[int, int, SourceKind]) -> list[Evidence]:
    """(source, level, kind) triples as the claims of a cell."""
    return [
        evidence(claim, source, level=level, source_kind=kind) for claim, (source, level, kind) in enumerate(said, 1)
    ]


@pytest.mark.parametrize(
    ("said", "expected", "state"),
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
def test_ratings_follow_the_rule(said, expected, state) -> None:
    found = verdict(Kind.RATING, levels(*said))
    assert found.score == pytest.approx(expected)
    assert found.state == state


@pytest.mark.parametrize(
    ("minority", "total", "state"),
    [(0, 9, State.AGREED), (1, 4, State.MOSTLY_AGREED), (1, 3, State.DISPUTED), (2, 6, State.DISPUTED)],
)
def test_from_a_third_on_it_is_disputed(minority, total, state) -> None:
    assert agreement(3, minority, total) == state


def test_several_claims_of_one_source_are_one_opinion() -> None:
    found = verdict(Kind.RATING, levels((1, 2, ARTICLE), (1, 1, ARTICLE), (1, 0, ARTICLE)))
    assert [one.level for one in found.opinions] == [1.0]
    assert found.score == pytest.approx(2 / 4)


def test_a_source_that_argues_both_ways_is_marked() -> None:
    found = verdict(Kind.RATING, levels((1, 1, ARTICLE), (1, -1, ARTICLE), (2, 1, ARTICLE), (2, 0, ARTICLE)))
    assert [one.contradicts_itself for one in found.opinions] == [True, False]


@pytest.mark.parametrize("finding", [Finding.FALSE, Finding.OUTDATED])
def test_false_and_outdated_claims_are_set_aside(finding) -> None:
    found = verdict(Kind.RATING, [evidence(1, 1, level=2, findings=frozenset({finding})), evidence(2, 2, level=-1)])
    assert (found.set_aside, found.opposing, found.supporting) == ((1,), (2,), ())
    assert found.state == State.ONE_SOURCE


@pytest.mark.parametrize("finding", [Finding.MISLEADING, Finding.CONFIRMED])
def test_misleading_and_confirmed_claims_count(finding) -> None:
    assert verdict(Kind.RATING, [evidence(1, level=2, findings=frozenset({finding}))]).supporting == (1,)


@pytest.mark.parametrize("kind", Kind)
def test_no_claims_give_no_evidence_and_never_no(kind) -> None:
    found = verdict(kind, [])
    assert found.state == State.NO_EVIDENCE
    assert not found.known
    assert (found.score, found.support, found.figure, found.items) == (None, None, None, ())


@pytest.mark.parametrize("kind", Kind)
def test_only_set_aside_claims_give_no_evidence(kind) -> None:
    wrong = evidence(1, level=-2, support=Support.NONE, low=1, high=1, item="x", findings=frozenset({Finding.FALSE}))
    assert verdict(kind, [wrong]).state == State.NO_EVIDENCE


def test_a_criterion_that_does_not_apply_counts_nothing() -> None:
    found = verdict(Kind.FEATURE, [evidence(1, support=Support.NONE)], applicable=False)
    assert (found.state, found.support, found.set_aside) == (State.NOT_APPLICABLE, None, (1,))


@pytest.mark.parametrize(
    ("said", "expected", "state"),
    [
        ([(1, "built-in", VENDOR)], "built-in", State.ONE_SOURCE),
        ([(1, "built-in", VENDOR), (2, "none", DOC)], "none", State.MOSTLY_AGREED),
        ([(1, "built-in", ARTICLE), (2, "none", ARTICLE)], "none", State.DISPUTED),  # a tie promises nothing
        ([(1, "built-in", DOC), (2, "built-in", ARTICLE), (3, "extension", VENDOR)], "built-in", State.MOSTLY_AGREED),
        ([(1, "extension", VENDOR), (1, "extension", VENDOR), (1, "none", VENDOR)], "extension", State.ONE_SOURCE),
    ],
)
def test_features_go_by_weighted_majority(said, expected, state) -> None:
    claims = [
        evidence(place, source, support=Support(support), source_kind=kind)
        for place, (source, support, kind) in enumerate(said, 1)
    ]
    found = verdict(Kind.FEATURE, claims)
    assert (found.support, found.state) == (expected, state)


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
    found = verdict(
        Kind.FIGURE, [evidence(place, place, low=low, high=high) for place, (low, high) in enumerate(spans)]
    )
    assert found.figure is not None
    assert (found.figure.median, found.figure.low, found.figure.high) == (
        middle,
        min(spans)[0],
        max(s[1] for s in spans),
    )
    assert found.state == state


def test_items_count_the_sources_that_name_them() -> None:
    found = verdict(
        Kind.LIST,
        [
            evidence(1, 1, item="Instagram"),
            evidence(2, 1, item="instagram "),
            evidence(3, 2, item="Instagram"),
            evidence(4, 2, item="Disqus"),
        ],
    )
    assert [(one.name, one.sources, one.claims) for one in found.items] == [
        ("Instagram", 2, (1, 2, 3)),
        ("Disqus", 1, (4,)),
    ]
    assert found.state == State.MOSTLY_AGREED


def test_a_source_that_repeats_another_counts_once() -> None:
    original = [evidence(1, 1, level=2), evidence(2, 1, level=1)]
    copy = [evidence(3, 2, level=2, origin=1, depth=1, source_kind=DOC)]
    found = verdict(Kind.RATING, original + copy)
    assert found.score == verdict(Kind.RATING, original).score
    assert found.set_aside == (3,)
    assert found.state == State.ONE_SOURCE


def test_a_copy_speaks_where_its_original_is_silent() -> None:
    found = verdict(
        Kind.RATING, [evidence(1, 2, level=2, origin=1, depth=1), evidence(2, 3, level=1, origin=1, depth=2)]
    )
    assert (found.sources, found.supporting, found.set_aside) == ((2,), (1,), (2,))


@given(cell(), st.sampled_from(Kind), st.randoms())
def test_the_order_of_claims_never_matters(claims, kind, random) -> None:
    shuffled = list(claims)
    random.shuffle(shuffled)
    assert verdict(kind, shuffled) == verdict(kind, claims)


@given(cell(), st.sampled_from([Kind.RATING, Kind.FIT]))
def test_scores_stay_within_two(claims, kind) -> None:
    found = verdict(kind, claims)
    assert found.score is None or -2 <= found.score <= 2


@given(cell(min_size=1), st.sampled_from(Kind))
def test_repeating_a_source_changes_nothing(claims, kind) -> None:
    """Every claim of source 1 said again by a source that repeats it."""
    copies = [
        evidence(
            100 + one.claim, 50, origin=one.source, depth=1, source_kind=DOC, level=one.level, support=one.support,
            low=one.low, high=one.high, item=one.item,
        )
        for one in claims
        if one.source == 1 and not one.findings & {Finding.FALSE, Finding.OUTDATED}
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
def test_a_supporting_source_never_lowers_the_side(claims, level) -> None:
    before = verdict(Kind.RATING, claims).score or 0.0
    after = verdict(Kind.RATING, [*claims, evidence(100, 99, level=level)]).score or 0.0
    if before >= 0:
        assert after > 0
    assert after >= min(before, 0.0)


@given(cell(), st.sampled_from(Kind))
def test_every_claim_is_accounted_for_once(claims, kind) -> None:
    found = verdict(kind, claims)
    parts = [*found.supporting, *found.opposing, *found.neutral, *found.set_aside]
    assert sorted(parts) == [one.claim for one in claims]


@given(st.lists(st.tuples(st.sampled_from([1, 2, 3]), st.floats(-2, 2)), min_size=1))
def test_a_score_lies_between_zero_and_the_levels(pairs) -> None:
    cited = [level for _, level in pairs]
    assert min(0.0, *cited) - 1e-9 <= score(pairs) <= max(0.0, *cited) + 1e-9


def rated(*said: int, kind: SourceKind = ARTICLE) -> object:
    return verdict(Kind.RATING, levels(*((source, level, kind) for source, level in enumerate(said, 1))))


def test_the_higher_score_leads() -> None:
    assert outcome(Kind.RATING, [rated(1, 1), rated(-1, -1)]) == Outcome(RowResult.LEAD, 0)


def test_a_lead_on_one_source_says_so() -> None:
    found = outcome(Kind.RATING, [rated(-1, -1), rated(2)])
    assert (found.result, found.leader, found.reason, found.subjects) == (RowResult.LEAD, 1, Reason.ONE_SOURCE, (1,))


def test_less_than_a_quarter_apart_is_even() -> None:
    # 3/5 against 2/5 by one article and one vendor: 0.2 apart.
    nearly = verdict(Kind.RATING, levels((1, 1, ARTICLE), (2, 0, VENDOR)))
    assert (
        outcome(Kind.RATING, [verdict(Kind.RATING, levels((1, 1, ARTICLE), (2, 1, VENDOR))), nearly]).result
        == RowResult.EVEN
    )


def test_a_quarter_apart_is_enough() -> None:
    first = verdict(Kind.RATING, levels((1, 1, ARTICLE), (2, 1, ARTICLE), (3, 1, ARTICLE)))  # 6/8
    second = verdict(Kind.RATING, levels((1, 1, ARTICLE)))  # 2/4
    assert outcome(Kind.RATING, [first, second]).leader == 0


def test_nobody_leads_where_one_side_is_unknown() -> None:
    found = outcome(Kind.RATING, [rated(2, 2), verdict(Kind.RATING, [])])
    assert (found.result, found.reason, found.subjects) == (RowResult.UNSETTLED, Reason.UNKNOWN, (1,))


def test_nobody_leads_where_a_side_is_disputed() -> None:
    found = outcome(Kind.RATING, [rated(2, 2), rated(1, -1)])
    assert (found.result, found.reason, found.subjects) == (RowResult.UNSETTLED, Reason.DISPUTED, (1,))


def test_lists_are_not_ranked() -> None:
    lists = [verdict(Kind.LIST, [evidence(1, item="x")]), verdict(Kind.LIST, [])]
    assert outcome(Kind.LIST, lists) == Outcome(RowResult.UNRANKED, reason=Reason.LIST)


def test_what_does_not_apply_is_not_ranked() -> None:
    found = outcome(
        Kind.FEATURE, [verdict(Kind.FEATURE, [evidence(1, support=Support.BUILT_IN)]), verdict(Kind.FEATURE, [], False)]
    )
    assert (found.result, found.reason, found.subjects) == (RowResult.UNRANKED, Reason.NOT_APPLICABLE, (1,))


def test_one_framework_has_no_rival() -> None:
    assert outcome(Kind.RATING, [rated(2)]).reason == Reason.NO_RIVAL


@pytest.mark.parametrize(("lower", "expected"), [(True, [1.0, 0.5]), (False, [0.5, 1.0])])
def test_figures_stand_by_their_ratio_to_the_best(lower, expected) -> None:
    row = [verdict(Kind.FIGURE, [evidence(1, low=value, high=value)]) for value in (10, 20)]
    assert comparable_values(row, lower) == expected


def test_a_figure_of_nought_is_the_lowest_of_all() -> None:
    row = [verdict(Kind.FIGURE, [evidence(1, low=value, high=value)]) for value in (0, 20)]
    assert comparable_values(row, lower_is_better=True) == [1.0, 0.0]


def test_features_stand_from_built_in_to_none() -> None:
    row = [verdict(Kind.FEATURE, [evidence(1, support=support)]) for support in Support]
    assert comparable_values(row) == [1.0, 0.5, 0.0, -1.0]


@given(st.lists(cell(), min_size=2, max_size=4), st.sampled_from(Kind), st.booleans())
def test_an_outcome_keeps_its_promises(cells, kind, lower) -> None:
    row = [verdict(kind, claims) for claims in cells]
    found = outcome(kind, row, lower)
    if found.result is RowResult.LEAD:
        assert found.leader is not None
        assert all(one.known and one.state is not State.DISPUTED for one in row)
        stand = comparable_values(row, lower)
        assert all(
            (stand[found.leader] or 0) - (other or 0) >= 0.25 - 1e-9
            for place, other in enumerate(stand)
            if place != found.leader
        )
    else:
        assert found.leader is None


def test_documents_and_measurements_weigh_most() -> None:
    assert [WEIGHTS[kind] for kind in SourceKind] == [3, 3, 2, 1]

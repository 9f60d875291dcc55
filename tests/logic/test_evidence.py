"""Verdicts: tables worked by hand, and rules that hold for any claims."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comparison.evidence import (
    ARTICLES,
    EPSILON,
    Figure,
    Finding,
    Kind,
    SourceKind,
    State,
    Support,
    agreement_state,
    source_weight,
    strength,
    verdict,
)
from comparison.wording import verdict_word
from tests.evidence_cases import ARTICLE, DOC, MEASURED, VENDOR, cell, figures, levels, supports
from tests.make import evidence

ASIDE = (Finding.FALSE, Finding.OUTDATED, Finding.MISLEADING)


@pytest.mark.parametrize(
    ("kind", "weights"),
    [
        # documentation, measurement, metadata, independent, vendor
        (Kind.FEATURE, [3, 3, 3, 2, 1]),
        (Kind.FIGURE, [3, 3, 3, 2, 1]),
        (Kind.LIST, [3, 3, 3, 2, 1]),
        (Kind.RATING, [1, 3, 1, 2, 1]),
        (Kind.FIT, [1, 3, 1, 2, 1]),
    ],
)
def test_weight_depends_on_what_a_source_can_know(kind, weights) -> None:
    assert [source_weight(kind, source_kind) for source_kind in SourceKind] == weights


@pytest.mark.parametrize("kind", Kind)
def test_a_maker_on_a_rival_counts_least(kind) -> None:
    assert source_weight(kind, DOC, is_own=False) == source_weight(kind, SourceKind.METADATA, is_own=False) == 1


METADATA = SourceKind.METADATA


@pytest.mark.parametrize("kind", [Kind.RATING, Kind.FIT])
def test_a_makers_documentation_and_metadata_are_one_voice_on_opinions(kind) -> None:
    claims = [
        evidence(1, 5, level=1, source_kind=METADATA, maker=7),
        evidence(2, 6, level=2, source_kind=DOC, maker=7),
        evidence(3, 4, level=2, source_kind=DOC, maker=8, is_own=False),
    ]
    alone = verdict(kind, claims[:2])
    assert (alone.position, alone.weight, alone.state) == (3 / 4, 1, State.ONE_SOURCE)
    assert (alone.sources, alone.opinions[0].source_kind, alone.supporting) == ((6, 5), DOC, (1, 2))
    assert alone.is_makers_alone
    with_rival = verdict(kind, claims)
    assert (with_rival.weight, with_rival.state, with_rival.is_makers_alone) == (2, State.AGREED, True)
    assert not verdict(kind, [*claims, evidence(9, 9, level=1)]).is_makers_alone
    assert not verdict(kind, ()).is_makers_alone


def test_what_can_be_looked_up_is_looked_up_in_each_of_a_makers_sources() -> None:
    claims = [
        evidence(1, 5, support=Support.BUILT_IN, low=2, high=2, item="x", source_kind=METADATA, maker=7),
        evidence(2, 6, support=Support.BUILT_IN, low=2, high=2, item="x", source_kind=DOC, maker=7),
    ]
    for kind in (Kind.FEATURE, Kind.FIGURE, Kind.LIST):
        both = verdict(kind, claims)
        assert (both.weight, both.state, both.is_makers_alone) == (6, State.AGREED, False)


def test_an_extension_beside_partial_support_contradicts_nothing() -> None:
    partly = verdict(Kind.FEATURE, supports((1, "partial", DOC), (1, "extension", DOC)))
    (opinion,) = partly.opinions
    assert (opinion.contradicts_itself, opinion.for_share, opinion.against_share) == (False, 1.0, 0.0)
    assert (verdict_word(partly), partly.position) == ("In part, more by extension", 0.5)
    agreed = verdict(Kind.FEATURE, supports((1, "partial", DOC), (1, "extension", DOC), (2, "built-in", DOC)))
    assert agreed.state is State.AGREED
    disputed = verdict(Kind.FEATURE, supports((1, "partial", DOC), (2, "extension", DOC)))
    assert (disputed.state, verdict_word(disputed)) == (State.DISPUTED, "By extension or in part")
    against = verdict(Kind.FEATURE, supports((1, "built-in", DOC), (1, "none", DOC)))
    assert against.opinions[0].contradicts_itself


@pytest.mark.parametrize(("weight", "expected"), [(0, 0), (1, 1 / 3), (2, 1 / 2), (3, 3 / 5), (6, 3 / 4)])
def test_strength_grows_with_weight(weight, expected) -> None:
    assert strength(weight) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("opinions", "position", "weight", "state"),
    [
        # (sources: id, level, kind)   Σ weight·level/2 / Σ weight
        ([(1, 1, VENDOR)], 1 / 2, 1, State.ONE_SOURCE),
        ([(1, 2, DOC)], 1.0, 1, State.ONE_SOURCE),
        ([(1, 1, ARTICLE), (2, 1, VENDOR)], 1 / 2, 3, State.AGREED),
        ([(1, 1, ARTICLE), (2, -1, ARTICLE)], 0.0, 4, State.DISPUTED),
        # The vendor argues twice for and once against: 2/3 of its weight for, 1/3 against, mean level 1/3.
        ([(1, 1, VENDOR), (1, 1, VENDOR), (1, -1, VENDOR), (2, 1, ARTICLE)], 7 / 18, 3, State.MOSTLY_AGREED),
        ([(1, 1, ARTICLE), (2, 1, VENDOR), (3, -1, VENDOR)], 1 / 4, 4, State.MOSTLY_AGREED),
        ([(1, 0, ARTICLE), (2, 1, VENDOR)], 1 / 6, 3, State.AGREED),
        ([(1, 0, ARTICLE), (2, 0, VENDOR)], 0.0, 3, State.AGREED),
        # A source that argues both ways with mean 0 takes both sides.
        ([(1, 1, VENDOR), (1, -1, VENDOR), (2, 2, VENDOR)], 1 / 2, 2, State.MOSTLY_AGREED),
    ],
)
def test_ratings_follow_the_rule(opinions, position, weight, state) -> None:
    result = verdict(Kind.RATING, levels(*opinions))
    assert result.position == pytest.approx(position)
    assert (result.weight, result.state) == (weight, state)
    assert result.strength == pytest.approx(weight / (weight + 2))


@pytest.mark.parametrize(
    ("weight_for", "weight_against", "state"),
    [
        (9, 0, State.AGREED),
        (0, 0, State.AGREED),
        (3, 1, State.MOSTLY_AGREED),
        (2, 1, State.DISPUTED),
        (2 / 3, 4 / 3, State.DISPUTED),
        (3, 3, State.DISPUTED),
    ],
)
def test_from_a_third_on_it_is_disputed(weight_for, weight_against, state) -> None:
    assert agreement_state(3, weight_for, weight_against) == agreement_state(3, weight_against, weight_for) == state


def test_several_claims_of_one_source_are_one_opinion() -> None:
    result = verdict(Kind.RATING, levels((1, 2, ARTICLE), (1, 1, ARTICLE), (1, 0, ARTICLE)))
    assert [opinion.position for opinion in result.opinions] == [0.5]
    assert result.weight == 2


def test_a_source_that_argues_both_ways_is_marked_and_parted() -> None:
    result = verdict(Kind.RATING, levels((1, 1, ARTICLE), (1, -1, ARTICLE), (2, 1, ARTICLE), (2, 0, ARTICLE)))
    assert [opinion.contradicts_itself for opinion in result.opinions] == [True, False]
    assert [(opinion.for_share, opinion.against_share) for opinion in result.opinions] == [(0.5, 0.5), (1.0, 0.0)]


@pytest.mark.parametrize("finding", ASIDE)
def test_claims_found_wrong_are_set_aside(finding) -> None:
    result = verdict(Kind.RATING, [evidence(1, 1, level=2, findings=frozenset({finding})), evidence(2, 2, level=-1)])
    assert (result.set_aside, result.opposing, result.supporting) == ((1,), (2,), ())
    assert result.state == State.ONE_SOURCE


def test_confirmed_claims_count() -> None:
    confirmed = evidence(1, level=2, findings=frozenset({Finding.CONFIRMED}))
    assert verdict(Kind.RATING, [confirmed]).supporting == (1,)


@pytest.mark.parametrize("kind", Kind)
def test_no_claims_are_no_evidence_and_never_a_no(kind) -> None:
    result = verdict(kind, [])
    assert result.state == State.NO_EVIDENCE
    assert not result.is_known
    assert (result.position, result.support, result.figure, result.items) == (None, None, None, ())
    assert (result.weight, result.strength) == (0, 0.0)


@pytest.mark.parametrize("kind", Kind)
def test_a_cell_whose_claims_are_all_set_aside_has_no_evidence(kind) -> None:
    wrong = evidence(1, level=-2, support=Support.NONE, low=1, high=1, item="x", findings=frozenset({Finding.FALSE}))
    assert verdict(kind, [wrong]).state == State.NO_EVIDENCE


def test_no_claim_counts_on_a_criterion_that_does_not_apply() -> None:
    result = verdict(Kind.FEATURE, [evidence(1, support=Support.NONE)], is_applicable=False)
    assert (result.state, result.support, result.set_aside) == (State.NOT_APPLICABLE, None, (1,))


@pytest.mark.parametrize(
    ("opinions", "named", "position", "state"),
    [
        ([(1, "built-in", VENDOR)], ("built-in",), 1.0, State.ONE_SOURCE),
        ([(1, "partial", VENDOR)], ("partial",), 0.5, State.ONE_SOURCE),
        ([(1, "extension", ARTICLE)], ("extension",), 0.5, State.ONE_SOURCE),
        ([(1, "none", ARTICLE), (2, "none", VENDOR)], ("none",), -1.0, State.AGREED),
        # documentation 3 against, vendor 1 for: a quarter
        ([(1, "built-in", VENDOR), (2, "none", DOC)], ("none",), -2 / 4, State.MOSTLY_AGREED),
        # a tie names both; the lesser decides
        ([(1, "built-in", ARTICLE), (2, "none", ARTICLE)], ("built-in", "none"), 0.0, State.DISPUTED),
        # in the box or not: 5 against 1
        (
            [(1, "built-in", DOC), (2, "built-in", ARTICLE), (3, "extension", VENDOR)],
            ("built-in",),
            5.5 / 6,
            State.MOSTLY_AGREED,
        ),
        # "none" and "by extension" are both true: not in the box, to be had elsewhere
        ([(1, "none", ARTICLE), (2, "extension", VENDOR)], ("extension",), 0.5, State.AGREED),
        ([(1, "none", VENDOR), (1, "extension", VENDOR)], ("extension",), 0.5, State.ONE_SOURCE),
        # what is disputed then is whether it is in the box
        (
            [(1, "none", ARTICLE), (2, "extension", VENDOR), (3, "built-in", ARTICLE)],
            ("extension",),
            3.5 / 5,
            State.DISPUTED,
        ),
        # in part is in the box
        ([(1, "partial", ARTICLE), (2, "built-in", VENDOR)], ("partial",), 2 / 3, State.AGREED),
    ],
)
def test_features_follow_the_rule(opinions, named, position, state) -> None:
    result = verdict(Kind.FEATURE, supports(*opinions))
    assert (result.supports, result.state) == (tuple(map(Support, named)), state)
    assert result.position == pytest.approx(position)
    assert result.support == Support(named[-1])


def test_a_source_with_several_supports_shares_its_weight_out() -> None:
    result = verdict(Kind.FEATURE, supports((1, "built-in", ARTICLE), (1, "none", ARTICLE), (2, "none", VENDOR)))
    assert result.supports == (Support.NONE,)  # 1 for built in, 1 + 1 for none
    assert result.position == pytest.approx((2 * 0 + 1 * -1) / 3)


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
@pytest.mark.parametrize("source_kind", [ARTICLE, MEASURED])
def test_figures_have_a_median_and_a_span(spans, middle, state, source_kind) -> None:
    entries = [
        evidence(number, number, low=low, high=high, source_kind=source_kind)
        for number, (low, high) in enumerate(spans)
    ]
    result = verdict(Kind.FIGURE, entries)
    assert result.figure == Figure(middle, min(low for low, _ in spans), max(high for _, high in spans))
    assert result.state == state


def test_a_source_with_figures_far_apart_is_marked() -> None:
    result = verdict(Kind.FIGURE, figures((1, 10, MEASURED), (1, 40, MEASURED), (2, 25, MEASURED), (2, 25, MEASURED)))
    assert [opinion.contradicts_itself for opinion in result.opinions] == [True, False]


def test_an_articles_figure_is_reported_and_ranks_nothing() -> None:
    result = verdict(Kind.FIGURE, figures((1, 80, ARTICLE)))
    assert (result.reported, result.weight, result.is_ranked, result.figure) == ((1,), 0, False, Figure(80, 80, 80))


def test_a_measured_figure_stands_beside_the_reported_ones() -> None:
    result = verdict(Kind.FIGURE, figures((1, 80, ARTICLE), (2, 20, MEASURED)))
    assert (result.figure, result.weight, result.state) == (Figure(20, 20, 20), 3, State.ONE_SOURCE)
    assert (result.reported, result.supporting, result.sources) == ((1,), (2,), (2,))


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
    assert (result.state, result.is_ranked) == (State.MOSTLY_AGREED, False)


def test_numbers_in_items_are_in_their_order() -> None:
    names = ["3.10", "3.9", "Python 3", "3.9 and newer", "10", "Ångström", "x²"]
    result = verdict(Kind.LIST, [evidence(number, number, item=name) for number, name in enumerate(names, 1)])
    ordered = ["3.9", "3.9 and newer", "3.10", "10", "Python 3", "x²", "Ångström"]
    assert [item.name for item in result.items] == ordered


def test_a_source_that_repeats_another_counts_once() -> None:
    original = [evidence(1, 1, level=2), evidence(2, 1, level=1)]
    copy = [evidence(3, 2, level=2, origin=1, depth=1, source_kind=DOC)]
    result = verdict(Kind.RATING, original + copy)
    assert result.position == verdict(Kind.RATING, original).position
    assert (result.set_aside, result.state) == ((3,), State.ONE_SOURCE)


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


@given(cell(), st.sampled_from(Kind))
def test_positions_and_strengths_keep_within_their_bounds(claims, kind) -> None:
    result = verdict(kind, claims)
    assert result.position is None or -1 <= result.position <= 1
    assert 0 <= result.strength < 1


@given(cell(), st.sampled_from(Kind))
def test_every_claim_appears_once_in_a_verdict(claims, kind) -> None:
    result = verdict(kind, claims)
    reported = set(result.reported) - {*result.supporting, *result.opposing}
    parts = [*result.supporting, *result.opposing, *result.neutral, *result.set_aside, *reported]
    assert sorted(parts) == [entry.claim for entry in claims]


@given(cell(min_size=1), st.sampled_from(Kind))
def test_a_source_that_repeats_every_claim_of_another_changes_nothing(claims, kind) -> None:
    """Source 50 repeats every claim of source 1."""
    copies = [
        entry._replace(claim=100 + entry.claim, source=50, origin=1, depth=1, findings=frozenset())
        for entry in claims
        if entry.source == 1 and not entry.findings & set(ASIDE)
    ]
    before, after = verdict(kind, claims), verdict(kind, claims + copies)
    assert after._replace(set_aside=()) == before._replace(set_aside=())


@given(cell(), st.integers(-2, 2), st.sampled_from(SourceKind))
def test_a_new_voice_moves_the_value_towards_its_own_position(claims, level, source_kind) -> None:
    before = verdict(Kind.RATING, claims)
    after = verdict(Kind.RATING, [*claims, evidence(100, 99, level=level, source_kind=source_kind)])
    had, has, own = (before.position or 0) * before.strength, (after.position or 0) * after.strength, level / 2
    assert min(had, own) - EPSILON <= has <= max(had, own) + EPSILON


@given(cell(), st.sampled_from([Support.BUILT_IN, Support.NONE]))
def test_a_new_voice_on_one_side_of_a_feature_never_moves_the_value_the_other_way(claims, support) -> None:
    before = verdict(Kind.FEATURE, claims)
    after = verdict(Kind.FEATURE, [*claims, evidence(100, 99, support=support)])
    change = (after.position or 0) * after.strength - (before.position or 0) * before.strength
    has_extension = Support.EXTENSION in {support for opinion in before.opinions for support, _ in opinion.supports}
    if support is Support.BUILT_IN:
        assert change > -EPSILON
    elif not has_extension:  # else it is read as "by extension", which is no no
        assert change < EPSILON


@given(cell(), st.sampled_from([Kind.RATING, Kind.FIT, Kind.FEATURE]), st.integers(1, 6))
def test_a_source_heard_twice_counts_like_two_with_the_same_claims(claims, kind, source) -> None:
    claims = [entry._replace(maker=0) for entry in claims]  # a makers’ voice stays one; articles are heard again
    twin = [entry._replace(claim=100 + entry.claim, source=50, origin=50) for entry in claims if entry.source == source]
    heard_twice, twins = verdict(kind, claims, copies={source: 2}), verdict(kind, [*claims, *twin])
    assert heard_twice.position == pytest.approx(twins.position)
    assert heard_twice.weight == twins.weight


@given(cell(), st.sampled_from(Kind), st.integers(1, 6))
def test_a_source_heard_never_is_as_if_it_were_not_there(claims, kind, source) -> None:
    without = verdict(kind, [entry for entry in claims if entry.source != source])
    assert verdict(kind, claims, copies={source: 0})._replace(set_aside=()) == without._replace(set_aside=())


# Outcomes of rows.


def test_articles_are_the_sources_without_a_method() -> None:
    assert {ARTICLE, VENDOR} == ARTICLES

"""From the verdicts of a row to its outcome: examples, and what holds for any row."""

from itertools import combinations, pairwise, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comparison.evidence import (
    EPSILON,
    Kind,
    SourceKind,
    State,
    Verdict,
    verdict,
)
from comparison.row_outcomes import (
    MIN_LEAD,
    MIN_VALUE_LEAD,
    Outcome,
    OutcomeReason,
    RowResult,
    differ,
    figure_positions,
    outcome,
    positions,
)
from tests.evidence_cases import ARTICLE, DOC, MEASURED, VENDOR, cell, figures, levels, supports
from tests.make import evidence


@pytest.mark.parametrize(
    ("row", "lower_is_better", "expected"),
    [
        ([10, 20], True, [0.5, -0.5]),  # the geometric mean is 14.1: a factor of √2 either way
        ([10, 20], False, [-0.5, 0.5]),
        ([10, 40], True, [1.0, -1.0]),
        ([10, 4000], True, [1.0, -1.0]),
        ([10, 10], True, [0.0, 0.0]),
        ([10], True, [0.0]),
        ([10, None], True, [0.0, None]),
        ([], True, []),
        ([0, 20], True, [1.0, -1.0]),
        ([0, 20], False, [-1.0, 1.0]),
        ([0, 0], True, [0.0, 0.0]),
        ([0, 5, 7, None], True, [1.0, -1.0, -1.0, None]),
        ([1, 2, 4], True, [1.0, 0.0, -1.0]),
    ],
)
def test_the_positions_of_figures(row, lower_is_better, expected) -> None:
    assert figure_positions(row, lower_is_better) == pytest.approx(expected)


def test_reported_figures_have_no_position() -> None:
    row = [verdict(Kind.FIGURE, figures((1, 10, MEASURED))), verdict(Kind.FIGURE, figures((1, 20, ARTICLE)))]
    assert positions(row, lower_is_better=True) == [0.0, None]


def rating(*source_levels: int, kind: SourceKind = ARTICLE) -> Verdict:
    """A verdict on one level from each of several sources."""
    return verdict(Kind.RATING, levels(*((source, level, kind) for source, level in enumerate(source_levels, 1))))


def feature(*opinions: tuple[str, SourceKind]) -> Verdict:
    return verdict(
        Kind.FEATURE, supports(*((source, support, kind) for source, (support, kind) in enumerate(opinions, 1)))
    )


def measured(figure: float, kind: SourceKind = MEASURED) -> Verdict:
    return verdict(Kind.FIGURE, figures((1, figure, kind), (2, figure, kind)))


def ending(row: list[Verdict], lower_is_better: bool = False) -> tuple[str, int | None, str | None]:
    result = outcome(row[0].kind, row, lower_is_better)
    return str(result.result), result.leader, result.reason and str(result.reason)


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ([rating(1, 1), rating(-1, -1)], ("lead", 0, None)),
        ([rating(-1, -1), rating(2)], ("lead", 1, "one source")),
        ([rating(1, 1, kind=VENDOR), rating(-1, -1, kind=VENDOR)], ("lead", 0, "vendors alone")),
        ([rating(1, 1), rating(1, 1)], ("even", None, None)),
        ([rating(1), rating(1, 1)], ("even", None, "one source")),
        # 0.17 apart: the means are 1/2 and 1/3
        ([rating(1, 1), rating(1, 1, 0)], ("even", None, None)),
        ([rating(2, 2), rating()], ("unsettled", None, "unknown")),
        # either +2 or −2 is right: it leads, or trails
        ([rating(1, 1), rating(2, -2)], ("unsettled", None, "disputed")),
        # whichever side is right, the other is worse
        ([rating(2, 2), rating(-1, 1)], ("lead", 0, None)),
        # whichever side is right, they are even
        (
            [
                rating(0, 0),
                rating(1, 0, -1),
            ],
            ("unsettled", None, "disputed"),
        ),
        ([rating(2)], ("not ranked", None, "no rival")),
        # better known is not better: two vendors for the same built-in routing against one
        (
            [feature(("built-in", VENDOR), ("built-in", ARTICLE)), feature(("built-in", VENDOR))],
            ("even", None, "one source"),
        ),
        ([feature(("built-in", ARTICLE)), feature(("extension", ARTICLE))], ("lead", 0, "one source")),
        # ahead in position, but nearly nothing is known of either: values 0.11 apart
        ([rating(1, kind=VENDOR), rating(0, 0, 1, kind=VENDOR)], ("even", None, "one source")),
        ([measured(10), measured(20)], ("lead", 1, None)),
        ([measured(10), measured(11)], ("even", None, None)),
        ([measured(10), measured(20, VENDOR)], ("not ranked", None, "reported")),
        ([measured(20, VENDOR), verdict(Kind.FIGURE, [])], ("not ranked", None, "reported")),
        ([measured(10), verdict(Kind.FIGURE, [])], ("unsettled", None, "unknown")),
    ],
)
def test_who_leads_a_row(row, expected) -> None:
    assert ending(row) == expected


def makers(level: int, *article_levels: int) -> Verdict:
    """A verdict from the two sources of one maker, and from articles."""
    articles = [evidence(source, source, level=other) for source, other in enumerate(article_levels, 3)]
    kinds = {1: SourceKind.DOCUMENTATION, 2: SourceKind.METADATA}
    own = [evidence(source, source, level=level, source_kind=kind, maker=5) for source, kind in kinds.items()]
    return verdict(Kind.RATING, [*own, *articles])


@pytest.mark.parametrize(
    ("row", "expected", "subjects"),
    [
        ([makers(2), makers(-2)], ("lead", 0, "makers alone"), (0, 1)),
        ([makers(2), rating(-2, -2)], ("lead", 0, "makers alone"), (0,)),
        ([rating(2, 2), makers(-2)], ("lead", 0, "one source"), (1,)),
        ([makers(2, 2), makers(-2, -2)], ("lead", 0, None), ()),
        ([makers(1), makers(1)], ("even", None, "makers alone"), (0, 1)),
        ([makers(1), rating(1, 1)], ("even", None, "one source"), (0,)),
        ([feature(("built-in", DOC)), feature(("none", DOC))], ("lead", 0, "one source"), (0, 1)),
    ],
)
def test_a_row_says_where_makers_alone_speak(row, expected, subjects) -> None:
    assert ending(row) == expected
    assert outcome(row[0].kind, row).subjects == subjects


@given(st.sampled_from([Kind.RATING, Kind.FIT, Kind.FEATURE, Kind.FIGURE]), st.lists(cell(1), min_size=2, max_size=3))
def test_frameworks_differ_wherever_one_leads(kind, cells) -> None:
    row = [verdict(kind, evidence) for evidence in cells]
    if outcome(kind, row, lower_is_better=True).leader is not None:
        assert differ(row)


def test_lower_figures_may_be_better() -> None:
    assert ending([measured(10), measured(20)], lower_is_better=True) == ("lead", 0, None)


def test_figures_in_dispute_are_tried_both_ways() -> None:
    doubtful = verdict(Kind.FIGURE, figures((1, 10, MEASURED), (2, 80, MEASURED)))
    assert ending([doubtful, measured(40)], lower_is_better=True) == ("unsettled", None, "disputed")
    assert ending([doubtful, measured(400)], lower_is_better=True) == ("lead", 0, None)


def test_lists_are_not_ranked() -> None:
    lists = [verdict(Kind.LIST, [evidence(1, item="x")]), verdict(Kind.LIST, [])]
    assert outcome(Kind.LIST, lists) == Outcome(RowResult.UNRANKED, reason=OutcomeReason.LIST)


def test_a_criterion_that_does_not_apply_is_not_ranked() -> None:
    row = [feature(("built-in", ARTICLE)), verdict(Kind.FEATURE, [], is_applicable=False)]
    result = outcome(Kind.FEATURE, row)
    assert (result.result, result.reason, result.subjects) == (RowResult.UNRANKED, OutcomeReason.NOT_APPLICABLE, (1,))


def test_a_tie_says_how_far_apart_the_first_two_are() -> None:
    result = outcome(Kind.RATING, [rating(1, 1), rating(1, 1, 0)])
    assert (result.result, result.gap) == (RowResult.EVEN, pytest.approx(1 / 6))


HAS, LACKS, PARTLY = (feature((support, MEASURED), (support, DOC)) for support in ("built-in", "none", "partial"))


@pytest.mark.parametrize(
    ("row", "together"),
    [
        ([HAS, HAS], ()),
        ([HAS, HAS, HAS], ()),
        ([HAS, HAS, LACKS], (0, 1)),
        ([LACKS, HAS, PARTLY, HAS], (1, 3)),
        ([LACKS, LACKS, HAS], ()),  # one leads
        ([HAS, HAS, PARTLY, PARTLY, LACKS], (0, 1)),  # the fewest
        # each a step behind the one before: no place to part them
        ([rating(2, 2, 2, 1), rating(2, 2, 1, 1), rating(2, 1, 1, 1)], ()),
        # ahead in position, but little is known of the second: it is not clearly ahead of the third
        ([HAS, feature(("built-in", VENDOR)), feature(("extension", MEASURED), ("extension", DOC))], ()),
        # whichever side is right, the third is behind
        ([rating(2, 2), rating(2, 2), rating(-1, 1)], (0, 1)),
        ([measured(10), measured(11), measured(40)], (0, 1)),
    ],
)
def test_several_lead_together_where_each_is_ahead_of_all_others(row, together) -> None:
    assert outcome(row[0].kind, row, lower_is_better=True).together == together


def test_a_figure_leads_though_others_are_far_from_the_middle_of_all_too() -> None:
    """Beside the geometric mean of all, 10 and 23 would both stand at +1."""
    many = [measured(figure) for figure in (23, 10, 30, 400, 400, 400, 4000)]
    assert positions(many, lower_is_better=True)[:2] == [1.0, 1.0]
    assert ending(many, lower_is_better=True) == ("lead", 1, None)


@given(
    st.lists(st.floats(0.001, 1e6), min_size=2, max_size=6),
    st.sampled_from([MEASURED, DOC]),
    st.booleans(),
)
def test_a_figure_leads_as_it_does_beside_each_other_alone(medians, kind, lower_is_better) -> None:
    row = [measured(median, kind) for median in medians]
    leader = outcome(Kind.FIGURE, row, lower_is_better).leader
    alone = [
        all(ending([one, other], lower_is_better)[:2] == ("lead", 0) for other in row if other is not one)
        for one in row
    ]
    assert alone == [index == leader for index in range(len(row))]


rows = st.tuples(st.lists(cell(), min_size=2, max_size=4), st.sampled_from([*Kind]), st.booleans()).map(
    lambda drawn: ([verdict(drawn[1], claims) for claims in drawn[0]], drawn[1], drawn[2])
)


@given(rows)
def test_a_leader_is_ahead_of_all_in_position_and_value_whichever_side_is_right(drawn) -> None:
    row, kind, lower_is_better = drawn
    result = outcome(kind, row, lower_is_better)
    if result.leader is None:
        assert result.result is not RowResult.LEAD
        return
    assert all(each.is_ranked for each in row)
    if kind is Kind.FIGURE:
        return
    for way in product(*(each.sides or (each,) for each in row)):
        values = [(each.position or 0.0) * each.strength for each in way]
        for index, each in enumerate(way):
            if index != result.leader:
                assert (way[result.leader].position or 0) - (each.position or 0) >= MIN_LEAD - EPSILON
                assert values[result.leader] - values[index] >= MIN_VALUE_LEAD - EPSILON


@given(rows)
def test_those_lead_together_who_would_each_lead_beside_any_other_alone(drawn) -> None:
    row, kind, lower_is_better = drawn
    result = outcome(kind, row, lower_is_better)
    leads = {
        (one, other): ending([row[one], row[other]], lower_is_better)[:2] == ("lead", 0)
        for one, other in product(range(len(row)), repeat=2)
        if one != other
    }
    groups = [
        set(group)
        for size in range(2, len(row))
        for group in combinations(range(len(row)), size)
        if all(leads[one, other] for one in group for other in set(range(len(row))) - set(group))
    ]
    assert set(result.together) == (groups[0] if groups and result.result is RowResult.EVEN else set())


@given(rows)
def test_an_unsettled_row_has_no_doubt_removed_by_its_disputes(drawn) -> None:
    """It is unsettled over a dispute only if some way to settle it gives a leader, and the ways do not agree."""
    row, kind, lower_is_better = drawn
    result = outcome(kind, row, lower_is_better)
    if result.reason is not OutcomeReason.DISPUTED or kind is Kind.FIGURE:
        return
    leaders = {
        outcome(kind, [each._replace(state=State.AGREED, sides=()) for each in way], lower_is_better).leader
        for way in product(*(each.sides or (each,) for each in row))
    }
    assert len(leaders) > 1


@given(st.lists(st.floats(0.001, 1e6), min_size=2, max_size=6), st.floats(0.01, 100), st.booleans())
def test_the_unit_of_a_figure_does_not_matter(row, factor, lower_is_better) -> None:
    scaled = [figure * factor for figure in row]
    assert figure_positions(row, lower_is_better) == pytest.approx(figure_positions(scaled, lower_is_better), abs=1e-9)


@given(st.lists(st.floats(0.001, 1e6), min_size=2, max_size=6), st.booleans())
def test_a_better_figure_is_never_behind(row, lower_is_better) -> None:
    placed = sorted(zip(row, figure_positions(row, lower_is_better), strict=True), reverse=lower_is_better)
    found = [position for _, position in placed]
    assert all(worse <= better + EPSILON for worse, better in pairwise(found))


@given(st.lists(st.floats(0, 1e6), min_size=2, max_size=2), st.booleans())
def test_two_figures_lie_as_far_apart_as_their_positions(medians, lower_is_better) -> None:
    high, low = sorted((place or 0.0 for place in figure_positions(medians, lower_is_better)), reverse=True)
    gap = outcome(Kind.FIGURE, [measured(median) for median in medians], lower_is_better).gap
    assert gap == pytest.approx(high - low, abs=1e-9)

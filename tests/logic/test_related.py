"""Where a source takes opposite sides on related criteria."""

import pytest

from comparison.evidence import Support
from comparison.related import Stand, opposite_stands, side_of

RELATED = {1: {2, 3}, 2: {1}, 3: {1}}


def stand(claim: int, criterion: int, side: int, source: int = 1, framework: int = 1) -> Stand:
    return Stand(claim, source, framework, criterion, side)


@pytest.mark.parametrize(
    ("level", "support", "side"),
    [
        (2, None, 1),
        (-1, None, -1),
        (0, None, 0),
        (None, Support.BUILT_IN, 1),
        (None, Support.PARTIAL, 1),
        (None, "extension", 1),
        (None, "none", -1),
        (None, "", 0),
        (None, None, 0),
    ],
)
def test_praise_and_support_are_one_side_blame_and_none_the_other(level, support, side) -> None:
    assert side_of(level, support) == side


@pytest.mark.parametrize(
    ("first", "second", "is_pair"),
    [
        (stand(1, 1, 1), stand(2, 2, -1), True),
        (stand(1, 3, -1), stand(2, 1, 1), True),
        (stand(1, 1, 1), stand(2, 2, 1), False),
        (stand(1, 1, 1), stand(2, 2, 0), False),
        (stand(1, 1, 1), stand(2, 1, -1), False),  # one criterion: that is a contradiction within a cell
        (stand(1, 2, 1), stand(2, 3, -1), False),  # not related to each other
        (stand(1, 1, 1), stand(2, 4, -1), False),
        (stand(1, 1, 1), stand(2, 2, -1, source=2), False),
        (stand(1, 1, 1), stand(2, 2, -1, framework=2), False),
    ],
)
def test_a_pair_is_one_sources_opposite_sides_about_one_framework_on_related_criteria(first, second, is_pair) -> None:
    pairs = [(first, second)] if is_pair else []
    assert opposite_stands([first, second], RELATED) == opposite_stands([second, first], RELATED) == pairs


def test_where_a_source_argues_both_ways_the_side_of_most_claims_counts() -> None:
    both = [stand(1, 1, 1), stand(2, 1, -1)]
    assert opposite_stands([*both, stand(3, 2, -1)], RELATED) == []
    mostly = [*both, stand(3, 1, 1), stand(4, 2, -1)]
    assert [first.claim for first, _ in opposite_stands(mostly, RELATED)] == [1, 3]
    assert opposite_stands([*both, stand(3, 1, 1), stand(4, 2, 1)], RELATED) == []


def test_every_pair_comes_once() -> None:
    stands = [stand(1, 1, 1), stand(2, 1, 1), stand(3, 2, -1), stand(4, 3, -1)]
    pairs = [(first.claim, second.claim) for first, second in opposite_stands(stands, RELATED)]
    assert pairs == [(1, 3), (1, 4), (2, 3), (2, 4)]

"""Bars of scores: geometry from one scale, never out of their column."""

import re

from hypothesis import example, given
from hypothesis import strategies as st

from comparison.recommendation.ranking import scale
from comparison.tables.svg import SCORE_ROOM, contribution_bar, score_bar

ROUNDING = 0.2  # percent: start, width and zero are each written with one decimal


def geometry(svg: str) -> tuple[float, float, float, float]:
    """Start and end of the bar, the zero, and where the text begins, in percent."""
    x, width = (
        float(number) for number in re.findall(r'<rect class="[\w -]+" x="([-\d.]+)%" .*?width="([\d.]+)%"', svg)[0]
    )
    zero = float(re.findall(r'<line class="zero" x1="([-\d.]+)%', svg)[0])
    return x, x + width, zero, float(re.findall(r'<text class="[\w -]+" x="([-\d.]+)%', svg)[0])


def test_bars_lie_on_both_sides_of_a_common_zero() -> None:
    low, high = scale([0.6, 0.3, -0.2])
    first, second, last = (geometry(score_bar(value, low, high, "", best=False)) for value in (0.6, 0.3, -0.2))
    assert first == (20.0, 80.0, 20.0, 80.0)
    assert second == (20.0, 50.0, 20.0, 50.0)
    assert last == (0.0, 20.0, 20.0, 20.0)  # its number stands to the right of zero, where it has no bar


@example([0.099609375, -0.625, -0.8125])
@given(st.lists(st.floats(-1, 1), min_size=1, max_size=50))
def test_every_bar_and_number_stays_in_its_column_and_all_share_zero(scores) -> None:
    low, high = scale(scores)
    drawn = [geometry(score_bar(score, low, high, "0.00", best=True)) for score in scores]
    assert len({zero for _, _, zero, _ in drawn}) == 1
    for start, end, zero, text in drawn:
        assert -ROUNDING <= start <= zero + ROUNDING
        assert zero - ROUNDING <= end <= 100 - SCORE_ROOM + ROUNDING
        assert text >= end - ROUNDING or text == zero


def test_what_is_not_known_is_a_dashed_box_and_texts_are_escaped() -> None:
    svg = contribution_bar(None, -0.1, 0.1, "<not> known")
    assert 'class="void"' in svg
    assert '<text class="beside quiet"' in svg
    assert "&lt;not&gt; known" in svg
    assert 'class="bar-against"' in contribution_bar(-0.1, -0.1, 0.1, "−0.10")

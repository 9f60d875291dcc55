"""Numbers with a decimal point or a decimal comma, and those that may be either."""

from decimal import Decimal

import pytest

from comparison.texts.number_marks import DecimalMark, decimal_mark, is_ambiguous, readings

POINT, COMMA = DecimalMark.POINT, DecimalMark.COMMA


@pytest.mark.parametrize(
    ("text", "point", "comma"),
    [
        ("1440", "1440", "1440"),
        ("1.440", "1.440", "1440"),
        ("1,440", "1440", "1.440"),
        ("12.345", "12.345", "12345"),
        ("1.44", "1.44", None),
        ("1,44", None, "1.44"),
        ("1.4400", "1.4400", None),
        ("0.440", "0.440", None),
        ("0,440", None, "0.440"),
        (".5", ".5", None),
        (",5", None, ".5"),
        ("1.440,5", None, "1440.5"),
        ("1,440.5", "1440.5", None),
        ("1.440.000", None, "1440000"),
        ("1,440,000", "1440000", None),
        ("1,44,000", "144000", None),
        ("1440.125", "1440.125", None),
        ("1 440", "1440", "1440"),
        ("1\u202f440,5", None, "1440.5"),
        ("1’440.5", "1440.5", None),
        ("1'440'000", "1440000", "1440000"),
        ("−1.5", "-1.5", None),
        ("+2", "2", "2"),
        ("1e3", "1000", "1000"),
        ("1,5e3", None, "1500"),
        ("1.440.00", None, None),
        ("1,2,3", None, None),
        ("1_0", None, None),
        ("٣", None, None),
        ("1 44", None, None),
        ("NaN", None, None),
        ("", None, None),
    ],
)
def test_what_a_number_is_under_each_mark(text, point, comma) -> None:
    expected = {mark: Decimal(value) for mark, value in ((POINT, point), (COMMA, comma)) if value is not None}
    assert readings(text) == expected
    assert is_ambiguous(readings(text)) == (
        point is not None and comma is not None and Decimal(point) != Decimal(comma)
    )


@pytest.mark.parametrize(
    ("texts", "mark"),
    [
        (["1.440", "2,5"], COMMA),
        (["1.440", "2.5"], POINT),
        (["1.440", "7"], None),
        (["1.440", "2.5", "2,5"], None),
        (["1.440.000"], COMMA),
        (["words", ""], None),
        ([], None),
    ],
)
def test_clear_numbers_show_the_mark_of_a_file(texts, mark) -> None:
    assert decimal_mark(texts) is mark

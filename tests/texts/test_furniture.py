"""Lines of a site that are offered for cutting."""

import pytest

from comparison.texts.furniture import InvalidRanges, furniture, parse_ranges, ranges_text, without_lines

TEXT = """# Two of them

It is quick to learn.

### Web courses

View course

12 weeks

Enroll now

Flask is small.

Call us now

- Read more
Share this post"""


def test_calls_and_the_cards_between_them_are_found() -> None:
    assert [(found.start, found.stop - 1) for found in furniture(TEXT)] == [(7, 11), (15, 18)]


@pytest.mark.parametrize(
    "line",
    [
        "Read more about it in its documentation, which is long.",
        "Call us an optimist, but it works.",
        "It has views.",
        "Follow the tutorial",
        "Start small",
        "| View course | 3 |",
        "Try it",
    ],
)
def test_prose_is_not_taken_for_furniture(line) -> None:
    assert furniture(f"Before.\n\n{line}\n\nAfter.") == []


def test_ranges_are_read_written_and_cut() -> None:
    ranges = parse_ranges(" 15-18, 7 – 9; 9-11,1")
    assert ranges_text(ranges) == "1, 7-11, 15-18"
    assert without_lines("a\n\nb\n\nc", parse_ranges("3")) == "a\n\nc"
    assert without_lines("a\nb\nc", parse_ranges("1, 3-9")) == "b"
    assert parse_ranges("") == []


@pytest.mark.parametrize("text", ["x", "0", "5-3", "-1", "1-2-3", "99999999"])
def test_other_words_are_no_ranges(text) -> None:
    with pytest.raises(InvalidRanges, match="is no range of lines"):
        parse_ranges(text)

"""What is said of a value in an address that names nothing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comparison.tables.unknown_values import MAX_LISTED, choice_hint, no_such
from comparison.vocabulary import in_language


@pytest.mark.parametrize(
    ("wrong", "known", "hint"),
    [
        (["fals"], ["true", "false"], "did you mean false?"),
        (["fals", "tru"], ["true", "false"], "did you mean false or true?"),
        (["zzz"], ["true", "false"], "known: true, false."),
        (["zzz"], [str(number) for number in range(14)], "known: 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11 and 2 more."),
        ([], ["true"], "known: true."),
        (["x"], [], "known: none."),
    ],
)
def test_the_nearest_is_named_or_all_that_there_are(wrong, known, hint) -> None:
    assert choice_hint(wrong, known) == hint


def test_a_thing_that_is_not_there_is_named_in_the_language_of_the_page() -> None:
    assert no_such("framework", "framework=x", "x", ["b", "a"]) == (
        "framework=x: there is no such framework; known: a, b."
    )
    assert no_such("answer", "q.a=x", "x", []) == "q.a=x: there is no such answer; known: none."
    with in_language("de"):
        assert "there is" not in no_such("framework", "framework=x", "x", ["a"])


@given(st.text(max_size=20), st.lists(st.text("abc-{}", min_size=1, max_size=9), unique=True, min_size=1, max_size=30))
def test_any_value_gets_a_hint_that_says_how_many_are_left_out(value, known) -> None:
    hint = choice_hint([value], known)
    assert hint.startswith(("did you mean ", "known: "))
    if hint.startswith("known"):
        assert (f" and {len(known) - MAX_LISTED} more." in hint) == (len(known) > MAX_LISTED)

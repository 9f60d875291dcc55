import pytest

from comparison.curation.proposals.values import suggest_value
from comparison.evidence import Kind, Support


@pytest.mark.parametrize(
    ("passage", "support"),
    [
        ("It comes with an admin", Support.BUILT_IN),
        ("An extension adds it", Support.EXTENSION),
        ("Only basic support", Support.PARTIAL),
        ("It doesn’t offer any", Support.NONE),
        ("There is no default support for sessions", Support.NONE),
        ("Has no built-in mapper", Support.NONE),
        ("Sends mail without extra configuration", Support.BUILT_IN),
        ("Sends mail without third-party packages", Support.BUILT_IN),
        ("You need not install plugins to send mail; it is included", Support.BUILT_IN),
        ("No support without an extension", Support.EXTENSION),
        ("It is blue", None),
    ],
)
def test_support_is_understood_with_its_negation(passage, support) -> None:
    fields = suggest_value(Kind.FEATURE, passage).fields
    assert fields.get("support") == (support.value if support else None)


@pytest.mark.parametrize(
    ("passage", "level"),
    [
        ("It is easy to learn", "1"),
        ("It is extremely fast", "2"),
        ("It is not easy to learn", "-1"),
        ("It is less flexible", "-1"),
        ("It is heavy", "-1"),
        ("It is a framework", None),
    ],
)
def test_levels_follow_praise_and_blame(passage, level) -> None:
    assert suggest_value(Kind.RATING, passage).fields.get("level") == level


def test_whoever_is_compared_with_gets_the_opposite() -> None:
    assert suggest_value(Kind.RATING, "It is more flexible than One").fields == {"level": "1"}
    assert suggest_value(Kind.RATING, "It is more flexible than One", is_compared=True).fields == {"level": "-1"}


def test_figures_and_items() -> None:
    assert suggest_value(Kind.FIGURE, "3. It takes 2 ms").fields == {"low": "2", "high": "2"}
    assert suggest_value(Kind.FIGURE, "US$35 to US$60 an hour").fields == {"low": "35", "high": "60"}
    assert suggest_value(Kind.FIGURE, "1,440–1,600 ms").fields == {"low": "1440", "high": "1600"}
    assert suggest_value(Kind.FIGURE, "from 9-3").fields == {"low": "9", "high": "9"}
    assert not suggest_value(Kind.FIGURE, "no number")
    assert suggest_value(Kind.LIST, " • Instagram ").fields == {"item": "Instagram"}
    assert not suggest_value(Kind.LIST, "x" * 61)


@pytest.mark.parametrize(
    ("passage", "item"),
    [
        ("It is used by people like Example Corp, among others", "Example Corp"),
        ("It is a full-stack framework", "Full-stack framework"),
        ("SQLite", "SQLite"),  # no claim has it yet
        ("It runs wherever its interpreter was built to run", None),
        ("WSGI and ASGI 3", "ASGI 3"),  # the longer one
    ],
)
def test_a_sentence_suggests_an_item_that_claims_have_and_a_word_itself(passage: str, item: str | None) -> None:
    known = ["Example Corp", "Full-stack framework", "ASGI 3", "ASGI", "WSGI"]
    assert suggest_value(Kind.LIST, passage, items=known).fields.get("item") == item


def test_a_suggestion_names_the_words_it_rests_on() -> None:
    assert "comes with" in suggest_value(Kind.FEATURE, "It comes with an admin").words
    assert "easy" in suggest_value(Kind.RATING, "It is easy to learn").words

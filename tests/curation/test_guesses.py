import pytest

from comparison.curation.guesses import guess_criteria, guess_figure, guess_frameworks, guess_support, guess_value
from comparison.evidence import Kind, Support
from comparison.models import Criterion, Framework

ONE = Framework(slug="one", name="One", aliases="First.js\nUno")
TWO = Framework(slug="two", name="Two")


@pytest.mark.parametrize(
    ("passage", "heading", "frameworks"),
    [
        ("One is quick", "", [ONE]),
        ("uno is quick", "", [ONE]),
        ("First.js is quick", "", [ONE]),
        ("Both one and Two", "", [ONE, TWO]),
        ("It is quick", "What is Two?", [TWO]),
        ("It is quick", "One or Two?", []),
        ("It is quick", "One or Two? › Two › Pitfalls", [TWO]),
        ("It is quick", "Two › One or Two?", []),
        ("Someone is quick, twofold", "", []),
    ],
)
def test_frameworks_by_name_and_alias(passage, heading, frameworks) -> None:
    assert guess_frameworks(passage, heading, [ONE, TWO]) == frameworks


LEARNING = Criterion(name="Learning curve", synonyms="easy to learn\nmanual")
SPEED = Criterion(name="Speed", synonyms="fast")
TESTS = Criterion(name="Unit testing")


def names(passage: str, heading: str = "") -> list[str]:
    return [guess.criterion.name for guess in guess_criteria(passage, heading, [LEARNING, SPEED, TESTS])]


def test_criteria_by_name_and_synonym() -> None:
    assert names("The manuals are thick") == ["Learning curve"]
    assert names("It has a unit test runner") == ["Unit testing"]
    assert names("A steep learning curve, and fast") == ["Learning curve", "Speed"]
    assert names("Nothing of the kind") == []
    assert names("") == []


def test_a_heading_counts_less_than_the_passage() -> None:
    assert names("It is fast", "Learning curve")[0] in {"Learning curve", "Speed"}
    assert names("It is fast to start", "Manual") == ["Speed", "Learning curve"]


def test_a_guess_names_the_words_that_suggest_it() -> None:
    (guess,) = guess_criteria("Easy to learn, says the manual", "", [LEARNING])
    assert set(guess.words) == {"easy to learn", "manual"}


@pytest.mark.parametrize(
    ("passage", "support"),
    [
        ("It comes with an admin", Support.BUILT_IN),
        ("An extension adds it", Support.EXTENSION),
        ("Only basic support", Support.PARTIAL),
        ("It doesn’t offer any", Support.NONE),
        ("It is blue", None),
    ],
)
def test_support_by_keywords(passage, support) -> None:
    assert guess_support(passage) == support


@pytest.mark.parametrize(
    ("passage", "figure"),
    [
        ("took 2.2 ms", ("2.2", "2.2")),
        ("between 100 to 200 requests", ("100", "200")),
        ("1,440–1,600 ms", ("1440", "1600")),
        ("from 9-3", ("9", "9")),
        ("no number", None),
    ],
)
def test_figures(passage, figure) -> None:
    assert guess_figure(passage) == figure


def test_a_level_is_never_guessed() -> None:
    assert guess_value(Kind.RATING, "very good") == {}
    assert guess_value(Kind.FIT, "very good") == {}
    assert guess_value(Kind.LIST, " • Instagram ") == {"item": "Instagram"}
    assert guess_value(Kind.LIST, "7. Caching") == {"item": "Caching"}
    assert guess_value(Kind.LIST, "x" * 61) == {}
    assert guess_value(Kind.FIGURE, "2 ms") == {"low": "2", "high": "2"}
    assert guess_value(Kind.FIGURE, "3. It takes 2 ms") == {"low": "2", "high": "2"}
    assert guess_value(Kind.FEATURE, "built in") == {"support": "built-in"}

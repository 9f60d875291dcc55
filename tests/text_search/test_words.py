"""Question words, forms of words and typing errors."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comparison.text_search.folding import fold, holds
from comparison.text_search.words import content_words, distance, likeness, nearest, stem, word_starts

FORMS = [
    "fast faster fastest",
    "scale scales scaling scalable scalability",
    "cache cached caching caches",
    "route routes routing router",
    "secure secured security",
    "test tests tested testing",
    "easy easier easiest easily",
    "deploy deploys deployment deploying",
    "migration migrations",
    "library libraries",
    "cheap cheaper cheapest",
    "perform performance performant",
    "class classes",
]
APART = ["speed special", "rest request", "orm form", "user use", "status state", "string strip", "api apis3", "c++ c"]


@pytest.mark.parametrize("forms", FORMS)
def test_the_forms_of_a_word_have_one_stem(forms) -> None:
    assert len({stem(word) for word in forms.split()}) == 1


@pytest.mark.parametrize("words", APART)
def test_other_words_have_other_stems(words) -> None:
    first, second = words.split()
    assert stem(first) != stem(second)


@given(st.text(max_size=30))
def test_a_stem_is_a_beginning_and_has_itself_as_stem_or_a_shorter_one(word) -> None:
    assert word.startswith(stem(word))
    assert bool(stem(word)) == bool(word)


def test_a_word_is_found_by_its_forms_and_its_beginning_but_not_inside() -> None:
    assert likeness("orm", "performance") == 0
    assert 1 > likeness("faster", "fast") > likeness("auth", "authentication") > 0
    assert likeness("at", "atom") == 0


@pytest.mark.parametrize(
    ("text", "query", "is_found"),
    [
        ("Performance", "orm", False),
        ("an ORM, built in", "orm", True),
        ("It is fast", "faster", True),
        ("Easter", "easy", False),
        ("category", "go", False),
        ("C++", "c++", True),
        ("用户认证很简单", "认证", True),
        ("100% tested", "%", True),
    ],
)
def test_words_are_searched_by_how_they_begin(text, query, is_found) -> None:
    assert holds([text], word_starts(fold(query).split())) is is_found


def test_question_words_are_dropped_where_others_remain() -> None:
    assert content_words(fold("which one is faster").split()) == ["faster"]
    assert content_words(fold("does it have an orm").split()) == ["orm"]
    assert content_words(fold("which framework is good").split()) == ["framework", "good"]
    assert content_words(fold("which one is it").split()) == ["which", "one", "is", "it"]


def test_the_nearest_word_is_one_error_away_or_two_in_a_long_word() -> None:
    known = ["caching", "session", "middleware", "orm", "form"]
    assert nearest("cachign", known) == "caching"
    assert nearest("sesion", known) == "session"
    assert nearest("midleware", known) == "middleware"
    assert nearest("midlewear", known) is None
    assert nearest("ecahing", known) is None
    assert nearest("omr", known) is None


@pytest.mark.parametrize(
    ("first", "second", "edits"), [("abcd", "abdc", 1), ("abc", "abc", 0), ("abc", "", 3), ("kitten", "sitting", 3)]
)
def test_distance(first, second, edits) -> None:
    assert distance(first, second) == distance(second, first) == edits

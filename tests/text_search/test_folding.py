"""What words of a search mean. Both databases must find what is found here, see test_index.py."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comparison.text_search.folding import MAX_WORDS, fold, holds, matched_parts, needles
from comparison.text_search.letters import CHANGED, folded
from tests.text_search.examples import EXAMPLES


@pytest.mark.parametrize(("text", "query", "is_found"), EXAMPLES)
def test_what_a_query_finds(text, query, is_found) -> None:
    assert holds([text], needles(query)) is is_found


def test_the_table_for_databases_holds_every_character_that_becomes_another() -> None:
    listed = {code for codes in CHANGED for code in codes}
    others = [chr(code) for code in range(0x80, 0x110000, 13) if code not in listed and not 0xD800 <= code < 0xE000]
    assert [letter for letter in others if folded(letter) != letter] == []


@given(st.text(max_size=30))
def test_unicode_form_and_case_make_no_difference(text) -> None:
    forms = {fold(unicodedata.normalize(form, text)) for form in ("NFC", "NFD")}
    assert len({" ".join(form.split()) for form in forms}) == 1


@pytest.mark.parametrize("query", ["", " ", "\t\n", "\0", "'", '"', "( ) - / ,", "\u200b"])
def test_a_query_without_words_has_no_needles(query) -> None:
    assert needles(query) == []


def test_words_may_be_in_different_texts() -> None:
    assert holds(["Speed", "How quick is it?"], needles("quick speed"))
    assert not holds(["over", "load"], needles("overload"))


def test_further_words_are_ignored_and_repeated_words_count_once() -> None:
    assert needles("auth AUTH Äuth") == ["auth"]
    assert len(needles(" ".join(f"word{number}" for number in range(100)))) == MAX_WORDS


def test_a_text_begins_with_two_blanks_and_has_two_between_words() -> None:
    assert fold("Can’t-do (C#)") == "  cant  do    c#  "


MARKED = {
    ("Speaks OAuth and authentication", "auth"): "Speaks O[Auth] and [auth]entication",
    ("Go, category", "go"): "[Go], category",
    ("Été – e\u0301te\u0301", "ete"): "[Été] – [e\u0301te\u0301]".replace("\u0301]", "]\u0301"),
    ("It’s built-in", "it's builtin built"): "[It’s] [built]-in",
    ("Straße", "traß s"): "[Straß]e",
    ("C++", "c++"): "[C++]",
    ("nothing", "zebra"): "nothing",
    ("", "x"): "",
}


@pytest.mark.parametrize(("text", "query"), MARKED)
def test_what_was_found_is_marked(text, query) -> None:
    parts = matched_parts(text, needles(query))
    assert "".join(part for part, _ in parts) == text
    assert "".join(f"[{part}]" if is_match else part for part, is_match in parts) == MARKED[text, query]

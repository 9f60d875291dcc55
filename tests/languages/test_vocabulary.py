"""Words in the language of the page."""

from threading import Thread

from django.utils import translation
from django.utils.translation import gettext_noop

from comparison.vocabulary import gettext, in_language, vocabulary

WORD, GERMAN, SPANISH = gettext_noop("Sources"), "Quellen", "Fuentes"


def test_words_are_in_the_language_that_was_set_last() -> None:
    with in_language("de"):
        assert (vocabulary().language, gettext(WORD), translation.gettext(WORD)) == ("de", GERMAN, GERMAN)
        with in_language("es"):
            assert (vocabulary()[WORD], translation.gettext(WORD)) == (SPANISH, SPANISH)
        assert gettext(WORD) == GERMAN
    assert gettext(WORD) == WORD


def test_after_an_error_the_outer_language_is_back() -> None:
    try:
        with in_language("de"):
            raise LookupError
    except LookupError:
        assert (gettext(WORD), translation.gettext(WORD)) == (WORD, WORD)


def test_without_it_django_is_asked_for_the_language() -> None:
    with translation.override("es"):
        assert gettext(WORD) == SPANISH


def test_a_vocabulary_holds_words_of_its_own_language_alone() -> None:
    """Even those looked up first while Django has another."""
    word = gettext_noop("Frameworks")
    with in_language("de"):
        german = vocabulary()
    german.pop(word, None)
    with translation.override("es"):
        assert german[word] == "Frameworks"
        assert german[WORD] == GERMAN


def test_each_thread_has_its_own_language() -> None:
    seen: list[str] = []
    with in_language("de"):
        other = Thread(target=lambda: seen.append(gettext(WORD)))
        other.start()
        other.join()
    assert seen == [WORD]


def test_numbers_are_written_as_the_language_does() -> None:
    with in_language("de"):
        assert vocabulary().number("1,440.5") == "1.440,5"
    assert vocabulary().number("1,440.5") == "1,440.5"

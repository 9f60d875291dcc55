"""The words of the interface in the language of the page.

A table says the same few words thousands of times. `vocabulary()` asks once for each word; Django's `gettext` looks
each up again, and to ask Django for the language of the page takes as long.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from threading import local

from django.utils import translation
from django.utils.formats import get_format
from django.utils.translation import get_language

POINT_TO_COMMA = str.maketrans(".,", ",.")  # 1,440.5 as most languages of Europe write it: 1.440,5


class Vocabulary(dict[str, str]):
    """Each word in one language, looked up when it is first needed. The keys are words that gettext_noop marks."""

    def __init__(self, language: str | None) -> None:
        super().__init__()
        self.language = language
        self.has_decimal_comma = get_format("DECIMAL_SEPARATOR", language) == ","

    def number(self, text: str) -> str:
        """A number that was formatted as in English."""
        return text.translate(POINT_TO_COMMA) if self.has_decimal_comma else text

    def __missing__(self, word: str) -> str:
        with translation.override(self.language):
            text = self[word] = translation.gettext(word)
        return text


class Current(local):
    """The vocabulary of the language that `in_language` set in this thread."""

    vocabulary: Vocabulary | None = None


current = Current()


@contextmanager
def in_language(language: str) -> Iterator[None]:
    """Everything within is in this language."""
    outer = current.vocabulary
    with translation.override(language):
        current.vocabulary = _vocabulary(language)
        try:
            yield
        finally:
            current.vocabulary = outer


def vocabulary() -> Vocabulary:
    """That of the language in which the page is drawn. Ask once in a function, then take words by `[…]`."""
    return _vocabulary(get_language()) if current.vocabulary is None else current.vocabulary


def gettext(text: str) -> str:
    """A text of the code in the language of the page; quicker than Django's function of this name."""
    return vocabulary()[text]


_vocabulary = cache(Vocabulary)

"""The words of the interface in the language of the page.

A table says the same few words thousands of times. `vocabulary()` asks once for the language and once for each word;
`gettext` asks for both each time, which costs ten times as much.
"""

from functools import cache

from django.utils.formats import get_format
from django.utils.translation import get_language, gettext

POINT_TO_COMMA = str.maketrans(".,", ",.")  # 1,440.5 as most languages of Europe write it: 1.440,5


class Vocabulary(dict[str, str]):
    """Each word in one language, looked up when it is first needed. The keys are words that gettext_noop marks."""

    def __init__(self, has_decimal_comma: bool) -> None:
        super().__init__()
        self.has_decimal_comma = has_decimal_comma

    def number(self, text: str) -> str:
        """A number that was formatted as in English."""
        return text.translate(POINT_TO_COMMA) if self.has_decimal_comma else text

    def __missing__(self, word: str) -> str:
        text = self[word] = gettext(word)
        return text


def vocabulary() -> Vocabulary:
    """That of the language in which the page is drawn. Ask once in a function, then take words by `[…]`."""
    return _vocabulary(get_language())


@cache
def _vocabulary(language: str | None) -> Vocabulary:
    return Vocabulary(get_format("DECIMAL_SEPARATOR", language) == ",")

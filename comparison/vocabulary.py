"""The words of the interface in the language of the page.

A table says the same few words thousands of times. `vocabulary()` asks once for the language and once for each word;
`gettext` asks for both each time, which costs ten times as much.
"""

from collections import defaultdict

from django.utils.translation import get_language, gettext


class Vocabulary(dict[str, str]):
    """Each word in one language, looked up when it is first needed. The keys are words that gettext_noop marks."""

    def __missing__(self, word: str) -> str:
        text = self[word] = gettext(word)
        return text


def vocabulary() -> Vocabulary:
    """That of the language in which the page is drawn. Ask once in a function, then take words by `[…]`."""
    return _by_language[get_language()]


_by_language: defaultdict[str, Vocabulary] = defaultdict(Vocabulary)

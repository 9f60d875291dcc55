"""What a word of a search means: the same everywhere, in Python and in either database.

A query's words must all occur, in any order. A word is found inside words too ("auth" in "OAuth"); one of one or two
letters only where a word begins, else "go" would be in "category". Case, accents and most punctuation do not count;
signs that belong to names do (c++, c#, .net). Signs, and scripts that put no blanks between words, may be anywhere.
"""

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

MAX_WORDS = 20  # of a query; further ones are ignored
GRAM = 3  # characters; the shortest text that the databases' indexes can look up
UNSPACED_FROM = 0x2E80  # from this code point on, most scripts put no blanks between words


def _accented() -> dict[str, str]:
    """Latin letters with a mark, large and small, and the small plain letter that each is taken for."""
    letters = (chr(code) for code in (*range(0xC0, 0x180), *range(0x218, 0x21C)))
    plain = {letter: unicodedata.normalize("NFD", letter)[0].lower() for letter in letters}
    decomposed = {letter: base for letter, base in plain.items() if base.isascii() and base.isalpha()}
    return decomposed | dict(zip("ØøĐđŁłıς", "ooddlliσ", strict=True))


ASCII_BLANKS = '()[]{}<>"`,;:!?/\\|-~^\t\n\r'
OTHER_BLANKS = "\u00a0\u2007\u2009\u202f–—‑‐“”„«»‹›…·"
OTHER_LETTERS = _accented()
COMBINING = "\u0300\u0301\u0302\u0303\u0304\u0306\u0307\u0308\u030a\u030b\u030c\u0327\u0328"  # marks on their own
APOSTROPHE = "'"  # left out as its typographic forms are: "it's" is one word
IGNORED = COMBINING + "‘’‚\u00ad\u200b\u200c\u200d\u2060\ufeff"  # and what nobody sees
_TABLE = str.maketrans(
    OTHER_LETTERS | dict.fromkeys(ASCII_BLANKS + OTHER_BLANKS + "\0", " ") | dict.fromkeys(IGNORED + APOSTROPHE, "")
)


def fold(text: str) -> str:
    """The text as searches compare it: words in small plain letters, separated by two blanks, two before the first.

    The databases store exactly this of each claim, so that a word of one letter still begins with three characters.
    """
    return "  " + text.translate(_TABLE).lower().replace(" ", "  ")


def needles(query: str) -> list[str]:
    """What a folded text must contain to hold every word of the query. Empty where the query has no words."""
    return [_needle(word) for word in dict.fromkeys(fold(query).split())][:MAX_WORDS]


def _needle(word: str) -> str:
    begins_words = any(map(str.isalnum, word)) and all(ord(letter) < UNSPACED_FROM for letter in word)
    return word.rjust(GRAM) if begins_words else word


def holds(texts: Iterable[str], wanted: Sequence[str]) -> bool:
    """Whether the texts together contain all needles."""
    folded = fold(" ".join(texts))
    return all(needle in folded for needle in wanted)


def matched_parts(text: str, wanted: Sequence[str]) -> list[tuple[str, bool]]:
    """The text in parts, each with whether it is what one of the needles found."""
    folded, origins = "  ", [-1, -1]
    for index, letter in enumerate(text):
        same = letter.translate(_TABLE).lower().replace(" ", "  ")
        folded += same
        origins += [index] * len(same)
    spans = [span for needle in wanted for span in _spans(folded, needle)]
    matched = {index for first, last in spans for index in range(origins[first], origins[last] + 1)}
    return [
        ("".join(letter for _, letter in letters), is_match)
        for is_match, letters in groupby(enumerate(text), key=lambda pair: pair[0] in matched)
    ]


def _spans(folded: str, needle: str) -> Iterator[tuple[int, int]]:
    """The offsets of the first and the last letter of a needle, without the blanks before it."""
    blanks = len(needle) - len(needle.lstrip())
    start = folded.find(needle)
    while start >= 0:
        yield start + blanks, start + len(needle) - 1
        start = folded.find(needle, start + 1)

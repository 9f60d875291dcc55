"""What a word of a search means: the same everywhere, in Python and in either database.

A query's words must all occur, in any order. A word is found inside words too ("auth" in "OAuth"); one of one or two
letters only where a word begins, else "go" would be in "category". Case, accents, Unicode form and most punctuation do
not count; signs that belong to names do (c++, c#, .net). Signs, and scripts that put no blanks between words, may be
anywhere.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from comparison.text_search.letters import FOLDED

MAX_WORDS = 20  # of a query; further ones are ignored
GRAM = 3  # characters; the shortest text that the databases' indexes can look up
UNSPACED_FROM = 0x2E80  # from this code point on, most scripts put no blanks between words
KOREAN = range(0x1100, 0x1200)  # the parts of its syllables, to which they are folded


def fold(text: str) -> str:
    """The text as searches compare it: words in small plain letters, separated by two blanks, two before the first.

    The databases store exactly this of each claim, so that a word of one letter still begins with three characters.
    """
    return "  " + text.translate(FOLDED).replace(" ", "  ")


def needles(query: str) -> list[str]:
    """What a folded text must contain to hold every word of the query. Empty where the query has no words."""
    return [_needle(word) for word in dict.fromkeys(fold(query).split())][:MAX_WORDS]


def _needle(word: str) -> str:
    begins_words = any(map(str.isalnum, word)) and all(map(_is_spaced, map(ord, word)))
    return word.rjust(GRAM) if begins_words else word


def _is_spaced(code: int) -> bool:
    """Whether the letter's script puts blanks between words."""
    return code < UNSPACED_FROM and code not in KOREAN


def holds(texts: Iterable[str], wanted: Sequence[str]) -> bool:
    """Whether the texts together contain all needles."""
    folded = fold(" ".join(texts))
    return all(needle in folded for needle in wanted)


def matched_parts(text: str, wanted: Sequence[str]) -> list[tuple[str, bool]]:
    """The text in parts, each with whether it is what one of the needles found."""
    folded, origins = "  ", [-1, -1]
    for index, letter in enumerate(text):
        same = letter.translate(FOLDED).replace(" ", "  ")
        folded += same
        origins += [index] * len(same)
    spans = [span for needle in wanted for span in _spans(folded, needle)]
    matched = {index for first, last in spans for index in range(origins[first], origins[last] + 1)}
    return [
        ("".join(letter for _, letter in letters), is_match)
        for is_match, letters in groupby(enumerate(text), key=lambda pair: pair[0] in matched)
    ]


def _spans(folded: str, needle: str) -> Iterator[tuple[int, int]]:
    """The offsets of the first and the last letter of what a needle found, without the blanks before it.

    What was looked for by how it begins is found as a whole word; a single letter alone.
    """
    blanks = len(needle) - len(needle.lstrip())
    start = folded.find(needle)
    while start >= 0:
        end = start + len(needle)
        if blanks == GRAM - 1 and len(needle) > GRAM:
            end = folded.find(" ", end) if " " in folded[end:] else len(folded)
        yield start + blanks, end - 1
        start = folded.find(needle, start + 1)

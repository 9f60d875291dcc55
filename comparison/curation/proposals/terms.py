"""The terms of a text: stems of its words and of neighbouring pairs, without names of frameworks. Pure functions."""

import re
from collections.abc import Iterable
from functools import lru_cache

from comparison.models import Framework
from comparison.wording import words_of


def words_in(words: str) -> list[str]:
    return words.split()


def word_set(words: str) -> frozenset[str]:
    return frozenset(words.split())


STOP_WORDS = word_set(
    """a an and any are as at be been but by can could do does for from get had has have here how i if in into is
    it its just may me more most much my not of on one or our own such than that the their them then there these
    they this those to too very was we were what when where which while who will with would you your also so up
    out about other some thing many like make makes made use used uses using while whereas however it's"""
)
SUFFIXES = words_in(
    """ibilities abilities ibility ability ization isation izing ising ations ation ities ments ment ness able ible
    ions ion ity ing ies ied ers ive ous ful ed er or es ly al s e y i"""
)
MIN_STEM = 3  # letters that stay of a word


@lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    """A word without its endings: “scalable” and “scalability” have the same stem."""
    for _ in range(2):
        for suffix in SUFFIXES:
            if word.endswith(suffix) and len(word) - len(suffix) >= MIN_STEM:
                word = word[: -len(suffix)]
                break
    is_doubled = len(word) > MIN_STEM and word[-1] == word[-2]
    return word[:-1] if is_doubled else word  # “mapper” is “mapp” by now


def names_of(framework: Framework) -> list[str]:
    return [framework.name, *framework.aliases.splitlines()]


def name_pattern(names: Iterable[str]) -> re.Pattern[str] | None:
    """Matches any of these names as a whole word; None if there are none."""
    ordered = sorted({name for name in names if name.strip()}, key=len, reverse=True)
    if not ordered:
        return None
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, ordered))})(?!\w)", re.IGNORECASE)


def stems_of(text: str) -> list[str]:
    return [stem(word) for word in words_of(text) if word not in STOP_WORDS]


@lru_cache(maxsize=5_000)  # headings and sentences stand around many passages
def terms_of(text: str, names: re.Pattern[str] | None = None) -> dict[str, str]:
    """The terms of a text, each once, with the words it stands for.

    Besides stems there are pairs of neighbours written as one: “micro-framework” has the term of “microframework”.
    """
    if names is not None:
        text = names.sub(" ", text)
    words = [word for word in words_of(text) if word not in STOP_WORDS]
    stems = [stem(word) for word in words]
    terms = dict(zip(stems, words, strict=True))
    for index in range(len(stems) - 1):
        terms[stems[index] + stems[index + 1]] = f"{words[index]} {words[index + 1]}"
    return terms

"""How alike two texts are, by the runs of words they share. Pure functions.

A sketch holds the smallest hashes of a text's runs of five words (bottom-k sketch, Broder 1997): two sketches tell the
share of runs two texts have in common without the texts themselves.
"""

import zlib
from collections.abc import Collection, Sequence

from comparison.wording import words_of

RUN = 5  # words
SIZE = 256  # hashes kept of each text
ALIKE = 0.3  # share of runs from which a text is taken for a version of another


def runs(text: str) -> set[int]:
    """Hashes (32 bits) of every run of five words; a shorter text is one run."""
    words = words_of(text)
    if not words:
        return set()
    count = max(len(words) - RUN + 1, 1)
    return {zlib.crc32(" ".join(words[at : at + RUN]).encode()) for at in range(count)}


def sketch(text: str) -> list[int]:
    return sorted(runs(text))[:SIZE]


def share(one: Collection[int], other: Collection[int]) -> float:
    """The estimated share of runs that both texts have, out of all that either has (Jaccard index, 0 … 1)."""
    if not one or not other:
        return 0.0
    lowest = sorted({*one, *other})[:SIZE]
    both = set(one) & set(other)
    return sum(value in both for value in lowest) / len(lowest)


def nearest(text: str, known: Sequence[tuple[int, Collection[int]]]) -> list[tuple[int, float]]:
    """The known texts (id, sketch) that are much like this one, likest first, with their share."""
    own = sketch(text)
    found = [(pk, share(own, other)) for pk, other in known]
    return sorted((one for one in found if one[1] >= ALIKE), key=lambda one: -one[1])

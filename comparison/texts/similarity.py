"""How similar two texts are, by the runs of words they share. Pure functions.

A sketch holds the smallest hashes of a text's runs of five words (bottom-k sketch, Broder 1997). Two sketches are
enough to estimate the share of runs that two texts have in common.
"""

import re
from collections.abc import Collection, Sequence
from heapq import nsmallest
from itertools import accumulate
from zlib import crc32

RUN_LENGTH = 5  # words
SKETCH_SIZE = 256  # hashes kept of each text
MAX_HASH = 2**32
LONG = 20_000  # hashes, of which a part is enough
SPARE = 8  # times as many hashes as are kept
WIDE_SIGNS = re.compile(r"[^\x00-\x7f\w]")  # signs beyond ASCII that are no letters
BLANKS = bytes(byte if byte > 127 or chr(byte).isalnum() else 32 for byte in range(256))  # for the signs of ASCII
MIN_SIMILARITY = 0.3  # from this share of common runs, a text counts as a version of another


def runs(text: str) -> set[int]:
    """Hashes (32 bits) of every run of five words; a shorter text is one run."""
    return set(_hashes(text))


def sketch(text: str) -> list[int]:
    """The smallest hashes, each once. In a long text they are found among those below a number that few are below."""
    hashes = _hashes(text)
    if len(hashes) > LONG:
        bound = MAX_HASH // (len(hashes) // (SKETCH_SIZE * SPARE))
        few = {value for value in hashes if value < bound}
        if len(few) >= SKETCH_SIZE:
            return nsmallest(SKETCH_SIZE, few)
    return nsmallest(SKETCH_SIZE, set(hashes))


def _hashes(text: str) -> list[int]:
    """Of every run of words, in the order of the text."""
    words = _words(text)
    if not words:
        return []
    data = b" ".join(words)
    ends = list(accumulate(len(word) + 1 for word in words))  # of each word, with the blank behind it
    first_ends = ends[RUN_LENGTH - 1 :] or ends[-1:]
    return [crc32(data[start : end - 1]) for start, end in zip([0, *ends], first_ends, strict=False)]


def _words(text: str) -> list[bytes]:
    """The words of wording.words_of() as bytes, in a quarter of the time for a long text."""
    letters = text.casefold().replace("'", "").replace("’", "")
    return WIDE_SIGNS.sub(" ", letters).encode().translate(BLANKS).split()


def similarity(first: Collection[int], second: Collection[int]) -> float:
    """The estimated share of runs that both sketched texts contain, out of all in either (Jaccard index, 0 … 1)."""
    if not first or not second:
        return 0.0
    lowest = sorted({*first, *second})[:SKETCH_SIZE]
    common = set(first) & set(second)
    return sum(value in common for value in lowest) / len(lowest)


def most_similar(text: str, sketches: Sequence[tuple[int, Collection[int]]]) -> list[tuple[int, float]]:
    """The ids of the sketches (id, hashes) similar to a text, most similar first, each with its similarity."""
    own = sketch(text)
    scored = [(pk, similarity(own, other)) for pk, other in sketches]
    return sorted(((pk, score) for pk, score in scored if score >= MIN_SIMILARITY), key=lambda pair: -pair[1])

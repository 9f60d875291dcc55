"""A second opinion on which lines of a page are its article: that of a kept library, readability-lxml.

The library only chooses. The lines stay those of our own reader, so that what marks mean (raised figures, ticks, cells
that span columns) is kept, and what is struck out or hidden stays out, whoever chose.
"""

import re
import subprocess
import sys
import unicodedata
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path

from comparison.texts.html.drops import mark_drops
from comparison.texts.html.library_process import ABSENT
from comparison.texts.html.lines import Line, LineReader
from comparison.texts.html.tree import MarkupTooComplex, parse

PROGRAM = Path(__file__).with_name("library_process.py")
MAX_LENGTH = 1_500_000  # characters of a page
MAX_SECONDS = 10.0
ANCHOR_LENGTH = 25  # letters of a line that is looked for anywhere; shorter ones are, between those found
RUN_LENGTH = 3  # words
MIN_SHARED = 0.6  # of a line's runs of words, from which it counts as taken
MIN_RUNS = 5
NEVER_TAKEN = frozenset(("hidden", "struck out"))  # what readers do not see, or not as said
NO_LETTERS = re.compile(r"[\W_]+")


class NoSecondReading(Exception):
    """The library does not read this page; the message says why."""


def library_lines(html: str) -> list[str]:
    """The lines of what the library takes for the article. Raises NoSecondReading."""
    if len(html) > MAX_LENGTH:
        raise NoSecondReading(f"The page has more than {MAX_LENGTH:,} characters, so it is read once only.")
    try:
        process = subprocess.run(  # noqa: S603 (our own program, without a shell)
            [sys.executable, "-I", str(PROGRAM)],
            input=html.encode("utf-8", "replace"),
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=MAX_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise NoSecondReading(f"readability-lxml did not read the page within {MAX_SECONDS:.0f} seconds.") from None
    except OSError as error:
        raise NoSecondReading(f"readability-lxml could not be started: {error.strerror}.") from None
    if process.returncode == ABSENT:
        raise NoSecondReading("For a second reading of pages install readability-lxml.")
    lines = _lines_of(process.stdout.decode("utf-8", "replace")) if not process.returncode else []
    if not lines:
        raise NoSecondReading("readability-lxml makes nothing of the page.")
    return lines


def _lines_of(markup: str) -> list[str]:
    try:
        tree = parse(markup)
    except MarkupTooComplex:
        return []
    mark_drops(tree.root)
    return [line.text for line in LineReader().read(tree.root)]


def taken_lines(lines: Sequence[Line], library: Sequence[str]) -> set[int]:
    """Those of a page's lines (by id) that the library's lines hold."""
    candidates = [line for line in lines if not any(drop.reason in NEVER_TAKEN for drop in line.drops)]
    found = _found([_letters(line.text) for line in candidates], [_letters(text) for text in library])
    runs = {run for text in library for run in _runs(text)}
    return {id(line) for index, line in enumerate(candidates) if index in found or _is_mostly_among(line.text, runs)}


def _letters(text: str) -> str:
    return NO_LETTERS.sub("", unicodedata.normalize("NFKC", text).casefold())


def _found(keys: Sequence[str], library: Sequence[str]) -> set[int]:
    """The indexes of the lines that are among the library's lines, in the same order; all as letters alone."""
    places: defaultdict[str, list[int]] = defaultdict(list)
    for place, key in enumerate(library):
        if key:
            places[key].append(place)
    long_ones = (index for index, key in enumerate(keys) if len(key) >= ANCHOR_LENGTH and key in places)
    anchors = _in_order([(index, places[keys[index]][0]) for index in long_ones])
    found = {index for index, _ in anchors}
    first = beyond = 0  # of the lines, and of the library's lines, after the last anchor
    for index, end in anchors:
        place = end
        for short in range(index - 1, first - 1, -1):  # backwards: what a menu repeats stands before its heading
            of_key = places.get(keys[short], [])
            if (number := bisect_left(of_key, place) - 1) >= 0 and of_key[number] >= beyond:
                found.add(short)
                place = of_key[number]
        first, beyond = index + 1, end + 1
    for short in range(first, len(keys)):
        of_key = places.get(keys[short], [])
        if (number := bisect_left(of_key, beyond)) < len(of_key):
            found.add(short)
            beyond = of_key[number] + 1
    return found


def _in_order(places: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """The longest series in which the places grow with the indexes."""
    tails: list[int] = []  # the smallest last place of a series of each length
    last: list[int] = []  # the number of the pair that such a series ends in
    before: list[int] = [-1] * len(places)
    for number, (_, place) in enumerate(places):
        length = bisect_left(tails, place)
        if length == len(tails):
            tails.append(place)
            last.append(number)
        else:
            tails[length], last[length] = place, number
        before[number] = last[length - 1] if length else -1
    result = []
    number = last[-1] if last else -1
    while number >= 0:
        result.append(places[number])
        number = before[number]
    return result[::-1]


def _runs(text: str) -> Iterator[tuple[str, ...]]:
    words = [word for word in map(_letters, text.split()) if word]
    for index in range(len(words) - RUN_LENGTH + 1):
        yield tuple(words[index : index + RUN_LENGTH])


def _is_mostly_among(text: str, runs: Collection[tuple[str, ...]]) -> bool:
    """Whether most of a long line stands in the text, though not all: a link or a mark may be missing."""
    own = list(_runs(text))
    return len(own) >= MIN_RUNS and sum(run in runs for run in own) >= MIN_SHARED * len(own)

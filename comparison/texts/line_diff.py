"""Which lines two versions of a text share, in time that grows with their length (patience diff, Cohen 2010).

The standard library's matcher looks through the whole text once for each block it finds: minutes for 5 MB. Lines that
occur once in both texts pin them together; the standard matcher only fills in the short stretches between the pins.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

MAX_LINE_PRODUCT = 1_000_000  # lines of one stretch times lines of the other, beyond which it counts as new


def shared_blocks(old: Sequence[str], new: Sequence[str]) -> list[tuple[int, int, int]]:
    """Stretches of equal lines as (place in old, place in new, length), in order and never touching in both."""
    found: list[tuple[int, int, int]] = []
    for one, other in _pairs(old, new):
        if found and found[-1][0] + found[-1][2] == one and found[-1][1] + found[-1][2] == other:
            found[-1] = (found[-1][0], found[-1][1], found[-1][2] + 1)
        else:
            found.append((one, other, 1))
    return found


def _pairs(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[int, int]]:
    pins = [*_pins(old, new), (len(old), len(new))]
    begin, start = 0, 0
    for one, other in pins:
        yield from _between(old, new, (begin, one), (start, other))
        if one < len(old):
            yield one, other
        begin, start = one + 1, other + 1


def _between(
    old: Sequence[str], new: Sequence[str], here: tuple[int, int], there: tuple[int, int]
) -> Iterator[tuple[int, int]]:
    """Equal lines of two stretches that no pin lies in."""
    first, second = old[slice(*here)], new[slice(*there)]
    if not first or not second:
        return
    if len(first) == len(second) and first == second:
        yield from zip(range(*here), range(*there), strict=True)
    elif len(first) * len(second) <= MAX_LINE_PRODUCT:
        for block in SequenceMatcher(None, first, second, autojunk=False).get_matching_blocks():
            for step in range(block.size):
                yield here[0] + block.a + step, there[0] + block.b + step


def _pins(old: Sequence[str], new: Sequence[str]) -> list[tuple[int, int]]:
    """The longest run of lines, in order in both texts, that occur once in each."""
    once_old = {line for line, count in Counter(old).items() if count == 1}
    once_new = {line for line, count in Counter(new).items() if count == 1}
    places = {line: place for place, line in enumerate(new) if line in once_new}
    pairs = [(place, places[line]) for place, line in enumerate(old) if line in once_old and line in places]
    # Longest increasing subsequence of the places in the new text (patience sorting).
    tops: list[int] = []
    top_pairs: list[int] = []
    before: list[int] = []
    for number, (_, place) in enumerate(pairs):
        pile = bisect_left(tops, place)
        before.append(top_pairs[pile - 1] if pile else -1)
        if pile == len(tops):
            tops.append(place)
            top_pairs.append(number)
        else:
            tops[pile], top_pairs[pile] = place, number
    found = []
    at = top_pairs[-1] if top_pairs else -1
    while at >= 0:
        found.append(pairs[at])
        at = before[at]
    return found[::-1]

"""Which lines two versions of a text share, in time that grows with their length (patience diff, Cohen 2010).

The standard library's matcher scans the whole text once for each block it finds, which takes minutes for 5 MB. Here,
lines that occur once in both texts are matched first; the standard matcher only fills the short gaps between them.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

MAX_LINE_PRODUCT = 1_000_000  # old lines × new lines of a gap; a larger gap counts as changed throughout
MAX_TOTAL_PRODUCT = 10_000_000  # the same for all gaps of a text together; texts that people write stay far below


def shared_blocks(old: Sequence[str], new: Sequence[str]) -> list[tuple[int, int, int]]:
    """Runs of equal lines as (index in old, index in new, length), in order; no two could be joined into one."""
    blocks: list[tuple[int, int, int]] = []
    for old_index, new_index in _pairs(old, new):
        if blocks and blocks[-1][0] + blocks[-1][2] == old_index and blocks[-1][1] + blocks[-1][2] == new_index:
            blocks[-1] = (blocks[-1][0], blocks[-1][1], blocks[-1][2] + 1)
        else:
            blocks.append((old_index, new_index, 1))
    return blocks


def _pairs(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[int, int]]:
    """The indexes of equal lines in both texts, in order."""
    pins = [*_pins(old, new), (len(old), len(new))]
    old_start, new_start, remaining = 0, 0, MAX_TOTAL_PRODUCT
    for old_pin, new_pin in pins:
        limit = min(MAX_LINE_PRODUCT, remaining)
        yield from _pairs_in_gap(old, new, (old_start, old_pin), (new_start, new_pin), limit)
        remaining -= min(limit, (old_pin - old_start) * (new_pin - new_start))
        if old_pin < len(old):
            yield old_pin, new_pin
        old_start, new_start = old_pin + 1, new_pin + 1


def _pairs_in_gap(
    old: Sequence[str], new: Sequence[str], old_span: tuple[int, int], new_span: tuple[int, int], limit: int
) -> Iterator[tuple[int, int]]:
    """Equal lines between two pins."""
    old_lines, new_lines = old[slice(*old_span)], new[slice(*new_span)]
    if not old_lines or not new_lines:
        return
    if len(old_lines) == len(new_lines) and old_lines == new_lines:
        yield from zip(range(*old_span), range(*new_span), strict=True)
    elif len(old_lines) * len(new_lines) <= limit:
        for block in SequenceMatcher(None, old_lines, new_lines, autojunk=False).get_matching_blocks():
            for step in range(block.size):
                yield old_span[0] + block.a + step, new_span[0] + block.b + step


def _pins(old: Sequence[str], new: Sequence[str]) -> list[tuple[int, int]]:
    """The indexes of the longest series of lines, in the same order in both texts, that occur once in each."""
    once_in_old = {line for line, count in Counter(old).items() if count == 1}
    once_in_new = {line for line, count in Counter(new).items() if count == 1}
    new_indexes = {line: index for index, line in enumerate(new) if line in once_in_new}
    pairs = [
        (index, new_indexes[line]) for index, line in enumerate(old) if line in once_in_old and line in new_indexes
    ]
    # Longest increasing subsequence of the indexes in the new text (patience sorting).
    tops: list[int] = []
    top_pairs: list[int] = []
    predecessors: list[int] = []
    for number, (_, new_index) in enumerate(pairs):
        pile = bisect_left(tops, new_index)
        predecessors.append(top_pairs[pile - 1] if pile else -1)
        if pile == len(tops):
            tops.append(new_index)
            top_pairs.append(number)
        else:
            tops[pile], top_pairs[pile] = new_index, number
    pins = []
    number = top_pairs[-1] if top_pairs else -1
    while number >= 0:
        pins.append(pairs[number])
        number = predecessors[number]
    return pins[::-1]

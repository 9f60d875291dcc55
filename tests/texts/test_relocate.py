"""Finding passages of an old text in a new one, where texts are long."""

import time
from random import Random

import pytest

from comparison.texts.relocate import Fate, PassageFinder

LINES = [f"Thing {number} is said to be number {number * 7} of them all." for number in range(3000)]
OLD = "\n".join(LINES)


def locate(old: str, new: str, passage: str) -> tuple[Fate, str]:
    location = PassageFinder(old, new).locate(passage, old.index(passage))
    return location.fate, new[location.start or 0 : location.end or 0]


def test_passages_move_with_their_section() -> None:
    new = "\n".join([*LINES[2500:], *LINES[:2500]])
    assert locate(OLD, new, "2900 is said to be") == (Fate.MOVED, "2900 is said to be")
    assert locate(OLD, new, "10 is said to be number 70") == (Fate.MOVED, "10 is said to be number 70")


def test_a_changed_line_is_found_wherever_it_moved() -> None:
    changed = "Thing 1500 is held to be number 10500 of them all."
    new = "\n".join(f"{line} Truly." for line in [changed, *LINES[:1500], *LINES[1501:]])
    passage = "Thing 1500 is said to be number 10500"
    assert locate(OLD, new, passage) == (Fate.CHANGED, "Thing 1500 is held to be number 10500")


@pytest.mark.parametrize("separator", [" ", "\n"])
def test_passages_of_one_long_line_or_of_many_are_found(separator: str) -> None:
    old, new = separator.join(LINES), "New. " + separator.join(LINES).replace("Thing 7 ", "Matter 7 ")
    passage = separator.join(LINES[1000:1003])[3:-3]
    assert locate(old, new, passage) == (Fate.MOVED, passage)


def test_passages_without_blanks_between_words_are_found() -> None:
    letters = [chr(0x4E00 + number) for number in range(2000)]
    rows = ["".join(Random(number).sample(letters, 60)) for number in range(300)]
    old, new = "\n".join(rows), "\n".join(row + "新" for row in rows)
    assert locate(old, new, rows[200][5:40]) == (Fate.MOVED, rows[200][5:40])
    assert locate(old, new.replace(rows[200][20], "旧"), rows[200][5:40])[0] is Fate.CHANGED


def test_a_passage_is_gone_from_an_unrelated_text() -> None:
    new = "\n".join(f"Quite another matter, told in line {number}." for number in range(3000))
    assert locate(OLD, new, "1500 is said to be number") == (Fate.GONE, "")


def test_time_grows_with_the_claims_but_not_with_claims_times_lines() -> None:
    random = Random(1)
    words = [f"word{number}" for number in range(2000)]
    rows = [" ".join(random.choices(words, k=16)) for _ in range(10_000)]
    new = "\n".join(" ".join(word if random.random() > 0.2 else "other" for word in row.split()) for row in rows)
    old, started = "\n".join(rows), time.perf_counter()
    finder = PassageFinder(old, new)
    fates = [finder.locate(old[start : start + 60], start).fate for start in range(0, 500_000, 500)]
    assert time.perf_counter() - started < 20  # about one; comparing with every new line would take minutes
    assert fates.count(Fate.GONE) < 200

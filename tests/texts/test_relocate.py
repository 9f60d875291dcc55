"""Finding passages of an old text in a new one, where texts are long."""

import time
from random import Random

import pytest

from comparison.texts.relocate import Anchors, Fate

LINES = [f"Thing {number} is said to be number {number * 7} of them all." for number in range(3000)]
OLD = "\n".join(LINES)


def found(old: str, new: str, passage: str) -> tuple[Fate, str]:
    place = Anchors(old, new).locate(passage, old.index(passage))
    return place.fate, new[place.start or 0 : place.end or 0]


def test_a_section_that_went_to_the_other_end_takes_its_passages_along() -> None:
    new = "\n".join([*LINES[2500:], *LINES[:2500]])
    assert found(OLD, new, "2900 is said to be") == (Fate.MOVED, "2900 is said to be")
    assert found(OLD, new, "10 is said to be number 70") == (Fate.MOVED, "10 is said to be number 70")


def test_a_changed_line_is_found_wherever_it_went() -> None:
    changed = "Thing 1500 is held to be number 10500 of them all."
    new = "\n".join(f"{line} Truly." for line in [changed, *LINES[:1500], *LINES[1501:]])
    passage = "Thing 1500 is said to be number 10500"
    assert found(OLD, new, passage) == (Fate.CHANGED, "Thing 1500 is held to be number 10500")


@pytest.mark.parametrize("apart", [" ", "\n"])
def test_passages_of_one_long_line_or_of_many_are_found(apart: str) -> None:
    old, new = apart.join(LINES), "New. " + apart.join(LINES).replace("Thing 7 ", "Matter 7 ")
    passage = apart.join(LINES[1000:1003])[3:-3]
    assert found(old, new, passage) == (Fate.MOVED, passage)


def test_words_without_blanks_between_them_are_found() -> None:
    letters = [chr(0x4E00 + number) for number in range(2000)]
    rows = ["".join(Random(number).sample(letters, 60)) for number in range(300)]
    old, new = "\n".join(rows), "\n".join(row + "新" for row in rows)
    assert found(old, new, rows[200][5:40]) == (Fate.MOVED, rows[200][5:40])
    assert found(old, new.replace(rows[200][20], "旧"), rows[200][5:40])[0] is Fate.CHANGED


def test_nothing_is_found_in_another_text() -> None:
    new = "\n".join(f"Quite another matter, told in line {number}." for number in range(3000))
    assert found(OLD, new, "1500 is said to be number") == (Fate.GONE, "")


def test_time_grows_with_the_claims_not_with_claims_times_lines() -> None:
    random = Random(1)
    words = [f"word{number}" for number in range(2000)]
    rows = [" ".join(random.choices(words, k=16)) for _ in range(10_000)]
    new = "\n".join(" ".join(w if random.random() > 0.2 else "other" for w in row.split()) for row in rows)
    old, began = "\n".join(rows), time.perf_counter()
    anchors = Anchors(old, new)
    fates = [anchors.locate(old[at : at + 60], at).fate for at in range(0, 500_000, 500)]
    assert time.perf_counter() - began < 20  # about one; comparing with every new line would take minutes
    assert fates.count(Fate.GONE) < 200

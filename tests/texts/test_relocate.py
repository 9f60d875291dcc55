"""Finding passages of an old text in a new one, where texts are long."""

import textwrap
import time
import unicodedata
from collections.abc import Callable
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comparison.texts.relocate import Fate, PassageFinder
from comparison.texts.typography import fold, folded_text

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


TYPED = """Intro – of it.

Alpha is "quick" to learn, isn't it? It's small - 10-20 lines... and naïve, they say.

Same.

Omega takes some weeks of work, and it does not stop there by any means.

Same.
"""
PASSAGES = ['"quick" to learn', "small - 10-20 lines... and naïve", "takes some weeks of work, and it", "Same."]


def wrapped(text: str, width: int = 24) -> str:
    return "\n\n".join(textwrap.fill(paragraph, width) for paragraph in text.split("\n\n")) + "\n"


TYPESETTING: dict[str, Callable[[str], str]] = {
    "quotes": lambda text: text.replace('"quick"', "“quick”").replace("'", "’"),
    "other quotes": lambda text: text.replace('"quick"', "«quick»"),
    "dashes": lambda text: text.replace(" - ", "—").replace("10-20", "10–20").replace(" – ", " - "),
    "blanks": lambda text: text.replace("some weeks", "some\u00a0weeks").replace("and ", "and  "),
    "soft hyphens": lambda text: text.replace("learn", "le\u00adarn").replace("lines", "li\u00adnes"),
    "zero width": lambda text: text.replace("weeks", "we\u200beks").replace("naïve", "\ufeffnaïve"),
    "ellipses": lambda text: text.replace("...", "…"),
    "form": lambda text: unicodedata.normalize("NFD", text),
    "wrapping": wrapped,
    "all of it": lambda text: wrapped(
        unicodedata.normalize("NFD", text.replace("'", "’").replace("...", "…").replace("weeks", "we\u00adeks")), 31
    ),
    "below a new line": lambda text: "A line that is new.\n\n" + text.replace("'", "’").replace('"', "”"),
}


@pytest.mark.parametrize("passage", PASSAGES)
@pytest.mark.parametrize("typesetting", TYPESETTING)
def test_a_passage_in_other_typography_is_the_same_and_whole(typesetting: str, passage: str) -> None:
    new = TYPESETTING[typesetting](TYPED)
    start = TYPED.rindex(passage)
    location = PassageFinder(TYPED, new).locate(passage, start)
    assert location.fate in (Fate.FOUND, Fate.MOVED)
    assert location.start is not None
    assert location.end is not None
    words = new[location.start : location.end]
    assert folded_text(words) == folded_text(passage)
    assert passage != "Same." or location.start == new.rindex("Same.")
    back = PassageFinder(new, TYPED).locate(words, location.start)
    assert (back.start, back.end) == (start, start + len(passage))


def test_a_quote_in_other_typography_is_found_where_the_old_text_is_not_known() -> None:
    new = TYPESETTING["all of it"](TYPED)
    assert PassageFinder("", new).locate(PASSAGES[2], TYPED.index(PASSAGES[2])).fate is not Fate.CHANGED


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("It takes 106 rows.", "It takes 10⁶ rows."),
        ("It is fast to start.", "It is not fast to start."),
        ("It takes 80 ms to start.", "It takes 8 ms to start."),
    ],
)
def test_other_words_are_no_typography(old: str, new: str) -> None:
    assert PassageFinder(old, new).locate(old, 0).fate is Fate.CHANGED


def test_marks_of_lines_are_carried_to_lines_in_other_typography() -> None:
    new = TYPESETTING["quotes"](TYPED)
    assert PassageFinder(TYPED, "New.\n" + new).carry([1, 3, 5], TYPED) == [2, 4, 6]


@given(st.text(st.sampled_from("ab -–'’\u00ad\u0301e\u200b\n\t…ﬁ·각\u1100\u1161"), max_size=40))
def test_a_folded_text_knows_where_its_characters_come_from(text: str) -> None:
    folded = fold(text)
    assert len(folded.text) == len(folded.starts) == len(folded.ends)
    assert list(folded.starts) == sorted(folded.starts)
    assert all(0 <= start < end <= len(text) for start, end in zip(folded.starts, folded.ends, strict=True))
    assert folded.text.strip() == folded_text(text)
    assert folded_text(unicodedata.normalize("NFD", text)) == folded_text(unicodedata.normalize("NFC", text))


def test_a_text_set_anew_throughout_is_read_in_time() -> None:
    lines = [f"Thing {number} isn't said to be number {number * 7} - of them all." for number in range(20_000)]
    old = "\n".join(lines)
    new, started = old.replace("'", "’").replace(" - ", " — "), time.process_time()
    finder = PassageFinder(old, new)
    starts = range(0, len(old) - 100, 5_000)
    assert all(finder.locate(old[start : start + 60], start).fate is not Fate.CHANGED for start in starts)
    assert time.process_time() - started < 10  # about one and a half

"""Compares the shipped claims with the articles they were taken from, without the site's own code.

The articles are not part of the project: ARTICLES names their folder. Tests that do not need them run without it.
"""

import hashlib
import os
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[2]
CATALOGUE = ROOT / "comparison" / "catalogue"
FRAMEWORKS = {"django", "flask"}
VALUES = {"rating": {"level"}, "fit": {"level"}, "feature": {"support"}, "figure": {"low", "high"}, "list": {"item"}}
MIN_RUN = 5  # this many equal words in a row are the article's words rather than ours

# Lines without a claim, numbered from 1, with the reason.
# fmt: off
REASONS: dict[str, dict[str, list[int]]] = {
    "django-vs-flask-which-python-framework": {
        "heading": [1, 4, 10, 14, 24, 28, 37, 44, 48, 56, 60, 69, 76, 80, 88, 96, 104, 112, 135, 143, 147, 154, 159,
                    171, 175, 205],
        "lead-in": [2, 8, 16, 26, 58, 78, 165, 173],
        "advertisement": [167, 169],
        "advice that takes no side": [209],
        "author box": [211, 213, 215],
        "site boilerplate": [217],
        "says only what is true of both": [31, 180, 189],
    },
    "flask-vs-django-whats-the-difference": {
        "site boilerplate": [1, 3, 7, 25, 33, 45, 47, 49, 51, 53],
        "author box": [4, 5],
        "heading": [9],
        "lead-in": [13],
        "advice that takes no side": [21],
        "closing words": [23],
        "advertisement": [27, 29, 31, 35, 37, 39, 41, 43],
    },
    "flask-vs-django": {
        "asks, does not claim": [3, 7],
        "lead-in": [5, 9, 23, 30, 81, 115, 129, 212, 224, 277],
        "heading": [11, 73, 83, 85, 97, 113, 127, 141, 210, 222, 235, 239, 265, 275, 281, 289, 297, 305, 311, 317],
        "speaks of frameworks in general": [13, 17, 19],
        "image caption": [15, 32, 53, 131, 226, 279],
        "advertisement": [46, 169],
        "speaks of other frameworks": [163],
        "speaks of the language's community": [173],
        "speaks of the trade in general": [187, 189],
        "says only that they differ": [307],
        "closing words": [322, 332],
        "advice that takes no side": [328, 330],
        "says only what is true of both": [21, 75],
        "garbled or says nothing that can be told": [88, 91, 103, 106],
    },
}
# fmt: on
UNCLAIMED = {
    (slug, line): reason
    for slug, lines_by_reason in REASONS.items()
    for reason, lines in lines_by_reason.items()
    for line in lines
}


LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # in C: a tenth of the time


def read(path: Path) -> dict[str, Any]:
    return yaml.load(path.read_bytes(), LOADER)


FILES = {path.stem: read(path) for path in sorted((CATALOGUE / "sources").glob("*.yaml"))}
SOURCES = {slug: source for slug, source in FILES.items() if "parts" not in source}
CRITERIA = {
    criterion["slug"]: {"kind": criterion["kind"], "category": category["slug"]}
    for category in read(CATALOGUE / "criteria.yaml")["categories"]
    for criterion in category["criteria"]
}
CLAIMS = [(slug, claim) for slug, source in SOURCES.items() for claim in source["claims"]]
each_source = pytest.mark.parametrize("slug", SOURCES)


def text_of(slug: str) -> str:
    """The article's text, recognized by its digest under any file name. Skips the test if there are no articles."""
    folder = Path(os.environ.get("ARTICLES") or ROOT.parent / "shared" / "articles")
    if not folder.is_dir():
        pytest.skip("no articles here: set ARTICLES to the folder that holds their texts")
    for path in folder.iterdir():
        if path.is_file() and hashlib.sha256(path.read_bytes()).hexdigest() == SOURCES[slug]["text_sha256"]:
            return path.read_bytes().decode()
    return pytest.fail(f"none of the files in the articles' folder has the digest of {slug}")


def lines_of(text: str) -> dict[int, tuple[int, str]]:
    """Each line's offset and text, by its number."""
    lines, start = {}, 0
    for number, line in enumerate(text.split("\n"), 1):
        lines[number] = (start, line)
        start += len(line) + 1
    return lines


def lines_with_claims(slug: str, text: str) -> set[int]:
    ranges = [(claim["start"], claim["end"]) for claim in SOURCES[slug]["claims"]]
    lines = lines_of(text).items()
    return {
        number
        for number, (first, line) in lines
        if any(start < first + len(line) and end > first for start, end in ranges)
    }


def words(text: str) -> list[str]:
    """Case-folded, without punctuation. Apostrophes are removed; all other signs separate words."""
    return re.findall(r"[^\W_]+", re.sub(r"['’]", "", text.casefold()))


def runs(text: str) -> list[tuple[str, ...]]:
    """All runs of MIN_RUN words."""
    in_order = words(text)
    return [tuple(in_order[start : start + MIN_RUN]) for start in range(len(in_order) - MIN_RUN + 1)]


def first_shared_run(ours: str, theirs: str) -> str:
    """The first run of words that is in both texts, or ""."""
    their_runs = set(runs(theirs))
    return next((" ".join(run) for run in runs(ours) if run in their_runs), "")


@each_source
def test_the_text_is_as_long_as_the_catalogue_says(slug: str) -> None:
    assert SOURCES[slug]["text_length"] == len(text_of(slug))


@each_source
def test_every_passage_lies_within_one_line_of_its_text(slug: str) -> None:
    text, wrong = text_of(slug), []
    for claim in SOURCES[slug]["claims"]:
        start, end = claim["start"], claim["end"]
        if not 0 <= start < end <= len(text) or len(text[start:end].splitlines()) != 1 or "\n" in text[start:end]:
            wrong.append((start, end, claim["statement"]))
    assert wrong == []


@each_source
def test_no_passage_begins_or_ends_in_blanks(slug: str) -> None:
    text = text_of(slug)
    passages = {
        (claim["start"], claim["end"]): text[claim["start"] : claim["end"]] for claim in SOURCES[slug]["claims"]
    }
    assert {offsets: passage for offsets, passage in passages.items() if passage != passage.strip()} == {}


@each_source
def test_every_line_has_a_claim_or_a_reason_why_not(slug: str) -> None:
    text = text_of(slug)
    not_blank = {number for number, (_, line) in lines_of(text).items() if line.strip()}
    listed = {number for source, number in UNCLAIMED if source == slug}
    assert sorted(not_blank - lines_with_claims(slug, text) - listed) == []


@each_source
def test_no_line_with_a_reason_is_blank_or_has_a_claim(slug: str) -> None:
    text = text_of(slug)
    lines, claimed = lines_of(text), lines_with_claims(slug, text)
    listed = [number for source, number in UNCLAIMED if source == slug]
    assert [number for number in listed if number in claimed or not lines[number][1].strip()] == []


def test_no_line_has_two_reasons() -> None:
    listed = Counter(
        (slug, line)
        for slug, lines_by_reason in REASONS.items()
        for lines in lines_by_reason.values()
        for line in lines
    )
    assert [line for line, times in listed.items() if times > 1] == []
    assert REASONS.keys() == SOURCES.keys()


@each_source
def test_no_statement_repeats_the_words_of_its_line(slug: str) -> None:
    text = text_of(slug)
    lines, repeated = list(lines_of(text).values()), {}
    for claim in SOURCES[slug]["claims"]:
        theirs = next(line for first, line in reversed(lines) if first <= claim["start"])
        if run := first_shared_run(claim["statement"], theirs):
            repeated[claim["statement"]] = run
    assert repeated == {}


@pytest.mark.parametrize(
    ("ours", "theirs", "run"),
    [
        ("One two three four five", "zero one, TWO three (four) five six", "one two three four five"),
        ("So it’s one of a kind", "Because its one OF a kind.", "its one of a kind"),
        ("a built-in tool for tests", "Built in tool for tests", "built in tool for tests"),
        ("One two three four six", "one two three four five six", ""),
        ("One two three four", "one two three four", ""),
        ("", "one two three four five", ""),
    ],
)
def test_a_run_of_five_words_is_noticed(ours: str, theirs: str, run: str) -> None:
    assert first_shared_run(ours, theirs) == run


@each_source
def test_every_figure_is_in_its_passage(slug: str) -> None:
    text, wrong = text_of(slug), []
    for claim in SOURCES[slug]["claims"]:
        passage = text[claim["start"] : claim["end"]].replace(",", "")
        numbers = {claim[name] for name in ("low", "high") if name in claim}
        if not numbers <= {int(number) for number in re.findall(r"\d+", passage)}:
            wrong.append((claim["statement"], passage))
    assert wrong == []


def test_without_the_folder_the_articles_are_skipped(monkeypatch, tmp_path) -> None:
    monkeypatch.setenv("ARTICLES", str(tmp_path / "none"))
    with pytest.raises(pytest.skip.Exception, match="set ARTICLES"):
        text_of(next(iter(SOURCES)))


def test_an_article_that_the_folder_lacks_is_a_failure(monkeypatch, tmp_path) -> None:
    (tmp_path / "other.txt").write_text("Some other text.")
    monkeypatch.setenv("ARTICLES", str(tmp_path))
    with pytest.raises(pytest.fail.Exception, match="digest"):
        text_of(next(iter(SOURCES)))


def has_proper_value(kind: str, claim: dict[str, Any]) -> bool:
    """Whether a claim has the value that its criterion's kind requires, and no other."""
    if claim.keys() & set().union(*VALUES.values()) != VALUES[kind]:
        return False
    match kind:
        case "rating" | "fit":
            return type(claim["level"]) is int and -2 <= claim["level"] <= 2
        case "feature":
            return claim["support"] in ("built-in", "extension", "partial", "none")
        case "figure":
            return {type(claim["low"]), type(claim["high"])} <= {int, float} and 0 <= claim["low"] <= claim["high"]
        case _:
            return type(claim["item"]) is str and 0 < len(claim["item"].strip()) == len(claim["item"]) <= 100


def test_every_claim_has_the_value_that_its_criterion_requires() -> None:
    wrong = [claim for _, claim in CLAIMS if not has_proper_value(CRITERIA[claim["criterion"]]["kind"], claim)]
    assert wrong == []


def test_every_claim_has_a_statement_and_offsets() -> None:
    assert [claim for _, claim in CLAIMS if not claim["statement"].strip() or len(claim["statement"]) > 300] == []
    assert [claim for _, claim in CLAIMS if (type(claim.get("start")), type(claim.get("end"))) != (int, int)] == []


def test_no_source_makes_two_claims_on_one_cell_at_one_offset() -> None:
    keys = Counter((slug, claim["framework"], claim["criterion"], claim["start"]) for slug, claim in CLAIMS)
    assert [key for key, times in keys.items() if times > 1] == []


def test_there_are_hundreds_of_claims() -> None:
    assert len(CLAIMS) >= 450


@pytest.mark.parametrize("group", ["kind", "category"])
def test_every_group_of_criteria_has_claims_on_both_frameworks(group: str) -> None:
    covered = {(CRITERIA[claim["criterion"]][group], claim["framework"]) for _, claim in CLAIMS}
    assert covered == {(criterion[group], framework) for criterion in CRITERIA.values() for framework in FRAMEWORKS}


def test_there_are_criteria_of_every_kind() -> None:
    assert {criterion["kind"] for criterion in CRITERIA.values()} == set(VALUES)


def test_every_source_makes_claims_on_both_frameworks() -> None:
    assert {(slug, claim["framework"]) for slug, claim in CLAIMS} == {
        (slug, framework) for slug in SOURCES for framework in FRAMEWORKS
    }

"""The shipped claims against the articles they come from; skipped where those, which are not ours, are absent."""

import hashlib
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from comparison.catalogue import SHIPPED
from comparison.evidence import Kind

FOLDER = Path(os.environ.get("ARTICLES") or Path(__file__).parent.parent.parent / "shared" / "articles")
SOURCES = {path.stem: yaml.safe_load(path.read_text()) for path in sorted((SHIPPED / "sources").glob("*.yaml"))}
pytestmark = pytest.mark.skipif(not FOLDER.is_dir(), reason="the articles are not here; ARTICLES names their folder")

HEADING, LEAD_IN, AD, BOILERPLATE = "heading", "lead-in without a claim", "advertisement", "site boilerplate"
CAPTION, QUESTION, GENERAL = "picture caption", "asks, does not claim", "about frameworks or developers in general"
NO_SIDE, CLOSING, AUTHOR, OTHERS = "advice that takes no side", "greeting or closing", "author box", "about others"
VAGUE = "too vague for any criterion"

# Lines that claim nothing, by reason.
SILENT: dict[str, dict[str, list[int]]] = {
    "flask-vs-django": {
        QUESTION: [3, 5, 7],
        CLOSING: [9, 322, 332],
        HEADING: [11, 73, 97, 113, 127, 210, 222, 235, 265, 275, 297, 305, 311, 317],
        GENERAL: [13, 17, 19, 173, 187, 189],
        CAPTION: [15, 32, 53, 131, 226, 279],
        LEAD_IN: [23, 81, 83, 85, 115, 129, 224, 281, 289],
        VAGUE: [30, 307],
        AD: [46, 169],
        OTHERS: [163],
        NO_SIDE: [277, 328, 330],
    },
    "flask-vs-django-whats-the-difference": {
        BOILERPLATE: [1, 3, 4, 5, 7, 33, 45, 47, 49, 51, 53],
        HEADING: [9],
        LEAD_IN: [13],
        NO_SIDE: [21],
        CLOSING: [23],
        AD: [25, 27, 29, 31, 35, 37, 39, 41, 43],
    },
    "django-vs-flask-which-python-framework": {
        HEADING: [
            1,
            4,
            10,
            14,
            24,
            28,
            37,
            44,
            48,
            56,
            60,
            69,
            76,
            80,
            88,
            96,
            104,
            112,
            135,
            143,
            147,
            154,
            159,
            171,
            205,
        ],
        LEAD_IN: [2, 16, 26, 58, 78, 165, 173, 175],
        NO_SIDE: [8, 209],
        AD: [167, 169],
        AUTHOR: [211, 213, 215],
        BOILERPLATE: [217],
    },
}


def text_of(slug: str) -> str:
    wanted = SOURCES[slug]["text_sha256"]
    for path in FOLDER.iterdir():
        content = path.read_bytes()
        if hashlib.sha256(content).hexdigest() == wanted:
            return content.decode()
    pytest.fail(f"{FOLDER} holds no file with the digest of {slug}")


def lines_of(text: str) -> Iterator[tuple[int, int, str]]:
    """Number from 1, offset and text of each line."""
    offset = 0
    for number, line in enumerate(text.splitlines(keepends=True), 1):
        yield number, offset, line
        offset += len(line)


def words(text: str) -> list[str]:
    return re.findall(r"[a-z0-9']+", text.lower().replace("’", "'"))


@pytest.mark.parametrize("slug", SOURCES)
def test_every_range_lands_on_a_passage(slug) -> None:
    text, source = text_of(slug), SOURCES[slug]
    assert source["text_length"] == len(text)
    for claim in source["claims"]:
        passage = text[claim["start"] : claim["end"]]
        assert claim["end"] <= len(text)
        assert passage
        assert passage == passage.strip(), claim
        assert "\n" not in passage, claim


@pytest.mark.parametrize("slug", SOURCES)
def test_every_line_is_claimed_or_accounted_for(slug) -> None:
    spans = [(claim["start"], claim["end"]) for claim in SOURCES[slug]["claims"]]
    silent = [
        number
        for number, offset, line in lines_of(text_of(slug))
        if line.strip() and not any(start < offset + len(line) and end > offset for start, end in spans)
    ]
    listed = sorted(number for numbers in SILENT[slug].values() for number in numbers)
    assert listed == silent


@pytest.mark.parametrize("slug", SOURCES)
def test_statements_are_our_own_words(slug) -> None:
    text = text_of(slug)
    for claim in SOURCES[slug]["claims"]:
        start = text.rfind("\n", 0, claim["start"]) + 1
        line = " ".join(words(text[start : text.find("\n", claim["end"])]))
        said = words(claim["statement"])
        runs = [" ".join(said[place : place + 5]) for place in range(len(said) - 4)]
        assert not [run for run in runs if run in line], claim


def test_the_catalogue_is_as_rich_as_its_articles() -> None:
    claims: list[dict[str, Any]] = [claim for source in SOURCES.values() for claim in source["claims"]]
    criteria = {
        one["slug"]: (one["kind"], category["slug"])
        for category in yaml.safe_load((SHIPPED / "criteria.yaml").read_text())["categories"]
        for one in category["criteria"]
    }
    used = {claim["criterion"] for claim in claims}
    assert len(claims) >= 500
    assert used == criteria.keys()
    assert {kind for kind, _ in criteria.values()} == set(Kind)
    assert len({category for _, category in criteria.values()}) >= 12
    assert len(yaml.safe_load((SHIPPED / "profiles.yaml").read_text())["profiles"]) >= 8
    for source in SOURCES.values():
        assert {claim["framework"] for claim in source["claims"]} == {"django", "flask"}

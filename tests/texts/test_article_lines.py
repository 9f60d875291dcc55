"""Headings, code and sentences of articles."""

import pytest

from comparison.curation.annotated_text import Article
from comparison.texts.article_lines import NO_PROSE, heading_title, line_levels, sentences

MARKDOWN = """\
---
title: Two of them
---

# Two of them

## Flask

**Django:**

It is large.

### Pitfalls

```bash
# install it
pip install flask
```

1. Read it

2. Write it

A line that is short

%[https://example.org/embed]

It breaks.
"""


def headings(text: str) -> list[str]:
    lines = text.split("\n")
    return [heading_title(line) for line, level in zip(lines, line_levels(lines), strict=True) if level > 0]


def test_headings_of_markdown_are_those_it_marks() -> None:
    assert headings(MARKDOWN) == ["Two of them", "Flask", "Django", "Pitfalls"]


def test_the_section_of_a_passage_is_its_whole_path() -> None:
    article = Article(MARKDOWN)
    assert article.section_at(MARKDOWN.index("It is large")) == "Two of them › Flask › Django"
    assert article.section_at(MARKDOWN.index("It breaks")) == "Two of them › Flask › Pitfalls"
    text = "# Flask\n\nSmall.\n\n## Pitfalls\n\nIt breaks."
    assert Article(text).section_at(text.index("breaks")) == "Flask › Pitfalls"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Speed\n=====\n\nFast.\n\nSize\n----\n\nSmall.", ["Speed", "Size"]),
        ("Intro.\n\n**Django:**\nLarge.", ["Django"]),
        ("Intro.\n\n__Django__:\n\nLarge.", ["Django"]),
        ("Intro.\n\n**It is large.**\n\nMore.", []),
        ("Intro.\n\n**Small** and **quick**\n\nMore.", []),
        ("Intro.\n\n3. Core (the greatest part)\n\nLong it is.", ["3. Core (the greatest part)"]),
        ("Intro.\n\n1. Read it\n\n2. Write it\n\nDone.", []),
        ("Intro.\n\n1. Read it\n2. Write it\n\nDone.", []),
        ("Intro.\n\n1) Read it\n\n2) Write it", []),
        ("~~~\n# comment\n~~~\n\nMore.", []),
        ("````md\n```\n# comment\n```\n````\n\nMore.", []),
        ("Run it.\n\n$ pip install it\n# a comment\n$ run it", []),
        ("Intro.\n\n    # a comment\n    x = f(1)\n\nMore.", []),
        ("Intro.\n\n%[https://example.org]\n\nMore.", []),
        ("Intro.\n\n{% embed https://example.org %}\n\n![Alt](a.png)\n\nMore.", []),
        ("序文。\n\n速いです。\n\n次。", []),
        ("序文。\n\nこれは速いフレームワークです\n\n次。", []),
        ("序文。\n\n学習曲線\n\n速いです。", ["学習曲線"]),
        ("परिचय।\n\nयह तेज़ है।\n\nअंत।", []),
        ("परिचय।\n\nगति\n\nयह तेज़ है।", ["गति"]),
        ("مقدمة.\n\nهل هو سريع؟\n\nنعم.", ["هل هو سريع؟"]),
        ("Intro.\n\nA line of prose that\nis wrapped by hand.", []),
        ("# Not closed\n\n```\nIt is prose.\n\n## Second\n\nMore.", ["Not closed", "Second"]),
    ],
)
def test_which_lines_are_headings(text, expected) -> None:
    assert headings(text) == expected


def test_names_that_are_known_are_headings_wherever_they_stand() -> None:
    assert line_levels(["Text.", "1. Read it.", "2. Write it."], {"1. Read it."})[1] > 0


def test_numbers_tell_the_level_of_a_heading() -> None:
    text = "1. Flask\n\nSmall.\n\n1.1. Pitfalls\n\nMany.\n\n2. Django\n\nLarge."
    article = Article(text)
    assert article.section_at(text.index("Many")) == "1. Flask › 1.1. Pitfalls"
    assert article.section_at(text.index("Large")) == "2. Django"
    assert headings(text.replace("1.1. ", "1.1 ")) == ["1. Flask", "1.1 Pitfalls", "2. Django"]


@pytest.mark.parametrize(
    "line",
    [
        "|:--|--:|",
        "---",
        "$ flask run",
        ">>> import flask",
        "from flask import Flask",
        "import os",
        "@app.route('/')",
        "def index(request):",
        "app = Flask(__name__)",
        "const app = express();",
        "function run() {",
        "});",
        "%[https://example.org]",
    ],
)
def test_code_and_marks_are_no_prose(line) -> None:
    assert line_levels(["Text.", "", line, "", "Text."])[2] == NO_PROSE


@pytest.mark.parametrize(
    "line",
    ["- it is small;", "Speed (in ms):", "Import it, and it runs.", "With it (or without it):", "It = joy, they say."],
)
def test_prose_that_resembles_code_is_prose(line) -> None:
    assert line_levels(["Text.", "", line, "", "Text."])[2] != NO_PROSE


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("速いです。小さいです。", ["速いです。", "小さいです。"]),
        ("本当？！はい。", ["本当？！", "はい。"]),
        ("「速い。」と言う。", ["「速い。」と言う。"]),
        ("यह तेज़ है। यह छोटा है।", ["यह तेज़ है।", "यह छोटा है।"]),
        ("هل هو سريع؟ نعم.", ["هل هو سريع؟", "نعم."]),
        ("Flask vs. Django. It is.", ["Flask vs. Django.", "It is."]),
        ("2. Caching. It is quick.", ["2. Caching.", "It is quick."]),
    ],
)
def test_sentences_end_at_the_signs_of_their_script(line, expected) -> None:
    assert [line[start:end] for start, end in sentences(line)] == expected

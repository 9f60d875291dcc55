"""A library's choice of the lines of a page, beside ours: the lines stay those of our reader."""

import pytest

from comparison.texts.html import second_reading
from comparison.texts.html.second_reading import NoSecondReading, library_lines, taken_lines
from comparison.texts.html_article import OUTSIDE, read_page

PAGE = """<title>On two</title><body><nav>Home<p>Speed</nav><h1>On two</h1>
<div class=related><p>It starts in 10<sup>3</sup> ms, <del>as</del> which <b>everybody</b> finds rather quick.</div>
<h2>Speed</h2><p>Nobody really knows how fast it is<span style="display:none">, we do</span>.
<div><p>Buy our course on it, now and for ever.</div>"""
SPEED = "Nobody really knows how fast it is."
LIBRARY = ["It starts in 103 ms, as which everybody finds rather quick.", "Speed", SPEED, ", we do"]


def test_the_lines_that_a_library_chose_are_read_by_our_rules() -> None:
    """Raised figures stay raised; what is struck out or hidden stays out, also where the library has it."""
    page = read_page(PAGE, library=LIBRARY)
    assert page.by_library
    assert page.article.split("\n\n") == [
        "It starts in 10³ ms, which everybody finds rather quick.",
        "## Speed",
        SPEED + "\n",
    ]
    reasons = {part.sample: part.reason for part in page.dropped}
    assert reasons[", we do"] == "hidden"
    assert reasons["# On two Buy our course on it, now and for ever."] == "not taken by the second reading"


def test_both_readings_say_what_the_other_lacks() -> None:
    page = read_page(PAGE)
    page.library = LIBRARY
    ours, theirs = page.readings()
    assert (ours.by_library, ours.is_taken, theirs.is_taken) == (False, True, False)
    assert ours.only_here == ["# On two", "Buy our course on it, now and for ever."]
    assert theirs.only_here == ["It starts in 10³ ms, which everybody finds rather quick."]
    assert (ours.line_count, theirs.line_count) == (4, 3)
    assert read_page(PAGE).readings() == []


def test_parts_come_back_whoever_chose() -> None:
    page = read_page(PAGE, {OUTSIDE}, LIBRARY)
    assert page.article.startswith("# On two\n\nIt starts")
    assert page.article.endswith("Buy our course on it, now and for ever.\n")
    hidden = next(part.number for part in page.dropped if part.reason == "hidden")
    assert ", we do" in read_page(PAGE, {hidden}, LIBRARY).article


def test_short_lines_are_taken_only_where_they_stand() -> None:
    """“Speed” in a menu is not the heading."""
    page = read_page(PAGE, library=LIBRARY)
    assert page.article.count("Speed") == 1
    assert taken_lines(page.lines, ["something else altogether, of other words"]) == set()
    assert not read_page(PAGE, library=["something else altogether, of other words"]).by_library


def test_readability_reads_a_page_in_a_process_of_its_own() -> None:
    page = (
        f"<body><ul><li><a href=a>Home</a></ul><div><h2>Two</h2>{'<p>It is as fast, they say, as light is.' * 20}</div>"
    )
    assert "It is as fast, they say, as light is." in library_lines(page)


def test_what_prevents_a_second_reading_is_said(monkeypatch) -> None:
    with pytest.raises(NoSecondReading, match="more than 1,500,000 characters"):
        library_lines(" " * 1_500_001)
    monkeypatch.setattr(second_reading.sys, "executable", "/nothing/python")
    with pytest.raises(NoSecondReading, match="could not be started"):
        library_lines("<p>x")

"""Templates are read and changed by people: short lines, one element a line, indented by structure."""

import re
from collections.abc import Iterator
from pathlib import Path

from django.template.loader import get_template

from tests.installation import ROOT

FOLDER = ROOT / "templates"
MAX_LINE_LENGTH = 160
BLOCK_LEVEL = (
    "article|aside|blockquote|body|caption|col|colgroup|dd|details|div|dl|dt|fieldset|footer|form|h[1-6]|head|header|hr"
    "|html|legend|li|link|main|meta|nav|ol|option|p|pre|script|section|summary|symbol|table|tbody|td|tfoot|th|thead"
    "|title|tr|ul"
)
OPENING = re.compile(rf"<(?:{BLOCK_LEVEL})\b")
TAG = re.compile(
    rf"<(?P<end>/?)(?P<element>{BLOCK_LEVEL})\b"
    r"|\{% (?P<end_block>end)?(?P<block>if|for|with|block|comment)\b[^%]*%\}"
)
UNCLOSED = {"col", "hr", "link", "meta", "option"}


def lines() -> Iterator[tuple[str, str]]:
    for path in sorted(FOLDER.rglob("*.html")):
        for number, line in enumerate(path.read_text().splitlines(), 1):
            yield f"{path.relative_to(FOLDER)}:{number}", line


def test_no_line_is_too_long() -> None:
    assert [position for position, line in lines() if len(line) > MAX_LINE_LENGTH] == []


def test_a_line_opens_at_most_one_block_level_element() -> None:
    assert [position for position, line in lines() if len(OPENING.findall(line)) > 1] == []


def test_lines_are_indented_by_two_spaces_and_have_no_trailing_ones() -> None:
    assert [position for position, line in lines() if re.match(r"(  )*(\t| \S)", line)] == []
    assert [position for position, line in lines() if line != line.rstrip()] == []


def test_an_end_is_indented_like_its_beginning() -> None:
    assert [problem for path in sorted(FOLDER.rglob("*.html")) for problem in misplaced_ends(path)] == []


def misplaced_ends(path: Path) -> Iterator[str]:
    """The lines that begin with an end, whose beginning begins a line too, but at another indentation."""
    open_tags: list[tuple[str, int, bool]] = []
    for number, line in enumerate(path.read_text().splitlines(), 1):
        indent = len(line) - len(line.lstrip())
        for tag in TAG.finditer(line):
            name = tag["element"] or tag["block"]
            if name in UNCLOSED:
                continue
            if not (tag["end"] or tag["end_block"]):
                open_tags.append((name, tag.start(), tag.start() == indent))
                continue
            opened, column, begins_line = open_tags.pop()
            assert opened == name, f"{path.name}:{number}: {opened} has no end"
            if begins_line and tag.start() == indent != column:
                yield f"{path.name}:{number}"


def test_an_end_elsewhere_is_noticed(tmp_path) -> None:
    path = tmp_path / "page.html"
    path.write_text("<ul>\n  {% if x %}\n    <li>y</li>\n  {% endif %}\n</ul>\n")
    assert list(misplaced_ends(path)) == []
    path.write_text("<ul>\n  {% if x %}\n    <li>y</li>\n{% endif %}\n  </ul>\n")
    assert list(misplaced_ends(path)) == ["page.html:4", "page.html:5"]


def test_pages_carry_no_indentation_and_as_many_lines_as_their_template() -> None:
    for path in FOLDER.rglob("*.html"):
        source = get_template(str(path.relative_to(FOLDER))).template.source
        assert not re.search(r"\n[ \t]", source), path
        assert [line.strip() for line in path.read_text().splitlines()] == source.splitlines(), path


def test_templates_of_others_stay_as_they_are() -> None:
    assert re.search(r"\n[ \t]", get_template("admin/change_list.html").template.source)

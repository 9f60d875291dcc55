"""The section of a passage: the headings above it. In a documentation they are known by the markup of its file."""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from html import unescape

OPENING = "Opening"  # under a page's own title, or before the first heading
FIELDS = "Fields"  # of a package's metadata, before its description
BETWEEN = " › "
UNDERLINED = re.compile(
    r"^(?P<over>(?P<sign>[^\w\s])(?P=sign)+\n)?[ ]?(?P<title>\S[^\n]*)\n"
    r"(?P<line>(?P<mark>[^\w\s])(?P=mark)*)[ \t]*$",
    re.MULTILINE,
)
HASHES = re.compile(r"^(?P<hashes>#{1,6})[ \t]+(?P<title>[^\n]+?)[ \t]*#*$", re.MULTILINE)
FENCE = re.compile(r"^[ \t]*(`{3,}|~{3,})[^\n]*\n.*?^[ \t]*\1", re.MULTILINE | re.DOTALL)
HTML = re.compile(r"<h(?P<level>[1-6])\b[^>]*>(?P<title>.*?)</h[1-6]>", re.IGNORECASE | re.DOTALL)
MARKUP = re.compile(r"<[^>]*>|\{\s*#[^}]*\}|:[\w:]+:(?=`)|`|\*\*|¶|\]\([^)]*\)|(?<!\w)\[|\]\[[^]]*\]")
MIN_UNDERLINE = 3  # characters; a shorter one must be as long as its title

Heading = tuple[int, int, str]  # where it begins, its level (1 is the highest), and its title


def section_at(text: str, offset: int, file: str) -> str:
    """The titles of the headings above an offset, the highest first; a page's own title is left out."""
    fields_end = _fields_end(text) if file.endswith(("PKG-INFO", "METADATA")) else 0
    if offset < fields_end:
        return FIELDS
    headings = sorted(heading for heading in _headings(text, file) if heading[0] >= fields_end)
    if headings and not any(level <= headings[0][1] for _, level, _ in headings[1:]):
        del headings[0]
    return heading_path(headings, offset) or OPENING


def heading_path(headings: Sequence[Heading], offset: int) -> str:
    """The titles of the headings that an offset stands under, the highest first; `headings` are in order."""
    titles: list[str] = []
    lowest = 0  # the level of the heading found last
    for index in range(bisect_right(headings, offset, key=lambda heading: heading[0]) - 1, -1, -1):
        _, level, title = headings[index]
        if not lowest or level < lowest:
            titles.append(title)
            lowest = level
        if level == 1:
            break
    return BETWEEN.join(reversed(titles))


def shortened(path: str, length: int) -> str:
    """A path of at most so many characters: without its highest headings if need be."""
    while len(path) > length and BETWEEN in path:
        path = path.partition(BETWEEN)[2]
    return path[:length]


def _fields_end(text: str) -> int:
    end = text.find("\n\n")
    return len(text) if end < 0 else end


def _headings(text: str, file: str) -> Iterator[Heading]:
    if file.endswith((".html", ".htm")):
        for match in HTML.finditer(text):
            yield match.start(), int(match["level"]), _plain(match["title"])
    elif file.endswith((".md", ".markdown")) or "Description-Content-Type: text/markdown" in text:
        yield from _markdown(text)
    elif not file.endswith(".py"):
        yield from _restructured(text)


def _markdown(text: str) -> Iterator[Heading]:
    fences = [match.span() for match in FENCE.finditer(text)]
    for match in [*HASHES.finditer(text), *UNDERLINED.finditer(text)]:
        level = len(match["hashes"]) if match.re is HASHES else "=-".find(match["mark"]) + 1
        if level and not any(start <= match.start() < end for start, end in fences):
            yield match.start(), level, _plain(match["title"])


def _restructured(text: str) -> Iterator[Heading]:
    """A level is known by the sign that underlines it, in the order in which the file uses them."""
    levels: list[tuple[str, bool]] = []
    for match in UNDERLINED.finditer(text):
        title, length, style = match["title"].strip(), len(match["line"]), (match["mark"], bool(match["over"]))
        if re.search(r"\w", title) and (length >= MIN_UNDERLINE or length >= len(title)):
            if style not in levels:
                levels.append(style)
            yield match.start(), levels.index(style) + 1, _plain(title)


def _plain(title: str) -> str:
    return " ".join(unescape(MARKUP.sub("", title)).split())

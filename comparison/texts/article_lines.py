"""What each line of an article is: a heading with its level, prose, or code and marks that make no claims.

Pure functions over lines without their ends. Articles come as Markdown, as text that the reader of web pages made, or
as plain text, where only its shape tells a heading.
"""

import re
from collections.abc import Collection, Iterator, Sequence
from itertools import pairwise

PROSE, NO_PROSE = 0, -1  # other values are the levels of headings, 1 is the highest
PLAIN_LEVEL = 7  # of a heading that only its shape tells; numbers with more parts are below it
BOLD_LEVEL = 10  # of a line that is bold as a whole
MIN_MARKED_HEADINGS = 2  # a text with so many headings marked by # marks all of them
MAX_HEADING_LENGTH = 90  # characters; a wide letter of East Asia counts as WIDE_LENGTH
MAX_WRAPPED_LENGTH = 50  # a longer line with another one right below it is wrapped prose
MAX_FRONT_MATTER_LINES = 40
MAX_MARKED_LENGTH = MAX_HEADING_LENGTH + 8  # with the marks of bold letters
MAX_CODE_LENGTH = 300  # characters of a line that is code by its look
WIDE_LENGTH = 2.5
Span = tuple[int, int]

# The sign that ends a sentence, where another may follow; not after abbreviations such as “vs.”, nor after a number at
# the beginning of a line. The signs of East Asia, India and Arabia need no blank behind them.
SENTENCE_END = re.compile(
    r"[.!?…](?=[”’\")]*\s)(?<!\bvs\.)(?<!\be\.g\.)(?<!\bi\.e\.)(?<!^\d\.)(?<!^\d\d\.)(?<!^\d\.\d\.)"
    r"|[。！？｡।॥؟۔](?![。！？｡।॥؟۔」』）】”’\")\]]|$)",
    re.IGNORECASE,
)
WORD = re.compile(r"\w")
HASHES = re.compile(r"(#{1,6})[ \t]+(?=\S)")
BOLD = re.compile(r"(\*\*|__)(?=\S)((?:(?!\1).)+)\1[:：]?")
UNDERLINE = re.compile(r"={3,}|-{3,}")
NUMBER = re.compile(r"\(?\d{1,3}(?:(?P<parts>(?:\.\d{1,3})+)[.)]?|[.)])\s")
ITEM = re.compile(r"(?:[-*+•◦▪]|\d{1,3}[.)])\s")
EMBEDDED = re.compile(r"[%!]?\[[^\]]*\](?:\([^)]*\))?|\{%.*%\}|<!--.*-->|\[\[?toc\]?\]", re.IGNORECASE)
CODE = re.compile(
    r"""(?: \$\ \S | >>>\ ? | @[\w.]+(?:\(.*\))?$ | (?:from\ [\w.]+\ )?import\ [\w.*]+(?:,\ *\w+)*(?:\ as\ \w+)?$
    | (?:async\ )?def\ \w+\(.*\S$ | class\ \w+(?:\(.*\))?:$ | [\w.\[\]"']+\ =\ .*[\])}"'\w;]$
    | (?:if|for|while|with|elif)\ .*\):$ | .*\{$ | .*[=()].*;$ | .*\}\);?$ | [)\]}]+[;,]?$ )""",
    re.VERBOSE,
)
INDENTED_CODE = re.compile(r"(?: {4}|\t)\s*(?:\S*[=(){}<>;]\S*|[#$]\s)")
ENDS_OF_PROSE = ".,;:!…。、，；：！｡।॥؛،۔"
STARTS_OF_NO_HEADING = "-•*|>+◦▪%{<`"
JAPANESE_PROSE = re.compile(r"[、，।]|(?:です|ます|ました|ません|である|だ|した|ない)$")
WIDE = re.compile(r"[\u1100-\u11ff\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\uff00-\uff60]")


def line_levels(lines: Sequence[str], names: Collection[str] = ()) -> list[int]:
    """For each line PROSE, NO_PROSE, or the level of the heading it is; `names` are known to be headings."""
    is_code = _code_lines(lines)
    hashes = [not code and bool(HASHES.match(line.lstrip())) for line, code in zip(lines, is_code, strict=True)]
    shape_tells = sum(hashes) < MIN_MARKED_HEADINGS
    levels = [PROSE] * len(lines)
    for index, line in enumerate(lines):
        text = line.strip()
        if len(text) > MAX_MARKED_LENGTH and text[0].isalpha() and not is_code[index] and text not in names:
            continue  # prose, as most lines of an article
        if is_code[index] or not _has_words(text) or EMBEDDED.fullmatch(text):
            levels[index] = NO_PROSE if text and text not in names else PROSE
        elif hashes[index]:
            levels[index] = len(text) - len(text.lstrip("#"))
        if levels[index] == PROSE and text:
            levels[index] = _unmarked_level(lines, index, text, names, shape_tells)
    return levels


def heading_title(line: str) -> str:
    """A heading's line without its marks."""
    text = line.strip()
    if match := HASHES.match(text):
        text = re.sub(r"[ \t]+#+$", "", text[match.end() :]).strip()
    if match := BOLD.fullmatch(text):
        text = match[2].rstrip(":： ")
    return text.lstrip("#").strip()


def sentences(line: str) -> Iterator[Span]:
    """The offsets of every sentence within a line of prose."""
    ends = [match.end() for match in SENTENCE_END.finditer(line)]
    for first, last in pairwise([0, *ends, len(line)]):
        part = line[first:last]
        sentence = part.strip('\t\xa0 \u3000”’")')
        if _has_words(sentence):
            start = first + part.index(sentence)
            yield start, start + len(sentence)


def _has_words(text: str) -> bool:
    return bool(WORD.search(text))


def _unmarked_level(lines: Sequence[str], index: int, text: str, names: Collection[str], shape_tells: bool) -> int:
    """The level of a heading without # marks; PROSE if it is none."""
    if text in names:
        return PLAIN_LEVEL
    if len(text) > MAX_MARKED_LENGTH:
        return PROSE
    if match := BOLD.fullmatch(text):
        return BOLD_LEVEL if match[2].rstrip(":： ")[-1:] not in ENDS_OF_PROSE else PROSE
    below = lines[index + 1].strip() if index + 1 < len(lines) else ""
    if (index and lines[index - 1].strip()) or not _has_shape_of_heading(text):
        return PROSE
    if UNDERLINE.fullmatch(below):
        return 1 if below[0] == "=" else 2
    if not shape_tells or (below and (below[0].islower() or len(text) > MAX_WRAPPED_LENGTH)):
        return PROSE
    if number := NUMBER.match(text):
        if any(NUMBER.match(neighbour) for neighbour in _neighbours(lines, index)):
            return PROSE  # an item of a list
        return PLAIN_LEVEL + min((number["parts"] or "").count("."), 2)
    return PLAIN_LEVEL


def _has_shape_of_heading(text: str) -> bool:
    length = len(text) + (WIDE_LENGTH - 1) * len(WIDE.findall(text))
    is_plain = text[-1] not in ENDS_OF_PROSE and text[0] not in STARTS_OF_NO_HEADING and "|" not in text
    return is_plain and length <= MAX_HEADING_LENGTH and not (SENTENCE_END.search(text) or JAPANESE_PROSE.search(text))


def _neighbours(lines: Sequence[str], index: int) -> Iterator[str]:
    """The nearest lines with words on either side."""
    for indexes in (range(index - 1, -1, -1), range(index + 1, len(lines))):
        yield next((text for other in indexes if (text := lines[other].strip())), "")


def _code_lines(lines: Sequence[str]) -> list[bool]:
    """Whether each line is code: fenced, or by its look; and the front matter of a Markdown file."""
    is_code = [False] * len(lines)
    for first, last in [*_front_matter(lines), *_fences(lines)]:
        is_code[first : last + 1] = [True] * (last + 1 - first)
    in_list = False
    for index, line in enumerate(lines):
        text = line.lstrip()
        if not text or is_code[index]:
            continue
        if len(line) == len(text):
            in_list = bool(ITEM.match(text))
        is_code[index] = len(line) <= MAX_CODE_LENGTH and bool(
            CODE.match(text) or (not in_list and INDENTED_CODE.match(line))
        )
    for index, line in enumerate(lines):  # a comment right beside code belongs to it
        if line.startswith("#") and not is_code[index]:
            is_code[index] = any(
                is_code[other] and lines[other].strip() and not _is_fence(lines[other])
                for other in (index - 1, index + 1)
                if 0 <= other < len(lines)
            )
    return is_code


def _front_matter(lines: Sequence[str]) -> Iterator[Span]:
    if lines and lines[0].rstrip() == "---":
        ends = (index for index, line in enumerate(lines[1:MAX_FRONT_MATTER_LINES], 1) if line.rstrip() == "---")
        if (end := next(ends, 0)) and any(":" in line for line in lines[1:end]):
            yield 0, end


def _is_fence(line: str) -> bool:
    return line.lstrip().startswith(("```", "~~~"))


def _fences(lines: Sequence[str]) -> Iterator[Span]:
    """The first and last line of each block of code between two fences; a fence that nothing closes is none."""
    opened, opener = -1, ""
    for index, line in enumerate(lines):
        if not _is_fence(line):
            continue
        text = line.strip()
        marks = text[: len(text) - len(text.lstrip(text[0]))]
        if opened < 0:
            opened, opener = index, marks
        elif marks.startswith(opener) and marks == text:
            yield opened, index
            opened = -1

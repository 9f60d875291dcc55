"""A page's tree as lines of text: headings, paragraphs, items and rows, each with what would leave it out."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from comparison.texts.html.inline import WORD_TAGS, formula, icon_word, subscript, superscript
from comparison.texts.html.tables import Cell, Row, span, table_lines
from comparison.texts.html.tree import BLOCK_TAGS, INVISIBLE_TAGS, Element

HEADINGS = {f"h{level}": "#" * level + " " for level in range(1, 7)}
MAX_DEPTH = 20  # of lists that are indented
MAX_BOLD_LENGTH = 90  # characters of a paragraph in bold letters that may be a heading
CODE_TAGS = frozenset(("code", "kbd", "samp", "tt"))
FENCE = "```"
# Marks of the beginning and end of an inline element; where two elements touch, a blank parts their words.
BEGIN, END = "\x01", "\x02"
TOUCHING = re.compile(f"[{BEGIN}{END}]*{END}{BEGIN}[{BEGIN}{END}]*")
WIDE = re.compile("[\u2e80-\uffff]")  # scripts without blanks between words
MARKS = re.compile(f"[{BEGIN}{END}]")
# Inline elements that add nothing to their text; most elements of a page hold a text alone.
PLAIN_TAGS = frozenset(
    ("a", "abbr", "b", "cite", "em", "font", "i", "mark", "q", "small", "span", "strong", "time", "u", "var")
)
PLAIN_TAGS |= CODE_TAGS
# Marks around a word that stands for an image or a formula: a blank, but none within brackets or before a full stop.
BEFORE, AFTER = "\x03", "\x04"
STANDING_FOR = re.compile(
    rf"(?P<inside>(?<=[(\[{{“])[{BEGIN}{END}]*{BEFORE}|{AFTER}[{BEGIN}{END}]*(?=[.,;:!?)\]}}”…]))|[{BEFORE}{AFTER}]"
)


@dataclass(slots=True, eq=False)
class Drop:
    """An element that is left out of the article."""

    number: int  # from 1, in the order of the page
    reason: str
    by_name: bool


@dataclass(slots=True)
class Line:
    text: str
    kind: str  # heading, item, row, pre or empty
    drops: tuple[Drop, ...]  # of the elements around it that are left out, the outermost, and the outermost by kind
    region: int  # number of the innermost article or main; 0 outside


@dataclass(slots=True)
class _Table:
    drops: tuple[Drop, ...]
    rows: list[Row] = field(default_factory=list)
    row: Row | None = None
    cell: Cell | None = None
    in_head: bool = False


@dataclass(slots=True)
class _List:
    is_ordered: bool
    number: int
    step: int


@dataclass(slots=True)
class _Outside:
    """What an inline element that is left out interrupts."""

    words: list[str]
    kind: str
    marker: str


@dataclass(slots=True)
class _Frame:
    """An open element, and what was there before it."""

    element: Element
    children: Iterator[Element | str]
    drops: tuple[Drop, ...]
    region: int
    outside: _Outside | None = None  # if it is an inline element that is left out
    words: list[str] | None = None  # the words it adds to, if they are raised or lowered
    word_index: int = 0
    is_pre: bool = False


class LineReader:
    def __init__(self) -> None:
        self.lines: list[Line] = []
        self.words: list[str] = []
        self.kind = self.marker = ""
        self.drops: tuple[Drop, ...] = ()
        self.drop_count = self.region = self.regions = self.pre_depth = self.code_depth = 0
        self.tables: list[_Table] = []
        self.lists: list[_List] = []
        self.item_depth = 0
        self.fence_index = 0

    def read(self, root: Element) -> list[Line]:
        frames = [self._frame(root)]
        while frames:
            for child in frames[-1].children:
                if isinstance(child, str):
                    self.words.append(child)
                elif (frame := self._enter(child)) is not None:
                    frames.append(frame)
                    break
            else:
                self._leave(frames.pop())
        self._end_line()
        return self.lines

    def _frame(self, element: Element) -> _Frame:
        return _Frame(element, iter(element.children), self.drops, self.region)

    @property
    def table(self) -> _Table | None:
        """The innermost table, if it belongs to what is read now."""
        return self.tables[-1] if self.tables and self.tables[-1].drops == self.drops else None

    def _enter(self, element: Element) -> _Frame | None:
        """None if what it holds is not read."""
        tag = element.tag
        if tag in PLAIN_TAGS and element.length and not element.drop and len(element.children) == 1:
            text = element.children[0]
            if isinstance(text, str):
                self.words += (text,) if self.code_depth else (BEGIN, text, END)
                return None
        if self._reads_as_word(element) or (tag in INVISIBLE_TAGS and "shadowrootmode" not in element.attributes):
            return None
        frame = self._frame(element)
        if element.drop:
            self._enter_drop(element, frame)
        if tag in BLOCK_TAGS:
            self._start_block(element)
            if tag == "pre":
                self._start_pre(frame)
        elif tag in ("sup", "sub"):
            frame.words, frame.word_index = self.words, len(self.words)
        elif not self.code_depth:
            self.words.append(BEGIN)
        if tag in ("article", "main") or element.is_main:
            self.regions += 1
            self.region = self.regions
        self.code_depth += tag in CODE_TAGS
        return frame

    def _reads_as_word(self, element: Element) -> bool:
        """Adds the word of a formula or an icon."""
        tag = element.tag
        if tag not in WORD_TAGS:
            return False
        if tag == "math":
            self.words.append(f"{BEFORE}{formula(element)}{AFTER}")
            return True
        table = self.table
        word = icon_word(element, table is not None and table.cell is not None, self.item_depth > 0)
        if not word:
            return False
        if not element.drop:
            self.words.append(f"{BEFORE}{word}{AFTER}")
        elif table is not None and table.cell is not None:
            table.cell.icon = table.cell.icon or word
        return True

    def _enter_drop(self, element: Element, frame: _Frame) -> None:
        drops = self.drops
        if len(drops) == 2 or (drops and (element.drop_by_name or not drops[0].by_name)):
            return  # inside of something that is left out for as good a reason
        self.drop_count += 1
        if element.tag in BLOCK_TAGS:
            self._end_line()
        else:
            struck = element.tag in ("del", "s", "strike")
            self.words.append("" if struck else END + BEGIN)
            frame.outside = _Outside(self.words, self.kind, self.marker)
            self.words, self.kind, self.marker = [], "", ""
        self.drops = (*drops, Drop(self.drop_count, element.drop, element.drop_by_name))

    def _leave(self, frame: _Frame) -> None:
        tag = frame.element.tag
        self.code_depth -= tag in CODE_TAGS
        if tag in BLOCK_TAGS:
            self._end_block(frame)
        elif tag in ("sup", "sub"):
            self._shift(frame)
        elif not self.code_depth:
            self.words.append(END)
        if self.drops is not frame.drops:
            self._end_line()
            if frame.outside:
                self.words, self.kind, self.marker = frame.outside.words, frame.outside.kind, frame.outside.marker
            self.drops = frame.drops
        self.region = frame.region

    def _shift(self, frame: _Frame) -> None:
        """Raises or lowers the words of an element, if they are all in one line."""
        if frame.words is not self.words:
            return
        text = " ".join(MARKS.sub("", "".join(self.words[frame.word_index :])).split())
        del self.words[frame.word_index :]
        before = MARKS.sub("", "".join(self.words[-4:]))
        self.words.append(superscript(text, before) if frame.element.tag == "sup" else subscript(text))

    def _start_block(self, element: Element) -> None:
        tag = element.tag
        if tag == "br" and (self.kind in HEADINGS or self.pre_depth):
            self.words.append("\n")
            return
        self._end_line()
        if tag in HEADINGS or tag == "table":
            self._abandon_row()  # a table around this one, or around a heading, only serves the layout
            self.kind = tag if tag in HEADINGS else ""
            if tag == "table":
                self.tables.append(_Table(self.drops))
        elif tag == "p" and not self.kind and _is_bold(element):
            self.kind = "bold"
        elif tag in ("tr", "thead", "td", "th"):
            self._start_part_of_table(element)
        elif tag in ("ul", "ol"):
            self._start_list(element)
        elif tag in ("li", "dt", "dd"):
            self._start_item(element)

    def _start_pre(self, frame: _Frame) -> None:
        """Code of one line in a cell stays there; other code stands between fences, out of its table."""
        if self.table is not None and self.table.cell is not None:
            if "\n" not in frame.element.text().strip():
                return
            self._abandon_row()
        frame.is_pre = True
        self.pre_depth += 1
        if self.pre_depth == 1:
            self.fence_index = len(self.lines)
            self._add_line(FENCE, "pre")

    def _start_part_of_table(self, element: Element) -> None:
        table = self.table
        if table is None:
            return
        if element.tag == "thead":
            table.in_head = True
        elif element.tag == "tr":
            table.row, table.cell = Row(table.in_head), None
            table.rows.append(table.row)
        elif table.row is not None:
            attributes = element.attributes
            columns, rows = span(attributes.get("colspan", "")), span(attributes.get("rowspan", ""))
            table.cell = Cell(element.tag == "th", columns, rows)
            table.row.cells.append(table.cell)

    def _start_list(self, element: Element) -> None:
        attributes = element.attributes
        count = sum(child.tag == "li" for child in element.elements)
        is_reversed = "reversed" in attributes
        start = _number(attributes.get("start", ""), count if is_reversed else 1)
        self.lists.append(_List(element.tag == "ol", start, -1 if is_reversed else 1))

    def _start_item(self, element: Element) -> None:
        self.item_depth += 1
        self.kind, self.marker = "item", "  - " if element.tag == "dd" else "- "
        if self.lists and self.lists[-1].is_ordered and element.tag == "li":
            number = _number(element.attributes.get("value", ""), self.lists[-1].number)
            self.marker, self.lists[-1].number = f"{number}. ", number + self.lists[-1].step

    def _end_block(self, frame: _Frame) -> None:
        tag = frame.element.tag
        if tag == "br":
            return
        self._end_line()
        match tag:
            case "table":
                self._end_table()
            case "thead" if self.table is not None:
                self.table.in_head = False
            case "td" | "th" if self.table is not None:
                self.table.cell = None
            case "ul" | "ol":
                self.lists.pop()
            case "li" | "dt" | "dd":
                self.item_depth -= 1
                self.kind = self.marker = ""
            case "pre" if frame.is_pre:
                self._end_pre()

    def _end_pre(self) -> None:
        self.pre_depth -= 1
        if self.pre_depth:
            return
        inside = self.lines[self.fence_index + 1 :]
        if len(inside) < 2 and not any(line.text.lstrip().startswith("#") for line in inside):
            del self.lines[self.fence_index]
            return
        fence = self.lines[self.fence_index].text
        while any(line.text.lstrip().startswith(fence) for line in inside):
            fence += "`"
        self.lines[self.fence_index].text = fence
        self._add_line(fence, "pre")

    def _end_table(self) -> None:
        if self.tables:
            table = self.tables.pop()
            self._add_rows(table)

    def _abandon_row(self) -> None:
        """Reads what follows in the current row as plain lines."""
        if (table := self.table) is not None and table.row is not None:
            self._add_rows(table)
            table.rows, table.row, table.cell = [], None, None

    def _add_rows(self, table: _Table) -> None:
        for text in table_lines(table.rows):
            self.lines.append(Line(text, "row", table.drops, self.region))

    def _end_line(self) -> None:
        """Ends the current line."""
        text = "".join(self.words)
        self.words = []
        if BEFORE in text:
            text = STANDING_FOR.sub(lambda match: "" if match["inside"] else " ", text)
        if self.pre_depth:
            text = MARKS.sub("", text)
            for line in text.strip("\n").split("\n") if text.strip() else ():
                self._add_line(line.rstrip(), "pre")
            return
        if END + BEGIN in text:
            text = TOUCHING.sub(_part_words, text)
        text = " ".join(MARKS.sub("", text).split())
        if not text:
            return
        kind, marker = self.kind, self.marker
        self.kind = self.marker = ""
        if self.table is not None and self.table.cell is not None:
            separator = "; " if kind == "item" and self.table.cell.text else " "
            self.table.cell.text = f"{self.table.cell.text}{separator}{text}".strip()
        elif kind in HEADINGS:
            self._add_line(HEADINGS[kind] + text, "heading")
        elif kind == "bold" and not self.item_depth and text[-1] not in ".!?…":
            self._add_line(f"**{text}**", "")
        elif kind == "item" or (self.item_depth and self.lists):
            depth = min(len(self.lists), MAX_DEPTH)
            indent = "  " * (depth - 1 if marker and depth else depth)
            self._add_line(indent + marker + text, "item")
        else:
            self._add_line(text, "")

    def _add_line(self, text: str, kind: str) -> None:
        self.lines.append(Line(text, kind, self.drops, self.region))


def _is_bold(element: Element) -> bool:
    """Whether a paragraph is a short line in bold letters as a whole, as some pages write their headings."""
    elements = element.elements
    return (
        len(elements) == 1
        and elements[0].tag in ("b", "strong")
        and 0 < element.length <= MAX_BOLD_LENGTH
        and elements[0].length == element.length
        and not elements[0].drop
    )


def _part_words(match: re.Match[str]) -> str:
    """A blank between the words of two elements that touch; none within a word, of which an element holds a letter."""
    before = MARKS.sub("", match.string[max(match.start() - 4, 0) : match.start()])[-2:]
    after = MARKS.sub("", match.string[match.end() : match.end() + 4])[:2]
    if not (before[-1:].isalnum() and after[:1].isalnum()) or WIDE.search(before + after):
        return ""
    if before[-1].isdigit() and after[0].isdigit():
        return ""
    are_words = (before.isalnum() and len(before) == 2) or before[-1].isdigit()
    return " " if are_words and ((after.isalnum() and len(after) == 2) or after[0].isdigit()) else ""


def _number(text: str, default: int) -> int:
    return int(text) if re.fullmatch(r"-?[0-9]{1,6}", text.strip()) else default

"""Turns what a curator uploads or pastes into a source's text. Pure functions over bytes and text.

Only line ends are altered, because quotations must stay as written. A repair of garbled letters is offered with its
differences, and never made unasked.
"""

import codecs
import hashlib
import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from enum import StrEnum
from functools import lru_cache
from itertools import product, takewhile, zip_longest
from time import monotonic

from comparison.texts.furniture import without_lines
from comparison.texts.html_article import DroppedPart, MarkupTooComplex, Page, read_page

MAX_BYTES = 8_000_000  # bytes
MAX_RUN_LENGTH = 8  # letters; each letter of a garbled run may stand for one of two bytes, so the options multiply
RUN = re.compile(r"[^\x00-\x7f]{2,20000}")  # longer ones in parts, so that the time is looked at between them
MAX_REPAIR_SECONDS = 5.0  # an article of 1 MB takes well below 1
MAX_SHOWN_LENGTH = 300  # characters of a line shown with its repair
ENCODINGS = {
    "utf-8": "UTF-8",
    "windows-1252": "Windows-1252 (Western)",
    "iso-8859-1": "ISO 8859-1 (Western)",
    "iso-8859-15": "ISO 8859-15 (Western)",
    "utf-16": "UTF-16",
    "windows-1250": "Windows-1250 (Central European)",
    "windows-1251": "Windows-1251 (Cyrillic)",
    "windows-1253": "Windows-1253 (Greek)",
    "windows-1254": "Windows-1254 (Turkish)",
    "windows-1255": "Windows-1255 (Hebrew)",
    "windows-1256": "Windows-1256 (Arabic)",
    "windows-1257": "Windows-1257 (Baltic)",
    "windows-1258": "Windows-1258 (Vietnamese)",
    "windows-874": "Windows-874 (Thai)",
    "iso-8859-2": "ISO 8859-2 (Central European)",
    "iso-8859-5": "ISO 8859-5 (Cyrillic)",
    "iso-8859-7": "ISO 8859-7 (Greek)",
    "koi8-r": "KOI8-R (Russian)",
    "koi8-u": "KOI8-U (Ukrainian)",
    "shift_jis": "Shift JIS (Japanese)",
    "euc-jp": "EUC-JP (Japanese)",
    "iso-2022-jp": "ISO-2022-JP (Japanese)",
    "iso-2022-kr": "ISO-2022-KR (Korean)",
    "euc-kr": "EUC-KR (Korean)",
    "gb18030": "GB 18030 (Chinese)",
    "big5": "Big5 (Chinese)",
}
# What pages call an encoding, where its name is not in the list; they mean the wider encoding of the same family.
ALIASES = {
    "ascii": "windows-1252",
    "us-ascii": "windows-1252",
    "latin-1": "windows-1252",
    "latin1": "windows-1252",
    "iso8859-1": "windows-1252",
    "iso-8859-1": "windows-1252",
    "iso-8859-9": "windows-1254",
    "tis-620": "windows-874",
    "x-sjis": "shift_jis",
    "sjis": "shift_jis",
    "windows-31j": "shift_jis",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "ks_c_5601-1987": "euc-kr",
    "utf8": "utf-8",
}
PYTHON_NAMES = {"shift_jis": "cp932", "euc-kr": "cp949", "iso-2022-jp": "iso2022_jp_2", "windows-874": "cp874"}
ESCAPES = {b"\x1b$)C": "iso-2022-kr", b"\x1b$B": "iso-2022-jp", b"\x1b$@": "iso-2022-jp", b"\x1b(J": "iso-2022-jp"}
DECLARED = re.compile(
    rb"<(?:meta|\?xml)\b[^>]{0,300}?(?:charset|encoding)\s*=\s*[\"']?\s*([A-Za-z0-9_.:-]{2,40})", re.I
)
DECLARED_WITHIN = 8_000  # bytes from the beginning
BOMS = {codecs.BOM_UTF8: "utf-8", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
SIGNATURES = {
    b"\x89PNG": "a PNG picture",
    b"\xff\xd8\xff": "a JPEG picture",
    b"GIF8": "a GIF picture",
    b"%PDF": "a PDF document",
    b"PK\x03\x04": "a ZIP archive (office documents are such archives too)",
    b"\x1f\x8b": "a compressed file",
    b"\x7fELF": "a program",
    b"\xd0\xcf\x11\xe0": "an old office document",
    b"{\\rtf": "a rich-text (RTF) document",
    b"bplist00": "a web archive of Safari",
    b"%!PS": "a PostScript document",
    b"RIFF": "a picture or a recording",
    b"Rar!": "a RAR archive",
    b"7z\xbc\xaf": "a 7z archive",
    b"BZh": "a compressed file",
    b"\xfd7zXZ": "a compressed file",
    b"\x28\xb5\x2f\xfd": "a compressed file",
    b"SQLite format 3": "a database",
    b"ITSF": "a compiled help file",
}
HTML_ENDINGS = ("html", "htm", "xhtml", "xht", "shtml", "shtm", "mhtml", "mht")
TEXT_ENDINGS = ("txt", "text", "rst", "eml")
LOOKS_LIKE_HTML = re.compile(
    r"\s*(?:<\?xml[^>]*>\s*|<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body|article|main|meta|title)\b",
    re.IGNORECASE | re.DOTALL,
)
TOO_GARBLED = (
    "There are too many garbled letters to repair them here. Choose another encoding for the file and look at the "
    "preview, or repair the text in an editor and paste it."
)


class Unreadable(ValueError):
    """The input is not a text; the message says what it seems to be and what to do."""


class TextFormat(StrEnum):
    TEXT = "text"
    MARKDOWN = "markdown"
    HTML = "html"


@dataclass(frozen=True)
class Repair:
    """A line with garbled letters, as it is and repaired."""

    number: int
    before: str
    after: str


@dataclass(frozen=True)
class ExtractedText:
    """The text of an upload."""

    text: str
    text_format: TextFormat
    whole: str  # before lines were cut
    page: Page | None = None  # that it was taken from

    @property
    def facts(self) -> dict[str, str]:
        return self.page.facts if self.page else {}

    @property
    def dropped_share(self) -> float:
        """Of a page's words, those that are not in its article."""
        return self.page.dropped_share if self.page else 0.0

    @property
    def dropped(self) -> list[DroppedPart]:
        """What the text leaves out of its page."""
        return self.page.dropped if self.page and self.whole != self.page.everything else []


def digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def decode(data: bytes, encoding: str = "") -> tuple[str, str]:
    """The text and its encoding: by the byte order mark, else the one named, else UTF-8. Raises Unreadable."""
    if len(data) > MAX_BYTES:
        raise Unreadable(
            f"The file has {len(data):,} bytes; at most {MAX_BYTES:,} are taken. Upload the article alone."
        )
    for signature, name in SIGNATURES.items():
        if data.startswith(signature):
            raise Unreadable(f"This is {name}, not a text. Save the article as a text or HTML file, or paste its text.")
    bom_encoding = next((name for mark, name in BOMS.items() if data.startswith(mark)), "")
    chosen = bom_encoding or encoding or _declared_encoding(data) or "utf-8"
    if chosen not in ENCODINGS:
        raise Unreadable(f"The encoding {chosen[:30]} is not known. Choose one of the list.")
    try:
        text = _decoded_as(data, chosen)
    except UnicodeDecodeError as error:
        raise Unreadable(
            f"Byte {error.start + 1} is not {ENCODINGS[chosen]}. Choose another encoding and look at the preview."
        ) from None
    if "\0" in text:
        raise Unreadable("The file holds NUL bytes, so it is no text (or is UTF-16 without a mark: choose UTF-16).")
    return normalize_newlines(text), chosen


def _decoded_as(data: bytes, encoding: str) -> str:
    """Raises UnicodeDecodeError."""
    return data.decode("utf-8-sig" if encoding == "utf-8" else PYTHON_NAMES.get(encoding, encoding))


def encoded_again(text: str, encoding: str) -> bytes:
    """The bytes that a text was decoded from."""
    return text.encode(PYTHON_NAMES.get(encoding, encoding), "replace")


def _declared_encoding(data: bytes) -> str:
    """The encoding that the bytes name or show by their escapes, if it is known and they are in it; else empty."""
    if b"\x1b" in data:
        name = next((name for escape, name in ESCAPES.items() if escape in data), "")
    else:
        match = DECLARED.search(data[:DECLARED_WITHIN])
        name = match[1].decode() if match else ""
    return known_encoding(name, data)


def known_encoding(name: str, data: bytes) -> str:
    """An encoding's name in ENCODINGS if the data are in it; UTF-8 if they are in that, which other bytes never are."""
    name = ALIASES.get(name.lower(), name.lower())
    if name not in ENCODINGS or name.startswith("utf-"):
        return ""
    for encoding in ("utf-8", name) if b"\x1b" not in data else (name,):
        try:
            _decoded_as(data, encoding)
        except UnicodeDecodeError:
            continue
        return encoding
    return ""


def normalize_newlines(text: str) -> str:
    """With every line end as one line feed."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def detect_format(name: str, text: str) -> TextFormat:
    """The format by the file's name, else by how the text begins."""
    ending = name.lower().rpartition(".")[2]
    if ending in HTML_ENDINGS:
        return TextFormat.HTML
    if ending in ("md", "markdown"):
        return TextFormat.MARKDOWN
    return TextFormat.HTML if ending not in TEXT_ENDINGS and LOOKS_LIKE_HTML.match(text) else TextFormat.TEXT


def extract_text(
    raw: str,
    text_format: TextFormat,
    keep_everything: bool = False,
    repair: bool = False,
    restored: Collection[int] = (),
    library: Sequence[str] = (),
) -> ExtractedText:
    """The text to store for a source, with the `restored` parts of a page. Raises Unreadable.

    If there are lines of a library's article, they choose what the article of the page is.
    """
    text, page = raw, None
    if text_format is TextFormat.HTML:
        try:
            page = read_page(raw, restored, library)
        except MarkupTooComplex as error:
            raise Unreadable(str(error)) from None
        text = page.everything if keep_everything else page.article
    if not text.strip():
        raise Unreadable("There is no text in it.")
    text = repair_text(text) if repair else text
    return ExtractedText(text, text_format, text, page)


def cut_lines(taken: ExtractedText, cuts: Collection[range]) -> ExtractedText:
    """Without the lines of `cuts` (numbers from 1). Raises Unreadable if nothing is left."""
    text = without_lines(taken.whole, cuts)
    if not text.strip():
        raise Unreadable("Nothing would be left of the text. Cut fewer lines.")
    return replace(taken, text=text)


def repairs(text: str) -> list[Repair]:
    """The lines with garbled letters (UTF-8 decoded as something else), with their repair; as many as time allows."""
    result, deadline = [], monotonic() + MAX_REPAIR_SECONDS
    for number, line in enumerate(text.split("\n"), 1):
        try:
            if not line.isascii() and (after := repair_text(line, deadline)) != line:
                result.append(Repair(number, line, after))
        except Unreadable:
            break
    return result


def repair_text(text: str, deadline: float | None = None) -> str:
    """Raises Unreadable when it takes too long."""
    end = deadline or monotonic() + MAX_REPAIR_SECONDS

    def repaired(match: re.Match[str]) -> str:
        if monotonic() > end:
            raise Unreadable(TOO_GARBLED)
        return _repair_short_run(match[0]) if len(match[0]) <= MAX_RUN_LENGTH else _repair_run(match[0])

    return RUN.sub(repaired, text)


def _repair_run(run: str) -> str:
    """Decodes a run of non-ASCII letters as the UTF-8 it may have been; returns it unchanged if it was not."""
    if run.isalpha() and (run.islower() or run.isupper() or run.istitle()):
        return run  # a word of another script; garbled ones mix capitals and signs
    return next((decoded for decoded in _decoded(run) if all(map(_is_plausible, decoded))), run)


_repair_short_run = lru_cache(maxsize=10_000)(_repair_run)  # a garbled text repeats its few garbled letters


def _decoded(run: str) -> Iterator[str]:
    for codec in ("cp1252", "latin-1", "iso8859-7", "cp1251", "cp1250"):
        options = list(takewhile(bool, (_bytes(letter, codec) for letter in run)))
        if len(options) < len(run):
            continue
        for data in product(*options) if len(run) <= MAX_RUN_LENGTH else [[first for first, *_ in options]]:
            try:
                yield b"".join(data).decode()
            except UnicodeDecodeError:
                continue


@lru_cache(maxsize=10_000)
def _bytes(letter: str, codec: str) -> list[bytes]:
    """The bytes a letter may come from. Programs are lenient about bytes that an encoding leaves undefined."""
    options = []
    for encoding in (codec, "cp1252"):
        try:
            options.append(letter.encode(encoding))
        except UnicodeEncodeError:
            continue
    if not options and ord(letter) < 256:
        options.append(bytes([ord(letter)]))
    return list(dict.fromkeys(options))


# Unicode blocks that texts use; wrong guesses land in rare ones.
PLAUSIBLE_RANGES = (
    (0x00, 0x250),  # Latin
    (0x370, 0x700),  # Greek, Cyrillic, Armenian, Hebrew, Arabic
    (0x900, 0x1000),  # scripts of India, Thai, Tibetan
    (0x1E00, 0x2800),  # Latin with marks, punctuation, currencies, arrows, symbols
    (0x3000, 0xFFFE),  # scripts of East Asia
    (0x1F300, 0x1F800),  # pictures
    (0x1F900, 0x1FB00),
)


def _is_plausible(letter: str) -> bool:
    return any(first <= ord(letter) < beyond for first, beyond in PLAUSIBLE_RANGES)


def repair_pieces(repair: Repair) -> list[tuple[str, str]]:
    """Parts of a repaired line as (before, after), around the first difference."""
    pairs = zip_longest(repair.before, repair.after)
    first = next(index for index, (before, after) in enumerate(pairs) if before != after)
    window = slice(max(first - MAX_SHOWN_LENGTH // 5, 0), first + MAX_SHOWN_LENGTH)
    before, after = repair.before[window], repair.after[window]
    opcodes = SequenceMatcher(None, before, after, autojunk=False).get_opcodes()
    return [(before[a:b], after[c:d]) for _, a, b, c, d in opcodes]

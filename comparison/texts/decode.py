"""Turns what a curator uploads or pastes into a source's text. Pure functions over bytes and text.

Only line ends are altered, because quotations must stay as written. A repair of garbled letters is offered with its
differences, and never made unasked.
"""

import codecs
import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from enum import StrEnum
from functools import lru_cache
from itertools import product, takewhile, zip_longest
from time import monotonic

from comparison.texts.html_article import MarkupTooComplex, Page, read_page

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
    "shift_jis": "Shift JIS (Japanese)",
    "gb18030": "GB 18030 (Chinese)",
}
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
}
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
    dropped_share: float = 0.0  # of a page's words, those that are not in its article
    facts: dict[str, str] = field(default_factory=dict)


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
    chosen = bom_encoding or encoding or "utf-8"
    if chosen not in ENCODINGS:
        raise Unreadable(f"The encoding {chosen[:30]} is not known. Choose one of the list.")
    try:
        text = data.decode("utf-8-sig" if chosen == "utf-8" else chosen)
    except UnicodeDecodeError as error:
        raise Unreadable(
            f"Byte {error.start + 1} is not {ENCODINGS[chosen]}. Choose another encoding and look at the preview."
        ) from None
    if "\0" in text:
        raise Unreadable("The file holds NUL bytes, so it is no text (or is UTF-16 without a mark: choose UTF-16).")
    return normalize_newlines(text), chosen


def normalize_newlines(text: str) -> str:
    """With every line end as one line feed."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def detect_format(name: str, text: str) -> TextFormat:
    """The format by the file's name, else by how the text begins."""
    ending = name.lower().rpartition(".")[2]
    if ending in ("html", "htm", "xhtml"):
        return TextFormat.HTML
    if ending in ("md", "markdown"):
        return TextFormat.MARKDOWN
    looks_like_html = re.match(
        r"\s*(<!doctype html|<html|<\?xml[^>]*>\s*<!doctype html|<head|<body|<article)", text, re.IGNORECASE
    )
    return TextFormat.HTML if looks_like_html and ending != "txt" else TextFormat.TEXT


def extract_text(
    raw: str, text_format: TextFormat, keep_everything: bool = False, repair: bool = False
) -> ExtractedText:
    """The text to store for a source. Raises Unreadable."""
    text, facts, dropped_share = raw, {}, 0.0
    if text_format is TextFormat.HTML:
        try:
            page: Page = read_page(raw)
        except MarkupTooComplex as error:
            raise Unreadable(str(error)) from None
        text = page.everything if keep_everything else page.article
        facts, dropped_share = page.facts, page.dropped_share
    if not text.strip():
        raise Unreadable("There is no text in it.")
    return ExtractedText(repair_text(text) if repair else text, text_format, dropped_share, facts)


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

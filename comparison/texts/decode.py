"""From what a curator uploads or pastes to a source's text. Pure functions over bytes and text.

Nothing is altered but line ends: quotations must stay what was written. A repair of garbled letters is offered, with
its differences, never made by itself.
"""

import codecs
import hashlib
import re
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from enum import StrEnum
from itertools import product, zip_longest

from comparison.texts.html_article import Page, TooTangled, read_page

MAX_BYTES = 8_000_000  # bytes
MAX_RUN_LENGTH = 8  # letters of a garbled run; each may stand for two bytes
SHOWN = 300  # characters of a line that are shown with its repair
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


class Unreadable(ValueError):
    """What was given is no text; the message says what it seems to be and what to do."""


class Form(StrEnum):
    TEXT = "text"
    MARKDOWN = "markdown"
    HTML = "html"


@dataclass(frozen=True)
class Repair:
    """A line as it is and as it would be without garbled letters."""

    number: int
    before: str
    after: str


@dataclass(frozen=True)
class Taken:
    """What became of an upload."""

    text: str
    form: Form
    dropped: float = 0.0  # share of a page's words that are not in its article
    facts: dict[str, str] = field(default_factory=dict)


def digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def decode(data: bytes, encoding: str = "") -> tuple[str, str]:
    """Text and the encoding it was read in: the one named, else by its mark, else UTF-8. Raises Unreadable."""
    if len(data) > MAX_BYTES:
        raise Unreadable(
            f"The file has {len(data):,} bytes; at most {MAX_BYTES:,} are taken. Upload the article alone."
        )
    for signature, name in SIGNATURES.items():
        if data.startswith(signature):
            raise Unreadable(f"This is {name}, not a text. Save the article as a text or HTML file, or paste its text.")
    marked = next((name for mark, name in BOMS.items() if data.startswith(mark)), "")
    chosen = marked or encoding or "utf-8"
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
    return unified(text), chosen


def unified(text: str) -> str:
    """With line ends as they are kept: one line feed."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def form_of(name: str, text: str) -> Form:
    """By the file's name, else by what it looks like."""
    ending = name.lower().rpartition(".")[2]
    if ending in ("html", "htm", "xhtml"):
        return Form.HTML
    if ending in ("md", "markdown"):
        return Form.MARKDOWN
    looks = re.match(
        r"\s*(<!doctype html|<html|<\?xml[^>]*>\s*<!doctype html|<head|<body|<article)", text, re.IGNORECASE
    )
    return Form.HTML if looks and ending != "txt" else Form.TEXT


def take(raw: str, form: Form, keep_everything: bool = False, repair: bool = False) -> Taken:
    """The text a source would get. Raises Unreadable."""
    text, facts, dropped = raw, {}, 0.0
    if form is Form.HTML:
        try:
            page: Page = read_page(raw)
        except TooTangled as error:
            raise Unreadable(str(error)) from None
        text = page.everything if keep_everything else page.article
        facts, dropped = page.facts, page.dropped
    if not text.strip():
        raise Unreadable("There is no text in it.")
    return Taken(mended(text) if repair else text, form, dropped, facts)


def repairs(text: str) -> list[Repair]:
    """The lines that hold garbled letters (UTF-8 read as something else), with their repair."""
    found = []
    for number, line in enumerate(text.split("\n"), 1):
        if not line.isascii() and (after := mended(line)) != line:
            found.append(Repair(number, line, after))
    return found


def mended(text: str) -> str:
    return re.sub(r"[^\x00-\x7f]{2,}", lambda match: _mended_run(match[0]), text)


def _mended_run(run: str) -> str:
    """A run of letters beyond ASCII, read as the UTF-8 it may once have been; itself where it never was."""
    if run.isalpha() and (run.islower() or run.isupper() or run.istitle()):
        return run  # a word of another script; garbled ones mix capitals and signs
    found = []
    for codec in ("cp1252", "latin-1", "iso8859-7", "cp1251", "cp1250"):
        options = [_bytes(letter, codec) for letter in run]
        if not all(options):
            continue
        for data in product(*options) if len(run) <= MAX_RUN_LENGTH else [[first for first, *_ in options]]:
            try:
                found.append(b"".join(data).decode())
            except UnicodeDecodeError:
                continue
    return next((one for one in found if all(map(_plausible, one))), run)


def _bytes(letter: str, codec: str) -> list[bytes]:
    """The bytes a letter may have come from. Programs are lenient about bytes an encoding leaves undefined."""
    found = []
    for one in (codec, "cp1252"):
        try:
            found.append(letter.encode(one))
        except UnicodeEncodeError:
            continue
    if not found and ord(letter) < 256:
        found.append(bytes([ord(letter)]))
    return list(dict.fromkeys(found))


# Letters, signs of writing and pictures are what texts hold; rare blocks are what wrong guesses give.
PLAUSIBLE = (
    (0x00, 0x250),  # Latin
    (0x370, 0x700),  # Greek, Cyrillic, Armenian, Hebrew, Arabic
    (0x900, 0x1000),  # scripts of India, Thai, Tibetan
    (0x1E00, 0x2800),  # Latin with marks, punctuation, currencies, arrows, symbols
    (0x3000, 0xFFFE),  # scripts of East Asia
    (0x1F300, 0x1F800),  # pictures
    (0x1F900, 0x1FB00),
)


def _plausible(letter: str) -> bool:
    return any(first <= ord(letter) < beyond for first, beyond in PLAUSIBLE)


def pieces(repair: Repair) -> list[tuple[str, str]]:
    """What is to be shown of a repair: parts of the line as (before, after), around the first that differ."""
    first = next(at for at, (one, other) in enumerate(zip_longest(repair.before, repair.after)) if one != other)
    window = slice(max(first - SHOWN // 5, 0), first + SHOWN)
    before, after = repair.before[window], repair.after[window]
    found = SequenceMatcher(None, before, after, autojunk=False).get_opcodes()
    return [(before[a:b], after[c:d]) for _, a, b, c, d in found]

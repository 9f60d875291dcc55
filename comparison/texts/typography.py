"""What two spellings of one text share: without the differences that typesetting makes. Pure functions.

Quotes, dashes, blanks, soft hyphens, zero-width characters, ligatures, Unicode form and hard wrapping differ between
two captures of an article that says the same.
"""

import re
import unicodedata
from array import array
from bisect import bisect_left
from dataclasses import dataclass

INVISIBLE = "\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufe00-\ufe0f\ufeff"
DASHES = "\u2010-\u2015\u2212\ufe58\ufe63\uff0d-"
# Marks that join the letter before them.
MARKS = "\u0300-\u036f\u0483-\u0487\u0653-\u0655\u093c\u09bc\u09be\u09d7\u0a3c\u0b3c\u0bd7\u3099\u309a"
TOKEN = re.compile(
    rf"(?P<dash>[\s{INVISIBLE}]*[{DASHES}]+(?:[\s{INVISIBLE}]*[{DASHES}]+)*[\s{INVISIBLE}]*)"
    rf"|(?P<gap>[\s{INVISIBLE}]+)"
    rf"|(?P<plain>[!-,./-_a-~]+(?: [!-,./-_a-~]+)*(?![{MARKS}]))"
    rf"|(?P<letter>[\u1100-\u11ff]+|[^\s][{MARKS}]*)"
)
REPLACEMENTS = str.maketrans(
    dict.fromkeys("‘’‚‛′ʼ`´", "'")
    | dict.fromkeys("“”„‟″«»", '"')
    | {"…": "...", "•": "*", "ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl"}
)


@dataclass(frozen=True, slots=True)
class Folded:
    """A text without those differences, and where each of its characters begins and ends in the original."""

    text: str
    starts: array
    ends: array

    def original(self, start: int, end: int) -> tuple[int, int]:
        """The span of the original that a non-empty span of the folded text comes from."""
        return self.starts[start], self.ends[end - 1]

    def index(self, offset: int) -> int:
        """The first character that begins at or after an offset of the original."""
        return bisect_left(self.starts, offset)


def fold(text: str) -> Folded:
    parts: list[str] = []
    starts, ends = array("L"), array("L")
    for match in TOKEN.finditer(text):
        first, last = match.span()
        if match.lastgroup == "plain":
            part = match[0]
            starts.extend(range(first, last))
            ends.extend(range(first + 1, last + 1))
        else:
            part = _folded_token(match)
            starts.extend([first] * len(part))
            ends.extend([last] * len(part))
        parts.append(part)
    return Folded("".join(parts), starts, ends)


def _folded_token(match: re.Match[str]) -> str:
    token = match[0]
    if match.lastgroup == "dash":
        return "-"
    if match.lastgroup == "gap":
        return " " if any(letter.isspace() for letter in token) else ""
    return unicodedata.normalize("NFC", token).translate(REPLACEMENTS)


def folded_text(text: str) -> str:
    """The text of fold(), without blanks around it."""
    if text.isascii() and "-" not in text and "`" not in text:
        return " ".join(text.split())
    return fold(text).text.strip()

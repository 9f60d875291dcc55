"""What each character is for searches, by itself: so that every database can do with a table what Python does.

Letters lose their case, their accents and their width; those that Unicode can write in two ways are taken apart. What
nobody sees and apostrophes are left out, other punctuation becomes a blank.
"""

import hashlib
import unicodedata
from collections.abc import Iterator

ASCII_BLANKS = '()[]{}<>"`,;:!?/\\|-~^\t\n\r\x0b\x0c\x1c\x1d\x1e\x1f'
OTHER_BLANKS = "\0\u00a0\u2007\u2009\u202f–—‑‐“”„«»‹›…·"
APOSTROPHES = "'‘’‚‛´" + "\u02bb\u02bc\u02b9\u02c8\u055a\u05f3\u2032\uff07"  # "it's" is one word, however written
UNSEEN = "\u00ad\u034f\u061c\u0640\u115f\u1160\u17b4\u17b5\u3164\uffa0\ufeff" + "".join(
    map(chr, (*range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2070)))
)
PLAIN = str.maketrans(  # what Unicode does not take apart, and the signs that the parts may be
    dict(zip("øđłıς", "odliσ", strict=True))
    | dict.fromkeys(ASCII_BLANKS + OTHER_BLANKS, " ")
    | dict.fromkeys(APOSTROPHES + UNSEEN, "")
)
KEPT_FORMS = ("<super>", "<sub>", "<circle>", "<fraction>", "<square>", "<noBreak>")  # 10⁶ is not 106
MARKS = frozenset(  # accents, vowel points and the like, without which a word is still found
    chr(code)
    for first, last in (
        *((0x0300, 0x036F), (0x0483, 0x0489), (0x0591, 0x05BD), (0x05BF, 0x05BF), (0x05C1, 0x05C2), (0x05C4, 0x05C5)),
        *((0x05C7, 0x05C7), (0x0610, 0x061A), (0x064B, 0x065F), (0x0670, 0x0670), (0x06D6, 0x06DC), (0x06DF, 0x06E4)),
        *((0x06E7, 0x06E8), (0x06EA, 0x06ED), (0x0711, 0x0711), (0x0730, 0x074A), (0x180B, 0x180F), (0x1AB0, 0x1AFF)),
        *((0x1DC0, 0x1DFF), (0x20D0, 0x20FF), (0xFE00, 0xFE0F), (0xFE20, 0xFE2F), (0xE0100, 0xE01EF)),
    )
    for code in range(first, last + 1)
)
CHANGED = (  # without Chinese characters, private use and scripts that are written in one way only
    *(range(0x80, 0x3400), range(0xA000, 0xD800), range(0xF900, 0x12000), range(0x16A00, 0x17000)),
    *(range(0x1BC00, 0x1F300), range(0x1FBF0, 0x1FC00), range(0x2F800, 0x2FA20), range(0xE0100, 0xE01F0)),
)
SIGNS = (ASCII_BLANKS, OTHER_BLANKS, APOSTROPHES, UNSEEN, PLAIN, KEPT_FORMS, sorted(MARKS))
RULES = repr((SIGNS, CHANGED, unicodedata.unidata_version))
DIGEST = hashlib.sha256(RULES.encode()).hexdigest()  # changes with what the table holds


def folded(letter: str) -> str:
    """What a single character becomes; several characters where it is made of them, none where it is left out."""
    if letter in ASCII_BLANKS or letter in OTHER_BLANKS or letter.isspace():
        return " "
    if letter in APOSTROPHES or letter in UNSEEN or letter in MARKS:
        return ""
    parts = _parts(_without_marks(_parts(letter)).casefold())
    return _without_marks(parts).translate(PLAIN)


def _parts(text: str) -> str:
    """The text with each letter taken apart, unless that would change what it says."""
    return "".join(
        letter if unicodedata.decomposition(letter).startswith(KEPT_FORMS) else unicodedata.normalize("NFKD", letter)
        for letter in text
    )


def _without_marks(text: str) -> str:
    return "".join(letter for letter in text if letter not in MARKS)


class _Folded(dict[int, str]):
    """For str.translate: what each character becomes, worked out when it is first met."""

    def __missing__(self, code: int) -> str:
        self[code] = result = folded(chr(code))
        return result


FOLDED = _Folded()


def table() -> Iterator[tuple[str, str]]:
    """Every character beyond ASCII that becomes another, with what it becomes."""
    for codes in CHANGED:
        for code in codes:
            if (plain := folded(letter := chr(code))) != letter:
                yield letter, plain

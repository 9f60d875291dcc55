"""What names that a reader takes for one have in common, despite case, Unicode form, unseen and look-alike signs."""

import unicodedata

UNSEEN = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")  # beside those of Unicode's category Cf
VARIATIONS = (*range(0x180B, 0x1810), *range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0))
LIKE = {  # small letters and signs of other scripts that they or their capitals look like, by what they look like
    "a": "\u0430\u03b1\u2c81\u0251\u1d00\ua4ee\u13aa",
    "b": "\u0432\u044c\u03b2\u2c83\u0299\ua4d0\u13f4\u0184\u0185",
    "c": "\u0441\u03f2\u2ca5\u1d04\ua4da\u13df",
    "d": "\u0501\u1d05\ua4d3\u13a0",
    "e": "\u0435\u03b5\u2c89\u1d07\ua4f0\u13ac\u04bd\u212e",
    "f": "\ua730\ua4dd\u03dd",
    "g": "\u0261\u0262\u0581\ua4d6\u13c0\u050d",
    "h": "\u04bb\u043d\u03b7\u0570\u029c\ua4e7\u13bb\u2c8f",
    "i": "\u0456\u03b9\u0131\u0269\u026a\u2c93\u13a5\ua4f2",
    "j": "\u0458\u03f3\u1d0a\ua4d9\u13ab\u0575",
    "k": "\u043a\u03ba\u1d0b\ua4d7\u13e6\u2c95\u0138",
    "l": "\u04cf\u029f\u01c0\ua4e1\u13de\u0031",
    "m": "\u043c\u03bc\u1d0d\ua4df\u13b7\u2c99",
    "n": "\u0578\u0274\ua4e0",
    "o": "\u043e\u03bf\u0585\u2c9f\u1d0f\ua4f3\u0030",
    "p": "\u0440\u03c1\u2ca3\u1d18\ua4d1\u13e2",
    "q": "\u051b\u0566",
    "r": "\u0280\ua4e3\u13a1\u13d2",
    "s": "\u0455\ua731\ua4e2\u13da",
    "t": "\u0442\u03c4\u1d1b\ua4d4\u13a2\u2ca7",
    "u": "\u03c5\u057d\u1d1c\ua4f4\u028b",
    "v": "\u03bd\u0475\u1d20\ua4e6\u13d9",
    "w": "\u051d\u03c9\u1d21\ua4ea\u13b3\u0461",
    "x": "\u0445\u03c7\u2cad\ua4eb\u00d7",
    "y": "\u0443\u03b3\u04af\u028f\ua4ec\u13bd\u2ca9",
    "z": "\u03b6\u1d22\ua4dc\u13c3\u2c8d",
    "3": "\u0437\u0292\u04e1",
    "-": "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\u2043\u02d7",
    "'": "\u2018\u2019\u201b\u02bc\u02bb\u02b9\u2032\u00b4\u0060\uff07\u02c8",
    '"': "\u201c\u201d\u201e\u201f\u2033",
    "/": "\u2215\u2044\u2571",
    ":": "\u0589\ua789\u2236\u05c3",
    ".": "\u2024",
    "\u00b7": "\u2022\u2027\u2219\u22c5\u30fb",
}
CAPITALS = {0x39D: "n", 0x3A5: "y"}  # Greek letters that look like others than their small forms do
ALIKE = {ord(other): plain for plain, others in LIKE.items() for other in others}


def name_key(name: str) -> str:
    """The same for two names only if a reader would take them for one; empty if there is nothing to see."""
    text = unicodedata.normalize("NFKC", name)
    if any(character.isascii() and character.isalpha() for character in text):
        text = text.translate(CAPITALS)  # among Latin letters they are no Greek word
    text = "".join(character for character in text.casefold() if not _is_unseen(character))
    text = unicodedata.normalize("NFKC", text).translate(ALIKE)
    return " ".join(unicodedata.normalize("NFKC", text).split())


def _is_unseen(character: str) -> bool:
    return unicodedata.category(character) == "Cf" or character in UNSEEN or ord(character) in VARIATIONS

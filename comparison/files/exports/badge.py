"""A verdict as a small picture: on the left what is asked of which framework, on the right what the sources say.

Widths are those of the first font, so that the boxes fit before anything is drawn; `textLength` makes every other font
take the same room.
"""

from html import escape
from unicodedata import combining, east_asian_width

from comparison.evidence import State, Verdict
from comparison.files.exports.tables import short_verdict
from comparison.models import Criterion
from comparison.models.editions import printable
from comparison.tables.table import Cell

FONT_SIZE, HEIGHT, PADDING = 11, 20, 6
FONTS = "Verdana,Geneva,DejaVu Sans,sans-serif"
MAX_LENGTH = 60  # characters on each side; the title has all of them
# Thousandths of the font's size.
WIDTHS = {
    **dict.fromkeys("il'", 274),
    **dict.fromkeys(" f", 352),
    **dict.fromkeys("j,.", 360),
    **dict.fromkeys("rtI!", 415),
    **dict.fromkeys('()-/:;J[]"', 454),
    **dict.fromkeys("csz?", 525),
    **dict.fromkeys("aehknovxyLF", 610),
    **dict.fromkeys("bdgpqu0123456789$*PTYE", 636),
    **dict.fromkeys("ABCKRSVXZ", 690),
    **dict.fromkeys("DGHNOQU&", 770),
    **dict.fromkeys("w+<=>#M\N{MINUS SIGN}", 830),
    **dict.fromkeys("mW@%", 1000),
}
OTHER_WIDTH, WIDE_WIDTH = 680, 1000
LEFT = "#3d4348"
GOOD, BAD, NEUTRAL, DOUBTFUL, UNKNOWN = "#0c6656", "#9f3714", "#1c4c9c", "#7a5000", "#55555c"  # white is read on all
CLEAR_POSITION = 0.25  # from here on a verdict is for or against


def badge_svg(cell: Cell, criterion: Criterion) -> str:
    """The picture as an SVG document: geometry and colours in attributes, which every content policy allows."""
    label = printable(f"{cell.framework.name}: {criterion.name}")
    message = printable(short_verdict(cell, criterion.unit))
    shown = _shortened(label), _shortened(message)
    left, right = (text_width(text) + 2 * PADDING for text in shown)
    title = escape(f"{label} \N{EN DASH} {message}")
    texts = _text(shown[0], PADDING, left - 2 * PADDING) + _text(shown[1], left + PADDING, right - 2 * PADDING)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{left + right}" height="{HEIGHT}" role="img" '
        f'aria-label="{title}"><title>{title}</title><rect width="{left}" height="{HEIGHT}" fill="{LEFT}"/>'
        f'<rect x="{left}" width="{right}" height="{HEIGHT}" fill="{_colour(cell.verdict)}"/>'
        f'<g fill="#fff" font-family="{FONTS}" font-size="{FONT_SIZE}">{texts}</g></svg>\n'
    )


def text_width(text: str) -> int:
    """In pixels, rounded up."""
    return -(-sum(map(_character_width, text)) * FONT_SIZE // 1000)


def _character_width(character: str) -> int:
    if character in WIDTHS:
        return WIDTHS[character]
    if combining(character) or not character.isprintable():
        return 0
    return WIDE_WIDTH if east_asian_width(character) in "WF" else OTHER_WIDTH


def _shortened(text: str) -> str:
    return text if len(text) <= MAX_LENGTH else f"{text[: MAX_LENGTH - 1].rstrip()}…"


def _text(text: str, x: int, width: int) -> str:
    return f'<text x="{x}" y="14" textLength="{width}" lengthAdjust="spacingAndGlyphs">{escape(text)}</text>'


def _colour(verdict: Verdict) -> str:
    if verdict.state is State.DISPUTED:
        return DOUBTFUL
    if not verdict.is_known:
        return UNKNOWN
    position = verdict.position or 0.0
    return GOOD if position >= CLEAR_POSITION else BAD if position <= -CLEAR_POSITION else NEUTRAL

"""A picture with lines of text and boxes, as PNG.

The font (see fonts/LICENSE) has the scripts of Europe and the Near East. A name that it cannot draw is replaced by its
slug, and a word of a sentence by an ellipsis, so that no picture shows empty boxes.
"""

import io
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

WIDTH, HEIGHT, MARGIN = 1200, 630, 64
ROOM = WIDTH - 2 * MARGIN
COLOURS = 64  # of the file; text has shades at its edges
PAPER, INK, QUIET, LINE = "#fcfbf8", "#1b1c20", "#55555c", "#dfdbd1"
TITLE_SIZES = (66, 58, 50, 44)
FONTS = Path(__file__).parent / "fonts"
NOT_A_CHARACTER = "\uffff"


@lru_cache(maxsize=32)
def font(size: int, is_bold: bool = False) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(FONTS / f"DejaVuSans{'-Bold' * is_bold}.ttf", size)


@lru_cache(maxsize=2000)
def is_drawable(character: str) -> bool:
    return character.isprintable() and _shape(character) != _shape(NOT_A_CHARACTER)


def _shape(character: str) -> tuple[tuple[int, int], bytes]:
    mask = font(16).getmask(character)
    return mask.size, bytes(mask)


def drawable_name(name: str, slug: str) -> str:
    return name if all(map(is_drawable, name)) else slug


def drawable_sentence(text: str) -> str:
    words = [word if all(map(is_drawable, word)) else "…" for word in text.split()]
    return " ".join(word for index, word in enumerate(words) if word != "…" or words[index - 1 : index] != ["…"])


def text_width(text: str, size: int, is_bold: bool = False) -> float:
    return float(font(size, is_bold).getlength(text))


def fitted(text: str, size: int, room: float, is_bold: bool = False) -> str:
    """The text, shortened where it is wider than its room."""
    if text_width(text, size, is_bold) <= room:
        return text
    low, high = 0, len(text)
    while low < high:  # the longest beginning that fits
        middle = (low + high + 1) // 2
        if text_width(f"{text[:middle].rstrip()}…", size, is_bold) <= room:
            low = middle
        else:
            high = middle - 1
    return f"{text[:low].rstrip()}…"


def wrapped(text: str, size: int, room: float, max_lines: int, is_bold: bool = False) -> list[str]:
    """The text in lines; the last one is shortened where there would be more, and a word that is too wide."""
    words, lines = text.split(), list[str]()
    while words and len(lines) < max_lines - 1:
        count = 1
        while count < len(words) and text_width(" ".join(words[: count + 1]), size, is_bold) <= room:
            count += 1
        lines.append(fitted(" ".join(words[:count]), size, room, is_bold))
        words = words[count:]
    return [*lines, fitted(" ".join(words), size, room, is_bold)] if words else lines


class Canvas:
    def __init__(self) -> None:
        self._image = Image.new("RGB", (WIDTH, HEIGHT), PAPER)
        self._draw = ImageDraw.Draw(self._image)

    def text(
        self, x: float, y: float, text: str, size: int, colour: str = INK, is_bold: bool = False, anchor: str = "la"
    ) -> None:
        """On one line; `anchor` says which point of the text is at x and y, as Pillow names it."""
        self._draw.text((x, y), text, font=font(size, is_bold), fill=colour, anchor=anchor)

    def box(self, left: float, top: float, right: float, bottom: float, colour: str) -> None:
        if right > left:
            self._draw.rectangle((left, top, right, bottom), fill=colour)

    def line(self, y: float, colour: str = LINE, width: int = 2) -> None:
        self._draw.line((MARGIN, y, WIDTH - MARGIN, y), fill=colour, width=width)

    def dot(self, x: float, y: float, radius: float, colour: str) -> None:
        self._draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill=colour)

    def title(self, *forms: str, y: float = MARGIN) -> float:
        """The first form that fits on one line in some size, else the last in two lines; returns where it ends."""
        fits = ((form, size) for form in forms for size in TITLE_SIZES if text_width(form, size, True) <= ROOM)
        form, size = next(fits, (forms[-1], TITLE_SIZES[-1]))
        return self.paragraph(y, form, size, 2, INK, is_bold=True)

    def paragraph(
        self, y: float, text: str, size: int, max_lines: int, colour: str = QUIET, is_bold: bool = False
    ) -> float:
        """Lines over the whole width; returns where they end."""
        for line in wrapped(text, size, ROOM, max_lines, is_bold):
            self.text(MARGIN, y, line, size, colour, is_bold)
            y += 1.25 * size
        return y

    def png(self) -> bytes:
        out = io.BytesIO()
        self._image.quantize(COLOURS, method=Image.Quantize.FASTOCTREE).save(out, "PNG", compress_level=6)
        return out.getvalue()


def shares(total: float, amounts: Sequence[float]) -> list[float]:
    """A length parted in proportion to some amounts."""
    whole = sum(amounts) or 1
    return [total * amount / whole for amount in amounts]

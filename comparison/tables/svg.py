"""Verdicts as small SVG drawings: geometry in attributes and colours in classes, as the content policy demands.

Every value in the markup is a number or a word of our own, so the results are safe.
"""

from collections import Counter
from collections.abc import Sequence
from functools import lru_cache
from html import escape

from django.utils.safestring import SafeString, mark_safe

from comparison.evidence import EPSILON, Figure, Kind, Opinion, Support, Verdict
from comparison.wording import position_band

GLYPHS = {
    Support.BUILT_IN: "f-built-in",
    Support.EXTENSION: "f-extension",
    Support.PARTIAL: "f-partial",
    Support.NONE: "f-none",
}
ARROWS = ("a-up2", "a-up1", "a-flat", "a-down1", "a-down2")
RADII = {1: 3, 2: 4, 3: 4}
SCORE_ROOM, CONTRIBUTION_ROOM = 20, 38  # percent of a bar's column that is left for its number
VOID_LENGTH = 16.0  # percent of the column
MAX_STACK = 21  # of circles over one another: the drawing stays within its row


def _x(position: float) -> float:
    """The x of a position (−1 … +1) on the line."""
    return 64 + 59 * position


def _side(value: float) -> str:
    return "for" if value > 0 else "against" if value < 0 else "even"


@lru_cache(maxsize=100)
def glyph(name: str, css: str = "glyph") -> SafeString:
    return mark_safe(f'<svg class="{css}" aria-hidden="true"><use href="#{name}"/></svg>')  # noqa: S308


def scale(opinions: Sequence[Opinion], position: float) -> SafeString:
    """A line from −1 to +1 with a circle per source, the spread between them and a pointer at the verdict."""
    ordered = sorted(opinions, key=lambda opinion: (-opinion.weight, opinion.source))
    return _scale(tuple([(opinion.weight, opinion.position or 0.0) for opinion in ordered]), position)


@lru_cache(maxsize=2000)
def _scale(dots: Sequence[tuple[int, float]], position: float) -> SafeString:
    """`dots` are the weight and the position of each source, the heaviest first."""
    positions = [own for _, own in dots]
    parts = ['<path class="axis" d="M5 11H123M5 8v6M34.5 8v6M93.5 8v6M123 8v6"/><path class="zero" d="M64 5v12"/>']
    if min(positions) != max(positions):
        parts.append(f'<path class="spread" d="M{_x(min(positions)):.1f} 11H{_x(max(positions)):.1f}"/>')
    columns = Counter(round(_x(own) / 6) for own in positions)
    stacked: Counter[int] = Counter()
    for weight, own in dots:
        column = round(_x(own) / 6)
        y = f"{11 - min(7, MAX_STACK / columns[column]) * stacked[column]:.3g}"
        stacked[column] += 1
        css = f"dot w{weight} {_side(own)}"
        parts.append(f'<circle class="{css}" cx="{_x(own):.1f}" cy="{y}" r="{RADII[weight]}"/>')
    parts.append(f'<path class="mean" d="M{_x(position):.1f} 16l5 7h-10z"/>')
    return mark_safe(f'<svg class="plot" viewBox="0 0 128 24" aria-hidden="true">{"".join(parts)}</svg>')  # noqa: S308


def bar(figure: Figure, largest: float, best: bool) -> SafeString:
    """A bar on the row's own scale, filled to the low end and outlined to the high one."""
    unit = 120 / largest if largest > 0 else 0
    low, high = figure.low * unit, figure.high * unit
    parts = [
        '<rect class="track" x=".5" y="7.5" width="120" height="9"/>',
        f'<rect class="fill{" best" if best else ""}" x="0" y="7" width="{low:.1f}" height="10"/>',
    ]
    if high > low:
        parts.append(
            f'<rect class="range" x="{low:.1f}" y="7.75" width="{max(high - low - 0.8, 0.5):.1f}" height="8.5"/>'
        )
    return mark_safe(f'<svg class="plot" viewBox="0 0 128 24" aria-hidden="true">{"".join(parts)}</svg>')  # noqa: S308


def verdict_drawing(verdict: Verdict, largest: float = 0.0, best: bool = False) -> SafeString:
    """The drawing at the top of a cell; `largest` is the largest figure of the row."""
    if not verdict.is_known:
        return SafeString("")
    match verdict.kind:
        case Kind.RATING:
            return scale(verdict.opinions, verdict.position or 0.0)
        case Kind.FIT:
            position = verdict.position or 0.0
            return scale(verdict.opinions, position) + glyph(ARROWS[position_band(position)])
        case Kind.FEATURE if verdict.support:
            return glyph(GLYPHS[verdict.support])
        case Kind.FIGURE if verdict.figure:
            return bar(verdict.figure, largest, best)
    return SafeString("")


def squares(kinds: Sequence[str]) -> SafeString:
    """A square per row: `lead` filled, `thin` outlined, `disputed` struck, `gap` dashed."""
    parts = []
    for index, kind in enumerate(kinds):
        x = 1 + 14 * (index % 12)
        y = 1 + 14 * (index // 12)
        css = {"lead": "", "disputed": ""}.get(kind, f' class="{kind}"')
        parts.append(f'<rect{css} x="{x}" y="{y}" width="10" height="10"/>')
        if kind == "disputed":
            parts.append(f'<path class="cross" d="M{x + 2} {y + 7.5}l6-5"/>')
    width, height = 14 * min(len(kinds), 12), 14 * -(-len(kinds) // 12)
    box = f'viewBox="0 0 {width} {height}" width="{width}" height="{height}"'
    return mark_safe(f'<svg class="units" {box} aria-hidden="true">{"".join(parts)}</svg>')  # noqa: S308


def level_scale(level: int) -> SafeString:
    """Five boxes from −2 to +2, one of them marked."""
    boxes = []
    for step in range(-2, 3):
        css = f' class="on {_side(level)}"' if step == level else ""
        boxes.append(f'<rect{css} x="{1 + 12.5 * (step + 2)}" y="1" width="10" height="10"/>')
    box = 'viewBox="0 0 62 12" width="62" height="12"'
    return mark_safe(f'<svg class="scale" {box} aria-hidden="true">{"".join(boxes)}</svg>')  # noqa: S308


def amount_bar(value: float | None, low: float, high: float, text: str, css: str, room: int) -> SafeString:
    """A number as a bar from a zero that all bars between `low` and `high` share, with its text beside it.

    Below zero the bar lies to the left, and the text where there is no bar; None is a dashed box. All lengths are
    percentages of the column, of which `room` is left for the text: it never leaves the column, however narrow.
    """
    unit = (100 - room) / (high - low) if high - low > EPSILON else 0.0
    zero = -low * unit
    length = VOID_LENGTH if value is None else abs(value) * unit
    start = zero - length if (value or 0.0) < 0 else zero
    end = max(start + length, zero)
    kind, quiet = ("void", " quiet") if value is None else (css, "")
    return mark_safe(  # noqa: S308
        '<svg class="plot amount" aria-hidden="true">'
        f'<rect class="{kind}" x="{start:.1f}%" y="22%" width="{length:.1f}%" height="56%"/>'
        f'<line class="zero" x1="{zero:.1f}%" x2="{zero:.1f}%" y1="0" y2="100%"/>'
        f'<text class="beside{quiet}" x="{end:.1f}%" y="50%" dx="5" dy=".36em">{escape(text)}</text></svg>'
    )


def score_bar(score: float, low: float, high: float, text: str, best: bool) -> SafeString:
    """A framework's score."""
    return amount_bar(score, low, high, text, "fill best" if best else "fill", SCORE_ROOM)


def contribution_bar(value: float | None, low: float, high: float, text: str) -> SafeString:
    """What a criterion adds; None where nothing is known."""
    return amount_bar(value, low, high, text, "bar-against" if (value or 0.0) < 0 else "bar-for", CONTRIBUTION_ROOM)


def pips(weight: int) -> SafeString:
    """A weight as one to three filled circles."""
    filled = [' class="on"' if index < weight else "" for index in range(3)]
    dots = "".join(f'<circle{css} cx="{5 + 12 * index}" cy="5" r="3.5"/>' for index, css in enumerate(filled))
    return mark_safe(f'<svg class="pips" viewBox="0 0 34 10" width="34" height="10" aria-hidden="true">{dots}</svg>')  # noqa: S308


def firmness_bar(parts: Sequence[tuple[str, int, str]]) -> SafeString:
    """Shares of nearby weightings (percent) side by side."""
    x, rects = 0.0, []
    for _, percent, css in parts:
        classes = css if css == "between" else f"fill {css}"
        rects.append(f'<rect class="{classes}" x="{x:.0f}" y="0" width="{percent * 6}" height="28"/>')
        x += percent * 6
    return mark_safe(  # noqa: S308
        '<svg class="plot wide-plot" viewBox="0 0 600 28" preserveAspectRatio="none" aria-hidden="true">'
        f"{''.join(rects)}</svg>"
    )


def sheet_bar(parts: Sequence[tuple[str, int]]) -> SafeString:
    """Numbers of claims by finding as one bar, 160 wide; what it says stands beside it in words."""
    total = sum(count for _, count in parts) or 1
    rects, x = [], 0.0
    for name, count in parts:
        width = 160 * count / total
        rects.append(f'<rect class="{name}" x="{x:.1f}" width="{width:.1f}" height="12"/>')
        x += width
    drawn = "".join(rects)
    head = (
        '<svg class="sheet" width="160" height="12" viewBox="0 0 160 12" preserveAspectRatio="none" aria-hidden="true">'
    )
    return mark_safe(f"{head}{drawn}</svg>")  # noqa: S308

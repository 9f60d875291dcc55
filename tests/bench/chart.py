"""Draws the newest results in docs/bench/ as chart.svg there: python -m tests.bench.chart"""

import json
import math
from collections.abc import Iterator
from html import escape
from typing import Any

from tests.bench.results import GROWTH_GROUP, HTTP_GROUP, MAX_COLD_MS
from tests.installation import ROOT

Row = dict[str, Any]
FOLDER = ROOT / "docs" / "bench"
WIDTH, BAR, LEFT, RIGHT = 960, 24, 440, 780
STYLE = """
text { font: 13px system-ui, sans-serif; fill: #1f2328 } .quiet { fill: #59636e } .bar { fill: #3b6fb6 }
.plain { fill: #8c959f } .limit, .axis { stroke: #8c959f; stroke-width: 1 } .limit { stroke-dasharray: 4 3 }
.line { fill: none; stroke-width: 2 } .dot { stroke: none } h2, .head { font-weight: 600 }
@media (prefers-color-scheme: dark) { text { fill: #f0f6fc } .quiet { fill: #9198a1 } .bar { fill: #79a8e8 } }
"""
COLOURS = ("#3b6fb6", "#b3541e", "#2d7d46", "#8250a8", "#a3313f", "#6e7781", "#9a6700", "#0e7490", "#bf3989", "#57606a")
COLOURS += ("#6639ba", "#1a7f37", "#cf222e", "#0a3069")


def draw(data: dict[str, Any]) -> str:
    rows = data["results"]
    bars = list(ratio_bars([row for row in rows if row["group"] == HTTP_GROUP]))
    lines = list(growth_lines([row for row in rows if row["group"].startswith(GROWTH_GROUP) and row["unit"] == "ms"]))
    height = 90 + BAR * len(bars) + (340 if lines else 0)
    title = f"Requests per second, as a multiple of a plain Django page’s ({data['date']})"
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img" aria-label="{title}">',
        f"<style>{STYLE}</style>",
        text(20, 28, title, "head"),
        *(bar for index, make in enumerate(bars) for bar in make(60 + BAR * index)),
    ]
    if lines:
        top = 100 + BAR * len(bars)
        parts += [text(20, top, "Milliseconds to draw a page that no cache holds, by claims in the database", "head")]
        parts += [part for make in lines for part in make(top + 30)]
    return "\n".join([*parts, "</svg>", ""])


def text(x: float, y: float, words: str, kind: str = "", anchor: str = "start") -> str:
    return f'<text x="{x:.0f}" y="{y:.0f}" class="{kind}" text-anchor="{anchor}">{escape(words)}</text>'


def ratio_bars(rows: list[Row]) -> Iterator[Any]:
    """Functions that draw a bar at a height. What is far quicker than a page, such as a file of nginx, is cut."""
    most = max((row["value"] for row in rows if row["value"] < 3), default=1)
    scale = (RIGHT - LEFT) / most
    for row in rows:

        def make(y: float, row: Row = row) -> Iterator[str]:
            width = min(row["value"], most * 1.1) * scale
            yield text(LEFT - 10, y + 13, row["name"], anchor="end")
            kind = "plain" if row["name"].startswith("plain") else "bar"
            yield f'<rect x="{LEFT}" y="{y}" width="{width:.1f}" height="{BAR - 7}" rx="2" class="{kind}"/>'
            if row["limit"]:
                x = LEFT + row["limit"] * scale
                yield f'<line x1="{x:.1f}" x2="{x:.1f}" y1="{y - 2}" y2="{y + BAR - 5}" class="limit"/>'
            limit = f" (target {row['limit']:g})" if row["limit"] else " (bar cut)" if row["value"] > most else ""
            yield text(LEFT + width + 8, y + 13, f"{row['value']:.2f} ×{limit}")

        yield make


def growth_lines(rows: list[Row]) -> Iterator[Any]:
    """A line for each page, over logarithms of claims."""
    sizes = sorted({row["size"] for row in rows})
    if len(sizes) < 2:
        return
    most = max(MAX_COLD_MS, *(row["value"] for row in rows))
    left, right, height = 60, 560, 260

    def point(row: Row) -> tuple[float, float]:
        across = math.log(row["size"] / sizes[0]) / math.log(sizes[-1] / sizes[0])
        return left + across * (right - left), height - row["value"] / most * height

    def axes(top: float) -> Iterator[str]:
        for value in (0, MAX_COLD_MS, most):
            y = top + height - value / most * height
            yield f'<line x1="{left}" x2="{right}" y1="{y:.1f}" y2="{y:.1f}" class="{"limit" if value else "axis"}"/>'
            yield text(left - 8, y + 4, f"{value:.0f}", "quiet", "end")
        for size in sizes:
            yield text(point({"size": size, "value": 0})[0], top + height + 20, f"{size:,}", "quiet", "middle")

    yield axes
    names = list(dict.fromkeys(row["name"] for row in rows))
    for index, name in enumerate(names):

        def make(top: float, index: int = index, name: str = name) -> Iterator[str]:
            colour = COLOURS[index % len(COLOURS)]
            points = [point(row) for row in rows if row["name"] == name]
            path = " ".join(f"{x:.1f},{top + y:.1f}" for x, y in points)
            yield f'<polyline points="{path}" class="line" stroke="{colour}"/>'
            yield f'<circle cx="{right + 26}" cy="{top + 20 * index + 6}" r="5" class="dot" fill="{colour}"/>'
            yield text(right + 40, top + 20 * index + 10, name)

        yield make


if __name__ == "__main__":
    source = max(FOLDER.glob("*.json"))
    (FOLDER / "chart.svg").write_text(draw(json.loads(source.read_text())))

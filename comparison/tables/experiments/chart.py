"""Measured numbers as small SVG drawings on a shared scale: quartiles as a bar, the median as a mark, samples as dots.

Geometry stands in attributes and colours in classes, as the content policy demands. Every value in the markup is a
number, so the results are safe. What a drawing shows stands in words beside it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from math import ceil, floor, log10

from django.utils.safestring import SafeString, mark_safe

from comparison.models import Measurement
from comparison.vocabulary import gettext as _
from comparison.wording import format_number

WIDTH = 320  # of the scale, in units of the drawing
MARGIN = 6
MAX_STEPS = 5  # lines between zero and the end
FURTHEST = 1.5  # times the highest quartile: samples beyond that would press all others together


@dataclass(frozen=True, slots=True)
class Scale:
    """From zero to `top`, with a line every `step`."""

    top: float
    step: float
    unit: str

    @property
    def words(self) -> str:
        """Such as: from 0 to 0.4 ms, a line every 0.1."""
        text = _("from 0 to {top} {unit}, a line every {step}")
        return text.format(top=format_number(self.top), unit=self.unit, step=format_number(self.step))

    def x(self, value: float) -> float:
        return MARGIN + WIDTH * min(value, self.top) / self.top

    def beyond(self, measurement: Measurement) -> int:
        """How many samples lie beyond its end."""
        return sum(sample > self.top for sample in measurement.samples)


def scale_of(measurements: Iterable[Measurement]) -> Scale | None:
    """A scale for all that have numbers; None where there is nothing to draw."""
    rows = [row for row in measurements if row.high is not None]
    furthest = max((row.high or 0.0 for row in rows), default=0.0)
    if not furthest:
        return None
    samples = max((sample for row in rows for sample in row.samples), default=0.0)
    end = max(furthest, min(samples, FURTHEST * furthest))
    step = _round_step(end / MAX_STEPS)
    return Scale(step * ceil(end / step - 1e-9), step, rows[0].unit)


def _round_step(smallest: float) -> float:
    """The next 1, 2 or 5 times a power of ten."""
    power = floor(log10(smallest))
    factor = next(factor for factor in (1, 2, 5, 10) if factor * 10.0**power >= smallest * (1 - 1e-9))
    return float(f"{factor}e{power}")  # 0.05, not 0.05000000000000001


def draw(measurement: Measurement, scale: Scale) -> SafeString:
    """One row of the chart; empty without numbers."""
    low, median, high = measurement.low, measurement.median, measurement.high
    if low is None or median is None or high is None:
        return SafeString("")
    left, middle, right = scale.x(low), scale.x(median), scale.x(high)
    parts = [
        f'<path class="grid" d="{_lines(scale)}"/>',
        f'<rect class="quartiles" x="{left:.1f}" y="4" width="{max(right - left, 0.8):.1f}" height="12"/>',
        *(_dot(sample, scale) for sample in measurement.samples),
        f'<path class="median" d="M{middle:.1f} 1v18"/>',
    ]
    box = f'viewBox="0 0 {WIDTH + 2 * MARGIN} 32"'
    return mark_safe(f'<svg class="samples" {box} aria-hidden="true">{"".join(parts)}</svg>')  # noqa: S308


def _lines(scale: Scale) -> str:
    """The base line, and a line upwards from it at every step."""
    count = round(scale.top / scale.step)
    lines = (f"M{scale.x(number * scale.step):.1f} 0v28" for number in range(count + 1))
    return f"M{MARGIN} 28h{WIDTH}{''.join(lines)}"


def _dot(sample: float, scale: Scale) -> str:
    css = "dot beyond" if sample > scale.top else "dot"
    return f'<circle class="{css}" cx="{scale.x(sample):.1f}" cy="24" r="2.5"/>'

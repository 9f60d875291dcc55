"""Where the ratio of two frameworks differs between two runs by more than their spread.

Absolute numbers belong to a machine; ratios should come out alike everywhere.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from comparison.experiments.running.results import ON_THE_CLOCK

Key = tuple[str, str]  # experiment, variant


@dataclass(frozen=True)
class Ratio:
    """How many times as much one framework takes as another: by the medians, and at least and at most."""

    value: float
    low: float
    high: float

    def overlaps(self, other: "Ratio") -> bool:
        return self.low <= other.high and other.low <= self.high

    def __str__(self) -> str:
        return f"{self.value:.2f} ({self.low:.2f}–{self.high:.2f})"


@dataclass(frozen=True)
class Difference:
    experiment: str
    variant: str
    frameworks: tuple[str, str]
    here: Ratio
    there: Ratio

    def __str__(self) -> str:
        first, second = self.frameworks
        return f"{self.experiment}, {self.variant}: {first} / {second} is {self.here} here, {self.there} there"


def differences(here: Mapping[str, Any], there: Mapping[str, Any]) -> Iterator[Difference]:
    """Compares two documents of runs, each as its file holds it."""
    earlier = _ratios(there)
    for (key, frameworks), ratio in _ratios(here).items():
        before = earlier.get((key, frameworks))
        if before and not ratio.overlaps(before):
            yield Difference(*key, frameworks, ratio, before)


def _ratios(document: Mapping[str, Any]) -> dict[tuple[Key, tuple[str, str]], Ratio]:
    """Of each framework to the first by its name, for each experiment and variant with numbers.

    Time on the clock is left out: it follows what else the machine does.
    """
    rows: dict[Key, dict[str, Any]] = {}
    for part in document.get("parts", []):
        for row in part.get("results", []):
            if row.get("low") and not row["variant"].endswith(ON_THE_CLOCK):
                rows.setdefault((part["experiment"], row["variant"]), {})[row["framework"]] = row
    ratios = {}
    for key, by_framework in rows.items():
        first, *others = sorted(by_framework)
        for other in others:
            ratios[key, (other, first)] = _ratio(by_framework[other], by_framework[first])
    return ratios


def _ratio(upper: Mapping[str, Any], lower: Mapping[str, Any]) -> Ratio:
    return Ratio(upper["median"] / lower["median"], upper["low"] / lower["high"], upper["high"] / lower["low"])

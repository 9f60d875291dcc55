"""From readings to results, and from results to a source with claims as the catalogue holds it."""

import statistics
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any, Final

from comparison.experiments.spec import Experiment

MAX_SPREAD: Final = 0.2  # of the median between the quartiles; above it a result is too noisy to be published
MAX_STATEMENT: Final = 300
ON_THE_CLOCK: Final = ", time on the clock"  # after the name of a variant whose CPU time stands beside
MAX_DECIMALS: Final = 4  # of a claim's figure
MONTHS: Final = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)


@dataclass
class Result:
    """What the readings of one framework and variant gave: numbers, or a finding, or the reason of a failure."""

    framework: str
    variant: str
    samples: list[float] = field(default_factory=list)
    wall: list[float] = field(default_factory=list)
    outcome: str = ""
    detail: str = ""
    items: list[str] = field(default_factory=list)
    failure: str = ""


@dataclass
class Run:
    """One execution of experiments, with all that its file says."""

    slug: str
    day: str  # in ISO form
    rounds: int
    note: str = ""
    machine: dict[str, str] = field(default_factory=dict)
    versions: dict[str, str] = field(default_factory=dict)  # by framework
    results: dict[str, list[Result]] = field(default_factory=dict)  # by experiment

    @classmethod
    def from_json(cls, content: dict[str, Any]) -> "Run":
        results = {slug: [Result(**row) for row in rows] for slug, rows in content.pop("results").items()}
        return cls(**content, results=results)

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True)
class Summary:
    """Median and quartiles of samples."""

    median: float
    low: float
    high: float

    @property
    def spread(self) -> float:
        """The distance of the quartiles as a share of the median."""
        return (self.high - self.low) / self.median if self.median else 0.0

    @property
    def is_noisy(self) -> bool:
        return self.spread > MAX_SPREAD


def summarise(samples: Sequence[float]) -> Summary:
    if len(samples) == 1:
        return Summary(samples[0], samples[0], samples[0])
    low, median, high = statistics.quantiles(samples, n=4, method="inclusive")
    return Summary(median, low, high)


def document(run: Run, experiments: Mapping[str, Experiment]) -> dict[str, Any]:
    """The run as one source of the catalogue."""
    year, month, day = run.day.split("-")
    parts = [_part(run, experiments[slug], results) for slug, results in run.results.items()]
    return {
        "slug": run.slug,
        "title": f"Measurements of {int(day)} {MONTHS[int(month) - 1]} {year}",
        "kind": "measurement",
        "publisher": "Crosscheck",
        "published": date.fromisoformat(run.day),
        "language": "en",
        "note": run.note,
        "run": {"rounds": run.rounds, "machine": run.machine, "versions": run.versions},
        "parts": sorted(parts, key=lambda part: part["slug"]),
    }


def _part(run: Run, experiment: Experiment, results: list[Result]) -> dict[str, Any]:
    by_framework = sorted(results, key=lambda result: result.framework)
    claims = [claim for result in results for claim in _claims(experiment, result)]
    return {
        "slug": f"{run.slug}-{experiment.slug}",
        "title": experiment.title,
        "experiment": experiment.slug,
        "results": [row for result in by_framework for row in _rows(experiment, result)],
        "claims": sorted(claims, key=lambda claim: (claim["framework"], claim["criterion"], claim["statement"])),
    }


def _rows(experiment: Experiment, result: Result) -> Iterator[dict[str, Any]]:
    head = {"framework": result.framework, "variant": result.variant}
    if result.failure:
        yield {**head, "failure": result.failure}
    elif result.outcome:
        yield {**head, "outcome": result.outcome, "detail": result.detail}
    else:
        yield {**head, **_numbers(experiment, result.samples), "detail": result.detail}
    if result.wall and not result.failure:
        yield {**head, "variant": f"{result.variant}{ON_THE_CLOCK}", **_numbers(experiment, result.wall)}


def _numbers(experiment: Experiment, samples: Sequence[float]) -> dict[str, Any]:
    summary = summarise(samples)
    return {
        "unit": experiment.unit,
        "median": exact(summary.median),
        "low": exact(summary.low),
        "high": exact(summary.high),
        "samples": " ".join(f"{exact(sample):g}" for sample in samples),
        "noisy": summary.is_noisy or None,
    }


def _claims(experiment: Experiment, result: Result) -> Iterator[dict[str, Any]]:
    criteria = [criterion for criterion, variant in experiment.feeds.items() if variant == result.variant]
    for criterion in criteria if not result.failure else []:
        head = {"framework": result.framework, "criterion": criterion}
        if criterion in experiment.lists:
            yield from (_claim(head, statement(experiment, result, item), result, item=item) for item in result.items)
        elif result.outcome:
            yield _claim(head, statement(experiment, result), result, support=result.outcome)
        else:
            median = round(exact(summarise(result.samples).median), MAX_DECIMALS)
            claim = _claim(head, statement(experiment, result), result, low=median, high=median)
            yield claim | _state(summarise(result.samples))


def _claim(head: dict[str, Any], text: str, result: Result, **value: Any) -> dict[str, Any]:
    shortened = text if len(text) <= MAX_STATEMENT else text[: MAX_STATEMENT - 1] + "…"
    return {**head, "statement": shortened, **value, "section": result.variant}


def _state(summary: Summary) -> dict[str, Any]:
    """A noisy result is kept but not published."""
    if not summary.is_noisy:
        return {}
    reason = f"Too noisy: the quartiles lie {summary.spread:.0%} of the median apart, more than {MAX_SPREAD:.0%}"
    return {"state": "draft", "state_reason": reason}


def statement(experiment: Experiment, result: Result, item: str = "") -> str:
    """The sentence of a claim, from the experiment’s pattern."""
    words = {"variant": result.variant, "unit": experiment.unit, "detail": result.detail, "item": item}
    if result.samples:
        words |= {"value": readable(summarise(result.samples).median), "spread": spread(experiment, result)}
    default = "{value} {unit}, {variant} ({spread})" if result.samples else "{detail}"
    return (experiment.statement or default).format(**words)


def spread(experiment: Experiment, result: Result) -> str:
    """Such as “0.101–0.110 ms, 15 rounds”."""
    summary, rounds = summarise(result.samples), len(result.samples)
    counted = f"{rounds} round{'s' * (rounds != 1)}"
    return f"{readable(summary.low)}–{readable(summary.high)} {experiment.unit}, {counted}"


def exact(number: float) -> float:
    """Whole numbers as they are, others with four significant digits, as files hold them."""
    return int(number) if float(number).is_integer() else float(f"{number:.4g}")


def readable(number: float) -> str:
    """Whole numbers with commas, others with three significant digits and no exponent."""
    if float(number).is_integer() or abs(number) >= 1000:
        return f"{round(number):,}"
    digits = 3 - len(str(int(abs(number)))) if abs(number) >= 1 else 2 - _exponent(number)
    return f"{number:.{max(digits, 0)}f}"


def _exponent(number: float) -> int:
    return int(f"{number:.2e}".split("e")[1])

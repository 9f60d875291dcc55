"""Runs experiments: readings in rounds that take turns, each in a process of its own."""

import json
import os
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from comparison.experiments.discovery import Program
from comparison.experiments.running import environments
from comparison.experiments.running.child import READING
from comparison.experiments.running.environments import Environment, NotInstallable
from comparison.experiments.running.results import Result, Summary, readable, summarise
from comparison.experiments.spec import Adapter, Experiment
from comparison.experiments.timing import FULL_SPEED

DEFAULT_ROUNDS: Final = 15
MIN_ROUNDS: Final = 5
MAX_SECONDS: Final = 110  # for one experiment; rounds beyond the fewest are left out when it takes longer
PROJECT: Final = Path(__file__).parents[3]
MAX_REASON: Final = 200

Say = Callable[[str], None]
Outcome = Mapping[str, Any]  # what a reading's process wrote: a Reading, a Finding, or why there is none


@dataclass
class Installed:
    """The environments of a run, each made when it is first needed."""

    root: Path
    say: Say
    full_speed: float = 0  # seconds that the yardstick takes at the machine's fastest
    made: dict[tuple[str, str], Environment | NotInstallable] = field(default_factory=dict)

    def get(self, adapter: Adapter, name: str) -> Environment:
        key = (adapter.slug, name)
        if key not in self.made:
            self.made[key] = self._make(adapter, name)
        environment = self.made[key]
        if isinstance(environment, NotInstallable):
            raise environment
        return environment

    def _make(self, adapter: Adapter, name: str) -> Environment | NotInstallable:
        if not environments.is_ready(adapter, name, self.root):
            self.say(f"Installing {', '.join(adapter.requirements[name])} …")
        try:
            return environments.prepare(adapter, name, self.root)
        except NotInstallable as error:
            self.say(str(error))
            return error


@dataclass
class Series:
    """The readings of one framework and variant."""

    result: Result
    python: Path
    left_out: str = ""  # why the framework has no such variant

    @property
    def is_running(self) -> bool:
        return not self.result.failure

    def add(self, outcome: Outcome) -> None:
        result = self.result
        self.left_out = outcome.get("not_offered", "")
        result.failure = outcome.get("failure", "")
        result.detail = outcome.get("detail", "")
        if "support" in outcome:
            result.outcome, result.items = outcome["support"], list(outcome["items"])
        if "value" in outcome:
            result.samples.append(outcome["value"])
            result.wall += [outcome["wall"]] if outcome["wall"] is not None else []


def run_experiment(
    program: Program, adapters: Iterable[Adapter], installed: Installed, rounds: int, say: Say
) -> list[Result]:
    """The results by framework and variant, in the order of the definition. Variants not offered are left out."""
    experiment = program.experiment
    series = [
        _series(experiment, adapter, variant, installed) for variant in experiment.variants for adapter in adapters
    ]
    series = _offered(series, say)
    started = time.monotonic()
    wanted = 1 if experiment.exact else rounds
    for number in range(1, wanted + 1):
        _round(program, series, installed.full_speed, backwards=number % 2 == 0)
        series = _offered(series, say)
        spent = time.monotonic() - started
        if number >= MIN_ROUNDS and spent * (number + 1) / number > MAX_SECONDS:
            break
    results = [item.result for item in series]
    for result in results:
        say(f"    {describe(experiment, result)}")
    return results


def _series(experiment: Experiment, adapter: Adapter, variant: str, installed: Installed) -> Series:
    name = experiment.environment(variant)
    if name not in adapter.requirements:
        return Series(Result(adapter.slug, variant), Path(), left_out=f"its adapter requires nothing for “{name}”")
    try:
        environment = installed.get(adapter, name)
    except NotInstallable as error:
        return Series(Result(adapter.slug, variant, failure=str(error)), Path())
    return Series(Result(adapter.slug, variant), environment.python)


def _offered(series: Iterable[Series], say: Say) -> list[Series]:
    """Those that are measured; says of each other one why it is not."""
    offered = []
    for item in series:
        if item.left_out:
            say(f"    {item.result.framework}, {item.result.variant}: left out: {item.left_out}")
        else:
            offered.append(item)
    return offered


def _round(program: Program, series: Iterable[Series], full_speed: float, backwards: bool) -> None:
    """One reading of each, so that a slow minute of the machine meets all alike."""
    for item in reversed(list(series)) if backwards else list(series):
        if item.is_running:
            item.add(take(program, item, full_speed))


def take(program: Program, series: Series, full_speed: float) -> Outcome:
    """One reading in a process of its own, which ends with all that it started."""
    with tempfile.TemporaryDirectory(prefix="experiment-") as name:
        folder = Path(name)
        result = series.result
        arguments = [program.module, result.framework, result.variant, name]
        with (folder / "output").open("wb") as output:
            process = subprocess.Popen(
                [series.python, "-m", "comparison.experiments.running.child", *arguments],
                cwd=folder,
                env=_variables(folder, full_speed),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
            try:
                process.wait(program.experiment.timeout)
            except subprocess.TimeoutExpired:
                return {"failure": f"no result within {program.experiment.timeout:g} s"}
            finally:
                _end(process)
        written = folder / READING
        return json.loads(written.read_text()) if written.exists() else {"failure": _last_line(folder / "output")}


def _variables(folder: Path, full_speed: float) -> dict[str, str]:
    """Nothing of this process's surroundings reaches a reading, but where programs lie and how fast the machine is."""
    return {"PATH": os.environ.get("PATH", os.defpath), "HOME": str(folder), "TMPDIR": str(folder)} | {
        "PYTHONPATH": str(PROJECT),
        "LANG": "C.UTF-8",
        FULL_SPEED: str(full_speed),
    }


def _end(process: subprocess.Popen[bytes]) -> None:
    """Ends the process and its children, which are a group of their own."""
    with suppress(ProcessLookupError):  # all have ended already
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _last_line(path: Path) -> str:
    lines = path.read_text(errors="replace").strip().splitlines()
    return (lines[-1].strip() if lines else "ended without a result")[:MAX_REASON]


def describe(experiment: Experiment, result: Result) -> str:
    """One line about a result, as the command prints it."""
    head = f"{result.framework}, {result.variant}: "
    if result.failure:
        return f"{head}failed: {result.failure}"
    if result.outcome:
        return f"{head}{result.outcome}: {result.detail}"
    summary = summarise(result.samples)
    return head + _number(experiment, summary, len(result.samples))


def _number(experiment: Experiment, summary: Summary, rounds: int) -> str:
    number = f"{readable(summary.median)} {experiment.unit}"
    if rounds == 1:
        return number
    noisy = " TOO NOISY" if summary.is_noisy else ""
    return f"{number} ({readable(summary.low)}–{readable(summary.high)}, {rounds} rounds){noisy}"

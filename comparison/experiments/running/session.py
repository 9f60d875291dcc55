"""A run of experiments that survives interruption: what is finished is kept and not run again."""

import fcntl
import hashlib
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any, Final

from comparison.experiments import timing
from comparison.experiments.discovery import Program
from comparison.experiments.running import machine
from comparison.experiments.running.environments import NotInstallable
from comparison.experiments.running.results import Run
from comparison.experiments.running.runner import Installed, Say, run_experiment
from comparison.experiments.spec import CLEAN, Adapter

FOLDER: Final = Path(__file__).parents[1]
CODE_ENDINGS: Final = (".py", ".html", ".txt")
YARDSTICK: Final = "yardstick"  # of a run's machine: how long it took at the fastest; see `timing`


class AlreadyRunning(Exception):
    """Two runs at once would measure each other."""


@dataclass(frozen=True)
class Plan:
    """What a run is to hold, and where it is kept until it is complete."""

    slug: str
    day: date
    programs: Mapping[str, Program]
    adapters: Mapping[str, Adapter]
    rounds: int
    root: Path
    note: str = ""

    @cached_property
    def key(self) -> str:
        """The same for two runs that ask the same of the same code; as the code was when the run began."""
        asked = [sorted(self.programs), sorted(self.adapters), self.rounds]
        digest = hashlib.sha256(json.dumps(asked).encode())
        for path in sorted(path for path in FOLDER.rglob("*") if path.suffix in CODE_ENDINGS):
            digest.update(path.read_bytes())
        return digest.hexdigest()


def measure(plan: Plan, say: Say) -> Run:
    """Runs what is missing of the plan. Each finished experiment is on disk before the next one starts."""
    plan.root.mkdir(parents=True, exist_ok=True)
    with _alone(plan.root):
        plan.key  # noqa: B018 - read before anybody changes the code
        run = _resume(plan, say) or Run(plan.slug, plan.day.isoformat(), plan.rounds, plan.note, machine.describe())
        installed = Installed(plan.root, say)
        _install(plan, installed, run)
        run.machine.setdefault(YARDSTICK, f"{1000 * timing.fastest_yardstick():.3f} ms")
        installed.full_speed = float(run.machine[YARDSTICK].removesuffix(" ms")) / 1000
        for number, (slug, program) in enumerate(plan.programs.items(), start=1):
            kept = slug in run.results
            say(f"{number:3} of {len(plan.programs)}  {program.experiment.title}{' (kept)' if kept else ''}")
            if not kept:
                run.results[slug] = run_experiment(program, list(plan.adapters.values()), installed, plan.rounds, say)
                _save(plan, run)
    return run


def forget(plan: Plan, run: Run) -> None:
    """Removes what was kept of a run, once its own file is written."""
    _path(plan, run.slug).unlink(missing_ok=True)


def _install(plan: Plan, installed: Installed, run: Run) -> None:
    """All environments before the first reading: installing while measuring would disturb it."""
    for program in plan.programs.values():
        for variant in program.experiment.variants:
            for adapter in plan.adapters.values():
                if (name := program.experiment.environment(variant)) in adapter.requirements:
                    _install_one(installed, adapter, name, run)


def _install_one(installed: Installed, adapter: Adapter, name: str, run: Run) -> None:
    try:
        environment = installed.get(adapter, name)
    except NotInstallable:
        return  # said once by `installed`, and recorded with the results
    if name == CLEAN or adapter.slug not in run.versions:
        run.versions[adapter.slug] = f"{adapter.name} {environment.version(adapter.package)}"


def _path(plan: Plan, slug: str) -> Path:
    return plan.root / f"{slug}.json"


def _save(plan: Plan, run: Run) -> None:
    path = _path(plan, run.slug)
    draft = path.with_suffix(".new")
    draft.write_text(json.dumps({"key": plan.key, "run": run.as_json()}, indent=1))
    draft.replace(path)


def _resume(plan: Plan, say: Say) -> Run | None:
    """An interrupted run that asked the same of the same code."""
    for path in sorted(plan.root.glob("*.json")):
        stored = _read(path)
        if stored.get("key") == plan.key:
            run = Run.from_json(stored["run"])
            say(f"Going on with {run.slug}: {len(run.results)} of {len(plan.programs)} experiments are kept.")
            return run
    return None


def _read(path: Path) -> dict[str, Any]:
    try:
        return json.loads(path.read_text())
    except json.JSONDecodeError:
        return {}  # damaged: such a run is made anew


@contextmanager
def _alone(root: Path) -> Iterator[None]:
    with (root / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise AlreadyRunning(
                "Another run is measuring; two would disturb each other. Wait until it ends."
            ) from None
        yield

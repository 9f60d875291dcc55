"""Stand-ins for programs, adapters and environments."""

import dataclasses
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from comparison.experiments.discovery import Program
from comparison.experiments.running import runner
from comparison.experiments.running.environments import Environment, SetupFailed
from comparison.experiments.running.results import Result
from comparison.experiments.spec import Adapter
from tests.experiments import fake_program

THIS = Environment(Path(sys.prefix), {"fake-web": "1.2"})  # the Python that runs the tests

Take = Callable[[Program, runner.Series], Mapping[str, Any]]


def make_adapter(slug: str = "fake", **fields: Any) -> Adapter:
    given = {"name": slug.title(), "package": "fake-web", "requirements": {"clean": ()}} | fields
    return Adapter(slug=slug, **given)


def make_program(slug: str = "fake", **fields: Any) -> Program:
    experiment = dataclasses.replace(fake_program.EXPERIMENT, slug=slug, **fields)
    return Program(fake_program.__name__, experiment)


class FakeInstalled(runner.Installed):
    """Environments that are there already, or cannot be made."""

    def __init__(self, errors: Mapping[str, SetupFailed] | None = None) -> None:
        super().__init__(Path(), lambda line: None)
        self.errors = errors or {}

    def get(self, adapter: Adapter, name: str) -> Environment:
        if error := self.errors.get(adapter.slug):
            raise error
        return THIS


def run(
    program: Program, *adapters: Adapter, rounds: int = 1, installed: runner.Installed | None = None
) -> list[Result]:
    lines: list[str] = []
    return runner.run_experiment(
        program, adapters or [make_adapter()], installed or FakeInstalled(), rounds, lines.append
    )


def reading(value: float, wall: float | None = None) -> dict[str, Any]:
    return {"value": value, "wall": wall, "detail": ""}

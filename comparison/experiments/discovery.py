"""Finds the programs and the adapters that lie in their folders."""

import importlib
import pkgutil
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from difflib import get_close_matches
from pathlib import Path
from types import ModuleType
from typing import TypeVar

from comparison.experiments import adapters as adapters_package
from comparison.experiments import programs as programs_package
from comparison.experiments.spec import Adapter, Experiment

Thing = TypeVar("Thing")


class UnknownName(Exception):
    """No experiment or framework has that name; the message says which names are close."""


@dataclass(frozen=True)
class Program:
    module: str
    experiment: Experiment


def programs() -> dict[str, Program]:
    """By slug, in the order of groups and slugs."""
    found = {}
    for group in _modules(programs_package):
        for module in _modules(group):
            path = Path(str(module.__file__))
            experiment = replace(module.EXPERIMENT, code=path.read_text())
            found[experiment.slug] = Program(module.__name__, experiment)
    return found


def adapters() -> dict[str, Adapter]:
    """By slug of the framework."""
    return {module.ADAPTER.slug: module.ADAPTER for module in _modules(adapters_package)}


def choose(names: Iterable[str], known: dict[str, Thing], what: str) -> dict[str, Thing]:
    """Those that are named, in the order of the known ones; all where none is named."""
    names = list(names)
    for name in names:
        if name not in known:
            suggestions = get_close_matches(name, known, n=3) or list(known)
            raise UnknownName(f"No {what} {name!r}. Known: {', '.join(suggestions) or 'none yet'}.")
    return {name: thing for name, thing in known.items() if not names or name in names}


def choose_programs(names: Iterable[str]) -> dict[str, Program]:
    """By their own slugs or by their groups."""
    known = programs()
    groups = {program.experiment.group for program in known.values()}
    in_groups = [slug for slug, program in known.items() if program.experiment.group in set(names)]
    slugs = [name for name in names if name not in groups]
    return choose([*slugs, *in_groups], known, "experiment")


def _modules(package: ModuleType) -> Iterator[ModuleType]:
    for module in sorted(pkgutil.iter_modules(package.__path__), key=lambda module: module.name):
        yield importlib.import_module(f"{package.__name__}.{module.name}")

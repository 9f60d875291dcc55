"""Whether a framework's own functions say what they take and give."""

import ast
from collections.abc import Iterator
from importlib.metadata import Distribution
from pathlib import Path

from comparison.experiments import installed
from comparison.experiments.spec import BUILT_IN, NONE, PARTIAL, Experiment, Finding, Job

EXPERIMENT = Experiment(
    slug="type-hints",
    title="In the box: type hints",
    question="Do the framework’s own functions have type hints that type checkers use?",
    method=(
        "All functions in the framework’s own package are counted, and those that say what they return or take are "
        "counted among them; tests that it installs are left out. Type checkers read them only if the package holds "
        "the marker file py.typed. The marker and nine of ten functions: built in; hints in a tenth or more: partial."
    ),
    group="box",
    variants=("own package",),
    feeds={"type-hints": "own package"},
    statement="{detail}",
    exact=True,
)


def take(job: Job) -> Finding:
    package = installed.packages()[job.adapter.package.lower()]
    hints = [has_hints(function) for function in functions(package)]
    share = sum(hints) / len(hints)
    marked = any(path.name == "py.typed" for path in installed.files(package))
    support = BUILT_IN if marked and share >= 0.9 else PARTIAL if share >= 0.1 else NONE
    marker = "has" if marked else "lacks"
    return Finding(support, f"{share:.0%} of {len(hints):,} functions have type hints; the package {marker} py.typed")


def functions(package: Distribution) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for path in filter(is_own, installed.sources(package)):
        try:
            tree = ast.parse(path.read_text(encoding="utf-8"))
        except SyntaxError:  # a template of a new project
            continue
        yield from (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


def is_own(path: Path) -> bool:
    """Not a test of the framework, which some packages install along with it."""
    return not (path.stem.endswith("_test") or (path.stem.startswith("test_") and path.parent.name == "tests"))


def has_hints(function: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    arguments = [*function.args.args, *function.args.kwonlyargs]
    return function.returns is not None or any(argument.annotation for argument in arguments)

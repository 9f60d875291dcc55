"""How much code an installation holds."""

from importlib.metadata import Distribution

from comparison.experiments import installed
from comparison.experiments.line_count import code_lines
from comparison.experiments.spec import Experiment, Job, Reading

EXPERIMENT = Experiment(
    slug="installed-lines",
    title="Lines of code installed",
    question="How many lines of Python does an installation hold?",
    method=(
        "The framework is installed with pip into an empty environment. In all Python files of its package and of "
        "the packages it brings along, lines are counted without blank lines, comments and documentation strings. "
        "Files that Python cannot parse, such as templates of new projects, are left out."
    ),
    group="size",
    variants=("clean install",),
    unit="lines",
    feeds={"installed-lines": "clean install"},
    statement="Installs {value} lines of Python with all it brings along, {detail}",
    exact=True,
    timeout=100,
)


def take(job: Job) -> Reading:
    lines = {name: _lines(package) for name, package in installed.packages().items()}
    return Reading(sum(lines.values()), detail=f"{lines[job.adapter.package.lower()]:,} of them its own")


def _lines(package: Distribution) -> int:
    total = 0
    for path in installed.sources(package):
        try:
            total += code_lines(path)
        except (SyntaxError, UnicodeDecodeError):
            continue
    return total

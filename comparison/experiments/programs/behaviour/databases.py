"""Which databases a framework has backends for."""

from comparison.experiments import box
from comparison.experiments.spec import BUILT_IN, NONE, Experiment, Finding, Job

EXPERIMENT = Experiment(
    slug="databases",
    title="Databases with a backend of its own",
    question="For which databases does a clean installation have a backend?",
    method=(
        "In an environment with nothing but the framework and what it brings along, each backend of its database "
        "layer is loaded. SQLite, whose driver belongs to Python, must store and read a row; for the others the "
        "backend must be there and ask for the database’s driver. Databases that extensions add are not counted."
    ),
    group="behaviour",
    variants=("clean install",),
    feeds={"databases": "clean install"},
    lists=("databases",),
    statement="Has a database backend of its own for {item}",
    exact=True,
)


def take(job: Job) -> Finding:
    """The adapter says for each database what its backend did or asks for."""
    try:
        seen: dict[str, str] = job.module("behaviour").databases(job.folder)
    except box.Absent as error:
        return Finding(NONE, f"no database layer: {error}")
    return Finding(BUILT_IN, "; ".join(f"{name}: {what}" for name, what in seen.items()), tuple(seen))

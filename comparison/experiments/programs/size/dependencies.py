"""Which packages an installation pulls in."""

from comparison.experiments import installed
from comparison.experiments.spec import Experiment, Job, Reading

EXPERIMENT = Experiment(
    slug="dependencies",
    title="Packages that are pulled in",
    question="How many other packages does an installation of the framework bring along?",
    method=(
        "The framework is installed with pip into an empty environment, without any of its optional extras. "
        "The packages that are there afterwards are counted, the framework itself left out."
    ),
    group="size",
    variants=("clean install",),
    unit="packages",
    feeds={"dependency-count": "clean install"},
    statement="Brings {value} other packages along: {detail}",
    exact=True,
)


def take(job: Job) -> Reading:
    others = sorted(installed.packages().keys() - {job.adapter.package.lower()})
    return Reading(len(others), detail=", ".join(others) or "none")

"""How much room an installation takes on the disk."""

from comparison.experiments import installed
from comparison.experiments.spec import Experiment, Job, Reading

EXPERIMENT = Experiment(
    slug="installed-size",
    title="Room on the disk",
    question="How many megabytes does an installation take?",
    method=(
        "The framework is installed with pip into an empty environment. The sizes of all files that its package and "
        "the packages it brings along list as theirs are added up, in millions of bytes; the bytecode that Python "
        "makes of them is left out."
    ),
    group="size",
    variants=("clean install",),
    unit="MB",
    feeds={"installed-size": "clean install"},
    statement="Takes {value} MB on the disk with all it brings along, {detail}",
    exact=True,
)


def take(job: Job) -> Reading:
    sizes = {
        name: sum(path.stat().st_size for path in installed.files(package))
        for name, package in installed.packages().items()
    }
    own = sizes[job.adapter.package.lower()]
    return Reading(sum(sizes.values()) / 1e6, detail=f"{own / 1e6:.1f} MB of them its own")

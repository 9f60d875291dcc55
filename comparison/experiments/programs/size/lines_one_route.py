"""How long the shortest application is."""

from comparison.experiments import acceptance
from comparison.experiments.line_count import code_lines
from comparison.experiments.serving import serving
from comparison.experiments.spec import Experiment, Job, Reading

EXPERIMENT = Experiment(
    slug="lines-one-route",
    title="Lines for one route",
    question="How many lines does a whole application with one route take?",
    method=(
        "The shortest whole application, in the style of the framework’s own documentation, answers / with “Hello, "
        "World!”. It is served and asked over HTTP; then its lines are counted without blank lines, comments and "
        "documentation strings. Code that starts a server is not part of it."
    ),
    group="size",
    variants=("one route",),
    environments={"one route": "server"},
    unit="lines",
    feeds={"lines-one-route": "one route"},
    statement="A whole application with one route takes {value} lines",
    exact=True,
)


def take(job: Job) -> Reading:
    with serving(job, "one_route") as server:
        acceptance.one_route(server.address)
    return Reading(code_lines(job.files("one_route.py")))

"""Which of two routes wins that both match."""

from comparison.experiments import box
from comparison.experiments.calling import call
from comparison.experiments.spec import BUILT_IN, NONE, Experiment, Finding, Job

EXPERIMENT = Experiment(
    slug="routing-order",
    title="Order of routes",
    question="Does the more specific of two routes win, whatever their order?",
    method=(
        "An application has a route for /notes/ and any word, and after it a route for /notes/new. The path "
        "/notes/new is asked for. Where the second route answers, the more specific one wins; where the first one "
        "answers, the order decides, and a developer must put the specific route first. Neither is wrong."
    ),
    group="behaviour",
    variants=("general route first",),
    exact=True,
)


def take(job: Job) -> Finding:
    """The adapter gives an application whose routes answer “general” and “specific”."""
    text = call(box.caller(job, job.module("behaviour").overlapping_routes()), "/notes/new").text
    if text == "specific":
        return Finding(BUILT_IN, "the more specific route answered, though it stands second")
    box.expect(text == "general", f"neither route answered, but {text[:50]!r}")
    return Finding(NONE, "the route that stands first answered; the order decides")

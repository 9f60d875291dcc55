"""Whether code that a request does not use makes it slower."""

from comparison.experiments import box, timing
from comparison.experiments.box import expect_answer
from comparison.experiments.spec import Experiment, Job, Reading

NUMBER = 500
ROUTES, MODELS = f"behind {NUMBER} other routes", f"beside {NUMBER} models"

EXPERIMENT = Experiment(
    slug="unused-code",
    title="Code that a request does not use",
    question="Do routes and models that a request does not use make it slower?",
    method=(
        "The smallest page is asked for without a server, in an application that has nothing else; in one where 500 "
        "other routes were added before its own; and in one that also declares 500 models of a mapper. CPU time of "
        "one request, from many in a row."
    ),
    group="behaviour",
    variants=("alone", ROUTES, MODELS),
    environments={MODELS: "mapper"},
    unit="ms",
)


def take(job: Job) -> Reading:
    """The adapter gives an application that greets at /, with so many routes or models beside."""
    numbers = {"routes": NUMBER} if job.variant == ROUTES else {"models": NUMBER} if job.variant == MODELS else {}
    repeat = box.caller(job, job.module("behaviour").crowded(**numbers)).prepare("GET", "/")
    expect_answer(repeat(1), 200, "Hello")
    return timing.per_call(repeat)

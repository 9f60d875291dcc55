"""TechEmpower’s test “json”."""

from comparison.experiments.measuring import Request, check_features, timed
from comparison.experiments.spec import Experiment, Job, Reading
from comparison.experiments.techempower import check_json

PATH = "/json"
SAME_FEATURES = "same features"
MODULES = {"bare": "bare", "new project": "new_project", SAME_FEATURES: "same_features"}

EXPERIMENT = Experiment(
    slug="json",
    title="An answer in JSON",
    question="How much CPU time does the framework take for a short answer in JSON?",
    method=(
        "The application makes a dictionary and answers with it as JSON, as in TechEmpower’s test “json”. "
        "The application is called in its own process, without a server, many times in a row; the CPU time is divided "
        "by the number of calls. The answer is checked before and after. "
        "Bare: without everything that can be left out. New project: what a project has that is made as the "
        "documentation begins. Same features: sessions, login, CSRF protection, a check of the host and security "
        "headers in every framework, by its own means or by the usual extensions; headers and host check are tried "
        "first. The claim sets bare beside bare. The JSON is short: how "
        "fast long JSON is written is not seen here."
    ),
    group="speed",
    unit="ms",
    variants=tuple(MODULES),
    environments={SAME_FEATURES: "features"},
    feeds={"cpu-json": "bare"},
    statement="Takes {value} {unit} of CPU time for an answer in JSON, {variant} ({spread})",
)


def take(job: Job) -> Reading:
    module = MODULES[job.variant]
    if job.variant == SAME_FEATURES:
        check_features(job, module, PATH)
    return timed(job, module, Request(PATH), check_json)

"""How long a small but complete application is."""

from comparison.experiments import acceptance
from comparison.experiments.line_count import code_lines
from comparison.experiments.serving import serving
from comparison.experiments.spec import Experiment, Job, Reading

ENDINGS = (".py", ".html")
NOT_COUNTED = ("prepare.py",)  # fills the database for the test

EXPERIMENT = Experiment(
    slug="lines-small-app",
    title="Lines for a small application",
    question="How many lines does a small application with login and admin take?",
    method=(
        "An application that lists and creates records, refuses wrong ones with a message, logs people in and out "
        "and has an admin page, written in the style of the framework’s own documentation with the extensions that "
        "it names. It must pass the same acceptance test over HTTP for every framework. Lines of Python and of "
        "templates are counted without blank lines and comments. What an extension does is not counted."
    ),
    group="size",
    variants=("small application",),
    environments={"small application": "small"},
    unit="lines",
    feeds={"lines-small-app": "small application"},
    statement="A small application with login and admin takes {value} lines ({detail})",
    exact=True,
)


def take(job: Job) -> Reading:
    with serving(job, "small.prepare") as server:
        acceptance.small_application(server.address)
    folder = job.files("small")
    paths = [path for path in folder.rglob("*") if path.suffix in ENDINGS and path.name not in NOT_COUNTED]
    lines = {ending: sum(code_lines(path) for path in paths if path.suffix == ending) for ending in ENDINGS}
    return Reading(sum(lines.values()), detail=f"{lines['.py']} of Python, {lines['.html']} of templates")

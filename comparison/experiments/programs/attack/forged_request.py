"""What happens to a form that another site sends in a visitor's name."""

from comparison.experiments import box
from comparison.experiments.box import Absent, Check, Deed
from comparison.experiments.calling import Visitor
from comparison.experiments.spec import Experiment, Finding, Job

EXPERIMENT = Experiment(
    slug="forged-request",
    title="Attack: a forged request",
    question="Is a form refused that another site sends in a visitor’s name?",
    method=(
        "An application as a new project has it receives a form without the token that its own page would hold, with "
        "a foreign Origin, as a browser sends it from another site (CSRF). Refused as it is: built in. Refused only "
        "after a protection of the clean installation was switched on: partial. Accepted, and nothing to switch on: "
        "none."
    ),
    group="attack",
    variants=("new project",),
    feeds={"csrf-protection": "new project"},
    statement="An application as a new project has it {detail}",
    exact=True,
)


def take(job: Job) -> Finding:
    return box.examine(job, "attack", PARTS)


def forge(job: Job, deed: Deed) -> str:
    """The deed gives an application with a form at /form, which answers with “saved” when it is sent."""
    visitor = Visitor(box.caller(job, deed(job.folder)))
    visitor.ask("/form")
    answer = visitor.send("/form", {"title": "Milk"}, {"Origin": "https://evil.example"})
    if answer.status == 200 and "saved" in answer.text:
        raise Absent("accepted a forged form with status 200")
    return f"refused a forged form with status {answer.status}"


PARTS: dict[str, Check] = {"form": forge, "form_when_set": forge}

"""What happens to a session cookie that was changed."""

from comparison.experiments import box
from comparison.experiments.box import Absent, Check, Deed, expect_answer
from comparison.experiments.calling import Visitor
from comparison.experiments.spec import Experiment, Finding, Job

EXPERIMENT = Experiment(
    slug="tampered-cookie",
    title="Attack: a changed session cookie",
    question="Is a session cookie ignored that was changed or made up?",
    method=(
        "A visitor’s session holds a value. Each character of the session cookie is changed in turn, and once the "
        "whole cookie is made up; the application must not answer with a session’s value to any of them. The last "
        "character is left out: a few of its bits may mean nothing. Where a clean installation has no sessions but "
        "signs cookies, such a cookie takes their place; where it does neither, nothing is attacked."
    ),
    group="attack",
    variants=("new project",),
    statement="An application as a new project has it {detail}",
    exact=True,
)


def take(job: Job) -> Finding:
    return box.examine(job, "attack", PARTS)


def tamper(job: Job, deed: Deed) -> str:
    """The deed gives an application: /set keeps “blue” in the session, /get answers with it or with “nothing”."""
    visitor = Visitor(box.caller(job, deed(job.folder)))
    visitor.ask("/set")
    expect_answer(visitor.ask("/get"), 200, "blue")
    (name,) = visitor.cookies
    value = visitor.cookies[name]
    changed = [value[:index] + other(value[index]) + value[index + 1 :] for index in range(len(value) - 1)]
    for cookie in (*changed, "made-up"):
        visitor.cookies[name] = cookie
        if "blue" in visitor.ask("/get").text:
            raise Absent("answered with the session’s value to a changed cookie")
    return f"ignored a changed session cookie in all of {len(changed) + 1} attempts"


def other(character: str) -> str:
    return "A" if character != "A" else "B"


PARTS: dict[str, Check] = {"session": tamper}

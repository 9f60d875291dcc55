"""Which protecting headers answers carry."""

from comparison.experiments import box
from comparison.experiments.box import Absent, Check, Deed, expect_answer
from comparison.experiments.calling import call
from comparison.experiments.spec import Experiment, Finding, Job

HEADERS = (
    "X-Frame-Options",
    "X-Content-Type-Options",
    "Referrer-Policy",
    "Cross-Origin-Opener-Policy",
    "Content-Security-Policy",
)

EXPERIMENT = Experiment(
    slug="security-headers",
    title="Attack: protecting headers",
    question="Do answers carry headers that protect visitors?",
    method=(
        f"A page of an application as a new project has it is asked for, and the headers {', '.join(HEADERS[:-1])} "
        f"and {HEADERS[-1]} are counted in the answer. Three or more as it is: built in. Fewer, but settings of the "
        "clean installation that add them: partial. Otherwise: none."
    ),
    group="attack",
    variants=("new project",),
    feeds={"security-headers": "new project"},
    statement="An application as a new project has it {detail}",
    exact=True,
)


def take(job: Job) -> Finding:
    return box.examine(job, "attack", PARTS)


def count_headers(job: Job, deed: Deed) -> str:
    """The deed gives an application with a page at /link."""
    answer = call(box.caller(job, deed(job.folder)), "/link")
    expect_answer(answer, 200)
    sent = [f"{name}: {answer.header(name)}" for name in HEADERS if answer.header(name)]
    if len(sent) < 3:
        raise Absent(f"sent {len(sent) or 'none'} of {len(HEADERS)} protecting headers")
    return f"sent {len(sent)} of {len(HEADERS)} protecting headers ({', '.join(sent)})"


PARTS: dict[str, Check] = {"headers": count_headers, "headers_when_set": count_headers}

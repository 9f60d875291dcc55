"""What happens to a request for a host name that is not the site's own."""

from comparison.experiments import box
from comparison.experiments.box import Absent, Check, Deed, expect_answer
from comparison.experiments.calling import call
from comparison.experiments.spec import Experiment, Finding, Job

EXPERIMENT = Experiment(
    slug="foreign-host",
    title="Attack: a foreign host name",
    question="Is a request refused whose Host header names another site?",
    method=(
        "An application as a new project has it, which answers requests for localhost, is asked with the header "
        "Host: evil.example, on a page that makes a link to itself. Refused as it is: built in. Refused only after a "
        "setting of the clean installation was made: partial. Otherwise: none."
    ),
    group="attack",
    variants=("new project",),
    feeds={"host-check": "new project"},
    statement="An application as a new project has it {detail}",
    exact=True,
)


def take(job: Job) -> Finding:
    return box.examine(job, "attack", PARTS)


def ask_as_foreign(job: Job, deed: Deed) -> str:
    """The deed gives an application that answers /link with the whole address of that page."""
    caller = box.caller(job, deed(job.folder))
    expect_answer(call(caller, "/link", headers={"Host": "localhost"}), 200, "http://localhost/link")
    answer = call(caller, "/link", headers={"Host": "evil.example"})
    if answer.status == 200:
        raise Absent(f"answered a request for a foreign host, with a link to {answer.text}")
    return f"refused a request for a foreign host with status {answer.status}"


PARTS: dict[str, Check] = {"link": ask_as_foreign, "link_when_set": ask_as_foreign}

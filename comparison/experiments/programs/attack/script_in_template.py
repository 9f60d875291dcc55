"""What a template makes of markup that a visitor wrote."""

from comparison.experiments import box
from comparison.experiments.box import Absent, Check, Deed, expect
from comparison.experiments.spec import Experiment, Finding, Job

SCRIPT = "<script>alert('x')</script>"

EXPERIMENT = Experiment(
    slug="script-in-template",
    title="Attack: a script in a text",
    question="Do templates show markup that a visitor wrote as text?",
    method=(
        "A template file with the ending .html is filled with a name that holds a script element, between tags and "
        "inside a quoted attribute, by the framework’s own function and without further settings. The page must show "
        "the markup as text in both places. Where a clean installation has no templates, nothing is attacked."
    ),
    group="attack",
    variants=("new project",),
    feeds={"template-escaping": "new project"},
    statement="A template {detail}",
    exact=True,
)


def take(job: Job) -> Finding:
    return box.examine(job, "attack", PARTS)


def show_script(job: Job, deed: Deed) -> str:
    """The deed fills `<p title="{{ name }}">{{ name }}</p>` in a file with the name."""
    page = deed(job.folder, SCRIPT)
    if "<script" in page:
        raise Absent("left a script element that a visitor wrote in the page")
    expect(page.count("&lt;script&gt;") == 2, f"the page is {page}")
    return "escaped a script element that a visitor wrote, between tags and in an attribute"


PARTS: dict[str, Check] = {"fill": show_script}

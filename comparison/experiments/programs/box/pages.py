"""What a clean installation has for pages."""

from comparison.experiments import box
from comparison.experiments.box import Check, Deed, expect, expect_answer
from comparison.experiments.calling import Visitor, call
from comparison.experiments.spec import Experiment, Finding, Job

EXPERIMENT = Experiment(
    slug="box-pages",
    title="In the box: pages",
    question="Does a clean installation fill templates, handle forms and serve style sheets?",
    method=(
        "In an environment with nothing but the framework and what it brings along: a template that extends another "
        "one and loops over a list is filled; the fields of a form are read, the form is drawn as HTML, and a word in "
        "place of a number is refused with a message; a style sheet in a folder is served with its type; a form with "
        "a token against forged requests is accepted with it and refused without it. "
        f"{box.LACK}"
    ),
    group="box",
    variants=("templates", "forms", "static files", "token in forms"),
    feeds={"template-engine": "templates", "forms": "forms", "static-files": "static files"},
    statement="A clean installation {detail}",
    exact=True,
)


def take(job: Job) -> Finding:
    return box.examine(job, "box.pages", PARTS[job.variant])


def fill_template(job: Job, deed: Deed) -> str:
    """The deed fills a template from two files in the folder with the names, and returns the page."""
    page = deed(job.folder, ["Ann", "Bob"])
    expect("<title>Names</title>" in page and "<li>Ann</li>" in page and "<li>Bob</li>" in page, "wrong page")
    return "filled a template with a loop that extends another one"


def read_fields(job: Job, deed: Deed) -> str:
    """The deed gives an application that answers POST / with the field `title`."""
    answer = Visitor(box.caller(job, deed())).send("/", {"title": "Milk & Bread"})
    expect_answer(answer, 200, "Milk & Bread")
    return "read a field"


def draw_form(job: Job, deed: Deed) -> str:
    """The deed returns the HTML of a form with a number field `count`."""
    expect('name="count"' in deed() and 'type="number"' in deed(), "the form has no such field")
    return "drew the form as HTML"


def refuse_wrong(job: Job, deed: Deed) -> str:
    """The deed checks the fields and returns the messages by field."""
    expect(deed({"count": "3"}) == {}, "refused a right number")
    messages = deed({"count": "three"})
    expect(messages.get("count"), "accepted a word as a number")
    return f"refused a word as a number: {messages['count']}"


def serve_style_sheet(job: Job, deed: Deed) -> str:
    """The deed gives an application that serves /static/site.css from the folder `static`."""
    folder = job.folder / "static"
    folder.mkdir()
    (folder / "site.css").write_text("p { color: green }")
    answer = call(box.caller(job, deed(folder)), "/static/site.css")
    expect_answer(answer, 200, "green")
    expect(answer.header("Content-Type").startswith("text/css"), f"its type is {answer.header('Content-Type')!r}")
    return "served a style sheet"


def check_token(job: Job, deed: Deed) -> str:
    """The deed gives an application with a form at /form that has a hidden token; sent, it answers with “saved”."""
    visitor = Visitor(box.caller(job, deed()))
    expect_answer(visitor.fill_in("/form", {}), 200, "saved")
    refused = visitor.send("/form", {})
    expect(refused.status >= 400, "accepted a form without the token")
    return f"refused a form without its token ({refused.status})"


PARTS: dict[str, dict[str, Check]] = {
    "templates": {"fill_template": fill_template},
    "forms": {"read_fields": read_fields, "draw_form": draw_form, "refuse_wrong": refuse_wrong},
    "static files": {"serve_style_sheet": serve_style_sheet},
    "token in forms": {"check_token": check_token},
}

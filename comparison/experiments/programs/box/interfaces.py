"""What a clean installation has for other programs."""

import json

from comparison.experiments import box
from comparison.experiments.box import Absent, Check, Deed, Partly, expect, expect_answer
from comparison.experiments.calling import call
from comparison.experiments.spec import Experiment, Finding, Job

EXPERIMENT = Experiment(
    slug="box-interfaces",
    title="In the box: interfaces for programs",
    question="Does a clean installation answer and read JSON, describe its interface and check input by type hints?",
    method=(
        "In an environment with nothing but the framework and what it brings along: a note is answered as JSON; a "
        "JSON body is read by a function of the framework, and a broken one is refused; GET and DELETE of one address "
        "are answered by code of their own, and PUT is refused; an OpenAPI document is made from the application; a "
        "view whose parameter is annotated as a number is sent a word. A broken body counts as refused where the "
        "framework itself answers 400 or 422, and in part where the view must see to it. A method counts as refused "
        "where the answer is 405, and in part where it is 404. "
        f"{box.LACK}"
    ),
    group="box",
    variants=("JSON", "description", "type hints"),
    feeds={"api-support": "JSON", "openapi": "description", "input-validation": "type hints"},
    statement="A clean installation {detail}",
    exact=True,
)

SERVER_ERROR = 500


def take(job: Job) -> Finding:
    return box.examine(job, "box.interfaces", PARTS[job.variant])


def answer_json(job: Job, deed: Deed) -> str:
    """The deed gives an application that answers /note with the title “Milk”, as JSON."""
    answer = call(box.caller(job, deed()), "/note")
    expect_answer(answer, 200)
    expect(answer.header("Content-Type").startswith("application/json"), "the type is not JSON")
    expect(answer.json() == {"title": "Milk"}, f"answered {answer.text}")
    return "answered with JSON"


def read_json(job: Job, deed: Deed) -> str:
    """The deed gives an application that answers POST /note with the title in the JSON; its view catches no error."""
    caller, headers = box.caller(job, deed()), {"Content-Type": "application/json"}
    expect_answer(call(caller, "/note", "POST", headers, json.dumps({"title": "Bread"}).encode()), 200, "Bread")
    try:
        refused = call(caller, "/note", "POST", headers, b"{broken").status
    except ValueError:  # of the JSON parser, which the application did not catch either
        refused = SERVER_ERROR
    if refused == SERVER_ERROR:
        raise Partly("read a JSON body, but left it to the view to refuse a broken one")
    expect(refused in (400, 422), f"answered a broken body with status {refused}")
    return "read a JSON body and refused a broken one"


def tell_methods_apart(job: Job, deed: Deed) -> str:
    """The deed gives an application that answers GET /thing with “read” and DELETE /thing with “deleted”."""
    caller = box.caller(job, deed())
    expect_answer(call(caller, "/thing"), 200, "read")
    expect_answer(call(caller, "/thing", "DELETE"), 200, "deleted")
    refusal = call(caller, "/thing", "PUT")
    if refusal.status == 404:
        raise Partly("told methods apart, but answered others as if there were no such page (404)")
    expect_answer(refusal, 405)
    return "told methods apart and refused others with 405"


def describe(job: Job, deed: Deed) -> str:
    """The deed gives an application with a page /note, and the path of its OpenAPI document."""
    application, path = deed()
    document = call(box.caller(job, application), path).json()
    expect("openapi" in document and "/note" in document.get("paths", {}), "the document does not describe /note")
    return f"described itself at {path}"


def check_hints(job: Job, deed: Deed) -> str:
    """The deed gives an application with a view at /double/<count>, annotated `count: int`."""
    answer = call(box.caller(job, deed()), "/double/three")
    if answer.status == 200:
        raise Absent(f"called a view annotated count: int with the word “three”, and answered {answer.text!r}")
    expect(answer.status in (400, 422) and "count" in answer.text, f"answered with status {answer.status}")
    return f"refused a word for a parameter annotated as a number ({answer.status}, names it)"


PARTS: dict[str, dict[str, Check]] = {
    "JSON": {"answer_json": answer_json, "read_json": read_json, "tell_methods_apart": tell_methods_apart},
    "description": {"describe": describe},
    "type hints": {"check_hints": check_hints},
}

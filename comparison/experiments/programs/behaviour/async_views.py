"""Whether views written with async and await run, and run side by side."""

import time
from typing import Any

from comparison.experiments import box, calling
from comparison.experiments.box import Absent, Check, Deed, expect_answer
from comparison.experiments.spec import Experiment, Finding, Job

REQUESTS = 10
PAUSE = 0.1  # seconds that the view waits

EXPERIMENT = Experiment(
    slug="async-views",
    title="Views with async and await",
    question="Do asynchronous views run, and do requests to them run side by side in one thread?",
    method=(
        "A view written with async waits a tenth of a second without holding the thread. It is asked once, then ten "
        "times at once in one thread through the framework’s own interface: side by side this takes about a tenth of "
        "a second, one after another a whole one. Both as installed by itself, and with what the framework asks for."
    ),
    group="behaviour",
    variants=("clean install", "with what it asks for"),
    environments={"with what it asks for": "async"},
    feeds={"async-views": "with what it asks for"},
    statement="An asynchronous view, {variant}: {detail}",
    exact=True,
)


def take(job: Job) -> Finding:
    return box.examine(job, "behaviour", PARTS)


def answer(job: Job, deed: Deed) -> str:
    """The deed gives an application whose asynchronous view at / waits so long and greets, and its interface."""
    application, interface = deed(PAUSE)
    expect_answer(calling.call(calling.caller(application, interface), "/"), 200, "Hello")
    return "ran"


def side_by_side(job: Job, deed: Deed) -> str:
    application, interface = deed(PAUSE)
    start = time.perf_counter()
    ask_at_once(application, interface)
    seconds = time.perf_counter() - start
    if seconds > REQUESTS * PAUSE * 0.8:
        raise Absent(f"{REQUESTS} requests in one thread ran one after another ({seconds:.2f} s)")
    return f"{REQUESTS} requests in one thread ran side by side ({seconds:.2f} s)"


def ask_at_once(application: Any, interface: str) -> None:
    caller = calling.caller(application, interface)
    if isinstance(caller, calling.AsyncCaller):
        caller.at_once("/", REQUESTS)
    else:
        caller.prepare("GET", "/")(REQUESTS)  # the interface has no other way: a thread is taken until the answer


PARTS: dict[str, Check] = {"async_view": answer, "async_view_again": side_by_side}

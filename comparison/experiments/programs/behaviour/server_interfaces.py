"""Through which interfaces a server can call an application."""

from comparison.experiments import calling
from comparison.experiments.box import expect_answer
from comparison.experiments.spec import BUILT_IN, Experiment, Finding, Job

OWN_SERVER = "Own HTTP server"

EXPERIMENT = Experiment(
    slug="server-interfaces",
    title="Server interfaces",
    question="Through which interfaces does a clean installation answer?",
    method=(
        "In an environment with nothing but the framework and what it brings along, the same page is asked for "
        "through each interface that the framework offers an application for: WSGI, ASGI, or a server of its own "
        "where it has neither. Bridges between the two that must be installed are not counted."
    ),
    group="behaviour",
    variants=("clean install",),
    feeds={"server-interfaces": "clean install"},
    lists=("server-interfaces",),
    statement="Answered a request in a clean installation through: {item}",
    exact=True,
)


def take(job: Job) -> Finding:
    """The adapter gives an application that greets at / for each interface."""
    applications = job.module("behaviour").server_interfaces()
    for name, application in applications.items():
        interface = job.adapter.interface if name == OWN_SERVER else name.lower()
        expect_answer(calling.call(calling.caller(application, interface), "/"), 200, "Hello")
    return Finding(BUILT_IN, f"answered through {' and '.join(applications)}", tuple(applications))

"""What a clean installation has for connections that stay open."""

import asyncio
from collections.abc import Iterator
from typing import Any

from comparison.experiments import box, calling, installed
from comparison.experiments.box import Absent, Check, Deed, expect
from comparison.experiments.calling import asgi_scope
from comparison.experiments.spec import Experiment, Finding, Job

WAIT_SECONDS = 5
ASGI_SERVERS = ("uvicorn", "hypercorn", "daphne", "granian")

EXPERIMENT = Experiment(
    slug="box-live",
    title="In the box: WebSockets",
    question="Does a clean installation hold WebSocket connections?",
    method=(
        "In an environment with nothing but the framework and what it brings along, a WebSocket connection is opened "
        "to an application by the server interface that it answers through (ASGI or its own), a word is sent, and it "
        "must come back. The result says whether a server for it is installed too. "
        f"{box.LACK}"
    ),
    group="box",
    variants=("WebSockets",),
    feeds={"websockets": "WebSockets"},
    statement="A clean installation {detail}",
    exact=True,
)


def take(job: Job) -> Finding:
    return box.examine(job, "box.live", PARTS)


def send_word_back(job: Job, deed: Deed) -> str:
    """The deed gives an application, by ASGI or its own interface, that sends back what it is sent at /echo."""
    application = deed()
    if job.adapter.has_own_interface:
        word = calling.own(job.adapter.interface).send_word(application, "/echo", "hello")
    else:
        word = sent_back_through_asgi(application)
    expect(word == "hello", "the word did not come back")
    if job.adapter.has_own_interface:
        return "sent a word back, by a server of its own"
    there = installed.packages()
    server = next((name for name in ASGI_SERVERS if name in there), None)
    return f"sent a word back through ASGI, {f'with {server} as server' if server else 'for which it brings no server'}"


def sent_back_through_asgi(application: Any) -> str:
    sent: list[dict[str, Any]] = []
    messages: Iterator[dict[str, Any]] = iter(
        [
            {"type": "websocket.connect"},
            {"type": "websocket.receive", "text": "hello"},
        ]
    )
    answered = asyncio.Event()

    async def receive() -> dict[str, Any]:
        if message := next(messages, None):
            return message
        await asyncio.wait_for(answered.wait(), WAIT_SECONDS)
        return {"type": "websocket.disconnect", "code": 1000}

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)
        if message["type"] == "websocket.send":
            answered.set()

    scope = asgi_scope("GET", "/echo", {}, b"") | {"type": "websocket", "scheme": "ws", "subprotocols": []}
    del scope["method"]  # which a WebSocket has not
    try:
        asyncio.run(application(scope, receive, send))
    except (ValueError, NotImplementedError, AssertionError) as error:
        raise Absent(f"refused a connection: {str(error).rstrip('.')}") from None
    return next((str(message["text"]) for message in sent if message.get("text")), "")


PARTS: dict[str, Check] = {"send_word_back": send_word_back}

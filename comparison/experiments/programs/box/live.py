"""What a clean installation has for connections that stay open."""

import asyncio
from collections.abc import Iterator
from typing import Any

from comparison.experiments import box
from comparison.experiments.box import Absent, Check, Deed, expect
from comparison.experiments.spec import Experiment, Finding, Job

EXPERIMENT = Experiment(
    slug="box-live",
    title="In the box: WebSockets",
    question="Does a clean installation hold WebSocket connections?",
    method=(
        "In an environment with nothing but the framework and what it brings along, a WebSocket connection is opened "
        "to an application by the server interface (ASGI), a word is sent, and it must come back."
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
    """The deed gives an ASGI application that sends back what it is sent at /echo."""
    application = deed()
    sent: list[dict[str, Any]] = []
    messages: Iterator[dict[str, Any]] = iter(
        [
            {"type": "websocket.connect"},
            {"type": "websocket.receive", "text": "hello"},
            {"type": "websocket.disconnect"},
        ]
    )

    async def receive() -> dict[str, Any]:
        return next(messages)

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    scope = {"type": "websocket", "path": "/echo", "headers": [], "query_string": b"", "subprotocols": []}
    try:
        asyncio.run(application(scope, receive, send))
    except (ValueError, NotImplementedError, AssertionError) as error:
        raise Absent(f"refused a connection: {str(error).rstrip('.')}") from None
    expect(any(message.get("text") == "hello" for message in sent), "the word did not come back")
    return "sent a word back"


PARTS: dict[str, Check] = {"send_word_back": send_word_back}

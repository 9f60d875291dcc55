"""What the programs about the box accept and refuse, tried with deeds of no framework."""

import asyncio
import json
import sys
from types import SimpleNamespace
from typing import Any

import pytest

from comparison.experiments import box
from comparison.experiments.box import Absent
from comparison.experiments.programs.box import interfaces, live, tools
from comparison.experiments.spec import CLEAN, EXTRAS, Adapter, Failure, Job

PAGE = """
import sys
from wsgiref.simple_server import make_server

def application(environ, start_response):
    start_response("500 Error", [("Content-Type", "text/html")])
    return [sys.argv[2].encode()]

make_server("127.0.0.1", int(sys.argv[1]), application).serve_forever()
"""


@pytest.fixture
def job(monkeypatch, tmp_path) -> Job:
    adapter = make_adapter(interface="asgi")
    monkeypatch.setattr(Job, "module", lambda job, name="": SimpleNamespace(ADAPTER=adapter))
    return Job("none", "", tmp_path)


def make_adapter(**fields: Any) -> Adapter:
    return Adapter(
        **{"slug": "none", "name": "None", "package": "none", "requirements": {CLEAN: ("none==1",)}, **fields}
    )


def test_a_framework_that_names_no_extras_has_all_in_its_clean_environment() -> None:
    assert make_adapter().requirements[EXTRAS] == ("none==1",)
    extras = ("none==1", "forms==2")
    assert make_adapter(requirements={CLEAN: ("none==1",), EXTRAS: extras}).requirements[EXTRAS] == extras


def test_what_names_a_missing_package_is_said() -> None:
    with pytest.raises(Absent, match=r"^lacks nowhere, which the extra “full” would bring$"):
        box.require("nowhere", "the extra “full” would bring")


def test_a_connection_is_closed_after_its_word_came_back(job) -> None:
    received = []

    async def echo(scope, receive, send) -> None:
        assert (scope["type"], scope["path"], scope["root_path"]) == ("websocket", "/echo", "")
        connect, word = await receive(), await receive()
        closing = asyncio.ensure_future(receive())
        await asyncio.sleep(0)
        assert not closing.done()
        await send({"type": "websocket.accept"})
        await send({"type": "websocket.send", "text": word["text"]})
        received.extend([connect["type"], (await closing)["type"]])

    assert live.send_word_back(job, lambda: echo) == "sent a word back"
    assert received == ["websocket.connect", "websocket.disconnect"]


@pytest.mark.parametrize("status", [400, 422])
def test_a_broken_body_may_be_refused_in_either_way(job, status) -> None:
    assert interfaces.read_json(job, lambda: reading(status)).startswith("read a JSON body and refused")


def test_a_broken_body_must_be_refused(job) -> None:
    with pytest.raises(Failure, match="answered a broken body with status 500"):
        interfaces.read_json(job, lambda: reading(500))


def reading(refusal: int) -> Any:
    """An application that answers with the title in its body, and so to a broken one."""

    async def application(scope, receive, send) -> None:
        body = (await receive())["body"]
        is_broken = body.startswith(b"{broken")
        await send({"type": "http.response.start", "status": refusal if is_broken else 200, "headers": []})
        await send({"type": "http.response.body", "body": b"" if is_broken else json.loads(body)["title"].encode()})

    return application


@pytest.mark.parametrize("line", ["str(price / count)", "str(price&nbsp;&#x2F;&nbsp;count)"])
def test_the_line_at_fault_is_read_as_a_browser_shows_it(job, line) -> None:
    deed = lambda folder: lambda port: [sys.executable, "-c", PAGE, str(port), f"ZeroDivisionError {line}"]  # noqa: E731
    assert tools.show_error(job, deed) == "showed the line at fault in the browser"


def test_a_page_without_the_line_at_fault_is_refused(job) -> None:
    deed = lambda folder: lambda port: [sys.executable, "-c", PAGE, str(port), "ZeroDivisionError"]  # noqa: E731
    with pytest.raises(Failure, match=r"^the line is not shown$"):
        tools.show_error(job, deed)

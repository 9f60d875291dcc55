"""What the programs about the box accept and refuse, tried with deeds of no framework."""

import asyncio
import json
import sys
from types import SimpleNamespace
from typing import Any

import pytest

from comparison.experiments import box, installed
from comparison.experiments.box import Absent, Partly
from comparison.experiments.programs.box import accounts, interfaces, live, tools
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


def test_a_command_to_which_none_can_be_added_counts_in_part() -> None:
    def find_none() -> None:
        raise Absent("has no module for it")

    works, fails = ([sys.executable, "-c", code] for code in ("print('Usage: …')", "raise SystemExit('No such file')"))
    with pytest.raises(Partly, match=r"^ran its own command “run”; for one’s own it has no module for it$"):
        box.run_own("run", works, find_none)
    with pytest.raises(Failure, match=r"^No such file$"):
        box.run_own("run", fails, find_none)
    with pytest.raises(Failure, match="there are modules about it"):
        box.run_own("run", works, lambda: box.search("pytest"))


def test_a_part_that_needs_a_package_of_an_extra_counts_in_part() -> None:
    with pytest.raises(Partly, match=r"^has Pages, but lacks nowhere, which the extra “full” would bring$"):
        box.require_for("Pages", "json.decoder:JSONDecoder", "nowhere", "the extra “full” would bring")
    box.require_for("Pages", "json.decoder:JSONDecoder", "json", "the extra “full” would bring")
    for at in ("json.decoder:Pages", "nowhere:Pages"):
        with pytest.raises(Failure, match=f"^has no Pages at {at}$"):
            box.require_for("Pages", at, "nowhere", "the extra “full” would bring")


@pytest.mark.parametrize(
    ("flags", "signature", "error", "message"),
    [
        ("Secure; HttpOnly; SameSite=Lax", "", Partly, "made a cookie Secure, .* but took it back changed"),
        ("Secure; HttpOnly; SameSite=Lax", "signed", None, "refused a changed cookie"),
        ("Secure; SameSite=Lax", "signed", Failure, "the cookie is"),
    ],
)
def test_a_safe_cookie_may_be_signed(job, flags, signature, error, message) -> None:
    async def application(scope, receive, send) -> None:
        sent = dict(scope["headers"]).get(b"cookie", b"").decode().removeprefix("colour=")
        is_set = scope["path"] == "/set"
        value = sent if not signature or sent == "blue" else ""
        headers = [(b"set-cookie", f"colour=blue; {flags}".encode())] if is_set else []
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": (value or "nothing").encode()})

    if error is None:
        assert message in accounts.sign_cookie(job, lambda: application)
    else:
        with pytest.raises(error, match=message):
            accounts.sign_cookie(job, lambda: application)


def test_a_connection_is_closed_after_its_word_came_back(job, monkeypatch) -> None:
    received = []

    async def echo(scope, receive, send) -> None:
        assert (scope["type"], scope["path"], scope["root_path"]) == ("websocket", "/echo", "")
        assert "method" not in scope
        connect, word = await receive(), await receive()
        closing = asyncio.ensure_future(receive())
        await asyncio.sleep(0)
        assert not closing.done()
        await send({"type": "websocket.accept"})
        await send({"type": "websocket.send", "text": word["text"]})
        received.extend([connect["type"], (await closing)["type"]])

    assert live.send_word_back(job, lambda: echo) == "sent a word back through ASGI, for which it brings no server"
    monkeypatch.setattr(installed, "packages", lambda: {"hypercorn": None, "none": None})
    assert live.send_word_back(job, lambda: echo) == "sent a word back through ASGI, with hypercorn as server"
    del received[2:]
    assert received == ["websocket.connect", "websocket.disconnect"]


@pytest.mark.parametrize("status", [400, 422])
def test_a_broken_body_may_be_refused_in_either_way(job, status) -> None:
    assert interfaces.read_json(job, lambda: reading(status)).startswith("read a JSON body and refused")


def test_a_broken_body_must_be_refused(job) -> None:
    with pytest.raises(Failure, match="answered a broken body with status 404"):
        interfaces.read_json(job, lambda: reading(404))


def test_a_broken_body_that_is_left_to_the_view_counts_in_part(job) -> None:
    for application in (reading(500), raising):
        with pytest.raises(Partly, match="left it to the view to refuse a broken one"):
            interfaces.read_json(job, lambda application=application: application)


async def raising(scope, receive, send) -> None:
    title = json.loads((await receive())["body"])["title"]
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": title.encode()})


@pytest.mark.parametrize(
    ("before", "after", "error", "message"),
    [
        (302, 200, Partly, "refused a page to strangers, but not to an account"),
        (200, 403, Failure, "showed the page to a stranger"),
        (403, 404, Failure, "answered with status 404 instead of 403"),
    ],
)
def test_a_permission_is_told_from_being_known(job, before, after, error, message) -> None:
    with pytest.raises(error, match=message):
        accounts.refuse_without_permission(job, lambda *arguments: guarding(before, after))


def test_a_page_is_refused_for_want_of_a_permission(job) -> None:
    assert "needs a permission" in accounts.refuse_without_permission(job, lambda *arguments: guarding(401, 403))


def guarding(before: int, after: int) -> Any:
    """An application that answers strangers, and those who were at /login, with these statuses at /delete."""

    async def application(scope, receive, send) -> None:
        is_known = any(name == b"cookie" for name, _ in scope["headers"])
        status = 200 if scope["path"] == "/login" else after if is_known else before
        headers = [(b"set-cookie", b"name=ann")] if scope["path"] == "/login" else []
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": b""})

    return application


def test_a_script_of_ones_own_is_no_command(job) -> None:
    (job.folder / tools.SCRIPT).write_text("print('Hello, Ann')")
    (job.folder / "manage.py").write_text("print('Hello, Ann')")
    command = [sys.executable, job.folder / "manage.py", "greet", "Ann"]
    assert tools.run_command(job, lambda folder: command) == "ran a command of one’s own with an argument"
    with pytest.raises(Partly, match="helped a script of one’s own"):
        tools.run_command(job, lambda folder: [sys.executable, folder / tools.SCRIPT, "Ann"])


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

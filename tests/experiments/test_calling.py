"""Calls of applications by their interface alone, the same for both interfaces."""

import asyncio
import json
import threading
import time
from itertools import count
from threading import Event
from types import SimpleNamespace
from urllib.parse import parse_qs

import pytest

from comparison.experiments import calling, timing
from comparison.experiments.calling import Visitor, call
from comparison.experiments.line_count import code_lines
from comparison.experiments.programs.size import import_time
from comparison.experiments.programs.speed import over_http
from comparison.experiments.spec import Job, Reading


def echo(method: str, path: str, query: str, headers: dict[str, str], body: bytes) -> tuple[int, dict[str, str], bytes]:
    """Answers with all that it was sent; /login sets a cookie, /form has a form with a token."""
    if path == "/login":
        return 302, {"Location": "/", "Set-Cookie": "who=ann; HttpOnly"}, b""
    if path == "/form" and method == "GET":
        return 200, {}, b"""<input type="hidden" name="token" value="a&amp;b"><input name="title" value="x">"""
    content = {"method": method, "path": path, "query": query, "headers": headers, "body": body.decode()}
    return 200, {"Content-Type": "application/json"}, json.dumps(content).encode()


def wsgi(environ, start_response):
    headers = {key[5:].lower(): value for key, value in environ.items() if key.startswith("HTTP_")}
    headers["content_type"] = environ.get("CONTENT_TYPE", "")
    body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH", 0)))
    status, answered, content = echo(
        environ["REQUEST_METHOD"], environ["PATH_INFO"], environ["QUERY_STRING"], headers, body
    )
    write = start_response(f"{status} Status", list(answered.items()))
    write(content[:1])
    return [content[1:]]


async def asgi(scope, receive, send):
    headers = {key.decode().replace("-", "_"): value.decode() for key, value in scope["headers"]}
    headers.setdefault("content_type", "")
    body = (await receive())["body"]
    status, answered, content = echo(scope["method"], scope["path"], scope["query_string"].decode(), headers, body)
    pairs = [(key.encode(), value.encode()) for key, value in answered.items()]
    await send({"type": "http.response.start", "status": status, "headers": pairs})
    await send({"type": "http.response.body", "body": content[:1], "more_body": True})
    await send({"type": "http.response.body", "body": content[1:]})


each = pytest.mark.parametrize(
    "caller", [calling.caller(wsgi, "wsgi"), calling.caller(asgi, "asgi")], ids=["wsgi", "asgi"]
)


@each
def test_a_request_arrives_as_it_was_made(caller) -> None:
    answer = call(caller, "/notes/1?page=2", "PUT", {"Content-Type": "text/plain", "X-Sign": "yes"}, b"text")
    assert (answer.status, answer.header("content-type")) == (200, "application/json")
    got = answer.json()
    assert [got[key] for key in ("method", "path", "query", "body")] == ["PUT", "/notes/1", "page=2", "text"]
    assert (got["headers"]["host"], got["headers"]["x_sign"]) == ("localhost", "yes")
    assert got["headers"]["content_type"] == "text/plain"


@each
def test_the_host_may_be_another(caller) -> None:
    assert call(caller, "/", headers={"Host": "evil.example"}).json()["headers"]["host"] == "evil.example"


@each
def test_a_request_is_repeated_with_its_whole_body(caller) -> None:
    repeat = caller.prepare("POST", "/", {}, b"body")
    assert [repeat(times).json()["body"] for times in (1, 3)] == ["body", "body"]


@each
def test_a_visitor_keeps_cookies_and_fills_forms_in(caller) -> None:
    visitor = Visitor(caller)
    assert visitor.ask("/login").header("Location") == "/"
    got = visitor.fill_in("/form", {"title": "Milk & Bread"}).json()
    assert got["headers"]["cookie"] == "who=ann"
    assert parse_qs(got["body"]) == {"token": ["a&b"], "title": ["Milk & Bread"]}


def test_asynchronous_requests_run_at_once() -> None:
    async def slow(scope, receive, send):
        await asyncio.sleep(0.05)
        await asgi(scope, receive, send)

    caller = calling.AsgiCaller(slow)
    start = time.perf_counter()
    caller.at_once("/", 20)
    assert time.perf_counter() - start < 20 * 0.05


OWN = "tests.experiments.own_interface"


@pytest.mark.parametrize("interface", ["wsgi", "asgi", OWN])
def test_pieces_come_as_they_are_sent(interface) -> None:
    made = []

    def pieces():
        for piece in (b"a", b"b"):
            made.append(piece)
            yield piece

    async def sending(scope, receive, send):
        await send({"type": "http.response.start", "status": 200, "headers": []})
        for piece in pieces():
            await send({"type": "http.response.body", "body": piece, "more_body": True})

    application = sending if interface == "asgi" else lambda *arguments: pieces()
    assert [(piece, len(made)) for piece in calling.pieces(application, interface, "/")] == [(b"a", 1), (b"b", 2)]


def test_pieces_end_where_an_application_waits_for_the_client_to_leave() -> None:
    async def waiting(scope, receive, send):
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"all"})
        while (await receive())["type"] != "http.disconnect":
            pass

    assert list(calling.pieces(waiting, "asgi", "/")) == [b"all"]


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_an_application_that_fails_while_it_sends_ends_its_pieces() -> None:
    def failing(send) -> None:
        send(b"a")
        raise LookupError

    assert list(calling.taken_one_by_one(failing)) == [b"a"]
    for thread in threading.enumerate():
        if "run_to_the_end" in thread.name:
            thread.join()  # its exception is this test's own


def test_an_interface_of_a_framework_s_own_is_a_module_of_its_adapter() -> None:
    caller = calling.caller(lambda path: [path.encode()], OWN)
    assert call(caller, "/notes").text == "/notes"
    assert caller.prepare("GET", "/notes")(3).text == "/notes"


def test_time_is_taken_of_one_call_among_many() -> None:
    calls = []

    def repeat(times: int) -> None:
        calls.append(times)
        sum(range(2000 * times))

    reading = timing.per_call(repeat, seconds=0.02)
    assert calls[0] == timing.WARM_UP_CALLS
    assert calls[-1] > 1
    assert 0 < reading.value < 20
    assert reading.wall


def test_times_are_those_of_the_machine_at_its_fastest(monkeypatch) -> None:
    """A machine of which the yardstick takes twice as long measures twice as long."""
    monkeypatch.setenv(timing.FULL_SPEED, "0.004")
    now = iter(number * 0.001 for number in count())
    monkeypatch.setattr(timing, "time", SimpleNamespace(process_time=lambda: next(now), perf_counter=lambda: 0))
    monkeypatch.setattr(timing, "yardstick", lambda: 0.008)
    monkeypatch.setattr(timing, "_enough_calls", lambda repeat, seconds: 1)
    assert timing.per_call(lambda times: None).value == pytest.approx(0.5)  # where a call takes one millisecond
    assert timing.slowness() == 2


def test_what_is_measured_at_once_is_given_as_at_the_fastest_too(monkeypatch) -> None:
    monkeypatch.setattr(timing, "slowness", iter([1, 3]).__next__)
    assert timing.at_full_speed(lambda: Reading(10, 30, "found")) == Reading(5, 15, "found")
    monkeypatch.setattr(timing, "slowness", lambda: 2)
    assert timing.at_full_speed(lambda: Reading(10)) == Reading(5)


def test_time_to_load_and_over_http_is_given_as_at_the_fastest(monkeypatch, tmp_path) -> None:
    monkeypatch.setattr(timing, "slowness", lambda: 2)
    monkeypatch.setattr(import_time, "_load", lambda job: "0.2 0.4")
    assert import_time.take(Job("flask", "smallest application", tmp_path)) == Reading(100, 200)
    monkeypatch.setattr(over_http, "ask", lambda connections, rounds: None)
    monkeypatch.setattr(over_http, "check_json", lambda answer: None)
    clock = iter([0, 2 * over_http.ROUNDS * over_http.CONNECTIONS]).__next__
    assert over_http.measure(SimpleNamespace(address="http://127.0.0.1:1"), clock).value == 1000


def test_where_no_run_knows_the_fastest_times_stay(monkeypatch) -> None:
    monkeypatch.delenv(timing.FULL_SPEED, raising=False)
    monkeypatch.setattr(timing, "yardstick", lambda: 0.008)
    assert timing.slowness() == 1


@pytest.mark.parametrize(
    ("name", "text", "count"),
    [
        ("empty.py", "", 0),
        ("a.py", '"""What it is."""\n\n# why\nimport os  # here\n\n\ndef f():\n    """Says."""\n    return os\n', 3),
        ("b.py", 'TEXT = """\none\n\ntwo\n"""\n', 5),
        ("c.py", "call(\n    1,\n\n    # two\n    2,\n)\n", 4),
        ("d.html", "<p>\n\n  {# a remark #}\n  text\n</p>\n<!-- one\ntwo -->\n", 3),
    ],
)
def test_lines_are_counted_without_blank_ones_and_comments(tmp_path, name, text, count) -> None:
    (tmp_path / name).write_text(text)
    assert code_lines(tmp_path / name) == count


def test_an_application_goes_on_after_its_answer() -> None:
    done = Event()

    async def working(scope, receive, send):
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"accepted"})
        await asyncio.sleep(0.05)
        done.set()

    assert calling.ask_and_leave(working, "/")
    assert not done.is_set()
    assert done.wait(2)


def test_an_answer_that_is_not_whole_in_time_is_told() -> None:
    async def waiting(scope, receive, send):
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await asyncio.Event().wait()

    assert not calling.ask_and_leave(waiting, "/", seconds=0.05)


def test_a_client_that_has_sent_all_stays() -> None:
    async def reading(scope, receive, send):
        body = (await receive())["body"]
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(receive(), 0.01)
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": body})

    assert call(calling.AsgiCaller(reading), "/", "POST", {}, b"all").text == "all"
    assert list(calling.pieces(reading, "asgi", "/")) == [b""]

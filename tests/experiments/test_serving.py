"""Servers on ports of this machine."""

import socket
import sys
from collections.abc import Iterator

import pytest

from comparison.experiments import serving
from comparison.experiments.serving import starting
from comparison.experiments.spec import Failure, free_port
from tests.installation import ROOT

SERVER = """
import sys
from wsgiref.simple_server import make_server

def application(environ, start_response):
    start_response(sys.argv[2], [("X-Path", environ["PATH_INFO"])])
    return [environ["HTTP_HOST"].encode()]

make_server("127.0.0.1", int(sys.argv[1]), application).serve_forever()
"""


FAILING = """
async def application(scope, receive, send):
    accept = dict(scope["headers"]).get(b"accept", b"")
    await send({"type": "http.response.start", "status": 500, "headers": [(b"x-accept", accept)]})
    await send({"type": "http.response.body", "body": b"failed at " + scope["path"].encode()})
    raise LookupError("as the page says")
"""


def command(status: str = "200 OK", program: str = SERVER):
    return lambda port: [sys.executable, "-c", program, str(port), status]


@pytest.fixture
def taken(monkeypatch) -> Iterator[int]:
    """A port that another program listens on, which does not answer."""
    monkeypatch.setattr(serving, "POLL_SECONDS", 0.5)
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield listener.getsockname()[1]


def test_a_server_is_asked_and_ended(tmp_path) -> None:
    with starting(tmp_path, command()) as server:
        answer = server.get("/page", {"Host": "example.org"})
        assert (answer.status, answer.header("x-path"), answer.text) == (200, "/page", "example.org")
    with pytest.raises(OSError, match="refused"):
        server.get("/page")


@pytest.mark.parametrize("status", ["302 Found", "404 Not Found", "500 Error"])
def test_redirects_and_errors_are_answers(tmp_path, status) -> None:
    with starting(tmp_path, command(status)) as server:
        assert server.get().status == int(status[:3])


def test_a_port_in_use_is_left_for_a_free_one(tmp_path, monkeypatch, taken) -> None:
    ports = iter([taken, free_port()])
    monkeypatch.setattr(serving, "free_port", lambda: next(ports))
    with starting(tmp_path, command()) as server:
        assert str(taken) not in server.address
        assert server.get().status == 200


def test_without_a_free_port_the_reading_fails(tmp_path, monkeypatch, taken) -> None:
    monkeypatch.setattr(serving, "free_port", lambda: taken)
    with pytest.raises(Failure, match="no free port in 3 attempts"), starting(tmp_path, command()):
        pass


def test_a_server_that_ends_says_why(tmp_path) -> None:
    failing = command(program="raise LookupError('no application')")
    with pytest.raises(Failure, match="did not start: LookupError: no application"), starting(tmp_path, failing):
        pass


def test_a_server_that_does_not_answer_is_given_up(tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(serving, "START_SECONDS", 0.5)
    sleeping = command(program="import time; time.sleep(60)")
    with pytest.raises(Failure, match=r"did not answer within 0\.5 s"), starting(tmp_path, sleeping):
        pass


def test_an_application_is_bridged_to_pythons_own_server(tmp_path) -> None:
    (tmp_path / "failing.py").write_text(FAILING)
    served = [sys.executable, "-m", serving.__name__, "failing", serving.BRIDGED]
    variables = {"PYTHONPATH": f"{ROOT}:{tmp_path}"}
    with starting(tmp_path, lambda port: [*served, str(port)], variables) as server:
        answer = server.get("/fail", {"Accept": "text/html"})
    assert (answer.status, answer.header("x-accept"), answer.text) == (500, "text/html", "failed at /fail")

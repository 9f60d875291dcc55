"""A framework that is neither WSGI nor ASGI answers the same programs, through a module of its adapter."""

import importlib
from types import SimpleNamespace

import pytest

from comparison.experiments import discovery, serving
from comparison.experiments.spec import Adapter, Failure, Finding, Job, Reading
from tests.experiments import own_interface

OWN = own_interface.__name__


@pytest.fixture
def take(monkeypatch, tmp_path):
    """Takes a reading with the deeds of a pretended adapter."""

    def take_reading(slug: str, **deeds) -> Finding | Reading:
        adapter = Adapter(slug="own", name="Own", package="own", requirements={"clean": ()}, interface=OWN)
        monkeypatch.setattr(Job, "module", lambda job, name="": SimpleNamespace(ADAPTER=adapter, **deeds))
        program = discovery.programs()[slug]
        return importlib.import_module(program.module).take(Job("own", program.experiment.variants[0], tmp_path))

    return take_reading


def answering(text: str):
    return lambda path: [text.encode()]


def test_an_answer_comes_through_its_own_server(take) -> None:
    finding = take("server-interfaces", server_interfaces=lambda: {"Own HTTP server": answering("Hello")})
    assert finding == Finding("built-in", "answered through Own HTTP server", ("Own HTTP server",))


def test_a_word_comes_back_through_a_websocket(take) -> None:
    assert take("box-live", send_word_back=lambda: answering("")).support == "built-in"
    with pytest.raises(Failure, match=r"^the word did not come back$"):
        take("box-live", send_word_back=lambda: answering("another"))


def test_asynchronous_requests_are_made_side_by_side(take) -> None:
    def deed(pause):
        return answering("Hello"), OWN

    finding = take("async-views", async_view=deed, async_view_again=deed)
    assert finding.detail.startswith("ran; 10 requests in one thread ran side by side")


def test_memory_is_that_of_its_own_server(take, monkeypatch, tmp_path) -> None:
    (tmp_path / "adapter").mkdir()
    (tmp_path / "adapter" / "one_route.py").write_text("application = 'Hello'")
    (tmp_path / "adapter" / "server.py").write_text(
        "from http.server import BaseHTTPRequestHandler, HTTPServer\n"
        "def serve(application, port):\n"
        "    class Handler(BaseHTTPRequestHandler):\n"
        "        def do_GET(self):\n"
        "            self.send_response(200)\n"
        "            self.end_headers()\n"
        "            self.wfile.write(application.encode())\n"
        "    HTTPServer(('127.0.0.1', port), Handler).serve_forever()\n"
    )
    monkeypatch.setattr(Job, "files", lambda job, name: tmp_path / "adapter" / name)
    assert take("memory").value > 1


def test_its_own_server_serves_it(tmp_path, monkeypatch) -> None:
    served = []
    monkeypatch.setattr(own_interface, "serve", lambda application, port: served.append((application("/"), port)))
    serving.main(OWN, OWN, "8001")
    assert served == [([b'{"message": ', b'"Hello, World!"}'], 8001)]

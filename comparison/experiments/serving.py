"""Starts an application of an adapter on a free port of this machine, in a process of its own.

Applications of the WSGI kind are served by Python's own server, one request after another, so that servers do not
differ; those of the ASGI kind by uvicorn, or by Python's server through a bridge where there is no uvicorn; those with
an interface of their own by the framework's server. Standard library alone, like `spec`.
"""

import importlib
import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from wsgiref.simple_server import WSGIRequestHandler, make_server

from comparison.experiments import calling
from comparison.experiments.calling import Answer, Headers, answer_as_served
from comparison.experiments.spec import Failure, Job, free_port

START_SECONDS: Final = 40  # a busy machine may need them
ANSWER_SECONDS: Final = 10
POLL_SECONDS: Final = 3  # for an answer while it starts; the port may be another program's, which does not answer
ATTEMPTS: Final = 3  # another program may take the port between looking and listening
PORT_IN_USE: Final = "in use"
BRIDGED: Final = "asgi without a server"

Command = Callable[[int], Sequence[str]]  # by port


@dataclass(frozen=True)
class Server:
    address: str  # such as http://127.0.0.1:8001
    pid: int

    def get(self, path: str = "/", headers: Headers | None = None) -> Answer:
        return ask(self.address + path, headers=headers)


class _AsItComes(urllib.request.HTTPErrorProcessor):
    """Redirects and errors are answers like others."""

    def http_response(self, request: urllib.request.Request, response: Any) -> Any:
        return response


_opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), _AsItComes)


def ask(
    url: str,
    method: str = "GET",
    headers: Headers | None = None,
    body: bytes | None = None,
    timeout: float = ANSWER_SECONDS,
) -> Answer:
    """One request over HTTP. Redirects are not followed."""
    request = urllib.request.Request(url, body, dict(headers or {}), method=method)  # noqa: S310 - loopback only
    with _opener.open(request, timeout=timeout) as response:
        return Answer(response.status, tuple(response.headers.items()), response.read())


@contextmanager
def serving(job: Job, module: str) -> Iterator[Server]:
    """Serves the `application` of that module of the adapter."""
    arguments = [sys.executable, "-m", __name__, job.path(module), job.adapter.interface]
    with starting(job.folder, lambda port: [*arguments, str(port)]) as server:
        yield server


@contextmanager
def starting(folder: Path, command: Command, variables: Mapping[str, str] | None = None) -> Iterator[Server]:
    """Runs a command that listens on the port it is given, until the block ends.

    What the command starts in turn, such as a reloader's child, ends with the reading: all are one group of processes.
    """
    for attempt in range(ATTEMPTS):
        port, output = free_port(), folder / f"server-{attempt}.log"
        with output.open("wb") as log:
            environment = {**os.environ, **(variables or {})}
            process = subprocess.Popen(command(port), cwd=folder, env=environment, stdout=log, stderr=log)
        try:
            if _answers(process, port, output):
                yield Server(f"http://127.0.0.1:{port}", process.pid)
                return
        finally:
            process.kill()
            process.wait()
    raise Failure(f"no free port in {ATTEMPTS} attempts")


def _answers(process: subprocess.Popen[bytes], port: int, output: Path) -> bool:
    """Waits for the first answer, whatever it is. False when another program has the port."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            lines = output.read_text(errors="replace").strip().splitlines() or ["ended at once"]
            if any(PORT_IN_USE in line for line in lines):
                return False
            raise Failure(f"did not start: {lines[-1]}")
        try:
            ask(f"http://127.0.0.1:{port}/", timeout=POLL_SECONDS)
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.02)
        else:
            return True
    raise Failure(f"did not answer within {START_SECONDS} s")


def main(module: str, interface: str, port: str) -> None:
    """The process that serves. Bridged: ASGI in a clean environment, which has no server for it; GET alone."""
    application = importlib.import_module(module).application
    if interface == "asgi":
        importlib.import_module("uvicorn").run(application, host="127.0.0.1", port=int(port), log_level="error")
    elif interface in ("wsgi", BRIDGED):
        served = bridged(application) if interface == BRIDGED else application
        with make_server("127.0.0.1", int(port), served, handler_class=_Quiet) as server:
            server.serve_forever()
    else:
        calling.own(interface).serve(application, int(port))


def bridged(application: Any) -> Callable[..., list[bytes]]:
    """An ASGI application as a WSGI one that answers GET."""

    def answer(environ: Mapping[str, Any], start_response: Callable[..., Any]) -> list[bytes]:
        headers = {"Accept": environ["HTTP_ACCEPT"]} if "HTTP_ACCEPT" in environ else {}
        got = answer_as_served(application, environ["PATH_INFO"], headers)
        start_response(f"{got.status} ", list(got.headers))
        return [got.body]

    return answer


class _Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the name that the base class has
        pass


if __name__ == "__main__":
    main(*sys.argv[1:])

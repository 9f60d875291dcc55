"""Asks for pages over HTTP or through the test client, and times them. An answer other than 200 stops the benchmark."""

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.client import HTTPConnection
from pathlib import Path
from socket import socket
from statistics import median

from django.core.cache import cache
from django.test import Client

ROOT = Path(__file__).parents[2]
ROUNDS = 15
MAX_TRIES = 100  # a tenth of a second apart, for the server to start


class NotMeasured(Exception):
    """A page did not answer as it must; its message says which and how."""


def check_status(url: str, status: int, expected: int = 200) -> None:
    if status != expected:
        raise NotMeasured(f"{url} answered {status} instead of {expected}, so nothing is measured.")


def timed(action: Callable[[], object], rounds: int = ROUNDS, prepare: Callable[[], object] = lambda: None) -> float:
    """Median milliseconds of a call, after one that is not counted. `prepare` runs before each, untimed."""
    prepare()
    action()
    samples = []
    for _ in range(rounds):
        prepare()
        start = time.perf_counter()
        action()
        samples.append((time.perf_counter() - start) * 1000)
    return median(samples)


def timed_cold(client: Client, url: str, rounds: int = ROUNDS) -> float:
    """Median milliseconds of a page that no cache holds."""

    def ask() -> None:
        check_status(url, client.get(url).status_code)

    return timed(ask, rounds, prepare=cache.clear)


@contextmanager
def served() -> Iterator[HTTPConnection]:
    """The site behind gunicorn with one worker, as `make run` starts it, and a connection to it."""
    with socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    options = ["--worker-class", "gthread", "--threads", "4", "--no-control-socket", "--log-level", "warning"]
    command = [sys.executable, "-m", "gunicorn", "tests.bench.wsgi", "--bind", f"127.0.0.1:{port}", *options]
    server = subprocess.Popen(command, cwd=ROOT)
    connection = HTTPConnection("127.0.0.1", port)
    try:
        for _ in range(MAX_TRIES):
            with suppress(ConnectionRefusedError):
                connection.connect()
                break
            time.sleep(0.1)
        yield connection
    finally:
        connection.close()
        server.terminate()
        server.wait()


def fetch(connection: HTTPConnection, url: str, status: int = 200, **headers: str) -> tuple[bytes, str]:
    """The body and the ETag of a page."""
    connection.request("GET", url, headers={name.replace("_", "-"): value for name, value in headers.items()})
    response = connection.getresponse()
    body = response.read()
    check_status(url, response.status, status)
    return body, response.headers.get("ETag", "")

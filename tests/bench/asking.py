"""Asks for pages over HTTP or through the test client, and times them. An unexpected answer stops the benchmark."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from socket import create_connection, create_server, socket
from statistics import median
from typing import NamedTuple
from urllib.request import urlopen

from django.core.cache import cache
from django.db import connection
from django.test import Client

ROOT = Path(__file__).parents[2]
ROUNDS = 15
START_SECONDS = 30


class NotMeasured(Exception):
    """A page did not answer as it must; its message says which and how."""


def check_status(url: str, status: int, expected: int = 200) -> None:
    if status != expected:
        raise NotMeasured(f"{url} answered {status} instead of {expected}, so nothing is measured.")


def timed(action: Callable[[], object], rounds: int = ROUNDS, prepare: Callable[[], object] = lambda: None) -> float:
    """Median milliseconds of a call, after one that is not counted. `prepare` runs before each, untimed.

    Processor time where the database is in this process, so that other programs on the machine do not count.
    """
    clock = time.process_time if connection.vendor == "sqlite" else time.perf_counter
    prepare()
    action()
    samples = []
    for _ in range(rounds):
        prepare()
        start = clock()
        action()
        samples.append((clock() - start) * 1000)
    return median(samples)


def timed_cold(client: Client, url: str, rounds: int = ROUNDS) -> float:
    """Median milliseconds of a page that no cache holds."""

    def ask() -> None:
        check_status(url, client.get(url).status_code)

    return timed(ask, rounds, prepare=cache.clear)


class Connection:
    """A kept connection of a client so simple that the time it takes is the server's."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._connect()

    def _connect(self) -> None:
        self._socket = connected(self._port)
        self._file = self._socket.makefile("rb")

    def ask(self, request: bytes, status: int) -> tuple[bytes, str]:
        """The body and the ETag of the answer."""
        line = self._first_line(request)
        answered, length, etag = int(line.split()[1]) if line else 0, 0, ""
        while (line := self._file.readline()) not in (b"\r\n", b""):
            name, _, value = line.partition(b":")
            if name.lower() == b"content-length":
                length = int(value)
            elif name.lower() == b"etag":
                etag = value.decode().strip()
        body = self._file.read(0 if answered == 304 else length)
        check_status(request.split()[1].decode(), answered, status)
        return body, etag

    def _first_line(self, request: bytes) -> bytes:
        with suppress(ConnectionError):
            self._socket.sendall(request)
            if line := self._file.readline():
                return line
        self.close()  # the server closes connections that were idle for two seconds
        self._connect()
        self._socket.sendall(request)
        return self._file.readline()

    def close(self) -> None:
        self._file.close()
        self._socket.close()


class Served(NamedTuple):
    connection: Connection
    pid: int  # of the process that answers
    start_seconds: float


def free_port() -> int:
    with create_server(("127.0.0.1", 0)) as probe:
        port: int = probe.getsockname()[1]
        return port


def connected(port: int) -> socket:
    ends_at = time.monotonic() + START_SECONDS
    while time.monotonic() < ends_at:
        with suppress(ConnectionRefusedError):
            return create_connection(("127.0.0.1", port))
        time.sleep(0.01)
    raise NotMeasured(f"No server answers on port {port}, so nothing is measured.")


@contextmanager
def served() -> Iterator[Served]:
    """The site behind gunicorn with one worker, as `make run` starts it."""
    port, start = free_port(), time.perf_counter()
    command = [sys.executable, "-m", "gunicorn", "tests.bench.wsgi", "--config", "python:config.gunicorn"]
    with Path(os.environ["BENCH_LOG"]).open("ab") as log:
        server = subprocess.Popen([*command, "--bind", f"127.0.0.1:{port}"], cwd=ROOT, stdout=log, stderr=log)
    try:
        with closing(Connection(port)) as client:
            with urlopen(f"http://127.0.0.1:{port}/healthz") as answer:
                check_status("/healthz", answer.status)
            seconds = time.perf_counter() - start
            (worker,) = Path(f"/proc/{server.pid}/task/{server.pid}/children").read_text().split()
            yield Served(client, int(worker), seconds)
    finally:
        server.terminate()
        server.wait()

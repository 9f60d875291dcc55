"""Kept pages as clients meet them: by turns with plain pages of the same size and with nginx, over HTTP."""

import os
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from time import perf_counter

import brotli

from tests.bench.asking import Connection, NotMeasured, Served, served
from tests.bench.nginx import nginx_with
from tests.bench.results import HTTP_GROUP, Report

TABLE = "/compare/django-vs-flask/"
ROUNDS, REQUESTS = 20, 100
MAX_BYTES_OF_ROW = 300  # compressed: 20 KB for 67 rows
SEARCHES = int(os.environ.get("BENCH_SEARCHES", "300"))


@dataclass
class Subject:
    """Something to ask for, and what it took in each round."""

    connection: Connection
    request: bytes
    status: int
    pid: int
    seconds: list[float] = field(default_factory=list)
    cpu_seconds: list[float] = field(default_factory=list)

    def run_round(self) -> None:
        cpu, start = cpu_seconds(self.pid), perf_counter()
        for _ in range(REQUESTS):
            self.connection.ask(self.request, self.status)
        self.seconds.append(perf_counter() - start)
        self.cpu_seconds.append(cpu_seconds(self.pid) - cpu)

    @property
    def milliseconds(self) -> float:
        """In the quickest round, in which other programs disturbed it least."""
        return min(self.seconds) * 1000 / REQUESTS

    @property
    def cpu_milliseconds(self) -> float:
        return min(self.cpu_seconds) * 1000 / REQUESTS


def cpu_seconds(pid: int) -> float:
    """What all threads of a process have used."""
    return sum(int(path.read_text().split()[0]) for path in Path(f"/proc/{pid}/task").glob("*/schedstat")) / 1e9


def memory(pid: int) -> float:
    """Megabytes of a process that lie in memory."""
    line = next(line for line in Path(f"/proc/{pid}/status").read_text().splitlines() if line.startswith("VmRSS"))
    return int(line.split()[1]) / 1000


def request(path: str, **headers: str) -> bytes:
    lines = [
        f"GET {path} HTTP/1.1",
        "Host: 127.0.0.1",
        *(f"{name.replace('_', '-')}: {headers[name]}" for name in headers),
    ]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


def measure_http(report: Report) -> None:
    with served() as site:
        report.add("Start", "from starting gunicorn to the first answer", site.start_seconds * 1000, "ms")
        report.add("Start", "memory of the worker then", memory(site.pid), "MB")
        packed, etag = site.connection.ask(request(TABLE, Accept_Encoding="br"), 200)
        plain, _ = site.connection.ask(request(TABLE), 200)
        if brotli.decompress(packed) != plain:
            raise NotMeasured(f"{TABLE} differs when it is compressed, so nothing is measured.")
        subjects = {
            "plain page, as many bytes as the compressed table": plain_page(site, len(packed)),
            "plain page, as many bytes as the table uncompressed": plain_page(site, len(plain)),
            "table of two frameworks, kept, compressed": subject(site, request(TABLE, Accept_Encoding="br")),
            "table of two frameworks, kept, for clients that do not decompress": subject(site, request(TABLE)),
            "table of two frameworks, unchanged (304)": subject(site, request(TABLE, If_None_Match=etag), 304),
        }
        with nginx_with(packed) as nginx:
            if nginx:
                body, _ = nginx.connection.ask(request("/body"), 200)
                if body != packed:
                    raise NotMeasured("nginx sends another body, so nothing is measured.")
                subjects["nginx, a file of the compressed table"] = subject(nginx, request("/body"))
            compare(report, subjects)
        group, rows = "Size of the table of two frameworks", plain.count(b'<th scope="row">')
        report.add(group, "on the wire, compressed", len(packed), "bytes")
        report.add(group, f"the same by row, of {rows}", len(packed) / rows, "bytes", limit=MAX_BYTES_OF_ROW)
        report.add(group, "uncompressed", len(plain), "bytes")
        ask_much(report, site)


def subject(site: Served, asked: bytes, status: int = 200) -> Subject:
    return Subject(site.connection, asked, status, site.pid)


def plain_page(site: Served, size: int) -> Subject:
    return subject(site, request(f"/plain/{size}"))


def compare(report: Report, subjects: dict[str, Subject]) -> None:
    for _ in range(ROUNDS):
        for each in subjects.values():
            each.run_round()
    plain = next(iter(subjects.values()))
    limits = {"table of two frameworks, kept, compressed": 0.9, "table of two frameworks, unchanged (304)": 1.2}
    for name, each in subjects.items():
        report.add(HTTP_GROUP, name, plain.milliseconds / each.milliseconds, "×", limit=limits.get(name))
    for name, each in subjects.items():
        report.add("The same, processor time of the server for one request", name, each.cpu_milliseconds, "ms")


def ask_much(report: Report, site: Served) -> None:
    """What a stranger makes a worker hold who asks for something else each time."""
    draw, group = Random(1), "Memory of the worker"
    report.add(group, "after the rounds above", memory(site.pid), "MB")
    for number in range(SEARCHES):
        site.connection.ask(request(f"/claims/?q=word{draw.random()}&page_size=5"), 200)
        site.connection.ask(request(f"/about/?unknown={number}"), 200)
    report.add(group, f"after {SEARCHES:,} searches and as many unknown parameters", memory(site.pid), "MB")

"""Whether CPU time over HTTP agrees with CPU time without a server."""

import http.client
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

from comparison.experiments.calling import Answer
from comparison.experiments.measuring import Request, timed
from comparison.experiments.serving import starting
from comparison.experiments.spec import Experiment, Failure, Job, Reading
from comparison.experiments.techempower import check_json

PATH = "/json"
CONNECTIONS = 20  # asked at once, so that the server does not fall asleep between requests
WARM_UP_ROUNDS = 5
ROUNDS = 50
WITHOUT_SERVER, WHOLE_SERVER, SERVER_LEFT_OUT = (
    "without a server",
    "over HTTP",
    "over HTTP, the server’s share left out",
)

EXPERIMENT = Experiment(
    slug="over-http",
    title="The same answer over HTTP",
    question="Do measurements without a server agree with measurements over HTTP?",
    method=(
        "The bare application of the experiment “An answer in JSON” is served by gunicorn with one worker of one "
        f"thread, and asked {ROUNDS} times over each of {CONNECTIONS} connections that are kept. Over HTTP: the CPU "
        "time of the worker for each request, read from the system’s clock of that process. The server’s share left "
        "out: less what the same server takes, measured right after, for an application that sends the same bytes by "
        "hand. Without a server: called in the same process, as in the other experiments. The ratio between "
        "frameworks is smaller over HTTP, because the server’s share is the same for all; one request also takes "
        "longer there, because the processor’s caches hold other things in between. Needs Linux."
    ),
    group="speed",
    unit="ms",
    variants=(WITHOUT_SERVER, SERVER_LEFT_OUT, WHOLE_SERVER),
    environments=dict.fromkeys((WITHOUT_SERVER, SERVER_LEFT_OUT, WHOLE_SERVER), "server"),
)


def take(job: Job) -> Reading:
    if job.variant == WITHOUT_SERVER:
        return timed(job, "bare", Request(PATH), check_json)
    whole = over_http(job, job.path("speed.bare"))
    if job.variant == WHOLE_SERVER:
        return whole
    server = over_http(job, __name__)
    return replace(whole, value=whole.value - server.value, wall=None)


def application(environ: dict[str, object], start_response: Callable[..., object]) -> Iterable[bytes]:
    """The same bytes without a framework."""
    body = b'{"message": "Hello, World!"}'
    start_response("200 OK", [("Content-Type", "application/json"), ("Content-Length", str(len(body)))])
    return [body]


def over_http(job: Job, module: str) -> Reading:
    if job.adapter.interface != "wsgi":
        raise Failure("the server of this experiment serves applications of the WSGI kind alone")
    options = ["--workers", "1", "--threads", "1", "--worker-class", "gthread", "--no-control-socket"]
    command = [sys.executable, "-m", "gunicorn", f"{module}:application", *options]
    with starting(job.folder, lambda port: [*command, "--bind", f"127.0.0.1:{port}"]) as server:
        host = str(urlsplit(server.address).netloc)
        connections = [http.client.HTTPConnection(host, timeout=10) for _ in range(CONNECTIONS)]
        ask(connections, WARM_UP_ROUNDS)
        clock = clock_of(worker(server.pid))
        cpu, wall = time.clock_gettime(clock), time.perf_counter()
        answer = ask(connections, ROUNDS)
        cpu, wall = time.clock_gettime(clock) - cpu, time.perf_counter() - wall
        for connection in connections:
            connection.close()
    check_json(answer)
    requests = ROUNDS * CONNECTIONS
    return Reading(1000 * cpu / requests, 1000 * wall / requests)


def ask(connections: Sequence[http.client.HTTPConnection], rounds: int) -> Answer:
    """Sends a request on each connection, then reads the answers; the last of them."""
    for _ in range(rounds):
        for connection in connections:
            connection.request("GET", PATH)
        answers = [connection.getresponse() for connection in connections]
        bodies = [answer.read() for answer in answers]
    return Answer(answers[-1].status, tuple(answers[-1].getheaders()), bodies[-1])


def worker(server: int) -> int:
    """The only child of gunicorn’s first process."""
    listing = Path(f"/proc/{server}/task/{server}/children")
    if not listing.exists():
        raise Failure("reads the processes from /proc, which this system does not have")
    children = listing.read_text().split()
    if len(children) != 1:
        raise Failure(f"gunicorn has {len(children)} workers instead of 1")
    return int(children[0])


def clock_of(pid: int) -> int:
    """The number of the clock that counts another process’s CPU time, as Linux’s clock_getcpuclockid forms it."""
    return (~pid << 3) | 2

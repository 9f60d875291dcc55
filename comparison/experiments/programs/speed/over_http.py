"""Whether CPU time over HTTP agrees with CPU time without a server."""

import asyncio
import http.client
import importlib
import sys
import time
from collections.abc import Awaitable, Callable, Coroutine, Generator, Iterable, Sequence
from contextlib import ExitStack, closing
from contextvars import ContextVar
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from comparison.experiments import timing
from comparison.experiments.calling import Answer
from comparison.experiments.measuring import Request, timed
from comparison.experiments.serving import Server, serving, starting
from comparison.experiments.spec import Experiment, Failure, Job, NotOffered, Reading
from comparison.experiments.techempower import check_json

PATH = "/json"
CONNECTIONS = 20  # asked at once, so that the server does not fall asleep between requests
WARM_UP_ROUNDS = 5
ROUNDS = 40
WITHOUT_SERVER, INSIDE_SERVER, WHOLE_SERVER = "without a server", "inside a server", "with the server"
VARIANTS = (WITHOUT_SERVER, INSIDE_SERVER, WHOLE_SERVER)
TIME_SPENT = "/time-spent"
GUNICORN = ["--workers", "1", "--threads", "1", "--worker-class", "gthread", "--no-control-socket"]
UVICORN = """
import sys, uvicorn
from comparison.experiments.programs.speed.over_http import timed_application
application = timed_application(sys.argv[1], "asgi")
uvicorn.run(application, host="127.0.0.1", port=int(sys.argv[2]), log_level="error", access_log=False)
"""

EXPERIMENT = Experiment(
    slug="over-http",
    title="The same answer over HTTP",
    question="Do measurements without a server agree with measurements over HTTP?",
    method=(
        "The bare application of the experiment “An answer in JSON” is served by gunicorn with one worker of one "
        "thread, or by uvicorn in one process where its interface is ASGI, "
        f"and asked {ROUNDS} times over each of {CONNECTIONS} connections that are kept. Without a server: "
        "called in the same process many times in a row, as in the other experiments. Inside a server: the CPU "
        "time of the application alone, while it answers over HTTP. With the server: the CPU time of the whole "
        "worker. One request takes longer over HTTP than in a row of calls, because the processor’s caches hold "
        "other things in between, the more so on a busy machine: compare the ratios between frameworks, not the "
        "numbers. With the server the ratio is smaller, because the server’s share is the same for all with "
        "the same interface. A framework "
        "that is neither WSGI nor ASGI is served by a server of its own, which is no part of it that could be left "
        "out: there is no time inside a server. Needs Linux."
    ),
    group="speed",
    unit="ms",
    variants=VARIANTS,
    environments=dict.fromkeys(VARIANTS, "server"),
)


def take(job: Job) -> Reading:
    if job.variant == WITHOUT_SERVER:
        return timed(job, "bare", Request(PATH), check_json)
    if job.adapter.has_own_interface:
        return with_own_server(job)
    serve = {"wsgi": with_gunicorn, "asgi": with_uvicorn}[job.adapter.interface]
    return serve(job.path("speed.bare"), job.folder, job.variant == INSIDE_SERVER)


def with_gunicorn(module: str, folder: Path, inside: bool) -> Reading:
    command = [sys.executable, "-m", "gunicorn", f"{__name__}:timed_application('{module}', 'wsgi')", *GUNICORN]
    with starting(folder, lambda port: [*command, "--bind", f"127.0.0.1:{port}"]) as server:
        clock = application_clock(server) if inside else clock_of(worker(server.pid))
        return replace(measure(server, clock), detail="served by gunicorn")


def with_uvicorn(module: str, folder: Path, inside: bool) -> Reading:
    with starting(folder, lambda port: [sys.executable, "-c", UVICORN, module, str(port)]) as server:
        clock = application_clock(server) if inside else clock_of(server.pid)
        return replace(measure(server, clock), detail="served by uvicorn")


def with_own_server(job: Job) -> Reading:
    if job.variant == INSIDE_SERVER:
        raise NotOffered("the framework and its server are one")
    with serving(job, "speed.bare") as server:
        return replace(measure(server, clock_of(server.pid)), detail="its own server")


def measure(server: Server, clock: Callable[[], float]) -> Reading:
    host = str(urlsplit(server.address).netloc)
    with ExitStack() as stack:
        opened = [http.client.HTTPConnection(host, timeout=10) for _ in range(CONNECTIONS)]
        connections = [stack.enter_context(closing(connection)) for connection in opened]
        ask(connections, WARM_UP_ROUNDS)
        return timing.at_full_speed(lambda: _measured(connections, clock))


def _measured(connections: Sequence[http.client.HTTPConnection], clock: Callable[[], float]) -> Reading:
    cpu, wall = clock(), time.perf_counter()
    answer = ask(connections, ROUNDS)
    cpu, wall = clock() - cpu, time.perf_counter() - wall
    check_json(answer)
    requests = ROUNDS * len(connections)
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


def clock_of(pid: int) -> Callable[[], float]:
    """Seconds of CPU time of another process, by the clock that Linux’s clock_getcpuclockid names."""
    number = (~pid << 3) | 2
    return lambda: time.clock_gettime(number)


def application_clock(server: Server) -> Callable[[], float]:
    """Seconds of CPU time that the application says it has taken."""
    return lambda: float(server.get(TIME_SPENT).text)


class TimedApplication:
    """Counts the CPU time of the application that it calls, and tells it at an address of its own."""

    def __init__(self, application: Callable[..., Iterable[bytes]]) -> None:
        self.application = application
        self.spent = 0.0

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> list[bytes]:
        if environ["PATH_INFO"] == TIME_SPENT:
            start_response("200 OK", [("Content-Type", "text/plain")])
            return [str(self.spent).encode()]
        started = time.thread_time()
        parts = self.application(environ, start_response)
        body = b"".join(parts)
        if close := getattr(parts, "close", None):
            close()
        self.spent += time.thread_time() - started
        return [body]


class TimedAsgiApplication:
    """The same for ASGI: counts every step of the application’s coroutines and tasks, without the server’s part."""

    def __init__(self, application: Callable[..., Awaitable[None]]) -> None:
        self.application = application
        self.spent = 0.0
        self.is_inside = ContextVar("is_inside", default=False)

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Callable[..., Awaitable[None]]) -> None:
        if scope["type"] == "http" and scope["path"] == TIME_SPENT:
            await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"text/plain")]})
            await send({"type": "http.response.body", "body": str(self.spent).encode()})
            return

        async def send_uncounted(message: dict[str, Any]) -> None:
            started = time.thread_time()
            await send(message)
            self.spent -= time.thread_time() - started

        asyncio.get_running_loop().set_task_factory(self.make_task)
        self.is_inside.set(True)
        await Steps(self, self.application(scope, receive, send_uncounted))

    def make_task(self, loop: asyncio.AbstractEventLoop, coroutine: Any, **options: Any) -> asyncio.Task[Any]:
        """Tasks that the application begins are its own time, too."""
        return asyncio.Task(self.counted(coroutine) if self.is_inside.get() else coroutine, loop=loop, **options)

    async def counted(self, coroutine: Coroutine[Any, Any, Any]) -> Any:
        return await Steps(self, coroutine)


class Steps(Generator[Any, Any, Any]):
    """Awaits something, and adds the CPU time of each of its steps to the application’s."""

    def __init__(self, application: TimedAsgiApplication, awaited: Awaitable[Any]) -> None:
        self.application = application
        self.steps = awaited.__await__()

    def __await__(self) -> Generator[Any, Any, Any]:
        return self

    def send(self, value: Any) -> Any:
        return self.count(self.steps.send, value)

    def throw(self, *error: Any) -> Any:
        return self.count(self.steps.throw, *error)

    def count(self, step: Callable[..., Any], *arguments: Any) -> Any:
        started = time.thread_time()
        try:
            return step(*arguments)
        finally:
            self.application.spent += time.thread_time() - started


def timed_application(module: str, interface: str) -> TimedApplication | TimedAsgiApplication:
    """What the server serves."""
    application = importlib.import_module(module).application
    return {"wsgi": TimedApplication, "asgi": TimedAsgiApplication}[interface](application)

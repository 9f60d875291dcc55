"""What a clean installation has for work beside pages."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from socketserver import StreamRequestHandler, TCPServer
from threading import Thread

from comparison.experiments import box
from comparison.experiments.box import Check, Deed, expect, expect_answer
from comparison.experiments.calling import call
from comparison.experiments.spec import Experiment, Finding, Job

WAIT_SECONDS = 5

EXPERIMENT = Experiment(
    slug="box-services",
    title="In the box: mail, cache, background tasks",
    question="Does a clean installation send mail, cache pages and values, and run tasks in the background?",
    method=(
        "In an environment with nothing but the framework and what it brings along: a message is sent to a mail "
        "server that the experiment runs; a value is cached and gone after its time, and a cached page is not made "
        "again; a task is handed over, which must be done after the call has returned. A "
        "function of the framework must take the task; one that runs it in the server’s own process counts, though "
        "the task ends with it. "
        f"{box.LACK}"
    ),
    group="box",
    variants=("mail", "cache", "background tasks"),
    feeds={"email": "mail", "caching": "cache", "background-tasks": "background tasks"},
    statement="A clean installation {detail}",
    exact=True,
)


def take(job: Job) -> Finding:
    return box.examine(job, "box.services", PARTS[job.variant])


class Mailbox(TCPServer):
    """A mail server on this machine that keeps what it is sent."""

    allow_reuse_address = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Letter)
        self.text = ""


class Letter(StreamRequestHandler):
    def handle(self) -> None:
        self.wfile.write(b"220 ready\r\n")
        while line := self.rfile.readline():
            command = line[:4].upper().strip()
            if command == b"DATA":
                self.wfile.write(b"354 go on\r\n")
                lines = iter(self.rfile.readline, b".\r\n")
                self.server.text = b"".join(lines).decode()  # type: ignore[attr-defined]
            self.wfile.write(b"221 bye\r\n" if command == b"QUIT" else b"250 yes\r\n")
            if command == b"QUIT":
                break


@contextmanager
def mailbox() -> Iterator[Mailbox]:
    with Mailbox() as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


def send_mail(job: Job, deed: Deed) -> str:
    """The deed sends a message with the subject “Order 7” to that port of this machine."""
    with mailbox() as server:
        deed("127.0.0.1", server.server_address[1])
        expect("Subject: Order 7" in server.text, "the mail server received nothing")
    return "sent a message that a mail server received"


def cache_value(job: Job, deed: Deed) -> str:
    """The deed gives two functions: one keeps a value for so many seconds, the other reads it or gives None."""
    keep, read = deed(job.folder)
    keep("colour", "blue", 1)
    expect(read("colour") == "blue", "did not keep a value")
    time.sleep(1.2)
    expect(read("colour") is None, "kept the value beyond its time")
    return "kept a value for its time"


def cache_page(job: Job, deed: Deed) -> str:
    """The deed gives an application whose cached page at / counts how often it is made."""
    caller = box.caller(job, deed(job.folder))
    expect_answer(call(caller, "/"), 200, "made 1")
    expect_answer(call(caller, "/"), 200, "made 1")
    return "made a page once for two requests"


def run_later(job: Job, deed: Deed) -> str:
    """The deed hands over a task that writes the file `done` half a second later, and returns at once."""
    done = job.folder / "done"
    deed(done)
    expect(not done.exists(), "the task was done in the foreground")
    end = time.monotonic() + WAIT_SECONDS
    while not done.exists() and time.monotonic() < end:
        time.sleep(0.05)
    expect(done.exists(), "the task was not done")
    return "did a task after the call had returned"


PARTS: dict[str, dict[str, Check]] = {
    "mail": {"send_mail": send_mail},
    "cache": {"cache_value": cache_value, "cache_page": cache_page},
    "background tasks": {"run_later": run_later},
}

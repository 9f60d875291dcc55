"""What a clean installation has for requests and answers."""

import hashlib
from collections.abc import Iterator
from typing import Any

from comparison.experiments import box
from comparison.experiments.box import Check, Deed, expect, expect_answer
from comparison.experiments.calling import call, pieces
from comparison.experiments.spec import Experiment, Finding, Job

EXPERIMENT = Experiment(
    slug="box-requests",
    title="In the box: routing, middleware, uploads, streaming",
    question="Does a clean installation route requests, run code around them, take files and send answers in pieces?",
    method=(
        "In an environment with nothing but the framework and what it brings along: a number is read from a path, a "
        "word in its place is not found, and the path is made from a route’s name; code that adds a header runs "
        "around every request, also around one that is not found; a file is uploaded and its content compared; an "
        "answer is sent in three pieces, and each must arrive before the next one is made. "
        f"{box.LACK}"
    ),
    group="box",
    variants=("routing", "middleware", "uploads", "streaming"),
    feeds={"routing": "routing", "middleware": "middleware", "file-uploads": "uploads", "streaming": "streaming"},
    statement="A clean installation {detail}",
    exact=True,
)


def take(job: Job) -> Finding:
    return box.examine(job, "box.requests", PARTS[job.variant])


def read_number(job: Job, deed: Deed) -> str:
    """The deed gives an application: /notes/<number> answers with number + 1, /link with the path of note 7."""
    caller = box.caller(job, deed())
    expect_answer(call(caller, "/notes/41"), 200, "42")
    expect_answer(call(caller, "/notes/many"), 404)
    return "read a number from a path, and found no page for a word"


def make_path(job: Job, deed: Deed) -> str:
    """The deed gives the same application."""
    expect_answer(call(box.caller(job, deed()), "/link"), 200, "/notes/7")
    return "made a path from a route’s name"


def run_around(job: Job, deed: Deed) -> str:
    """The deed gives an application with code that adds the header X-Around to every answer."""
    caller = box.caller(job, deed())
    expect(call(caller, "/").header("X-Around") == "yes", "did not run around a page")
    missing = call(caller, "/missing")
    expect(missing.status == 404 and missing.header("X-Around") == "yes", "did not run around a missing page")
    return "ran code around a page and around a missing page"


def take_file(job: Job, deed: Deed) -> str:
    """The deed gives an application that answers the upload of `document` with its name and SHA-256."""
    content = bytes(range(256)) * 2000
    body = (
        b'--edge\r\nContent-Disposition: form-data; name="document"; filename="plan.bin"\r\n'
        b"Content-Type: application/octet-stream\r\n\r\n" + content + b"\r\n--edge--\r\n"
    )
    headers = {"Content-Type": "multipart/form-data; boundary=edge"}
    answer = call(box.caller(job, deed()), "/upload", "POST", headers, body)
    expect_answer(answer, 200, f"plan.bin {hashlib.sha256(content).hexdigest()}")
    return "took a file of 512,000 bytes unchanged"


def send_pieces(job: Job, deed: Deed) -> str:
    """The deed gives an application that answers with the pieces of an iterator."""
    made: list[bytes] = []

    def content() -> Iterator[bytes]:
        for piece in (b"one ", b"two ", b"three"):
            made.append(piece)
            yield piece

    application: Any = deed(content)
    arrivals = [(piece, len(made)) for piece in pieces(application, job.adapter.interface, "/stream") if piece]
    expect(b"".join(piece for piece, _ in arrivals) == b"one two three", "the pieces are wrong")
    expect([count for _, count in arrivals] == [1, 2, 3], "the whole answer was made before it was sent")
    return "sent each piece before the next one was made"


PARTS: dict[str, dict[str, Check]] = {
    "routing": {"read_number": read_number, "make_path": make_path},
    "middleware": {"run_around": run_around},
    "uploads": {"take_file": take_file},
    "streaming": {"send_pieces": send_pieces},
}

"""The acceptance test of the small application misses nothing that it must require."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, make_server

import pytest

from comparison.experiments import acceptance
from comparison.experiments.spec import Failure, free_port
from tests.experiments.bookshelf import Bookshelf

DEFECTS = {
    "broken list": "the list has status 500 instead of 200",
    "no table": "the list has no table",
    "open form": "/new shows its form to visitors who are not logged in",
    "no way to log in": "/new does not lead visitors to the login form",
    "no login page": "/login has no form with username and password",
    "any password": "a wrong password logs in",
    "no login": "/new has no form with title and year after logging in",
    "no token": "the form of /new has no hidden field for a CSRF token",
    "token ignored": "a form without its CSRF token is accepted",
    "token refused with 200": "a form without its CSRF token gets status 200 instead of 4xx",
    "error for a mistake": "a book without a title gets status 500",
    "no form again": "a book without a title is not refused with its form",
    "no message": "a book without a title is refused without a message",
    **{f"takes a book {mistake}": f"a book {mistake} is stored" for mistake in acceptance.MISTAKES},
    "error for a book": "a correct book gets status 500 instead of 200",
    "stores nothing": "the list does not show a new book",
    "unescaped list": "the list does not escape a title",
    "no admin": "/admin/ has status 404 instead of 200",
    "empty admin": "no page below /admin/ lists the books",
    "unescaped admin": "the admin page does not escape a title",
    "open admin": "the admin page is shown to visitors who are not logged in",
    "no way out": "the list has no form to log out",
    "logout does nothing": "logging out does not log out",
}


class Quiet(WSGIRequestHandler):
    def log_request(self, code: object = "-", size: object = "-") -> None:
        pass


@contextmanager
def served(application: Callable[..., Any]) -> Iterator[str]:
    with make_server("127.0.0.1", 0, application, handler_class=Quiet) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


def answering(status: str, body: bytes) -> Callable[..., list[bytes]]:
    def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> list[bytes]:
        start_response(status, [("Content-Type", "text/html")])
        return [body]

    return application


def test_a_whole_application_passes() -> None:
    with served(Bookshelf()) as address:
        acceptance.small_application(address)


@pytest.mark.parametrize("defect", DEFECTS)
def test_a_defect_is_named(defect) -> None:
    with served(Bookshelf(defect)) as address, pytest.raises(Failure) as failure:
        acceptance.small_application(address)
    assert str(failure.value) == DEFECTS[defect]


@pytest.mark.parametrize("body", [b"Hello, World!", b"<p>Hello, World!</p>\n"])
def test_one_route_may_answer_in_plain_text_or_html(body) -> None:
    with served(answering("200 OK", body)) as address:
        acceptance.one_route(address)


@pytest.mark.parametrize(
    ("status", "body", "problem"),
    [
        ("200 OK", b"Hello!", "/ does not answer 'Hello, World!'"),
        ("404 Not Found", b"Hello, World!", "/ has status 404 instead of 200"),
    ],
)
def test_one_route_must_answer_with_the_greeting(status, body, problem) -> None:
    with served(answering(status, body)) as address, pytest.raises(Failure) as failure:
        acceptance.one_route(address)
    assert str(failure.value) == problem


def test_an_application_that_does_not_run_is_a_failure() -> None:
    with pytest.raises(Failure, match=r"^/ gave no answer: .*refused"):
        acceptance.one_route(f"http://127.0.0.1:{free_port()}")

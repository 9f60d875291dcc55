"""A program of the group “speed” times right answers alone."""

import asyncio
import subprocess
import sys
import time
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from comparison.experiments import calling, discovery, timing
from comparison.experiments.measuring import PROTECTION
from comparison.experiments.programs.speed import over_http
from comparison.experiments.spec import Adapter, Failure, Job, NotOffered, Reading
from tests.experiments import benchmark

PROGRAMS = {slug: item for slug, item in discovery.programs().items() if item.experiment.group == "speed"}
IN_PROCESS = sorted(PROGRAMS.keys() - {"over-http"})
VARIANTS = [(slug, variant) for slug in IN_PROCESS for variant in PROGRAMS[slug].experiment.variants]

Change = Callable[[int, dict[str, str], str], tuple[int, dict[str, str], str]]


@pytest.fixture
def take(monkeypatch, tmp_path) -> Callable[..., Reading]:
    """Takes a reading of the applications without a framework, each answer changed first."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(timing, "per_call", lambda repeat: Reading(float(repeat(1).status)))

    def take_reading(slug: str, variant: str = "", change: Change | None = None, interface: str = "wsgi") -> Reading:
        module = SimpleNamespace(__doc__="no framework", application=changed(change), ADAPTER=make_adapter(interface))
        monkeypatch.setattr(Job, "module", lambda job, name="": module)
        program = PROGRAMS[slug]
        job = Job("none", variant or program.experiment.variants[0], tmp_path)
        return import_module(program.module).take(job)

    return take_reading


def make_adapter(interface: str = "wsgi") -> Adapter:
    return Adapter(slug="none", name="None", package="none", requirements={"clean": ()}, interface=interface)


def changed(change: Change | None) -> Callable[..., Any]:
    def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> list[bytes]:
        heads: list[Any] = []
        body = b"".join(benchmark.application(environ, lambda *head: heads.append(head))).decode()
        ((status, headers),) = heads
        if change:
            code, fields, body = change(int(status), dict(headers), body)
            status, headers = f"{code} ", list(fields.items())
        start_response(status, headers)
        return [body.encode()]

    return application


def replacing(old: str, new: str) -> Change:
    return lambda status, headers, body: (status, headers, body.replace(old, new))


def sending(text: str) -> Change:
    return lambda status, headers, body: (status, headers, text)


def with_status(code: int, instead_of: int = 200) -> Change:
    return lambda status, headers, body: (code if status == instead_of else status, headers, body)


def of_type(content_type: str) -> Change:
    return lambda status, headers, body: (status, headers | {"Content-Type": content_type}, body)


def without(header: str) -> Change:
    return lambda status, headers, body: (status, {k: v for k, v in headers.items() if k != header}, body)


@pytest.mark.parametrize(("slug", "variant"), VARIANTS)
def test_a_right_answer_is_timed(take, slug, variant) -> None:
    assert take(slug, variant) == Reading(200.0, detail="no framework")


@pytest.mark.parametrize("slug", IN_PROCESS)
def test_another_status_is_refused(take, slug) -> None:
    with pytest.raises(Failure):
        take(slug, change=with_status(202))


@pytest.mark.parametrize("slug", sorted(set(IN_PROCESS) - {"api-route", "upload"}))
@pytest.mark.parametrize(("sent", "named"), [("image/png", "image/png"), ("", "without a type")])
def test_another_type_is_refused(take, slug, sent, named) -> None:
    with pytest.raises(Failure, match=rf"^the answer is {named} instead of \w+/\w+$"):
        take(slug, change=of_type(sent))


WRONG = [
    ("plaintext", replacing("!", "."), "the body is not 'Hello, World!'"),
    ("json", replacing("message", "text"), "the JSON is not the expected message"),
    ("json", sending('"'), "the answer is no JSON"),
    ("single-query", replacing('"id"', '"no"'), "ids are missing or repeated"),
    ("single-query", replacing('"randomNumber": ', '"randomNumber": 1'), "the numbers are not those in the database"),
    ("single-query", sending("5"), "the JSON holds no rows"),
    ("twenty-queries", sending("{}"), "the JSON holds no rows"),
    ("twenty-queries", replacing("}, {", "}], [{"), "the answer is no JSON"),
    ("twenty-queries", sending("[]"), "the answer has 0 rows instead of 20"),
    ("hundred-rows", replacing('"id": 100,', '"id": 101,'), "the numbers are not those in the database"),
    ("updates", replacing('"randomNumber": ', '"randomNumber": 1'), "the numbers are not those in the database"),
    ("fortunes", replacing("&lt;", "<"), "the page does not show the sorted fortunes"),
    ("fortunes", replacing("Additional fortune", "Fortune"), "the page does not show the sorted fortunes"),
    ("fortunes", replacing("<!DOCTYPE html>", ""), "the page does not begin with a document type"),
    ("large-template", replacing("<td>yes</td>", "<td>no</td>"), "the page does not show the table of 1000 rows"),
    ("large-template", replacing("&lt;Fes&gt;", "<Fes>"), "the page does not show the table of 1000 rows"),
    ("api-route", replacing("42", '"42"'), "the answer does not hold what the request brought"),
    ("api-route", with_status(200, instead_of=405), "a request by another method is not refused"),
    ("api-route", with_status(200, instead_of=401), "a request without the header is not refused with status 401"),
    ("upload", replacing("notes.txt", "file"), "the answer does not name the file and its size"),
    ("upload", with_status(200, instead_of=400), "a form without a file is not refused with status 400"),
]


@pytest.mark.parametrize(("slug", "change", "problem"), WRONG)
def test_a_wrong_answer_is_refused(take, slug, change, problem) -> None:
    with pytest.raises(Failure) as failure:
        take(slug, change=change)
    assert str(failure.value) == problem


def test_rows_in_another_order_are_refused(take) -> None:
    def backwards(status: int, headers: dict[str, str], body: str) -> tuple[int, dict[str, str], str]:
        return status, headers, "[" + ", ".join(reversed(body[1:-1].replace("}, {", "}|{").split("|"))) + "]"

    with pytest.raises(Failure, match=r"^these are not the first 100 rows$"):
        take("hundred-rows", change=backwards)


@pytest.mark.parametrize("slug", ["plaintext", "json"])
@pytest.mark.parametrize("header", PROTECTION)
def test_the_same_features_are_tried(take, slug, header) -> None:
    with pytest.raises(Failure, match=f"^the answer lacks {header}$"):
        take(slug, "same features", without(header))
    with pytest.raises(Failure, match=r"^a foreign host gets status 200 instead of 400$"):
        take(slug, "same features", with_status(200, instead_of=400))


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="reads CPU time of other processes from Linux")
@pytest.mark.parametrize("variant", over_http.EXPERIMENT.variants)
def test_the_same_answer_is_asked_over_http(take, monkeypatch, variant) -> None:
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parents[2]))
    monkeypatch.setattr(Job, "path", lambda job, name="": benchmark.__name__)
    monkeypatch.setattr(over_http, "ROUNDS", 2)
    reading = take("over-http", variant)
    assert reading.value > 0
    assert reading.detail == ("no framework" if variant == over_http.WITHOUT_SERVER else "served by gunicorn")


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="reads CPU time of other processes from Linux")
def test_a_wrong_answer_over_http_is_refused(take, monkeypatch) -> None:
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parents[2]))
    monkeypatch.setattr(Job, "path", lambda job, name="": benchmark.__name__)
    monkeypatch.setattr(over_http, "ROUNDS", 1)
    monkeypatch.setattr(over_http, "PATH", "/plaintext")
    with pytest.raises(Failure, match=r"^the answer is text/plain instead of application/json$"):
        take("over-http", over_http.WHOLE_SERVER)


def test_time_inside_a_server_is_that_of_the_application() -> None:
    application = over_http.TimedApplication(benchmark.application)
    asked = calling.caller(application, "wsgi")
    assert calling.call(asked, over_http.TIME_SPENT).text == "0.0"
    assert calling.call(asked, "/plaintext").text == "Hello, World!"
    assert float(calling.call(asked, over_http.TIME_SPENT).text) > 0


def test_a_server_without_its_worker_is_a_failure() -> None:
    childless = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    with pytest.raises(Failure, match=r"^gunicorn has 0 workers instead of 1$"):
        over_http.worker(childless.pid)
    childless.communicate()


def test_time_inside_an_asynchronous_server_is_that_of_the_application_and_its_tasks() -> None:
    async def application(scope, receive, send) -> None:
        async def work() -> bytes:
            await asyncio.sleep(0)
            spend(0.02)
            return b"done"

        spend(0.01)
        body = await asyncio.ensure_future(work())
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": body})

    timed = over_http.TimedAsgiApplication(application)
    asked = calling.caller(slow_sending(timed, 0.05), "asgi")
    assert calling.call(asked, "/").text == "done"
    assert 0.03 <= float(calling.call(asked, over_http.TIME_SPENT).text) < 0.05


def test_an_error_reaches_an_application_that_is_timed() -> None:
    async def fail() -> None:
        await asyncio.sleep(0)
        raise LookupError("inside")

    async def application(scope, receive, send) -> None:
        with pytest.raises(LookupError, match="inside"):
            await asyncio.ensure_future(fail())
        await send({"type": "http.response.start", "status": 204, "headers": []})

    asked = calling.caller(over_http.TimedAsgiApplication(application), "asgi")
    assert calling.call(asked, "/").status == 204


def spend(seconds: float) -> None:
    end = time.thread_time() + seconds
    while time.thread_time() < end:
        pass


def slow_sending(application: Any, seconds: float) -> Any:
    """A server that takes so long for each message."""

    async def served(scope, receive, send) -> None:
        async def send_slowly(message) -> None:
            spend(seconds)
            await send(message)

        await application(scope, receive, send_slowly)

    return served


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="reads CPU time of other processes from Linux")
def test_a_framework_without_a_standard_interface_is_served_by_its_own_server(take, monkeypatch) -> None:
    own = "tests.experiments.own_interface"
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parents[2]))
    monkeypatch.setattr(Job, "path", lambda job, name="": own)
    monkeypatch.setattr(over_http, "ROUNDS", 2)
    reading = take("over-http", over_http.WHOLE_SERVER, interface=own)
    assert (reading.value > 0, reading.detail) == (True, "its own server")
    with pytest.raises(NotOffered, match="the framework and its server are one"):
        take("over-http", over_http.INSIDE_SERVER, interface=own)


def test_each_criterion_of_speed_is_fed_by_one_experiment_and_a_variant_it_has() -> None:
    fed = [criterion for item in PROGRAMS.values() for criterion in item.experiment.feeds]
    assert sorted(fed) == sorted({criterion for criterion in fed if criterion.startswith("cpu-")})
    for item in PROGRAMS.values():
        assert set(item.experiment.feeds.values()) <= set(item.experiment.variants)
        assert set(item.experiment.environments) <= set(item.experiment.variants)

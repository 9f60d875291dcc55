"""A site set up by the guide's own commands: nginx before two hosts, PostgreSQL with a streaming replica, Redis.

The tests build on each other: the second host and the replica come when the first test that needs them runs.
"""

import gzip
import json
import os
import re
import shutil
import time
from collections.abc import Iterator
from contextlib import ExitStack
from functools import partial
from statistics import median

import brotli
import pytest

from tests.deployment.guide import blocks, script
from tests.deployment.sandbox import PG_BIN, Sandbox
from tests.deployment.visitor import Visitor
from tests.running_site import wait_for

NEEDED = {"nginx": shutil.which("nginx"), "redis-server": shutil.which("redis-server"), "postgresql": PG_BIN.exists()}
MISSING = [name for name, there in NEEDED.items() if not there]
pytestmark = [
    pytest.mark.servers,
    pytest.mark.skipif("TEST_SERVERS" not in os.environ, reason="starts servers; set TEST_SERVERS=1 to allow it"),
    pytest.mark.skipif(bool(MISSING), reason=f"not installed here: {', '.join(MISSING)}"),
]
PASSWORD = "correct horse battery"
TABLE = "/compare/django-vs-flask/"


class Deployed:
    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox = sandbox
        sandbox.follow(script(PROJECT=str(sandbox.folder / "project")))
        create = "crosscheck createsuperuser --no-input --username operator --email operator@crosscheck.example"
        sandbox.follow(create, DJANGO_SUPERUSER_PASSWORD=PASSWORD)
        self.visitors = 0

    def visitor(self) -> Visitor:
        """Somebody new, with an address that nobody had before."""
        self.visitors += 1
        return Visitor(self.sandbox.ports["web"], f"127.0.1.{self.visitors}")

    def at(self, server: str) -> Visitor:
        """Asks one host, not through nginx."""
        return Visitor(self.sandbox.ports[server], tls=False)

    def editor(self, visitor: Visitor) -> Visitor:
        answer = visitor.log_in("operator", PASSWORD)
        assert answer.status == 302, answer
        return visitor


@pytest.fixture(scope="module")
def deployed() -> Iterator[Deployed]:
    with Sandbox() as sandbox:
        yield Deployed(sandbox)


@pytest.fixture(scope="module")
def two_hosts(deployed) -> Deployed:
    (upstream,) = blocks("nginx")
    path = deployed.sandbox.folder / "etc/nginx/conf.d/crosscheck-upstream.conf"
    path.write_text(deployed.sandbox.translated(upstream))
    for name in ("second", "nginx"):
        deployed.sandbox.systemctl(["restart", name])
    return deployed


@pytest.fixture(scope="module")
def replicated(two_hosts) -> Deployed:
    sandbox = two_hosts.sandbox
    (primary,), (replica,) = blocks("sh primary"), blocks("sh replica")
    password = re.findall(r"^[0-9a-f]{48}$", sandbox.follow(primary), re.M)[0]
    sandbox.database = "copy"
    sandbox.follow(replica, PASSWORD=password)
    sandbox.database = "main"
    url = re.findall(r"DATABASE_URL=(.+)", (sandbox.folder / "etc/crosscheck/env").read_text())[0]
    port = sandbox.ports
    sandbox.set("DATABASE_REPLICA_URL", url.replace(str(port["postgresql"]), str(port["replica"])))
    for name in ("crosscheck", "second"):
        sandbox.systemctl(["restart", name])
    return two_hosts


def test_the_guide_leads_to_a_site(deployed) -> None:
    visitor = deployed.visitor()
    assert [visitor.get(path).status for path in ("/", TABLE, "/admin/login/", "/readyz", "/healthz")] == [200] * 5
    assert deployed.editor(visitor).get("/admin/").status == 200


def test_plain_http_leads_to_https(deployed) -> None:
    answer = Visitor(deployed.sandbox.ports["http"], tls=False).get("/compare/?x=1")
    assert (answer.status, answer.headers["Location"]) == (301, "https://crosscheck.example/compare/?x=1")


def test_headers_arrive_as_the_site_sends_them(deployed) -> None:
    direct, visitor = deployed.at("site"), deployed.visitor()
    for path in (TABLE, "/admin/login/", "/api/v1/"):
        before, behind = direct.get(path).headers, visitor.get(path).headers
        for name in (
            "Content-Security-Policy",
            "Strict-Transport-Security",
            "X-Frame-Options",
            "Cache-Control",
            "ETag",
        ):
            assert behind.get_all(name) == before.get_all(name), (path, name)
    assert "max-age=31536000" in behind["Strict-Transport-Security"]
    assert behind["Server"] == "nginx"
    etag = visitor.get(TABLE).headers["ETag"]
    assert visitor.get(TABLE, If_None_Match=etag).status == 304


def test_static_files_are_compressed_and_kept_for_good(deployed) -> None:
    visitor = deployed.visitor()
    sheet = re.findall(r'href="(/static/site\.[0-9a-f]+\.css)"', visitor.get("/").body)[0]
    for accepted, sent in (("gzip, deflate, br", "br"), ("br;q=0.5", "br"), ("br;q=0, gzip", "gzip"), ("gzip", "gzip")):
        answer = visitor.get(sheet, Accept_Encoding=accepted)
        assert answer.headers["Content-Encoding"] == sent
        assert "immutable" in answer.headers["Cache-Control"]
    assert visitor.get(sheet).headers["Content-Encoding"] is None
    assert visitor.get(sheet, Accept_Encoding="gzip;q=0").headers["Content-Encoding"] is None


def test_pages_are_compressed(deployed) -> None:
    visitor = deployed.visitor()
    for path, accepted, sent, decompress in (
        (TABLE, "gzip, deflate, br", "br", brotli.decompress),
        (TABLE, "gzip", "gzip", gzip.decompress),
        ("/api/v1/claims/", "br", "br", brotli.decompress),
        ("/admin/login/", "br, gzip", "gzip", gzip.decompress),  # by nginx
    ):
        plain, small = visitor.get(path), visitor.get(path, Accept_Encoding=accepted)
        assert small.headers["Content-Encoding"] == sent
        assert decompress(small.raw).decode()[:99] == plain.body[:99]


def test_the_site_sees_the_visitors_own_address(deployed) -> None:
    """Whatever a visitor writes into the headers that nginx sets."""
    visitor = deployed.visitor()
    answer = visitor.get("/claims/?q=seen", X_Forwarded_For="9.9.9.9", X_Forwarded_Proto="http", X_Request_ID="forged")
    line = re.compile(rf".*status=200.* from={visitor.address} .*id={answer.headers['X-Request-ID']}")
    wait_for(lambda: line.search(deployed.sandbox.log("crosscheck")) is not None, 10)
    assert answer.headers["X-Request-ID"] != "forged"


def test_too_large_is_refused_in_words(deployed) -> None:
    visitor = deployed.visitor()
    answer = visitor.ask("POST", "/recommend/keep/", b"x" * 100_000)
    assert (answer.status, "64 KB" in answer.body) == (413, True)
    answer = visitor.ask("POST", "/admin/", b"", Content_Length="30000000")
    assert (answer.status, "26 MB" in answer.body) == (413, True)
    assert deployed.editor(visitor).ask("POST", "/admin/", b"x" * 1_000_000).status == 403  # read, but has no token


def test_too_often_is_refused_in_words_and_nobody_else_is(deployed) -> None:
    guesser = deployed.visitor()
    answers = [guesser.log_in("nobody", "wrong") for _ in range(15)]
    assert answers[-1].status == 429
    assert "Wait" in answers[-1].body
    assert guesser.get("/admin/login/").status == 200
    assert deployed.editor(deployed.visitor()).get("/admin/").status == 200


@pytest.mark.parametrize(("path", "method"), [("/recommend/keep/", "POST"), ("/search/?q=x", "GET")])
def test_dear_requests_are_bounded(deployed, path, method) -> None:
    visitor = deployed.visitor()
    statuses = [visitor.ask(method, path).status for _ in range(30)]
    assert statuses[-1] == 429
    assert deployed.visitor().ask(method, path).status != 429


def test_a_hundred_slow_clients_harm_nobody(two_hosts) -> None:
    head = "Host: crosscheck.example\r\n"
    half_head = f"GET {TABLE} HTTP/1.1\r\n{head}"
    half_body = f"POST /recommend/keep/ HTTP/1.1\r\n{head}Content-Length: 5000\r\n\r\nx"
    with ExitStack() as stack:
        for number in range(100):
            slow = Visitor(two_hosts.sandbox.ports["web"], f"127.0.2.{number + 1}")
            stack.callback(slow.half_a_request(half_body if number % 2 else half_head).close)
        seconds, visitor = [], two_hosts.visitor()
        for number in range(20):
            start = time.monotonic()
            assert visitor.get(f"/criteria/?page={number % 3 + 1}").status == 200
            seconds.append(time.monotonic() - start)
    assert median(seconds) < 0.5
    assert max(seconds) < 3


def rename(deployed: Deployed, editor: Visitor, text: str) -> None:
    """Changes a public word in the admin."""
    page = editor.get("/admin/comparison/framework/")
    address = re.findall(r'href="(/admin/comparison/framework/\d+/change/)', page.body)[0]
    answer = editor.post(address, **editor.form(address) | {"tagline": text, "_save": "Save"})
    assert answer.status == 302, re.findall(r'class="errorlist[^>]*>(.+?)</ul>', answer.body, re.S)


def test_an_edit_on_one_host_is_seen_on_the_other_at_once(two_hosts) -> None:
    editor = two_hosts.editor(two_hosts.at("site"))
    for text in ("First words.", "Second words.", "Third words."):
        two_hosts.at("second").get("/frameworks/")
        rename(two_hosts, editor, text)
        assert text in two_hosts.at("second").get("/frameworks/").body


def test_with_a_replica_an_edit_is_seen_within_its_lag(replicated) -> None:
    editor, other = replicated.editor(replicated.at("site")), replicated.at("second")
    answers = []

    def is_seen(text: str) -> bool:
        answers.append(other.get("/frameworks/"))
        return text in answers[-1].body

    for text in ("With a replica.", "Again with it."):
        rename(replicated, editor, text)
        wait_for(partial(is_seen, text), 10)
    assert {answer.status for answer in answers} == {200}


def test_the_other_host_answers_when_one_is_away(replicated) -> None:
    sandbox, visitor = replicated.sandbox, replicated.visitor()
    sandbox.kill("crosscheck")
    try:
        assert {visitor.get(TABLE).status for _ in range(20)} == {200}
        assert replicated.editor(visitor).get("/admin/").status == 200
        sheet = re.findall(r'href="(/static/site\.[0-9a-f]+\.css)"', visitor.get("/").body)[0]
        assert visitor.get(sheet).status == 200
        sandbox.kill("second")
        away = visitor.get(TABLE)
        assert (away.status, "Try again" in away.body, away.headers["Retry-After"]) == (503, True, "10")
        assert visitor.get(sheet).status == 200  # kept by nginx
    finally:
        for name in ("crosscheck", "second"):
            if name not in sandbox.running:
                sandbox.start(name)
    wait_for(lambda: visitor.get(TABLE).status == 200, 10)


def test_the_night_s_backup_is_written(deployed) -> None:
    text = (deployed.sandbox.folder / "etc/cron.d/crosscheck").read_text()
    (command,) = re.findall(r"root (.*crosscheck backup .+)$", text, re.M)
    deployed.sandbox.follow(command.replace("\\%", "%"))
    assert list((deployed.sandbox.folder / "var/backups/crosscheck").glob("20??-??-??.zip"))


def test_a_restored_backup_is_what_all_hosts_show(replicated) -> None:
    rename(replicated, replicated.editor(replicated.at("site")), "To be undone.")
    for steps in ("sh later", "sh back"):
        replicated.sandbox.follow(*blocks(steps))
        for server in ("site", "second"):
            visitor = replicated.at(server)
            wait_for(lambda visitor=visitor: "To be undone." not in visitor.get("/frameworks/").body, 10)
            assert "A full-stack web framework for Python" in visitor.get("/frameworks/").body


def test_pages_answer_while_the_replica_is_away(replicated) -> None:
    replicated.sandbox.kill("copy")
    visitor = replicated.visitor()
    assert {visitor.get(path).status for path in (TABLE, "/criteria/", "/claims/")} == {200}
    ready = visitor.get("/readyz")
    assert (ready.status, json.loads(ready.body)["checks"]["replica"]["state"]) == (200, "warning")

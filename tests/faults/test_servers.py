"""Servers behind the site that are stopped, frozen or away."""

import signal
import time
from collections.abc import Callable, Iterable, Iterator
from shutil import which

import pytest

from tests.faults.servers import Server, postgres, postgres_programs, redis, silent_port
from tests.faults.tally import TALLY
from tests.running_site import Answer, Site, free_port, serving, wait_for

PAGES = [
    "/",
    "/compare/django-vs-flask/",
    "/frameworks/django/",
    "/disputes/",
    "/recommend/shop/",
    "/api/v1/frameworks/",
]
MAX_SECONDS = 12.0  # for any answer while a server hangs
needs_postgres = pytest.mark.skipif(postgres_programs() is None, reason="PostgreSQL's programs are not installed")
needs_redis = pytest.mark.skipif(which("redis-server") is None, reason="redis-server is not installed")


def timed(ask: Callable[[], Answer]) -> tuple[Answer, float]:
    start = time.monotonic()
    return ask(), time.monotonic() - start


def read_all(site: Site, pages: Iterable[str] = PAGES) -> dict[str, int]:
    """The status of each page; 0 where the answer took too long."""
    answers = {path: timed(lambda path=path: site.get(path, timeout=MAX_SECONDS)) for path in pages}
    return {path: answer.status for path, (answer, _) in answers.items()}


def add(site: Site, slug: str) -> Answer:
    fields = {"slug": slug, "name": f"{slug} which somebody has typed", "order": "1"}
    return site.post("/admin/comparison/category/add/", timeout=60, **fields)


@pytest.fixture(scope="module")
def database() -> Iterator[Server]:
    with postgres() as server:
        yield server


@pytest.fixture
def postgres_site(database, stopped_site) -> Iterator[Site]:
    stopped_site.environment["DATABASE_URL"] = f"postgres://crosscheck@127.0.0.1:{database.port}/postgres"
    done = stopped_site.manage("prepare")
    assert done.returncode == 0, done.stderr
    stopped_site.log_in()
    with serving(stopped_site, workers=1):  # which has kept all pages that were asked for
        yield stopped_site


def stored(site: Site) -> set[str]:
    command = "from comparison.models import Category; print(*Category.objects.values_list('slug', flat=True))"
    return set(site.manage("shell", "--verbosity", "0", "--command", command).stdout.split())


@needs_postgres
@pytest.mark.parametrize("fault", ["stopped", "frozen"])
def test_a_database_that_is_away(postgres_site, database, fault) -> None:
    site = postgres_site
    before = [slug for slug in (f"{fault}-{number}" for number in range(5)) if add(site, slug).status == 302]
    assert set(read_all(site).values()) == {200}
    if fault == "stopped":
        database.signal_all(signal.SIGKILL)
    else:
        database.signal_all(signal.SIGSTOP)
    try:
        health, health_seconds = timed(lambda: site.get("/healthz"))
        ready, ready_seconds = timed(lambda: site.get("/readyz"))
        edit, edit_seconds = timed(lambda: add(site, f"{fault}-away"))
        pages = read_all(site)
    finally:
        if fault == "stopped":
            database.process.wait()
            database.start()
        else:
            database.signal_all(signal.SIGCONT)
    wait_for(lambda: site.get("/readyz").status == 200, 30, lambda: site.get("/readyz").body)
    wait_for(lambda: set(read_all(site).values()) == {200}, 30)
    after = [slug for slug in (f"{fault}-after-{number}" for number in range(3)) if add(site, slug).status == 302]
    missing = set(before + after) - stored(site)
    unread = {path: status for path, status in pages.items() if status != 200}
    TALLY.add(f"database {fault}: pages", len(PAGES), len(unread), 0)
    TALLY.add(f"database {fault}: writes", 9, 9 - len(before) - len(after), len(missing))
    assert (health.status, health_seconds < 1, ready.status, ready_seconds < 2.5) == (200, True, 503, True)
    assert "The database does not answer" in ready.body or "No answer" in ready.body
    assert (edit.status, "which somebody has typed" in edit.body, edit_seconds < 40) == (503, True, True), edit.body
    assert (unread, missing, len(before), len(after)) == ({}, set(), 5, 3)


@needs_redis
def test_a_frozen_cache_only_makes_pages_slower(stopped_site, tmp_path) -> None:
    with redis(tmp_path) as server:
        stopped_site.environment["CACHE_URL"] = f"redis://127.0.0.1:{server.port}/0"
        with serving(stopped_site) as site:
            assert set(read_all(site).values()) == {200}
            server.signal_all(signal.SIGSTOP)
            statuses, ready = read_all(site), site.get("/readyz")
            edit = add(site, "frozen")
            server.signal_all(signal.SIGCONT)
            TALLY.add("cache frozen: pages", len(PAGES), sum(status != 200 for status in statuses.values()), 0)
            TALLY.add("cache frozen: writes", 1, int(edit.status != 302), 0)
            assert set(statuses.values()) == {200}
            assert (ready.status, edit.status, '"degraded"' in ready.body) == (200, 302, True), ready.body


@needs_postgres
@pytest.mark.parametrize("fault", ["away", "silent"])
def test_a_replica_that_is_away_is_replaced_by_the_primary(stopped_site, fault) -> None:
    with silent_port() as silent:
        port = silent if fault == "silent" else free_port()
        stopped_site.environment["DATABASE_REPLICA_URL"] = f"postgres://crosscheck@127.0.0.1:{port}/x"
        with serving(stopped_site) as site:
            statuses, (ready, seconds) = read_all(site), timed(lambda: site.get("/readyz"))
            edit = add(site, "replica")
    TALLY.add(f"replica {fault}: pages", len(PAGES), sum(status != 200 for status in statuses.values()), 0)
    TALLY.add(f"replica {fault}: writes", 1, int(edit.status != 302), 0)
    assert (set(statuses.values()), edit.status) == ({200}, 302)
    assert (ready.status, '"replica"' in ready.body, '"degraded"' in ready.body, seconds < 2.5) == (
        200,
        True,
        True,
        True,
    )

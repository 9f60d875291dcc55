"""A PostgreSQL whose processes are frozen keeps its connections open and never answers. No page waits for it long."""

import time
from collections.abc import Iterator

import pytest
from django.db import OperationalError, connections
from django.db.utils import ConnectionHandler

from comparison.serving import newest_edition
from config import env
from config.databases import replica
from config.databases.time_limits import statement_limit
from config.monitoring.database_faults import SLOW, fault_of
from tests.make import make_framework
from tests.postgres_server import BINARIES, Server, postgres_server

pytestmark = [
    pytest.mark.skipif(BINARIES is None, reason="needs PostgreSQL's programs: apt install postgresql"),
    pytest.mark.django_db,
]
EDITIONS = "CREATE TABLE comparison_edition (number int, at timestamptz, token text, withdrawal text)"


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with postgres_server() as server:
        yield server


@pytest.fixture
def copy(server, settings, monkeypatch) -> Iterator[str]:
    """The server as the replica: with an edition and nothing else, so that pages are drawn from the primary."""
    monkeypatch.setenv("SAMPLE", server.url)
    config = ConnectionHandler({"default": {}, "replica": env.database("SAMPLE", {})})
    monkeypatch.setitem(settings.DATABASES, "replica", config.settings["replica"])
    connections["replica"] = config["replica"]
    connections["replica"].alias = "default"  # tests may use no others
    monkeypatch.setattr(newest_edition, "EDITION_SECONDS", 0.2)
    with connections["replica"].cursor() as cursor:
        cursor.execute(f"DROP TABLE IF EXISTS comparison_edition; {EDITIONS}")
        cursor.execute("INSERT INTO comparison_edition VALUES (7, now(), 'replicated', '')")
    yield "replica"
    connections["replica"].close()
    del connections["replica"]
    replica.availability["replica"].answered()


def test_a_statement_that_takes_too_long_ends_with_its_connection(copy) -> None:
    start = time.monotonic()
    with pytest.raises(OperationalError, match=r"did not answer within 0\.1 s") as error, statement_limit(0.1):
        connections[copy].cursor().execute("SELECT pg_sleep(5)")
    assert fault_of(error.value) is SLOW  # as when it waits for a long import; the database is not away
    assert time.monotonic() - start < 1
    connections[copy].close()
    with statement_limit(1), connections[copy].cursor() as cursor:
        cursor.execute("SELECT number FROM comparison_edition")
        assert cursor.fetchone() == (7,)


def test_statements_without_a_limit_take_as_long_as_they_take(copy) -> None:
    connections[copy].cursor().execute("SELECT pg_sleep(0.3)")


def test_the_primary_answers_for_a_frozen_replica_which_is_then_left_alone(copy, server, client) -> None:
    make_framework("Alpha")
    with server.frozen():
        start = time.monotonic()
        assert b"Alpha" in client.get("/frameworks/").content
        assert time.monotonic() - start < 2
        start = time.monotonic()
        assert all(client.get("/frameworks/").status_code == 200 for _ in range(5))
        assert time.monotonic() - start < 0.2


def test_the_kept_page_answers_for_a_frozen_database(copy, server, client, monkeypatch) -> None:
    fresh = client.get("/frameworks/")
    only = {"replica": replica.Availability("database")}
    monkeypatch.setattr(replica, "availability", only)
    monkeypatch.setattr(newest_edition, "availability", only)
    with server.frozen():
        start = time.monotonic()
        old = client.get("/frameworks/")
        assert time.monotonic() - start < 2
        assert client.get("/healthz").status_code == 200
    assert (old.status_code, old.headers["Cache-Control"]) == (200, "no-store")
    assert b"This page may be out of date" in old.content
    assert "ETag" in fresh.headers


def test_a_restarted_database_is_asked_on_a_new_connection(copy, server, client, caplog) -> None:
    client.get("/frameworks/")
    server.run("pg_ctl", "-D", str(server.folder / "data"), "-m", "fast", "-w", "restart")
    caplog.clear()
    assert client.get("/frameworks/").status_code == 200
    assert "does not answer" not in caplog.text

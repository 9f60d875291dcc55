"""What the site says of its own state to load balancers and monitors."""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager, nullcontext
from types import SimpleNamespace

import pytest
from django.core.cache.backends.dummy import DummyCache
from django.db import InternalError, OperationalError, ProgrammingError, connection, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.sqlite3.base import DatabaseWrapper as SqliteWrapper
from django.db.migrations.recorder import MigrationRecorder
from django.db.utils import ConnectionHandler

from comparison.models import Edition, LastWrite
from config import env
from config.monitoring import readiness
from config.monitoring.database_faults import FULL, POSTGRES, SQLITE, fault_of
from config.monitoring.readiness import Check, Readiness, Result, State

real_connection, real_thread = readiness.own_connection, readiness.Thread


def states(response) -> dict[str, str]:
    return {name: check["state"] for name, check in response.json()["checks"].items()}


@pytest.mark.django_db
def test_a_site_that_can_do_everything_is_ready(client) -> None:
    response = client.get("/readyz")
    assert (response.status_code, response.json()["status"]) == (200, "ready")
    assert states(response) == dict.fromkeys(("database", "migrations", "write", "cache", "disk"), "ok")
    assert "no-store" in response.headers["Cache-Control"]
    assert LastWrite.objects.count() == 1
    client.get("/readyz")
    assert LastWrite.objects.count() == 1


@pytest.mark.django_db
def test_the_check_costs_four_queries(client, django_assert_num_queries) -> None:
    client.get("/readyz")
    with django_assert_num_queries(4):  # the edition, whether migrations have a table, which are applied, the write
        client.get("/readyz")


@pytest.mark.parametrize("host", ["10.1.2.3", "10.1.2.3:8000", "evil.example", "[::1]:1", "<b>", ""])
@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
@pytest.mark.django_db
def test_probes_answer_to_any_host(client, settings, host, path) -> None:
    settings.ALLOWED_HOSTS = ["example.org"]
    assert client.get(path, headers={"host": host}).status_code == 200


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
@pytest.mark.django_db
def test_probes_are_only_read_and_have_the_security_headers(client, path) -> None:
    answer = client.post(path)
    assert (answer.status_code, answer.headers["Allow"]) == (405, "GET, HEAD")
    assert client.head(path).content == b""
    assert "Content-Security-Policy" in client.get(path).headers


def test_the_process_answers_without_its_database(client) -> None:
    assert client.get("/healthz").content == b"ok\n"


@pytest.mark.django_db
def test_missing_migrations_are_named(client) -> None:
    MigrationRecorder(connection).record_unapplied("comparison", "0015_edition_token")
    response = client.get("/readyz")
    assert (response.status_code, states(response)["migrations"]) == (503, "failed")
    assert response.json()["checks"]["migrations"] == {
        "state": "failed",
        "problem": "Not applied: comparison.0015_edition_token.",
        "remedy": "Run: manage.py migrate, then restart the site.",
    }


@pytest.mark.django_db
def test_a_database_newer_than_the_process_asks_for_a_restart(client) -> None:
    MigrationRecorder(connection).record_applied("comparison", "9999_future")
    response = client.get("/readyz")
    assert (response.status_code, response.json()["status"]) == (200, "degraded")
    assert response.json()["checks"]["migrations"]["remedy"] == "Restart the site."


def test_a_migration_that_another_replaces_is_not_missed() -> None:
    squash = SimpleNamespace(replaces=[("a", "0001"), ("a", "0002")])
    assert readiness.is_replaced(squash, {("a", "0001"), ("a", "0002")})
    assert not readiness.is_replaced(squash, {("a", "0001")})
    assert not readiness.is_replaced(SimpleNamespace(replaces=[]), set())
    assert readiness.was_squashed("0001", {("b", "0001"): SimpleNamespace(replaces=[("comparison", "0001")])})


@pytest.mark.django_db
def test_a_database_without_an_edition_is_not_ready(client) -> None:
    Edition.objects.all().delete()
    response = client.get("/readyz")
    assert (response.status_code, response.json()["checks"]["database"]["problem"]) == (
        503,
        "The database holds no edition.",
    )


def refuse(error, only="") -> object:
    def wrapper(execute, sql, params, many, context):
        if sql.startswith(only):
            raise error
        return execute(sql, params, many, context)

    return wrapper


@pytest.mark.django_db
def test_a_database_that_is_away_is_named_without_what_it_said(client) -> None:
    with connection.execute_wrapper(refuse(OperationalError("password of hunter2 refused"))):
        response = client.get("/readyz")
    assert (response.status_code, "hunter2" in response.content.decode()) == (503, False)
    assert response.json()["checks"]["database"]["problem"] == "The database does not answer."
    assert {states(response)[name] for name in ("database", "migrations", "write")} == {"failed"}


def sqlite_settings(path) -> dict[str, object]:
    return ConnectionHandler({"default": env.sqlite(str(path))}).settings["default"]


WRITE_TABLE = """
CREATE TABLE comparison_lastwrite (id INTEGER PRIMARY KEY, at TEXT); CREATE TABLE filler (body);
CREATE TRIGGER grow AFTER INSERT ON comparison_lastwrite BEGIN INSERT INTO filler VALUES (zeroblob(100000)); END
"""


@pytest.mark.parametrize(("pragma", "words"), [("query_only", "can only be read"), ("max_page_count", "disk of the")])
@pytest.mark.django_db
def test_a_write_that_fails_is_named(tmp_path, pragma, words) -> None:
    with closing(sqlite3.connect(tmp_path / "x.sqlite3")) as database:
        database.executescript(WRITE_TABLE)
    with closing(SqliteWrapper(sqlite_settings(tmp_path / "x.sqlite3"))) as own:
        own.cursor().execute(f"PRAGMA {pragma}=1")
        result = readiness.attempt(lambda: readiness.write(own))
    assert (result.state, words in result.problem) == (State.FAILED, True), result


@pytest.mark.django_db
def test_a_busy_database_is_a_warning(client) -> None:
    error = OperationalError("database is locked")
    error.__cause__ = sqlite3.OperationalError("database is locked")
    error.__cause__.sqlite_errorname = "SQLITE_BUSY"
    with connection.execute_wrapper(refuse(error, only="UPDATE")):
        response = client.get("/readyz")
    assert (response.status_code, states(response)["write"]) == (200, "warning")


@pytest.mark.django_db
def test_a_cache_that_is_away_is_a_warning(client, monkeypatch) -> None:
    monkeypatch.setattr(readiness, "page_cache", DummyCache("", {}))
    response = client.get("/readyz")
    assert (response.status_code, response.json()["status"], states(response)["cache"]) == (200, "degraded", "warning")
    assert "CACHE_URL" in response.json()["checks"]["cache"]["remedy"]


@pytest.mark.parametrize(("free", "state"), [(2_000_000_000, "ok"), (50_000_000, "warning"), (0, "failed")])
@pytest.mark.django_db
def test_a_full_disk_is_told_from_a_low_one(client, monkeypatch, free, state) -> None:
    monkeypatch.setattr(readiness.shutil, "disk_usage", lambda folder: SimpleNamespace(free=free))
    assert states(client.get("/readyz"))["disk"] == ("warning" if state == "failed" and not is_sqlite() else state)


def is_sqlite() -> bool:
    return connection.vendor == "sqlite"


@pytest.mark.django_db
def test_a_replica_that_is_away_leaves_the_site_degraded(client, settings, monkeypatch) -> None:
    monkeypatch.setitem(settings.DATABASES, "replica", settings.DATABASES["default"])
    failing = SimpleNamespace(cursor=lambda: (_ for _ in ()).throw(OperationalError("hunter2")))
    usual = readiness.own_connection
    monkeypatch.setattr(
        readiness, "own_connection", lambda alias: usual(alias) if alias == "default" else nullcontext(failing)
    )
    response = client.get("/readyz")
    assert (response.status_code, response.json()["status"], states(response)["replica"]) == (
        200,
        "degraded",
        "warning",
    )
    assert response.json()["checks"]["replica"]["remedy"].startswith("The primary answers meanwhile.")
    assert "DATABASE_REPLICA_URL" in response.json()["checks"]["replica"]["remedy"]


def test_a_check_that_hangs_does_not_hold_the_answer(monkeypatch) -> None:
    monkeypatch.setattr(readiness, "Thread", real_thread)
    monkeypatch.setattr(readiness, "CHECK_SECONDS", 0.05)
    release, calls = threading.Event(), []

    def hang() -> dict[str, Result]:
        calls.append(1)
        release.wait(10)
        return {"disk": readiness.OK}

    asked = Readiness([Check(("disk", "other"), hang), Check(("cache",), lambda: {"cache": readiness.OK})])
    first, second = asked.ask(), asked.ask()
    assert {name: result.state for name, result in first.items()} == {
        "disk": State.FAILED,
        "other": State.FAILED,
        "cache": State.OK,
    }
    assert (second["disk"].state, len(calls)) == (State.FAILED, 1)  # no second thread joins the one that hangs
    release.set()
    asked.checks[0].thread.join()
    assert asked.ask()["disk"] == readiness.OK


def test_all_who_ask_within_a_second_share_an_answer(monkeypatch) -> None:
    monkeypatch.setattr(readiness, "SHARED_SECONDS", 1.0)
    calls = []
    asked = Readiness([Check(("disk",), lambda: calls.append(1) or {"disk": readiness.OK})])
    assert [asked.ask() for _ in range(50)] == [{"disk": readiness.OK}] * 50
    assert len(calls) == 1
    asked.at -= 1.1
    asked.ask()
    assert len(calls) == 2


def test_who_asks_during_a_check_gets_the_last_answer(monkeypatch) -> None:
    asked = Readiness([])
    asked.results, asked.at = {"disk": readiness.OK}, readiness.monotonic()
    with asked.lock:
        assert asked.ask() == {"disk": readiness.OK}


@pytest.mark.django_db(transaction=True)
def test_checks_use_connections_and_threads_of_their_own(client, monkeypatch) -> None:
    @contextmanager
    def closing_connection(alias: str) -> Iterator[BaseDatabaseWrapper]:
        """Django keeps connections to databases in memory open, whoever closes them."""
        with real_connection(alias) as connection:
            yield connection
            connection.connection.close()

    class CheckingThread(real_thread):
        def run(self) -> None:
            super().run()
            usual.extend(connections[alias].connection for alias in connections)

    usual: list[object] = []
    monkeypatch.setattr(readiness, "own_connection", closing_connection)
    monkeypatch.setattr(readiness, "Thread", CheckingThread)
    assert client.get("/readyz").json()["status"] == "ready"
    threads = [check.thread for check in readiness.readiness().checks]
    assert all(thread not in (None, threading.main_thread()) for thread in threads)
    assert usual
    assert not any(usual)


@pytest.mark.parametrize(("code", "fault"), [(f"{name}_X", fault) for name, fault in SQLITE.items()])
def test_errors_of_sqlite_are_named(code, fault) -> None:
    assert fault_of(caused(OperationalError("x"), sqlite_errorname=code)) == fault


@pytest.mark.parametrize(("code", "fault"), list(POSTGRES.items()))
def test_errors_of_postgresql_are_named(code, fault) -> None:
    assert fault_of(caused(InternalError("x"), sqlstate=code.ljust(5, "0"))) == fault


def caused(error, **attributes):
    error.__cause__ = type("Cause", (Exception,), attributes)("x")
    return error


def test_other_errors_are_no_faults_of_the_database() -> None:
    assert fault_of(ValueError("x")) is None
    assert fault_of(None) is None
    assert fault_of(ProgrammingError("x")) is None
    assert fault_of(caused(OperationalError("x"), sqlite_errorname="SQLITE_ERROR")) is None
    assert fault_of(caused(OperationalError("x"), sqlstate="22012")) is None
    assert fault_of(OperationalError("no connection")).problem == "The database does not answer."
    assert all(fault.remedy.endswith(".") for fault in (FULL, *SQLITE.values(), *POSTGRES.values()))

"""Whether the site can do its work: each thing it needs is tried, in bounded time, and named with what to do.

A check may wait for whatever it asks, so each runs in a thread of its own and the answer does not wait for it. One
process checks at most once a second, however often it is asked.
"""

import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from pathlib import Path
from threading import Lock, Thread
from time import monotonic
from typing import Any, NamedTuple
from uuid import uuid4

from django.conf import settings
from django.core.cache import cache as page_cache
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

from config.monitoring.database_faults import DATABASE_ERRORS, NO_SCHEMA, fault_of

CHECK_SECONDS = 1.0  # that an answer waits for a check
LOCK_SECONDS = 0.7  # that a write waits for other writers; less than a check has
SHARED_SECONDS = 1.0  # that all who ask get the same answer
MAX_AGE_SECONDS = 5.0  # of an answer that is given while the next check runs
MIN_FREE_BYTES, LOW_FREE_BYTES = 1_000_000, 100_000_000


class State(StrEnum):
    OK = "ok"
    WARNING = "warning"  # pages are served all the same
    FAILED = "failed"


class Result(NamedTuple):
    state: State
    problem: str = ""
    remedy: str = ""


OK = Result(State.OK)
Results = dict[str, Result]


@contextmanager
def own_connection(alias: str) -> Iterator[BaseDatabaseWrapper]:
    """A new connection, so that a check also shows that the database accepts one."""
    connection = connections[alias].copy()
    limit = {"timeout": LOCK_SECONDS} if connection.vendor == "sqlite" else {"connect_timeout": 1}
    connection.settings_dict["OPTIONS"] = connection.settings_dict["OPTIONS"] | limit
    try:
        yield connection
    finally:
        connection.close()


def check_primary() -> Results:
    results = {"database": Result(State.FAILED), "migrations": OK, "write": OK}
    with own_connection("default") as connection:
        results["database"] = attempt(lambda: read_edition(connection))
        if results["database"].state is State.OK or results["database"].problem == NO_SCHEMA.problem:
            results["migrations"] = attempt(lambda: check_migrations(connection))
            results["write"] = attempt(lambda: write(connection))
        else:
            results["migrations"] = results["write"] = Result(State.FAILED, "Not asked: the database failed.")
    return results


def attempt(check: Callable[[], Result]) -> Result:
    try:
        return check()
    except DATABASE_ERRORS as error:
        fault = fault_of(error)
        if fault is None:
            return Result(State.FAILED, f"It failed with {type(error).__name__}.", "See the database's own log.")
        return Result(State.WARNING if fault.passes else State.FAILED, fault.problem, fault.remedy)


def read_edition(connection: BaseDatabaseWrapper) -> Result:
    with connection.cursor() as cursor:
        cursor.execute("SELECT MAX(number) FROM comparison_edition")
        (number,) = cursor.fetchone()
    if number is None:
        return Result(State.FAILED, "The database holds no edition.", NO_SCHEMA.remedy)
    return OK


@cache
def known_migrations() -> dict[tuple[str, str], Any]:
    """The migrations of this version of the software, as they were when the process first asked."""
    return MigrationLoader(None, ignore_no_migrations=True).disk_migrations


def check_migrations(connection: BaseDatabaseWrapper) -> Result:
    applied, known = applied_migrations(connection), known_migrations()
    missing = [key for key, migration in known.items() if key not in applied and not is_replaced(migration, applied)]
    if missing:
        names = ", ".join(sorted(".".join(key) for key in missing)[:3])
        more = f" and {len(missing) - 3} more" if len(missing) > 3 else ""
        return Result(State.FAILED, f"Not applied: {names}{more}.", NO_SCHEMA.remedy)
    newer = sorted(name for app, name in applied - set(known) if app == "comparison" and not was_squashed(name, known))
    if newer:
        return Result(State.WARNING, f"The database is newer than this process: {newer[0]}.", "Restart the site.")
    return OK


def applied_migrations(connection: BaseDatabaseWrapper) -> set[tuple[str, str]]:
    """As Django's recorder gives them, which would ask by the thread's usual connection, without a check's limits."""
    recorder = MigrationRecorder(connection)
    if not recorder.has_table():
        return set()
    with connection.cursor() as cursor:
        cursor.execute("SELECT app, name FROM django_migrations")
        return set(cursor.fetchall())


def is_replaced(migration: Any, applied: set[tuple[str, str]]) -> bool:
    return bool(migration.replaces) and set(migration.replaces) <= applied


def was_squashed(name: str, known: Mapping[tuple[str, str], Any]) -> bool:
    return any(("comparison", name) in migration.replaces for migration in known.values())


def write(connection: BaseDatabaseWrapper) -> Result:
    """Changes a row and commits it: a transaction that is rolled back may never reach a full disk."""
    now = connection.ops.adapt_datetimefield_value(timezone.now())
    with connection.cursor() as cursor:
        cursor.execute("UPDATE comparison_lastwrite SET at = %s", [now])
        if cursor.rowcount == 0:
            cursor.execute("INSERT INTO comparison_lastwrite (id, at) VALUES (1, %s)", [now])
    return OK


def check_replica() -> Results:
    with own_connection("replica") as connection:
        result = attempt(lambda: read_edition(connection))
    if result.state is State.OK:
        return {"replica": OK}
    remedy = f"The primary answers meanwhile. {result.remedy.replace('DATABASE_URL', 'DATABASE_REPLICA_URL')}"
    return {"replica": Result(State.WARNING, result.problem, remedy)}


def check_cache() -> Results:
    key, value = "readiness", uuid4().hex
    page_cache.set(key, value, 60)
    if page_cache.get(key) == value:
        return {"cache": OK}
    remedy = "Pages are drawn anew meanwhile. Start it, or mend CACHE_URL."
    return {"cache": Result(State.WARNING, "The cache keeps nothing.", remedy)}


def check_disk() -> Results:
    free = min(shutil.disk_usage(folder).free for folder in data_folders())
    if free >= LOW_FREE_BYTES:
        return {"disk": OK}
    is_full = free < MIN_FREE_BYTES and connections["default"].vendor == "sqlite"
    problem = f"The disk has {free / 1_000_000:.1f} MB left."
    return {"disk": Result(State.FAILED if is_full else State.WARNING, problem, "Free space on the disk of var/.")}


def data_folders() -> list[Path]:
    folders = [Path(settings.VAR_DIR)]
    if connections["default"].vendor == "sqlite":
        folders.append(Path(connections["default"].settings_dict["NAME"]).parent)
    return [folder if folder.exists() else Path(settings.BASE_DIR) for folder in folders]


@dataclass
class Check:
    """A check and the thread that runs it; a thread that still waits is not joined by another."""

    names: tuple[str, ...]
    run: Callable[[], Results]
    timeout_state: State = State.FAILED
    thread: Thread | None = None
    began: float = 0.0
    results: Results = field(default_factory=dict)

    def start(self) -> None:
        if self.thread is None or not self.thread.is_alive():
            self.results, self.began = {}, monotonic()
            self.thread = Thread(target=self._work, name=f"check {self.names[0]}", daemon=True)
            self.thread.start()

    def _work(self) -> None:
        self.results = self.run()

    def finish(self, deadline: float) -> Results:
        if self.thread:
            self.thread.join(max(deadline - monotonic(), 0))
        if self.results:
            return self.results
        problem = f"No answer for {monotonic() - self.began:.0f} s."
        return dict.fromkeys(self.names, Result(self.timeout_state, problem, "Look whether it hangs."))


def checks() -> list[Check]:
    replica = [Check(("replica",), check_replica, State.WARNING)] if "replica" in settings.DATABASES else []
    return [
        Check(("database", "migrations", "write"), check_primary),
        *replica,
        Check(("cache",), check_cache, State.WARNING),
        Check(("disk",), check_disk),
    ]


class Readiness:
    """The answer that all who ask within a second share."""

    def __init__(self, all_checks: list[Check]) -> None:
        self.checks = all_checks
        self.lock = Lock()
        self.results: Results = {}
        self.at = float("-inf")

    def ask(self) -> Results:
        # While another request checks, the last answer will do, unless it is old.
        if not self.lock.acquire(blocking=monotonic() - self.at > MAX_AGE_SECONDS):
            return self.results
        try:
            if monotonic() - self.at > SHARED_SECONDS:
                self.results, self.at = self._check(), monotonic()
            return self.results
        finally:
            self.lock.release()

    def _check(self) -> Results:
        for check in self.checks:
            check.start()
        deadline = monotonic() + CHECK_SECONDS
        return {name: result for check in self.checks for name, result in check.finish(deadline).items()}


@cache
def readiness() -> Readiness:
    return Readiness(checks())

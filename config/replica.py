"""Sends the reads of public pages to the database of DATABASE_REPLICA_URL if that is set."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.conf import settings

_reading = ContextVar("reading_from_replica", default=False)


@contextmanager
def replica_reads() -> Iterator[None]:
    """Lets reads inside it go to the replica. Not for curators' pages, which must show what they have just written."""
    token = _reading.set("replica" in settings.DATABASES)
    try:
        yield
    finally:
        _reading.reset(token)


class ReplicaRouter:
    def db_for_read(self, model: type, **hints: Any) -> str | None:
        return "replica" if _reading.get() else None

    def db_for_write(self, model: type, **hints: Any) -> str:
        return "default"  # even for a row that was read from the replica

    def allow_relation(self, first: Any, second: Any, **hints: Any) -> bool | None:
        return True

    def allow_migrate(self, db: str, app_label: str, **hints: Any) -> bool | None:
        return db != "replica"

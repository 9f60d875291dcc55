"""Sends the reads of public pages to the database of DATABASE_REPLICA_URL if that is set and answers."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.conf import settings

from config.databases.availability import Availability

PRIMARY, REPLICA = "default", "replica"

availability = {REPLICA: Availability("replica of the database"), PRIMARY: Availability("database")}
_alias: ContextVar[str | None] = ContextVar("reading_from", default=None)


def public_databases() -> Iterator[str]:
    """The aliases of databases that public pages may read, in the order in which to try them."""
    for alias, database in availability.items():
        if alias in settings.DATABASES and (settings.DEBUG or database.may_be_asked()):
            yield alias


@contextmanager
def reads_from(alias: str) -> Iterator[None]:
    """Lets reads inside it go there. Not for curators' pages, which must show what they have just written."""
    token = _alias.set(alias)
    try:
        yield
    finally:
        _alias.reset(token)


class ReplicaRouter:
    def db_for_read(self, model: type, **hints: Any) -> str | None:
        return _alias.get()

    def db_for_write(self, model: type, **hints: Any) -> str:
        return PRIMARY  # even for a row that was read from the replica

    def allow_relation(self, first: Any, second: Any, **hints: Any) -> bool | None:
        return True

    def allow_migrate(self, db: str, app_label: str, **hints: Any) -> bool | None:
        return db != REPLICA

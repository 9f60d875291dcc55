"""What to do when the database ends a transaction because of another: try once more, from the start."""

import sqlite3
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from django.db import DatabaseError, connection

Args = ParamSpec("Args")
Result = TypeVar("Result")

SERIALIZATION_FAILURE, DEADLOCK = "40001", "40P01"
LOCK_TIMEOUT, STATEMENT_TIMEOUT = "55P03", "57014"
SQLITE_BUSY = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)


def is_conflict(error: DatabaseError) -> bool:
    """Whether the database gave up this transaction for another one's sake, so that the next try may succeed."""
    cause = error.__cause__
    if isinstance(cause, sqlite3.OperationalError):
        return (cause.sqlite_errorcode & 0xFF) in SQLITE_BUSY
    return getattr(cause, "sqlstate", None) in (SERIALIZATION_FAILURE, DEADLOCK)


def is_timeout(error: DatabaseError) -> bool:
    """Whether the database has waited as long as it may, so that trying again at once would only wait once more."""
    return getattr(error.__cause__, "sqlstate", None) in (LOCK_TIMEOUT, STATEMENT_TIMEOUT)


def tried_again(function: Callable[Args, Result]) -> Callable[Args, Result]:
    """Calls a function once more after a conflict. All it changes must be in one transaction of its own."""

    @wraps(function)
    def call(*args: Args.args, **kwargs: Args.kwargs) -> Result:
        try:
            return function(*args, **kwargs)
        except DatabaseError as error:
            if connection.in_atomic_block or not is_conflict(error):
                raise
        return function(*args, **kwargs)

    return call

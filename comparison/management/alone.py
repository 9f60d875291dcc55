"""Lets one process at a time prepare an installation; others wait, and say so."""

import fcntl
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from django.db import connection
from django.db.backends.utils import CursorWrapper

WAITING = "Another start is preparing this site. Waiting until it is done …"
LOCK_KEY = 5_914_220_417  # of PostgreSQL's advisory lock; any number that no other program uses
RETRY_SECONDS = 0.5


@contextmanager
def only_one_here(path: Path, say: Callable[[str], object]) -> Iterator[None]:
    """One process on this machine. The system frees the lock when its process ends, however that ends."""
    with path.open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say(WAITING)
            fcntl.flock(file, fcntl.LOCK_EX)
        yield


@contextmanager
def only_one_in_database(say: Callable[[str], object]) -> Iterator[None]:
    """One process on all machines that share the database. Asks again and again: waiting could exceed a time limit."""
    if connection.vendor != "postgresql":
        yield
        return
    with connection.cursor() as cursor:
        if not _lock(cursor):
            say(WAITING)
            while not _lock(cursor):
                time.sleep(RETRY_SECONDS)
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK_KEY])


def _lock(cursor: CursorWrapper) -> bool:
    cursor.execute("SELECT pg_try_advisory_lock(%s)", [LOCK_KEY])
    return bool(cursor.fetchone()[0])

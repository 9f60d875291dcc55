"""A connection to a SQLite file that cannot be used does not stay open."""

from pathlib import Path

import pytest
from django.db import DatabaseError
from django.db.utils import ConnectionHandler

from config import env


def open_files() -> set[str]:
    return {str(link.readlink()) for link in Path("/proc/self/fd").iterdir() if link.is_symlink()}


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="needs Linux' list of open files")
def test_a_damaged_file_is_closed_at_once(tmp_path, django_db_blocker) -> None:
    path = tmp_path / "damaged.sqlite3"
    path.write_bytes(b"no database, " * 1000)
    handler = ConnectionHandler({"default": {}, "sample": env.sqlite(str(path))})
    with django_db_blocker.unblock(), pytest.raises(DatabaseError, match="not a database") as error:
        handler["sample"].ensure_connection()
    assert error  # whose traceback keeps all that was not closed
    assert str(path) not in open_files()

"""A SQLite database in a folder that cannot be written is read all the same."""

import sqlite3
from contextlib import closing

import pytest
from django.db import OperationalError
from django.db.utils import ConnectionHandler

from config import env
from config.databases.sqlite3 import base


@pytest.fixture
def path(tmp_path):
    file = tmp_path / "with space#.sqlite3"
    with closing(sqlite3.connect(file)) as database:
        database.executescript("PRAGMA journal_mode=WAL; CREATE TABLE a (b); INSERT INTO a VALUES (1);")
    return file


@pytest.fixture
def connection(path, django_db_blocker):
    handler = ConnectionHandler({"default": {}, "sample": env.sqlite(str(path))})
    with django_db_blocker.unblock(), closing(handler["sample"]):
        yield handler["sample"]


def test_a_database_is_written_where_its_folder_can_be(connection) -> None:
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO a VALUES (2)")
        assert cursor.execute("SELECT COUNT(*) FROM a").fetchone() == (2,)


def test_it_is_only_read_where_its_folder_cannot(connection, monkeypatch) -> None:
    monkeypatch.setattr(base.os, "access", lambda folder, mode: False)
    with connection.cursor() as cursor:
        assert cursor.execute("SELECT b FROM a").fetchone() == (1,)
        with pytest.raises(OperationalError, match="readonly"):
            cursor.execute("INSERT INTO a VALUES (2)")


def test_newest_changes_are_read_too(path) -> None:
    assert base.read_only_url(path).endswith("/with%20space%23.sqlite3?mode=ro&immutable=1")
    path.with_name(f"{path.name}-wal").write_bytes(b"x")
    assert base.read_only_url(path).endswith("?mode=ro")


def test_a_missing_database_is_not_taken_for_one(tmp_path) -> None:
    assert not base.is_read_only(tmp_path / "missing" / "x.sqlite3")

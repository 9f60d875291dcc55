"""Nobody but the owner reads the data of a local installation."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from django.core.management import CommandError
from django.db import connection

from comparison.management.commands.prepare import Command
from config.files.private_files import make_private_database, make_private_folder
from tests.installation import python


def mode(path: Path) -> int:
    return path.stat().st_mode & 0o777


def test_a_new_folder_is_closed_and_one_of_ours_is_mended(tmp_path) -> None:
    new, old, foreign = tmp_path / "a" / "new", tmp_path / "old", tmp_path / "foreign"
    for path in (old, foreign):
        path.mkdir()
        path.chmod(0o755)
    make_private_folder(new, is_ours=False)
    make_private_folder(old, is_ours=True)
    make_private_folder(foreign, is_ours=False)
    assert [mode(path) for path in (new, old, foreign)] == [0o700, 0o700, 0o755]


@pytest.mark.parametrize("exists", [False, True])
def test_the_database_and_the_files_beside_it_are_closed(tmp_path, exists) -> None:
    path = tmp_path / "data.sqlite3"
    if exists:
        path.touch(0o644)
    make_private_database(path)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("CREATE TABLE a (b)")
        assert [mode(path.with_name(path.name + ending)) for ending in ("", "-wal", "-shm")] == [0o600] * 3
        for ending in ("", "-wal", "-shm"):
            path.with_name(path.name + ending).chmod(0o644)
        make_private_database(path)
        assert [mode(path.with_name(path.name + ending)) for ending in ("", "-wal", "-shm")] == [0o600] * 3


def test_the_first_start_closes_both(tmp_path) -> None:
    """Only as far as the folder and the file: the rest takes long."""
    script = """
from pathlib import Path
import django; django.setup()
from django.conf import settings
from comparison.management.commands.prepare import Command
command = Command()
command.make_folder(); command.close_database()
for path in (settings.VAR_DIR, settings.VAR_DIR / "secret-key", settings.DATABASES["default"]["NAME"]):
    print(oct(Path(path).stat().st_mode & 0o777))
"""
    done = python("-c", script, DJANGO_SETTINGS_MODULE="config.settings", VAR_DIR=str(tmp_path / "var"))
    assert done.stdout.split() == ["0o700", "0o600", "0o600"], done.stderr


@pytest.mark.django_db
def test_a_database_in_a_folder_that_is_closed_is_named(monkeypatch, tmp_path) -> None:
    monkeypatch.setattr(connection, "vendor", "sqlite")
    monkeypatch.setitem(connection.settings_dict, "NAME", f"{tmp_path}/missing/data.sqlite3")
    advice = "No such file or directory. Make its folder writable, or name another in DATABASE_URL."
    with pytest.raises(CommandError, match=advice):
        Command().close_database()

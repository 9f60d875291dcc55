from collections.abc import Callable, Iterator
from pathlib import Path
from shutil import copyfile
from typing import Any

import pytest
from django.core.management import call_command

from tests.backup.databases import sqlite_file
from tests.database import copy_database, database_file, is_sqlite


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory, django_db_setup, django_db_blocker) -> Path:
    """A SQLite database as migrations leave it."""
    path = tmp_path_factory.mktemp("backup") / "migrated.sqlite3"
    with django_db_blocker.unblock():
        if is_sqlite():
            copy_database(database_file(), path)  # what tests have not committed is not in it
        else:
            with sqlite_file(path):
                call_command("migrate", verbosity=0)
    return path


@pytest.fixture
def empty_file(migrated_file, tmp_path) -> Path:
    """Another SQLite database, with tables and without data."""
    return Path(copyfile(migrated_file, tmp_path / "empty.sqlite3"))


@pytest.fixture
def command(capsys) -> Callable[..., Iterator[str]]:
    def run(*words: Any) -> str:
        call_command(*map(str, words))
        return capsys.readouterr().out

    return run

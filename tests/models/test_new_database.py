"""A new database, made in one step, equals one that was brought forward through all earlier versions."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.db import connection
from django.db.migrations.autodetector import MigrationAutodetector
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ProjectState

from comparison.backup import schema
from comparison.models import Edition
from tests.backup.databases import sqlite_file
from tests.database import is_sqlite

NEWEST_REPEATED = "0031_reports"  # by 0001_squashed_0031_reports


def repeated() -> set[schema.Migration]:
    return {(app, name) for app, name in schema.software_migrations() if app != "comparison" or name <= NEWEST_REPEATED}


def state_after(summary: bool) -> ProjectState:
    nodes = sorted(repeated())
    if summary:
        nodes = [node for node in nodes if node[0] != "comparison"] + [("comparison", "0001_squashed_0031_reports")]
    return MigrationLoader(None, replace_migrations=False).project_state(nodes)


def columns() -> set[tuple[str, str, str, bool, str | None]]:
    with connection.cursor() as cursor:
        tables = connection.introspection.table_names(cursor)
        found = set()
        for table in tables:
            cursor.execute('SELECT name, type, "notnull", dflt_value FROM pragma_table_xinfo(%s)', [table])
            found |= {(table, *row) for row in cursor.fetchall()}
    return found


def indexes() -> set[tuple[str, str, tuple[str, ...], bool, bool]]:
    """Table, kind, columns, unique, check: names of indexes may differ."""
    with connection.cursor() as cursor:
        return {
            (table, str(found["foreign_key"]), tuple(found["columns"] or ()), found["unique"], found["check"])
            for table in connection.introspection.table_names(cursor)
            for found in connection.introspection.get_constraints(cursor, table).values()
        }


def rights() -> dict[str, list[str]]:
    return {
        group.name: sorted(group.permissions.values_list("codename", flat=True))
        for group in Group.objects.order_by("pk")
    }


def test_the_models_are_the_same() -> None:
    assert not MigrationAutodetector(state_after(summary=True), state_after(summary=False))._detect_changes()
    assert not MigrationAutodetector(state_after(summary=False), state_after(summary=True))._detect_changes()


def contents() -> tuple[Any, ...]:
    """Tables, indexes, rights and the first edition of a database that has all migrations."""
    assert schema.applied_migrations() == schema.software_migrations()
    editions = list(Edition.objects.values_list("number", "summary", "by", "withdrawal", "has_verdicts"))
    return columns(), indexes(), rights(), editions, [bool(edition.token) for edition in Edition.objects.all()]


@contextmanager
def made_in_one_step(path: Path) -> Iterator[None]:
    """The database of the tests, or one in a file if that is another kind."""
    if is_sqlite():
        yield
        return
    with sqlite_file(path):
        call_command("migrate", verbosity=0)
        yield


@pytest.mark.django_db
def test_tables_roles_and_first_edition_are_the_same(tmp_path) -> None:
    with sqlite_file(tmp_path / "steps.sqlite3"):
        schema.migrate_to(repeated())
        call_command("migrate", verbosity=0)
        by_steps = contents()
    with made_in_one_step(tmp_path / "once.sqlite3"):
        assert contents() == by_steps
    assert by_steps[3] == [(0, "The site is set up.", None, "", False)]

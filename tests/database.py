"""Copies of the test database, which are much quicker to restore than tables are to empty and catalogues to load."""

import sqlite3
from contextlib import closing
from importlib import import_module
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from django.apps import apps
from django.core.management import call_command
from django.db import connection, transaction

from comparison.files.catalogue_load import SHIPPED, load
from comparison.models import Edition


def is_sqlite() -> bool:
    return connection.vendor == "sqlite"


class CatalogueRows:
    """The rows of the shipped catalogue, to be written into an open transaction."""

    def __init__(self) -> None:
        """Loads the catalogue, reads the rows and takes them back."""
        self.tables: dict[str, list[tuple[Any, ...]]] = {}
        if is_sqlite():
            with transaction.atomic(), connection.cursor() as cursor:
                load(SHIPPED)
                for table in app_tables():
                    self.tables[table] = cursor.execute(f"SELECT * FROM {table}").fetchall()
                transaction.set_rollback(True)

    def write(self) -> None:
        if not is_sqlite():
            load(SHIPPED)
            return
        with transaction.atomic(), connection.cursor() as cursor:
            for table, rows in self.tables.items():
                cursor.execute(f"DELETE FROM {table}")  # the edition that a migration makes is among the rows
                if rows:
                    values = ", ".join(["%s"] * len(rows[0]))
                    cursor.executemany(f"INSERT INTO {table} VALUES ({values})", rows)


def app_tables() -> list[str]:
    models = apps.get_app_config("comparison").get_models(include_auto_created=True)
    return [model._meta.db_table for model in models]


class Snapshots:
    """The test database as migrations leave it and with the shipped catalogue, for tests whose writes are committed."""

    def __init__(self, folder: Path, catalogue: CatalogueRows) -> None:
        self.catalogue, self.empty, self.shipped = catalogue, folder / "empty.sqlite3", folder / "shipped.sqlite3"
        if is_sqlite():
            copy_database(database_file(), self.empty)
            catalogue.write()
            copy_database(database_file(), self.shipped)
            self.restore_empty()

    def restore_empty(self) -> None:
        if is_sqlite():
            copy_database(self.empty, database_file())
        else:
            call_command("flush", verbosity=0, interactive=False)
            write_rows_of_migrations()

    def restore_shipped(self) -> None:
        if is_sqlite():
            copy_database(self.shipped, database_file())
        else:
            self.restore_empty()
            self.catalogue.write()


def database_file() -> Path:
    return Path(connection.settings_dict["NAME"])


def copy_database(source: Path, target: Path) -> None:
    with closing(sqlite3.connect(source)) as rows, closing(sqlite3.connect(target, timeout=20)) as copy:
        rows.backup(copy)


def write_rows_of_migrations() -> None:
    """The rows that migrations made and that emptying all tables removed: the first edition and the roles."""
    Edition.objects.get_or_create(number=0)
    editor, config = SimpleNamespace(connection=connection), apps.get_app_config("comparison")
    module = config.models_module
    import_module("comparison.migrations.0002_roles_and_first_edition").create_roles(apps, editor)
    import_module("comparison.migrations.0007_roles_see_batches").grant(apps, editor)
    config.models_module = module

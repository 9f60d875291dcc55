"""Rows of a backup into a database that has the backup's schema."""

from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager

from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection, transaction

from comparison.backup import schema
from comparison.backup.archive import Archive, BadBackup, in_a_line
from comparison.backup.last_ids import continue_after, last_id
from comparison.backup.rows import Model, column_names, delete_rows, stored_models, write_rows


class NotRestored(Exception):
    """The database is as it was; the message says why and what to do."""


def check_tables(archive: Archive) -> None:
    """Raises BadBackup if a backup has other tables or columns than its version of the software."""
    registry = schema.registry_for(schema.from_apps(archive.manifest.migrations))
    expected = {model._meta.db_table: sorted(column_names(model)) for model in stored_models(registry)}
    present = {entry.name: sorted(entry.columns) for entry in archive.manifest.tables}
    for name in sorted(expected.keys() | present.keys()):
        if expected.get(name) != present.get(name):
            raise BadBackup(f"{archive.path} was altered: its table {name} is not as its version has it.")


@contextmanager
def replacing(tables: Sequence[Model]) -> Iterator[None]:
    """A transaction in which others read these tables as they were, and wait if they want to write."""
    with connection.constraint_checks_disabled(), transaction.atomic():
        if connection.vendor == "postgresql":
            names = ", ".join(connection.ops.quote_name(model._meta.db_table) for model in tables)
            with connection.cursor() as cursor:
                cursor.execute("SET LOCAL statement_timeout = 0")
                cursor.execute(f"LOCK TABLE {names} IN EXCLUSIVE MODE")
        yield
        connection.check_constraints()


def replace_rows(archive: Archive) -> None:
    """Call it inside `replacing`."""
    registry = schema.registry_for(schema.from_apps(archive.manifest.migrations))
    tables = {model._meta.db_table: model for model in stored_models(registry)}
    given_out = {name: last_id(model) for name, model in tables.items()}
    for model in tables.values():
        delete_rows(model)
    for entry in archive.manifest.tables:
        try:
            with closing(archive.rows(entry)) as rows:
                write_rows(tables[entry.name], entry.columns, rows)
        except (DatabaseError, ValidationError, ValueError) as error:
            why = f"rows of {entry.name} do not fit into this database: {in_a_line(error)}"
            raise NotRestored(f"Nothing was restored: {why}") from error
        continue_after(tables[entry.name], given_out[entry.name], entry.last_id)

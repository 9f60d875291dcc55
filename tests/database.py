"""Copies of the test database, which are much quicker to restore than tables are to empty and catalogues to load."""

import fcntl
import os
import pickle
import sqlite3
from collections.abc import Callable
from contextlib import closing
from copy import deepcopy
from functools import cache, partial, wraps
from importlib import import_module
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Final, cast

from django.apps import apps
from django.core.management import call_command
from django.core.management.color import no_style
from django.db import connection, transaction
from django.db.models import Model

from comparison.files.catalogue_load import SHIPPED, load
from comparison.models import CellVerdict, Edition

RUN_FOLDER: Final = "CROSSCHECK_TEST_RUN"  # variable that names the folder which all processes of a run share
SAMPLE_CLAIMS: Final = 2  # of each cell
SAMPLE_CRITERIA: Final = (
    *("learning-curve", "ease-of-use", "documentation", "framework-type", "lightness", "dependency-count"),
    *("orm", "template-engine", "admin", "testing", "databases", "nosql", "api-support", "speed", "response-time"),
    *("cpu-json", "memory", "scalability", "authentication", "csrf-protection", "community-support", "maturity"),
    *("licence-terms", "development-speed", "notable-users", "large-project", "prototype", "shop"),
)
SAMPLE_MEASUREMENTS: Final = 3  # of each variant, and so many variants with figures of each experiment
Rows = dict[str, list[tuple[Any, ...]]]  # by table


def is_sqlite() -> bool:
    return connection.vendor == "sqlite"


def recorded(make: Callable[[], Any]) -> Callable[[], Any]:
    """Runs a function that makes rows once; from then on writes the same rows, in a hundredth of the time.

    Answers with a copy of what the function returned. The rows must not exist yet: call it first in a test.
    """
    kept: list[tuple[Rows, Any]] = []

    @wraps(make)
    def write() -> Any:
        if not kept:
            kept.append(rows_made_by(make))
        rows, result = kept[0]
        write_rows(rows)
        return deepcopy(result)

    return write


def rows_made_by(make: Callable[[], Any]) -> tuple[Rows, Any]:
    """The rows that a function adds to each table, which are undone, and what it returns."""
    with transaction.atomic():
        before = app_rows()
        result = make()
        rows = {table: [row for row in now if row not in before[table]] for table, now in app_rows().items()}
        transaction.set_rollback(True)
    return rows, result


def write_rows(rows: Rows) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        for table, new in rows.items():
            if new and is_sqlite():
                cursor.executemany(f"INSERT INTO {table} VALUES ({', '.join(['%s'] * len(new[0]))})", new)
            elif new:
                with cursor.copy(f"COPY {table} ({stored_columns(table)}) FROM STDIN") as copy:
                    copy.write(b"".join(line for (line,) in new))
        written = [model for model in app_models() if rows.get(model._meta.db_table)]
        if resets := connection.ops.sequence_reset_sql(no_style(), written):
            cursor.execute("\n".join(resets))


def app_rows() -> Rows:
    """Everything stored: each row as a tuple of its values, or of its line in PostgreSQL's own text format."""
    rows: Rows = {}
    with connection.cursor() as cursor:
        for table in [model._meta.db_table for model in app_models()]:
            if is_sqlite():
                rows[table] = cursor.execute(f"SELECT * FROM {table} ORDER BY rowid").fetchall()
            else:
                with cursor.copy(f"COPY {table} ({stored_columns(table)}) TO STDOUT") as copy:
                    rows[table] = [(bytes(line),) for line in copy]
    return rows


def app_models() -> list[type[Model]]:
    """All but those whose tables the database fills itself."""
    models = apps.get_app_config("comparison").get_models(include_auto_created=True)
    return [model for model in models if model._meta.managed]


@cache
def stored_columns(table: str) -> str:
    """PostgreSQL's columns without generated ones, which cannot be written."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT string_agg(quote_ident(attname), ', ' ORDER BY attnum) FROM pg_attribute"
            " WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = ''",
            [table],
        )
        return cast(str, cursor.fetchone()[0])


def write_shipped_catalogue() -> None:
    """Loads the shipped catalogue, which the first process of a run does for all."""
    write_rows(shipped_rows())
    gather_statistics()


def gather_statistics() -> None:
    """For PostgreSQL's planner after many new rows: without statistics it takes tables for empty, and loops."""
    if not is_sqlite():
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")


@cache
def shipped_rows() -> Rows:
    folder = Path(os.environ[RUN_FOLDER])
    file = folder / "shipped.pickle"
    with (folder / "shipped.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not file.exists():
            file.write_bytes(pickle.dumps(rows_made_by(partial(load, SHIPPED))[0]))
    return cast(Rows, pickle.loads(file.read_bytes()))


def keep_sample() -> None:
    """Leaves of the shipped catalogue what a browser needs to meet each sort of thing, in a fraction of the rows."""
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM comparison_criterion WHERE slug NOT IN {SAMPLE_CRITERIA}")
        cursor.execute(f"""DELETE FROM comparison_claim WHERE id NOT IN (SELECT id FROM (
            SELECT id, row_number() OVER (PARTITION BY framework_id, criterion_id ORDER BY id) AS place
            FROM comparison_claim) WHERE place <= {SAMPLE_CLAIMS})""")
        cursor.execute(f"""DELETE FROM comparison_measurement WHERE id NOT IN (SELECT id FROM (
            SELECT id, outcome, dense_rank() OVER (PARTITION BY part_id ORDER BY variant) AS variant_place,
            row_number() OVER (PARTITION BY part_id, variant, is_noisy, outcome ORDER BY id) AS place
            FROM comparison_measurement) WHERE place <= {SAMPLE_MEASUREMENTS}
            AND (outcome <> '' OR variant_place <= {SAMPLE_MEASUREMENTS}))""")
        while orphans := cursor.execute("PRAGMA foreign_key_check").fetchall():
            for table, row, *_ in orphans:
                cursor.execute(f"DELETE FROM {table} WHERE rowid = %s", [row])
    edition = Edition.objects.current().number
    CellVerdict.objects.rebuild_all(edition)


class Snapshots:
    """The test database as migrations leave it and with the shipped catalogue, for tests whose writes are committed."""

    def __init__(self, folder: Path) -> None:
        self.empty, self.shipped = folder / "empty.sqlite3", folder / "shipped.sqlite3"
        self.sample = folder / "sample.sqlite3"
        if is_sqlite():
            copy_database(database_file(), self.empty)

    def restore_empty(self) -> None:
        if is_sqlite():
            copy_database(self.empty, database_file())
        else:
            call_command("flush", verbosity=0, interactive=False)
            write_rows_of_migrations()

    def restore_shipped(self) -> None:
        if is_sqlite() and self.shipped.exists():
            copy_database(self.shipped, database_file())
            return
        self.restore_empty()
        write_shipped_catalogue()
        if is_sqlite():
            copy_database(database_file(), self.shipped)

    def restore_sample(self) -> None:
        """Some claims of each kind; all of the shipped ones where the database is no file."""
        if self.sample.exists():
            copy_database(self.sample, database_file())
            return
        self.restore_shipped()
        if is_sqlite():
            with transaction.atomic():
                keep_sample()
            copy_database(database_file(), self.sample)


def database_file() -> Path:
    return Path(connection.settings_dict["NAME"])


def copy_database(source: Path, target: Path) -> None:
    with closing(sqlite3.connect(source)) as rows, closing(sqlite3.connect(target, timeout=20)) as copy:
        rows.backup(copy)


def write_rows_of_migrations() -> None:
    """The rows that migrations made and that emptying all tables removed: the first edition and the roles."""
    editor, config = SimpleNamespace(connection=connection), apps.get_app_config("comparison")
    module = config.models_module
    first = import_module("comparison.migrations.0001_squashed_0031_reports")
    first.create_roles(apps, editor)
    first.create_first_edition(apps, editor)
    import_module("comparison.migrations.0033_guided_start").grant(apps, editor)
    config.models_module = module

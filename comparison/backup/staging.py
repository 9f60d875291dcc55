"""Backups of earlier versions and SQLite databases, brought forward in a temporary database."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from shutil import copyfile
from typing import Any

from django.db import DEFAULT_DB_ALIAS, DatabaseError, connection, connections
from django.db.utils import ConnectionHandler

from comparison.backup import schema
from comparison.backup.archive import Archive, BadBackup, first_bytes
from comparison.backup.loading import replace_rows, replacing
from comparison.backup.rows import stored_models
from comparison.backup.save import NotSaved, save
from comparison.models.verdicts.stored import build_missing
from config import env

SQLITE_START = b"SQLite format 3\x00"
PRAGMAS = "PRAGMA journal_mode=MEMORY; PRAGMA synchronous=OFF;"  # a power cut may destroy it: it is made anew


@contextmanager
def own_database(config: dict[str, Any]) -> Iterator[None]:
    """Lets another database be this thread's, for migrations too: nothing inside can touch the site's."""
    site, other = connections[DEFAULT_DB_ALIAS], ConnectionHandler({DEFAULT_DB_ALIAS: config})[DEFAULT_DB_ALIAS]
    connections[DEFAULT_DB_ALIAS] = other
    try:
        yield
    finally:
        other.close()
        connections[DEFAULT_DB_ALIAS] = site


def temporary_file(path: Path) -> dict[str, Any]:
    config = env.sqlite(str(path))
    config["OPTIONS"]["init_command"] = PRAGMAS
    return config


def brought_forward(archive: Archive, folder: Path) -> Path:
    """A backup of an earlier version as this version would write it."""
    newer = folder / "forward.zip"
    applied = schema.from_apps(archive.manifest.migrations)
    with own_database(temporary_file(folder / "earlier.sqlite3")):
        schema.migrate_to(applied)
        with replacing(stored_models(schema.registry_for(applied))):
            replace_rows(archive)
        schema.migrate_forward()
        build_missing()
        save(newer)
    return newer


def is_database(path: Path) -> bool:
    return path.is_file() and first_bytes(path) == SQLITE_START


def saved_database(path: Path, folder: Path) -> Path:
    """A SQLite database of this site, of any version up to this one, as a backup. Raises BadBackup."""
    saved, copy = folder / "database.zip", folder / "database.sqlite3"
    for ending in ("", "-wal"):
        if (file := path.with_name(path.name + ending)).exists():
            copyfile(file, copy.with_name(copy.name + ending))
    with own_database(temporary_file(copy)):
        try:
            _check_database(path)
            save(saved)
        except NotSaved as error:
            raise BadBackup(f"{path}: {error}") from error
        except DatabaseError as error:
            raise BadBackup(f"{path} is a damaged database ({error}). Take another copy.") from error
    return saved


def _check_database(path: Path) -> None:
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA integrity_check(1)")
        if (result := cursor.fetchone()[0]) != "ok":
            raise BadBackup(f"{path} is a damaged database ({result}). It was copied while the site wrote to it?")
        tables = connection.introspection.table_names(cursor)
    if "comparison_edition" not in tables:
        raise BadBackup(f"{path} is a SQLite database, but not of this site.")

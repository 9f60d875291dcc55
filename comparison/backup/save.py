"""Writes a backup: one consistent state of the database, while others go on writing."""

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from django.db import connection
from django.utils import timezone

from comparison.backup import archive, schema
from comparison.backup.archive import Manifest
from comparison.backup.last_ids import last_id
from comparison.backup.rows import column_names, read_rows, stored_models
from config.databases.snapshots import snapshot


class NotSaved(Exception):
    """No backup was written; the message says why and what to do."""


def save(path: Path, overwrite: bool = False) -> Manifest:
    """Writes the file whole or not at all. Raises NotSaved."""
    if path.exists() and not path.is_file():
        raise NotSaved(f"{path} is a {'folder. Name a file in it.' if path.is_dir() else 'device, not a file.'}")
    if not overwrite:
        _refuse_existing(path)
    try:
        with _renamed_when_whole(path, overwrite) as file, archive.writing(file) as writer, snapshot():
            _take_as_long_as_it_takes()
            return _write(writer)
    except OSError as error:
        raise NotSaved(f"{path} was not written: {error.strerror or error}. Name a file in another folder.") from error


def _write(writer: archive.Writer) -> Manifest:
    applied = schema.applied_migrations()
    if not applied:
        raise NotSaved("The database is empty: there is nothing to back up.")
    if unknown := schema.unknown_migrations(applied):
        raise NotSaved(f"A newer version of the software wrote this database ({unknown[0]}). Use that version.")
    for model in stored_models(schema.registry_for(applied)):
        writer.add_table(model._meta.db_table, column_names(model), read_rows(model), last_id(model))
    manifest = Manifest(timezone.now().isoformat(), _edition(), schema.by_app(applied), writer.tables)
    writer.add_manifest(manifest)
    return manifest


def _edition() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT MAX(number) FROM comparison_edition")
        return cursor.fetchone()[0] or 0


def _take_as_long_as_it_takes() -> None:
    """Lifts the time limit of statements until the end of the transaction."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL statement_timeout = 0")


@contextmanager
def _renamed_when_whole(path: Path, overwrite: bool) -> Iterator[IO[bytes]]:
    partial = path.with_name(f".{path.name}.{secrets.token_hex(4)}.partial")
    try:
        with open(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        if not overwrite:
            _refuse_existing(path)  # another backup may have been written meanwhile
        partial.rename(path)
        _sync_folder(path.parent)
    finally:
        partial.unlink(missing_ok=True)


def _sync_folder(folder: Path) -> None:
    """Makes the new name survive a power cut."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _refuse_existing(path: Path) -> None:
    if path.exists():
        raise NotSaved(f"{path} exists already. Choose another name, or add --force to replace it.")

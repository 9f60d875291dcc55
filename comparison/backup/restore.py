"""Replaces everything in the database by what a backup holds, in one transaction."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from django.apps import apps
from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.db import DatabaseError, connection

from comparison.backup import archive, schema
from comparison.backup.archive import Archive, BadBackup, in_a_line
from comparison.backup.loading import NotRestored, check_tables, replace_rows, replacing
from comparison.backup.rows import stored_models
from comparison.backup.staging import brought_forward, is_database, saved_database
from comparison.models import Edition
from comparison.models.conflicts import tried_again
from comparison.models.editions import new_token

MADE_BY_MIGRATIONS = (ContentType, Permission, Group, Group.permissions.through, Edition)


@contextmanager
def readable(path: Path) -> Iterator[Archive]:
    """A backup of this version or an earlier one, or a SQLite database, as a checked backup. Raises BadBackup."""
    with TemporaryDirectory(prefix="crosscheck-restore-") as folder:
        if is_database(path):
            path = saved_database(path, Path(folder))
        with archive.opened(path) as opened:
            applied = schema.from_apps(opened.manifest.migrations)
            if unknown := schema.unknown_migrations(applied):
                newer = f"A newer version of the software wrote {path} ({unknown[0]}). Update this one first."
                raise BadBackup(newer)
            check_tables(opened)
            if applied == schema.software_migrations():
                yield opened
                return
            with archive.opened(brought_forward(opened, Path(folder))) as forward:
                yield forward


def prepare_database() -> None:
    """Gives an empty database its tables. Raises NotRestored if the database is of another version."""
    applied = schema.applied_migrations()
    if unknown := schema.unknown_migrations(applied):
        advice = "Restore into an empty database: name another in DATABASE_URL, or update the software."
        raise NotRestored(f"A newer version of the software wrote this database ({unknown[0]}). {advice}")
    if not applied:
        schema.migrate_forward()
    elif applied != schema.software_migrations():
        raise NotRestored("The database is of an earlier version. Run first: .venv/bin/python manage.py migrate")


def holds_data() -> bool:
    """Whether the database has rows that no migration made."""
    if Edition.objects.filter(number__gt=0).exists():
        return True
    return any(model._base_manager.exists() for model in stored_models(apps) if model not in MADE_BY_MIGRATIONS)


def refuse_own_file(path: Path) -> None:
    own = str(connection.settings_dict["NAME"])
    if connection.vendor == "sqlite" and path.resolve() == Path(own).resolve():
        raise NotRestored(f"{path} is the database in use: there is nothing to restore.")


def restore(opened: Archive) -> bool:
    """Replaces everything: a running site shows either the old or the new state. Raises NotRestored.

    Answers whether processes that are running must be restarted, since they remember ids of content types.
    """
    content_types = _content_types()
    try:
        _replace_everything(opened)
    except DatabaseError as error:
        raise NotRestored(f"Nothing was restored: {in_a_line(error)}") from error
    _tidy()
    return _content_types() != content_types


@tried_again
def _replace_everything(opened: Archive) -> None:
    # Editors lock the editions first, so this must too: else each would wait for the other.
    with replacing([Edition, *stored_models(apps), Session]):
        replace_rows(opened)
        Session.objects.all().delete()
        # Pages of this edition that were kept since the backup may show answers that are gone now.
        token = new_token()
        Edition.objects.filter(number=opened.manifest.edition).update(token=token, withdrawal=token)


def _content_types() -> set[tuple[int, str, str]]:
    return set(ContentType.objects.values_list("pk", "app_label", "model"))


def _tidy() -> None:
    """Statistics for the planner of PostgreSQL; for SQLite the disk space of the log of changes."""
    ContentType.objects.clear_cache()
    if not connection.in_atomic_block:
        is_postgresql = connection.vendor == "postgresql"
        with connection.cursor() as cursor:
            cursor.execute("SET statement_timeout = 0; ANALYZE" if is_postgresql else "PRAGMA wal_checkpoint(TRUNCATE)")

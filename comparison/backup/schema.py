"""Which migrations a database or a backup has, and the models that fit them."""

from collections.abc import Iterable
from functools import cache

from django.apps import apps
from django.apps.registry import Apps
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

Migration = tuple[str, str]  # app and name


@cache
def _summaries() -> frozenset[Migration]:
    """Migrations that repeat others in one step, for new databases. Backups name only those that they repeat."""
    migrations = MigrationLoader(None).disk_migrations
    return frozenset(key for key, migration in migrations.items() if migrations.keys() & set(migration.replaces))


@cache
def software_migrations() -> frozenset[Migration]:
    return frozenset(MigrationLoader(None).disk_migrations.keys() - _summaries())


def applied_migrations() -> set[Migration]:
    return MigrationRecorder(connection).applied_migrations().keys() - _summaries()


def unknown_migrations(applied: Iterable[Migration]) -> list[str]:
    """Migrations that this version of the software lacks: a newer version applied them."""
    return [".".join(key) for key in sorted(set(applied) - software_migrations())]


def registry_for(applied: Iterable[Migration]) -> Apps:
    """The models as they were after these migrations."""
    known = frozenset(applied)
    return apps if known == software_migrations() else _earlier_models(known)


@cache
def _earlier_models(applied: frozenset[Migration]) -> Apps:
    return MigrationLoader(None, replace_migrations=False).project_state(sorted(applied)).apps


def migrate_to(applied: Iterable[Migration]) -> None:
    """Brings an empty database to the schema after these migrations."""
    executor, known = MigrationExecutor(connection), set(applied)
    executor.loader = MigrationLoader(connection, replace_migrations=False)
    nodes = executor.loader.graph.node_map
    last = [key for key in known if not any(c.key in known and c.key[0] == key[0] for c in nodes[key].children)]
    executor.migrate(sorted(last))


def migrate_forward() -> None:
    call_command("migrate", interactive=False, verbosity=0)


def by_app(applied: Iterable[Migration]) -> dict[str, list[str]]:
    names: dict[str, list[str]] = {}
    for app, name in sorted(applied):
        names.setdefault(app, []).append(name)
    return names


def from_apps(names: dict[str, list[str]]) -> set[Migration]:
    return {(app, name) for app, app_names in names.items() for name in app_names}

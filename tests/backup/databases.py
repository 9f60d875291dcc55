"""Other databases than the test run's own, and everything that a database holds."""

import resource
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.apps import apps
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth.models import Group, Permission
from django.core.cache import cache
from django.db import connection
from django.test import Client

from comparison.backup.restore import prepare_database, readable, restore
from comparison.backup.staging import own_database
from comparison.models import (
    Batch,
    Check,
    Claim,
    ClaimState,
    Criterion,
    Edition,
    FormerCriterion,
    Framework,
    KnownClient,
    NotApplicable,
    Profile,
    ProfileWeight,
    Report,
    Snapshot,
    Source,
)
from comparison.models.readers.reports import ReportState
from comparison.views.sitemap import listed_pages
from config import env
from tests.make import make_claim, make_framework, make_source, make_user
from tests.site_routes import make_catalogue, routes

NOT_STORED = {"django_session", "comparison_trycount", "comparison_lastwrite"}
TEXT = 'A ‘text’\r\nwith\ttabs, \\ and "quotes", é ≠ é, 𝔘nicode and \u2028 lines\n' * 50

Rows = dict[str, list[tuple[Any, ...]]]


@contextmanager
def sqlite_file(path: Path) -> Iterator[None]:
    """A SQLite database as sites use it, for this thread."""
    with own_database(env.sqlite(str(path))):
        yield


@contextmanager
def full_disk() -> Iterator[None]:
    """No file can grow over 2 kB."""
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (2_000, limits[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)


def restore_file(path: Path) -> bool:
    with readable(path) as archive:
        prepare_database()
        return restore(archive)


def make_site() -> None:
    """A little of everything that a site stores."""
    make_catalogue()
    eve = make_user("Editor", username="eve", password="a secret", email="eve@example.org")
    eve.user_permissions.add(Permission.objects.get(codename="publish_claim"))
    eve.groups.add(Group.objects.create(name="Friends"))
    LogEntry.objects.log_actions(eve.pk, Source.objects.all()[:2], CHANGE, change_message=[{"changed": {}}])
    source = make_source("Read", text=TEXT, text_sha256="a" * 64, text_length=len(TEXT))
    figures = Criterion.objects.filter(kind="figure").first()
    make_claim(criterion=figures, low=Decimal("0.1"), high=Decimal("1234567.25"), source=source, created_by=eve)
    make_claim(ClaimState.REJECTED, quote="“Quoted”", section="§ 1 — é", created_by=eve)
    NotApplicable.objects.create(framework=make_framework("Gamma"), criterion=figures, reason="None")
    FormerCriterion.objects.create(slug="earlier", criterion=figures)
    figures.related.add(Criterion.objects.filter(kind="rating").first())
    ProfileWeight.objects.create(profile=Profile.objects.get(), criterion=figures, weight=3)
    Profile.objects.get().exclusions.create(framework=Framework.objects.get(slug="gamma"), reason="It is too small.")
    Check.objects.get().decided_by.add(Claim.objects.get(pk=1))
    Report.objects.get().move(ReportState.IN_WORK, eve, "Reading “it”\n")
    KnownClient.objects.remember(eve, ["0" * 64])
    with Batch.objects.open("Two at once", eve):
        source.publisher = "Changed"
        source.save()
    answer = Snapshot.objects.get().answer | {"z first": 1, "a": [1.5, 1e22, None, "é\n"], "names": {}}
    Snapshot.objects.update(answer=answer)
    Claim.objects.filter(pk=make_claim(ClaimState.DRAFT).pk).delete()  # its id was given out


def all_rows() -> Rows:
    """The rows of all stored tables as the database returns them, without Django's fields."""
    rows = {}
    with connection.cursor() as cursor:
        models = apps.get_models(include_auto_created=True)
        tables = {model._meta.db_table for model in models if model._meta.managed}
        for table in sorted(tables - NOT_STORED):
            description = connection.introspection.get_table_description(cursor, table)
            names = ", ".join(sorted(f'"{column.name}"' for column in description))
            cursor.execute(f'SELECT {names} FROM "{table}"')
            rows[table] = sorted(cursor.fetchall(), key=repr)
    return rows


def all_values() -> dict[str, list[tuple[Any, ...]]]:
    """The rows of all stored tables as models read them, the same from every database."""
    models = apps.get_models(include_auto_created=True)
    return {
        model._meta.db_table: list(model._base_manager.order_by("pk").values_list())
        for model in models
        if model._meta.db_table not in NOT_STORED and model._meta.managed
    }


def public_pages(skip: int = 1) -> dict[str, bytes]:
    """Every public page and file, or every `skip`th."""
    cache.clear()
    client, pages = Client(), {}
    listed = [row.path for row in listed_pages(Edition.objects.current())]
    routed = {route.path() for route in routes() if hasattr(route.view, "params")}
    paths = {"/search/?q=says", "/claims/?q=says", *listed, *routed}
    for path in sorted(paths)[::skip]:
        pages[path] = client.get(path).content
    return pages

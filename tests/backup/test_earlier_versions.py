"""Databases and backups of earlier versions are brought forward, and nothing in them is lost."""

from typing import Any

import pytest
from django.apps.registry import Apps
from django.core.management import call_command
from django.db import connection, transaction
from django.utils import timezone

from comparison.backup import schema
from comparison.backup.rows import column_names, stored_models
from comparison.backup.save import save
from comparison.models import Claim, Source
from comparison.models.verdicts.stored import CellVerdict, wrong_verdicts
from tests.backup.databases import restore_file, sqlite_file

pytestmark = pytest.mark.django_db

EARLIER = (
    "0006_batches_merges_snapshots",
    "0010_merged_claims_may_be_alike",
    "0013_related_criteria_and_frameworks_of_sources",
)
FIRST_APPS = {"admin", "auth", "contenttypes", "sessions", "comparison"}
RECOMPUTED = {("comparison_source", "sketch")}

Columns = dict[tuple[str, str], list[Any]]


def migrations_until(name: str) -> set[schema.Migration]:
    every = {key for key in schema.software_migrations() if key[0] in FIRST_APPS}
    return {(app, migration) for app, migration in every if app != "comparison" or migration <= name}


def fill(registry: Apps, label: str) -> None:
    """A row or two in each table of an earlier version."""
    models = {model.__name__: model for model in registry.get_app_config("comparison").get_models()}
    people = registry.get_model("auth", "User").objects
    user = people.create(username=label, password=f"md5$1${label}", is_staff=True)
    user.groups.add(registry.get_model("auth", "Group").objects.get(name="Editor"))
    user.user_permissions.add(registry.get_model("auth", "Permission").objects.get(codename="publish_claim"))
    content_type = registry.get_model("contenttypes", "ContentType").objects.get(model="claim")
    registry.get_model("admin", "LogEntry").objects.create(user=user, content_type=content_type, action_flag=1)

    def make(model: str, /, **fields: Any) -> Any:
        row = models[model]._default_manager.create(**fields)
        if history := models.get(f"Historical{model}"):
            values = {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}
            stored = {field.attname: values[field.attname] for field in history._meta.fields if field.attname in values}
            signed = {"history_author": label} if "history_author" in {f.name for f in history._meta.fields} else {}
            history._default_manager.create(history_date=timezone.now(), history_type="+", **stored, **signed)
        return row

    words = {"slug": label, "name": label}
    category = make("Category", **words)
    rating = make("Criterion", **words, question="Is it?", kind="rating", category=category)
    figure = {"kind": "figure", "unit": "ms", "lower_is_better": True, "category": category}
    time = make("Criterion", slug=f"{label}-time", name=f"{label} time", question="How long?", **figure)
    if hasattr(rating, "related"):
        rating.related.add(time)
    framework = make("Framework", **words, aliases=f"{label}s")
    text = {"text": f"A text of {label}. " * 30, "text_sha256": "a" * 64, "text_length": 10}
    source = make("Source", slug=label, title=label, kind="independent", **text)
    cell = {"framework": framework, "source": source, "created_by": user}
    claim = make("Claim", criterion=rating, level=2, statement="Good", state="published", quote="Good", **cell)
    make("Claim", criterion=time, low="0.1", high="12345.6789", statement="Quick", merged_into=claim, **cell)
    make("Check", claim=claim, finding="false", note="Seen otherwise.", by=user)
    profile = make("Profile", **words, description="A thing.")
    make("ProfileWeight", profile=profile, criterion=rating, weight=3, must_have=True)
    make("NotApplicable", framework=framework, criterion=time, reason="None")
    make("FormerCriterion", slug=f"{label}-former", criterion=rating)
    make("Snapshot", key=label, edition=1, answer={"b": 1.5, "a": [None, "é"]})
    make("Batch", summary=label, by=user)
    editions = models["Edition"].objects
    make("Edition", number=editions.count(), summary=label, by=user)


def stored_columns() -> Columns:
    """Every column of the tables that a backup of the database's version holds."""
    models = stored_models(schema.registry_for(schema.applied_migrations()))
    columns = {}
    with connection.cursor() as cursor:
        for model in models:
            table = model._meta.db_table
            for name in column_names(model):
                cursor.execute(f'SELECT "{name}" FROM "{table}" ORDER BY "{model._meta.pk.column}"')
                columns[table, name] = [value for (value,) in cursor.fetchall()]
    return columns


def assert_kept(earlier: Columns, now: Columns) -> None:
    """The rows of an earlier state come first in the later one, in all columns that still exist."""
    assert {table for table, _ in earlier} <= {table for table, _ in now}
    for key in earlier.keys() & now.keys() - RECOMPUTED:
        if key[0] not in ("auth_permission", "auth_group_permissions", "django_content_type"):  # migrations add some
            assert now[key][: len(earlier[key])] == earlier[key], key


def test_databases_and_backups_of_earlier_versions(tmp_path, empty_file) -> None:
    states, path = [], tmp_path / "earlier.sqlite3"
    with sqlite_file(path):
        for number, name in enumerate(EARLIER):
            applied = migrations_until(name)
            schema.migrate_to(applied)
            with transaction.atomic():
                fill(schema.registry_for(applied), f"year-{number}")
            states.append(stored_columns())
            save(tmp_path / f"{number}.zip")
        call_command("migrate", verbosity=0)
        newest = stored_columns()
    for state in states:
        assert [key for key, values in state.items() if not values] == []
        assert_kept(state, newest)
    with sqlite_file(empty_file):
        restore_file(tmp_path / "0.zip")
        assert_kept(states[0], stored_columns())
        assert (Claim.objects.count(), Source.objects.count()) == (2, 1)
        assert Source.objects.get().sketch  # which a later migration worked out
        assert CellVerdict.objects.are_current()
        assert not list(wrong_verdicts())

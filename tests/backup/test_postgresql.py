"""From SQLite to PostgreSQL and back, and both commands beside people who read and write there."""

import json
import os
import secrets
import threading
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.core.management import call_command
from django.db import connection

from comparison.backup.archive import Writer, opened
from comparison.backup.loading import NotRestored
from comparison.backup.restore import replace_rows, restore
from comparison.backup.save import save
from comparison.backup.staging import own_database
from comparison.models import Claim, Edition, Framework
from comparison.models.editions import writing
from config import env
from tests.backup.databases import all_values, make_site, public_pages, restore_file, sqlite_file
from tests.make import make_claim, make_framework
from tests.running_site import wait_for

ADDRESS = os.environ.get("TEST_POSTGRES_URL", "")

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(not ADDRESS, reason="TEST_POSTGRES_URL names no server"),
]


@pytest.fixture(scope="module")
def postgres() -> Iterator[dict[str, Any]]:
    """An empty database of its own."""
    import psycopg  # noqa: PLC0415 - an extra, installed only where there is PostgreSQL

    name = f"crosscheck_backup_{secrets.token_hex(4)}"
    with psycopg.connect(ADDRESS, autocommit=True) as server:
        server.execute(f"CREATE DATABASE {name}")
        os.environ["BACKUP_TEST_URL"] = urlsplit(ADDRESS)._replace(path=f"/{name}").geturl()
        try:
            yield env.database("BACKUP_TEST_URL", {})
        finally:
            del os.environ["BACKUP_TEST_URL"]
            server.execute(f"DROP DATABASE {name} WITH (FORCE)")


def without_newest_token(values: dict[str, Any]) -> dict[str, Any]:
    """A restore gives the newest edition another token."""
    newest = max(row[0] for row in values["comparison_edition"])
    return values | {"comparison_edition": [row for row in values["comparison_edition"] if row[0] != newest]}


def pages_with_parsed_json() -> dict[str, Any]:
    """PostgreSQL stores the keys of JSON in an order of its own."""
    return {path: json.loads(body) if path.endswith(".json") else body for path, body in public_pages().items()}


def test_a_site_moves_to_postgresql_and_back(tmp_path, empty_file, postgres) -> None:
    make_site()
    values, pages = without_newest_token(all_values()), pages_with_parsed_json()
    save(tmp_path / "there.zip")
    last = Claim.objects.latest("pk").pk
    with own_database(postgres):
        restore_file(tmp_path / "there.zip")
        assert without_newest_token(all_values()) == values
        assert pages_with_parsed_json() == pages
        assert make_claim().pk == last + 2  # the last id was that of a claim deleted before the backup
        restore_file(tmp_path / "there.zip")
        save(tmp_path / "back.zip")
    with sqlite_file(empty_file):
        restore_file(tmp_path / "back.zip")
        assert without_newest_token(all_values()) == values
        assert make_claim().pk == last + 3


def test_what_is_written_while_a_backup_runs_is_not_in_it(tmp_path, postgres, monkeypatch) -> None:
    add_table, written = Writer.add_table, []

    def write() -> None:
        with own_database(postgres):
            written.append(make_claim())

    def add_table_and_write(self, *args) -> None:
        add_table(self, *args)
        if len(self.tables) % 10 == 0:
            thread = threading.Thread(target=write)
            thread.start()
            thread.join(timeout=20)

    monkeypatch.setattr(Writer, "add_table", add_table_and_write)
    with own_database(postgres):
        call_command("migrate", verbosity=0)
        before = Claim.objects.count(), Claim.history.count(), Edition.objects.current().number
        manifest = save(tmp_path / "1.zip")
        assert Claim.objects.count() == before[0] + len(written) > before[0] + 2
    rows = {entry.name: entry.rows for entry in manifest.tables}
    assert (rows["comparison_claim"], rows["comparison_historicalclaim"], manifest.edition) == before


def test_during_a_restore_others_read_the_old_state_and_wait_to_write(tmp_path, postgres, monkeypatch) -> None:
    seen: list[Any] = []
    finished = threading.Event()

    def read() -> None:
        with own_database(postgres):
            seen.append(list(Framework.objects.values_list("name", flat=True)))

    def write() -> None:
        with own_database(postgres):
            make_framework("Written meanwhile")
            finished.set()

    writer = threading.Thread(target=write)

    def replace_while_others_ask(archive) -> None:
        replace_rows(archive)
        reader = threading.Thread(target=read)
        reader.start()
        reader.join(timeout=20)
        writer.start()
        assert not finished.wait(0.1)

    monkeypatch.setattr("comparison.backup.restore.replace_rows", replace_while_others_ask)
    with own_database(postgres):
        call_command("migrate", verbosity=0)
        make_framework("In the backup")
        save(tmp_path / "1.zip")
        make_framework("After the backup")
        before = set(Framework.objects.values_list("name", flat=True))
        with opened(tmp_path / "1.zip") as archive:
            restore(archive)
        writer.join(timeout=20)
        after = set(Framework.objects.values_list("name", flat=True))
    assert set(seen[0]) == before
    assert after == before - {"After the backup"} | {"Written meanwhile"}


def somebody_waits() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM pg_locks JOIN pg_database ON pg_database.oid = database"
            " WHERE datname = current_database() AND NOT granted)"
        )
        return bool(cursor.fetchone()[0])


def test_an_editor_who_is_just_writing_and_a_restore_wait_in_turn(tmp_path, postgres) -> None:
    is_writing, results = threading.Event(), []

    def write() -> None:
        with own_database(postgres), writing():
            framework = Framework.objects.get(name="Edited")
            is_writing.set()
            wait_for(somebody_waits, 20)
            framework.save()
            results.append(make_claim())

    writer = threading.Thread(target=write)
    with own_database(postgres):
        call_command("migrate", verbosity=0)
        make_framework("Edited")
        save(tmp_path / "1.zip")
        claims = Claim.objects.count()
        writer.start()
        assert is_writing.wait(20)
        with opened(tmp_path / "1.zip") as archive:
            restore(archive)
        writer.join(timeout=20)
        assert (len(results), Claim.objects.count()) == (1, claims)


def test_a_text_that_postgresql_cannot_hold_stops_the_restore_with_a_sentence(tmp_path, empty_file, postgres) -> None:
    with sqlite_file(empty_file):
        make_framework("Nul", tagline="a\x00b")
        save(tmp_path / "1.zip")
    with own_database(postgres):
        call_command("migrate", verbosity=0)
        before = Framework.objects.count()
        with pytest.raises(NotRestored, match="comparison_framework"):
            restore_file(tmp_path / "1.zip")
        assert Framework.objects.count() == before

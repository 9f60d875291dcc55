"""What a backup holds comes back into another system, to the bit, and its pages are the same."""

import pytest
from django.apps import apps
from django.contrib.auth import authenticate
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.db import transaction

from comparison.backup.restore import holds_data
from comparison.backup.rows import stored_models
from comparison.backup.save import save
from comparison.models import Claim, Edition, Framework, Snapshot, TryCount
from tests.backup.databases import NOT_STORED, Rows, all_rows, make_site, public_pages, restore_file, sqlite_file
from tests.database import is_sqlite, write_shipped_catalogue
from tests.make import make_claim, make_framework, make_user

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(not is_sqlite(), reason="compares rows of SQLite; test_postgresql compares with PostgreSQL"),
]


@pytest.fixture
def saved(tmp_path):
    """A backup of a site with a little of everything."""
    make_site()
    save(tmp_path / "site.zip")
    return tmp_path / "site.zip"


def rows_of_backup() -> Rows:
    """All rows but the newest edition, which gets other tokens from a restore."""
    with transaction.atomic():
        Edition.objects.filter(number=Edition.objects.current().number).update(token="newest", withdrawal="newest")
        rows = all_rows()
        transaction.set_rollback(True)
    return rows


def test_every_row_and_every_public_page_come_back(saved, empty_file) -> None:
    rows, pages = rows_of_backup(), public_pages()
    with sqlite_file(empty_file):
        assert restore_file(saved) is False
        assert rows_of_backup() == rows
        assert public_pages() == pages
        assert authenticate(username="eve", password="a secret").has_perm("comparison.publish_claim")
    assert len(pages) > 100


def test_every_table_but_three_is_in_a_backup() -> None:
    models = apps.get_models(include_auto_created=True)
    every = {model._meta.db_table for model in models if model._meta.managed}
    assert every - {model._meta.db_table for model in stored_models(apps)} == NOT_STORED


def test_the_shipped_catalogue_comes_back(tmp_path, empty_file) -> None:
    write_shipped_catalogue()
    rows, pages = rows_of_backup(), public_pages(skip=120)
    save(tmp_path / "shipped.zip")
    with sqlite_file(empty_file):
        restore_file(tmp_path / "shipped.zip")
        assert rows_of_backup() == rows
        assert public_pages(skip=120) == pages
    assert len(pages) > 3


def test_a_restore_undoes_everything_since_the_backup(saved) -> None:
    rows = rows_of_backup()
    make_claim()
    Framework.objects.filter(slug="alpha").update(tagline="Overwritten")
    Snapshot.objects.all().delete()
    make_user("Reviewer")
    assert rows_of_backup() != rows
    restore_file(saved)
    assert rows_of_backup() == rows


def test_ids_are_never_given_out_twice(saved, empty_file) -> None:
    """Not those of rows deleted before the backup, and not those of rows that the restore removes."""
    last = Claim.objects.latest("pk").pk
    undone = make_claim().pk
    assert undone == last + 2
    restore_file(saved)
    assert make_claim().pk == undone + 1
    with sqlite_file(empty_file):
        restore_file(saved)
        assert make_claim().pk == last + 2


def test_everybody_signs_in_again_and_counts_of_tries_stay(saved, client) -> None:
    client.force_login(make_user())
    TryCount.objects.create(key="x", until="2030-01-01T00:00Z")
    restore_file(saved)
    assert (Session.objects.count(), TryCount.objects.count()) == (0, 1)
    assert client.get("/admin/").status_code == 302


def test_pages_of_the_newest_edition_kept_since_the_backup_are_forgotten(saved, client) -> None:
    Snapshot.objects.create(key="cafe", edition=0, answer=Snapshot.objects.get().answer)
    assert client.get("/recommend/kept/cafe/").status_code == 200
    restore_file(saved)
    assert client.get("/recommend/kept/cafe/").status_code == 404


def test_it_says_when_running_processes_remember_other_content_types(saved, empty_file) -> None:
    with sqlite_file(empty_file):
        ContentType.objects.filter(app_label="comparison", model="claim").update(model="moved")
        assert restore_file(saved) is True
        ContentType.objects.get_by_natural_key("comparison", "claim")


def test_what_migrations_make_is_no_data(empty_file) -> None:
    with sqlite_file(empty_file):
        assert not holds_data()
        make_framework()
        assert holds_data()
        Framework.objects.all().delete()
        Framework.history.all().delete()
        Edition.objects.publish("Something")
        assert holds_data()

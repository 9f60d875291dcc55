"""A backup is one state of the database, and a file that is whole or not there."""

import os
import stat
import threading
from collections.abc import Callable

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from comparison.backup.archive import Archive, Writer, opened
from comparison.backup.save import NotSaved, save
from comparison.models import Claim, ClaimState
from tests.backup.databases import full_disk, sqlite_file
from tests.make import make_claim, make_framework

pytestmark = pytest.mark.django_db


def rows(archive: Archive, table: str) -> list[dict[str, object]]:
    entry = next(entry for entry in archive.manifest.tables if entry.name == f"comparison_{table}")
    return [dict(zip(entry.columns, row, strict=True)) for row in archive.rows(entry)]


def in_thread(action: Callable[[], object]) -> None:
    thread = threading.Thread(target=action)
    thread.start()
    thread.join(timeout=20)
    assert not thread.is_alive()


def test_what_is_written_while_a_backup_runs_is_not_in_it(empty_file, tmp_path, monkeypatch) -> None:
    """After each table another connection writes a claim, its history and its edition, without waiting."""
    add_table, written = Writer.add_table, []

    def write() -> None:
        with sqlite_file(empty_file):
            written.append(make_claim())

    def add_table_and_write(self, *args) -> None:
        add_table(self, *args)
        in_thread(write)

    monkeypatch.setattr(Writer, "add_table", add_table_and_write)
    with sqlite_file(empty_file):
        claim = make_claim()
        manifest = save(tmp_path / "1.zip")
        assert Claim.objects.count() == 1 + len(written)
    assert len(written) == len(manifest.tables) > 30
    with opened(tmp_path / "1.zip") as archive:
        assert [row["id"] for row in rows(archive, "claim")] == [claim.pk]
        assert {row["id"] for row in rows(archive, "historicalclaim")} == {claim.pk}
        assert [row["number"] for row in rows(archive, "edition")] == [0, manifest.edition] == [0, 1]


def test_no_write_waits_for_a_backup_or_is_lost(empty_file, tmp_path) -> None:
    """Backups one after the other beside a thread that goes on writing: in each, claims and their history agree."""
    done, numbers = threading.Event(), []

    def write() -> None:
        with sqlite_file(empty_file):
            framework = make_framework()
            while not done.is_set():
                with transaction.atomic():
                    claim = make_claim(ClaimState.DRAFT, framework=framework)
                claim.transition(ClaimState.SUBMITTED)
                numbers.append(claim.pk)

    thread = threading.Thread(target=write)
    thread.start()
    try:
        counts = []
        with sqlite_file(empty_file):
            for number in range(3):
                before = len(numbers)
                save(tmp_path / f"{number}.zip")
                counts.append((before, len(numbers)))
    finally:
        done.set()
        thread.join(timeout=20)
    for number, (before, after) in enumerate(counts):
        with opened(tmp_path / f"{number}.zip") as archive:
            states = {row["id"]: row["state"] for row in rows(archive, "claim")}
            history = {row["id"]: row["state"] for row in rows(archive, "historicalclaim")}  # the last of each claim
        assert states == history
        assert set(numbers[:before]) <= set(states)
        assert len(states) <= after + 2
    with sqlite_file(empty_file):
        assert Claim.objects.filter(state=ClaimState.SUBMITTED, pk__in=numbers).count() == len(numbers)


def test_a_backup_is_for_its_owner_alone(tmp_path) -> None:
    os.umask(os.umask(0o022))
    save(tmp_path / "1.zip")
    assert stat.S_IMODE((tmp_path / "1.zip").stat().st_mode) == 0o600


def test_a_file_is_replaced_only_by_force(tmp_path) -> None:
    path = tmp_path / "1.zip"
    path.write_text("Another")
    with pytest.raises(NotSaved, match=r"exists already.*--force"):
        save(path)
    assert path.read_text() == "Another"
    save(path, overwrite=True)
    with opened(path):
        pass
    assert [file.name for file in tmp_path.iterdir()] == ["1.zip"]


def test_a_file_written_meanwhile_is_kept(tmp_path, monkeypatch) -> None:
    path, add_manifest = tmp_path / "1.zip", Writer.add_manifest
    monkeypatch.setattr(Writer, "add_manifest", lambda *args: (add_manifest(*args), path.write_text("Another")))
    with pytest.raises(NotSaved, match="exists already"):
        save(path)
    assert path.read_text() == "Another"


def test_a_full_disk_is_told_and_nothing_half_is_left(tmp_path) -> None:
    (tmp_path / "old.zip").write_text("Old")
    for path in (tmp_path / "1.zip", tmp_path / "old.zip"):
        with full_disk(), pytest.raises(NotSaved, match=f"{path} was not written: File too large"):
            save(path, overwrite=True)
    assert [file.name for file in tmp_path.iterdir()] == ["old.zip"]
    assert (tmp_path / "old.zip").read_text() == "Old"


@pytest.mark.parametrize(
    ("name", "message"),
    [("missing/1.zip", "No such file or directory"), ("file/1.zip", "Not a directory"), (".", "is a folder")],
)
def test_a_folder_that_cannot_be_written_is_named(tmp_path, name, message) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(CommandError, match=message):
        call_command("backup", tmp_path / name)


def test_a_device_is_never_replaced_by_a_file(tmp_path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for options in ([], ["--force"]):
        with pytest.raises(CommandError, match="is a device, not a file"):
            call_command("backup", tmp_path / "pipe", *options)
    assert (tmp_path / "pipe").is_fifo()


def test_a_database_without_tables_or_of_a_newer_version_is_not_backed_up(tmp_path, empty_file) -> None:
    with sqlite_file(tmp_path / "new.sqlite3"), pytest.raises(CommandError, match="The database is empty"):
        call_command("backup", tmp_path / "1.zip")
    with sqlite_file(empty_file):
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO django_migrations (app, name, applied) VALUES ('shop', '0001_initial', '2026-01-01')"
            )
        with pytest.raises(CommandError, match=r"A newer version .* \(shop.0001_initial\)"):
            call_command("backup", tmp_path / "1.zip")
    assert not list(tmp_path.glob("*.zip*"))


def test_without_a_name_it_is_dated_and_lies_in_var(settings, tmp_path, capsys) -> None:
    settings.VAR_DIR = tmp_path / "var"
    make_claim()
    call_command("backup")
    (path,) = (tmp_path / "var" / "backups").iterdir()
    assert path.match("crosscheck-20??-??-??-??????.zip")
    assert f"{path}: edition 1, 1 source, 1 claim, 0 users, 0 kept answers, 0.0 MB." in capsys.readouterr().out
    settings.VAR_DIR = path
    with pytest.raises(CommandError, match=r"backups: Not a directory"):
        call_command("backup")


def test_the_help_says_what_is_left_out(capsys) -> None:
    with pytest.raises(SystemExit):
        call_command("backup", "--help")
    assert "sessions: everybody signs in again" in " ".join(capsys.readouterr().out.split())

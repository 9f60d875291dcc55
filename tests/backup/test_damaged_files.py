"""Whatever is wrong with a file is told in a sentence, and the database stays as it was."""

import hashlib
import io
import json
import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from shutil import copyfile
from typing import Any
from zipfile import ZIP_BZIP2, ZIP_DEFLATED, ZIP_LZMA, ZIP_STORED, ZipFile

import pytest
from django.core.management import CommandError, call_command

from comparison.backup.archive import MANIFEST, BadBackup, opened
from comparison.backup.save import save
from comparison.models import Framework
from tests.backup.databases import full_disk, restore_file, sqlite_file
from tests.make import make_claim, make_framework

pytestmark = pytest.mark.django_db

Files = dict[str, bytes]


@pytest.fixture
def path(tmp_path) -> Path:
    """A backup of a site with a claim."""
    make_claim(framework=make_framework("Kept"))
    save(tmp_path / "backup.zip")
    return tmp_path / "backup.zip"


def refused(path: Path) -> str:
    """What the command answers; it must not have changed anything."""
    newer = make_framework()
    with pytest.raises(CommandError) as caught:
        call_command("restore", path, replace=True)
    assert Framework.objects.filter(name=newer.name).exists()
    message = str(caught.value)
    assert "\n" not in message
    assert str(path) in message or "Nothing was restored: " in message
    return message


def test_no_changed_byte_goes_unnoticed(path, tmp_path) -> None:
    """It is either refused, or was in a part that says nothing, such as the time of a file in the zip."""
    whole, changed = path.read_bytes(), tmp_path / "changed.zip"
    with opened(path) as archive:
        rows = {entry.name: list(archive.rows(entry)) for entry in archive.manifest.tables}
    refusals = 0
    for offset in range(0, len(whole), len(whole) // 150):
        changed.write_bytes(whole[:offset] + bytes([whole[offset] ^ 0x55]) + whole[offset + 1 :])
        try:
            with opened(changed) as archive:
                assert {entry.name: list(archive.rows(entry)) for entry in archive.manifest.tables} == rows
        except BadBackup:
            refusals += 1
    assert refusals > 75


@pytest.mark.parametrize("method", [ZIP_STORED, ZIP_BZIP2, ZIP_LZMA, 93])  # 93 is Zstandard, which Python 3.14 reads
def test_a_file_compressed_by_another_method_is_refused(path, method) -> None:
    data = bytearray(path.read_bytes())
    for start in [data.index(b"PK\x01\x02"), data.rindex(b"PK\x01\x02")]:  # a table and the manifest, in the zip's list
        changed = data.copy()
        changed[start + 10 : start + 12] = method.to_bytes(2, "little")
        path.write_bytes(changed)
        assert "is not compressed as" in refused(path)


@pytest.mark.parametrize("share", [0, 0.001, 0.3, 0.9, 0.999])
def test_a_truncated_file_is_refused(path, share) -> None:
    whole = path.read_bytes()
    path.write_bytes(whole[: int(len(whole) * share)])
    assert ("is empty" if not share else "is damaged") in refused(path)


def zipped(files: Files) -> bytes:
    buffer = io.BytesIO()
    with ZipFile(buffer, "w", ZIP_DEFLATED) as zip_file:
        for name, content in files.items():
            zip_file.writestr(name, content)
    return buffer.getvalue()


FOREIGN: dict[str, tuple[bytes, str]] = {
    "text": (b"Dear operator,", "is no backup"),
    "gzip": (b"\x1f\x8b\x08", "is no backup"),
    "dump of PostgreSQL": (b"PGDMP\x01\x0e", "pg_restore"),
    "zip": (zipped({"letter.txt": b"Dear operator"}), "is a zip file, but no backup"),
    "zip with another manifest": (zipped({MANIFEST: b"{}"}), "is no backup of this software"),
    "zip with a list": (zipped({MANIFEST: b"[]"}), "is no backup of this software"),
    "zip without JSON": (zipped({MANIFEST: b"\xff"}), "is damaged"),
}


@pytest.mark.parametrize("name", FOREIGN)
def test_a_foreign_file_is_refused(tmp_path, name) -> None:
    content, message = FOREIGN[name]
    (tmp_path / "file").write_bytes(content)
    assert message in refused(tmp_path / "file")


def test_a_file_that_cannot_be_read_is_named(tmp_path) -> None:
    assert "No such file" in refused(tmp_path / "missing.zip")
    assert "Is a directory" in refused(tmp_path)


def altered(path: Path, change: Callable[[Files, dict[str, Any]], None]) -> str:
    """Changes a backup's files and its manifest, and restores it."""
    with ZipFile(path) as zip_file:
        files = {name: zip_file.read(name) for name in zip_file.namelist()}
    manifest = json.loads(files[MANIFEST])
    change(files, manifest)
    files[MANIFEST] = json.dumps(manifest).encode()
    path.write_bytes(zipped(files))
    return refused(path)


def table(manifest: dict[str, Any], name: str) -> dict[str, Any]:
    return next(entry for entry in manifest["tables"] if entry["name"] == f"comparison_{name}")


def with_rows(name: str, change: Callable[[bytes], bytes]) -> Callable[[Files, dict[str, Any]], None]:
    """Changes the rows of a table and its digest, as only somebody who means to does."""

    def alter(files: Files, manifest: dict[str, Any]) -> None:
        rows = change(files[f"tables/comparison_{name}.jsonl"])
        files[f"tables/comparison_{name}.jsonl"] = rows
        table(manifest, name).update(sha256=hashlib.sha256(rows).hexdigest(), rows=rows.count(b"\n"))

    return alter


ALTERATIONS: dict[str, tuple[Callable[[Files, dict[str, Any]], Any], str]] = {
    "rows": (
        lambda files, _: files.update({"tables/comparison_framework.jsonl": b"[1]\n"}),
        "the rows of comparison_framework do not match their digest",
    ),
    "number of rows": (lambda _, manifest: table(manifest, "claim").update(rows=2), "do not match their digest"),
    "another file": (lambda files, _: files.update(extra=b"x"), "it holds other files than its manifest lists"),
    "a file less": (lambda files, _: files.pop("tables/comparison_claim.jsonl"), "it holds other files"),
    "a table less": (
        lambda files, manifest: (
            files.pop("tables/comparison_claim.jsonl"),
            manifest["tables"].remove(table(manifest, "claim")),
        ),
        "its table comparison_claim is not as its version has it",
    ),
    "column": (
        lambda _, manifest: table(manifest, "claim")["columns"].append("x"),
        "its table comparison_claim is not",
    ),
    "format": (lambda _, manifest: manifest.update(format=2), "has format 2; this version reads format 1"),
    "kind": (lambda _, manifest: manifest.update(kind="Bookshelf"), "is no backup of this software"),
    "key": (lambda _, manifest: manifest.update(more=1), "its manifest cannot be read"),
    "key less": (lambda _, manifest: manifest.pop("tables"), "its manifest cannot be read"),
    "newer": (
        lambda _, manifest: manifest["migrations"]["comparison"].append("9999_flying"),
        "A newer version of the software wrote",
    ),
    "app": (lambda _, manifest: manifest["migrations"].update(shop=["0001_initial"]), "(shop.0001_initial)"),
    "reference": (with_rows("framework", lambda rows: b""), "Nothing was restored: "),
    "no JSON": (with_rows("framework", lambda rows: rows[1:]), "Nothing was restored: "),
    "value": (with_rows("edition", lambda rows: rows.replace(b":", b"x", 1)), "Nothing was restored: "),
    "row twice": (with_rows("framework", lambda rows: rows * 2), "Nothing was restored: "),
}


@pytest.mark.parametrize("name", ALTERATIONS)
def test_an_altered_backup_is_refused(path, name) -> None:
    change, message = ALTERATIONS[name]
    assert message in altered(path, change)


def test_a_database_with_data_is_replaced_only_on_request(path, capsys) -> None:
    make_framework("Newer")
    with pytest.raises(CommandError, match=r"the database holds edition 1, 1 source, 1 claim, 0 users.*add --replace"):
        call_command("restore", path)
    assert Framework.objects.count() == 2
    call_command("restore", path, replace=True)
    assert Framework.objects.count() == 1
    assert "Restored from" in capsys.readouterr().out


def test_a_check_changes_nothing(path, capsys) -> None:
    make_framework("Newer")
    call_command("restore", path, check=True)
    assert "can be restored: edition 1, 1 source, 1 claim, 0 users, 0 kept answers, of 20" in capsys.readouterr().out
    assert Framework.objects.count() == 2


def test_a_database_of_another_version_is_left_alone(path, empty_file) -> None:
    for change, message in (
        ("DELETE FROM django_migrations WHERE name = '0015_edition_token'", "Run first: .* migrate"),
        ("INSERT INTO django_migrations (app, name, applied) VALUES ('comparison', '9999_x', '2026-01-01')", "newer"),
    ):
        with closing(sqlite3.connect(empty_file)) as rows, rows:
            rows.execute(change)
        with sqlite_file(empty_file), pytest.raises(CommandError, match=message):
            call_command("restore", path)


def test_an_empty_database_gets_its_tables(path, tmp_path) -> None:
    with sqlite_file(tmp_path / "new.sqlite3"):
        restore_file(path)
        assert Framework.objects.get().name == "Kept"


class TestSqliteFiles:
    """A copied SQLite database is not put in place but read, so that no old -wal can spoil it."""

    @pytest.fixture
    def copied(self, empty_file, tmp_path) -> Path:
        """A copy made while the site runs: the newest changes are in the file beside it."""
        with sqlite_file(empty_file):
            make_claim(framework=make_framework("Copied"))
            for ending in ("", "-wal"):
                copyfile(f"{empty_file}{ending}", tmp_path / f"copy.db{ending}")
        return tmp_path / "copy.db"

    def test_it_is_restored_with_its_newest_changes(self, copied) -> None:
        content = copied.read_bytes()
        restore_file(copied)
        assert Framework.objects.get().name == "Copied"
        assert copied.read_bytes() == content

    def test_no_room_for_temporary_files_is_told(self, copied) -> None:
        with full_disk(), pytest.raises(CommandError, match=r"Nothing was restored, .* File too large.* TMPDIR"):
            call_command("restore", copied)

    def test_a_broken_copy_is_refused(self, copied) -> None:
        os.truncate(copied, copied.stat().st_size // 2)
        assert "is a damaged database" in refused(copied)

    def test_another_sites_database_is_refused(self, tmp_path) -> None:
        with closing(sqlite3.connect(tmp_path / "other.db")) as other, other:
            other.execute("CREATE TABLE book (title)")
        assert "not of this site" in refused(tmp_path / "other.db")

    def test_a_newer_versions_database_is_refused(self, copied) -> None:
        with closing(sqlite3.connect(copied)) as rows, rows:
            rows.execute("INSERT INTO django_migrations (app, name, applied) VALUES ('comparison', '9999_x', 0)")
        assert "A newer version of the software wrote this database (comparison.9999_x)" in refused(copied)

    def test_the_database_in_use_is_no_backup_of_itself(self, empty_file) -> None:
        with sqlite_file(empty_file), pytest.raises(CommandError, match="is the database in use"):
            call_command("restore", empty_file)

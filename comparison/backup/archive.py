"""The file of a backup: a zip with a manifest, and for each table a file of JSON lines, one a row."""

import json
import zlib
from collections.abc import Generator, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from hashlib import sha256
from itertools import islice
from pathlib import Path
from typing import IO, Any
from zipfile import ZIP_DEFLATED, BadZipFile, ZipFile

KIND = "Crosscheck backup"
FORMAT = 1  # raise it when earlier versions of the software cannot read the file any more
MANIFEST = "manifest.json"
MAX_MANIFEST = 10_000_000  # bytes
BATCH_SIZE = 1000  # rows
DAMAGES = (BadZipFile, EOFError, KeyError, NotImplementedError, RuntimeError, ValueError, zlib.error)

Row = list[Any]  # of values that JSON can hold


class BadBackup(Exception):
    """The file cannot be restored; the message says why and what to do."""


def in_a_line(error: Exception) -> str:
    """What a database says, which may be several lines."""
    return " ".join(str(error).split())


@dataclass(frozen=True, slots=True)
class TableEntry:
    name: str
    columns: list[str]
    rows: int
    sha256: str
    last_id: int | None  # the last that was given out, even if its row is gone

    @property
    def file_name(self) -> str:
        return f"tables/{self.name}.jsonl"


@dataclass(frozen=True, slots=True)
class Manifest:
    made: str  # date and time, ISO 8601
    edition: int
    migrations: dict[str, list[str]]  # applied ones, by app
    tables: list[TableEntry]


class Writer:
    def __init__(self, zip_file: ZipFile) -> None:
        self.zip_file = zip_file
        self.tables: list[TableEntry] = []

    def add_table(self, name: str, columns: list[str], rows: Iterable[Row], last_id: int | None) -> None:
        digest, count = sha256(), 0
        with self.zip_file.open(TableEntry(name, [], 0, "", None).file_name, "w", force_zip64=True) as file:
            for batch in batches(rows):
                lines = "".join(json.dumps(row, ensure_ascii=False, separators=(",", ":")) + "\n" for row in batch)
                encoded = lines.encode()
                digest.update(encoded)
                file.write(encoded)
                count += len(batch)
        self.tables.append(TableEntry(name, columns, count, digest.hexdigest(), last_id))

    def add_manifest(self, manifest: Manifest) -> None:
        data = {"kind": KIND, "format": FORMAT, **asdict(manifest)}
        self.zip_file.writestr(MANIFEST, json.dumps(data, indent=1, ensure_ascii=False) + "\n")


@contextmanager
def writing(file: IO[bytes]) -> Iterator[Writer]:
    with ZipFile(file, "w", ZIP_DEFLATED, compresslevel=4) as zip_file:  # a third quicker than 6, and 5 % larger
        yield Writer(zip_file)


def batches(rows: Iterable[Row]) -> Iterator[list[Row]]:
    iterator = iter(rows)
    while batch := list(islice(iterator, BATCH_SIZE)):
        yield batch


class Archive:
    """A backup whose every byte was checked. Raises BadBackup."""

    def __init__(self, path: Path, zip_file: ZipFile) -> None:
        self.path, self.zip_file = path, zip_file
        self.manifest = _read_manifest(path, zip_file)
        names = [entry.file_name for entry in self.manifest.tables]
        if sorted([MANIFEST, *names]) != sorted(zip_file.namelist()):
            raise BadBackup(f"{path} was altered: it holds other files than its manifest lists.")
        for entry in self.manifest.tables:
            self._check(entry)

    def rows(self, entry: TableEntry) -> Generator[Row]:
        with self.zip_file.open(entry.file_name) as file:
            yield from map(json.loads, file)

    def _check(self, entry: TableEntry) -> None:
        digest, rows = sha256(), 0
        with self.zip_file.open(entry.file_name) as file:
            while part := file.read(1 << 20):
                digest.update(part)
                rows += part.count(b"\n")
        if (digest.hexdigest(), rows) != (entry.sha256, entry.rows):
            raise BadBackup(f"{self.path} was altered: the rows of {entry.name} do not match their digest.")


@contextmanager
def opened(path: Path) -> Iterator[Archive]:
    try:
        zip_file = ZipFile(path)
    except DAMAGES:
        raise BadBackup(_why_no_zip(path)) from None
    except OSError as error:
        raise BadBackup(f"{path} cannot be read: {error.strerror}.") from error
    with zip_file:
        try:
            archive = Archive(path, zip_file)
        except (*DAMAGES, OSError) as error:
            raise BadBackup(f"{path} is damaged ({error}). Take another backup.") from error
        yield archive


def _why_no_zip(path: Path) -> str:
    start = first_bytes(path)
    if not start:
        return f"{path} is empty. Take another backup."
    if start.startswith(b"PK"):
        return f"{path} is damaged: its end is missing or broken, so it was not written or copied whole."
    if start.startswith(b"PGDMP"):
        return f"{path} is a dump of PostgreSQL. Put it back with pg_restore, into an empty database."
    return f"{path} is no backup: files that `manage.py backup` writes are, and SQLite databases of this site."


def first_bytes(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(16)


def _read_manifest(path: Path, zip_file: ZipFile) -> Manifest:
    if MANIFEST not in zip_file.namelist() or zip_file.getinfo(MANIFEST).file_size > MAX_MANIFEST:
        raise BadBackup(f"{path} is a zip file, but no backup: `manage.py backup` did not write it.")
    for info in zip_file.infolist():
        if info.compress_type != ZIP_DEFLATED:  # each other method raises errors of its own, some only in newer Pythons
            raise BadBackup(f"{path} is damaged: {info.filename} is not compressed as `manage.py backup` does it.")
    data = json.loads(zip_file.read(MANIFEST))
    if not isinstance(data, dict) or data.pop("kind", None) != KIND:
        raise BadBackup(f"{path} is no backup of this software.")
    if (file_format := data.pop("format", None)) != FORMAT:
        raise BadBackup(f"{path} has format {file_format}; this version reads format {FORMAT}. Update the software.")
    try:
        tables = [TableEntry(**entry) for entry in data.pop("tables")]
        return Manifest(**data, tables=tables)
    except (TypeError, KeyError) as error:
        raise BadBackup(f"{path} was altered: its manifest cannot be read ({error}).") from error

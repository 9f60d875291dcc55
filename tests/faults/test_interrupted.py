"""Commands that are killed at any moment leave everything as it was, or everything done."""

import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest

from tests.faults.tally import TALLY
from tests.running_site import Site

KILLS = 5
TABLES = "SELECT name FROM sqlite_master WHERE type = 'table' AND name LIKE 'comparison_%' ORDER BY name"


def contents(database: Path) -> dict[str, int]:
    """How many rows each table of the catalogue has."""
    with closing(sqlite3.connect(database)) as rows:
        assert rows.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        tables = [name for (name,) in rows.execute(TABLES)]
        return {table: rows.execute(f"SELECT COUNT(*) FROM {table}").fetchone()[0] for table in tables}


def schema(database: Path) -> set[str]:
    with closing(sqlite3.connect(database)) as rows:
        return {sql for (sql,) in rows.execute("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL")}


def run_and_kill(site: Site, command: str, seconds: float) -> bool:
    """Whether the command was killed before it was done."""
    process = subprocess.Popen(
        [sys.executable, "manage.py", command],
        cwd=site.folder,
        env={"PATH": os.environ["PATH"]},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGKILL)
    return process.wait() != 0


def duration(site: Site, command: str) -> float:
    start = time.monotonic()
    done = site.manage(command)
    assert done.returncode == 0, done.stderr
    return time.monotonic() - start


@pytest.fixture
def empty_site(prepared, tmp_path) -> Site:
    """After migrations, before the catalogue."""
    site = Site(shutil.copytree(prepared, tmp_path / "site"))
    (site.folder / "var" / "crosscheck.sqlite3").unlink()
    return site


def test_a_killed_load_changes_all_or_nothing(empty_site, tmp_path) -> None:
    database = empty_site.folder / "var" / "crosscheck.sqlite3"
    assert empty_site.manage("migrate").returncode == 0
    before = contents(database)
    shutil.copy(database, tmp_path / "empty")
    seconds = duration(empty_site, "load_catalogue")
    after, dice, half, killed = contents(database), random.Random(1), 0, 0
    for _ in range(KILLS):
        for path in database.parent.glob("crosscheck.sqlite3*"):
            path.unlink()
        shutil.copy(tmp_path / "empty", database)
        killed += run_and_kill(empty_site, "load_catalogue", dice.uniform(0.2, 1.0) * seconds)
        half += contents(database) not in (before, after)
    assert empty_site.manage("load_catalogue").returncode == 0
    TALLY.add("load_catalogue killed", KILLS, half, int(contents(database) != after))
    assert (half, killed > 0, contents(database)) == (0, True, after)


def test_a_killed_migration_is_completed_by_the_next(empty_site) -> None:
    database = empty_site.folder / "var" / "crosscheck.sqlite3"
    seconds = duration(empty_site, "migrate")
    whole, rows, dice, half, killed = schema(database), contents(database), random.Random(2), 0, 0
    for _ in range(KILLS):
        for path in database.parent.glob("crosscheck.sqlite3*"):
            path.unlink()
        killed += run_and_kill(empty_site, "migrate", dice.uniform(0.3, 1.0) * seconds)
        assert empty_site.manage("migrate").returncode == 0
        half += (schema(database), contents(database)) != (whole, rows)
    TALLY.add("migrate killed", KILLS, half, 0)
    assert (half, killed > 0) == (0, True)

"""What a clean installation has for databases."""

import sqlite3
from contextlib import closing
from pathlib import Path

from comparison.experiments import box
from comparison.experiments.box import Check, Deed, expect
from comparison.experiments.spec import Experiment, Finding, Job

EXPERIMENT = Experiment(
    slug="box-database",
    title="In the box: databases",
    question="Does a clean installation map tables to classes, and change a schema step by step?",
    method=(
        "In an environment with nothing but the framework and what it brings along, a class with a title is declared, "
        "its table is made, and two objects are stored and read; the SQLite file is then read without the framework. "
        "For migrations a column is added to the class afterwards, and the framework’s commands must add it to the "
        "table and keep the row that is there. "
        f"{box.LACK}"
    ),
    group="box",
    variants=("mapper", "migrations"),
    feeds={"orm": "mapper", "migrations": "migrations"},
    statement="A clean installation {detail}",
    exact=True,
)


def take(job: Job) -> Finding:
    return box.examine(job, "box.database", PARTS[job.variant])


def rows(path: Path, query: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(query).fetchall()


def table(path: Path) -> str:
    """The table of the class, whatever the framework calls it."""
    names = [str(name) for (name,) in rows(path, "SELECT name FROM sqlite_master WHERE type = 'table'")]
    return next(name for name in names if name.endswith("note"))


def store_and_read(job: Job, deed: Deed) -> str:
    """The deed stores “Milk” and “Bread” in the file and returns the titles that it reads, in order."""
    path = job.folder / "notes.sqlite3"
    titles = deed(path)
    expect(titles == ["Bread", "Milk"], f"read {titles}")
    stored = sorted(rows(path, f'SELECT title FROM "{table(path)}"'))  # noqa: S608 - the name is our own
    expect(stored == [("Bread",), ("Milk",)], f"the file holds {stored}")
    return "stored two objects in a table and read them in order"


def add_column(job: Job, deed: Deed) -> str:
    """The deed makes the table, stores “Milk”, adds a column `done` and returns the file."""
    path = deed(job.folder)
    columns = [name for _, name, *_ in rows(path, f'PRAGMA table_info("{table(path)}")')]
    expect("done" in columns, f"the table has the columns {columns}")
    expect(rows(path, f'SELECT title FROM "{table(path)}"') == [("Milk",)], "the row was lost")  # noqa: S608
    return "added a column and kept the row"


PARTS: dict[str, dict[str, Check]] = {
    "mapper": {"store_and_read": store_and_read},
    "migrations": {"add_column": add_column},
}

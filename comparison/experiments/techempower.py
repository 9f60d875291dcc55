"""TechEmpower's tests: the tables, the answers they ask for, and the table of a thousand rows.

The tests follow the rules of the FrameworkBenchmarks project, which publishes rounds that ratios can be set beside.
Standard library alone, like `spec`: applications and programs use it inside the environment of a framework.
"""

import random
import sqlite3
from collections.abc import Iterable, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

from comparison.experiments.calling import Answer
from comparison.experiments.html_reading import table_cells
from comparison.experiments.spec import Failure

DATABASE = "techempower.sqlite3"  # in the working folder, which each reading has for itself
WORLDS = 10_000
GREETING = "Hello, World!"
ADDED_FORTUNE = "Additional fortune added at request time."
FORTUNES = (
    "fortune: No such file or directory",
    "A computer scientist is someone who fixes things that aren't broken.",
    "After enough decimal places, nobody gives a damn.",
    "A bad random number generator: 1, 1, 1, 1, 1, 4.33e+67, 1, 1, 1",
    "A computer program does what you tell it to do, not what you want it to do.",
    "Emacs is a nice operating system, but I prefer UNIX. — Tom Christaensen",
    "Any program that runs right is obsolete.",
    "A list is only as strong as its weakest link. — Donald Knuth",
    "Feature: A bug with seniority.",
    "Computers make very fast, very accurate mistakes.",
    '<script>alert("This should not be displayed in a browser alert box.");</script>',
    "フレームワークのベンチマーク",
)
HUNDRED = 100
TABLE_ROWS = 1_000
CITIES = ("Aachen", "Bergen", "Cork & Cobh", "Dijon", "Évora", "<Fes>", "Graz")


def prepare_database(folder: Path) -> Path:
    """Makes the tables World and Fortune; the same numbers every time, so that every framework reads the same."""
    path = folder / DATABASE
    numbers = random.Random(5)
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("CREATE TABLE World (id INTEGER PRIMARY KEY, randomNumber INTEGER NOT NULL)")
        connection.execute("CREATE TABLE Fortune (id INTEGER PRIMARY KEY, message VARCHAR(2048) NOT NULL)")
        worlds = ((number, numbers.randint(1, WORLDS)) for number in range(1, WORLDS + 1))
        connection.executemany("INSERT INTO World VALUES (?, ?)", worlds)
        connection.executemany("INSERT INTO Fortune VALUES (?, ?)", enumerate(FORTUNES, 1))
    return path


def stored_worlds(folder: Path, ids: Iterable[int]) -> list[dict[str, int]]:
    """What the table World holds now."""
    with closing(sqlite3.connect(folder / DATABASE)) as connection:
        rows = dict(connection.execute("SELECT id, randomNumber FROM World"))
    return [{"id": number, "randomNumber": rows[number]} for number in ids]


def large_table() -> list[dict[str, object]]:
    """The thousand rows that a template draws; some cells must be escaped."""
    return [
        {
            "number": number,
            "name": f"Row {number} of <{TABLE_ROWS}>" if number % 10 == 0 else f"Row {number}",
            "city": CITIES[number % len(CITIES)],
            "amount": number * 37 % 1000,
            "paid": number % 3 == 0,
        }
        for number in range(1, TABLE_ROWS + 1)
    ]


def check_plaintext(answer: Answer) -> None:
    _check_head(answer, "text/plain")
    _check(answer.text == GREETING, f"the body is not {GREETING!r}")


def check_json(answer: Answer) -> None:
    _check(_json(answer) == {"message": GREETING}, "the JSON is not the expected message")


def check_world(answer: Answer, folder: Path) -> None:
    _check_worlds([_json(answer)], folder, count=1)


def check_worlds(answer: Answer, folder: Path, count: int) -> None:
    _check_worlds(_json(answer), folder, count)


def check_first_worlds(answer: Answer, folder: Path, count: int) -> None:
    check_worlds(answer, folder, count)
    _check([row["id"] for row in answer.json()] == list(range(1, count + 1)), f"these are not the first {count} rows")


def check_fortunes(answer: Answer) -> None:
    _check_head(answer, "text/html")
    fortunes = sorted([*enumerate(FORTUNES, 1), (0, ADDED_FORTUNE)], key=lambda row: row[1])
    expected = [["id", "message"], *([str(number), message] for number, message in fortunes)]
    _check_rows(answer, expected, "the page does not show the sorted fortunes")


def check_large_table(answer: Answer) -> None:
    _check_head(answer, "text/html")
    names = ["number", "name", "city", "amount", "paid"]
    expected = [names, *([_cell(row[name]) for name in names] for row in large_table())]
    _check_rows(answer, expected, f"the page does not show the table of {TABLE_ROWS} rows")


def _cell(value: object) -> str:
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)


def _check_rows(answer: Answer, expected: Sequence[list[str]], problem: str) -> None:
    """The cells as a browser shows them: what was not escaped is missing there."""
    _check(answer.text.startswith("<!DOCTYPE html>"), "the page does not begin with a document type")
    _check(table_cells(answer.text) == expected, problem)


def _json(answer: Answer) -> Any:
    _check_head(answer, "application/json")
    try:
        return answer.json()
    except ValueError:
        raise Failure("the answer is no JSON") from None


def _check_worlds(rows: Any, folder: Path, count: int) -> None:
    _check(isinstance(rows, list) and all(isinstance(row, dict) for row in rows), "the JSON holds no rows")
    _check(len(rows) == count, f"the answer has {len(rows)} rows instead of {count}")
    ids = [row["id"] for row in rows if row.get("id") in range(1, WORLDS + 1)]
    _check(len(set(ids)) == count, "ids are missing or repeated")
    _check(rows == stored_worlds(folder, ids), "the numbers are not those in the database")


def _check_head(answer: Answer, content_type: str) -> None:
    _check(answer.status == 200, f"the answer has status {answer.status} instead of 200")
    kind = answer.header("Content-Type").partition(";")[0]
    _check(kind == content_type, f"the answer is {kind or 'without a type'} instead of {content_type}")


def _check(holds: bool, problem: str) -> None:
    if not holds:
        raise Failure(problem)

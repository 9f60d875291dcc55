"""SQL through Python’s sqlite3"""

import json
import random
import sqlite3
import threading
from operator import attrgetter
from pathlib import Path
from types import SimpleNamespace

from bottle import TEMPLATE_PATH, Bottle, request, response, template

from comparison.experiments.techempower import DATABASE

TEMPLATE_PATH.insert(0, str(Path(__file__).parent / "templates"))
application = Bottle()


class Database(threading.local):
    def __init__(self):
        self.connection = sqlite3.connect(DATABASE)
        self.connection.execute("PRAGMA synchronous = NORMAL")


database = Database()


def random_ids():
    count = request.query.get("queries", 1, type=int)
    return sorted(random.sample(range(1, 10001), count))


def read_world(pk):
    cursor = database.connection.execute("SELECT id, randomNumber FROM World WHERE id = ?", [pk])
    pk, number = cursor.fetchone()
    return {"id": pk, "randomNumber": number}


def json_list(rows):
    response.content_type = "application/json"
    return json.dumps(rows)


@application.get("/db")
def single_query():
    return read_world(random.randint(1, 10000))


@application.get("/queries")
def several_queries():
    return json_list([read_world(pk) for pk in random_ids()])


@application.get("/rows")
def hundred_rows():
    cursor = database.connection.execute("SELECT id, randomNumber FROM World ORDER BY id LIMIT 100")
    return json_list([{"id": pk, "randomNumber": number} for pk, number in cursor.fetchall()])


@application.get("/fortunes")
def fortunes():
    cursor = database.connection.execute("SELECT id, message FROM Fortune")
    rows = [SimpleNamespace(id=pk, message=message) for pk, message in cursor.fetchall()]
    rows.append(SimpleNamespace(id=0, message="Additional fortune added at request time."))
    rows.sort(key=attrgetter("message"))
    return template("fortunes.html", fortunes=rows)


@application.get("/updates")
def updates():
    worlds = [read_world(pk) for pk in random_ids()]
    for world in worlds:
        world["randomNumber"] = random.randint(1, 10000)
    with database.connection:
        database.connection.executemany(
            "UPDATE World SET randomNumber = ? WHERE id = ?",
            [(world["randomNumber"], world["id"]) for world in worlds],
        )
    return json_list(worlds)

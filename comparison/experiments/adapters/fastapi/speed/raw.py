"""SQL through Python’s sqlite3, in the thread pool that runs views without async"""

import random
import sqlite3
import threading
from functools import cache
from operator import itemgetter
from pathlib import Path

from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse

from comparison.experiments.techempower import DATABASE

application = FastAPI(openapi_url=None)


class Database(threading.local):
    def __init__(self):
        self.connection = sqlite3.connect(DATABASE)
        self.connection.execute("PRAGMA synchronous = NORMAL")


database = Database()


@cache
def templates():
    """When the first page asks for them: the clean installation has no template engine."""
    from fastapi.templating import Jinja2Templates

    return Jinja2Templates(directory=Path(__file__).parent / "templates")


def random_ids(count):
    return sorted(random.sample(range(1, 10001), count))


def read_world(pk):
    cursor = database.connection.execute("SELECT id, randomNumber FROM World WHERE id = ?", [pk])
    pk, number = cursor.fetchone()
    return {"id": pk, "randomNumber": number}


@application.get("/db")
def single_query():
    return read_world(random.randint(1, 10000))


@application.get("/queries")
def several_queries(queries: int = 1):
    return [read_world(pk) for pk in random_ids(queries)]


@application.get("/rows")
def hundred_rows():
    cursor = database.connection.execute("SELECT id, randomNumber FROM World ORDER BY id LIMIT 100")
    return [{"id": pk, "randomNumber": number} for pk, number in cursor.fetchall()]


@application.get("/fortunes", response_class=HTMLResponse)
def fortunes(request: Request):
    cursor = database.connection.execute("SELECT id, message FROM Fortune")
    rows = [{"id": pk, "message": message} for pk, message in cursor.fetchall()]
    rows.append({"id": 0, "message": "Additional fortune added at request time."})
    rows.sort(key=itemgetter("message"))
    return templates().TemplateResponse(request, "fortunes.html", {"fortunes": rows})


@application.get("/updates")
def updates(queries: int = 1):
    worlds = [read_world(pk) for pk in random_ids(queries)]
    for world in worlds:
        world["randomNumber"] = random.randint(1, 10000)
    with database.connection:
        database.connection.executemany(
            "UPDATE World SET randomNumber = ? WHERE id = ?",
            [(world["randomNumber"], world["id"]) for world in worlds],
        )
    return worlds

"""SQL through Python’s sqlite3, in the thread pool that runs views without async"""

import random
import sqlite3
import threading
from functools import cache
from operator import itemgetter
from pathlib import Path

from starlette.applications import Starlette
from starlette.responses import JSONResponse
from starlette.routing import Route

from comparison.experiments.techempower import DATABASE


class Database(threading.local):
    def __init__(self):
        self.connection = sqlite3.connect(DATABASE)
        self.connection.execute("PRAGMA synchronous = NORMAL")


database = Database()


@cache
def templates():
    """When the first page asks for them: the clean installation has no template engine."""
    from starlette.templating import Jinja2Templates

    return Jinja2Templates(directory=Path(__file__).parent / "templates")


def random_ids(request):
    return sorted(random.sample(range(1, 10001), int(request.query_params["queries"])))


def read_world(pk):
    cursor = database.connection.execute("SELECT id, randomNumber FROM World WHERE id = ?", [pk])
    pk, number = cursor.fetchone()
    return {"id": pk, "randomNumber": number}


def single_query(request):
    return JSONResponse(read_world(random.randint(1, 10000)))


def several_queries(request):
    return JSONResponse([read_world(pk) for pk in random_ids(request)])


def hundred_rows(request):
    cursor = database.connection.execute("SELECT id, randomNumber FROM World ORDER BY id LIMIT 100")
    return JSONResponse([{"id": pk, "randomNumber": number} for pk, number in cursor.fetchall()])


def fortunes(request):
    cursor = database.connection.execute("SELECT id, message FROM Fortune")
    rows = [{"id": pk, "message": message} for pk, message in cursor.fetchall()]
    rows.append({"id": 0, "message": "Additional fortune added at request time."})
    rows.sort(key=itemgetter("message"))
    return templates().TemplateResponse(request, "fortunes.html", {"fortunes": rows})


def updates(request):
    worlds = [read_world(pk) for pk in random_ids(request)]
    for world in worlds:
        world["randomNumber"] = random.randint(1, 10000)
    with database.connection:
        database.connection.executemany(
            "UPDATE World SET randomNumber = ? WHERE id = ?",
            [(world["randomNumber"], world["id"]) for world in worlds],
        )
    return JSONResponse(worlds)


application = Starlette(
    routes=[
        Route("/db", single_query),
        Route("/queries", several_queries),
        Route("/rows", hundred_rows),
        Route("/fortunes", fortunes),
        Route("/updates", updates),
    ]
)

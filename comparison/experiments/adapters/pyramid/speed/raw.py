"""SQL through Python’s sqlite3"""

import importlib.util
import random
import sqlite3
import threading
from operator import itemgetter

from pyramid.config import Configurator

from comparison.experiments.techempower import DATABASE


class Database(threading.local):
    def __init__(self):
        self.connection = sqlite3.connect(DATABASE)
        self.connection.execute("PRAGMA synchronous = NORMAL")


database = Database()


def random_ids(request):
    count = int(request.GET.get("queries", 1))
    return sorted(random.sample(range(1, 10001), count))


def read_world(pk):
    cursor = database.connection.execute("SELECT id, randomNumber FROM World WHERE id = ?", [pk])
    pk, number = cursor.fetchone()
    return {"id": pk, "randomNumber": number}


def single_query(request):
    return read_world(random.randint(1, 10000))


def several_queries(request):
    return [read_world(pk) for pk in random_ids(request)]


def hundred_rows(request):
    cursor = database.connection.execute("SELECT id, randomNumber FROM World ORDER BY id LIMIT 100")
    return [{"id": pk, "randomNumber": number} for pk, number in cursor.fetchall()]


def fortunes(request):
    cursor = database.connection.execute("SELECT id, message FROM Fortune")
    rows = [{"id": pk, "message": message} for pk, message in cursor.fetchall()]
    rows.append({"id": 0, "message": "Additional fortune added at request time."})
    rows.sort(key=itemgetter("message"))
    return {"fortunes": rows}


def updates(request):
    worlds = [read_world(pk) for pk in random_ids(request)]
    for world in worlds:
        world["randomNumber"] = random.randint(1, 10000)
    with database.connection:
        database.connection.executemany(
            "UPDATE World SET randomNumber = ? WHERE id = ?",
            [(world["randomNumber"], world["id"]) for world in worlds],
        )
    return worlds


VIEWS = {"db": single_query, "queries": several_queries, "rows": hundred_rows, "updates": updates}

with Configurator() as config:
    for name, view in VIEWS.items():
        config.add_route(name, f"/{name}")
        config.add_view(view, route_name=name, renderer="json")
    if importlib.util.find_spec("pyramid_jinja2"):
        config.include("pyramid_jinja2")
        config.add_jinja2_renderer(".html")
        config.add_route("fortunes", "/fortunes")
        config.add_view(fortunes, route_name="fortunes", renderer="templates/fortunes.html")
    application = config.make_wsgi_app()

"""SQL through Python’s sqlite3"""

import random
import sqlite3
import threading
from operator import itemgetter

import falcon

from comparison.experiments.techempower import DATABASE


class Database(threading.local):
    def __init__(self):
        self.connection = sqlite3.connect(DATABASE)
        self.connection.execute("PRAGMA synchronous = NORMAL")


database = Database()


def random_ids(req):
    count = req.get_param_as_int("queries", default=1)
    return sorted(random.sample(range(1, 10001), count))


def read_world(pk):
    cursor = database.connection.execute("SELECT id, randomNumber FROM World WHERE id = ?", [pk])
    pk, number = cursor.fetchone()
    return {"id": pk, "randomNumber": number}


class SingleQuery:
    def on_get(self, req, resp):
        resp.media = read_world(random.randint(1, 10000))


class SeveralQueries:
    def on_get(self, req, resp):
        resp.media = [read_world(pk) for pk in random_ids(req)]


class HundredRows:
    def on_get(self, req, resp):
        cursor = database.connection.execute("SELECT id, randomNumber FROM World ORDER BY id LIMIT 100")
        resp.media = [{"id": pk, "randomNumber": number} for pk, number in cursor.fetchall()]


class Fortunes:
    def on_get(self, req, resp):
        from .pages import render

        cursor = database.connection.execute("SELECT id, message FROM Fortune")
        rows = [{"id": pk, "message": message} for pk, message in cursor.fetchall()]
        rows.append({"id": 0, "message": "Additional fortune added at request time."})
        rows.sort(key=itemgetter("message"))
        render(resp, "fortunes.html", fortunes=rows)


class Updates:
    def on_get(self, req, resp):
        worlds = [read_world(pk) for pk in random_ids(req)]
        for world in worlds:
            world["randomNumber"] = random.randint(1, 10000)
        with database.connection:
            database.connection.executemany(
                "UPDATE World SET randomNumber = ? WHERE id = ?",
                [(world["randomNumber"], world["id"]) for world in worlds],
            )
        resp.media = worlds


application = falcon.App()
application.add_route("/db", SingleQuery())
application.add_route("/queries", SeveralQueries())
application.add_route("/rows", HundredRows())
application.add_route("/fortunes", Fortunes())
application.add_route("/updates", Updates())

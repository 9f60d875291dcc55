"""SQL through Python’s sqlite3, in a thread by run_in_executor"""

import json
import random
import sqlite3
import threading
from operator import itemgetter
from pathlib import Path

from tornado.ioloop import IOLoop
from tornado.web import Application, RequestHandler

from comparison.experiments.techempower import DATABASE


class Database(threading.local):
    def __init__(self):
        self.connection = sqlite3.connect(DATABASE)
        self.connection.execute("PRAGMA synchronous = NORMAL")


database = Database()


def read_world(pk):
    cursor = database.connection.execute("SELECT id, randomNumber FROM World WHERE id = ?", [pk])
    pk, number = cursor.fetchone()
    return {"id": pk, "randomNumber": number}


def read_worlds(ids):
    return [read_world(pk) for pk in ids]


def read_first_worlds():
    cursor = database.connection.execute("SELECT id, randomNumber FROM World ORDER BY id LIMIT 100")
    return [{"id": pk, "randomNumber": number} for pk, number in cursor.fetchall()]


def read_fortunes():
    cursor = database.connection.execute("SELECT id, message FROM Fortune")
    return [{"id": pk, "message": message} for pk, message in cursor.fetchall()]


def update_worlds(ids):
    worlds = read_worlds(ids)
    for world in worlds:
        world["randomNumber"] = random.randint(1, 10000)
    with database.connection:
        database.connection.executemany(
            "UPDATE World SET randomNumber = ? WHERE id = ?",
            [(world["randomNumber"], world["id"]) for world in worlds],
        )
    return worlds


class BaseHandler(RequestHandler):
    def random_ids(self):
        count = int(self.get_query_argument("queries", "1"))
        return sorted(random.sample(range(1, 10001), count))

    def run(self, function, *arguments):
        return IOLoop.current().run_in_executor(None, function, *arguments)

    def write_list(self, rows):
        self.set_header("Content-Type", "application/json")
        self.write(json.dumps(rows))


class SingleQuery(BaseHandler):
    async def get(self):
        self.write(await self.run(read_world, random.randint(1, 10000)))


class SeveralQueries(BaseHandler):
    async def get(self):
        self.write_list(await self.run(read_worlds, self.random_ids()))


class HundredRows(BaseHandler):
    async def get(self):
        self.write_list(await self.run(read_first_worlds))


class Fortunes(BaseHandler):
    async def get(self):
        rows = await self.run(read_fortunes)
        rows.append({"id": 0, "message": "Additional fortune added at request time."})
        rows.sort(key=itemgetter("message"))
        self.render("fortunes_of_rows.html", fortunes=rows)


class Updates(BaseHandler):
    async def get(self):
        self.write_list(await self.run(update_worlds, self.random_ids()))


application = Application(
    [
        (r"/db", SingleQuery),
        (r"/queries", SeveralQueries),
        (r"/rows", HundredRows),
        (r"/fortunes", Fortunes),
        (r"/updates", Updates),
    ],
    template_path=Path(__file__).parent / "templates",
)

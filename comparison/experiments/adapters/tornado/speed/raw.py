"""SQL through Python’s sqlite3"""

import json
import random
import sqlite3
from operator import itemgetter
from pathlib import Path

from tornado.web import Application, RequestHandler

from comparison.experiments.techempower import DATABASE

connection = sqlite3.connect(DATABASE)
connection.execute("PRAGMA synchronous = NORMAL")


def read_world(pk):
    cursor = connection.execute("SELECT id, randomNumber FROM World WHERE id = ?", [pk])
    pk, number = cursor.fetchone()
    return {"id": pk, "randomNumber": number}


class BaseHandler(RequestHandler):
    def random_ids(self):
        count = int(self.get_query_argument("queries", "1"))
        return sorted(random.sample(range(1, 10001), count))

    def write_list(self, rows):
        self.set_header("Content-Type", "application/json")
        self.write(json.dumps(rows))


class SingleQuery(BaseHandler):
    def get(self):
        self.write(read_world(random.randint(1, 10000)))


class SeveralQueries(BaseHandler):
    def get(self):
        self.write_list([read_world(pk) for pk in self.random_ids()])


class HundredRows(BaseHandler):
    def get(self):
        cursor = connection.execute("SELECT id, randomNumber FROM World ORDER BY id LIMIT 100")
        self.write_list([{"id": pk, "randomNumber": number} for pk, number in cursor.fetchall()])


class Fortunes(BaseHandler):
    def get(self):
        cursor = connection.execute("SELECT id, message FROM Fortune")
        rows = [{"id": pk, "message": message} for pk, message in cursor.fetchall()]
        rows.append({"id": 0, "message": "Additional fortune added at request time."})
        rows.sort(key=itemgetter("message"))
        self.render("fortunes_of_rows.html", fortunes=rows)


class Updates(BaseHandler):
    def get(self):
        worlds = [read_world(pk) for pk in self.random_ids()]
        for world in worlds:
            world["randomNumber"] = random.randint(1, 10000)
        with connection:
            connection.executemany(
                "UPDATE World SET randomNumber = ? WHERE id = ?",
                [(world["randomNumber"], world["id"]) for world in worlds],
            )
        self.write_list(worlds)


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

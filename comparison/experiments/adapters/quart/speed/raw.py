"""SQL through Python’s sqlite3, called in the view as its tutorial does"""

import random
import sqlite3
from operator import itemgetter

from quart import Quart, jsonify, render_template, request

from comparison.experiments.techempower import DATABASE

application = Quart(__name__, static_folder=None)
connection = sqlite3.connect(DATABASE)
connection.execute("PRAGMA synchronous = NORMAL")


def random_ids():
    count = request.args.get("queries", 1, type=int)
    return sorted(random.sample(range(1, 10001), count))


def read_world(pk):
    cursor = connection.execute("SELECT id, randomNumber FROM World WHERE id = ?", [pk])
    pk, number = cursor.fetchone()
    return {"id": pk, "randomNumber": number}


@application.get("/db")
async def single_query():
    return read_world(random.randint(1, 10000))


@application.get("/queries")
async def several_queries():
    return jsonify([read_world(pk) for pk in random_ids()])


@application.get("/rows")
async def hundred_rows():
    cursor = connection.execute("SELECT id, randomNumber FROM World ORDER BY id LIMIT 100")
    return jsonify([{"id": pk, "randomNumber": number} for pk, number in cursor.fetchall()])


@application.get("/fortunes")
async def fortunes():
    cursor = connection.execute("SELECT id, message FROM Fortune")
    rows = [{"id": pk, "message": message} for pk, message in cursor.fetchall()]
    rows.append({"id": 0, "message": "Additional fortune added at request time."})
    rows.sort(key=itemgetter("message"))
    return await render_template("fortunes.html", fortunes=rows)


@application.get("/updates")
async def updates():
    worlds = [read_world(pk) for pk in random_ids()]
    for world in worlds:
        world["randomNumber"] = random.randint(1, 10000)
    with connection:
        connection.executemany(
            "UPDATE World SET randomNumber = ? WHERE id = ?",
            [(world["randomNumber"], world["id"]) for world in worlds],
        )
    return jsonify(worlds)

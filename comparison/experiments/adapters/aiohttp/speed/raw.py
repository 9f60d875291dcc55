"""SQL through Python’s sqlite3, in a thread by asyncio.to_thread"""

import asyncio
import random
import sqlite3
import threading
from operator import itemgetter
from pathlib import Path

from aiohttp import web

from comparison.experiments.techempower import DATABASE

try:
    import aiohttp_jinja2
    from jinja2 import FileSystemLoader
except ModuleNotFoundError:
    aiohttp_jinja2 = None  # a clean installation has no templates, and answers all but the page

routes = web.RouteTableDef()


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


def random_ids(request):
    count = int(request.query.get("queries", 1))
    return sorted(random.sample(range(1, 10001), count))


@routes.get("/db")
async def single_query(request):
    return web.json_response(await asyncio.to_thread(read_world, random.randint(1, 10000)))


@routes.get("/queries")
async def several_queries(request):
    return web.json_response(await asyncio.to_thread(read_worlds, random_ids(request)))


@routes.get("/rows")
async def hundred_rows(request):
    return web.json_response(await asyncio.to_thread(read_first_worlds))


@routes.get("/fortunes")
async def fortunes(request):
    rows = await asyncio.to_thread(read_fortunes)
    rows.append({"id": 0, "message": "Additional fortune added at request time."})
    rows.sort(key=itemgetter("message"))
    return aiohttp_jinja2.render_template("fortunes.html", request, {"fortunes": rows})


@routes.get("/updates")
async def updates(request):
    return web.json_response(await asyncio.to_thread(update_worlds, random_ids(request)))


application = web.Application()
application.add_routes(routes)
if aiohttp_jinja2:
    aiohttp_jinja2.setup(application, loader=FileSystemLoader(Path(__file__).parent / "templates"))

"""SQL through Python’s sqlite3"""

import random
import sqlite3
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
connection = sqlite3.connect(DATABASE)
connection.execute("PRAGMA synchronous = NORMAL")


def random_ids(request):
    count = int(request.query.get("queries", 1))
    return sorted(random.sample(range(1, 10001), count))


def read_world(pk):
    cursor = connection.execute("SELECT id, randomNumber FROM World WHERE id = ?", [pk])
    pk, number = cursor.fetchone()
    return {"id": pk, "randomNumber": number}


@routes.get("/db")
async def single_query(request):
    return web.json_response(read_world(random.randint(1, 10000)))


@routes.get("/queries")
async def several_queries(request):
    return web.json_response([read_world(pk) for pk in random_ids(request)])


@routes.get("/rows")
async def hundred_rows(request):
    cursor = connection.execute("SELECT id, randomNumber FROM World ORDER BY id LIMIT 100")
    return web.json_response([{"id": pk, "randomNumber": number} for pk, number in cursor.fetchall()])


@routes.get("/fortunes")
async def fortunes(request):
    cursor = connection.execute("SELECT id, message FROM Fortune")
    rows = [{"id": pk, "message": message} for pk, message in cursor.fetchall()]
    rows.append({"id": 0, "message": "Additional fortune added at request time."})
    rows.sort(key=itemgetter("message"))
    return aiohttp_jinja2.render_template("fortunes.html", request, {"fortunes": rows})


@routes.get("/updates")
async def updates(request):
    worlds = [read_world(pk) for pk in random_ids(request)]
    for world in worlds:
        world["randomNumber"] = random.randint(1, 10000)
    with connection:
        connection.executemany(
            "UPDATE World SET randomNumber = ? WHERE id = ?",
            [(world["randomNumber"], world["id"]) for world in worlds],
        )
    return web.json_response(worlds)


application = web.Application()
application.add_routes(routes)
if aiohttp_jinja2:
    aiohttp_jinja2.setup(application, loader=FileSystemLoader(Path(__file__).parent / "templates"))

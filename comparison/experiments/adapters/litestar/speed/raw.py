"""SQL through Python’s sqlite3, in a thread by sync_to_thread"""

import random
import sqlite3
import threading
from importlib.util import find_spec
from operator import itemgetter
from pathlib import Path
from typing import Any

from litestar import Litestar, get
from litestar.response import Template
from litestar.template.config import TemplateConfig

from comparison.experiments.techempower import DATABASE


class Database(threading.local):
    def __init__(self):
        self.connection = sqlite3.connect(DATABASE)
        self.connection.execute("PRAGMA synchronous = NORMAL")


database = Database()


def template_config():
    """None in the clean installation, which has no template engine."""
    if not find_spec("jinja2"):
        return None
    from litestar.plugins.jinja import JinjaTemplateEngine

    return TemplateConfig(directory=Path(__file__).parent / "templates", engine=JinjaTemplateEngine)


def random_ids(count):
    return sorted(random.sample(range(1, 10001), count))


def read_world(pk):
    cursor = database.connection.execute("SELECT id, randomNumber FROM World WHERE id = ?", [pk])
    pk, number = cursor.fetchone()
    return {"id": pk, "randomNumber": number}


@get("/db", sync_to_thread=True)
def single_query() -> dict[str, int]:
    return read_world(random.randint(1, 10000))


@get("/queries", sync_to_thread=True)
def several_queries(queries: int = 1) -> list[dict[str, int]]:
    return [read_world(pk) for pk in random_ids(queries)]


@get("/rows", sync_to_thread=True)
def hundred_rows() -> list[dict[str, int]]:
    cursor = database.connection.execute("SELECT id, randomNumber FROM World ORDER BY id LIMIT 100")
    return [{"id": pk, "randomNumber": number} for pk, number in cursor.fetchall()]


@get("/fortunes", sync_to_thread=True)
def fortunes() -> Template:
    cursor = database.connection.execute("SELECT id, message FROM Fortune")
    rows: list[dict[str, Any]] = [{"id": pk, "message": message} for pk, message in cursor.fetchall()]
    rows.append({"id": 0, "message": "Additional fortune added at request time."})
    rows.sort(key=itemgetter("message"))
    return Template("fortunes.html", context={"fortunes": rows})


@get("/updates", sync_to_thread=True)
def updates(queries: int = 1) -> list[dict[str, int]]:
    worlds = [read_world(pk) for pk in random_ids(queries)]
    for world in worlds:
        world["randomNumber"] = random.randint(1, 10000)
    with database.connection:
        database.connection.executemany(
            "UPDATE World SET randomNumber = ? WHERE id = ?",
            [(world["randomNumber"], world["id"]) for world in worlds],
        )
    return worlds


application = Litestar(
    [single_query, several_queries, hundred_rows, fortunes, updates],
    openapi_config=None,
    template_config=template_config(),
)

"""Jinja2, by aiohttp-jinja2"""

from pathlib import Path

import aiohttp_jinja2
from aiohttp import web
from jinja2 import FileSystemLoader

from comparison.experiments.techempower import large_table

ROWS = large_table()


@aiohttp_jinja2.template("large_table.html")
async def table(request):
    return {"rows": ROWS}


application = web.Application()
application.add_routes([web.get("/table", table)])
aiohttp_jinja2.setup(application, loader=FileSystemLoader(Path(__file__).parent / "templates"))

"""Jinja2, which comes along"""

from quart import Quart, render_template

from comparison.experiments.techempower import large_table

application = Quart(__name__, static_folder=None)
ROWS = large_table()


@application.get("/table")
async def table():
    return await render_template("large_table.html", rows=ROWS)

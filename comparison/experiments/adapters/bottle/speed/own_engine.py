"""its own template engine, SimpleTemplate"""

from pathlib import Path

from bottle import TEMPLATE_PATH, Bottle, template

from comparison.experiments.techempower import large_table

TEMPLATE_PATH.insert(0, str(Path(__file__).parent / "templates"))
application = Bottle()
ROWS = large_table()


@application.get("/table")
def table():
    return template("large_table.html", rows=ROWS)

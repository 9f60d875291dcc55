"""Jinja2, by jinja2_template"""

from pathlib import Path

from bottle import TEMPLATE_PATH, Bottle, jinja2_template

from comparison.experiments.techempower import large_table

TEMPLATE_PATH.insert(0, str(Path(__file__).parent / "templates"))
application = Bottle()
ROWS = large_table()


@application.get("/table")
def table():
    return jinja2_template("large_table_jinja.html", rows=ROWS, template_settings={"autoescape": True})

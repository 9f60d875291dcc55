"""Jinja2, which comes along"""

from flask import Flask, render_template

from comparison.experiments.techempower import large_table

application = Flask(__name__, static_folder=None)
ROWS = large_table()


@application.get("/table")
def table():
    return render_template("large_table.html", rows=ROWS)

"""How the framework behaves. Each function is called in a process of its own."""

import asyncio

from flask import Flask

from comparison.experiments import box
from comparison.experiments.box import Absent


def greeting(view=lambda: "Hello"):
    app = Flask(__name__)
    app.add_url_rule("/", view_func=view)
    return app


def databases(folder):
    box.search("database", "sql")


def server_interfaces():
    return {"WSGI": greeting()}


def overlapping_routes():
    app = Flask(__name__)
    app.add_url_rule("/notes/<word>", "general", lambda word: "general")
    app.add_url_rule("/notes/new", "specific", lambda: "specific")
    return app


def isolated_tests(folder):
    box.search("database", "sql")


def async_view(seconds):
    async def hello():
        await asyncio.sleep(seconds)
        return "Hello"

    app = greeting(hello)
    try:
        app.ensure_sync(hello)
    except RuntimeError as error:
        raise Absent(f"was refused: {str(error).rstrip('.')}")
    return app, "wsgi"


def async_view_again(seconds):
    return async_view(seconds)


def crowded(routes=0, models=0):
    app = greeting()
    for number in range(routes):
        app.add_url_rule(f"/other/{number}/<int:pk>", f"other-{number}", lambda pk: "other")
    if models:
        declare(app, models)
    return app


def declare(app, models):
    from flask_sqlalchemy import SQLAlchemy
    from sqlalchemy.orm import DeclarativeBase

    app.config["SQLALCHEMY_DATABASE_URI"] = "sqlite://"
    db = SQLAlchemy(app, model_class=type("Base", (DeclarativeBase,), {}))
    for number in range(models):
        fields = {"id": db.Column(db.Integer, primary_key=True), "title": db.Column(db.String(50))}
        type(f"Other{number}", (db.Model,), fields)

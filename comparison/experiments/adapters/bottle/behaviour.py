"""How the framework behaves. Each function is called in a process of its own."""

import asyncio

from bottle import Bottle

from comparison.experiments import calling
from comparison.experiments.adapters.bottle import names
from comparison.experiments.box import Absent


def greeting(view=lambda: "Hello"):
    app = Bottle()
    app.route("/", callback=view)
    return app


def databases(folder):
    names.search("database", "sql")


def server_interfaces():
    return {"WSGI": greeting()}


def overlapping_routes():
    app = Bottle()
    app.route("/notes/<word>", callback=lambda word: "general")
    app.route("/notes/new", callback=lambda: "specific")
    return app


def isolated_tests(folder):
    names.search("database", "sql")


def async_view(seconds):
    async def hello():
        await asyncio.sleep(seconds)
        return "Hello"

    app = greeting(hello)
    app.catchall = False
    try:
        calling.call(calling.caller(app, "wsgi"), "/")
    except TypeError as error:
        raise Absent(f"was not awaited: {error}") from None
    return app, "wsgi"


def async_view_again(seconds):
    return async_view(seconds)


def crowded(routes=0, models=0):
    app = greeting()
    for number in range(routes):
        app.route(f"/other/{number}/<pk:int>", callback=lambda pk: "other")
    if models:
        declare(app, models)
    return app


def declare(app, models):
    import bottle_sqlalchemy
    from sqlalchemy import create_engine
    from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

    class Base(DeclarativeBase):
        pass

    app.install(bottle_sqlalchemy.Plugin(create_engine("sqlite://"), Base.metadata))
    for number in range(models):
        fields = {"id": mapped_column(primary_key=True), "title": mapped_column()}
        hints = {"id": Mapped[int], "title": Mapped[str]}
        type(f"Other{number}", (Base,), {"__tablename__": f"other_{number}", "__annotations__": hints, **fields})

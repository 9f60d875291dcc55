"""How the framework behaves. Each function is called in a process of its own."""

import asyncio

from quart import Quart

from comparison.experiments import box


async def hello():
    return "Hello"


def greeting(view=hello):
    app = Quart(__name__)
    app.add_url_rule("/", view_func=view)
    return app


def databases(folder):
    box.search("database", "sql")


def server_interfaces():
    return {"ASGI": greeting()}


def overlapping_routes():
    app = Quart(__name__)

    @app.get("/notes/<word>")
    async def general(word):
        return "general"

    @app.get("/notes/new")
    async def specific():
        return "specific"

    return app


def isolated_tests(folder):
    box.search("database", "sql")


def async_view(seconds):
    async def slow():
        await asyncio.sleep(seconds)
        return "Hello"

    return greeting(slow), "asgi"


def async_view_again(seconds):
    return async_view(seconds)


def crowded(routes=0, models=0):
    async def other(pk):
        return "other"

    app = greeting()
    for number in range(routes):
        app.add_url_rule(f"/other/{number}/<int:pk>", f"other-{number}", other)
    if models:
        declare(models)
    return app


def declare(models):
    from sqlalchemy import Column, Integer, String
    from sqlalchemy.orm import DeclarativeBase

    class Base(DeclarativeBase):
        pass

    for number in range(models):
        fields = {"id": Column(Integer, primary_key=True), "title": Column(String(50))}
        type(f"Other{number}", (Base,), {"__tablename__": f"other{number}", **fields})

"""How the framework behaves. Each function is called in a process of its own."""

import asyncio

import falcon
import falcon.asgi

from comparison.experiments import box


class Text:
    def __init__(self, text):
        self.text = text

    def on_get(self, req, resp, **values):
        resp.text = self.text


class AsyncText:
    def __init__(self, text, seconds=0):
        self.text = text
        self.seconds = seconds

    async def on_get(self, req, resp):
        await asyncio.sleep(self.seconds)
        resp.text = self.text


def databases(folder):
    box.search("database", "sql")


def server_interfaces():
    applications = {"WSGI": falcon.App(), "ASGI": falcon.asgi.App()}
    applications["WSGI"].add_route("/", Text("Hello"))
    applications["ASGI"].add_route("/", AsyncText("Hello"))
    return applications


def overlapping_routes():
    app = falcon.App()
    app.add_route("/notes/{word}", Text("general"))
    app.add_route("/notes/new", Text("specific"))
    return app


def isolated_tests(folder):
    box.search("database", "sql")


def async_view(seconds):
    """falcon.asgi"""
    app = falcon.asgi.App()
    app.add_route("/", AsyncText("Hello", seconds))
    return app, "asgi"


def async_view_again(seconds):
    """falcon.asgi"""
    return async_view(seconds)


def crowded(routes=0, models=0):
    app = falcon.App()
    for number in range(routes):
        app.add_route(f"/other/{number}/{{pk:int}}", Text("other"))
    app.add_route("/", Text("Hello"))
    if models:
        declare(models)
    return app


def declare(models):
    from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

    class Base(DeclarativeBase):
        pass

    for number in range(models):
        fields = {"id": mapped_column(primary_key=True), "title": mapped_column()}
        hints = {"id": Mapped[int], "title": Mapped[str]}
        type(f"Other{number}", (Base,), {"__tablename__": f"other_{number}", "__annotations__": hints, **fields})

"""How the framework behaves. Each function is called in a process of its own."""

import asyncio

from fastapi import FastAPI
from fastapi.responses import PlainTextResponse

from comparison.experiments import box


def answering(text):
    async def view():
        return PlainTextResponse(text)

    return view


def greeting():
    app = FastAPI()
    app.get("/")(answering("Hello"))
    return app


def databases(folder):
    box.search("database", "sql")


def server_interfaces():
    return {"ASGI": greeting()}


def overlapping_routes():
    app = FastAPI()
    app.get("/notes/{word}")(answering("general"))
    app.get("/notes/new")(answering("specific"))
    return app


def isolated_tests(folder):
    box.search("database", "sql")


def async_view(seconds):
    app = FastAPI()

    @app.get("/")
    async def slow():
        await asyncio.sleep(seconds)
        return "Hello"

    return app, "asgi"


def async_view_again(seconds):
    return async_view(seconds)


def crowded(routes=0, models=0):
    app = FastAPI()
    for number in range(routes):
        app.get(f"/other/{number}/{{pk}}")(answering("other"))
    app.get("/")(answering("Hello"))
    if models:
        declare(models)
    return app


def declare(models):
    from sqlmodel import Field, SQLModel

    for number in range(models):
        hints = {"id": int | None, "title": str}
        fields = {"id": Field(default=None, primary_key=True), "title": Field(max_length=50)}
        type(SQLModel)(
            f"Other{number}", (SQLModel,), {"__annotations__": hints, "__module__": __name__, **fields}, table=True
        )

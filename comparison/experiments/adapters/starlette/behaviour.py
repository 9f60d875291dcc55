"""How the framework behaves. Each function is called in a process of its own."""

import asyncio

from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from comparison.experiments import box


async def hello(request):
    return PlainTextResponse("Hello")


def answering(text):
    async def view(request):
        return PlainTextResponse(text)

    return view


def databases(folder):
    box.search("database", "sql")


def server_interfaces():
    return {"ASGI": Starlette(routes=[Route("/", hello)])}


def overlapping_routes():
    general = Route("/notes/{word}", answering("general"))
    specific = Route("/notes/new", answering("specific"))
    return Starlette(routes=[general, specific])


def isolated_tests(folder):
    box.search("database", "sql")


def async_view(seconds):
    async def slow(request):
        await asyncio.sleep(seconds)
        return PlainTextResponse("Hello")

    return Starlette(routes=[Route("/", slow)]), "asgi"


def async_view_again(seconds):
    return async_view(seconds)


def crowded(routes=0, models=0):
    others = [Route(f"/other/{number}/{{pk:int}}", answering("other")) for number in range(routes)]
    if models:
        declare(models)
    return Starlette(routes=[*others, Route("/", hello)])


def declare(models):
    from sqlalchemy import Column, Integer, String
    from sqlalchemy.orm import DeclarativeBase

    class Base(DeclarativeBase):
        pass

    for number in range(models):
        fields = {"id": Column(Integer, primary_key=True), "title": Column(String(50))}
        type(f"Other{number}", (Base,), {"__tablename__": f"other{number}", **fields})

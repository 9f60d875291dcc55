"""How the framework behaves. Each function is called in a process of its own."""

import asyncio

from aiohttp import web

from comparison.experiments import box

INTERFACE = f"{__package__}.interface"


def saying(text):
    async def view(request):
        return web.Response(text=text)

    return view


def application(*routes):
    app = web.Application()
    app.add_routes(routes)
    return app


def databases(folder):
    box.search("database", "sql")


def server_interfaces():
    return {"Own HTTP server": application(web.get("/", saying("Hello")))}


def overlapping_routes():
    return application(web.get("/notes/{word}", saying("general")), web.get("/notes/new", saying("specific")))


def isolated_tests(folder):
    box.search("database", "sql")


def async_view(seconds):
    async def hello(request):
        await asyncio.sleep(seconds)
        return web.Response(text="Hello")

    return application(web.get("/", hello)), INTERFACE


def async_view_again(seconds):
    return async_view(seconds)


def crowded(routes=0, models=0):
    other = saying("other")
    others = (web.get(rf"/other/{number}/{{pk:\d+}}", other) for number in range(routes))
    if models:
        declare(models)
    return application(*others, web.get("/", saying("Hello")))


def declare(models):
    from sqlalchemy import Integer, String
    from sqlalchemy.orm import DeclarativeBase, mapped_column

    base = type("Base", (DeclarativeBase,), {})
    for number in range(models):
        fields = {"id": mapped_column(Integer, primary_key=True), "title": mapped_column(String(50))}
        type(f"Other{number}", (base,), {"__tablename__": f"other{number}", **fields})

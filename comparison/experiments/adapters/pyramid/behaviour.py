"""How the framework behaves. Each function is called in a process of its own."""

import asyncio

from pyramid.config import Configurator
from pyramid.response import Response

from comparison.experiments import box, calling
from comparison.experiments.box import Absent


def answering(text):
    return lambda request: Response(text)


def application(*routes):
    with Configurator() as config:
        for number, (path, view) in enumerate(routes):
            config.add_route(f"route-{number}", path)
            config.add_view(view, route_name=f"route-{number}")
        return config.make_wsgi_app()


def databases(folder):
    box.search("database", "sql", besides="setuptools")


def server_interfaces():
    return {"WSGI": application(("/", answering("Hello")))}


def overlapping_routes():
    return application(("/notes/{word}", answering("general")), ("/notes/new", answering("specific")))


def isolated_tests(folder):
    box.search("database", "sql", besides="setuptools")


def async_view(seconds):
    async def hello(request):
        await asyncio.sleep(seconds)
        return Response("Hello")

    app = application(("/", hello))
    try:
        calling.call(calling.caller(app, "wsgi"), "/")
    except ValueError as error:
        if "coroutine" in str(error):
            raise Absent("was not awaited: a coroutine is no value that a view may return")
        raise
    return app, "wsgi"


def async_view_again(seconds):
    return async_view(seconds)


def crowded(routes=0, models=0):
    others = ((f"/other/{number}/{{pk:\\d+}}", answering("other")) for number in range(routes))
    if models:
        declare(models)
    return application(*others, ("/", answering("Hello")))


def declare(models):
    from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

    class Base(DeclarativeBase):
        pass

    for number in range(models):
        fields = {"id": mapped_column(primary_key=True), "title": mapped_column()}
        hints = {"id": Mapped[int], "title": Mapped[str]}
        type(f"Other{number}", (Base,), {"__tablename__": f"other_{number}", "__annotations__": hints, **fields})

"""How the framework behaves. Each function is called in a process of its own."""

import asyncio

from tornado.web import Application, RequestHandler

from comparison.experiments import box

INTERFACE = f"{__package__}.interface"


def saying(text):
    def get(self, *args):
        self.write(text)

    return type("Saying", (RequestHandler,), {"get": get})


def databases(folder):
    box.search("database", "sql")


def server_interfaces():
    return {"Own HTTP server": Application([(r"/", saying("Hello"))])}


def overlapping_routes():
    return Application([(r"/notes/([^/]+)", saying("general")), (r"/notes/new", saying("specific"))])


def isolated_tests(folder):
    box.search("database", "sql")


def async_view(seconds):
    class Hello(RequestHandler):
        async def get(self):
            await asyncio.sleep(seconds)
            self.write("Hello")

    return Application([(r"/", Hello)]), INTERFACE


def async_view_again(seconds):
    return async_view(seconds)


def crowded(routes=0, models=0):
    other = saying("other")
    others = [(rf"/other/{number}/(\d+)", other) for number in range(routes)]
    if models:
        declare(models)
    return Application([*others, (r"/", saying("Hello"))])


def declare(models):
    from sqlalchemy import Integer, String
    from sqlalchemy.orm import DeclarativeBase, mapped_column

    base = type("Base", (DeclarativeBase,), {})
    for number in range(models):
        fields = {"id": mapped_column(Integer, primary_key=True), "title": mapped_column(String(50))}
        type(f"Other{number}", (base,), {"__tablename__": f"other{number}", **fields})

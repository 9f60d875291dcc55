from aiohttp import web

from comparison.experiments import box
from comparison.experiments.box import Absent


async def write_note(request):
    return web.json_response({"title": "Milk"})


async def read_note(request):
    note = await request.json()
    return web.Response(text=note["title"])


class Thing(web.View):
    async def get(self):
        return web.Response(text="read")

    async def delete(self):
        return web.Response(text="deleted")


def application(*routes):
    app = web.Application()
    app.add_routes(routes)
    return app


def answer_json():
    """web.json_response"""
    return application(web.get("/note", write_note))


def read_json():
    """request.json"""
    return application(web.post("/note", read_note))


def tell_methods_apart():
    """web.View"""
    return application(web.view("/thing", Thing))


def describe():
    box.require("aiohttp_apischema")


def check_hints():
    raise Absent("gives a view the request alone, and the parts of its path as text")

from starlette.applications import Starlette
from starlette.endpoints import HTTPEndpoint
from starlette.responses import JSONResponse, PlainTextResponse
from starlette.routing import Route

from comparison.experiments import box, calling
from comparison.experiments.adapters.starlette.box import FULL
from comparison.experiments.box import Absent


async def note(request):
    return JSONResponse({"title": "Milk"})


async def read_note(request):
    content = await request.json()
    return PlainTextResponse(content["title"])


class Thing(HTTPEndpoint):
    async def get(self, request):
        return PlainTextResponse("read")

    async def delete(self, request):
        return PlainTextResponse("deleted")


async def double(request, count: int):
    return PlainTextResponse(count * 2)


def answer_json():
    """JSONResponse"""
    return Starlette(routes=[Route("/note", note)])


def read_json():
    """request.json"""
    return Starlette(routes=[Route("/note", read_note, methods=["POST"])])


def tell_methods_apart():
    """HTTPEndpoint"""
    return Starlette(routes=[Route("/thing", Thing)])


def describe():
    box.require_for("SchemaGenerator", "starlette.schemas:SchemaGenerator", "yaml", FULL)


def check_hints():
    application = Starlette(routes=[Route("/double/{count}", double)])
    try:
        calling.call(calling.AsgiCaller(application), "/double/three")
    except TypeError as error:
        raise Absent(f"calls a view with the request alone, so that no parameter can be annotated ({error})")
    return application

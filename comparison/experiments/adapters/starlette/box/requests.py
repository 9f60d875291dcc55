from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.base import BaseHTTPMiddleware
from starlette.responses import PlainTextResponse, StreamingResponse
from starlette.routing import Route

from comparison.experiments import box
from comparison.experiments.adapters.starlette.box import FULL


async def index(request):
    return PlainTextResponse("index")


async def note(request):
    return PlainTextResponse(str(request.path_params["number"] + 1))


async def link(request):
    return PlainTextResponse(request.app.url_path_for("note", number=7))


class Around(BaseHTTPMiddleware):
    async def dispatch(self, request, call_next):
        response = await call_next(request)
        response.headers["X-Around"] = "yes"
        return response


ROUTES = [Route("/", index), Route("/notes/{number:int}", note, name="note"), Route("/link", link)]


def read_number():
    """a route with {number:int}"""
    return Starlette(routes=ROUTES)


def make_path():
    """url_path_for"""
    return Starlette(routes=ROUTES)


def run_around():
    """BaseHTTPMiddleware"""
    return Starlette(routes=ROUTES, middleware=[Middleware(Around)])


def take_file():
    box.require_for("UploadFile", "starlette.datastructures:UploadFile", "python_multipart", FULL)


def send_pieces(content):
    """StreamingResponse"""

    async def stream(request):
        return StreamingResponse(content())

    return Starlette(routes=[Route("/stream", stream)])

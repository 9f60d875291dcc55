from fastapi import FastAPI
from fastapi.responses import PlainTextResponse, StreamingResponse

from comparison.experiments import box
from comparison.experiments.adapters.fastapi.box import STANDARD


def routes():
    app = FastAPI()

    @app.get("/")
    async def index():
        return "index"

    @app.get("/notes/{number:int}")
    async def note(number: int):
        return number + 1

    @app.get("/link", response_class=PlainTextResponse)
    async def link():
        return app.url_path_for("note", number=7)

    return app


def read_number():
    """a route with {number:int}"""
    return routes()


def make_path():
    """url_path_for"""
    return routes()


def run_around():
    """app.middleware"""
    app = routes()

    @app.middleware("http")
    async def around(request, call_next):
        response = await call_next(request)
        response.headers["X-Around"] = "yes"
        return response

    return app


def take_file():
    box.require_for("UploadFile", "fastapi.datastructures:UploadFile", "python_multipart", STANDARD)


def send_pieces(content):
    """StreamingResponse"""
    app = FastAPI()

    @app.get("/stream", response_class=StreamingResponse)
    async def stream():
        for piece in content():
            yield piece

    return app

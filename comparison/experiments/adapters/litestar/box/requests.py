import hashlib
from typing import Annotated

from litestar import Litestar, Request, get, post
from litestar.datastructures import MutableScopeHeaders, UploadFile
from litestar.enums import RequestEncodingType
from litestar.params import Body
from litestar.response import Stream


@get("/")
async def index() -> str:
    return "index"


@get("/notes/{number:int}", name="note")
async def note(number: int) -> int:
    return number + 1


@get("/link")
async def link(request: Request) -> str:
    return request.app.route_reverse("note", number=7)


@post("/upload", status_code=200)
async def upload(data: Annotated[UploadFile, Body(media_type=RequestEncodingType.MULTI_PART)]) -> str:
    return f"{data.filename} {hashlib.sha256(await data.read()).hexdigest()}"


async def add_header(message, scope):
    if message["type"] == "http.response.start":
        MutableScopeHeaders(message)["X-Around"] = "yes"


PAGES = [index, note, link]


def read_number():
    """a route with {number:int}"""
    return Litestar(PAGES)


def make_path():
    """route_reverse"""
    return Litestar(PAGES)


def run_around():
    """before_send; middleware does not see a missing page"""
    return Litestar(PAGES, before_send=[add_header])


def take_file():
    """UploadFile"""
    return Litestar([upload])


def send_pieces(content):
    """Stream"""

    @get("/stream")
    async def stream() -> Stream:
        return Stream(content)

    return Litestar([stream])

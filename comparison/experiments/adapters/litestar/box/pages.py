from dataclasses import dataclass
from typing import Annotated

from litestar import Litestar, MediaType, Request, get, post
from litestar.config.csrf import CSRFConfig
from litestar.enums import RequestEncodingType
from litestar.params import Body
from litestar.static_files import create_static_files_router
from litestar.template.base import csrf_token

from comparison.experiments import box, calling
from comparison.experiments.adapters.litestar.box import STANDARD


@dataclass
class Order:
    count: int


@post("/", status_code=200)
async def show_title(data: Annotated[dict[str, str], Body(media_type=RequestEncodingType.URL_ENCODED)]) -> str:
    return data["title"]


@post("/", status_code=200)
async def order(data: Annotated[Order, Body(media_type=RequestEncodingType.URL_ENCODED)]) -> str:
    return "ordered"


@get("/form", media_type=MediaType.HTML)
async def show_form(request: Request) -> str:
    token = csrf_token({"request": request})
    return f"<form method=post><input type='hidden' name='_csrf_token' value='{token}'></form>"


@post("/form", status_code=200)
async def save() -> str:
    return "saved"


def fill_template(folder, names):
    box.require_for("JinjaTemplateEngine", "litestar.plugins.jinja:JinjaTemplateEngine", "jinja2", STANDARD)


def read_fields():
    """Body with RequestEncodingType.URL_ENCODED"""
    return Litestar([show_title])


def draw_form():
    box.search("forms", "widget")


def refuse_wrong(fields):
    """a dataclass as the type of the body"""
    answer = calling.Visitor(calling.AsgiCaller(Litestar([order]))).send("/", fields)
    return {} if answer.status == 200 else {error["key"]: error["message"] for error in answer.json()["extra"]}


def serve_style_sheet(folder):
    """create_static_files_router"""
    return Litestar([create_static_files_router(path="/static", directories=[folder])])


def check_token():
    """CSRFConfig"""
    return Litestar([show_form, save], csrf_config=CSRFConfig(secret="for measuring alone"))

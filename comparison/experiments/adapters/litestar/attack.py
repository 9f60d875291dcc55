"""An application as the introduction begins one, with the pages that the attacks are made on."""

from litestar import Litestar, MediaType, Request, get, post
from litestar.config.allowed_hosts import AllowedHostsConfig
from litestar.config.csrf import CSRFConfig
from litestar.middleware.session.server_side import ServerSideSessionConfig

from comparison.experiments import box
from comparison.experiments.spec import NotOffered


@get("/form", media_type=MediaType.HTML)
async def show_form() -> str:
    return "<form method=post><input name=title></form>"


@post("/form", status_code=200)
async def save() -> str:
    return "saved"


@get("/link")
async def show_link(request: Request) -> str:
    return str(request.url)


@get("/set")
async def keep(request: Request) -> str:
    request.session["colour"] = "blue"
    return "kept"


@get("/get")
async def read(request: Request) -> str:
    return request.session.get("colour", "nothing")


PAGES = [show_form, save, show_link]


def form(folder):
    return Litestar(PAGES)


def form_when_set(folder):
    """with CSRFConfig"""
    return Litestar(PAGES, csrf_config=CSRFConfig(secret="for measuring alone"))


def link(folder):
    return Litestar(PAGES)


def link_when_set(folder):
    """with AllowedHostsConfig"""
    return Litestar(PAGES, allowed_hosts=AllowedHostsConfig(allowed_hosts=["localhost"]))


def headers(folder):
    return Litestar(PAGES)


def headers_when_set(folder):
    box.search("hsts", "frame_options", "secure_header")


def session(folder):
    """with ServerSideSessionConfig"""
    return Litestar([keep, read], middleware=[ServerSideSessionConfig().middleware])


def fill(folder, name):
    raise NotOffered("has no template engine until one is installed")


def hashing():
    box.search("password", "hash", "crypt")

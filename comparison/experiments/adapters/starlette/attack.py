"""An application as the documentation begins one, with the pages that the attacks are made on."""

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.responses import HTMLResponse, PlainTextResponse
from starlette.routing import Route

from comparison.experiments import box
from comparison.experiments.spec import NotOffered


async def show_form(request):
    if request.method == "POST":
        return PlainTextResponse("saved")
    return HTMLResponse("<form method=post><input name=title></form>")


async def show_link(request):
    return PlainTextResponse(str(request.url))


async def keep(request):
    request.session["colour"] = "blue"
    return PlainTextResponse("kept")


async def read(request):
    return PlainTextResponse(request.session.get("colour", "nothing"))


def application(*middleware):
    routes = [
        Route("/form", show_form, methods=["GET", "POST"]),
        Route("/link", show_link),
        Route("/set", keep),
        Route("/get", read),
    ]
    return Starlette(routes=routes, middleware=middleware)


def form(folder):
    return application()


def form_when_set(folder):
    box.require("starlette_wtf")


def link(folder):
    return application()


def link_when_set(folder):
    """with TrustedHostMiddleware"""
    return application(Middleware(TrustedHostMiddleware, allowed_hosts=["localhost"]))


def headers(folder):
    return application()


def headers_when_set(folder):
    box.search("hsts", "frame_options", "secure_header")


def session(folder):
    raise NotOffered("has no sessions until a package for them is installed")


def fill(folder, name):
    raise NotOffered("has no template engine until one is installed")


def hashing():
    box.search("password", "hash", "crypt")

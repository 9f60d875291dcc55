"""An application as the quickstart begins one, with the pages that the attacks are made on."""

from aiohttp import web

from comparison.experiments import box
from comparison.experiments.spec import NotOffered


async def show_form(request):
    return web.Response(text="<form method=post><input name=title></form>", content_type="text/html")


async def save_form(request):
    return web.Response(text="saved")


async def show_link(request):
    return web.Response(text=str(request.url))


def application():
    app = web.Application()
    app.add_routes([web.get("/form", show_form), web.post("/form", save_form), web.get("/link", show_link)])
    return app


def form(folder):
    return application()


def form_when_set(folder):
    box.search("csrf", "xsrf")


def link(folder):
    return application()


def link_when_set(folder):
    """with add_domain"""
    app = web.Application()
    app.add_domain("localhost", application())
    return app


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

"""An application as the tutorial begins one, with the pages that the attacks are made on."""

from fastapi import FastAPI, Request
from fastapi.middleware.trustedhost import TrustedHostMiddleware
from fastapi.responses import HTMLResponse, PlainTextResponse

from comparison.experiments import box
from comparison.experiments.spec import NotOffered


def application():
    app = FastAPI()

    @app.get("/form", response_class=HTMLResponse)
    async def show_form():
        return "<form method=post><input name=title></form>"

    @app.post("/form", response_class=PlainTextResponse)
    async def save():
        return "saved"

    @app.get("/link", response_class=PlainTextResponse)
    async def show_link(request: Request):
        return str(request.url)

    return app


def form(folder):
    return application()


def form_when_set(folder):
    box.search("csrf", "xsrf")


def link(folder):
    return application()


def link_when_set(folder):
    """with TrustedHostMiddleware"""
    app = application()
    app.add_middleware(TrustedHostMiddleware, allowed_hosts=["localhost"])
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
    box.require("pwdlib")

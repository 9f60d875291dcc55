"""An application as the tutorial begins one, with the pages that the attacks are made on."""

import falcon

from comparison.experiments import box
from comparison.experiments.spec import NotOffered


class Form:
    def on_get(self, req, resp):
        resp.content_type = falcon.MEDIA_HTML
        resp.text = "<form method=post><input name=title></form>"

    def on_post(self, req, resp):
        resp.text = "saved"


class Link:
    def on_get(self, req, resp):
        resp.text = req.uri


def application():
    app = falcon.App()
    app.add_route("/form", Form())
    app.add_route("/link", Link())
    return app


def form(folder):
    return application()


def form_when_set(folder):
    box.search("csrf", "xsrf")


def link(folder):
    return application()


def link_when_set(folder):
    box.search("trusted", "hosts")


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

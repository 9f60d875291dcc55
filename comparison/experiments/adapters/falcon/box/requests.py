import hashlib

import falcon
from falcon.routing import CompiledRouter

from comparison.experiments.box import Absent, expect

MAKES_PATHS = ("url", "uri", "reverse", "path_for")


class Index:
    def on_get(self, req, resp):
        resp.text = "index"


class Note:
    def on_get(self, req, resp, number):
        resp.text = str(number + 1)


class Upload:
    def on_post(self, req, resp):
        for part in req.get_media():
            if part.name == "document":
                resp.text = f"{part.filename} {hashlib.sha256(part.stream.read()).hexdigest()}"


class Pieces:
    def __init__(self, content):
        self.content = content

    def on_get(self, req, resp):
        resp.stream = self.content()


class Around:
    def process_response(self, req, resp, resource, req_succeeded):
        resp.set_header("X-Around", "yes")


def read_number():
    """a route with {number:int}"""
    app = falcon.App()
    app.add_route("/notes/{number:int}", Note())
    return app


def make_path():
    names = {name for part in (falcon.App, CompiledRouter) for name in dir(part)}
    expect(not any(word in name for name in names for word in MAKES_PATHS), "there is a name about it")
    raise Absent(
        f"has no function that makes a path: none of the {len(names)} names of its application and router"
        f" has “{'” or “'.join(MAKES_PATHS)}” in it"
    )


def run_around():
    """the middleware’s method process_response"""
    app = falcon.App(middleware=[Around()])
    app.add_route("/", Index())
    return app


def take_file():
    """req.get_media"""
    app = falcon.App()
    app.add_route("/upload", Upload())
    return app


def send_pieces(content):
    """resp.stream"""
    app = falcon.App()
    app.add_route("/stream", Pieces(content))
    return app

import falcon

from comparison.experiments import box


class Note:
    def on_get(self, req, resp):
        resp.media = {"title": "Milk"}

    def on_post(self, req, resp):
        resp.text = req.get_media()["title"]


class Thing:
    def on_get(self, req, resp):
        resp.text = "read"

    def on_delete(self, req, resp):
        resp.text = "deleted"


class Double:
    def on_get(self, req, resp, count: int):
        resp.text = count * 2


def serving(path, resource):
    app = falcon.App()
    app.add_route(path, resource)
    return app


def answer_json():
    """resp.media"""
    return serving("/note", Note())


def read_json():
    """req.get_media"""
    return serving("/note", Note())


def tell_methods_apart():
    """on_get and on_delete"""
    return serving("/thing", Thing())


def describe():
    box.search("openapi", "swagger")


def check_hints():
    return serving("/double/{count}", Double())

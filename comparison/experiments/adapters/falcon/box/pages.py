import falcon

from comparison.experiments import box


class Title:
    def on_post(self, req, resp):
        resp.text = req.get_media()["title"]


def fill_template(folder, names):
    box.search("template")


def read_fields():
    """req.get_media"""
    app = falcon.App()
    app.add_route("/", Title())
    return app


def draw_form():
    box.search("forms", "widget")


def refuse_wrong(fields):
    box.search("forms", "widget")


def serve_style_sheet(folder):
    """add_static_route"""
    app = falcon.App()
    app.add_static_route("/static", str(folder))
    return app


def check_token():
    box.search("csrf", "xsrf")

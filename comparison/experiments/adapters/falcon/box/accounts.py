import falcon

from comparison.experiments import box


def log_in(folder, name, password):
    box.search("login", "password", "account")


def refuse_without_permission(folder, name, password):
    box.search("permission")


def add_in_admin(folder, name, password):
    box.search("admin", besides="falcon.bench")


def remember_visitor(folder):
    box.search("session")


class SetCookie:
    def on_get(self, req, resp):
        resp.set_cookie("colour", "blue", same_site="Lax")  # Secure and HttpOnly by itself


class GetCookie:
    def on_get(self, req, resp):
        resp.content_type = falcon.MEDIA_TEXT
        resp.text = req.cookies.get("colour", "nothing")


def sign_cookie():
    """Response.set_cookie"""
    app = falcon.App()
    app.add_route("/set", SetCookie())
    app.add_route("/get", GetCookie())
    return app

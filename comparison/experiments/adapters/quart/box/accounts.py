from quart import Quart, session

from comparison.experiments import box


def log_in(folder, name, password):
    box.require("quart_auth")


def refuse_without_permission(folder, name, password):
    box.search("permission")


def add_in_admin(folder, name, password):
    box.search("admin")


def remembering(**config):
    app = Quart(__name__)
    app.config.update(SECRET_KEY="box", **config)

    @app.get("/set")
    async def keep():
        session["colour"] = "blue"
        return "kept"

    @app.get("/get")
    async def read():
        return session.get("colour", "nothing")

    return app


def remember_visitor(folder):
    """quart.session"""
    return remembering()


def sign_cookie():
    """quart.session"""
    return remembering(SESSION_COOKIE_SECURE=True, SESSION_COOKIE_SAMESITE="Lax")

"""An application as the quickstart begins one, with the pages that the attacks are made on."""

import asyncio

from quart import Quart, render_template, request
from quart import session as quart_session
from werkzeug.security import check_password_hash, generate_password_hash

from comparison.experiments import box


def application():
    app = Quart(__name__)
    app.secret_key = "attack"

    @app.route("/form", methods=["GET", "POST"])
    async def form():
        return "saved" if request.method == "POST" else "<form method=post><input name=title></form>"

    @app.route("/link")
    async def link():
        return request.url

    @app.route("/set")
    async def keep():
        quart_session["colour"] = "blue"
        return "kept"

    @app.route("/get")
    async def read():
        return quart_session.get("colour", "nothing")

    return app


def form(folder):
    return application()


def form_when_set(folder):
    box.search("csrf", "xsrf")


def link(folder):
    return application()


def link_when_set(folder):
    """with the setting SERVER_NAME"""
    app = application()
    app.config["SERVER_NAME"] = "localhost"
    return app


def headers(folder):
    return application()


def headers_when_set(folder):
    box.search("hsts", "frame_options", "secure_header")


def session(folder):
    return application()


def fill(folder, name):
    (folder / "name.html").write_text('<p title="{{ name }}">{{ name }}</p>')
    app = Quart(__name__, template_folder=folder)

    async def render():
        async with app.app_context():
            return await render_template("name.html", name=name)

    return asyncio.run(render())


def hashing():
    """werkzeug.security, which comes along"""
    return generate_password_hash, check_password_hash

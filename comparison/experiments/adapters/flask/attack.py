"""An application as the quickstart begins one, with the pages that the attacks are made on."""

from flask import Flask, render_template, request
from flask import session as flask_session
from werkzeug.security import check_password_hash, generate_password_hash

from comparison.experiments import box


def application(**config):
    app = Flask(__name__)
    app.config.update(SECRET_KEY="attack", **config)

    @app.route("/form", methods=["GET", "POST"])
    def form():
        return "saved" if request.method == "POST" else "<form method=post><input name=title></form>"

    @app.route("/link")
    def link():
        return request.url

    @app.route("/set")
    def keep():
        flask_session["colour"] = "blue"
        return "kept"

    @app.route("/get")
    def read():
        return flask_session.get("colour", "nothing")

    return app


def form(folder):
    return application()


def form_when_set(folder):
    box.require("flask_wtf")


def link(folder):
    return application()


def link_when_set(folder):
    """with the setting TRUSTED_HOSTS"""
    return application(TRUSTED_HOSTS=["localhost"])


def headers(folder):
    return application()


def headers_when_set(folder):
    box.require("flask_talisman")


def session(folder):
    return application()


def fill(folder, name):
    (folder / "name.html").write_text('<p title="{{ name }}">{{ name }}</p>')
    app = Flask(__name__, template_folder=folder)
    with app.app_context():
        return render_template("name.html", name=name)


def hashing():
    """werkzeug.security"""
    return generate_password_hash, check_password_hash

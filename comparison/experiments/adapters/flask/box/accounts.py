from flask import Flask, session

from comparison.experiments import box


def log_in(folder, name, password):
    box.search("login", "password", "account")


def refuse_without_permission(folder, name, password):
    box.search("permission")


def add_in_admin(folder, name, password):
    box.search("admin")


def remembering(**config):
    app = Flask(__name__)
    app.config.update(SECRET_KEY="box", **config)

    @app.get("/set")
    def keep():
        session["colour"] = "blue"
        return "kept"

    @app.get("/get")
    def read():
        return session.get("colour", "nothing")

    return app


def remember_visitor(folder):
    """flask.session"""
    return remembering()


def sign_cookie():
    """flask.session"""
    return remembering(SESSION_COOKIE_SECURE=True, SESSION_COOKIE_SAMESITE="Lax")

from bottle import Bottle, request, response

from comparison.experiments import box
from comparison.experiments.adapters.bottle import names


def log_in(folder, name, password):
    box.require("cork")


def refuse_without_permission(folder, name, password):
    box.require("cork")


def add_in_admin(folder, name, password):
    names.search("admin")


def remember_visitor(folder):
    box.require("beaker")


def sign_cookie():
    """set_cookie with a secret"""
    app = Bottle()

    @app.get("/set")
    def keep():
        response.set_cookie("colour", "blue", secret="box", secure=True, httponly=True, samesite="lax")
        return "kept"

    @app.get("/get")
    def read():
        return request.get_cookie("colour", "nothing", secret="box")

    return app

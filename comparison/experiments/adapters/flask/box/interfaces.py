from flask import Flask, request
from flask.views import MethodView

from comparison.experiments import box


class Thing(MethodView):
    def get(self):
        return "read"

    def delete(self):
        return "deleted"


def answer_json():
    """a view that returns a dictionary"""
    app = Flask(__name__)
    app.add_url_rule("/note", view_func=lambda: {"title": "Milk"})
    return app


def read_json():
    """request.get_json"""
    app = Flask(__name__)
    app.add_url_rule("/note", methods=["POST"], view_func=lambda: request.get_json()["title"])
    return app


def tell_methods_apart():
    """MethodView"""
    app = Flask(__name__)
    app.add_url_rule("/thing", view_func=Thing.as_view("thing"))
    return app


def describe():
    box.search("openapi", "swagger")


def check_hints():
    app = Flask(__name__)

    @app.get("/double/<count>")
    def double(count: int):
        return count * 2

    return app

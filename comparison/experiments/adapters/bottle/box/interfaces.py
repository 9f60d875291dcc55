from bottle import Bottle, request

from comparison.experiments.adapters.bottle import names


def answer_json():
    """a view that returns a dictionary"""
    app = Bottle()
    app.route("/note", callback=lambda: {"title": "Milk"})
    return app


def read_json():
    """request.json"""
    app = Bottle()
    app.route("/note", method="POST", callback=lambda: request.json["title"])
    return app


def tell_methods_apart():
    """get and delete"""
    app = Bottle()
    app.get("/thing", callback=lambda: "read")
    app.delete("/thing", callback=lambda: "deleted")
    return app


def describe():
    names.search("openapi", "swagger")


def check_hints():
    app = Bottle()

    @app.get("/double/<count>")
    def double(count: int):
        return count * 2

    return app

from quart import Quart, request
from quart.views import MethodView

from comparison.experiments import box


class Thing(MethodView):
    async def get(self):
        return "read"

    async def delete(self):
        return "deleted"


def answer_json():
    """a view that returns a dictionary"""
    app = Quart(__name__)

    @app.get("/note")
    async def note():
        return {"title": "Milk"}

    return app


def read_json():
    """request.get_json"""
    app = Quart(__name__)

    @app.post("/note")
    async def note():
        content = await request.get_json()
        return content["title"]

    return app


def tell_methods_apart():
    """MethodView"""
    app = Quart(__name__)
    app.add_url_rule("/thing", view_func=Thing.as_view("thing"))
    return app


def describe():
    box.require("quart_schema")


def check_hints():
    app = Quart(__name__)

    @app.get("/double/<count>")
    async def double(count: int):
        return count * 2

    return app

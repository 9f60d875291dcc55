from typing import Annotated

from fastapi import Body, FastAPI
from fastapi.responses import PlainTextResponse

app = FastAPI()


@app.get("/note")
async def note():
    return {"title": "Milk"}


@app.post("/note", response_class=PlainTextResponse)
async def read_note(title: Annotated[str, Body(embed=True)]):
    return title


@app.get("/thing", response_class=PlainTextResponse)
async def read_thing():
    return "read"


@app.delete("/thing", response_class=PlainTextResponse)
async def delete_thing():
    return "deleted"


@app.get("/double/{count}")
async def double(count: int):
    return count * 2


def answer_json():
    """a view that returns a dictionary"""
    return app


def read_json():
    """a parameter of the body"""
    return app


def tell_methods_apart():
    """get and delete of the application"""
    return app


def describe():
    """FastAPI()"""
    return app, "/openapi.json"


def check_hints():
    """Pydantic, which comes along"""
    return app

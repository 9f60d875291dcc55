"""How the framework behaves. Each function is called in a process of its own."""

import asyncio
from dataclasses import dataclass
from uuid import UUID

from litestar import Litestar, get
from litestar.repository.testing.generic_mock_repository import GenericAsyncMockRepository

from comparison.experiments import box
from comparison.experiments.adapters.litestar.box import SQLALCHEMY


def answering(path, text):
    @get(path)
    async def view() -> str:
        return text

    return view


def databases(folder):
    box.require("advanced_alchemy", SQLALCHEMY)


def server_interfaces():
    return {"ASGI": Litestar([answering("/", "Hello")])}


def overlapping_routes():
    return Litestar([answering("/notes/{word:str}", "general"), answering("/notes/new", "specific")])


@dataclass
class Row:
    title: str
    id: UUID | None = None


class Rows(GenericAsyncMockRepository[Row]):
    model_type = Row


async def add_row():
    rows = Rows()
    await rows.add(Row("Milk"))
    return await rows.count()


def isolated_tests(folder):
    """GenericAsyncMockRepository"""
    box.expect(asyncio.run(add_row()) == 1, "the row is not there")
    raise box.Partly("kept rows in memory in place of a database; it makes none for tests")


def async_view(seconds):
    @get("/")
    async def slow() -> str:
        await asyncio.sleep(seconds)
        return "Hello"

    return Litestar([slow]), "asgi"


def async_view_again(seconds):
    return async_view(seconds)


def crowded(routes=0, models=0):
    others = [answering(f"/other/{number}/{{pk:int}}", "other") for number in range(routes)]
    if models:
        declare(models)
    return Litestar([*others, answering("/", "Hello")])


def declare(models):
    from advanced_alchemy.base import BigIntBase
    from sqlalchemy import Column, String

    for number in range(models):
        type(f"Other{number}", (BigIntBase,), {"__tablename__": f"other{number}", "title": Column(String(50))})

"""Runs the application as a user would: sets its variables, makes the tables and one user."""

import asyncio
import os
from pathlib import Path

from comparison.experiments.acceptance import PASSWORD, USERNAME


def prepare():
    os.environ["SECRET_KEY"] = "for measuring alone"
    os.environ["DATABASE"] = str(Path("books.sqlite3").absolute())

    from . import app

    asyncio.run(make_user(app))
    return app.application


async def make_user(app):
    await app.create_user(USERNAME, PASSWORD)
    await app.engine.dispose()  # its connections belong to this loop


application = prepare()

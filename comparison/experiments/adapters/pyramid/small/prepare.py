"""Runs the application as a user would: sets its variables, makes the tables and one user."""

import os
from pathlib import Path

from comparison.experiments.acceptance import PASSWORD, USERNAME


def prepare():
    os.environ["SECRET_KEY"] = "for measuring alone"
    os.environ["DATABASE"] = str(Path("books.sqlite3").absolute())

    from .app import create_user, main

    create_user(USERNAME, PASSWORD)
    return main({})


application = prepare()

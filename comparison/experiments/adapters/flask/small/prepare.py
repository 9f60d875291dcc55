"""Runs the application as a user would: sets its variables, makes the tables and one user by its own command."""

import os
from pathlib import Path

from comparison.experiments.acceptance import PASSWORD, USERNAME
from comparison.experiments.spec import Failure


def prepare():
    os.environ["SECRET_KEY"] = "for measuring alone"
    os.environ["DATABASE"] = str(Path("books.sqlite3").absolute())

    from .app import application

    result = application.test_cli_runner().invoke(args=["create-user", USERNAME, PASSWORD])
    if result.exit_code:
        raise Failure(f"the user was not made: {result.output.strip() or result.exception}")
    return application


application = prepare()

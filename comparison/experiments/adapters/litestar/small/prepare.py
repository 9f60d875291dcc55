"""Runs the application as a user would: sets its variables, makes the tables and one user by its own command."""

import os
import subprocess
import sys
from pathlib import Path

from comparison.experiments.acceptance import PASSWORD, USERNAME
from comparison.experiments.spec import Failure


def prepare():
    os.environ["SECRET_KEY"] = "for measuring alone"
    os.environ["DATABASE"] = str(Path("books.sqlite3").absolute())
    command = [sys.executable, str(Path(__file__).with_name("app.py")), USERNAME, PASSWORD]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    if run.returncode:
        raise Failure(f"the user was not made: {run.stderr.strip()[-200:]}")

    from .app import application

    return application


application = prepare()

"""Runs the application as a user would: sets its variables, makes the tables and one user who may do everything."""

import os
import sys
from pathlib import Path

from comparison.experiments.acceptance import PASSWORD, USERNAME


def prepare():
    sys.path.insert(0, str(Path(__file__).parent))
    os.environ["SECRET_KEY"] = "for measuring alone"
    os.environ["DATABASE"] = str(Path("books.sqlite3").absolute())
    os.environ["DJANGO_SUPERUSER_PASSWORD"] = PASSWORD

    from django.core.management import call_command

    from .app import application

    call_command("migrate", run_syncdb=True, verbosity=0)
    call_command("createsuperuser", interactive=False, username=USERNAME, email="", verbosity=0)
    return application


application = prepare()

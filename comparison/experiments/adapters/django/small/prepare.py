"""Makes the tables and one user who may do everything, as the documentation says."""

import os

from django.core.management import call_command

from comparison.experiments.acceptance import PASSWORD, USERNAME

from . import app


def prepare():
    call_command("migrate", run_syncdb=True, verbosity=0)
    os.environ["DJANGO_SUPERUSER_PASSWORD"] = PASSWORD
    call_command("createsuperuser", interactive=False, username=USERNAME, email="", verbosity=0)
    return app.application

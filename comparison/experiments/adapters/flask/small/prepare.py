"""Makes the tables and one user who may do everything, with the application's own command."""

from comparison.experiments.acceptance import PASSWORD, USERNAME
from comparison.experiments.spec import Failure

from . import app


def prepare():
    result = app.application.test_cli_runner().invoke(args=["create-user", USERNAME, PASSWORD])
    if result.exit_code:
        raise Failure(f"the user was not made: {result.output.strip() or result.exception}")
    return app.application

"""Several people at the same moment, on databases that let them in at once."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import connection, connections

PATIENCE = 30  # seconds, after which a test fails rather than hangs
on_postgres = pytest.mark.skipif(
    connection.vendor != "postgresql",
    reason="SQLite lets in one writer at a time; set DATABASE_URL to a PostgreSQL database to see threads race",
)


def race(*actions: Callable[[], Any]) -> list[Any]:
    """Runs the actions at the same moment, each in a thread and on a connection of its own; returns their results."""
    barrier = Barrier(len(actions))

    def run(action: Callable[[], Any]) -> Any:
        try:
            barrier.wait(PATIENCE)
            return action()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(actions)) as pool:
        return [future.result(PATIENCE) for future in [pool.submit(run, action) for action in actions]]

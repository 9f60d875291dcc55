from collections.abc import Generator
from time import monotonic
from types import SimpleNamespace
from typing import Any

import psycopg
from django.db.backends.postgresql import base

from config.databases.time_limits import statement_seconds


class LimitedConnection(psycopg.Connection):
    """Ends with the connection a statement that takes longer than config.databases.time_limits allows."""

    def wait(self, gen: Any, *args: Any, **options: Any) -> Any:
        seconds = statement_seconds()
        return super().wait(gen if seconds is None else self._limited(gen, seconds), *args, **options)

    def _limited(self, steps: Generator[Any, Any, Any], seconds: float) -> Generator[Any, Any, Any]:
        """The steps of a statement. psycopg asks for the next one at least every tenth of a second, ready or not."""
        ends_at = monotonic() + seconds
        try:
            wanted = next(steps)
            while True:
                ready = yield wanted
                if not ready and monotonic() > ends_at:
                    self.close()  # what the server still sends would be taken for the answer to another statement
                    raise psycopg.errors.QueryCanceled(f"The database did not answer within {seconds:g} s.")
                wanted = steps.send(ready)
        except StopIteration as end:
            return end.value


class DatabaseWrapper(base.DatabaseWrapper):
    Database: Any = SimpleNamespace(**vars(psycopg) | {"connect": LimitedConnection.connect})

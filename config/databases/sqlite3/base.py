import os
import sqlite3
from pathlib import Path
from typing import Any

from django.db.backends.sqlite3 import base


class DatabaseWrapper(base.DatabaseWrapper):
    def get_connection_params(self) -> dict[str, Any]:
        params: dict[str, Any] = super().get_connection_params()
        path = Path(str(params["database"])).absolute()
        if is_read_only(path):
            params["database"] = read_only_url(path)
        return params

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        """As Django's, but closes a connection whose first statement fails, as that to a damaged file does."""
        opened: list[sqlite3.Connection] = []

        def connect(*args: Any, **options: Any) -> sqlite3.Connection:
            opened.append(sqlite3.Connection(*args, **options))
            return opened[0]

        try:
            return super().get_new_connection(conn_params | {"factory": connect})
        except sqlite3.Error:
            for connection in opened:
                connection.close()
            raise


def is_read_only(path: Path) -> bool:
    """Whether SQLite could not make the files that it keeps beside a database, without which it opens none."""
    return path.exists() and not os.access(path.parent, os.W_OK)


def read_only_url(path: Path) -> str:
    """The log of newest changes is read if there is any; without it nothing can change what the file holds."""
    log = path.with_name(f"{path.name}-wal")
    has_log = log.exists() and log.stat().st_size > 0
    return f"{path.as_uri()}?mode=ro{'' if has_log else '&immutable=1'}"

"""How long one statement may take. PostgreSQL's own limit does nothing while its processes hang: we watch time."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

EDITION_SECONDS = 2.0  # for the one query that every public page begins with
PUBLIC_SECONDS = 5.0  # for each other query of a public page
REQUEST_SECONDS = 30.0  # for each query of any other page; commands and migrations take as long as they take

_seconds: ContextVar[float | None] = ContextVar("statement_seconds", default=None)


@contextmanager
def statement_limit(seconds: float) -> Iterator[None]:
    """Ends statements inside it that take longer, with the connection they ran on."""
    token = _seconds.set(seconds)
    try:
        yield
    finally:
        _seconds.reset(token)


def statement_seconds() -> float | None:
    return _seconds.get()

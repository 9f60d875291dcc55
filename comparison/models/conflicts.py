"""What to do when the database ends a transaction because of another one: try once more, from the start."""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from django.db import DatabaseError, connection

from config.monitoring.database_faults import BUSY, fault_of

Args = ParamSpec("Args")
Result = TypeVar("Result")


def is_conflict(error: BaseException) -> bool:
    """Whether another transaction was in the way: a deadlock, a serialization failure, a lock held too long."""
    return fault_of(error) is BUSY


def tried_again(function: Callable[Args, Result]) -> Callable[Args, Result]:
    """Calls a function once more after a conflict. All that it changes must be in one transaction of its own."""

    @wraps(function)
    def call(*args: Args.args, **kwargs: Args.kwargs) -> Result:
        try:
            return function(*args, **kwargs)
        except DatabaseError as error:
            if connection.in_atomic_block or not is_conflict(error):
                raise
        return function(*args, **kwargs)

    return call

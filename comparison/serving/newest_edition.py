"""Reads the newest edition, which every public page begins with, from the first database that answers."""

import logging
from collections.abc import Callable
from time import monotonic
from typing import TypeVar

from django.conf import settings
from django.db import connections
from django.http import HttpRequest

from comparison.models import Edition
from comparison.models.editions import EditionRow
from comparison.serving.withdrawals import note_withdrawal
from config.databases.replica import PRIMARY, availability, public_databases, reads_from
from config.databases.time_limits import EDITION_SECONDS, statement_limit
from config.monitoring.database_faults import DATABASE_ERRORS, fault_of
from config.monitoring.log_formats import safe_path

T = TypeVar("T")

logger = logging.getLogger(__name__)


class DatabaseAway(Exception):
    """No database answers, and no copy of the page is kept."""


def with_newest_edition(request: HttpRequest, answer: Callable[[EditionRow], T]) -> T:
    """What `answer` makes of the newest edition, read from the first database with which both succeed."""
    failure: Exception = DatabaseAway()
    for alias in public_databases():
        with reads_from(alias):
            try:
                row = _newest_edition(request, alias)
            except DATABASE_ERRORS as error:
                failure = _failure(error, DatabaseAway(str(error)))
                continue
            try:
                return answer(row)
            except DATABASE_ERRORS as error:
                failure = _failure(error, error)
                if alias != PRIMARY:
                    logger.warning("%s is drawn from the primary, because: %s", safe_path(request), error)
    raise failure


def _failure(error: Exception, failure: Exception) -> Exception:
    """What to go on with; an error of the code is raised, and so is any while developing."""
    if settings.DEBUG or fault_of(error) is None:
        raise error
    return failure


def _newest_edition(request: HttpRequest, alias: str) -> EditionRow:
    """Read once for a request, which may try a short way first."""
    known: tuple[str, EditionRow] | None = getattr(request, "newest_edition", None)
    if known is not None and known[0] == alias:
        return known[1]
    database = availability[alias]
    try:
        with database.asked(), statement_limit(EDITION_SECONDS):
            row = _read_edition(alias)
    except DATABASE_ERRORS as error:
        database.failed(error)
        raise
    database.answered()
    note_withdrawal(row.withdrawal)
    request.newest_edition = alias, row  # type: ignore[attr-defined]
    return row


def _read_edition(alias: str) -> EditionRow:
    """Tries a new connection where one from an earlier request is broken, as after a restart of the database."""
    connection, start = connections[alias], monotonic()
    # This query is the check of the connection; another before it would double what a page costs.
    connection.health_check_done = True  # type: ignore[attr-defined]
    is_new = connection.connection is None
    try:
        return Edition.objects.newest_row()
    except DATABASE_ERRORS:
        if is_new or connection.in_atomic_block or monotonic() - start >= EDITION_SECONDS:
            raise
    connection.close()
    return Edition.objects.newest_row()

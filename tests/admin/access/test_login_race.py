"""Guesses that arrive at once, on real connections, get no more tries than one after another."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from comparison.models import TryCount
from comparison.web.throttle import Limit, TooOften, take

pytestmark = pytest.mark.django_db(transaction=True)

OWN, SHARED, OTHER = Limit(("own",), 5, 900), Limit(("shared",), 8, 900), Limit(("other",), 5, 900)


def tries(limits: tuple[Limit, ...]) -> bool:
    try:
        take(*limits)
    except TooOften:
        return False
    finally:
        connection.close()
    return True


def test_no_more_tries_get_through_than_the_limit() -> None:
    """Two clients share a limit, and lock its rows in one order."""
    clients = [(OWN, SHARED), (SHARED, OTHER)] * 12
    with ThreadPoolExecutor(8) as pool:
        passed = list(pool.map(tries, clients))
    assert sum(passed) == 8
    counts = {row.key: row.count for row in TryCount.objects.all()}
    assert counts[SHARED.key] == 8 == counts[OWN.key] + counts[OTHER.key]
    assert max(counts[OWN.key], counts[OTHER.key]) <= 5

"""Limits on how often something may be tried, counted in the database so that all hosts share one count.

A try is counted before it is made: however many arrive at once, no more than the limit get through.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Case, F, Q, Value, When
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from comparison.models.access import TryCount, digest

CLOCK_SLACK = timedelta(minutes=1)  # between the clocks of several hosts


class TooOften(Exception):
    """No more tries for so many seconds."""

    def __init__(self, seconds: int) -> None:
        super().__init__(seconds)
        self.seconds = seconds

    @property
    def duration(self) -> str:
        minutes = max(1, round(self.seconds / 60))
        if minutes < 100:
            return ngettext("{count} minute", "{count} minutes", minutes).format(count=minutes)
        return _("{count} hours").format(count=round(minutes / 60))


@dataclass(frozen=True, slots=True)
class Limit:
    """So many tries; the count begins anew when there was none for so many seconds.

    An end further away than that was written while the clock was wrong, and counts as past.
    """

    subject: tuple[str, ...]  # what is counted
    tries: int
    seconds: int

    @property
    def key(self) -> str:
        return digest("try", *self.subject)


def take(*limits: Limit) -> None:
    """Counts a try against all the limits, or against none and raises TooOften."""
    now = timezone.now()
    _refuse_exceeded(limits, now)  # only reads, so that refusing is cheap
    TryCount.objects.filter(until__lt=now - timedelta(hours=1)).delete()
    rows = sorted(limits, key=lambda limit: limit.key)  # locked in one order
    with transaction.atomic():
        TryCount.objects.bulk_create([TryCount(key=row.key, until=now) for row in rows], ignore_conflicts=True)
        for row in rows:
            if not _count(row, now):
                _refuse_exceeded([row], now)
                raise TooOften(row.seconds)


def _count(limit: Limit, now: datetime) -> bool:
    """Adds one in a single statement, unless the limit is reached."""
    until = now + timedelta(seconds=limit.seconds)
    is_past = Q(until__lte=now) | Q(until__gt=until + CLOCK_SLACK)
    counted = Case(When(is_past, then=Value(1)), default=F("count") + 1)
    free = TryCount.objects.filter(is_past | Q(count__lt=limit.tries), key=limit.key)
    return bool(free.update(count=counted, until=until))


def _refuse_exceeded(limits: Iterable[Limit], now: datetime) -> None:
    rows = TryCount.objects.in_bulk([limit.key for limit in limits])
    waits = [
        (rows[limit.key].until - now).total_seconds()
        for limit in limits
        if limit.key in rows
        and rows[limit.key].count >= limit.tries
        and now < rows[limit.key].until <= now + timedelta(seconds=limit.seconds) + CLOCK_SLACK
    ]
    if waits:
        raise TooOften(max(1, round(max(waits))))


def give_back(*limits: Limit) -> None:
    """Takes back a try that succeeded."""
    for row in sorted(limits, key=lambda limit: limit.key):
        TryCount.objects.filter(key=row.key, count__gt=0).update(count=F("count") - 1)


def reset(limit: Limit) -> None:
    TryCount.objects.filter(key=limit.key).delete()

"""Editions, and what every stored thing has in common: a signed history."""

from collections.abc import Iterable
from enum import StrEnum
from typing import Any

from django.conf import settings
from django.db import models, transaction
from django.utils import timezone
from simple_history.models import HistoricalRecords

from comparison.wording import label

Person = Any  # a user, or None for a command; the user model is exchangeable


def choices(words: Iterable[StrEnum]) -> list[tuple[str, str]]:
    return [(word.value, label(word)) for word in words]


class SignedHistory(models.Model):
    """Keeps the author's name in each history row, so that history survives its author."""

    history_author = models.CharField(max_length=150, blank=True)

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        author = getattr(self, "history_user", None)
        if author is not None and not self.history_author:
            self.history_author = author.get_username()
        super().save(*args, **kwargs)


def sign(row: Any, by: Person, reason: str) -> None:
    """Names author and reason of the row's next history entry."""
    row._change_reason = reason[:100]
    if by is not None:
        row._history_user = by


def history(without: Iterable[str] = ()) -> HistoricalRecords:
    return HistoricalRecords(bases=[SignedHistory], excluded_fields=list(without))


def readable(text: str) -> str:
    """Without the control characters that feeds cannot carry."""
    return "".join(one if one.isprintable() else " " for one in text)


class EditionManager(models.Manager["Edition"]):
    def current(self) -> "Edition":
        """The newest edition; number 0, which a migration made, before anything was published."""
        return self.latest("number")

    def publish(self, summary: str, by: Person = None) -> "Edition":
        """Adds the next edition. Call it inside the transaction of the change it announces."""
        with transaction.atomic():
            self.select_for_update().get(number=0)  # one at a time: numbers have neither gaps nor twins
            return self.create(number=self.current().number + 1, summary=readable(summary)[: Edition.LONGEST], by=by)


class Edition(models.Model):
    """A published change. Whatever the site shows is a function of the newest edition's number and the address."""

    LONGEST = 500

    number = models.PositiveIntegerField(primary_key=True)
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True)
    summary = models.CharField(max_length=LONGEST)

    objects = EditionManager()

    class Meta:
        ordering = ["-number"]
        get_latest_by = "number"

    def __str__(self) -> str:
        return f"Edition {self.number}"

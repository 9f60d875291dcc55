"""Editions, and what every stored thing has in common: a signed history, part of which may be one batch."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from enum import StrEnum
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.db import connections, models, transaction
from django.utils import timezone
from simple_history.models import HistoricalRecords

from comparison.wording import label


def choices(words: Iterable[StrEnum]) -> list[tuple[str, str]]:
    return [(word.value, label(word)) for word in words]


_batch: ContextVar[int | None] = ContextVar("batch", default=None)


def current_batch() -> int | None:
    """The id of the batch at work, which every history row written meanwhile remembers."""
    return _batch.get()


class SignedHistory(models.Model):
    """Keeps the author's name in each history row, so that history survives its author, and the batch it belongs to."""

    history_author = models.CharField(max_length=150, blank=True)
    history_batch = models.PositiveBigIntegerField(null=True, default=current_batch, db_index=True)

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        author = getattr(self, "history_user", None)
        if author is not None and not self.history_author:
            self.history_author = author.get_username()
        super().save(*args, **kwargs)


def sign(row: Any, actor: User | None, reason: str) -> None:
    """Names author and reason of the row's next history entry."""
    row._change_reason = reason[:100]
    if actor is not None:
        row._history_user = actor


def history(without: Iterable[str] = (), base: Any = SignedHistory) -> HistoricalRecords:
    return HistoricalRecords(bases=[base], excluded_fields=list(without))


def readable(text: str) -> str:
    """Without the control characters that feeds cannot carry."""
    return "".join(one if one.isprintable() else " " for one in text)


class EditionManager(models.Manager["Edition"]):
    def current(self) -> "Edition":
        """The newest edition; number 0, which a migration made, before anything was published.

        In plain SQL, and without what most pages never show: every public page asks this first and a kept one little
        else, and the ORM takes ten times as long to write the sentence as the database to answer it.
        """
        connection, at = connections[self.db], Edition._meta.get_field("at").get_col("comparison_edition")
        with connection.cursor() as cursor:
            cursor.execute("SELECT number, at FROM comparison_edition ORDER BY number DESC LIMIT 1")
            found = cursor.fetchone()
        if found is None:
            raise Edition.DoesNotExist("There is no edition yet: run the migrations.")
        number, moment = found
        for convert in connection.ops.get_db_converters(at):
            moment = convert(moment, at, connection)
        return Edition.from_db(self.db, ["number", "at"], [number, moment])

    def publish(self, summary: str, actor: User | None = None) -> "Edition":
        """Adds the next edition. Call it inside the transaction of the change it announces."""
        with transaction.atomic():
            self.select_for_update().get(number=0)  # one at a time: numbers have neither gaps nor twins
            return self.create(number=self.current().number + 1, summary=readable(summary)[: Edition.LONGEST], by=actor)


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


class BatchManager(models.Manager["Batch"]):
    @contextmanager
    def of(self, summary: str, actor: User | None = None, undoes: "Batch | None" = None) -> Iterator["Batch"]:
        """Opens a batch around changes that belong together: one transaction, and history rows that name it."""
        with transaction.atomic():
            batch = self.create(summary=readable(summary)[: Batch.LONGEST], by=actor, undoes=undoes)
            token = _batch.set(batch.pk)
            try:
                yield batch
            finally:
                _batch.reset(token)


class Batch(models.Model):
    """One act that changed many rows, such as an import, a bulk action or a merge; it can be undone as one."""

    LONGEST = 300

    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True)
    summary = models.CharField(max_length=LONGEST)
    undoes = models.OneToOneField("self", on_delete=models.PROTECT, null=True, blank=True, related_name="undone_by")

    objects = BatchManager()

    class Meta:
        ordering = ["-pk"]
        verbose_name_plural = "batches"

    def __str__(self) -> str:
        return self.summary

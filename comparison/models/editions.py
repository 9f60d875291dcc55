"""Editions and batches, and the signed history that every model shares."""

import logging
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from enum import StrEnum
from functools import cache
from typing import Any, NamedTuple
from unicodedata import category
from uuid import NAMESPACE_OID, uuid4, uuid5

from django.apps import apps
from django.conf import settings
from django.contrib.auth.models import User
from django.db import connections, models, transaction
from django.utils import timezone
from simple_history.manager import HistoryManager
from simple_history.models import HistoricalRecords

from comparison.wording import label

logger = logging.getLogger("crosscheck.event")

BIDI_MARKS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")  # they end only where another does


def choices(members: Iterable[StrEnum]) -> list[tuple[str, str]]:
    return [(member.value, label(member)) for member in members]


_batch: ContextVar[int | None] = ContextVar("batch", default=None)


def current_batch() -> int | None:
    """The id of the open batch, which every history row written meanwhile stores."""
    return _batch.get()


class SignedHistory(models.Model):
    """Stores in each history row its batch and its author's name, so that the name survives the author's account."""

    history_author = models.CharField(max_length=150, blank=True)
    history_batch = models.PositiveBigIntegerField(null=True, default=current_batch, db_index=True)

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        author = getattr(self, "history_user", None)
        if author is not None and not self.history_author:
            self.history_author = author.get_username()
        super().save(*args, **kwargs)


class EvidenceHistory(SignedHistory):
    """For what verdicts depend on: also stores the edition that took the change into the verdicts, None until then."""

    history_edition = models.PositiveIntegerField(null=True, db_index=True)

    class Meta:
        abstract = True


def sign(row: Any, actor: User | None, reason: str) -> None:
    """Sets the author and reason of the row's next history entry."""
    row._change_reason = reason[:100]
    if actor is not None:
        row._history_user = actor


class OneClassOfManagers(HistoryManager):
    """simple-history would make the class anew, in an eighth of a ms, whenever a model's `.history` is read."""

    @classmethod
    @cache
    def from_queryset(cls, queryset_class: type[models.QuerySet], class_name: str | None = None) -> Any:
        return super().from_queryset(queryset_class, class_name)


def history(without: Iterable[str] = (), base: Any = SignedHistory) -> HistoricalRecords:
    return HistoricalRecords(bases=[base], excluded_fields=list(without), history_manager=OneClassOfManagers)


def printable(text: str) -> str:
    """The text on one line, as feeds can carry it: without control characters, and without marks that turn it round.

    Joiners stay: words of Persian and of Indian languages, and emoji made of several, need them.
    """
    return "".join(_printable(character) for character in text)


def _printable(character: str) -> str:
    if character in BIDI_MARKS:
        return ""
    return character if character.isprintable() or category(character) == "Cf" else " "


def new_token() -> str:
    return uuid4().hex


class EditionRow(NamedTuple):
    number: int
    at: Any  # as the database writes it
    token: str
    withdrawal: str


# An expression of `at` comes as SQLite stores it: only a page that is drawn needs it as a date.
NEWEST = "SELECT number, COALESCE(at, at), token, withdrawal FROM comparison_edition ORDER BY number DESC LIMIT 1"


class EditionManager(models.Manager["Edition"]):
    def current(self) -> "Edition":
        """The newest edition; before anything is published it is number 0, which a migration creates."""
        return self.from_row(self.newest_row())

    def newest_row(self) -> EditionRow:
        """Plain SQL for the columns that pages need: every public page runs this query first, a kept page nothing else,
        and the ORM takes ten times as long to build the statement as the database to answer it.
        """
        with connections[self.db].cursor() as cursor:
            cursor.execute(NEWEST)
            row = cursor.fetchone()
        if row is None:
            raise Edition.DoesNotExist("There is no edition yet: run the migrations.")
        return EditionRow(*row)

    def from_row(self, row: EditionRow) -> "Edition":
        number, at, token, withdrawal = row
        connection, at_column = connections[self.db], Edition._meta.get_field("at").get_col("comparison_edition")
        for convert in connection.ops.get_db_converters(at_column):
            at = convert(at, at_column, connection)
        return Edition.from_db(self.db, ["number", "at", "token", "withdrawal"], [number, at, token, withdrawal])

    def publish(self, summary: str, actor: User | None = None) -> "Edition":
        """Adds the next edition and rebuilds the verdicts that changed. Call it inside the transaction of the change.

        Nobody else writes meanwhile, so verdicts see the claims of all who published before.
        """
        verdicts = apps.get_model("comparison", "CellVerdict").objects  # by name: verdicts rest on claims and editions
        with writing():
            before = self.newest_row()
            has_verdicts = self.filter(number=before.number, has_verdicts=True).exists()
            fields = {"summary": printable(summary)[: Edition.MAX_SUMMARY_LENGTH], "withdrawal": before.withdrawal}
            edition = self.create(number=before.number + 1, by=actor, has_verdicts=True, **fields)
            rebuild = verdicts.rebuild_changed if has_verdicts else verdicts.rebuild_all
            rebuild(edition.number)
        event = {"edition": edition.number, "name": actor.get_username() if actor else None}
        transaction.on_commit(lambda: logger.info("edition", extra={"fields": event}))
        return edition


class Edition(models.Model):
    """A published change. Every public page is a function of its address and the newest edition.

    Numbers repeat after an older copy of the database was put back, and then stand for other changes. Whatever outlives
    the database, such as bodies in caches and browsers, therefore tells editions apart by their random tokens.

    `withdrawal` is the token of the last edition that changed or took back something the public had read, or of the
    last restore. Pages kept under another one may show it, and are not shown any more, even if no database answers.
    """

    MAX_SUMMARY_LENGTH = 500

    number = models.PositiveIntegerField(primary_key=True)
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True)
    summary = models.CharField(max_length=MAX_SUMMARY_LENGTH)
    token = models.CharField(max_length=32, default=new_token, editable=False)
    withdrawal = models.CharField(max_length=32, default="", editable=False)
    has_verdicts = models.BooleanField(default=False, editable=False)  # whether CellVerdict has those of this edition

    objects = EditionManager()

    class Meta:
        ordering = ["-number"]
        get_latest_by = "number"
        constraints = [models.UniqueConstraint(fields=["token"], name="edition_token_once")]

    def __str__(self) -> str:
        return f"Edition {self.number}"

    @property
    def urn(self) -> str:
        """Its name for feed readers: the same under every host and after a restore, another if its number repeats."""
        return uuid5(NAMESPACE_OID, f"edition {self.number} {self.at:%Y%m%dT%H%M%S%f}").urn


_is_writing = ContextVar("is_writing", default=False)


@contextmanager
def writing() -> Iterator[None]:
    """A transaction in which nobody else changes the catalogue. Read inside it what you are about to change.

    This is the only lock: whoever changes the catalogue takes it before any row is read or changed, so no two editors
    can wait for each other, and nobody saves a row over a change that they have not seen. SQLite lets in one writer at
    a time anyway; on PostgreSQL the row of the first edition is what writers wait for. May be nested.
    """
    with transaction.atomic():
        if _is_writing.get():
            yield
            return
        Edition.objects.select_for_update().get(number=0)
        token = _is_writing.set(True)
        try:
            yield
        finally:
            _is_writing.reset(token)


class BatchManager(models.Manager["Batch"]):
    @contextmanager
    def open(self, summary: str, actor: User | None = None, undoes: "Batch | None" = None) -> Iterator["Batch"]:
        """A transaction for changes that belong together; their history rows name the batch."""
        with writing():
            batch = self.create(summary=printable(summary)[: Batch.MAX_SUMMARY_LENGTH], by=actor, undoes=undoes)
            token = _batch.set(batch.pk)
            try:
                yield batch
            finally:
                _batch.reset(token)


class Batch(models.Model):
    """One action that changed many rows, such as an import or a merge; it can be undone as a whole."""

    MAX_SUMMARY_LENGTH = 300

    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True)
    summary = models.CharField(max_length=MAX_SUMMARY_LENGTH)
    undoes = models.OneToOneField("self", on_delete=models.PROTECT, null=True, blank=True, related_name="undone_by")

    objects = BatchManager()

    class Meta:
        ordering = ["-pk"]
        verbose_name_plural = "batches"

    def __str__(self) -> str:
        return self.summary

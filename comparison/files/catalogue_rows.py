"""Rows of the catalogue while it is loaded: those stored and those in the files, by natural key, and what changed."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from simple_history.utils import bulk_create_with_history

from comparison.files.yaml_entries import Entry
from comparison.models import Check, Claim, Criterion, sign
from comparison.models.relations.change import last_entry, note_relations
from comparison.models.relations.history import no_relations, relation_fields

REASON = "load_catalogue"
PAIRS = "pairs of related criteria"
DECISIONS = "deciding claims"
MAX_IGNORED = 20  # files that are named
BATCH_SIZE = 500  # rows in one INSERT
MAX_NAMED = 50  # vanished claims that a report names
# Looked up among the rows, so known to exist.
REFERENCES = {
    "category",
    "claim",
    "criterion",
    "framework",
    "part",
    "part_of",
    "profile",
    "question",
    "repeats",
    "source",
}

Key = tuple[Any, ...]


@dataclass
class Report:
    """What a load did, by kind of object."""

    created: Counter[str] = field(default_factory=Counter)
    updated: Counter[str] = field(default_factory=Counter)
    unchanged: Counter[str] = field(default_factory=Counter)
    not_in_files: Counter[str] = field(default_factory=Counter)
    vanished: list[str] = field(default_factory=list)  # claims of an earlier catalogue that the files no longer hold
    are_retracted: bool = False  # whether these were retracted
    ignored: list[str] = field(default_factory=list)  # files that are no part of a catalogue

    @property
    def changes(self) -> int:
        return self.created.total() + self.updated.total() + len(self.vanished) * self.are_retracted

    def lines(self) -> Iterator[str]:
        for name in dict.fromkeys([*self.created, *self.updated, *self.unchanged]):
            line = (
                f"{name}: {self.created[name]} created, {self.updated[name]} updated, {self.unchanged[name]} unchanged"
            )
            if self.not_in_files[name]:
                line += f", {self.not_in_files[name]} kept that the files do not mention"
            yield line
        if self.vanished:
            yield from self._vanished_lines()
        for name in self.ignored[:MAX_IGNORED]:
            yield f"{name}: ignored, it is no file of a catalogue"
        if more := len(self.ignored[MAX_IGNORED:]):
            yield f"{more} other files ignored"

    def _vanished_lines(self) -> Iterator[str]:
        count = len(self.vanished)
        claims = f"{count} claim{'s' * (count != 1)} of an earlier catalogue"
        if self.are_retracted:
            yield f"{claims} retracted, since the files no longer hold {'them' if count != 1 else 'it'}:"
        else:
            yield (
                f"{claims} {'are' if count != 1 else 'is'} no longer in the files, but still published and counted. "
                "--retract-vanished retracts what nobody has changed since:"
            )
        yield from (f"  {claim}" for claim in self.vanished[:MAX_NAMED])
        if count > MAX_NAMED:
            yield f"  and {count - MAX_NAMED} more"


class Rows:
    """The rows of one model by natural key. `first_history` holds what only the history of a new row knows."""

    def __init__(
        self,
        model: type[models.Model],
        rows: Mapping[Key, models.Model],
        report: Report,
        first_history: Mapping[str, Any] | None = None,
    ) -> None:
        self.model, self.report, self.first_history = model, report, first_history
        self.name = str(model._meta.verbose_name_plural)
        self.rows = dict(rows)
        self.entries: dict[Key, Entry] = {}  # of the rows that the files give
        self.unchanged: set[Key] = set()
        self.to_create: list[tuple[models.Model, Entry]] = []

    def by_slug(self) -> dict[str, Any]:
        """The rows of a model whose key is the slug."""
        return {key[0]: row for key, row in self.rows.items()}

    def put(self, key: Key, values: dict[str, Any], entry: Entry, title: str, in_bulk: bool = False) -> Any:
        """Creates or updates the row of an entry. Its problems go to the entry; `title` names the row in them.

        With `in_bulk` a new row is held back until `store`, and the database alone checks its constraints.
        """
        if key in self.entries:
            first = self.entries[key]
            entry.problem(f"{title} is given twice, first at {first.file}:{first.line}")
            return self.rows[key]
        self.entries[key] = entry
        row = self.rows.get(key)
        if row is not None and all(holds(row, name, value) for name, value in values.items()):
            self.report.unchanged[self.name] += 1
            self.unchanged.add(key)
            return row
        is_new = row is None
        row = self.rows[key] = self.model() if row is None else row
        for name, value in values.items():
            setattr(row, name, value)
        if is_new and in_bulk:
            is_stored = is_valid(row, entry)
            self.to_create += [(row, entry)] if is_stored else []
        else:
            is_stored = self._save(row, entry)
        if is_stored:
            (self.report.created if is_new else self.report.updated)[self.name] += 1
        return row

    def save_again(self, row: models.Model, entry: Entry) -> None:
        """Saves a row that was put before and has changed since."""
        self._save(row, entry)
        key = next(key for key, known in self.rows.items() if known is row)
        if key in self.unchanged:
            self.unchanged.remove(key)
            self.report.unchanged[self.name] -= 1
            self.report.updated[self.name] += 1

    def _save(self, row: models.Model, entry: Entry) -> bool:
        """Saves a valid row. The database checks its constraints; asking for each beforehand takes a query each."""
        if not is_valid(row, entry):
            return False
        if hasattr(self.model, "history"):
            sign(row, None, REASON)
        try:
            with transaction.atomic():
                row.save()
        except IntegrityError as error:
            if is_valid(row, entry, with_constraints=True):
                entry.problem(f"the database refuses it: {error}")
            return False
        return True

    def changed_ids(self) -> list[int]:
        return [self.rows[key].pk for key in self.entries if key not in self.unchanged]

    def store(self) -> None:
        """Creates the rows that were held back. Where the database refuses one, its entry gets the problem."""
        held_back, self.to_create = self.to_create, []
        try:
            with transaction.atomic():
                self._create([row for row, _entry in held_back])
        except IntegrityError as error:
            faulty = [entry for row, entry in held_back if not is_valid(row, entry, with_constraints=True)]
            if not faulty:
                held_back[0][1].problem(f"the database refuses this or one that follows: {error}")

    def _create(self, rows: list[models.Model]) -> None:
        if rows and hasattr(self.model, "history"):
            first_history = dict(self.first_history or {})
            if relation_fields(self.model):
                first_history["relations"] = no_relations(self.model)
            options = {"default_change_reason": REASON, "custom_historical_attrs": first_history}
            bulk_create_with_history(rows, self.model, batch_size=BATCH_SIZE, **options)
        else:
            self.model._default_manager.bulk_create(rows, batch_size=BATCH_SIZE)

    def finish(self) -> None:
        """Creates the rows that are still held back, and counts those that the files do not mention."""
        self.store()
        self.report.not_in_files[self.name] += len(self.rows.keys() - self.entries.keys())


class Pairs:
    """Pairs of related criteria. A pair has no direction: either side may name the other."""

    def __init__(self, report: Report) -> None:
        self.report = report
        through = Criterion.related.through._default_manager
        self.stored = {frozenset(pair) for pair in through.values_list("from_criterion", "to_criterion")}
        self.entries: dict[frozenset[int], Entry] = {}  # of the pairs that the files give
        self.changed: set[int] = set()  # the criteria of new pairs
        self.last_entry = last_entry(Criterion)  # of the history before this load

    def put(self, criterion: Criterion, other: Criterion, entry: Entry) -> None:
        """Relates two stored criteria. Problems go to the entry."""
        pair = frozenset({criterion.pk, other.pk})
        if len(pair) == 1:
            entry.problem(f"criterion {criterion.slug!r} cannot be related to itself")
        elif first := self.entries.get(pair):
            message = f"{criterion.slug!r} and {other.slug!r} are related twice, first at {first.file}:{first.line}"
            entry.problem(message)
        else:
            self.entries[pair] = entry
            self._store(pair, criterion, other)

    def _store(self, pair: frozenset[int], criterion: Criterion, other: Criterion) -> None:
        if pair in self.stored:
            self.report.unchanged[PAIRS] += 1
        else:
            criterion.related.add(other)
            self.changed |= pair
            self.report.created[PAIRS] += 1

    def finish(self) -> None:
        """Notes new pairs in the criteria's history, and counts those that the files do not mention."""
        note_relations(Criterion, self.changed, None, REASON, after=self.last_entry)
        self.report.not_in_files[PAIRS] += len(self.stored - self.entries.keys())


class Decisions:
    """Which claims decide which checks. A check may be decided by several."""

    def __init__(self, report: Report) -> None:
        self.report = report
        self.through = Check.decided_by.through
        self.stored = set(self.through._default_manager.values_list("check_id", "claim_id"))
        self.given: set[tuple[int, int]] = set()
        self.last_entry = last_entry(Check)  # of the history before this load

    def put(self, check: Check, claim: Claim) -> None:
        """Notes that a stored claim decides a stored check; naming it twice does no harm."""
        self.given.add((check.pk, claim.pk))

    def finish(self) -> None:
        """Stores what is new, and counts what the files do not mention."""
        new = sorted(self.given - self.stored)
        rows = [self.through(check_id=check, claim_id=claim) for check, claim in new]
        self.through._default_manager.bulk_create(rows, batch_size=BATCH_SIZE)
        note_relations(Check, {check for check, _ in new}, None, REASON, after=self.last_entry)
        self.report.created[DECISIONS] += len(new)
        self.report.unchanged[DECISIONS] += len(self.given & self.stored)
        self.report.not_in_files[DECISIONS] += len(self.stored - self.given)


def holds(row: models.Model, name: str, value: Any) -> bool:
    """Whether a field has this value. Rows are compared by id, so that none is fetched for it."""
    if isinstance(value, models.Model):
        return bool(getattr(row, f"{name}_id") == value.pk)
    return bool(getattr(row, name) == value)


def is_valid(row: models.Model, entry: Entry, with_constraints: bool = False) -> bool:
    """Whether the row may be stored; what is wrong goes to the entry. Only constraints and uniqueness take queries."""
    checks: list[Callable[[], None]] = [row.full_clean]
    if not with_constraints:
        checks = [partial(row.clean_fields, exclude=REFERENCES), row.clean]
    errors: dict[str, list[str]] = {}
    for check in checks:
        try:
            check()
        except ValidationError as error:
            errors = error.message_dict | errors
    for name, messages in errors.items():
        if name not in entry.faulty:  # else the entry has said already what is wrong with it
            entry.problem("; ".join(messages) if name == "__all__" else f"{name}: {'; '.join(messages)}", name)
    return not errors

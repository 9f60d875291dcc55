"""Rows of a spreadsheet as claims: first a plan that names every error, then everything is stored, or nothing.

Storing is one transaction in one request, so that an import cannot stop halfway. A page can follow it: `store` yields
how many rows are done. When the request is broken off its generator ends, and the transaction is rolled back.
"""

import hashlib
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from difflib import get_close_matches
from typing import Any

from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import F
from simple_history.utils import bulk_create_with_history

from comparison.evidence import Support
from comparison.files.claims_csv import NO_HEADING, Row
from comparison.models import Batch, Claim, ClaimState, Criterion, Framework, Source
from comparison.row_ids import parse_row_id
from comparison.text_search.name_keys import name_key
from comparison.texts.decode import normalize_newlines
from comparison.texts.number_marks import DecimalMark, decimal_mark, is_ambiguous, readings

BATCH_SIZE = 500  # rows stored between two reports of progress
MAX_NAMED = 5  # rows that a name may mean
MAX_SUGGESTIONS = 200  # unknown slugs for which the nearest is looked up
WORDS = ("statement", "item", "section", "version_range")  # several blanks in them count as one
NUMBERS = ("level", "low", "high", "start", "end")
COMPARED_FIELDS = [field.attname for field in Claim._meta.concrete_fields if field.name in (*Claim.EVIDENCE, "state")]


class ChangedMeanwhile(Exception):
    """A claim has changed since the plan was made; nothing was stored."""


@dataclass(frozen=True)
class RowError:
    """What is wrong with a row. Rows are numbered as a spreadsheet shows them; the headings are row 1."""

    row: int
    column: str
    reason: str


@dataclass(frozen=True)
class ClaimChange:
    """A stored claim, the same as a row wants it, and name, old and new value of each field that differs."""

    row: int
    stored: Claim
    claim: Claim
    fields: Sequence[tuple[str, Any, Any]]


@dataclass
class Plan:
    """What an import would do."""

    created: list[tuple[int, Claim]] = field(default_factory=list)
    changed: list[ClaimChange] = field(default_factory=list)
    unchanged: int = 0
    errors: list[RowError] = field(default_factory=list)
    rows: int = 0
    asks_for_mark: bool = False  # a number can be read in two ways
    batch: Batch | None = None  # once stored

    @property
    def rows_with_errors(self) -> int:
        return len({error.row for error in self.errors})

    @property
    def fingerprint(self) -> str:
        """Equal for two plans only if both would do the same, so that it shows whether claims changed in between."""
        parts: list[Any] = [self.rows, self.unchanged]
        parts += [[row, *(getattr(claim, name) for name in COMPARED_FIELDS)] for row, claim in self.created]
        parts += [
            [change.row, change.stored.pk, change.stored.state, *map(str, change.fields)] for change in self.changed
        ]
        parts += [[error.row, error.column, error.reason] for error in self.errors]
        return hashlib.sha256(repr(parts).encode()).hexdigest()


class Known:
    """Rows of one model by slug, and by the other names that people write in spreadsheets."""

    def __init__(self, rows: Iterable[Any], names_of: Callable[[Any], Iterable[str]]) -> None:
        self.by_slug: dict[str, Any] = {}
        self.by_name: defaultdict[str, dict[int, Any]] = defaultdict(dict)
        for row in rows:
            self.by_slug[row.slug] = row
            for name in (row.slug, *names_of(row)):
                self.by_name[name_key(name)][row.pk] = row

    def named(self, text: str) -> Sequence[Any]:
        """The rows that a cell may mean."""
        if text in self.by_slug:
            return [self.by_slug[text]]
        return list(self.by_name.get(name_key(text), {}).values())


class Planner:
    """Compares rows with the catalogue, in equally many queries for any number of rows."""

    def __init__(self, actor: User | None, mark: DecimalMark | None = None) -> None:
        """`mark` parts decimals off; None leaves it to the file."""
        self.actor, self.mark, self.asked_mark = actor, mark, mark
        frameworks, criteria = list(Framework.objects.all()), list(Criterion.objects.all())
        sources = list(Source.objects.defer(*Source.unread()))
        self.known = {
            "source": Known(sources, lambda source: [source.title]),
            "framework": Known(frameworks, lambda framework: [framework.name, *framework.aliases.splitlines()]),
            "criterion": Known(criteria, lambda criterion: [criterion.name, *criterion.synonyms.splitlines()]),
        }
        self.may_change = actor is None or actor.has_perm("comparison.change_claim")
        self.may_publish = actor is None or actor.has_perm("comparison.publish_claim")
        self.suggestions: dict[tuple[str, str], str] = {}
        self.row_of: dict[tuple[Any, ...], int] = {}  # by what makes a claim the same
        self.plan = Plan()

    def read(self, rows: list[tuple[int, Row]]) -> Plan:
        if self.asked_mark is None:
            self.mark = decimal_mark(row.get(name, "").strip() for _, row in rows for name in NUMBERS)
        named = [self.known["source"].named(text) for text in {row["source"].strip() for _, row in rows}]
        sources = [matches[0].pk for matches in named if len(matches) == 1]
        stored = Claim.objects.filter(source__in=sources).order_by(F("merged_into").asc(nulls_last=True), "pk")
        claims = list(stored.select_related("framework", "criterion", "source").defer("source__text"))
        self.by_id = {claim.pk: claim for claim in claims}
        self.by_key = {_key(claim): claim for claim in claims}
        self.texts = dict(Source.objects.filter(pk__in=sources).exclude(text="").values_list("pk", "text"))
        self.plan.rows = len(rows)
        for number, row in rows:
            errors_before = len(self.plan.errors)
            values = self._values(number, row)
            if len(self.plan.errors) == errors_before:
                self._plan_row(number, row.get("id", "").strip(), values)
        return self.plan

    def _error(self, number: int, column: str, reason: str) -> None:
        self.plan.errors.append(RowError(number, column, reason))

    def _values(self, number: int, row: Row) -> dict[str, Any]:
        """The fields that a row gives; columns that its file lacks are not among them."""
        if NO_HEADING in row:
            self._error(
                number, "", f"“{row[NO_HEADING][:30]}” stands under no heading. Put texts with commas in quotes."
            )
        values: dict[str, Any] = {name: self._row(number, name, row[name].strip()) for name in self.known}
        values |= {name: " ".join(row[name].split()) for name in WORDS if name in row}
        values |= {name: self._number(number, name, row[name].strip()) for name in NUMBERS if name in row}
        if "quote" in row:
            values["quote"] = row["quote"]
        if "support" in row:
            values["support"] = self._support(number, row["support"].strip().casefold())
        return values

    def _row(self, number: int, column: str, text: str) -> Any:
        """The row that a cell means, by slug or name."""
        matches = self.known[column].named(text)
        if len(matches) == 1:
            return matches[0]
        if matches:
            slugs = ", ".join(sorted(match.slug for match in matches)[:MAX_NAMED])
            self._error(number, column, f"“{text[:60]}” is the name of several: {slugs}. Give the slug of one.")
        else:
            self._error(number, column, f"There is no {column} “{text[:60]}”.{self._suggestion(column, text)}")
        return None

    def _suggestion(self, column: str, slug: str) -> str:
        if (column, slug) not in self.suggestions and len(self.suggestions) < MAX_SUGGESTIONS:
            matches = get_close_matches(slug[:100].casefold(), self.known[column].by_slug, n=1)
            self.suggestions[column, slug] = f" Did you mean {matches[0]}?" if matches else ""
        return self.suggestions.get((column, slug), "")

    def _support(self, number: int, support: str) -> str:
        if support and support not in list(Support):
            self._error(number, "support", f"“{support[:30]}” is none of: {', '.join(Support)}.")
        return support

    def _number(self, number: int, column: str, text: str) -> Decimal | int | None:
        if not text:
            return None
        value = self._decimal(number, column, text)
        if value is None or column in ("low", "high"):
            return value
        if value != value.to_integral_value():
            self._error(number, column, f"“{text[:30]}” is no whole number.")
        return int(value)

    def _decimal(self, number: int, column: str, text: str) -> Decimal | None:
        values = readings(text)
        if self.mark is None and is_ambiguous(values):
            self.plan.asks_for_mark = True
            either = " or ".join(f"{value.normalize():f}" for value in values.values())
            self._error(number, column, f"“{text[:30]}” may be {either}. Say which mark parts decimals off.")
            return None
        if self.asked_mark and values and self.asked_mark not in values:
            self._error(number, column, f"“{text[:30]}” is no number with a decimal {self.asked_mark}.")
            return None
        value = values.get(self.mark or DecimalMark.POINT, next(iter(values.values()), None))
        if value is None or abs(value) >= 10**12:
            self._error(number, column, f"“{text[:30]}” is no number.")
            return None
        return value

    def _plan_row(self, number: int, pk: str, values: dict[str, Any]) -> None:
        """Decides whether a row is a new claim, a change of one, or what is stored already."""
        stored = self.by_id.get(parse_row_id(pk) or 0)
        if pk and (stored is None or stored.source_id != values["source"].pk):
            advice = "Empty the cell to add one."
            return self._error(number, "id", f"Source {values['source'].slug} has no claim {pk[:20]}. {advice}")
        twin = self.by_key.get(_key(_wanted(stored, values)))
        if stored is None and twin is None:
            values |= self._offsets_of_quote(values)
            twin = self.by_key.get(_key(_wanted(None, values)))
        if stored is not None and twin is not None and twin.pk != stored.pk:
            return self._error(number, "start", f"Claim {twin.pk} has this place already.")
        stored = stored or twin
        claim = _wanted(stored, values)
        if error := self._set_quote(claim, stored, values.get("quote", "")):
            return self._error(number, "quote", error)
        keys = [_key(claim), *([("id", stored.pk)] if stored else [])]
        for key in keys:
            if key in self.row_of:
                return self._error(number, "id", f"Row {self.row_of[key]} is the same claim.")
        self.row_of |= dict.fromkeys(keys, number)
        if self._is_valid(number, claim):
            self._add(number, stored, claim)
        return None

    def _offsets_of_quote(self, values: dict[str, Any]) -> dict[str, int]:
        """Where the quote of a row without offsets stands in the source's text, if it stands there exactly once."""
        text, quote = self.texts.get(values["source"].pk, ""), normalize_newlines(values.get("quote", ""))
        if not quote.strip() or values.get("start") is not None or values.get("end") is not None:
            return {}
        places = re.finditer(r"\r?\n".join(map(re.escape, quote.split("\n"))), text)
        match, second = next(places, None), next(places, None)
        return {"start": match.start(), "end": match.end()} if match and not second else {}

    def _set_quote(self, claim: Claim, stored: Claim | None, quote: str) -> str:
        """Sets the quote to the passage at the claim's offsets, where the text is held. Returns an error, or ''."""
        start, end = claim.start, claim.end
        text = self.texts.get(claim.source_id, "")
        if start is None or end is None or not 0 <= start < end <= len(text):
            return ""
        passage = normalize_newlines(text[start:end])
        moved = stored is None or (stored.start, stored.end) != (start, end)
        stored_quote = "" if stored is None else normalize_newlines(stored.quote)
        if quote and normalize_newlines(quote) != passage and (moved or normalize_newlines(quote) != stored_quote):
            return f"At this place the text says otherwise: “{passage[:60]}”. Empty the cell to take that."
        if not quote and (moved or not claim.quote):
            claim.quote = claim.source.quote_from(passage)
        return ""

    def _add(self, number: int, stored: Claim | None, claim: Claim) -> None:
        if stored is None:
            self.plan.created.append((number, claim))
            return
        changes = [(name, getattr(stored, name), getattr(claim, name)) for name in Claim.EVIDENCE]
        changes = [(name, before, after) for name, before, after in changes if _normal(name, before) != after]
        for name in set(Claim.EVIDENCE) - {name for name, _, _ in changes}:
            setattr(claim, name, getattr(stored, name))  # other blanks or line ends are no change
        if not changes:
            self.plan.unchanged += 1
        elif not self._may_change(stored):
            self._error(
                number, "id", f"Claim {stored.pk} is not yours, or no longer waits; a reviewer has to change it."
            )
        else:
            claim.pk = stored.pk
            self.plan.changed.append(ClaimChange(number, stored, claim, changes))

    def _may_change(self, claim: Claim) -> bool:
        own = self.actor is not None and claim.created_by_id == self.actor.pk
        return self.may_change and (
            self.may_publish or (own and claim.state in (ClaimState.DRAFT.value, ClaimState.SUBMITTED.value))
        )

    def _is_valid(self, number: int, claim: Claim) -> bool:
        """Checks the claim's own rules. The keys see to the rules across rows, and the database to the rest."""
        try:
            claim.clean_fields(exclude={"framework", "criterion", "source"})
            claim.clean()
        except ValidationError as error:
            for name, messages in error.message_dict.items():
                self._error(number, name, " ".join(messages))
            return False
        return True


def _wanted(stored: Claim | None, values: dict[str, Any]) -> Claim:
    """The claim that a row asks for. Fields that its file lacks stay as they are stored."""
    stored_values = {name: getattr(stored, name) for name in Claim.EVIDENCE} if stored else {}
    return Claim(**stored_values | values)


def _normal(name: str, value: Any) -> Any:
    """A stored value as a file would give it."""
    if name in WORDS:
        return " ".join(value.split())
    return normalize_newlines(value) if name == "quote" else value


def _key(claim: Claim) -> tuple[Any, ...]:
    """What makes a claim the same claim: its cell and offset, or its words where it has no offset."""
    cell = (claim.source_id, claim.framework_id, claim.criterion_id)
    if claim.start is not None:
        return (*cell, claim.start)
    return (*cell, _normal("statement", claim.statement), _normal("quote", claim.quote))


def store(plan: Plan, actor: User | None, submit: bool = False) -> Iterator[int]:
    """Stores a plan in one transaction, batch and edition; yields how many rows are done.

    Raises ChangedMeanwhile and PermissionDenied. Closing the generator before its end rolls everything back.
    """
    if submit and not (actor is None or actor.has_perm("comparison.change_claim")):
        raise PermissionDenied("You may not submit claims.")
    summary = f"Claims imported: {len(plan.created):,} created, {len(plan.changed):,} changed"
    with Batch.objects.open(summary, actor) as plan.batch:
        _check_unchanged(plan.changed)
        yield from _create([claim for _, claim in plan.created], actor, submit)
        yield from (len(plan.created) + done for done in _change([change.claim for change in plan.changed], actor))


def _check_unchanged(changes: Sequence[ClaimChange]) -> None:
    """Raises ChangedMeanwhile if a claim that is about to change differs from the plan's."""
    stored = Claim.objects.in_bulk([change.stored.pk for change in changes])
    for change in changes:
        claim = stored.get(change.stored.pk)
        if claim is None or any(getattr(claim, name) != getattr(change.stored, name) for name in COMPARED_FIELDS):
            raise ChangedMeanwhile(f"Claim {change.stored.pk} was changed by somebody else.")


def _create(claims: Sequence[Claim], actor: User | None, submit: bool) -> Iterator[int]:
    state, reason = (ClaimState.SUBMITTED, "imported, submitted") if submit else (ClaimState.DRAFT, "imported")
    author = {"history_author": actor.get_username()} if actor is not None else {}
    for start in range(0, len(claims), BATCH_SIZE):
        batch = claims[start : start + BATCH_SIZE]
        for claim in batch:
            claim.state, claim.created_by = state.value, actor
        bulk_create_with_history(
            batch, Claim, default_user=actor, default_change_reason=reason, custom_historical_attrs=author
        )
        yield start + len(batch)


def _change(claims: Sequence[Claim], actor: User | None) -> Iterator[int]:
    published = []
    for done, claim in enumerate(claims, 1):
        if claim.revise(actor, announce=False):
            published.append(claim)
        if done % BATCH_SIZE == 0 or done == len(claims):
            yield done
    if published:
        cells = "; ".join(claim.cell_name for claim in published)
        Claim.objects.filter(pk__in=[claim.pk for claim in published]).announce(f"Claims imported: {cells}", actor)

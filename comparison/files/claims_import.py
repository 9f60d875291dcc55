"""Rows of a spreadsheet as claims: first a plan that names every wrong row, then all of it stored, or nothing.

Storing runs in one transaction, which a page can follow: `store` yields how many rows are done. Parting an import in
several requests would leave half of it behind when the second never comes; so it is one request, and one that is
broken off ends its generator, and with it the transaction.
"""

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from difflib import get_close_matches
from typing import Any

from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import F
from simple_history.utils import bulk_create_with_history

from comparison.evidence import Support
from comparison.files.claims_csv import STRAY, Row
from comparison.models import Batch, Claim, ClaimState, Criterion, Framework, Source
from comparison.models.claims import MAX_QUOTE_LENGTH
from comparison.row_ids import whole_id
from comparison.texts.decode import unified

BATCH_SIZE = 500  # rows stored between two signs of progress
MAX_SUGGESTIONS = 200  # slugs that nobody knows, for which the nearest is looked up
WORDS = ("statement", "item", "section", "version_range")  # blanks between their words count once
NUMBERS = ("level", "low", "high", "start", "end")
NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d{1,2})?", re.ASCII | re.IGNORECASE)
HELD = [field.attname for field in Claim._meta.concrete_fields if field.name in (*Claim.EVIDENCE, "state")]


class ChangedMeanwhile(Exception):
    """A claim is no longer what the plan saw; nothing was stored."""


@dataclass(frozen=True)
class Wrong:
    """What is wrong with a row; rows count as a spreadsheet shows them, the heading being 1."""

    row: int
    column: str
    reason: str


@dataclass(frozen=True)
class Change:
    """A stored claim as it is and as a row wants it, with name, old and new value of what differs."""

    row: int
    kept: Claim
    claim: Claim
    fields: Sequence[tuple[str, Any, Any]]


@dataclass
class Plan:
    """What an import would do."""

    created: list[tuple[int, Claim]] = field(default_factory=list)
    changed: list[Change] = field(default_factory=list)
    unchanged: int = 0
    wrong: list[Wrong] = field(default_factory=list)
    rows: int = 0
    batch: Batch | None = None  # in which it was stored

    @property
    def wrong_rows(self) -> int:
        return len({one.row for one in self.wrong})

    @property
    def fingerprint(self) -> str:
        """Differs when what would happen differs, so that a second look sees what changed since the first."""
        told: list[Any] = [self.rows, self.unchanged]
        told += [[row, *(getattr(claim, name) for name in HELD)] for row, claim in self.created]
        told += [[one.row, one.kept.pk, one.kept.state, *map(str, one.fields)] for one in self.changed]
        told += [[one.row, one.column, one.reason] for one in self.wrong]
        return hashlib.sha256(repr(told).encode()).hexdigest()


class Planner:
    """Reads rows against the catalogue; a handful of queries, however many rows."""

    def __init__(self, actor: User | None) -> None:
        self.by = actor
        self.known: dict[str, Mapping[str, Any]] = {
            "source": {one.slug: one for one in Source.objects.defer("text")},
            "framework": {one.slug: one for one in Framework.objects.all()},
            "criterion": {one.slug: one for one in Criterion.objects.all()},
        }
        self.may_change = actor is None or actor.has_perm("comparison.change_claim")
        self.may_publish = actor is None or actor.has_perm("comparison.publish_claim")
        self.nearest: dict[tuple[str, str], str] = {}
        self.seen: dict[tuple[Any, ...], int] = {}
        self.plan = Plan()

    def read(self, rows: list[tuple[int, Row]]) -> Plan:
        slugs = {row["source"].strip() for _, row in rows} & self.known["source"].keys()
        stored = Claim.objects.filter(source__slug__in=slugs).order_by(F("merged_into").asc(nulls_last=True), "pk")
        claims = list(stored.select_related("framework", "criterion", "source").defer("source__text"))
        self.by_id = {one.pk: one for one in claims}
        self.by_key = {_key(one): one for one in claims}
        self.texts = dict(Source.objects.filter(slug__in=slugs).exclude(text="").values_list("pk", "text"))
        self.plan.rows = len(rows)
        for number, row in rows:
            before = len(self.plan.wrong)
            values = self._values(number, row)
            if len(self.plan.wrong) == before:
                self._place(number, row.get("id", "").strip(), values)
        return self.plan

    def _wrong(self, number: int, column: str, reason: str) -> None:
        self.plan.wrong.append(Wrong(number, column, reason))

    def _values(self, number: int, row: Row) -> dict[str, Any]:
        """What a row says, of the columns its file has."""
        if STRAY in row:
            self._wrong(number, "", f"“{row[STRAY][:30]}” stands under no heading. Put texts with commas in quotes.")
        values: dict[str, Any] = {name: self._slug(number, name, row[name].strip()) for name in self.known}
        values |= {name: " ".join(row[name].split()) for name in WORDS if name in row}
        values |= {name: self._number(number, name, row[name].strip()) for name in NUMBERS if name in row}
        if "quote" in row:
            values["quote"] = row["quote"]
        if "support" in row:
            values["support"] = self._support(number, row["support"].strip().casefold())
        return values

    def _slug(self, number: int, column: str, slug: str) -> Any:
        if slug not in self.known[column]:
            self._wrong(number, column, f"There is no {column} “{slug[:60]}”.{self._advice(column, slug)}")
        return self.known[column].get(slug)

    def _advice(self, column: str, slug: str) -> str:
        if (column, slug) not in self.nearest and len(self.nearest) < MAX_SUGGESTIONS:
            near = get_close_matches(slug[:100].casefold(), self.known[column], n=1)
            self.nearest[column, slug] = f" Did you mean {near[0]}?" if near else ""
        return self.nearest.get((column, slug), "")

    def _support(self, number: int, said: str) -> str:
        if said and said not in list(Support):
            self._wrong(number, "support", f"“{said[:30]}” is none of: {', '.join(Support)}.")
        return said

    def _number(self, number: int, column: str, text: str) -> Decimal | int | None:
        said = text.replace("\N{MINUS SIGN}", "-")
        if not said:
            return None
        value = Decimal(said) if NUMBER.fullmatch(said) else None
        if value is None or abs(value) >= 10**12:
            advice = " Write 2.5 with a point, and 1440 without a comma." if "," in said else ""
            self._wrong(number, column, f"“{text[:30]}” is no number.{advice}")
            return None
        if column in ("low", "high"):
            return value
        if value != value.to_integral_value():
            self._wrong(number, column, f"“{text[:30]}” is no whole number.")
        return int(value)

    def _place(self, number: int, pk: str, values: dict[str, Any]) -> None:
        """Finds out whether a row is new, changes a claim, or says what is stored already."""
        kept = self.by_id.get(whole_id(pk) or 0)
        if pk and (kept is None or kept.source_id != values["source"].pk):
            advice = "Empty the cell to add one."
            return self._wrong(number, "id", f"Source {values['source'].slug} has no claim {pk[:20]}. {advice}")
        twin = self.by_key.get(_key(_wanted(kept, values)))
        if kept is not None and twin is not None and twin.pk != kept.pk:
            return self._wrong(number, "start", f"Claim {twin.pk} has this place already.")
        kept = kept or twin
        claim = _wanted(kept, values)
        if wrong := self._quote(claim, kept, values.get("quote", "")):
            return self._wrong(number, "quote", wrong)
        marks = [_key(claim), *([("id", kept.pk)] if kept else [])]
        for mark in marks:
            if mark in self.seen:
                return self._wrong(number, "id", f"Row {self.seen[mark]} is the same claim.")
        self.seen |= dict.fromkeys(marks, number)
        if self._valid(number, claim):
            self._put(number, kept, claim)
        return None

    def _quote(self, claim: Claim, kept: Claim | None, said: str) -> str:
        """Makes the quote what stands at the claim's place, where the text is held; returns what speaks against it."""
        start, end = claim.start, claim.end
        text = self.texts.get(claim.source_id, "")
        if start is None or end is None or not 0 <= start < end <= len(text):
            return ""
        passage = unified(text[start:end])
        moved = kept is None or (kept.start, kept.end) != (start, end)
        stored = "" if kept is None else unified(kept.quote)
        if said and unified(said) != passage and (moved or unified(said) != stored):
            return f"At this place the text says otherwise: “{passage[:60]}”. Empty the cell to take that."
        if not said and (moved or not claim.quote):
            claim.quote = passage if len(passage) <= MAX_QUOTE_LENGTH else ""
        return ""

    def _put(self, number: int, kept: Claim | None, claim: Claim) -> None:
        if kept is None:
            self.plan.created.append((number, claim))
            return
        changes = [(name, getattr(kept, name), getattr(claim, name)) for name in Claim.EVIDENCE]
        changes = [(name, before, after) for name, before, after in changes if _normal(name, before) != after]
        for name in set(Claim.EVIDENCE) - {name for name, _, _ in changes}:
            setattr(claim, name, getattr(kept, name))  # nobody asked for other blanks or line ends
        if not changes:
            self.plan.unchanged += 1
        elif not self._may_change(kept):
            self._wrong(number, "id", f"Claim {kept.pk} is not a draft of yours; a reviewer has to change it.")
        else:
            claim.pk = kept.pk
            self.plan.changed.append(Change(number, kept, claim, changes))

    def _may_change(self, claim: Claim) -> bool:
        own = self.by is not None and claim.created_by_id == self.by.pk
        return self.may_change and (self.may_publish or (own and claim.state == ClaimState.DRAFT.value))

    def _valid(self, number: int, claim: Claim) -> bool:
        """The claim's own rules; those across rows are kept by the keys, the rest by the database."""
        try:
            claim.clean_fields(exclude={"framework", "criterion", "source"})
            claim.clean()
        except ValidationError as error:
            for name, messages in error.message_dict.items():
                self._wrong(number, name, " ".join(messages))
            return False
        return True


def _wanted(kept: Claim | None, values: dict[str, Any]) -> Claim:
    """The claim a row asks for; columns its file lacks stay what they are."""
    stored = {name: getattr(kept, name) for name in Claim.EVIDENCE} if kept else {}
    return Claim(**stored | values)


def _normal(name: str, value: Any) -> Any:
    """A stored value as a file can bring it back."""
    if name in WORDS:
        return " ".join(value.split())
    return unified(value) if name == "quote" else value


def _key(claim: Claim) -> tuple[Any, ...]:
    """What makes a claim the same one: its cell and place, else its words."""
    cell = (claim.source_id, claim.framework_id, claim.criterion_id)
    if claim.start is not None:
        return (*cell, claim.start)
    return (*cell, _normal("statement", claim.statement), _normal("quote", claim.quote))


def store(plan: Plan, actor: User | None, submit: bool = False) -> Iterator[int]:
    """Stores a plan's rows in one transaction, batch and edition; yields how many are done.

    Raises ChangedMeanwhile, PermissionDenied. Whoever stops listening half-way undoes it all.
    """
    if submit and not (actor is None or actor.has_perm("comparison.change_claim")):
        raise PermissionDenied("You may not submit claims.")
    summary = f"Claims imported: {len(plan.created):,} created, {len(plan.changed):,} changed"
    with Batch.objects.of(summary, actor) as plan.batch:
        _hold(plan.changed)
        yield from _create([claim for _, claim in plan.created], actor, submit)
        yield from (len(plan.created) + done for done in _change([one.claim for one in plan.changed], actor))


def _hold(changes: Sequence[Change]) -> None:
    """Locks the claims about to change, and sees to it that they still are what the plan saw."""
    stored = Claim.objects.select_for_update().in_bulk([one.kept.pk for one in changes])
    for one in changes:
        now = stored.get(one.kept.pk)
        if now is None or any(getattr(now, name) != getattr(one.kept, name) for name in HELD):
            raise ChangedMeanwhile(f"Claim {one.kept.pk} was changed by somebody else.")


def _create(claims: Sequence[Claim], actor: User | None, submit: bool) -> Iterator[int]:
    state, reason = (ClaimState.SUBMITTED, "imported, submitted") if submit else (ClaimState.DRAFT, "imported")
    author = {"history_author": actor.get_username()} if actor is not None else {}
    for at in range(0, len(claims), BATCH_SIZE):
        some = claims[at : at + BATCH_SIZE]
        for claim in some:
            claim.state, claim.created_by = state.value, actor
        bulk_create_with_history(
            some, Claim, default_user=actor, default_change_reason=reason, custom_historical_attrs=author
        )
        yield at + len(some)


def _change(claims: Sequence[Claim], actor: User | None) -> Iterator[int]:
    public = []
    for done, claim in enumerate(claims, 1):
        if claim.revise(actor, announce=False):
            public.append(claim)
        if done % BATCH_SIZE == 0 or done == len(claims):
            yield done
    if public:
        cells = "; ".join(claim.cell for claim in public)
        Claim.objects.filter(pk__in=[one.pk for one in public]).announce(f"Claims imported: {cells}", actor)

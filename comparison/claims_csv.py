"""Claims as a spreadsheet's rows: written out, and read back with every wrong row named before anything is stored."""

import csv
import hashlib
import io
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from difflib import get_close_matches
from typing import Any

from django.core.exceptions import ValidationError
from simple_history.utils import bulk_create_with_history

from comparison.evidence import Support
from comparison.export import defused
from comparison.models import Batch, Claim, ClaimState, Criterion, Framework, Person, Source

COLUMNS = [
    "id",
    "source",
    "framework",
    "criterion",
    "statement",
    "level",
    "support",
    "low",
    "high",
    "item",
    "section",
    "start",
    "end",
    "quote",
    "version_range",
    "state",
]
NEEDED = ("source", "framework", "criterion", "statement")
MOST_ROWS = 50_000
AT_ONCE = 500  # rows stored between two signs of progress


class NotClaims(ValueError):
    """The file as a whole cannot be read; the message says why."""


def written(claims: Iterable[Claim]) -> Iterator[str]:
    """The lines of a CSV file; claims bring source, framework and criterion along."""
    out = io.StringIO()
    writer = csv.writer(out)
    out.write("\ufeff")
    writer.writerow(COLUMNS)
    for claim in claims:
        writer.writerow([defused(value) for value in _row(claim)])
        yield out.getvalue()
        out.seek(0)
        out.truncate()
    yield out.getvalue()


def _row(claim: Claim) -> list[Any]:
    slugs = {"source": claim.source.slug, "framework": claim.framework.slug, "criterion": claim.criterion.slug}
    return [_plain(slugs[name] if name in slugs else getattr(claim, name)) for name in COLUMNS]


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return f"{value:f}".rstrip("0").rstrip(".") if "." in f"{value:f}" else f"{value:f}"
    return "" if value is None else value


@dataclass(frozen=True)
class Wrong:
    """What is wrong with a row; rows count as a spreadsheet shows them, the heading being 1."""

    row: int
    column: str
    reason: str


@dataclass
class Plan:
    """What an import would do."""

    created: list[tuple[int, Claim]] = field(default_factory=list)
    changed: list[tuple[int, Claim, list[tuple[str, Any, Any]]]] = field(default_factory=list)
    unchanged: int = 0
    wrong: list[Wrong] = field(default_factory=list)
    rows: int = 0

    @property
    def wrong_rows(self) -> int:
        return len({one.row for one in self.wrong})

    @property
    def seal(self) -> str:
        """Differs when what would happen differs, so that a second look sees what changed since the first."""
        told = [[row, str(claim)] for row, claim in self.created]
        told += [[row, claim.pk, *map(str, changes)] for row, claim, changes in self.changed]
        told += [[one.row, one.reason] for one in self.wrong]
        return hashlib.sha256(repr(told).encode()).hexdigest()


def read_rows(text: str) -> list[tuple[int, dict[str, str]]]:
    """The rows by number, with commas, semicolons or tabs between the cells. Raises NotClaims."""
    text = text.removeprefix("\ufeff")
    first = text.split("\n", 1)[0]
    mark = max(",;\t", key=first.count)
    try:
        lines = list(csv.reader(io.StringIO(text), delimiter=mark, strict=True))
    except csv.Error as error:
        raise NotClaims(f"This is no CSV file: {error}. Save the sheet as “CSV UTF-8”.") from None
    if not lines or not any(cell.strip() for cell in lines[0]):
        raise NotClaims("The file is empty.")
    heads = [cell.strip().casefold().replace(" ", "_") for cell in lines[0]]
    if missing := [name for name in NEEDED if name not in heads]:
        raise NotClaims(f"The first row must name the columns; missing: {', '.join(missing)}.")
    if unknown := [name for name in heads if name and name not in COLUMNS]:
        raise NotClaims(f"There is no column “{unknown[0][:40]}”. There are: {', '.join(COLUMNS)}.")
    if len(lines) - 1 > MOST_ROWS:
        raise NotClaims(f"The file has {len(lines) - 1:,} rows; at most {MOST_ROWS:,} are taken at once.")
    rows = [(number, cells) for number, cells in enumerate(lines[1:], 2) if any(cell.strip() for cell in cells)]
    return [(number, dict(zip(heads, map(_armed, cells), strict=False))) for number, cells in rows]


def _armed(cell: str) -> str:
    """Without the apostrophe that keeps spreadsheets from running a cell."""
    return cell[1:] if cell[:1] == "'" and defused(cell[1:]) != cell[1:] else cell


class Planner:
    """Reads rows against the catalogue; a handful of queries, however many rows."""

    def __init__(self, by: Person) -> None:
        self.by = by
        self.known: dict[str, Mapping[str, Any]] = {
            "source": {one.slug: one for one in Source.objects.defer("text")},
            "framework": {one.slug: one for one in Framework.objects.all()},
            "criterion": {one.slug: one for one in Criterion.objects.all()},
        }
        self.may_publish = by is None or by.has_perm("comparison.publish_claim")
        self.seen: dict[tuple[Any, ...], int] = {}
        self.plan = Plan()

    def read(self, rows: list[tuple[int, dict[str, str]]]) -> Plan:
        slugs = {row.get("source", "").strip() for _, row in rows}
        stored = Claim.objects.filter(source__slug__in=[one for one in slugs if one in self.known["source"]])
        claims = list(stored.select_related("framework", "criterion", "source").defer("source__text"))
        self.by_id = {one.pk: one for one in claims}
        self.by_key = {_key(one): one for one in claims}
        self.plan.rows = len(rows)
        for number, row in rows:
            before = len(self.plan.wrong)
            values = self._values(number, row)
            if len(self.plan.wrong) == before:
                self._place(number, row.get("id", "").strip(), values)
        return self.plan

    def _wrong(self, number: int, column: str, reason: str) -> None:
        self.plan.wrong.append(Wrong(number, column, reason))

    def _values(self, number: int, row: dict[str, str]) -> dict[str, Any]:
        values: dict[str, Any] = {}
        for column, known in self.known.items():
            slug = row.get(column, "").strip()
            if slug in known:
                values[column] = known[slug]
            else:
                near = get_close_matches(slug, known, n=1)
                advice = f" Did you mean {near[0]}?" if near else ""
                self._wrong(number, column, f"There is no {column} “{slug[:60]}”.{advice}")
        for column in ("statement", "item", "section", "quote", "version_range"):
            values[column] = row.get(column, "") if column == "quote" else " ".join(row.get(column, "").split())
        values["support"] = row.get("support", "").strip().casefold()
        if values["support"] and values["support"] not in list(Support):
            self._wrong(number, "support", f"“{values['support'][:30]}” is none of: {', '.join(Support)}.")
        for column in ("level", "start", "end", "low", "high"):
            values[column] = self._number(number, column, row.get(column, ""))
        return values

    def _number(self, number: int, column: str, text: str) -> Any:
        said = text.strip().replace("\N{MINUS SIGN}", "-")
        if not said:
            return None
        try:
            value = Decimal(said)
        except InvalidOperation:
            value = Decimal("NaN")
        if not value.is_finite() or abs(value) >= 10**12:
            self._wrong(number, column, f"“{text[:30]}” is no number.")
            return None
        if column in ("low", "high"):
            return value
        if value != value.to_integral_value():
            self._wrong(number, column, f"“{text[:30]}” is no whole number.")
            return None
        return int(value)

    def _place(self, number: int, pk: str, values: dict[str, Any]) -> None:
        """Finds out whether a row is new, changes a claim, or says what is stored already."""
        fresh = Claim(**values)
        kept = self.by_id.get(int(pk)) if pk.isascii() and pk.isdigit() and len(pk) < 19 else None
        if pk and kept is None:
            return self._wrong(
                number, "id", f"Source {values['source'].slug} has no claim {pk[:20]}. Empty the cell to add one."
            )
        twin = self.by_key.get(_key(fresh))
        kept = kept or twin
        if kept is not None and twin is not None and twin.pk != kept.pk:
            return self._wrong(number, "start", f"Claim {twin.pk} has this place already.")
        mark = ("id", kept.pk) if kept else _key(fresh)
        if mark in self.seen:
            return self._wrong(number, "id", f"Row {self.seen[mark]} is the same claim.")
        self.seen[mark] = number
        if self._valid(number, fresh):
            self._put(number, kept, fresh)
        return None

    def _put(self, number: int, kept: Claim | None, fresh: Claim) -> None:
        if kept is None:
            self.plan.created.append((number, fresh))
            return
        changes = []
        for name in Claim.EVIDENCE:
            before, after = getattr(kept, name), getattr(fresh, name)
            if before != after:
                changes.append((name, before, after))
        if not changes:
            self.plan.unchanged += 1
        elif not self._may_change(kept):
            self._wrong(number, "id", f"Claim {kept.pk} is not a draft of yours; a reviewer has to change it.")
        else:
            fresh.pk = kept.pk
            self.plan.changed.append((number, fresh, changes))

    def _may_change(self, claim: Claim) -> bool:
        own = self.by is not None and claim.created_by_id == self.by.pk
        return self.may_publish or (own and claim.state == ClaimState.DRAFT.value)

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


def _key(claim: Claim) -> tuple[Any, ...]:
    """What makes a claim the same one: its cell and place, else its words."""
    cell = (claim.source_id, claim.framework_id, claim.criterion_id)
    return (*cell, claim.start) if claim.start is not None else (*cell, claim.statement, claim.quote)


def store(plan: Plan, by: Person, submit: bool = False) -> Iterator[int]:
    """Stores a plan's rows in one transaction, batch and edition; yields how many are done.

    Whoever stops listening half-way undoes it all: the transaction ends with the generator.
    """
    state = (ClaimState.SUBMITTED if submit else ClaimState.DRAFT).value
    with Batch.objects.of(f"Import: {len(plan.created)} claims created, {len(plan.changed)} changed", by):
        author = {"history_author": by.get_username()} if by is not None else {}
        for at in range(0, len(plan.created), AT_ONCE):
            some = [claim for _, claim in plan.created[at : at + AT_ONCE]]
            for claim in some:
                claim.state, claim.created_by = state, by
            bulk_create_with_history(
                some, Claim, default_user=by, default_change_reason="imported", custom_historical_attrs=author
            )
            yield at + len(some)
        public = []
        for done, (_, claim, _) in enumerate(plan.changed, 1):
            if claim.revise(by, announce=False):
                public.append(claim)
            if done % AT_ONCE == 0 or done == len(plan.changed):
                yield len(plan.created) + done
        if public:
            cells = "; ".join(claim.cell for claim in public)
            Claim.objects.filter(pk__in=[one.pk for one in public]).announce(f"Claims imported: {cells}", by)

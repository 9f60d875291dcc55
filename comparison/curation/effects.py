"""What a verdict would become: with a claim published, changed or withdrawn, or with a check recorded."""

from collections.abc import Iterable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, replace

from comparison.evidence import Finding, Kind, State, Verdict, verdict
from comparison.models import Check, Claim, Criterion, Framework
from comparison.tables.table import Cell, Reference, TableData, load_table_data
from comparison.wording import label, number, signed, verdict_word


@dataclass(frozen=True, slots=True)
class Effect:
    """One cell as it is and as it would be, with the numbers of the sources of both."""

    before: Cell
    after: Cell
    references: Mapping[int, Reference]

    @property
    def changes(self) -> bool:
        return told(self.before.verdict) != told(self.after.verdict)

    @property
    def told_before(self) -> str:
        return told(self.before.verdict)

    @property
    def told_after(self) -> str:
        return told(self.after.verdict)


def told(verdict: Verdict) -> str:
    """A verdict in one line: "Good +0.81, mostly agreed"."""
    if verdict.state in (State.NO_EVIDENCE, State.NOT_APPLICABLE):
        return label(verdict.state)
    detail = f" {signed(verdict.score)}" if verdict.score is not None else ""
    if verdict.figure and verdict.figure.low != verdict.figure.high:
        detail = f" (median {number(verdict.figure.median)})"
    return f"{verdict_word(verdict)}{detail}, {verdict.state}"


def cell_table_data(framework: Framework, criterion: Criterion) -> TableData:
    """What is published on one cell, in a constant number of queries."""
    return load_table_data([framework], Criterion.objects.filter(pk=criterion.pk))


def effect_of_claim(claim: Claim, counts: bool = True) -> Effect:
    """The cell of a claim as it is, and once the claim is published as it stands here (counts=False: withdrawn).

    The claim need not be stored, nor be what is stored.
    """
    table_data = cell_table_data(claim.framework, claim.criterion)
    after = [one for one in table_data.claims if one.pk != claim.pk]
    if counts:
        after.append(_candidate(claim, Check.objects.filter(claim=claim.pk)))
    return _effect(table_data, after, claim)


def effect_of_check(claim: Claim, finding: Finding) -> Effect:
    """The cell of a claim as it is, and once this finding is recorded."""
    table_data = cell_table_data(claim.framework, claim.criterion)
    after = list(table_data.claims)
    for place, one in enumerate(after):
        if one.pk == claim.pk:
            after[place] = copy(one)
            after[place].findings = one.findings | {finding}
    return _effect(table_data, after, claim)


def _candidate(claim: Claim, checks: Iterable[Check]) -> Claim:
    """The claim as the table would meet it; one that is not stored yet gets a number no stored one has."""
    one = copy(claim)
    one.pk = claim.pk or 0
    one.findings = frozenset(Finding(check.finding) for check in checks)
    return one


def _effect(table_data: TableData, after: Sequence[Claim], claim: Claim) -> Effect:
    table_data = replace(table_data, sources={**table_data.sources, claim.source_id: claim.source})
    both = replace(table_data, claims=[*table_data.claims, *after])
    return Effect(_cell(table_data), _cell(replace(table_data, claims=after)), both.references)


def _cell(table_data: TableData) -> Cell:
    rows = table_data.table().rows
    if rows:
        return rows[0].cells[0]
    nothing = verdict(Kind(table_data.criteria[0].kind), ())
    return Cell(table_data.frameworks[0], nothing, {})


@dataclass(frozen=True, slots=True)
class CellChange:
    """A cell whose verdict several claims together would change, told in words."""

    framework: Framework
    criterion: Criterion
    before: str
    after: str


def changes_of_all(claims: Sequence[Claim], counts: bool) -> list[CellChange]:
    """The cells whose verdicts change once all these claims count, or (counts=False) no longer do. Constant queries."""
    frameworks = list({one.framework_id: one.framework for one in claims}.values())
    table_data = load_table_data(frameworks, Criterion.objects.filter(pk__in={one.criterion_id for one in claims}))
    moving = {one.pk for one in claims}
    after = [one for one in table_data.claims if one.pk not in moving]
    if counts:
        checks = Check.objects.by_claim(claims)
        after += [_candidate(one, checks.get(one.pk, ())) for one in claims]
    sources = {**table_data.sources, **{one.source_id: one.source for one in claims}}
    old, new = (_told(replace(table_data, sources=sources, claims=some)) for some in (table_data.claims, after))
    cells = {(one.framework_id, one.criterion_id): one for one in claims}
    nothing = label(State.NO_EVIDENCE)
    told = [(one, old.get(cell, nothing), new.get(cell, nothing)) for cell, one in cells.items()]
    return [CellChange(one.framework, one.criterion, was, is_now) for one, was, is_now in told if was != is_now]


def _told(table_data: TableData) -> dict[tuple[int, int], str]:
    return {
        (cell.framework.pk, row.criterion.pk): told(cell.verdict)
        for row in table_data.table().rows
        for cell in row.cells
    }

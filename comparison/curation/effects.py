"""What a verdict would become if a claim were published, changed or withdrawn, or a check recorded."""

from collections.abc import Iterable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, replace

from comparison.evidence import Finding, Kind, State, Verdict, verdict
from comparison.models import Check, Claim, Criterion, Framework
from comparison.tables.table import Cell, Reference, TableData, load_table_data, with_sources
from comparison.wording import format_number, format_signed, label, verdict_word


@dataclass(frozen=True, slots=True)
class Effect:
    """A cell as it is and as it would be, with the numbers of all their sources."""

    before: Cell
    after: Cell
    references: Mapping[int, Reference]

    @property
    def changes_verdict(self) -> bool:
        return self.summary_before != self.summary_after

    @property
    def summary_before(self) -> str:
        return verdict_summary(self.before.verdict)

    @property
    def summary_after(self) -> str:
        return verdict_summary(self.after.verdict)


def verdict_summary(verdict: Verdict) -> str:
    """A verdict in one line, such as "Good +0.50, strength 0.75, mostly agreed"."""
    if verdict.state in (State.NO_EVIDENCE, State.NOT_APPLICABLE):
        return label(verdict.state)
    detail = f" {format_signed(verdict.position)}" if verdict.position is not None else ""
    if verdict.figure and verdict.figure.low != verdict.figure.high:
        detail = f" (median {format_number(verdict.figure.median)})"
    strength = f", strength {verdict.strength:.2f}" if verdict.is_ranked else ""
    return f"{verdict_word(verdict)}{detail}{strength}, {verdict.state}"


def cell_table_data(framework: Framework, criterion: Criterion) -> TableData:
    """What is published on one cell, in a constant number of queries."""
    return load_table_data([framework], Criterion.objects.filter(pk=criterion.pk))


def effect_of_claim(claim: Claim, counts: bool = True) -> Effect:
    """The claim's cell now, and with the claim published as it is here (counts=False: withdrawn).

    The claim may be unsaved, or differ from what is stored.
    """
    table_data = cell_table_data(claim.framework, claim.criterion)
    claims_after = [other for other in table_data.claims if other.pk != claim.pk]
    if counts:
        claims_after.append(_as_published(claim, Check.objects.filter(claim=claim.pk)))
    return _effect(table_data, claims_after, claim)


def effect_of_check(claim: Claim, finding: Finding) -> Effect:
    """The claim's cell now, and with this finding recorded."""
    table_data = cell_table_data(claim.framework, claim.criterion)
    claims_after = list(table_data.claims)
    for index, other in enumerate(claims_after):
        if other.pk == claim.pk:
            claims_after[index] = copy(other)
            claims_after[index].findings = other.findings | {finding}
    return _effect(table_data, claims_after, claim)


def _as_published(claim: Claim, checks: Iterable[Check]) -> Claim:
    """A copy of the claim as a table would load it; an unsaved one gets the id 0, which no stored claim has."""
    published = copy(claim)
    published.pk = claim.pk or 0
    published.findings = frozenset(Finding(check.finding) for check in checks)
    return published


def _effect(table_data: TableData, claims_after: Sequence[Claim], claim: Claim) -> Effect:
    table_data = replace(table_data, sources=with_sources(table_data.sources, [claim]))
    both = replace(table_data, claims=[*table_data.claims, *claims_after])
    return Effect(_cell(table_data), _cell(replace(table_data, claims=claims_after)), both.references)


def _cell(table_data: TableData) -> Cell:
    rows = table_data.table().rows
    if rows:
        return rows[0].cells[0]
    no_evidence = verdict(Kind(table_data.criteria[0].kind), ())
    return Cell(table_data.frameworks[0], no_evidence, {})


@dataclass(frozen=True, slots=True)
class CellChange:
    """A cell whose verdict several claims together would change, with a summary of both verdicts."""

    framework: Framework
    criterion: Criterion
    before: str
    after: str


def verdict_changes(claims: Sequence[Claim], counts: bool) -> list[CellChange]:
    """The cells whose verdicts change if all these claims are published, or (counts=False) withdrawn.

    The number of queries is constant.
    """
    frameworks = list({claim.framework_id: claim.framework for claim in claims}.values())
    criteria = Criterion.objects.filter(pk__in={claim.criterion_id for claim in claims})
    table_data = load_table_data(frameworks, criteria)
    ids = {claim.pk for claim in claims}
    claims_after = [claim for claim in table_data.claims if claim.pk not in ids]
    if counts:
        checks = Check.objects.by_claim(claims)
        claims_after += [_as_published(claim, checks.get(claim.pk, ())) for claim in claims]
    sources = with_sources(table_data.sources, claims)
    before = _summaries(replace(table_data, sources=sources))
    after = _summaries(replace(table_data, sources=sources, claims=claims_after))
    cells = {(claim.framework_id, claim.criterion_id): claim for claim in claims}
    no_evidence = label(State.NO_EVIDENCE)
    changes = (
        CellChange(claim.framework, claim.criterion, before.get(cell, no_evidence), after.get(cell, no_evidence))
        for cell, claim in cells.items()
    )
    return [change for change in changes if change.before != change.after]


def _summaries(table_data: TableData) -> dict[tuple[int, int], str]:
    """The verdict summaries by (framework id, criterion id)."""
    return {
        (cell.framework.pk, row.criterion.pk): verdict_summary(cell.verdict)
        for row in table_data.table().rows
        for cell in row.cells
    }

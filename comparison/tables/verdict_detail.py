"""Verdicts in detail: how one adds up, its claims source by source, and one claim by itself."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter

from django.utils.safestring import SafeString

from comparison.evidence import (
    SET_ASIDE_FINDINGS,
    Finding,
    Kind,
    Opinion,
    SourceKind,
    State,
    Support,
    Verdict,
    source_weight,
)
from comparison.models import Check, Claim, Framework, Source
from comparison.tables.cells import CellView, RowView, row_view
from comparison.tables.citations import Citation, Citer
from comparison.tables.svg import GLYPHS, glyph, level_scale
from comparison.tables.table import Cell, Reference, Row, Table
from comparison.wording import EN_DASH, format_number, format_range, format_signed, label


@dataclass(frozen=True, slots=True)
class Addend:
    """One source's part in a verdict, as a row of the sum."""

    citation: Citation
    statement: str
    opinion: str
    weight: int
    product: str


@dataclass(frozen=True, slots=True)
class Value:
    """What one claim says, drawn and in words."""

    drawing: SafeString
    text: str


@dataclass(frozen=True, slots=True)
class SourceClaims:
    """A source with its claims on one side."""

    citation: Citation
    source: Source
    kind: str
    weight: int
    both: bool
    claims: Sequence[tuple[Claim, Value, Sequence[Check]]]


@dataclass(frozen=True, slots=True)
class Side:
    name: str  # for, against, or empty
    heading: str
    count: int  # claims
    sources: Sequence[SourceClaims]


@dataclass(frozen=True, slots=True)
class OpenedCell:
    framework: Framework
    cell: Cell
    addends: Sequence[Addend]
    total: str
    explanation: str
    sides: Sequence[Side]
    set_aside: Sequence[SourceClaims]


@dataclass(frozen=True, slots=True)
class OpenedRow:
    view: RowView
    cells: Sequence[tuple[OpenedCell, CellView]]


def opened_cell(cell: Cell, references: Mapping[int, Reference]) -> OpenedCell:
    """A cell with how it adds up, without its claims' checks."""
    return _opened_cell(cell, references, {})


def opened_row(row: Row, table: Table, checks: Mapping[int, Sequence[Check]]) -> OpenedRow:
    view = row_view(row, table)
    opened = [_opened_cell(cell, table.references, checks) for cell in row.cells]
    return OpenedRow(view, list(zip(opened, view.cells, strict=True)))


def _opened_cell(cell: Cell, references: Mapping[int, Reference], checks: Mapping[int, Sequence[Check]]) -> OpenedCell:
    verdict, citer = cell.verdict, Citer(references, cell.contradicting)

    def side_of(name: str, heading: str, ids: Sequence[int]) -> Side:
        return Side(name, heading, len(ids), _by_source(cell.claim_list(ids), citer, checks))

    match verdict.kind:
        case Kind.RATING | Kind.FIT:
            sides = [
                side_of("for", "Speaks for", verdict.supporting),
                side_of("against", "Speaks against", verdict.opposing),
                side_of("", "Takes no side", verdict.neutral),
            ]
        case Kind.FEATURE:
            sides = [
                side_of("for", "In the box", verdict.supporting),
                side_of("against", "Not in the box", verdict.opposing),
            ]
        case Kind.LIST:
            sides = [side_of("", "Named", verdict.supporting)]
        case _:
            sides = [
                side_of("for", "Near the median", verdict.supporting),
                side_of("against", "Far from the median", verdict.opposing),
                side_of("", "Reported without a method", verdict.reported if verdict.is_ranked else ()),
            ]
    return OpenedCell(
        cell.framework,
        cell,
        [_addend(opinion, cell, citer) for opinion in verdict.opinions],
        _total(verdict),
        explanation(verdict),
        [side for side in sides if side.count],
        _by_source(cell.claim_list(verdict.set_aside), citer, checks),
    )


def _by_source(claims: Iterable[Claim], citer: Citer, checks: Mapping[int, Sequence[Check]]) -> list[SourceClaims]:
    def order(claim: Claim) -> tuple[int, int]:
        return (citer.references[claim.source_id].number, claim.pk)

    groups = []
    for source_id, members in groupby(sorted(claims, key=order), key=attrgetter("source_id")):
        reference = citer.references[source_id]
        (citation,) = citer.of_sources([source_id])
        group = SourceClaims(
            citation=citation,
            source=reference.source,
            kind=label(reference.kind).lower(),
            weight=reference.weight,
            both=citation.both,
            claims=[(claim, value_of(claim), checks.get(claim.pk, ())) for claim in members],
        )
        groups.append(group)
    return groups


def value_of(claim: Claim) -> Value:
    """A claim's value, of any of the five kinds."""
    if claim.level is not None:
        return Value(level_scale(claim.level), format_signed(claim.level, 0))
    if claim.support:
        support = Support(claim.support)
        return Value(glyph(GLYPHS[support]), label(support))
    if claim.low is not None and claim.high is not None:
        return Value(SafeString(""), format_range(float(claim.low), float(claim.high)))
    return Value(SafeString(""), claim.item)


def _addend(opinion: Opinion, cell: Cell, citer: Citer) -> Addend:
    (citation,) = citer.of_sources([opinion.source])
    statement = ", ".join(value_of(claim).text for claim in cell.claim_list(opinion.claims))
    if opinion.position is not None:
        product = format_signed(opinion.weight * opinion.position)
        return Addend(citation, statement, format_signed(opinion.position), opinion.weight, product)
    figure = format_number(opinion.figure.median) if opinion.figure else ""
    return Addend(citation, statement, figure, opinion.weight, "")


def _total(verdict: Verdict) -> str:
    """The foot of the sum."""
    if verdict.position is not None:
        return f"Position: the sum of the products, divided by {verdict.weight}"
    return "Median" if verdict.figure else ""


def explanation(verdict: Verdict) -> str:
    """Why the verdict has its state, with the weights it came from."""
    match verdict.state, verdict.kind:
        case State.NO_EVIDENCE, _:
            return "No source here says anything about it, which is not a no."
        case State.NOT_APPLICABLE, _:
            return "The criterion makes no sense for this framework."
        case State.ONE_SOURCE, _:
            return "Only one source says anything about it, so there is nothing to agree or disagree with."
        case _, Kind.LIST:
            return "Lists are not ranked and never disputed."
        case _, Kind.FIGURE:
            medians = [opinion.figure.median for opinion in verdict.opinions if opinion.figure]
            low, high = format_number(min(medians)), format_number(max(medians))
            return f"{label(verdict.state)}: the sources lie between {low} and {high}."
        case _, Kind.FEATURE:
            return f"{label(verdict.state)}: {_weights_of_sides(verdict, 'in the box', 'not in the box')}."
    return f"{label(verdict.state)}: {_weights_of_sides(verdict, 'for', 'against')}."


def _weights_of_sides(verdict: Verdict, side: str, other_side: str) -> str:
    """How much weight is on either side; a source that argues both ways shares its weight out."""
    weight_for = sum(opinion.weight * opinion.for_share for opinion in verdict.opinions)
    weight_against = sum(opinion.weight * opinion.against_share for opinion in verdict.opinions)
    return f"weight {format_number(weight_for)} {side}, {format_number(weight_against)} {other_side}"


def claim_page(claim: Claim) -> dict[str, object]:
    """Context of a claim's page; the claim comes with its names and checks."""
    checks = list(claim.checks.all())
    findings = {Finding(check.finding) for check in checks}
    kind = SourceKind(claim.source.kind)
    return {
        "claim": claim,
        "value": value_of(claim),
        "unit": claim.criterion.unit,
        "checks": checks,
        "counts": not findings & SET_ASIDE_FINDINGS,
        "source_kind": label(kind),
        "weight": source_weight(Kind(claim.criterion.kind), kind),
        "history": claim.history.select_related("history_user").order_by("-history_id")[:20],
        "characters": f"{claim.start:,}{EN_DASH}{claim.end:,}" if claim.start is not None else "",
        "fragment": f"#char={claim.start},{claim.end}" if claim.start is not None else "",
    }

"""Verdicts in detail: how one adds up, its claims source by source, and one claim by itself."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter
from statistics import geometric_mean

from django.utils.safestring import SafeString
from django.utils.translation import gettext_noop

from comparison.evidence import (
    PRIOR_WEIGHT,
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
from comparison.models import Check, Claim, Criterion, Framework, Source
from comparison.models.verdicts.cell_evidence import is_own
from comparison.row_outcomes import positions
from comparison.tables.cells.rows import RowView, row_view
from comparison.tables.cells.views import CellView
from comparison.tables.citations import Citation, Citer
from comparison.tables.svg import GLYPHS, glyph, level_scale
from comparison.tables.table import Cell, Reference, Row, Table
from comparison.vocabulary import gettext as _
from comparison.wording import (
    EN_DASH,
    MINUS,
    format_number,
    format_range,
    format_share,
    format_signed,
    label,
    label_within,
)

NO_EVIDENCE = gettext_noop("No source here says anything about it. That is not a no.")


@dataclass(frozen=True, slots=True)
class Addend:
    """The part of one voice in a verdict, as a row of the sum."""

    citations: Sequence[Citation]
    statement: str
    opinion: str
    weight: int
    product: str


@dataclass(frozen=True, slots=True)
class Result:
    """A line at the foot of a sum: a calculation and what it comes to."""

    name: str
    calculation: str
    number: str
    in_summary: str = ""  # the name and the number where the sum is told in one line


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
    results: Sequence[Result]
    summary: str  # position, strength and value in one line; empty where nothing is ranked
    explanation: str
    sides: Sequence[Side]
    set_aside: Sequence[SourceClaims]


@dataclass(frozen=True, slots=True)
class OpenedRow:
    view: RowView
    cells: Sequence[tuple[OpenedCell, CellView]]


@dataclass(frozen=True, slots=True)
class RelatedRow:
    """A related criterion with its cells' words, and where one source says the opposite there (claim, other claim)."""

    view: RowView
    opposites: Sequence[tuple[Claim, Claim]]


def opened_row(row: Row, table: Table, checks: Mapping[int, Sequence[Check]]) -> OpenedRow:
    """A row with how each cell adds up, and its claims with their checks."""
    view = row_view(row, table)
    medians = [cell.verdict.figure.median for cell in row.cells if cell.verdict.figure and cell.verdict.is_ranked]
    row_positions = positions((cell.verdict for cell in row.cells), bool(row.criterion.lower_is_better))
    opened = [
        _opened_cell(cell, table.references, checks, figure_results(cell, position, medians, row.criterion))
        for cell, position in zip(row.cells, row_positions, strict=True)
    ]
    return OpenedRow(view, list(zip(opened, view.cells, strict=True)))


def related_rows(criterion: Criterion, table: Table) -> list[RelatedRow]:
    """The rows of a table that are related to a criterion."""
    rows = [row for row in table.rows if row.criterion.pk in table.related.get(criterion.pk, ())]
    pairs = [(first, second) for pair in table.opposites for first, second in (pair, pair[::-1])]
    return [
        RelatedRow(
            row_view(row, table),
            [
                (claim, other)
                for claim, other in pairs
                if (claim.criterion_id, other.criterion_id) == (criterion.pk, row.criterion.pk)
            ],
        )
        for row in rows
    ]


def _opened_cell(
    cell: Cell,
    references: Mapping[int, Reference],
    checks: Mapping[int, Sequence[Check]],
    of_figure: Sequence[Result] = (),
) -> OpenedCell:
    verdict, citer = cell.verdict, Citer.of_cell(cell, references)

    def side_of(name: str, heading: str, ids: Sequence[int]) -> Side:
        return Side(name, heading, len(ids), _by_source(cell, cell.claim_list(ids), citer, checks))

    match verdict.kind:
        case Kind.RATING | Kind.FIT:
            sides = [
                side_of("for", _("In favour"), verdict.supporting),
                side_of("against", _("Against"), verdict.opposing),
                side_of("", _("Neutral"), verdict.neutral),
            ]
        case Kind.FEATURE:
            sides = [
                side_of("", _("In the box"), verdict.supporting),
                side_of("", _("Not in the box"), verdict.opposing),
            ]
        case Kind.LIST:
            sides = [side_of("", _("Named"), verdict.supporting)]
        case _:
            sides = [
                side_of("", _("Near the median"), verdict.supporting),
                side_of("", _("Far from the median"), verdict.opposing),
                side_of("", _("Reported without a method"), verdict.reported if verdict.is_ranked else ()),
            ]
    opinions = sorted(verdict.opinions, key=lambda opinion: references[opinion.source].number)
    results = [*sum_results(verdict, opinions), *of_figure]
    return OpenedCell(
        cell.framework,
        cell,
        [_addend(opinion, cell, citer) for opinion in opinions],
        results,
        ", ".join(result.in_summary for result in results if result.in_summary),
        explanation(cell),
        [side for side in sides if side.count],
        _by_source(cell, cell.claim_list(verdict.set_aside), citer, checks),
    )


def _by_source(
    cell: Cell, claims: Iterable[Claim], citer: Citer, checks: Mapping[int, Sequence[Check]]
) -> list[SourceClaims]:
    def order(claim: Claim) -> tuple[int, int]:
        return (citer.references[claim.speaker_id].number, claim.pk)

    groups = []
    for source_id, members in groupby(sorted(claims, key=order), key=attrgetter("speaker_id")):
        reference = citer.references[source_id]
        (citation,) = citer.of_sources([source_id])
        group = SourceClaims(
            citation=citation,
            source=reference.source,
            kind=label_within(reference.kind),
            weight=cell.weight_of(reference.source),
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
    citations = citer.of_sources(opinion.sources)
    statement = ", ".join(value_of(claim).text for claim in cell.claim_list(opinion.claims))
    if opinion.position is not None:
        if any(claim.support == Support.NONE for claim in cell.claim_list(opinion.claims)) and not any(
            support is Support.NONE for support, _ in opinion.supports
        ):
            statement = _("{statement} (none is read as by extension)").format(statement=statement)
        product = format_signed(opinion.weight * opinion.position)
        return Addend(citations, statement, format_signed(opinion.position), opinion.weight, product)
    figure = format_number(opinion.figure.median) if opinion.figure else ""
    return Addend(citations, statement, figure, opinion.weight, "")


def sum_results(verdict: Verdict, opinions: Sequence[Opinion]) -> list[Result]:
    """The foot of the sum of a rating, advice or a feature: position, strength and value. Empty for other kinds.

    `opinions` are the verdict's in the order in which they are added up.
    """
    if verdict.position is None:
        return []
    products = [format_signed(opinion.weight * (opinion.position or 0.0)) for opinion in opinions]
    dividend = products[0] if len(products) == 1 else f"({' '.join([products[0], *map(_as_term, products[1:])])})"
    return [
        _position(f"{dividend} ÷ {verdict.weight}", verdict.position),
        *_strength_and_value(verdict, verdict.position),
    ]


def _as_term(number: str) -> str:
    """A signed number after another: + 1.50 or − 1.50."""
    return f"{number[0]} {number[1:]}" if number[0] in f"+{MINUS}" else f"+ {number}"


def _strength_and_value(verdict: Verdict, position: float) -> list[Result]:
    strength, value = format_share(verdict.strength), format_signed(position * verdict.strength)
    in_words = _("strength {number}").format(number=strength), _("value {number}").format(number=value)
    return [
        Result(_("Strength"), f"{verdict.weight} ÷ ({verdict.weight} + {PRIOR_WEIGHT})", strength, in_words[0]),
        Result(_("Value"), f"{format_signed(position)} × {strength}", value, in_words[1]),
    ]


def _position(calculation: str, position: float) -> Result:
    number = format_signed(position)
    return Result(_("Position"), calculation, number, _("position {number}").format(number=number))


def figure_results(cell: Cell, position: float | None, medians: Sequence[float], criterion: Criterion) -> list[Result]:
    """The foot of the sum of a figure; `medians` are the ones that its row ranks. Empty for other kinds."""
    verdict = cell.verdict
    if not verdict.figure:
        return []
    median = Result(_("Median"), "", f"{format_number(verdict.figure.median)} {criterion.unit}")
    if position is None or not verdict.is_ranked:
        return [median]
    return [
        median,
        _position(_figure_position(verdict.figure.median, medians, criterion), position),
        *_strength_and_value(verdict, position),
    ]


def _figure_position(median: float, medians: Sequence[float], criterion: Criterion) -> str:
    """How the position of a figure is calculated."""
    if len(medians) < 2:
        return _("the only figure of the row")
    if 0 in medians:
        return _("a figure of zero is at the end of the scale")
    mean = format_number(geometric_mean(medians))
    ratio = f"{mean} ÷ {format_number(median)}" if criterion.lower_is_better else f"{format_number(median)} ÷ {mean}"
    return _("log₂({ratio}), within −1 and +1").format(ratio=ratio)


def explanation(cell: Cell) -> str:
    """Why the verdict has its state, with the weights it came from."""
    verdict = cell.verdict
    match verdict.state, verdict.kind:
        case State.NO_EVIDENCE, _:
            return _(NO_EVIDENCE)
        case State.NOT_APPLICABLE, _:
            return _("The criterion makes no sense for this framework.")
        case _, Kind.FIGURE if not verdict.is_ranked:
            return _("Articles report it without a method, so it ranks nothing.")
        case State.ONE_SOURCE, _ if cell.is_two_sided:
            text = _("Only one source says anything about it, and it argues both ways: {weights}.")
            return text.format(weights=_weights_of_sides(verdict))
        case State.ONE_SOURCE, _:
            return _("Only one source says anything about it, so there is nothing to agree or disagree with.")
        case _, Kind.LIST:
            return _("Lists are not ranked and never disputed.")
        case _, Kind.FIGURE:
            medians = [opinion.figure.median for opinion in verdict.opinions if opinion.figure]
            text = _("{state}: the sources lie between {low} and {high}.")
            low, high = format_number(min(medians)), format_number(max(medians))
            return text.format(state=label(verdict.state), low=low, high=high)
    return _("{state}: {weights}.").format(state=label(verdict.state), weights=_weights_of_sides(verdict))


def _weights_of_sides(verdict: Verdict) -> str:
    """How much weight is on either side; a source that argues both ways shares its weight out."""
    weight_for = sum(opinion.weight * opinion.for_share for opinion in verdict.opinions)
    weight_against = sum(opinion.weight * opinion.against_share for opinion in verdict.opinions)
    if verdict.kind is Kind.FEATURE:
        text = _("weight {weight_for} in the box, {weight_against} not in the box")
    else:
        text = _("weight {weight_for} in favour, {weight_against} against")
    return text.format(weight_for=format_number(weight_for), weight_against=format_number(weight_against))


def edition_of_source(source: Source) -> str:
    """What follows a source's title: its version and publisher, as far as they are known."""
    version = f" {source.framework_version}" if source.framework_version else ""
    return version + (f", {source.publisher}" if source.publisher else "")


def address_of_passage(claim: Claim) -> str:
    """The source's address with the offsets as RFC 5147 has them, unless the address leads to a place of its own."""
    address = claim.source.address
    return address if claim.start is None or "#" in address else f"{address}#char={claim.start},{claim.end}"


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
        "edition_of_source": edition_of_source(claim.source),
        "weight": source_weight(Kind(claim.criterion.kind), kind, is_own(claim.source, claim.framework_id)),
        "history": claim.history.select_related("history_user").order_by("-history_id")[:20],
        "characters": f"{claim.start:,}{EN_DASH}{claim.end:,}" if claim.start is not None else "",
        "address": address_of_passage(claim),
    }

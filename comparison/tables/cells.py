"""A table's rows as their template draws them: finished words, drawings and citations, so that it only loops."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter
from types import MappingProxyType
from typing import NamedTuple

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext

from comparison import evidence
from comparison.evidence import IN_THE_BOX, PART_AND_MORE, SUPPORT_POSITIONS, Kind, State, Support, item_key
from comparison.models import Claim, Criterion, Framework
from comparison.models.verdicts.cell_evidence import is_own
from comparison.row_outcomes import Outcome, OutcomeReason, RowResult, positions
from comparison.tables.citations import (
    BesideArticles,
    Citation,
    Citer,
    Measured,
    beside_articles,
    measured_beside,
    record_marks,
)
from comparison.tables.svg import verdict_drawing
from comparison.tables.table import Cell, Reference, Row, Table
from comparison.vocabulary import vocabulary
from comparison.wording import (
    FINDING_ORDER,
    ITS_MAKERS_ALONE,
    MAKERS_ALONE,
    OTHER_MAKERS_ALONE,
    SINGLE_SOURCE_WORDS,
    STATE_SIGNS,
    OutcomeNames,
    format_number,
    format_share,
    format_signed,
    label,
    label_within,
    outcome_words,
    verdict_word,
)

MAX_SET_ASIDE = 1  # claims set aside that a cell spells out
MAX_OTHERS = 2  # other frameworks that an item names
SUPPORT_ORDER = tuple(Support)
STATE_CSS = {State.NO_EVIDENCE: "unknown", State.NOT_APPLICABLE: "na"}
COUNT_PREFIXES = {  # of the items that so many sources name
    1: gettext_noop("By one source:"),
    2: gettext_noop("By two:"),
    3: gettext_noop("By three:"),
    4: gettext_noop("By four:"),
    5: gettext_noop("By five:"),
    6: gettext_noop("By six:"),
}
NO_TWO = gettext_noop("No two name the same")
STRENGTH = gettext_noop("strength {number}")
BUT, REPORTED = gettext_noop("But:"), gettext_noop("Reported without a method:")
# Before a support that some sources name, by what stands before the word itself.
SUPPORT_PREFIXES = {
    "": gettext_noop("{support}:"),
    "but": gettext_noop("But {support}:"),
    "and": gettext_noop("And {support}:"),
}


class Line(NamedTuple):
    """One line of a cell: a statement with its sources."""

    text: str
    citations: Sequence[Citation]
    side: str = ""  # for, against
    prefix: str = ""
    finding: str = ""


class Item(NamedTuple):
    name: str
    also: str  # the other frameworks it is named for


class ItemLine(NamedTuple):
    """Items that equally many sources name."""

    prefix: str
    items: Sequence[Item]
    citations: Sequence[Citation]


@dataclass(frozen=True, slots=True)
class Opposite:
    """A related criterion on which the same sources say the opposite."""

    criterion: Criterion
    citations: Sequence[Citation]


class CellView(NamedTuple):
    cell: Cell
    css: str
    state_sign: str
    state_label: str
    word: str
    detail: str
    drawing: SafeString
    lines: Sequence[Line]
    items: Sequence[ItemLine]
    strength: str  # how much is known, 0 … 1; empty for lists and figures that are only reported
    distance: str  # of a figure from the best of its row
    comparison: str  # with the reference column
    set_aside: Sequence[Line]
    more_set_aside: int
    is_figure: bool
    is_known: bool
    opposites: Sequence[Opposite]
    records: str  # which records speak: documentation, package metadata, measurement
    beside_articles: BesideArticles | None  # whether the records say what the articles say

    @property
    def framework(self) -> Framework:
        return self.cell.framework

    @property
    def reason(self) -> str:
        """Why the criterion does not apply."""
        return self.cell.reason

    @property
    def claims(self) -> Sequence[Claim]:
        return self.cell.claim_list(self.cell.verdict.claims)

    @property
    def number(self) -> str:
        """The detail, unless it is the position that the word of a feature always stands for."""
        verdict = self.cell.verdict
        if len(verdict.supports) == 1 and verdict.position == SUPPORT_POSITIONS[verdict.supports[0]]:
            return ""
        return self.detail

    @property
    def state_text(self) -> str:
        """How well the sources agree, whether it was looked up or measured, and how much is known."""
        strength = vocabulary()[STRENGTH].format(number=self.strength) if self.strength else ""
        return " · ".join(part for part in (self.state_label, self.records, strength) if part)


@dataclass(frozen=True, slots=True)
class RowView:
    criterion: Criterion
    css: str
    icon: str
    outcome: str
    why: str
    cells: Sequence[CellView]
    measured: Sequence[Measured] = ()

    @property
    def url(self) -> str:
        """The address of the row, from that of its table."""
        return f"{self.criterion.slug}/"


@dataclass(frozen=True, slots=True)
class Group:
    name: str
    anchor: str
    rows: Sequence[RowView]
    disputed: int  # rows
    uncited: Sequence[Criterion]  # criteria on which nobody says anything


def groups(
    table: Table, rows: Sequence[Row], uncited: Sequence[Criterion] = (), reference: str = "", by_category: bool = True
) -> list[Group]:
    """The rows, and the criteria without any, by category; or in one group in the order they come in."""
    if not by_category:
        return [_group(_("Widest difference first"), "all", rows, uncited, table, reference)] if rows or uncited else []
    categories = {
        criterion.category_id: criterion.category for criterion in (*(row.criterion for row in rows), *uncited)
    }
    return [
        _group(
            category.name,
            category.slug,
            [row for row in rows if row.criterion.category_id == category.id],
            [criterion for criterion in uncited if criterion.category_id == category.id],
            table,
            reference,
        )
        for category in sorted(categories.values(), key=attrgetter("order", "slug"))
    ]


def _group(
    name: str, anchor: str, rows: Sequence[Row], uncited: Sequence[Criterion], table: Table, reference: str
) -> Group:
    views = [row_view(row, table, reference) for row in rows]
    return Group(name, anchor, views, sum(row.disputed for row in rows), uncited)


def row_view(row: Row, table: Table, reference: str = "") -> RowView:
    """`reference` is the slug of the framework that the others are compared with."""
    css, icon = _outcome_look(row)
    outcome, why = outcome_text(row, table.references)
    views = _cell_views(row, table.references, table.opposites_by_cell, reference)
    return RowView(row.criterion, css, icon, outcome, why, views, measured_beside(row, table))


def cell_view(criterion: Criterion, cell: Cell, references: Mapping[int, Reference]) -> CellView:
    """One cell by itself, outside any table."""
    (view,) = _cell_views(Row(criterion, [cell], Outcome(RowResult.UNRANKED)), references)
    return view


def outcome_text(row: Row, references: Mapping[int, Reference]) -> tuple[str, str]:
    """The outcome of a row in words, and its reason."""
    subjects = [row.cells[index] for index in row.outcome.subjects]
    leading = row.leading_cells
    whole = ""
    if row.outcome.reason is OutcomeReason.ONE_SOURCE and row.source_count == 1:
        only = references[next(source for cell in row.cells for source in cell.verdict.sources)]
        whole = _(SINGLE_SOURCE_WORDS[only.kind])
    names = OutcomeNames(
        leading=[cell.framework.name for cell in leading],
        subjects=[cell.framework.name for cell in subjects],
        two_sided=[cell.framework.name for cell in subjects if cell.is_two_sided],
        disputed=[cell.framework.name for cell in row.disputed_cells],
    )
    return outcome_words(row.outcome, [cell.verdict for cell in leading], names, whole)


def _outcome_look(row: Row) -> tuple[str, str]:
    """Style class and icon of an outcome."""
    match row.outcome.result, row.outcome.reason:
        case RowResult.LEAD, None:
            return "leads", "i-lead"
        case RowResult.LEAD, _:
            return "leads thin", "i-lead"
        case RowResult.EVEN, _:
            return "even", "i-even"
        case RowResult.UNSETTLED, OutcomeReason.DISPUTED:
            return "unsettled", "s-disputed"
        case RowResult.UNSETTLED, _:
            return "unsettled", "s-none"
        case _, OutcomeReason.LIST:
            return "", "i-list"
    return "", "s-na"


def _cell_views(
    row: Row,
    references: Mapping[int, Reference],
    opposites: Mapping[tuple[int, int], Mapping[Criterion, Collection[int]]] = MappingProxyType({}),
    reference: str = "",
) -> list[CellView]:
    figures = [cell.verdict.figure for cell in row.cells if cell.verdict.figure]
    largest = max((figure.high for figure in figures), default=0.0)
    row_positions = positions((cell.verdict for cell in row.cells), bool(row.criterion.lower_is_better))
    best = _best_figure(row)
    shared = _frameworks_by_item(row)
    compared = next((index for index, cell in enumerate(row.cells) if cell.framework.slug == reference), None)
    views = []
    for index, cell in enumerate(row.cells):
        citer = Citer.of_cell(cell, references)
        verdict = cell.verdict
        set_aside = cell.claim_list(verdict.set_aside)
        view = CellView(
            cell=cell,
            css=_cell_css(cell, row, index),
            state_sign=STATE_SIGNS[verdict.state],
            state_label=state_label(cell, references),
            word=verdict_word(verdict),
            detail=_detail(cell, row.criterion),
            drawing=verdict_drawing(
                verdict, largest, best=verdict.figure is not None and verdict.figure.median == best
            ),
            lines=[line for line in _lines(cell, citer) if line.citations],
            items=_item_lines(cell, citer, shared),
            strength=format_share(verdict.strength) if verdict.is_ranked else "",
            distance=_distance(cell, row.criterion, best),
            comparison="" if compared is None else _comparison(row, row_positions, index, compared),
            set_aside=[_set_aside(claim, citer) for claim in set_aside[:MAX_SET_ASIDE]],
            more_set_aside=max(len(set_aside) - MAX_SET_ASIDE, 0),
            is_figure=verdict.kind is Kind.FIGURE and verdict.is_known,
            is_known=verdict.is_known,
            opposites=[
                Opposite(criterion, citer.of_sources(sources))
                for criterion, sources in opposites.get((cell.framework.id, row.criterion.id), {}).items()
            ],
            records=record_marks(verdict),
            beside_articles=beside_articles(verdict),
        )
        views.append(view)
    return views


def _cell_css(cell: Cell, row: Row, index: int) -> str:
    if row.outcome.leader == index:
        return "leads thin" if row.outcome.reason else "leads"
    return STATE_CSS.get(cell.verdict.state, "")


def state_label(cell: Cell, references: Mapping[int, Reference]) -> str:
    verdict, words = cell.verdict, vocabulary()
    is_reported = verdict.kind is Kind.FIGURE and verdict.is_known and not verdict.is_ranked
    if verdict.state is State.ONE_SOURCE:
        text = words[_single_source_words(cell, references[verdict.sources[0]])]
        if cell.is_two_sided:
            text = _("{basis}, for and against").format(basis=text)
        return _("Reported {basis}").format(basis=text) if is_reported else text[:1].upper() + text[1:]
    if is_reported:
        return _("Reported, {state}").format(state=label_within(verdict.state))
    if verdict.kind is Kind.LIST and verdict.is_known:
        several = sum(item.sources > 1 for item in verdict.items)
        if not several:
            return words[NO_TWO]
        return _("{several} of {count} by two or more").format(several=several, count=len(verdict.items))
    if verdict.is_makers_alone:
        return _("{state}, {basis}").format(state=label(verdict.state), basis=words[MAKERS_ALONE])
    return label(verdict.state)


def _single_source_words(cell: Cell, reference: Reference) -> str:
    if not cell.verdict.is_makers_alone:
        return SINGLE_SOURCE_WORDS[reference.kind]
    return ITS_MAKERS_ALONE if is_own(reference.source, cell.framework.pk) else OTHER_MAKERS_ALONE


def _detail(cell: Cell, criterion: Criterion) -> str:
    """The small number or unit after the word."""
    if cell.verdict.position is not None:
        return format_signed(cell.verdict.position)
    return criterion.unit if cell.verdict.figure else ""


def _best_figure(row: Row) -> float | None:
    """The best median of the row among the figures that rank; None where there is nothing to compare."""
    medians = [cell.verdict.figure.median for cell in row.cells if cell.verdict.figure and cell.verdict.is_ranked]
    if len(medians) < 2:
        return None
    return min(medians) if row.criterion.lower_is_better else max(medians)


def _distance(cell: Cell, criterion: Criterion, best: float | None) -> str:
    """How far a figure is from the best of its row."""
    figure = cell.verdict.figure
    if (
        not figure
        or not cell.verdict.is_ranked
        or best is None
        or figure.median == best
        or not figure.median
        or not best
    ):
        return ""
    if not criterion.lower_is_better:
        return _("{share} of the highest").format(share=f"{figure.median / best:.0%}")
    ratio = figure.median / best
    if ratio < 1.05:
        return _("Close to the lowest")
    return _("{ratio} times the lowest").format(ratio=format_number(round(ratio, 1)))


def _comparison(row: Row, row_positions: Sequence[float | None], index: int, reference: int) -> str:
    """How a cell compares with that of the reference column; both are columns' indexes."""
    own, other = row_positions[index], row_positions[reference]
    if index == reference or own is None or other is None:
        return ""
    name = row.cells[reference].framework.name
    if own == other:
        return _("The same as {name}").format(name=name)
    figure, other_figure = row.cells[index].verdict.figure, row.cells[reference].verdict.figure
    if figure and other_figure:
        if not other_figure.median:
            return ""
        return _("{ratio} times {name}").format(ratio=format_number(figure.median / other_figure.median), name=name)
    if row.cells[index].verdict.support:
        return (_("More than {name}") if own > other else _("Less than {name}")).format(name=name)
    return _("{difference} vs {name}").format(difference=format_signed(own - other), name=name)


def _lines(cell: Cell, citer: Citer) -> Iterator[Line]:
    """The claim that carries each side, with every source of that side; the side of the verdict comes first."""
    verdict = cell.verdict
    match verdict.kind:
        case Kind.LIST:
            return
        case Kind.RATING | Kind.FIT:
            sides = [("for", verdict.supporting), ("against", verdict.opposing)]
            for side, ids in sides if (verdict.position or 0.0) >= 0 else reversed(sides):
                if ids:
                    yield _line(cell, ids, citer, side=side)
            if not verdict.supporting and not verdict.opposing:
                yield _line(cell, verdict.neutral, citer)
        case Kind.FEATURE:
            yield from support_lines(cell, citer).values()
        case Kind.FIGURE:
            yield _line(cell, verdict.supporting, citer)
            yield _line(cell, verdict.opposing, citer, prefix=vocabulary()[BUT])
            if verdict.is_ranked:
                yield _line(cell, verdict.reported, citer, prefix=vocabulary()[REPORTED])


def support_lines(cell: Cell, citer: Citer) -> dict[Support, Line]:
    """Of a feature a line for each support that sources name: first the verdict's own, then the others."""
    verdict = cell.verdict
    own_side = verdict.support in IN_THE_BOX
    claims = cell.claim_list([*verdict.supporting, *verdict.opposing])

    by_support: defaultdict[Support, list[int]] = defaultdict(list)
    for claim in claims:
        by_support[Support(claim.support)].append(claim.id)

    def rank(support: Support) -> tuple[bool, bool, int]:
        return support != verdict.support, (support in IN_THE_BOX) != own_side, SUPPORT_ORDER.index(support)

    lines = {}
    for support in sorted(by_support, key=rank):
        before = "but" if (support in IN_THE_BOX) != own_side else ""
        if before and verdict.state is not State.DISPUTED and by_support.keys() == PART_AND_MORE:
            before = "and"
        words = label_within(support) if before else label(support)
        text = "" if verdict.supports == (support,) else vocabulary()[SUPPORT_PREFIXES[before]]
        prefix = text.format(support=words)
        lines[support] = _line(cell, by_support[support], citer, prefix=prefix)
    return lines


def _line(cell: Cell, ids: Sequence[int], citer: Citer, side: str = "", prefix: str = "") -> Line:
    """The claim that carries the verdict most of some claims, with the sources of them all."""
    claims = cell.claim_list(ids)
    if not claims:
        return Line("", ())
    carrier = claims[0] if len(claims) == 1 else _carrier(cell, claims)
    return Line(carrier.statement, citer.of_claims(claims), side, prefix)


def _carrier(cell: Cell, claims: Sequence[Claim]) -> Claim:
    """The claim whose level moves the verdict most, all that say the same added up; of figures the nearest to the
    median. Of several such the one from the heaviest source, then the first."""
    opinions, figure = cell.verdict.opinions, cell.verdict.figure
    if not figure and len({claim.level for claim in claims}) == 1:
        weights = {pk: opinion.weight for opinion in opinions for pk in opinion.claims}
        return max(claims, key=lambda claim: (weights.get(claim.id, 0), -claim.id))
    shares = {
        pk: (opinion.weight / len(opinion.claims), opinion.weight) for opinion in opinions for pk in opinion.claims
    }
    pulls: Counter[int] = Counter()
    for claim in claims:
        pulls[claim.level or 0] += shares.get(claim.id, (0, 0))[0] * abs(claim.level or 0)  # type: ignore[assignment]

    def rank(claim: Claim) -> tuple[float, int, float, int]:
        middle = (float(claim.low or 0) + float(claim.high or 0)) / 2
        distance = abs(middle - figure.median) if figure else 0.0
        return round(pulls[claim.level or 0], 9), shares.get(claim.id, (0, 0))[1], -distance, -claim.id

    return max(claims, key=rank)


def _set_aside(claim: Claim, citer: Citer) -> Line:
    finding = next((finding for finding in FINDING_ORDER if finding in claim.findings), None)
    return Line(claim.statement, citer.of_claims([claim]), finding=finding or "repeated")


def _frameworks_by_item(row: Row) -> dict[str, list[Framework]]:
    frameworks: defaultdict[str, list[Framework]] = defaultdict(list)
    for cell in row.cells:
        for item in cell.verdict.items:
            frameworks[item_key(item.name)].append(cell.framework)
    return frameworks


def _item_lines(cell: Cell, citer: Citer, shared: Mapping[str, Sequence[Framework]]) -> list[ItemLine]:
    """The items by how many sources name them; `shared` are the frameworks of the row by item."""
    lines = []
    for count, members in groupby(cell.verdict.items, key=attrgetter("sources")):
        items = list(members)
        claims = cell.claim_list(claim for item in items for claim in item.claims)
        prefix = _count_prefix(count) if len(cell.verdict.opinions) > 1 else ""
        named = [Item(item.name, _also_named_for(item, cell.framework, shared)) for item in items]
        lines.append(ItemLine(prefix, named, citer.of_claims(claims)))
    return lines


def _count_prefix(count: int) -> str:
    prefix = COUNT_PREFIXES.get(count)
    return vocabulary()[prefix] if prefix else _("By {count}:").format(count=count)


def _also_named_for(item: evidence.Item, framework: Framework, shared: Mapping[str, Sequence[Framework]]) -> str:
    others = [other.name for other in shared[item_key(item.name)] if other is not framework]
    if len(others) > MAX_OTHERS:
        return ngettext("also {count} other", "also {count} others", len(others)).format(count=len(others))
    return _("also {names}").format(names=", ".join(others)) if others else ""

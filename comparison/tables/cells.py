"""A table as its template draws it: finished words, drawings and citations, so that the template only loops."""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from operator import attrgetter

from django.utils.safestring import SafeString

from comparison.evidence import (
    Finding,
    Kind,
    Outcome,
    Reason,
    RowResult,
    SourceKind,
    State,
    Support,
    comparable_values,
    item_key,
)
from comparison.models import Claim, Criterion, Framework
from comparison.tables.svg import squares, verdict_drawing
from comparison.tables.table import Cell, Reference, Row, Table
from comparison.wording import (
    COUNT_WORDS,
    FINDING_ORDER,
    ON_WHOSE_WORD,
    STATE_SIGNS,
    label,
    number,
    outcome_words,
    signed,
    source_word,
    verdict_word,
)

SHOWN_ASIDE = 2  # claims set aside that a cell spells out


@dataclass(frozen=True, slots=True)
class Citation:
    """A source's number in its box."""

    number: int
    weight: int
    both: bool
    label: str


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a cell: a statement with its sources, perhaps on a side (`for`, `against`)."""

    text: str
    citations: Sequence[Citation]
    side: str = ""
    prefix: str = ""
    finding: str = ""
    struck: bool = False


@dataclass(frozen=True, slots=True)
class Item:
    name: str
    also: str  # the other frameworks it is named for


@dataclass(frozen=True, slots=True)
class ItemLine:
    """Items that equally many sources name."""

    prefix: str
    items: Sequence[Item]
    citations: Sequence[Citation]


@dataclass(frozen=True, slots=True)
class CellView:
    framework: Framework
    css: str
    state: State
    state_sign: str
    state_label: str
    word: str
    detail: str
    drawing: SafeString
    lines: Sequence[Line]
    items: Sequence[ItemLine]
    aside: str
    struck: Sequence[Line]
    more_struck: int
    figure: bool
    known: bool
    reason: str
    versus: str
    claims: Sequence[Claim]


@dataclass(frozen=True, slots=True)
class RowView:
    criterion: Criterion
    css: str
    icon: str
    outcome: str
    why: str
    cells: Sequence[CellView]


@dataclass(frozen=True, slots=True)
class Group:
    name: str
    anchor: str
    rows: Sequence[RowView]
    disputed: int


@dataclass(frozen=True, slots=True)
class Tally:
    """One column of the summary: rows of one outcome."""

    heading: str
    count: int
    squares: SafeString
    parts: Sequence[tuple[str, Sequence[tuple[Criterion, bool]]]]  # what they have in common, and each with "thin"


@dataclass(frozen=True, slots=True)
class ReferenceView:
    reference: Reference
    claims: int
    aside: int
    alone: int
    both_ways: int


@dataclass(frozen=True)
class Citer:
    """Makes the citations of a table."""

    references: Mapping[int, Reference]
    both: Collection[int] = field(default_factory=set)

    def of_sources(self, sources: Iterable[int]) -> list[Citation]:
        found = sorted((self.references[one] for one in set(sources)), key=attrgetter("number"))
        return [self._one(one) for one in sorted(found, key=lambda one: -one.weight)]

    def of_claims(self, claims: Iterable[Claim]) -> list[Citation]:
        return self.of_sources(claim.source_id for claim in claims)

    def _one(self, reference: Reference) -> Citation:
        both = reference.source.pk in self.both
        said = f"source {reference.number}, {source_word(reference.kind)}"
        return Citation(reference.number, reference.weight, both, said + (", argues both ways here" if both else ""))


def groups(table: Table, rows: Sequence[Row], reference: str = "", by_category: bool = True) -> list[Group]:
    """The rows as the page draws them, category by category or in one group as they come."""
    found = []
    for category, members in groupby(rows, key=lambda row: row.criterion.category if by_category else None):
        part = list(members)
        name, anchor = (category.name, category.slug) if category else ("Widest difference first", "all")
        shown = [row_view(row, table, reference) for row in part]
        found.append(Group(name, anchor, shown, sum(row.disputed for row in part)))
    return found


def row_view(row: Row, table: Table, reference: str = "") -> RowView:
    css, icon = _outcome_look(row)
    bold, why = outcome_text(row, table.references)
    return RowView(row.criterion, css, icon, bold, why, list(_cell_views(row, table.references, reference)))


def cell_view(criterion: Criterion, cell: Cell, references: Mapping[int, Reference]) -> CellView:
    """One cell by itself, outside any table."""
    alone = Row(criterion, [cell], Outcome(RowResult.UNRANKED))
    return next(_cell_views(alone, references))


def outcome_text(row: Row, references: Mapping[int, Reference]) -> tuple[str, str]:
    """The outcome of a row in words, and its reason."""
    subjects = [row.cells[place].framework.name for place in row.outcome.subjects]
    leader = row.leader.name if row.leader else ""
    whole = ""
    if row.outcome.reason is Reason.ONE_SOURCE and row.source_count == 1:
        only = references[next(source for cell in row.cells for source in cell.verdict.sources)]
        whole = ON_WHOSE_WORD[only.kind]
    return outcome_words(row.outcome.result, row.outcome.reason, subjects, leader, whole)


def _outcome_look(row: Row) -> tuple[str, str]:
    """Style class and icon of an outcome."""
    match row.outcome.result, row.outcome.reason:
        case RowResult.LEAD, None:
            return "leads", "i-lead"
        case RowResult.LEAD, _:
            return "leads thin", "i-lead"
        case RowResult.EVEN, _:
            return "even", "i-even"
        case RowResult.UNSETTLED, Reason.DISPUTED:
            return "unsettled", "s-disputed"
        case RowResult.UNSETTLED, _:
            return "unsettled", "s-none"
        case _, Reason.LIST:
            return "", "i-list"
    return "", "s-na"


def _cell_views(row: Row, references: Mapping[int, Reference], reference: str = "") -> Iterator[CellView]:
    figures = [cell.verdict.figure for cell in row.cells if cell.verdict.figure]
    largest = max((figure.high for figure in figures), default=0.0)
    stand = comparable_values((cell.verdict for cell in row.cells), bool(row.criterion.lower_is_better))
    shared = _shared_items(row)
    against = next((place for place, cell in enumerate(row.cells) if cell.framework.slug == reference), None)
    for place, cell in enumerate(row.cells):
        citer = Citer(references, cell.contradicting)
        verdict = cell.verdict
        best = stand[place] == 1.0
        counted = [line for line in _lines(cell, citer) if line.citations]
        aside = cell.claim_list(verdict.set_aside)
        yield CellView(
            framework=cell.framework,
            css=_cell_css(cell, row, place),
            state=verdict.state,
            state_sign=STATE_SIGNS[verdict.state],
            state_label=state_label(cell, references),
            word=verdict_word(verdict),
            detail=_detail(cell, row.criterion),
            drawing=verdict_drawing(verdict, largest, best),
            lines=counted,
            items=_item_lines(cell, citer, shared),
            aside=_distance(cell, row, stand[place]),
            struck=[_struck(claim, citer) for claim in aside[:SHOWN_ASIDE]],
            more_struck=max(len(aside) - SHOWN_ASIDE, 0),
            figure=verdict.kind is Kind.FIGURE and verdict.known,
            known=verdict.known,
            reason=cell.reason,
            versus=_versus(row, stand, place, against),
            claims=cell.claim_list([*verdict.supporting, *verdict.opposing, *verdict.neutral, *verdict.set_aside]),
        )


def _cell_css(cell: Cell, row: Row, place: int) -> str:
    if row.outcome.leader == place:
        return "leads thin" if row.outcome.reason else "leads"
    return {State.NO_EVIDENCE: "unknown", State.NOT_APPLICABLE: "na"}.get(cell.verdict.state, "")


def state_label(cell: Cell, references: Mapping[int, Reference]) -> str:
    verdict = cell.verdict
    if verdict.state is State.ONE_SOURCE:
        return f"One source · {source_word(references[verdict.sources[0]].kind)}"
    if verdict.kind is Kind.LIST and verdict.known:
        several = sum(item.sources > 1 for item in verdict.items)
        return f"{several} of {len(verdict.items)} by two or more" if several else "No two name the same"
    return label(verdict.state)


def _detail(cell: Cell, criterion: Criterion) -> str:
    """The small number or unit after the word."""
    if cell.verdict.score is not None:
        return signed(cell.verdict.score)
    return criterion.unit if cell.verdict.figure else ""


def _distance(cell: Cell, row: Row, standing: float | None) -> str:
    """How far a figure is from the best of its row."""
    if not cell.verdict.figure or standing is None or standing in (0.0, 1.0):
        return ""
    if row.criterion.lower_is_better:
        return f"{number(round(1 / standing, 1))} times the lowest" if standing <= 0.95 else "Close to the lowest"
    return f"{standing:.0%} of the highest".replace("%", " %")


def _versus(row: Row, stand: Sequence[float | None], place: int, against: int | None) -> str:
    """How a cell stands beside the reference column's."""
    if against is None or against == place:
        return ""
    own, other = stand[place], stand[against]
    name = row.cells[against].framework.name
    if own is None or other is None:
        return ""
    if own == other:
        return f"The same as {name}"
    figures = row.cells[place].verdict.figure, row.cells[against].verdict.figure
    if figures[0] and figures[1]:
        return f"{number(figures[0].median / figures[1].median)} times {name}" if figures[1].median else ""
    if row.cells[place].verdict.support:
        return f"{'More' if own > other else 'Less'} than {name}"
    return f"{signed(own - other)} against {name}"


def _lines(cell: Cell, citer: Citer) -> Iterator[Line]:
    """The strongest claim of each side, with every source of that side."""
    verdict = cell.verdict
    match verdict.kind:
        case Kind.LIST:
            return
        case Kind.RATING | Kind.FIT:
            for side, ids in (("for", verdict.supporting), ("against", verdict.opposing)):
                yield _line(cell.claim_list(ids), citer, side=side)
            if not verdict.supporting and not verdict.opposing:
                yield _line(cell.claim_list(verdict.neutral), citer)
        case Kind.FEATURE:
            yield _line(cell.claim_list(verdict.supporting), citer)
            others = sorted(cell.claim_list(verdict.opposing), key=attrgetter("support"))
            for support, claims in groupby(others, key=attrgetter("support")):
                yield _line(list(claims), citer, prefix=f"But {label(Support(support)).lower()}:")
        case Kind.FIGURE:
            yield _line(cell.claim_list(verdict.supporting), citer)
            yield _line(cell.claim_list(verdict.opposing), citer, prefix="But:")


def _line(claims: Sequence[Claim], citer: Citer, side: str = "", prefix: str = "") -> Line:
    if not claims:
        return Line("", ())
    first = max(claims, key=lambda one: (citer.references[one.source_id].weight, abs(one.level or 0), -one.pk))
    marked = Finding.MISLEADING if Finding.MISLEADING in first.findings else ""
    return Line(first.statement, citer.of_claims(claims), side, prefix, marked)


def _struck(claim: Claim, citer: Citer) -> Line:
    finding = next((one for one in FINDING_ORDER if one in claim.findings), None)
    return Line(claim.statement, citer.of_claims([claim]), finding=finding or "repeated", struck=True)


def _shared_items(row: Row) -> dict[str, list[Framework]]:
    found: defaultdict[str, list[Framework]] = defaultdict(list)
    for cell in row.cells:
        for item in cell.verdict.items:
            found[item_key(item.name)].append(cell.framework)
    return found


def _item_lines(cell: Cell, citer: Citer, shared: Mapping[str, Sequence[Framework]]) -> list[ItemLine]:
    found = []
    for count, members in groupby(cell.verdict.items, key=attrgetter("sources")):
        items = list(members)
        claims = [cell.claims[one] for item in items for one in item.claims]
        prefix = f"By {COUNT_WORDS.get(count, str(count))}:" if len(cell.verdict.opinions) > 1 else ""
        named = []
        for item in items:
            others = [one.name for one in shared[item_key(item.name)] if one != cell.framework]
            also = f"also {', '.join(others)}" if len(others) < 3 else f"also {len(others)} others"
            named.append(Item(item.name, also if others else ""))
        found.append(ItemLine(prefix, named, citer.of_claims(claims)))
    return found


def summary(table: Table) -> list[Tally]:
    """What the table adds up to, in columns: who leads where, what is unsettled, what is even or not ranked."""
    found = []
    leading = Counter(row.leader for row in table.rows if row.leader)
    most = [one for one in table.frameworks if leading[one]]
    if len(most) > 5:
        most = sorted(most, key=lambda one: (-leading[one], one.name))[:5]
    for framework in most or table.frameworks[:2]:
        led = table.led_by(framework)
        found.append(
            _tally(f"{framework.name} leads", [("", led)], lambda row: "thin" if row.outcome.reason else "lead")
        )
    disputed = [row for row in table.rows if row.outcome.reason is Reason.DISPUTED]
    unknown = [row for row in table.rows if row.outcome.reason is Reason.UNKNOWN]
    parts = [("Disputed", disputed), ("Nothing on one side", unknown)]
    found.append(_tally("Unsettled", parts, lambda row: "disputed" if row in disputed else "gap"))
    even = [row for row in table.rows if row.outcome.result is RowResult.EVEN]
    unranked = [row for row in table.rows if row.outcome.result is RowResult.UNRANKED]
    parts = [("Even", even), ("Not ranked", unranked)]
    found.append(_tally("Even, or not ranked", parts, lambda row: "thin" if row in even else "gap"))
    return found


def _tally(heading: str, parts: Sequence[tuple[str, Sequence[Row]]], kind_of: Callable[[Row], str]) -> Tally:
    rows = [row for _, members in parts for row in members]
    shown = [
        (title, [(row.criterion, row.outcome.reason is Reason.ONE_SOURCE) for row in members])
        for title, members in parts
        if members
    ]
    return Tally(heading, len(rows), squares([kind_of(row) for row in rows]), shown)


def reference_views(table: Table, cells: Iterable[Cell] | None = None) -> list[ReferenceView]:
    """The reference list, with what each source contributes to the table, or to some cells of it."""
    claims: Counter[int] = Counter()
    aside: Counter[int] = Counter()
    alone: Counter[int] = Counter()
    both: Counter[int] = Counter()
    for cell in (cell for row in table.rows for cell in row.cells) if cells is None else cells:
        claims.update(claim.source_id for claim in cell.claims.values())
        aside.update(cell.claims[one].source_id for one in cell.verdict.set_aside)
        both.update(cell.contradicting)
        if cell.verdict.state is State.ONE_SOURCE:
            alone.update(cell.verdict.sources)
    said = table.references if cells is None else {pk: one for pk, one in table.references.items() if claims[pk]}
    return [ReferenceView(one, claims[pk], aside[pk], alone[pk], both[pk]) for pk, one in said.items()]


def source_mix(table: Table) -> str:
    """How many sources of each kind: "1 independent article, 2 vendor articles"."""
    counts = Counter(one.kind for one in table.references.values())
    return ", ".join(
        f"{counts[kind]} {label(kind).lower()}{'s' if counts[kind] > 1 and 'article' in label(kind) else ''}"
        for kind in SourceKind
        if counts[kind]
    )

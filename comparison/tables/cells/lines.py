"""The lines of a cell under its verdict: the claim that speaks for each side, items named, claims set aside."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from operator import attrgetter
from typing import NamedTuple

from django.utils.translation import gettext_noop, ngettext

from comparison import evidence
from comparison.evidence import IN_THE_BOX, PART_AND_MORE, Kind, State, Support, item_key
from comparison.models import Claim, Framework
from comparison.tables.citations import Citation, Citer
from comparison.tables.table import Cell, Row
from comparison.vocabulary import gettext as _
from comparison.vocabulary import vocabulary
from comparison.wording import FINDING_ORDER, label, label_within

MAX_OTHERS = 2  # other frameworks that an item names
SUPPORT_ORDER = tuple(Support)
COUNT_PREFIXES = {  # of the items that so many sources name
    1: gettext_noop("By one source:"),
    2: gettext_noop("By two:"),
    3: gettext_noop("By three:"),
    4: gettext_noop("By four:"),
    5: gettext_noop("By five:"),
    6: gettext_noop("By six:"),
}
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


def cell_lines(cell: Cell, citer: Citer) -> Iterator[Line]:
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


def set_aside_line(claim: Claim, citer: Citer) -> Line:
    finding = next((finding for finding in FINDING_ORDER if finding in claim.findings), None)
    return Line(claim.statement, citer.of_claims([claim]), finding=finding or "repeated")


def frameworks_by_item(row: Row) -> dict[str, list[Framework]]:
    frameworks: defaultdict[str, list[Framework]] = defaultdict(list)
    for cell in row.cells:
        for item in cell.verdict.items:
            frameworks[item_key(item.name)].append(cell.framework)
    return frameworks


def item_lines(cell: Cell, citer: Citer, shared: Mapping[str, Sequence[Framework]]) -> list[ItemLine]:
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

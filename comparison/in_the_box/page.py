"""Boxes as their pages draw them: counts in words, and features by offer, by category, or one line each."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from comparison.evidence import Support
from comparison.in_the_box.features import (
    OFFER_WORDS,
    Addition,
    Box,
    Feature,
    FeatureRow,
    Offer,
    count_words,
    package_name,
)
from comparison.models import Criterion, Framework
from comparison.row_outcomes import Outcome, RowResult
from comparison.tables.cells.lines import Line, support_lines
from comparison.tables.cells.views import CellView, cell_view
from comparison.tables.citations import Citation, Citer
from comparison.tables.many.compact import CompactGroup, CompactRow, compact_row
from comparison.tables.svg import sheet_bar
from comparison.tables.table import Cell, Reference, Row, by_category

MAX_NAMED = 2  # packages in one line of a table of many frameworks
PLAIN = frozenset({Offer.BUILT_IN, Offer.NONE})  # side by side, these need no statements where nobody says otherwise
TITLES = {
    Offer.BUILT_IN: (
        gettext_noop("In the box"),
        gettext_noop("Comes with it; nothing to add."),
    ),
    Offer.EXTENSION: (
        gettext_noop("By extension"),
        gettext_noop("Must be added. What adds it is named with its sources."),
    ),
    Offer.PARTIAL: (
        gettext_noop("In part"),
        gettext_noop("Some of it is in the box; what is missing must be added or written."),
    ),
    Offer.NONE: (
        gettext_noop("None"),
        gettext_noop("Not in the box, and no source here names an extension."),
    ),
    Offer.DISPUTED: (
        gettext_noop("Disputed"),
        gettext_noop("Sources contradict each other on whether it is in the box: both sides."),
    ),
    Offer.UNKNOWN: (
        gettext_noop("Unknown"),
        gettext_noop("No source here says anything about these. That is not a no."),
    ),
    Offer.NOT_APPLICABLE: (
        gettext_noop("Not applicable"),
        gettext_noop("The question makes no sense for it."),
    ),
}


@dataclass(frozen=True, slots=True)
class Tally:
    """How many features a framework comes by in which way."""

    framework: Framework
    bar: SafeString
    words: str
    total: int


@dataclass(frozen=True, slots=True)
class Named:
    """A package that adds a feature, with the sources that name it."""

    name: str
    url: str
    citations: Sequence[Citation]


@dataclass(frozen=True, slots=True)
class FeatureView:
    criterion: Criterion
    cell: CellView
    prefix: str  # before the packages, where they are not all that is said
    packages: Sequence[Named]
    citations: Sequence[Citation] = ()  # of a cell that is drawn without statements


@dataclass(frozen=True, slots=True)
class OfferGroup:
    """The features of one framework that it comes by in the same way."""

    anchor: str
    title: str
    note: str
    features: Sequence[FeatureView]
    silent: Sequence[Criterion]  # features on which nothing at all is said: only named

    @property
    def count(self) -> int:
        return len(self.features) + len(self.silent)


@dataclass(frozen=True, slots=True)
class CategoryGroup:
    name: str
    anchor: str
    rows: Sequence[tuple[Criterion, Sequence[FeatureView]]]


def tally(framework: Framework, counts: Mapping[Offer, int]) -> Tally:
    bar = sheet_bar([(offer.name.lower().replace("_", "-"), counts.get(offer, 0)) for offer in Offer])
    return Tally(framework, bar, unbroken(count_words(counts)), sum(counts.values()))


def unbroken(text: str) -> str:
    """The text with each number on the line of the word that follows it."""
    return re.sub(r"(?<=\d) ", "\N{NO-BREAK SPACE}", text)


def tallies(box: Box) -> list[Tally]:
    return [tally(framework, counts) for framework, counts in zip(box.frameworks, box.counts(), strict=True)]


def offer_groups(box: Box) -> list[OfferGroup]:
    """The features of the box's only framework, by how it comes by them."""
    groups = []
    for offer, (title, note) in TITLES.items():
        rows = [row for row in box.rows if row.features[0].offer is offer]
        silent = [row.criterion for row in rows if offer is Offer.UNKNOWN and not row.features[0].cell.claims]
        views = [
            feature_view(row.criterion, row.features[0], box.references) for row in rows if row.criterion not in silent
        ]
        if rows:
            groups.append(OfferGroup(OFFER_WORDS[offer].replace(" ", "-"), _(title), _(note), views, silent))
    return groups


def category_groups(box: Box) -> list[CategoryGroup]:
    """The features of all frameworks of the box, side by side."""

    def views(row: FeatureRow) -> list[FeatureView]:
        return [feature_view(row.criterion, feature, box.references, is_brief=True) for feature in row.features]

    return [
        CategoryGroup(category.name, category.slug, [(row.criterion, views(row)) for row in members])
        for category, members in by_category(box.rows)
    ]


def compact_groups(box: Box) -> list[CompactGroup]:
    """The same in one line for each feature; an extension is named in its cell."""
    return [
        CompactGroup(category.name, category.slug, [_compact_row(row) for row in members])
        for category, members in by_category(box.rows)
    ]


def _compact_row(row: FeatureRow) -> CompactRow:
    cells = [feature.cell for feature in row.features]
    compact = compact_row(Row(row.criterion, cells, Outcome(RowResult.UNRANKED)))
    named = [
        cell._replace(word=f"{cell.word}: {words}") if (words := _package_words(feature.additions)) else cell
        for cell, feature in zip(compact.cells, row.features, strict=True)
    ]
    return CompactRow(row.criterion, named)


def _package_words(additions: Sequence[Addition]) -> str:
    """The first packages without their versions, and how many more there are."""
    packages = [package_name(addition.package) for addition in additions if addition.package]
    more = len(packages) - MAX_NAMED
    return ", ".join(packages[:MAX_NAMED]) + (f" +{more}" if more > 0 else "")


def feature_view(
    criterion: Criterion, feature: Feature, references: Mapping[int, Reference], is_brief: bool = False
) -> FeatureView:
    """A feature as its cell draws it: extensions one by one, and a statement for what else is said.

    `is_brief` leaves out the statement where nobody says otherwise.
    """
    cell = feature.cell
    citer = Citer.of_cell(cell, references)
    by_support = support_lines(cell, citer)
    if is_brief and feature.offer in PLAIN and len(by_support) == 1 and not cell.is_two_sided:
        lines, citations = [], citer.of_sources(cell.verdict.sources)
    else:
        lines, citations = _lines(feature, by_support, citer), []
    named = [
        Named(str(each.package.title), each.package.get_absolute_url(), citer.of_claims(each.claims))
        for each in feature.additions
        if each.package
    ]
    prefix = by_support[Support.EXTENSION].prefix if named else ""
    return FeatureView(criterion, _plain_view(criterion, cell, references, lines), prefix, named, citations)


def _plain_view(
    criterion: Criterion, cell: Cell, references: Mapping[int, Reference], lines: Sequence[Line]
) -> CellView:
    """The cell without its number and its comparison with articles, which belong to the row."""
    return cell_view(criterion, cell, references)._replace(detail="", lines=lines)


def _lines(feature: Feature, by_support: Mapping[Support, Line], citer: Citer) -> list[Line]:
    """A line for each support that sources name, and for each extension that only a statement names."""
    lines = []
    for support, line in by_support.items():
        if support is not Support.EXTENSION:
            lines.append(line)
            continue
        unnamed = [each for each in feature.additions if each.package is None]
        lines += [Line(each.claims[0].statement, citer.of_claims(each.claims), prefix=line.prefix) for each in unnamed]
    return lines

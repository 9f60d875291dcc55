"""The sources of a table as its cells and its list of references show them, and records beside articles."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple, Self

from django.utils.translation import ngettext

from comparison.evidence import MAKERS, OPINION_KINDS, Kind, SourceKind, State, Verdict
from comparison.models import Claim, Criterion
from comparison.records import RECORD_WORDS, agree, record_kinds, sides_of_articles_and_records
from comparison.tables.table import Cell, Reference, Row, Table
from comparison.vocabulary import gettext as _
from comparison.vocabulary import vocabulary
from comparison.wording import AMONG_MAKERS, RECORD_MARKS, format_number, join_each, label_within, source_kind_word

CLEAR_RATIO = 1.05  # of figures that are shown as apart
MAX_MEASURED = 3  # figures beside a reputation, and frameworks in each


class Citation(NamedTuple):
    """A source's number in its box."""

    number: int
    weight: int  # of its kind on features: how the box looks
    both: bool  # the source contradicts itself in the cell
    label: str


@lru_cache(maxsize=1000)
def _citation(number: int, weight: int, kind: SourceKind, both: bool, language: str) -> Citation:
    text = _("source {number}, {kind}, argues both ways here") if both else _("source {number}, {kind}")
    return Citation(number, weight, both, text.format(number=number, kind=source_kind_word(kind)))


@dataclass(frozen=True)
class Citer:
    """Makes the citations of a cell."""

    references: Mapping[int, Reference]
    contradicting: Collection[int] = field(default_factory=set)  # ids of the sources that contradict themselves there
    weights: Mapping[int, int] = field(default_factory=dict)  # by source what its opinion weighs there

    @classmethod
    def of_cell(cls, cell: Cell, references: Mapping[int, Reference]) -> Self:
        weights = {source: opinion.weight for opinion in cell.verdict.opinions for source in opinion.sources}
        return cls(references, cell.contradicting, weights)

    def of_sources(self, sources: Iterable[int]) -> list[Citation]:
        """The heaviest sources first."""
        references = [self.references[source] for source in set(sources)]
        if len(references) > 1:
            weights = self.weights
            references.sort(key=lambda row: (-weights.get(row.source.id, row.weight), row.number))
        language = vocabulary().language
        return [self._citation(reference, language) for reference in references]

    def of_claims(self, claims: Iterable[Claim]) -> list[Citation]:
        return self.of_sources([claim.speaker_id for claim in claims])

    def _citation(self, reference: Reference, language: str | None) -> Citation:
        is_contradicting = reference.source.id in self.contradicting
        return _citation(reference.number, reference.weight, reference.kind, is_contradicting, language)


@dataclass(frozen=True, slots=True)
class ReferenceView:
    """A source in the list of references: how many claims it makes, and in how many cells it is alone or both ways."""

    reference: Reference
    claims: int
    set_aside: int  # of the claims
    alone: int
    both_ways: int

    @property
    def told(self) -> str:
        """What it contributes, in words."""
        here = ngettext("{count} claim here", "{count} claims here", self.claims).format(count=self.claims)
        if self.set_aside:
            here = _("{claims}, {count} set aside").format(claims=here, count=self.set_aside)
        alone = ngettext("alone in {count} cell", "alone in {count} cells", self.alone).format(count=self.alone)
        both_ways = _("argues both ways in {count}").format(count=self.both_ways)
        return "; ".join([here, *([alone] if self.alone else []), *([both_ways] if self.both_ways else [])]) + "."


def reference_views(table: Table) -> list[ReferenceView]:
    """The references of a table with what each contributes to it."""
    return views_of(table.references, (cell for row in table.rows for cell in row.cells))


def views_of(references: Mapping[int, Reference], cells: Iterable[Cell]) -> list[ReferenceView]:
    """Some references with what each contributes to some cells."""
    seen = list(cells)
    claims = Counter(claim.speaker_id for cell in seen for claim in cell.claims.values())
    set_aside = Counter(claim.speaker_id for cell in seen for claim in cell.claim_list(cell.verdict.set_aside))
    both_ways = Counter(source for cell in seen for source in cell.contradicting)
    alone = Counter(
        source for cell in seen if cell.verdict.state is State.ONE_SOURCE for source in cell.verdict.sources
    )
    return [
        ReferenceView(reference, claims[pk], set_aside[pk], alone[pk], both_ways[pk])
        for pk, reference in references.items()
    ]


def source_mix(table: Table) -> str:
    """How many sources of each kind: "1 independent article, 2 vendor articles"."""
    counts = Counter(reference.kind for reference in table.references.values())
    return ", ".join(_count_of_kind(kind, counts[kind]) for kind in SourceKind if counts[kind])


def _count_of_kind(kind: SourceKind, count: int) -> str:
    match kind:
        case SourceKind.DOCUMENTATION:
            text = ngettext("{count} documentation", "{count} documentation", count)
        case SourceKind.MEASUREMENT:
            text = ngettext("{count} measurement", "{count} measurements", count)
        case SourceKind.METADATA:
            text = ngettext("{count} index metadata", "{count} index metadata", count)
        case SourceKind.INDEPENDENT:
            text = ngettext("{count} independent article", "{count} independent articles", count)
        case SourceKind.VENDOR:
            text = ngettext("{count} vendor article", "{count} vendor articles", count)
    return text.format(count=count)


@dataclass(frozen=True, slots=True)
class Measured:
    """A figure that was measured of what a reputation is about, in words."""

    criterion: Criterion
    text: str


def measured_beside(row: Row, table: Table) -> list[Measured]:
    """The measured figures of what the sources of a rating only have opinions on: the first few related criteria."""
    if row.criterion.kind != Kind.RATING or len(row.cells) < 2:
        return []
    related = table.related.get(row.criterion.pk)
    if not related:
        return []
    figures = [other for other in table.rows if other.criterion.pk in related and _is_measured(other)]
    return [Measured(other.criterion, _figures_in_words(other)) for other in figures[:MAX_MEASURED]]


def _is_measured(row: Row) -> bool:
    """Whether every framework has a figure of its own from a measurement."""
    return all(
        cell.verdict.figure and SourceKind.MEASUREMENT in {opinion.source_kind for opinion in cell.verdict.opinions}
        for cell in row.cells
    )


def _figures_in_words(row: Row) -> str:
    """The figures of a row, the best first, and how many times the best the worst is."""
    figures = [(cell.verdict.figure.median, cell.framework.name) for cell in row.cells if cell.verdict.figure]
    ordered = sorted(figures, reverse=not row.criterion.lower_is_better)
    words = ", ".join(f"{name} {format_number(median)}" for median, name in ordered[:MAX_MEASURED])
    low, high = min(figures)[0], max(figures)[0]
    ratio = f" (×{format_number(round(high / low, 1))})" if low and high / low >= CLEAR_RATIO else ""
    return f"{words} {row.criterion.unit}{ratio}"


def record_marks(verdict: Verdict) -> str:
    """Which records speak among several sources: "measured, documented". A single source is named anyway.

    In opinions documentation and metadata are no records, but their makers' word.
    """
    if verdict.state is State.ONE_SOURCE or verdict.is_makers_alone:
        return ""
    is_opinion = verdict.kind in OPINION_KINDS
    words = vocabulary()
    marks = [AMONG_MAKERS if is_opinion and kind in MAKERS else RECORD_MARKS[kind] for kind in record_kinds(verdict)]
    return ", ".join([words[mark] for mark in dict.fromkeys(marks)])


class BesideArticles(NamedTuple):
    """How records compare with what articles say."""

    text: str
    is_agreement: bool


def beside_articles(verdict: Verdict) -> BesideArticles | None:
    """Whether documentation or a measurement supports or contradicts what articles say of a feature."""
    sides = sides_of_articles_and_records(verdict)
    if sides is None:
        return None
    articles, records = sides
    names = join_each([_(RECORD_WORDS[kind]) for kind in record_kinds(verdict)])
    if agree(articles, records):
        return BesideArticles(_("Articles and {records} agree").format(records=names), is_agreement=True)
    words = {"said": label_within(articles), "recorded": label_within(records)}
    text = _("Articles alone: {said}; {records}: {recorded}").format(records=names, **words)
    return BesideArticles(text, is_agreement=False)

"""Which features are in a framework's box, which an extension adds, which it lacks, and which nobody speaks of."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from comparison.evidence import Kind, SourceKind, State, Support, Verdict
from comparison.models import CellVerdict, Claim, Criterion, Framework, Source
from comparison.models.verdicts.stored import all_verdicts, known_verdict
from comparison.tables.table import Cell, Reference, load_table_data

STORED = ("framework_id", "criterion_id", "state", "position", "weight", "supports", "median", "low", "high")


class Offer(StrEnum):
    """How a framework comes by a feature. Where sources dispute it or say nothing, that is what it is."""

    BUILT_IN = "built-in"
    PARTIAL = "partial"
    EXTENSION = "extension"
    NONE = "none"
    DISPUTED = "disputed"
    UNKNOWN = "unknown"
    NOT_APPLICABLE = "not applicable"


OFFER_COUNTS = {
    Offer.BUILT_IN: gettext_noop("{count} built in"),
    Offer.PARTIAL: gettext_noop("{count} in part"),
    Offer.EXTENSION: gettext_noop("{count} by extension"),
    Offer.NONE: gettext_noop("{count} none"),
    Offer.DISPUTED: gettext_noop("{count} disputed"),
    Offer.UNKNOWN: gettext_noop("{count} unknown"),
    Offer.NOT_APPLICABLE: gettext_noop("{count} not applicable"),
}
OFFER_WORDS = {
    Offer.BUILT_IN: "built in",
    Offer.PARTIAL: "in part",
    Offer.EXTENSION: "by extension",
    Offer.NONE: "none",
    Offer.DISPUTED: "disputed",
    Offer.UNKNOWN: "unknown",
    Offer.NOT_APPLICABLE: "not applicable",
}
_UNSUPPORTED = {
    State.DISPUTED: Offer.DISPUTED,
    State.NO_EVIDENCE: Offer.UNKNOWN,
    State.NOT_APPLICABLE: Offer.NOT_APPLICABLE,
}


def offer_of(verdict: Verdict) -> Offer:
    if verdict.state in _UNSUPPORTED or verdict.support is None:
        return _UNSUPPORTED.get(verdict.state, Offer.UNKNOWN)
    return Offer(verdict.support)


def count_words(counts: Mapping[Offer, int]) -> str:
    """12 built in, 30 by extension, 4 none, 9 unknown."""
    return ", ".join(_(OFFER_COUNTS[offer]).format(count=counts[offer]) for offer in Offer if counts.get(offer))


@dataclass(frozen=True, slots=True)
class Addition:
    """Something that adds a feature, with the claims that name it.

    `package` is the source that is the package's own record; None where the statement of a claim alone names it.
    """

    package: Source | None
    claims: Sequence[Claim]


def additions(cell: Cell) -> list[Addition]:
    """What adds a feature: first the packages, those first that most claims name, then what only statements name."""
    counted = cell.claim_list([*cell.verdict.supporting, *cell.verdict.opposing])
    extending = [claim for claim in counted if claim.support == Support.EXTENSION]
    packages = {claim.source_id: claim.source for claim in extending if is_package(claim.source)}
    claims: defaultdict[int, list[Claim]] = defaultdict(list)
    unnamed = []
    for claim in extending:
        named = [pk for pk, package in packages.items() if claim.source_id == pk or names(claim.statement, package)]
        for pk in named:
            claims[pk].append(claim)
        if not named:
            unnamed.append(Addition(None, [claim]))
    ordered = sorted(packages, key=lambda pk: (-len(claims[pk]), packages[pk].title.casefold()))
    return [*(Addition(packages[pk], claims[pk]) for pk in ordered), *unnamed]


def is_package(source: Source) -> bool:
    """Whether a source is one package's record among those of several."""
    return source.kind == SourceKind.METADATA and source.part_of_id is not None


def package_name(package: Source) -> str:
    """The title without the version after it."""
    return re.sub(r"\s+v?\d\S*$", "", str(package.title))


def names(statement: str, package: Source) -> bool:
    """Whether a statement names a package, as a whole word."""
    return re.search(rf"(?<![\w-]){re.escape(package_name(package))}(?![\w-])", statement, re.IGNORECASE) is not None


@dataclass(frozen=True, slots=True)
class Feature:
    """A feature of one framework."""

    cell: Cell
    offer: Offer
    additions: Sequence[Addition]


@dataclass(frozen=True, slots=True)
class FeatureRow:
    criterion: Criterion
    features: Sequence[Feature]  # in the order of the frameworks


@dataclass(frozen=True)
class Box:
    """All features by some frameworks, also those on which no source says anything."""

    frameworks: Sequence[Framework]
    rows: Sequence[FeatureRow]
    references: Mapping[int, Reference]

    @property
    def cells(self) -> list[Cell]:
        return [feature.cell for row in self.rows for feature in row.features]

    def counts(self) -> list[Counter[Offer]]:
        """How many features each framework comes by in which way."""
        return [Counter(row.features[index].offer for row in self.rows) for index in range(len(self.frameworks))]


def load_box(frameworks: Sequence[Framework]) -> Box:
    """The features of some frameworks with the claims on them, in five queries."""
    data = load_table_data(frameworks, Criterion.objects.filter(kind=Kind.FEATURE.value))
    claims = data.claims_by_cell()

    def feature(framework: Framework, criterion: Criterion) -> Feature:
        cell = data.cell(framework, criterion, claims.get((framework.pk, criterion.pk), ()))
        return Feature(cell, offer_of(cell.verdict), additions(cell))

    rows = [FeatureRow(row, [feature(framework, row) for framework in frameworks]) for row in data.criteria]
    return Box(frameworks, rows, data.references)


def counts_of_all(frameworks: Iterable[Framework]) -> dict[int, Counter[Offer]]:
    """The counts of each framework from stored verdicts, by its id. Three queries."""
    features = set(Criterion.objects.filter(kind=Kind.FEATURE.value).values_list("pk", flat=True))
    counts: defaultdict[int, Counter[Offer]] = defaultdict(Counter)
    if CellVerdict.objects.are_current():
        stored = list(CellVerdict.objects.filter(criterion__in=features).order_by().values_list(*STORED))
    else:
        stored = [tuple(getattr(row, name) for name in STORED) for row in all_verdicts()]
    for framework, criterion, *values in stored:
        if criterion in features:
            counts[framework][offer_of(known_verdict(Kind.FEATURE, *values))] += 1
    for row in frameworks:
        counts[row.pk][Offer.UNKNOWN] += len(features) - counts[row.pk].total()
    return dict(counts)

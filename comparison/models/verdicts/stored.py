"""Verdicts of cells as rows, so that lists need not read every claim. They are derived: rebuilt, never edited.

`Edition.objects.publish` rebuilds the cells that changed. Readers ask `are_current` first, and work verdicts out from
the claims where an edition was written by other means, such as an older version of this software.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby, islice
from typing import Self, TypeVar

from django.db import models
from django.db.models import F, Q, Sum

from comparison.evidence import Figure, Finding, Kind, State, Support, Verdict, verdict
from comparison.models.checks import Check
from comparison.models.claims import Claim
from comparison.models.editions import Edition, choices, writing
from comparison.models.sources import Source
from comparison.models.subjects import Criterion, Framework, NotApplicable
from comparison.models.verdicts.cell_evidence import Voice, are_contested, evidence_of, voices_of, width
from comparison.models.verdicts.changed_cells import (
    CellKey,
    changed_cells,
    changed_sources,
    sign_history,
    takes_back,
)

BATCH_SIZE = 500  # rows in one INSERT
CHUNK_SIZE = 2000  # claims in memory at a time
SOURCE_FIELDS = ("kind", "framework", "part_of", "repeats")


def signed_changes(edition: int) -> set[type[models.Model]]:
    """Signs the changes of this edition, and lets no page kept before it be shown if it takes something back."""
    changed = sign_history(edition)
    if takes_back(edition, changed):
        Edition.objects.filter(number=edition).update(withdrawal=F("token"))
    return changed


Row = TypeVar("Row", bound=models.Model)


class StoredQuerySet(models.QuerySet[Row]):
    def are_current(self) -> bool:
        """Whether the rows are those of the newest edition; if not, they may be old or missing."""
        return bool(Edition.objects.order_by("-number").values_list("has_verdicts", flat=True).first())


class CellVerdictQuerySet(StoredQuerySet["CellVerdict"]):
    def disputed(self) -> Self:
        return self.filter(state=State.DISPUTED.value)

    def widest_first(self) -> Self:
        return self.order_by("-width", "-claim_count", "criterion__slug", "framework__slug")

    def latest_first(self) -> Self:
        """With their names, those that the newest edition rebuilt first."""
        return self.with_names().order_by("-edition", "framework__slug", "criterion__slug")

    def with_names(self) -> Self:
        return self.select_related("framework", "criterion__category").defer("speakers")

    def rebuild_changed(self, edition: int) -> None:
        """Rebuilds the cells of which anything changed since the edition before. Call it from `publish` alone."""
        changed = signed_changes(edition)
        by_framework: defaultdict[int, set[int]] = defaultdict(set)
        for framework, criterion in changed_cells(edition, changed):
            by_framework[framework].add(criterion)
        for framework, criteria in by_framework.items():
            self.filter(framework=framework, criterion__in=criteria).delete()
            self._store(verdicts_of(framework, criteria), edition)
        if Claim in changed and (sources := changed_sources(edition)):
            SourceClaimCount.objects.filter(source__in=sources).delete()
            SourceClaimCount.objects.count_again(Claim.objects.published().filter(source__in=sources))

    def rebuild_all(self, edition: int) -> None:
        """Rebuilds every cell. Call it while nobody else writes."""
        signed_changes(edition)
        self.all().delete()
        self._store(all_verdicts(), edition)
        SourceClaimCount.objects.all().delete()
        SourceClaimCount.objects.count_again(Claim.objects.published())

    def _store(self, verdicts: Iterable["CellVerdict"], edition: int) -> None:
        rows = iter(verdicts)
        while batch := list(islice(rows, BATCH_SIZE)):
            for row in batch:
                row.edition = edition
            CellVerdict.objects.bulk_create(batch)


class CellVerdict(models.Model):
    """What the claims of a cell add up to, as of the edition that last rebuilt it.

    `width` says how far apart the sources are (0 … 4). `claim_count` counts the published claims, `opinion_count` the
    sources whose opinions count. `speakers` are the ids of all sources that speak there, wholes for their parts.
    """

    # Unnamed on the other side, so that whoever lists what rests on a framework or a criterion finds no verdicts.
    framework = models.ForeignKey(Framework, models.CASCADE, related_name="+")
    criterion = models.ForeignKey(Criterion, models.CASCADE, related_name="+")
    edition = models.PositiveIntegerField()
    state = models.CharField(max_length=15, choices=choices(State))
    position = models.FloatField(null=True)
    weight = models.PositiveIntegerField()
    supports = models.JSONField(default=list)
    median = models.FloatField(null=True)
    low = models.FloatField(null=True)
    high = models.FloatField(null=True)
    width = models.FloatField()
    claim_count = models.PositiveIntegerField()
    opinion_count = models.PositiveIntegerField()
    supporting_count = models.PositiveIntegerField()
    opposing_count = models.PositiveIntegerField()
    is_contested = models.BooleanField()
    speakers = models.JSONField(default=list)

    objects = CellVerdictQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["state", "-width"], name="verdict_by_state")]
        constraints = [
            models.UniqueConstraint(
                name="verdict_once_per_cell",
                fields=["framework", "criterion"],
                violation_error_message="A cell has one verdict.",
            ),
            models.CheckConstraint(
                name="verdict_state_known",
                condition=Q(state__in=[state.value for state in State]),
                violation_error_message=f"The state is one of {', '.join(State)}.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.framework}, {self.criterion}: {self.state}"

    @property
    def built_values(self) -> dict[str, object]:
        """What is worked out from the claims, by field."""
        skipped = {"id", "framework_id", "criterion_id", "edition"}
        names = [field.attname for field in self._meta.concrete_fields]
        return {name: getattr(self, name) for name in names if name not in skipped}

    @property
    def verdict(self) -> Verdict:
        figure = (self.median, self.low, self.high)
        return known_verdict(self.criterion.kind, self.state, self.position, self.weight, self.supports, *figure)


VERDICT_COLUMNS = ("criterion__kind", "state", "position", "weight", "supports", "median", "low", "high")


def known_verdict(
    kind: str,
    state: str,
    position: float | None,
    weight: int,
    supports: Iterable[str],
    median: float | None,
    low: float | None,
    high: float | None,
) -> Verdict:
    """The verdict of a row, from its VERDICT_COLUMNS: without claims, opinions and the items of lists."""
    figure = None if median is None else Figure(median, low or 0.0, high or 0.0)
    words = tuple(Support(word) for word in supports)
    return Verdict(Kind(kind), State(state), position=position, weight=weight, supports=words, figure=figure)


class SourceClaimCountQuerySet(StoredQuerySet["SourceClaimCount"]):
    def count_again(self, claims: models.QuerySet[Claim]) -> None:
        """Adds the rows of the sources of these claims, which have none."""
        rows = (SourceClaimCount(source_id=source, claim_count=count) for source, count in counts_by_source(claims))
        SourceClaimCount.objects.bulk_create(rows, batch_size=BATCH_SIZE)


class SourceClaimCount(models.Model):
    """How many published claims a source makes, without its parts; stored and rebuilt like verdicts."""

    source = models.OneToOneField(Source, models.CASCADE, primary_key=True, related_name="+")
    claim_count = models.PositiveIntegerField()

    objects = SourceClaimCountQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.source}: {self.claim_count}"


def counts_by_source(claims: models.QuerySet[Claim]) -> Iterable[tuple[int, int]]:
    return claims.order_by().values_list("source").annotate(models.Count("pk"))


def cell_verdict(key: CellKey, result: Verdict, claims: Sequence[Claim], speakers: Iterable[int]) -> CellVerdict:
    """The row of a verdict on some claims, without an edition."""
    return CellVerdict(
        framework_id=key[0],
        criterion_id=key[1],
        state=result.state.value,
        position=result.position,
        weight=result.weight,
        supports=[support.value for support in result.supports],
        median=result.figure.median if result.figure else None,
        low=result.figure.low if result.figure else None,
        high=result.figure.high if result.figure else None,
        width=width(result),
        claim_count=len(claims),
        opinion_count=len(result.opinions),
        supporting_count=len(result.supporting),
        opposing_count=len(result.opposing),
        is_contested=are_contested(claims),
        speakers=sorted(set(speakers)),
    )


@dataclass(frozen=True)
class _Cells:
    """What the verdicts of some cells are worked out from, besides their claims."""

    sources: Mapping[int, Source]
    kinds: Mapping[int, str]  # of the criteria
    marks: Collection[CellKey]  # where the criterion does not apply
    findings: Mapping[int, frozenset[Finding]]  # by claim

    @cached_property
    def voices(self) -> dict[int, Voice]:
        return voices_of(self.sources)

    def verdicts(self, claims: Iterable[Claim]) -> Iterator[CellVerdict]:
        """The verdicts of all cells with claims, which come cell by cell, or with a mark."""
        silent = set(self.marks)
        for key, group in groupby(claims, key=lambda claim: (claim.framework_id, claim.criterion_id)):
            silent.discard(key)
            yield self._verdict(key, list(group))
        for key in sorted(silent):
            yield self._verdict(key, [])

    def _verdict(self, key: CellKey, claims: Sequence[Claim]) -> CellVerdict:
        for claim in claims:
            claim.findings = self.findings.get(claim.pk, frozenset())
        evidence = evidence_of(claims, self.voices)
        result = verdict(Kind(self.kinds[key[1]]), evidence, is_applicable=key not in self.marks)
        return cell_verdict(key, result, claims, (row.source for row in evidence))


def all_verdicts() -> Iterator[CellVerdict]:
    """The verdicts of all cells by the pure functions, in five queries; without names and editions."""
    claims = Claim.objects.published()
    cells = _cells(claims, Source.objects.all(), NotApplicable.objects.all(), Criterion.objects.all())
    ordered = _without_words(claims).order_by("framework_id", "criterion_id")
    return cells.verdicts(ordered.iterator(chunk_size=CHUNK_SIZE))


def verdicts_of(framework: int, criteria: Collection[int]) -> Iterator[CellVerdict]:
    """The verdicts on some criteria of a framework by the pure functions, in five queries."""
    chosen = Q(framework=framework, criterion__in=criteria)
    claims = Claim.objects.published().filter(chosen)
    rows = list(_without_words(claims).order_by("criterion_id"))
    sources = Source.objects.with_repeating({claim.source_id for claim in rows})
    marks, described = NotApplicable.objects.filter(chosen), Criterion.objects.filter(pk__in=criteria)
    return _cells(claims, sources, marks, described, [claim.pk for claim in rows]).verdicts(rows)


def _without_words(claims: models.QuerySet[Claim]) -> models.QuerySet[Claim]:
    return claims.only("framework", "criterion", "source", *Claim.VALUES)


def _cells(
    claims: models.QuerySet[Claim],
    sources: models.QuerySet[Source],
    marks: models.QuerySet[NotApplicable],
    criteria: models.QuerySet[Criterion],
    keys: Sequence[int] | None = None,
) -> _Cells:
    return _Cells(
        {source.pk: source for source in sources.only(*SOURCE_FIELDS).order_by()},
        dict(criteria.order_by().values_list("pk", "kind")),
        set(marks.values_list("framework_id", "criterion_id")),
        Check.objects.findings_on(claims, keys),
    )


def stored_verdicts(frameworks: Iterable[Framework]) -> list[CellVerdict]:
    """The verdicts on some frameworks with their criteria; none where they are not stored."""
    if not CellVerdict.objects.are_current():
        return []
    rows = CellVerdict.objects.filter(framework__in=list(frameworks)).order_by("framework", "criterion")
    return list(rows.select_related("criterion").defer("speakers"))


def stored_verdicts_of(cells: Collection[CellKey]) -> dict[CellKey, Verdict]:
    """The verdicts on some cells as they are stored; none where they are not."""
    if not CellVerdict.objects.are_current():
        return {}
    frameworks, criteria = {framework for framework, _ in cells}, {criterion for _, criterion in cells}
    rows = CellVerdict.objects.filter(framework__in=frameworks, criterion__in=criteria).order_by()
    return {
        (framework, criterion): known_verdict(*values)
        for framework, criterion, *values in rows.values_list("framework", "criterion", *VERDICT_COLUMNS)
        if (framework, criterion) in cells
    }


def published_claims() -> int:
    """How many claims are published."""
    if not CellVerdict.objects.are_current():
        return Claim.objects.published().count()
    return CellVerdict.objects.aggregate(total=Sum("claim_count"))["total"] or 0


def claim_counts(criteria: Collection[int]) -> Mapping[CellKey, int]:
    """How many published claims each cell of these criteria (ids) has; cells without any are left out."""
    if not CellVerdict.objects.are_current():
        published = Claim.objects.published().filter(criterion__in=criteria).order_by()
        return Counter(published.values_list("framework_id", "criterion_id"))
    stored = CellVerdict.objects.filter(criterion__in=criteria, claim_count__gt=0).order_by()
    counts = stored.values_list("framework_id", "criterion_id", "claim_count")
    return {(framework, criterion): count for framework, criterion, count in counts}


def published_by_source(sources: models.QuerySet[Source]) -> dict[int, int]:
    """How many claims of these sources, without their parts, are published; sources without any are left out."""
    if not SourceClaimCount.objects.are_current():
        return dict(counts_by_source(Claim.objects.published().filter(source__in=sources)))
    return dict(SourceClaimCount.objects.filter(source__in=sources).values_list("source", "claim_count"))


def speakers() -> dict[int, str]:
    """The sources of published claims, wholes for their parts: the slug by id."""
    names = ("source", "source__slug", "source__part_of", "source__part_of__slug")
    counts, claims = SourceClaimCount.objects, Claim.objects.published().order_by()
    rows = list(counts.values_list(*names) if counts.are_current() else claims.values_list(*names).distinct())
    return dict((pk, slug) if whole is None else (whole, slug_of_whole) for pk, slug, whole, slug_of_whole in rows)


def build_missing() -> bool:
    """Builds the rows of the newest edition if nobody has; its pages stay as they are. Says whether it did."""
    with writing():
        if CellVerdict.objects.are_current():
            return False
        number = Edition.objects.current().number
        CellVerdict.objects.rebuild_all(number)
        Edition.objects.filter(number=number).update(has_verdicts=True)
        return True


def rebuild_verdicts() -> Edition:
    """Rebuilds all rows, as a new edition, so that no cache shows the old ones any longer."""
    with writing():
        Edition.objects.filter(has_verdicts=True).update(has_verdicts=False)
        return Edition.objects.publish("Verdicts rebuilt")


@dataclass(frozen=True)
class Difference:
    """A cell whose row is not what the claims add up to. Each field that differs has its stored and its right value."""

    cell_key: CellKey
    values: Mapping[str, tuple[object, object]]


def wrong_verdicts() -> Iterator[Difference]:
    """Compares every row with the pure functions; a row that is missing or too many differs in all its fields."""
    stored = {(row.framework_id, row.criterion_id): row.built_values for row in CellVerdict.objects.all()}
    for row in all_verdicts():
        key, right = (row.framework_id, row.criterion_id), row.built_values
        values = stored.pop(key, dict.fromkeys(right))
        if values != right:
            yield Difference(key, {name: (values[name], right[name]) for name in right if values[name] != right[name]})
    for key, values in stored.items():
        yield Difference(key, {name: (value, None) for name, value in values.items()})


def wrong_counts() -> dict[int, tuple[int | None, int | None]]:
    """By source its stored and its right number of published claims, where these differ; None for no row."""
    stored = dict(SourceClaimCount.objects.values_list("source", "claim_count"))
    right = dict(counts_by_source(Claim.objects.published()))
    differing = {source for source in {*stored, *right} if stored.get(source) != right.get(source)}
    return {source: (stored.get(source), right.get(source)) for source in sorted(differing)}

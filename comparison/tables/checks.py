"""What was found about the claims of articles: each check with what decides it, and how far a claim misleads."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field
from functools import cached_property

from django.db.models import Prefetch, Q, prefetch_related_objects

from comparison.evidence import ARTICLES, SET_ASIDE_FINDINGS, Finding
from comparison.models import Check, Claim, Criterion, Framework, Source
from comparison.models.verdicts.stored import published_by_source
from comparison.tables.table import Cell, TableData, load_data_of_cells
from comparison.tables.unknown_values import choice_hint
from comparison.tables.verdict_detail import Value, value_of
from comparison.wording import FINDING_ORDER, label, verdict_word


@dataclass(frozen=True)
class CheckedClaim:
    """A claim with its checks; `beside` are all claims of its cell. The cell is worked out when it is asked for."""

    claim: Claim
    checks: Sequence[Check]
    finding: Finding
    data: TableData = field(repr=False)
    beside: Sequence[Claim] = field(repr=False)

    @cached_property
    def value(self) -> Value:
        return value_of(self.claim)

    @property
    def counts(self) -> bool:
        return self.finding not in SET_ASIDE_FINDINGS

    @cached_property
    def without_it(self) -> str:
        """The cell's verdict in words."""
        return verdict_word(self._now.verdict)

    @cached_property
    def with_it(self) -> str:
        """The cell's verdict in words if the claim counted."""
        return self.without_it if self.counts else verdict_word(self._then.verdict)

    @cached_property
    def shift(self) -> float:
        """How far the position of the cell would move if the claim counted, 0 … 2; 0 where it counts.

        Where the cell has no position now or then, how far the other is from 0.
        """
        if self.counts:
            return 0.0
        return abs((self._now.verdict.position or 0.0) - (self._then.verdict.position or 0.0))

    @cached_property
    def _now(self) -> Cell:
        return self.data.cell(self.claim.framework, self.claim.criterion, self.beside)

    @cached_property
    def _then(self) -> Cell:
        believed = [_as_if_true(other) if other.pk == self.claim.pk else other for other in self.beside]
        return self.data.cell(self.claim.framework, self.claim.criterion, believed)


def _as_if_true(claim: Claim) -> Claim:
    """The claim without its findings."""
    result = copy(claim)
    result.findings = frozenset()
    return result


@dataclass(frozen=True, slots=True)
class ScoreSheet:
    """How many claims of a source were found to be what; `open` are those that nobody has checked."""

    source: Source
    counts: Mapping[Finding, int]
    open: int

    @property
    def total(self) -> int:
        return self.checked + self.open

    @property
    def checked(self) -> int:
        return sum(self.counts.values())

    @property
    def parts(self) -> list[tuple[str, int]]:
        """Each finding and its number, the good one first, then those that nobody has checked."""
        found = [(str(finding), self.counts.get(finding, 0)) for finding in reversed(FINDING_ORDER)]
        return [*found, ("open", self.open)]


def worst(findings: Iterable[Finding]) -> Finding:
    """Of several findings about one claim the one that weighs most."""
    return min(findings, key=FINDING_ORDER.index)


def checked_claims(
    keys: Collection[int] | None = None, findings: Collection[str] = tuple(Finding)
) -> list[CheckedClaim]:
    """All published claims with one of these findings, or those of these ids.

    Those come first that would move their cells furthest. The number of queries is constant.
    """
    published = Check.objects.filter(claim__state="published")
    chosen = published if keys is None else published.filter(claim__in=keys)
    checks: defaultdict[int, list[Check]] = defaultdict(list)
    for check in chosen.order_by("on", "id"):
        checks[check.claim_id].append(check)
    found = {pk: worst(Finding(check.finding) for check in rows) for pk, rows in checks.items()}
    found = {pk: finding for pk, finding in found.items() if finding in findings}
    data = load_data_of_cells(_cells_of(found))
    frameworks = {framework.pk: framework for framework in data.frameworks}
    criteria = {criterion.pk: criterion for criterion in data.criteria}
    by_cell, rows = data.claims_by_cell(), []
    for claim in data.claims:
        if finding := found.get(claim.pk):
            claim.framework, claim.criterion = frameworks[claim.framework_id], criteria[claim.criterion_id]
            beside = by_cell[claim.framework_id, claim.criterion_id]
            rows.append(CheckedClaim(claim, checks[claim.pk], finding, data, beside))
    return sorted(rows, key=lambda row: (-row.shift, FINDING_ORDER.index(row.finding), row.claim.pk))


def _cells_of(claims: Collection[int]) -> list[tuple[Framework, Criterion]]:
    keys = list(Claim.objects.filter(pk__in=claims).order_by().values_list("framework", "criterion").distinct())
    frameworks = Framework.objects.in_bulk({framework for framework, _ in keys})
    criteria = Criterion.objects.in_bulk({criterion for _, criterion in keys})
    return [(frameworks[framework], criteria[criterion]) for framework, criterion in keys]


def read_deciding(rows: Iterable[CheckedClaim]) -> None:
    """Reads the claims that decide the checks of some rows, in two queries."""
    deciding = Prefetch("decided_by", Claim.objects.with_names())
    prefetch_related_objects([check for row in rows for check in row.checks], deciding)


def score_sheets(sources: Collection[int] | None = None) -> list[ScoreSheet]:
    """The score sheets of all articles, or of these sources; those with most checked claims first. Five queries."""
    chosen = Source.objects.filter(kind__in=ARTICLES) if sources is None else Source.objects.filter(pk__in=sources)
    totals = published_by_source(chosen)
    claims = Claim.objects.published().filter(source__in=totals)
    if sources is None:
        claims = claims.filter(pk__in=Check.objects.order_by().values("claim"))
    source_by_claim = dict(claims.values_list("pk", "source"))
    counts: defaultdict[int, Counter[Finding]] = defaultdict(Counter)
    for claim, findings in Check.objects.findings_on(claims, list(source_by_claim)).items():
        counts[source_by_claim[claim]][worst(findings)] += 1
    sheets = []
    for article in Source.objects.filter(pk__in=totals).without_texts():
        ordered = {finding: counts[article.pk][finding] for finding in FINDING_ORDER}
        sheets.append(ScoreSheet(article, ordered, totals[article.pk] - sum(ordered.values())))
    return sorted(sheets, key=lambda sheet: (-sheet.checked, sheet.source.slug))


class CheckFilter:
    """The checked claims that an address asks for by `finding`, `source` and `framework`, each repeatable.

    Without a finding the claims that do not count are shown. `choices` are those with checks; a source or a framework
    without any may be asked for too. `problems` names each value that nothing has.
    """

    FIELDS = ("finding", "source", "framework")

    def __init__(self, chosen: Mapping[str, Sequence[str]]) -> None:
        self.chosen = {name: [value for value in chosen.get(name, ()) if value] for name in self.FIELDS}
        checked = Claim.objects.published().filter(checks__isnull=False).order_by()
        sources = Source.objects.public().wholes()
        asked = Q(slug__in=self.chosen["source"])
        spoken_for = Q(pk__in=checked.values("source")) | Q(pk__in=checked.values("source__part_of"))
        frameworks = Framework.objects.filter(
            Q(pk__in=checked.values("framework")) | Q(slug__in=self.chosen["framework"])
        )
        self.choices: dict[str, dict[str, str]] = {
            "finding": {str(finding): label(finding) for finding in FINDING_ORDER},
            "source": dict(sources.filter(asked | spoken_for).order_by("title").values_list("slug", "title")),
            "framework": dict(frameworks.order_by("name").values_list("slug", "name")),
        }
        self.problems = [
            self._problem(name, value)
            for name, values in self.chosen.items()
            for value in values
            if value not in self.choices[name]
        ]

    def _problem(self, name: str, value: str) -> str:
        return f"{name}={value[:80]}: {choice_hint([value], list(self.choices[name]))}"

    def selected(self) -> list[CheckedClaim]:
        """The rows that pass; all that do not count where the address has a problem or asks for nothing."""
        findings = self.chosen["finding"] or SET_ASIDE_FINDINGS
        if self.problems:
            return checked_claims(findings=SET_ASIDE_FINDINGS)
        return [
            row
            for row in checked_claims(findings=findings)
            if (not self.chosen["source"] or row.claim.source.slug in self.chosen["source"])
            and (not self.chosen["framework"] or row.claim.framework.slug in self.chosen["framework"])
        ]

"""What curators should look at: contradictions, duplicates, gaps and age; each list takes a few queries."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from difflib import SequenceMatcher
from itertools import combinations
from statistics import median

from django.conf import settings
from django.db.models import Count, Max, Min, Q
from django.db.models.functions import Coalesce
from django.utils import timezone

from comparison.curation.effects import verdict_summary
from comparison.curation.review.progress import load_progress
from comparison.evidence import SET_ASIDE_FINDINGS, Kind, SourceKind, State
from comparison.models import Claim, ClaimState, Criterion, Framework, Source
from comparison.tables.disputes import contested
from comparison.tables.table import Cell, load_cells
from comparison.wording import format_number, words_of

MIN_NAME_SIMILARITY = 0.85  # from which two names may mean the same
MIN_SHARED_OFFSETS = 3  # claims at the same offsets, from which two criteria may overlap
MAX_MEDIAN_RATIO = 100  # a figure further from the median than this factor is probably in another unit
MAX_ARTICLES = 200  # whose texts are read for gaps
OPEN_STATES = [ClaimState.DRAFT.value, ClaimState.SUBMITTED.value, ClaimState.PUBLISHED.value]


@dataclass(frozen=True, slots=True)
class EditClaim:
    claim: int


@dataclass(frozen=True, slots=True)
class EditSource:
    source: int


@dataclass(frozen=True, slots=True)
class ReplaceText:
    source: int


@dataclass(frozen=True, slots=True)
class ReviewCell:
    """Review the claims of a cell, or only those of one source."""

    framework: int
    criterion: int
    source: int | None = None


@dataclass(frozen=True, slots=True)
class MergeClaims:
    keep: int
    gone: int


@dataclass(frozen=True, slots=True)
class MergeCriteria:
    keep: int
    gone: int


@dataclass(frozen=True, slots=True)
class ReadSource:
    """Read on in a source's text, from an offset."""

    source: int
    start: int
    end: int


Fix = EditClaim | EditSource | ReplaceText | ReviewCell | MergeClaims | MergeCriteria | ReadSource


@dataclass(frozen=True, slots=True)
class Issue:
    """Something to fix: what it is about, what is wrong, and which rows to open or merge."""

    subject: str
    problem: str
    fix: Fix


def contradictions() -> list[Issue]:
    """Disputed cells, and cells in which a source contradicts itself, widest first."""
    sided = [row for row in contested() if row.supporting_count and row.opposing_count]
    both_ways = {(cell.framework.pk, criterion.pk) for cell, criterion, _ in self_contradicting_cells()}
    rows = [row for row in sided if row.state == State.DISPUTED or (row.framework_id, row.criterion_id) in both_ways]
    return [
        Issue(
            f"{row.framework}, {row.criterion}",
            f"{row.supporting_count} for and {row.opposing_count} against: {verdict_summary(row.verdict)}.",
            ReviewCell(row.framework_id, row.criterion_id),
        )
        for row in sorted(rows, key=lambda row: -row.width)
    ]


def self_contradicting_cells() -> list[tuple[Cell, Criterion, list[Source]]]:
    """Cells in which sources speak for and against, with these sources."""
    set_aside = [finding.value for finding in SET_ASIDE_FINDINGS]
    groups = (
        Claim.objects.published()
        .exclude(checks__finding__in=set_aside)
        .values("framework", "criterion", speaker=Coalesce("source__part_of", "source"))
        .annotate(highest=Max("level"), lowest=Min("level"), supports=Count("support", distinct=True))
    )
    may_contradict = Q(highest__gt=0, lowest__lt=0) | Q(supports__gt=1)
    keys = dict.fromkeys(groups.filter(may_contradict).values_list("framework", "criterion"))
    frameworks = Framework.objects.in_bulk({framework for framework, _ in keys})
    criteria = Criterion.objects.select_related("category").in_bulk({criterion for _, criterion in keys})
    named = [(frameworks[framework], criteria[criterion]) for framework, criterion in keys]
    cells, sources = load_cells(named)
    known = {source.pk: source for source in sources}
    return [
        (cell, criterion, [known[pk] for pk in sorted(cell.contradicting)])
        for cell, (_, criterion) in zip(cells, named, strict=True)
        if cell.contradicting
    ]


def self_contradictions() -> list[Issue]:
    """Sources that speak for and against in one cell."""
    return [
        Issue(
            f"{cell.framework}, {criterion}",
            f"“{source}” argues both ways.",
            ReviewCell(cell.framework.pk, criterion.pk, source.pk),
        )
        for cell, criterion, sources in self_contradicting_cells()
        for source in sources
    ]


def gaps() -> list[Issue]:
    """Articles with sentences that no claim covers and nobody marked as making none."""
    articles = Source.objects.filter(kind__in=[SourceKind.INDEPENDENT, SourceKind.VENDOR]).exclude(text="")
    rows = load_progress(articles.order_by("slug")[:MAX_ARTICLES])
    return [
        Issue(
            str(source),
            f"{progress.open} of {progress.sentences} sentences are open: without a claim, and not marked silent.",
            ReadSource(source.pk, *progress.first_open),
        )
        for source, progress in sorted(rows, key=lambda row: -row[1].open)
        if progress.first_open is not None
    ]


def duplicate_claims() -> list[Issue]:
    """Claims of one source in one cell that overlap, or say the same in the same words."""
    groups = Claim.objects.filter(state__in=OPEN_STATES).values("source", "framework", "criterion")
    repeated = groups.annotate(count=Count("pk")).filter(count__gt=1)
    keys = set(repeated.values_list("source", "framework", "criterion"))
    rows = Claim.objects.filter(state__in=OPEN_STATES, source__in={source for source, _, _ in keys})
    claims_by_key: defaultdict[tuple[int, int, int], list[Claim]] = defaultdict(list)
    for claim in rows.select_related("framework", "criterion").order_by("start", "pk"):
        key = (claim.source_id, claim.framework_id, claim.criterion_id)
        if key in keys:
            claims_by_key[key].append(claim)
    return [
        Issue(str(first), f"{reason}: “{second.statement}”", MergeClaims(first.pk, second.pk))
        for claims in claims_by_key.values()
        for first, second, reason in _duplicates(claims)
    ]


def _duplicates(claims: Iterable[Claim]) -> Iterator[tuple[Claim, Claim, str]]:
    """Pairs of possible duplicates among the claims of one cell, ordered by offset: an earlier claim first."""
    first_by_words: dict[tuple[str, ...], Claim] = {}
    last_by_item: dict[str, Claim] = {}  # by the item a list names, the claim that ends last so far
    for claim in claims:
        item = claim.item.casefold()
        first = first_by_words.setdefault((item, *words_of(claim.statement)), claim)
        last = last_by_item.get(item)
        if first is not claim:
            yield first, claim, "The same words again"
        elif last and last.end and claim.start is not None and claim.start < last.end:
            yield last, claim, "At the same place"
        if claim.end is not None and (last is None or claim.end > (last.end or 0)):
            last_by_item[item] = claim


def overlapping_criteria() -> list[Issue]:
    """Criteria with similar names, a name in common, or claims at the same offsets."""
    criteria = {criterion.pk: criterion for criterion in Criterion.objects.all()}
    reasons: dict[tuple[int, int], str] = {}
    for first, second in combinations(criteria.values(), 2):
        if first.kind == second.kind and (reason := _name_overlap(first, second)):
            reasons[first.pk, second.pk] = reason
    for (first_pk, second_pk), count in _shared_offsets().items():
        if count >= MIN_SHARED_OFFSETS and criteria[first_pk].kind == criteria[second_pk].kind:
            reasons.setdefault((first_pk, second_pk), f"{count} claims stand at the same places")
    return [
        Issue(f"{criteria[first]} and {criteria[second]}", f"{reason}.", MergeCriteria(first, second))
        for (first, second), reason in reasons.items()
    ]


def _name_overlap(first: Criterion, second: Criterion) -> str:
    """How the names of two criteria overlap; empty if they do not."""
    if common := _all_names(first) & _all_names(second):
        return f"Both are called “{min(common)}”"
    matcher = SequenceMatcher(None, first.name.casefold(), second.name.casefold())
    if matcher.real_quick_ratio() >= MIN_NAME_SIMILARITY and matcher.ratio() >= MIN_NAME_SIMILARITY:
        return "Their names are much alike"
    return ""


def _all_names(criterion: Criterion) -> set[str]:
    return {name.casefold() for name in (criterion.name, *criterion.synonyms.splitlines())}


def _shared_offsets() -> Counter[tuple[int, int]]:
    """For each pair of criteria, how often both have a claim of one source and framework at the same offset."""
    criteria_by_offset: defaultdict[tuple[int, int, int | None], set[int]] = defaultdict(set)
    rows = Claim.objects.filter(state__in=OPEN_STATES, start__isnull=False)
    for source, framework, start, criterion in rows.values_list("source", "framework", "start", "criterion"):
        criteria_by_offset[source, framework, start].add(criterion)
    counts: Counter[tuple[int, int]] = Counter()
    for criteria in criteria_by_offset.values():
        counts.update(combinations(sorted(criteria), 2))
    return counts


def claims_without_place() -> list[Issue]:
    claims = Claim.objects.published().filter(start__isnull=True, quote="").with_names()
    return [Issue(str(claim), "Nobody can look it up: no place and no quote.", EditClaim(claim.pk)) for claim in claims]


def odd_figures() -> list[Issue]:
    """Figures a hundred times larger or smaller than the median of their criterion: usually another unit."""
    rows = Claim.objects.published().filter(criterion__kind=Kind.FIGURE.value).select_related("framework", "criterion")
    claims_by_criterion: defaultdict[int, list[Claim]] = defaultdict(list)
    for claim in rows:
        claims_by_criterion[claim.criterion_id].append(claim)
    issues = []
    for claims in claims_by_criterion.values():
        middle = median(float(claim.low or 0) for claim in claims)
        for claim in claims:
            low = float(claim.low or 0)
            if low and middle and not 1 / MAX_MEDIAN_RATIO < low / middle < MAX_MEDIAN_RATIO:
                figure = f"{format_number(low)} {claim.criterion.unit}"
                problem = f"{figure}, where the median is {format_number(middle)}. Another unit?"
                issues.append(Issue(str(claim), problem, EditClaim(claim.pk)))
    return issues


def incomplete_sources() -> list[Issue]:
    """Sources without an address or a date."""
    issues = []
    for source in Source.objects.filter(Q(address="") | Q(published__isnull=True)).defer("text"):
        missing = [name for name, value in (("address", source.address), ("date", source.published)) if not value]
        issues.append(Issue(str(source), f"Without {' and '.join(missing)}.", EditSource(source.pk)))
    return issues


def stale_sources() -> list[Issue]:
    """Sources older than STALE_AFTER_DAYS, by their date or else the day they were fetched."""
    limit = timezone.localdate() - timedelta(days=settings.STALE_AFTER_DAYS)
    is_old = Q(published__lt=limit) | Q(published__isnull=True, accessed__lt=limit)
    return [
        Issue(
            str(source),
            f"Of {source.published or source.accessed}; look whether it still says so, and take a new capture.",
            ReplaceText(source.pk),
        )
        for source in Source.objects.filter(is_old).defer("text").order_by("published")
    ]

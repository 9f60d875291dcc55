"""What curators should look at: contradictions, duplicates, gaps and age; each list from a few queries."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from difflib import SequenceMatcher
from itertools import combinations
from statistics import median
from urllib.parse import urlencode

from django.conf import settings
from django.db.models import Count, Max, Min, Q
from django.urls import reverse
from django.utils import timezone

from comparison.curation.effects import told
from comparison.evidence import SET_ASIDE, Kind
from comparison.models import Claim, ClaimState, Criterion, Framework, Source
from comparison.tables.disputes import contested, width
from comparison.wording import number, words_of

SAME_NAME = 0.85  # likeness of two names from which they may mean the same
TOGETHER = 3  # claims two criteria must share places with
OUT_OF_SCALE = 100  # times the median
ALIVE = [ClaimState.DRAFT.value, ClaimState.SUBMITTED.value, ClaimState.PUBLISHED.value]


@dataclass(frozen=True, slots=True)
class Issue:
    """One thing to mend: what it is about, what is wrong, and the page that mends it."""

    subject: str
    wrong: str
    address: str
    action: str = "Open"


def cell_claims(framework: int, criterion: int, **more: int) -> str:
    query = {"framework__id__exact": framework, "criterion__id__exact": criterion} | more
    return reverse("admin:comparison_claim_changelist") + "?" + urlencode(query)


def claim_page(pk: int) -> str:
    return reverse("admin:comparison_claim_change", args=[pk])


def merge_page(one: int, other: int) -> str:
    return reverse("admin:comparison_claim_merge") + "?" + urlencode({"keep": one, "merge": other})


def contradictions() -> list[Issue]:
    """Cells in which published claims stand on both sides, widest first."""
    found, _ = contested()
    both = [one for one in found if one.cell.verdict.supporting and one.cell.verdict.opposing]
    both.sort(key=lambda one: -width(one.cell.verdict))
    return [
        Issue(
            f"{one.cell.framework}, {one.criterion}",
            f"{len(one.cell.verdict.supporting)} for and {len(one.cell.verdict.opposing)} against: "
            f"{told(one.cell.verdict)}.",
            cell_claims(one.cell.framework.pk, one.criterion.pk),
        )
        for one in both
    ]


def self_contradictions() -> list[Issue]:
    """Sources that say both in one cell."""
    apart = Q(highest__gt=0, lowest__lt=0) | Q(supports__gt=1)
    counted = Claim.objects.published().exclude(checks__finding__in=[one.value for one in SET_ASIDE])
    groups = counted.values("source", "framework", "criterion")
    said = groups.annotate(highest=Max("level"), lowest=Min("level"), supports=Count("support", distinct=True))
    keys = list(said.filter(apart).values_list("source", "framework", "criterion"))
    sources = Source.objects.in_bulk({one for one, _, _ in keys})
    frameworks, criteria = Framework.objects.in_bulk(), Criterion.objects.in_bulk({one for _, _, one in keys})
    return [
        Issue(
            f"{frameworks[framework]}, {criteria[criterion]}",
            f"“{sources[source]}” argues both ways.",
            cell_claims(framework, criterion, source__id__exact=source),
        )
        for source, framework, criterion in keys
    ]


def duplicate_claims() -> list[Issue]:
    """Claims of one source in one cell that overlap, or say the same in the same words."""
    several = Claim.objects.filter(state__in=ALIVE).values("source", "framework", "criterion")
    keys = several.annotate(count=Count("pk")).filter(count__gt=1)
    found = []
    groups: defaultdict[tuple[int, int, int], list[Claim]] = defaultdict(list)
    wanted = set(keys.values_list("source", "framework", "criterion"))
    rows = Claim.objects.filter(state__in=ALIVE, source__in={one for one, _, _ in wanted})
    for claim in rows.select_related("framework", "criterion").order_by("start", "pk"):
        key = (claim.source_id, claim.framework_id, claim.criterion_id)
        if key in wanted:
            groups[key].append(claim)
    for claims in groups.values():
        for one, other, why in _twins(claims):
            found.append(Issue(str(one), f"{why}: “{other.statement}”", merge_page(one.pk, other.pk), "Merge"))
    return found


def _twins(claims: Iterable[Claim]) -> Iterator[tuple[Claim, Claim, str]]:
    """Pairs of claims of one cell, ordered by place, that may be one: each with an earlier one, and why."""
    said: dict[tuple[str, ...], Claim] = {}
    furthest: dict[str, Claim] = {}  # by the thing a list names, the claim that ends last so far
    for claim in claims:
        item = claim.item.casefold()
        first, last = said.setdefault((item, *words_of(claim.statement)), claim), furthest.get(item)
        if first is not claim:
            yield first, claim, "The same words again"
        elif last and last.end and claim.start is not None and claim.start < last.end:
            yield last, claim, "At the same place"
        if claim.end is not None and (last is None or claim.end > (last.end or 0)):
            furthest[item] = claim


def overlapping_criteria() -> list[Issue]:
    """Criteria with like names, a name in common, or claims at the same places."""
    criteria = {one.pk: one for one in Criterion.objects.all()}
    found: dict[tuple[int, int], str] = {}
    for one, other in combinations(criteria.values(), 2):
        if one.kind == other.kind and (why := _alike(one, other)):
            found[one.pk, other.pk] = why
    for (first, second), count in _together().items():
        if count >= TOGETHER and criteria[first].kind == criteria[second].kind:
            found.setdefault((first, second), f"{count} claims stand at the same places")
    return [
        Issue(
            f"{criteria[one]} and {criteria[other]}",
            f"{why}.",
            reverse("admin:comparison_criterion_merge", args=[other]) + f"?into={one}",
            "Merge",
        )
        for (one, other), why in found.items()
    ]


def _alike(one: Criterion, other: Criterion) -> str:
    names = [{name.casefold() for name in (each.name, *each.synonyms.splitlines())} for each in (one, other)]
    if shared := names[0] & names[1]:
        return f"Both are called “{min(shared)}”"
    first, second = one.name.casefold(), other.name.casefold()
    matcher = SequenceMatcher(None, first, second)
    if matcher.real_quick_ratio() >= SAME_NAME and matcher.ratio() >= SAME_NAME:
        return "Their names are much alike"
    return ""


def _together() -> Counter[tuple[int, int]]:
    """How often two criteria have claims of one source and framework at the very same place."""
    places: defaultdict[tuple[int, int, int | None], set[int]] = defaultdict(set)
    rows = Claim.objects.filter(state__in=ALIVE, start__isnull=False)
    for source, framework, start, criterion in rows.values_list("source", "framework", "start", "criterion"):
        places[source, framework, start].add(criterion)
    counts: Counter[tuple[int, int]] = Counter()
    for group in places.values():
        counts.update(combinations(sorted(group), 2))
    return counts


def without_place() -> list[Issue]:
    bare = Claim.objects.published().filter(start__isnull=True, quote="").with_names()
    return [Issue(str(one), "Nobody can look it up: no place and no quote.", claim_page(one.pk)) for one in bare]


def odd_figures() -> list[Issue]:
    """Figures a hundred times larger or smaller than the median of their criterion: mostly another unit."""
    rows = Claim.objects.published().filter(criterion__kind=Kind.FIGURE.value).select_related("framework", "criterion")
    groups: defaultdict[int, list[Claim]] = defaultdict(list)
    for claim in rows:
        groups[claim.criterion_id].append(claim)
    found = []
    for claims in groups.values():
        middle = median(float(one.low or 0) for one in claims)
        for one in claims:
            low = float(one.low or 0)
            if low and middle and not 1 / OUT_OF_SCALE < low / middle < OUT_OF_SCALE:
                wrong = f"{number(low)} {one.criterion.unit}, where the median is {number(middle)}. Another unit?"
                found.append(Issue(str(one), wrong, claim_page(one.pk)))
    return found


def bare_sources() -> list[Issue]:
    found = []
    for one in Source.objects.filter(Q(address="") | Q(published__isnull=True)).defer("text"):
        missing = [name for name, value in (("address", one.address), ("date", one.published)) if not value]
        address = reverse("admin:comparison_source_change", args=[one.pk])
        found.append(Issue(str(one), f"Without {' and '.join(missing)}.", address))
    return found


def stale_sources() -> list[Issue]:
    """Sources older than STALE_AFTER_DAYS, by their date or else the day they were fetched."""
    limit = timezone.localdate() - timedelta(days=settings.STALE_AFTER_DAYS)
    old = Q(published__lt=limit) | Q(published__isnull=True, accessed__lt=limit)
    return [
        Issue(
            str(one),
            f"Of {one.published or one.accessed}; look whether it still says so, and take a new capture.",
            reverse("admin:comparison_source_text", args=[one.pk]),
        )
        for one in Source.objects.filter(old).defer("text").order_by("published")
    ]


@dataclass(frozen=True, slots=True)
class Listing:
    """One of the lists; `needs` are the rights it takes to mend what is on it."""

    title: str
    about: str
    make: Callable[[], Sequence[Issue]]
    needs: frozenset[str]


REVIEWERS = frozenset({"comparison.publish_claim"})
EDITORS = frozenset({"comparison.change_source"})
MERGERS = REVIEWERS | {"comparison.change_criterion", "comparison.delete_criterion"}
LISTS = {
    "contradictions": Listing("Contradictions", "Cells with both sides. Mend misreadings.", contradictions, REVIEWERS),
    "self-contradictions": Listing(
        "Sources against themselves", "One source saying both in a cell.", self_contradictions, REVIEWERS
    ),
    "duplicates": Listing(
        "Possible duplicate claims", "Merge those that are one statement.", duplicate_claims, REVIEWERS
    ),
    "criteria": Listing(
        "Overlapping criteria", "Merge those that ask the same question.", overlapping_criteria, MERGERS
    ),
    "without-place": Listing("Published without a place", "Readers cannot look these up.", without_place, REVIEWERS),
    "figures": Listing("Figures out of scale", "Often another unit.", odd_figures, REVIEWERS),
    "sources": Listing(
        "Sources without date or address", "Readers cannot judge their age or find them.", bare_sources, EDITORS
    ),
    "stale": Listing("Stale sources", "Older than the site’s limit.", stale_sources, EDITORS),
}

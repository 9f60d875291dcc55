"""Findings that a curator dismissed with a reason: they stay away until something about them changes."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.contrib.auth.models import User
from django.db.models import Max

from comparison.curation.quality import (
    EditClaim,
    EditSource,
    Issue,
    MergeClaims,
    MergeCriteria,
    ReadSource,
    ReplaceText,
    ReviewCell,
)
from comparison.models import Claim, Criterion, Dismissal, Source
from comparison.models.optimistic_lock import current_versions

Versions = Mapping[tuple[str, int | tuple[int, int]], int]


@dataclass(frozen=True, slots=True)
class Finding:
    """An issue of a list, with the names by which a dismissal knows it and notices that it changed."""

    issue: Issue
    key: str
    fingerprint: str
    dismissal: Dismissal | None = None


def findings(listing: str, issues: Sequence[Issue]) -> tuple[list[Finding], list[Finding]]:
    """The issues that are open, and those that were dismissed and have not changed since."""
    dismissals = {row.key: row for row in Dismissal.objects.filter(listing=listing).select_related("by")}
    versions = _versions(issues)
    opened, dismissed = [], []
    for issue in issues:
        key, fingerprint = key_of(issue), _fingerprint(issue, versions)
        dismissal = dismissals.get(key)
        if dismissal is not None and dismissal.fingerprint == fingerprint:
            dismissed.append(Finding(issue, key, fingerprint, dismissal))
        else:
            opened.append(Finding(issue, key, fingerprint))
    return opened, dismissed


def open_count(listing: str, issues: Sequence[Issue]) -> int:
    """As many as `findings` calls open; reads no versions where nothing was dismissed."""
    return len(findings(listing, issues)[0]) if Dismissal.objects.filter(listing=listing).exists() else len(issues)


def dismiss(listing: str, finding: Finding, reason: str, actor: User) -> None:
    values = {"fingerprint": finding.fingerprint, "reason": reason, "by": actor, "subject": finding.issue.subject[:300]}
    Dismissal.objects.update_or_create(listing=listing, key=finding.key, defaults=values)


def bring_back(listing: str, key: str) -> None:
    Dismissal.objects.filter(listing=listing, key=key).delete()


def key_of(issue: Issue) -> str:
    """What the issue is about: the rows to mend."""
    about = issue.fix.source if isinstance(issue.fix, ReadSource) else issue.fix  # where to read on changes
    return hashlib.sha256(repr(about).encode()).hexdigest()


def _fingerprint(issue: Issue, versions: Versions) -> str:
    rows = [(row, versions.get(row, 0)) for row in _rows_of(issue)]
    return hashlib.sha256(repr((issue.problem, rows)).encode()).hexdigest()


def _rows_of(issue: Issue) -> list[tuple[str, int | tuple[int, int]]]:
    """The rows that an issue depends on."""
    match issue.fix:
        case EditClaim(claim):
            return [("claim", claim)]
        case MergeClaims(keep, gone):
            return [("claim", keep), ("claim", gone)]
        case MergeCriteria(keep, gone):
            return [("criterion", keep), ("criterion", gone)]
        case EditSource(source) | ReplaceText(source) | ReadSource(source, _, _):
            return [("source", source)]
        case ReviewCell(framework, criterion, _):
            return [("cell", (framework, criterion))]


def _versions(issues: Iterable[Issue]) -> Versions:
    """The newest version of every row that the issues depend on, in a query for each kind of row."""
    rows = {row for issue in issues for row in _rows_of(issue)}
    versions: dict[tuple[str, int | tuple[int, int]], int] = {}
    for name, model in (("claim", Claim), ("criterion", Criterion), ("source", Source)):
        if ids := [key for kind, key in rows if kind == name and isinstance(key, int)]:
            versions |= {(name, pk): version for pk, version in current_versions(model, ids).items()}
    if cells := [key for kind, key in rows if kind == "cell" and isinstance(key, tuple)]:
        frameworks, criteria = ({cell[index] for cell in cells} for index in (0, 1))
        entries = Claim.history.filter(framework__in=frameworks, criterion__in=criteria).order_by()
        newest = entries.values_list("framework", "criterion").annotate(Max("history_id"))
        versions |= {("cell", (framework, criterion)): version for framework, criterion, version in newest}
    return versions

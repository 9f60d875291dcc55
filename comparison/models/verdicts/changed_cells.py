"""Which cells may have another verdict than in the edition before, according to history.

Everything that a verdict depends on writes history. A history row has no edition until the next edition is published,
in the same transaction or a later one; that edition signs it. So nobody who publishes needs to say what has changed.
"""

from collections import defaultdict
from collections.abc import Collection
from typing import Any

from django.db import models
from django.db.models import Q

from comparison.models.checks import Check
from comparison.models.claim_rules import ClaimState
from comparison.models.claims import Claim
from comparison.models.sources import Source
from comparison.models.subjects import Criterion, NotApplicable

CellKey = tuple[int, int]  # ids of a framework and a criterion
CELL = ("framework_id", "criterion_id")
NEVER_PUBLIC = (ClaimState.DRAFT.value, ClaimState.REJECTED.value)  # a published claim enters neither state directly
WEIGHING = ("kind", "framework_id", "part_of_id", "repeats_id")  # what of a source verdicts depend on


def sign_history(edition: int) -> set[type[models.Model]]:
    """Writes the edition's number into the history of all that changed since the edition before.

    Returns the models of which rows changed.
    """
    evidence = (Claim, Check, Source, Criterion, NotApplicable)
    return {
        model
        for model in evidence
        if _entries(model).filter(history_edition__isnull=True).update(history_edition=edition)
    }


def changed_cells(edition: int, changed: Collection[type[models.Model]]) -> set[CellKey]:
    """The cells whose verdicts the changes signed by this edition concern; rather too many than too few.

    `changed` are the models of which rows changed; the others are not asked.
    """
    cells: set[CellKey] = set()
    if Claim in changed:
        cells.update(_public_claims(edition).values_list(*CELL).distinct())
    if NotApplicable in changed:
        cells.update(_entries_of_changed(NotApplicable, edition).values_list(*CELL).distinct())
    concerned: dict[str, set[int]] = {}
    if Check in changed:
        concerned["pk"] = set(_entries_of_changed(Check, edition).values_list("claim_id", flat=True))
    if Criterion in changed:
        concerned["criterion"] = _changed_in(Criterion, edition, "kind")
    if Source in changed:
        concerned["source"] = _with_dependent(_changed_in(Source, edition, *WEIGHING))
    for field, ids in concerned.items():
        if ids:
            claims = Claim.objects.published().filter(**{f"{field}__in": ids})
            cells.update(claims.order_by().values_list(*CELL).distinct())
    return cells


def changed_sources(edition: int) -> set[int]:
    """The sources whose numbers of published claims may be others since the changes signed by this edition."""
    return set(_public_claims(edition).values_list("source_id", flat=True).distinct())


def takes_back(edition: int, changed: Collection[type[models.Model]]) -> bool:
    """Whether the changes signed by this edition alter or remove something that the public has read."""
    read_before = _entries(Claim).filter(history_edition__lt=edition, state=ClaimState.PUBLISHED.value).values("id")
    entries = [_entries(Claim).filter(id__in=read_before)] if Claim in changed else []
    entries += [_entries(model).exclude(history_type="+") for model in (Check, Source) if model in changed]
    return any(rows.filter(history_edition=edition).exists() for rows in entries)


def _public_claims(edition: int) -> Any:
    """The history of the claims that this edition changed, except what it tells of claims that nobody ever saw."""
    return _entries_of_changed(Claim, edition).exclude(state__in=NEVER_PUBLIC)


def _entries(model: Any) -> Any:
    return model.history.model.objects.order_by()


def _entries_of_changed(model: Any, edition: int) -> Any:
    """All history of the rows that this edition changed: what they were before concerns other cells perhaps."""
    entries = _entries(model)
    return entries.filter(id__in=entries.filter(history_edition=edition).values("id"))


def _changed_in(model: Any, edition: int, *fields: str) -> set[int]:
    """The rows that differ from what they were in one of these fields, or whose beginning history no longer tells."""
    versions: defaultdict[int, set[tuple[Any, ...]]] = defaultdict(set)
    created: set[int] = set()
    entries = _entries_of_changed(model, edition).values_list("id", "history_type", *fields)
    for pk, history_type, *values in entries.distinct():
        versions[pk].add(tuple(values))
        if history_type == "+":
            created.add(pk)
    return {pk for pk, values in versions.items() if len(values) > 1 or pk not in created}


def _with_dependent(sources: Collection[int]) -> set[int]:
    """The sources with their parts and all that repeat them, directly or not."""
    reached, added = set(sources), set(sources)
    while added:
        dependent = Source.objects.filter(Q(part_of__in=added) | Q(repeats__in=added))
        added = set(dependent.order_by().values_list("pk", flat=True)) - reached
        reached |= added
    return reached

"""Whatever editors do in whatever order, stored verdicts stay those of the pure functions."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from comparison.curation.merging import merge_claims, merge_criteria
from comparison.curation.undo import undo
from comparison.evidence import Finding, Kind
from comparison.models import (
    TRANSITIONS,
    Batch,
    Check,
    Claim,
    ClaimState,
    Criterion,
    Edition,
    Framework,
    NotApplicable,
    Source,
)
from comparison.models.verdicts.stored import wrong_counts, wrong_verdicts
from tests.database import recorded
from tests.make import make_claim, make_criterion, make_framework, make_part, make_source

pytestmark = pytest.mark.django_db

KINDS = [Kind.RATING, Kind.RATING, Kind.FEATURE, Kind.FIGURE]
VALUES: dict[str, list[dict[str, Any]]] = {
    "rating": [{"level": level} for level in range(-2, 3)],
    "feature": [{"support": support} for support in ("built-in", "extension", "partial", "none")],
    "figure": [{"low": low, "high": high} for low, high in ((0, 0), (1, 1), (2, 5), (10, 20))],
}


@pytest.fixture
@recorded
def site() -> None:
    frameworks, criteria = [make_framework() for _ in range(2)], [make_criterion(kind.value) for kind in KINDS]
    kinds = ("independent", "independent", "vendor", "documentation", "measurement")
    sources = [make_source(kind=kind) for kind in kinds]
    sources.append(make_part(sources[3]))
    for number, source in enumerate(sources):
        for criterion in criteria:
            values = VALUES[criterion.kind]
            make_claim(framework=frameworks[number % 2], criterion=criterion, source=source, **values[number % 4])
    Edition.objects.publish("made")


def pick(rows: Any, number: int) -> Any:
    ordered = list(rows.order_by("pk"))
    return ordered[number % len(ordered)]


def transition(first: int, second: int) -> None:
    claim = pick(Claim.objects.all(), first)
    steps = [after for before, after in TRANSITIONS if before == claim.state]
    if steps:
        claim.transition(steps[second % len(steps)], reason="Because")


def add(first: int, second: int) -> None:
    criterion = pick(Criterion.objects.all(), first)
    value = VALUES[criterion.kind][second % 4]
    source, framework = pick(Source.objects.all(), second), pick(Framework.objects.all(), first + second)
    claim = Claim(framework=framework, criterion=criterion, source=source, statement=f"{first} {second}", **value)
    claim.full_clean()
    claim.save()
    claim.transition(ClaimState.SUBMITTED)
    claim.transition(ClaimState.PUBLISHED)


def revise(first: int, second: int) -> None:
    claim = pick(Claim.objects.all(), first)
    value = VALUES[claim.criterion.kind][second % 4]
    for name, changed in value.items():
        setattr(claim, name, changed)
    if second % 3 == 0:
        claim.framework = pick(Framework.objects.all(), second)
    if second % 5 == 0:
        claim.source = pick(Source.objects.all(), second)
    claim.full_clean()
    claim.revise(None)


def check(first: int, second: int) -> None:
    claim, finding = pick(Claim.objects.all(), first), list(Finding)[second % 4]
    stored = Check.objects.filter(claim=claim).first()
    if stored is None:
        Check.objects.create(claim=claim, finding=finding.value, note="Seen")
    elif second % 2:
        stored.delete()
    else:
        stored.finding = finding.value
        stored.save()
    Edition.objects.publish("checked")


def change_source(first: int, second: int) -> None:
    source, other = pick(Source.objects.all(), first), pick(Source.objects.all(), second)
    change = second % 3
    if change == 0:
        source.kind = ("independent", "vendor", "documentation", "measurement")[second // 3 % 4]
    elif change == 1:
        source.repeats = None if source.repeats_id else other
    else:
        source.framework = None if source.framework_id else pick(Framework.objects.all(), second)
    source.full_clean()
    source.save()
    Edition.objects.publish("source changed")


def mark(first: int, second: int) -> None:
    cell = {"framework": pick(Framework.objects.all(), first), "criterion": pick(Criterion.objects.all(), second)}
    stored = NotApplicable.objects.filter(**cell).first()
    if stored:
        stored.delete()
    else:
        NotApplicable.objects.create(**cell, reason="It has none.")
    Edition.objects.publish("marked")


def merge_two_claims(first: int, second: int) -> None:
    merge_claims(pick(Claim.objects.all(), first), pick(Claim.objects.all(), second))


def merge_two_criteria(first: int, second: int) -> None:
    if Criterion.objects.count() > 2:
        merge_criteria(pick(Criterion.objects.all(), first), pick(Criterion.objects.all(), second))


def undo_batch(first: int, second: int) -> None:
    if Batch.objects.exists():
        undo(pick(Batch.objects.all(), first), skip_conflicts=True)


ACTIONS: list[Callable[[int, int], None]] = [
    *(transition, add, revise, check, change_source, mark),
    *(merge_two_claims, merge_two_criteria, undo_batch),
]
STEPS = st.tuples(st.sampled_from(ACTIONS), st.integers(0, 60), st.integers(0, 60))


@settings(max_examples=12)
@given(st.lists(STEPS, min_size=1, max_size=10))
def test_stored_verdicts_stay_right_whatever_editors_do(site, steps) -> None:
    with transaction.atomic():
        for action, first, second in steps:
            try:
                action(first, second)
            except ValidationError:
                continue  # refused, and nothing changed
        assert [*wrong_verdicts(), *wrong_counts()] == []
        transaction.set_rollback(True)

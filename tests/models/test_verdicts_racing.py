"""Two publications at the same moment leave no verdict that knows only one of them."""

from functools import partial

import pytest
from django.db import transaction

from comparison.models import CellVerdict, Claim, ClaimState, Edition
from comparison.models.verdicts.stored import wrong_counts, wrong_verdicts
from tests.make import make_claim, make_criterion, make_framework
from tests.racing import on_postgres, race

pytestmark = [on_postgres, pytest.mark.django_db(transaction=True)]

ROUNDS = 3


def publish(pk: int) -> None:
    Claim.objects.get(pk=pk).transition(ClaimState.PUBLISHED)


def test_claims_of_one_cell_published_at_once_all_count() -> None:
    cell = {"framework": make_framework(), "criterion": make_criterion()}
    Edition.objects.publish("made")
    for round_number in range(1, ROUNDS + 1):
        claims = [make_claim(ClaimState.SUBMITTED, **cell, level=level) for level in (2, -2, 1)]
        race(*(partial(publish, claim.pk) for claim in claims))
        assert CellVerdict.objects.get().claim_count == 3 * round_number
        assert [*wrong_verdicts(), *wrong_counts()] == []


def test_a_change_that_was_not_yet_committed_reaches_the_next_edition() -> None:
    """Its history rows have lower numbers than those of an edition that was published in between."""
    cell = {"framework": make_framework(), "criterion": make_criterion()}
    early, late = make_claim(**cell, level=2), make_claim(ClaimState.SUBMITTED, **cell, level=-2)
    Edition.objects.publish("made")

    def change_without_lock() -> None:
        with transaction.atomic():
            early.level = -1
            early.save()
            race(partial(publish, late.pk))  # on another connection, before this one commits

    change_without_lock()
    Edition.objects.publish("changed")
    assert [*wrong_verdicts(), *wrong_counts()] == []

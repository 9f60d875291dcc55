"""What make_claim writes at once is what the claim's own methods write step by step."""

from functools import partial
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from comparison.models import Batch, Category, Claim, ClaimState, Criterion, Edition, Framework, Source
from comparison.models.claim_rules import NEEDS_REASON
from tests.make import (
    REASON,
    STEPS,
    VALUES,
    build_claim,
    make_category,
    make_claim,
    make_criterion,
    make_framework,
    make_source,
    make_user,
)

pytestmark = pytest.mark.django_db

DIGEST = {"text_sha256": "a" * 64, "text_length": 4}
OWN_FIELDS = {"id", "statement", "history_id", "created_at", "published_at", "history_date"}


def make_claim_by_transitions(state: ClaimState, **fields: Any) -> Claim:
    claim = build_claim(**fields)
    claim.full_clean()
    claim.save()
    for step in STEPS[state]:
        claim.transition(step, reason=REASON if step in NEEDS_REASON else "")
    return Claim.objects.get(pk=claim.pk)


def comparable(row: Any, first_edition: int) -> dict[str, Any]:
    """A row's fields; keys and times, which differ, only by whether they are set, and editions by their distance.

    What is made at once leaves verdicts, and so the signing of history, to the next edition that is published.
    """
    names = [field.attname for field in row._meta.concrete_fields if field.name != "history_edition"]
    fields = {name: getattr(row, name) for name in names}
    fields = {name: value is not None if name in OWN_FIELDS else value for name, value in fields.items()}
    if fields.get("updated_edition"):
        fields["updated_edition"] -= first_edition
    return fields


def written(make: Any, state: ClaimState, **fields: Any) -> dict[str, Any]:
    """All that a way to make a claim writes, and the claim that it returns."""
    first = Edition.objects.current().number
    claim = make(state, **fields)
    editions = Edition.objects.filter(number__gt=first).order_by("number")
    return {
        "row": comparable(Claim.objects.get(pk=claim.pk), first),
        "history": [comparable(row, first) for row in claim.history.order_by("history_id")],
        "editions": [
            (edition.number - first, edition.by, edition.summary.replace(f"(claim {claim.pk})", "(claim N)"))
            for edition in editions
        ],
        "returned": comparable(claim, first),
    }


@pytest.mark.parametrize("kind", VALUES)
@pytest.mark.parametrize("state", list(ClaimState))
def test_a_claim_made_at_once_leaves_the_same_rows(state, kind) -> None:
    cell = {"framework": make_framework(), "criterion": make_criterion(kind), "source": make_source()}
    more = {"start": 5, "end": 9, "quote": "Said so", "section": "Top", "created_by": make_user("Contributor")}
    for fields in (cell, cell | more):
        with Batch.objects.open("Making"):
            step_by_step = written(make_claim_by_transitions, state, **fields)
            Claim.objects.update(start=1, end=2)  # makes room at the same place
            assert written(make_claim, state, **fields) == step_by_step
        Claim.objects.all().delete()


@pytest.mark.parametrize(
    ("model", "make", "fields"),
    [
        (Framework, make_framework, {"name": "Alpha", "aliases": "A\r\n\r\n a "}),
        (Category, make_category, {"name": "Speed"}),
        (Criterion, make_criterion, {"name": "Speed", "synonyms": "fast\r\nfast", "question": "?", "kind": "rating"}),
        (Source, make_source, {"title": "Blog", "kind": "vendor"}),
        (Source, make_source, {"title": "Blog", "kind": "vendor", "text": "Text", **DIGEST}),
    ],
    ids=["framework", "category", "criterion", "source", "source with a text"],
)
def test_other_rows_have_the_history_that_saving_writes(model, make, fields) -> None:
    fields |= {"category": make_category()} if model is Criterion else {}
    rows = []
    for make_row in (lambda **values: model.objects.create(slug="x", **values), partial(make, slug="x")):
        row = make_row(**fields)
        rows.append([comparable(row, 0), comparable(model.objects.get(), 0), comparable(row.history.get(), 0)])
        model.objects.all().delete()
    assert rows[0] == rows[1]


def test_a_claim_is_made_in_few_queries() -> None:
    cell = {"framework": make_framework(), "criterion": make_criterion(), "source": make_source()}
    with CaptureQueriesContext(connection) as queries:
        make_claim(**cell)
    assert len(queries) <= 5

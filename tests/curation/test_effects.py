from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from comparison.curation.effects import effect_of_check, effect_of_claim
from comparison.evidence import Finding, State
from comparison.models import Claim, ClaimState, Criterion, Framework
from tests.admin_site import form_data
from tests.make import make_claim, make_criterion, make_framework, make_source

pytestmark = pytest.mark.django_db


@pytest.fixture
def cell() -> dict[str, object]:
    return {"framework": make_framework("One"), "criterion": make_criterion("rating")}


def test_an_unpublished_claim_shows_its_effect(cell) -> None:
    make_claim(**cell, level=2)
    draft = make_claim(ClaimState.DRAFT, **cell, level=-1)
    effect = effect_of_claim(draft)
    assert effect.before.verdict.state is State.ONE_SOURCE
    assert effect.after.verdict.state is State.DISPUTED
    assert effect.changes_verdict
    assert effect.summary_before == "Strong +1.00, strength 0.50, one source"
    assert effect.summary_after == "Good +0.25, strength 0.67, disputed"  # (2·1 − 2·½) / 4, and 4 / (4 + 2)


def test_an_unsaved_claim_counts_as_one_more(cell) -> None:
    source = make_source()
    claim = Claim(**cell, source=source, statement="x", level=2)
    effect = effect_of_claim(claim)
    assert effect.before.verdict.state is State.NO_EVIDENCE
    assert effect.summary_after == "Strong +1.00, strength 0.50, one source"
    assert claim.pk is None
    assert effect.references[source.pk].number == 1


def test_a_published_claim_withdrawn_leaves_the_rest(cell) -> None:
    claim = make_claim(**cell, level=2)
    effect = effect_of_claim(claim, counts=False)
    assert effect.before.verdict.is_known
    assert effect.after.verdict.state is State.NO_EVIDENCE


def test_a_check_shows_its_effect_before_it_is_recorded(cell) -> None:
    claim = make_claim(**cell, level=2)
    make_claim(**cell, level=-2)
    effect = effect_of_check(claim, Finding.FALSE)
    assert effect.before.verdict.state is State.DISPUTED
    assert effect.after.verdict.state is State.ONE_SOURCE
    assert effect.after.verdict.set_aside == (claim.pk,)
    assert not effect_of_check(claim, Finding.CONFIRMED).changes_verdict


def test_effects_take_as_many_queries_at_any_size(cell) -> None:
    costs = []
    for _ in range(2):
        for _ in range(5):
            claim = make_claim(**cell, level=1)
        claim = Claim.objects.with_names().get(pk=claim.pk)
        with CaptureQueriesContext(connection) as queries:
            effect_of_claim(claim)
        costs.append(len(queries))
    assert costs[0] == costs[1] <= 6


def change_page(row: Framework | Criterion) -> str:
    return reverse(f"admin:comparison_{row._meta.model_name}_change", args=[row.pk])


def test_the_second_of_two_editors_sees_what_the_first_changed() -> None:
    first, second = Client(), Client()
    first.force_login(User.objects.create_superuser("first", password="x"))
    second.force_login(User.objects.create_superuser("second", password="x"))
    framework = make_framework("One", tagline="Old")
    address = change_page(framework)
    theirs = form_data(second, address, tagline="Theirs")
    assert first.post(address, form_data(first, address, tagline="Mine")).status_code == 302
    response = second.post(address, theirs)
    html = response.content.decode()
    assert response.status_code == 200
    assert "was “Old”, is now “Mine” (first" in html
    assert 'value="Theirs"' in html
    framework.refresh_from_db()
    assert framework.tagline == "Mine"
    form = response.context["adminform"].form
    data = theirs | {"version": form["version"].value()}
    assert second.post(address, data).status_code == 302
    framework.refresh_from_db()
    assert framework.tagline == "Theirs"
    assert [entry.tagline for entry in framework.history.all()] == ["Theirs", "Mine", "Old"]


def test_fields_the_second_did_not_touch_keep_the_firsts_changes() -> None:
    first, second = Client(), Client()
    first.force_login(User.objects.create_superuser("first", password="x"))
    second.force_login(User.objects.create_superuser("second", password="x"))
    claim, other = make_claim(level=1, statement="Old"), make_framework("Other")
    address = reverse("admin:comparison_claim_change", args=[claim.pk])
    theirs = form_data(second, address, statement="Theirs")
    data = form_data(first, address, level=-2, framework=other.pk, quote="As it stands")
    assert first.post(address, data).status_code == 302
    response = second.post(address, theirs)
    assert response.status_code == 200
    assert "What you left alone now shows what is stored" in response.content.decode()
    form = response.context["adminform"].form
    assert form["statement"].value() == "Theirs"
    assert (
        second.post(address, {name: form[name].value() or "" for name in form.fields} | inlines(theirs)).status_code
        == 302
    )
    claim.refresh_from_db()
    assert (claim.statement, claim.level, claim.framework, claim.quote) == ("Theirs", -2, other, "As it stands")


def inlines(data: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in data.items() if "-" in name}

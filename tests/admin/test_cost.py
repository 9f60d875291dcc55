"""What a page of the admin costs does not grow with what it shows."""

from collections.abc import Callable

import pytest
from django.db import connection, models
from django.test import Client
from django.test.utils import CaptureQueriesContext

from comparison.models import Profile
from tests.admin_site import as_admin, form_data, url
from tests.make import make_category, make_check, make_claim, make_criterion, make_framework, make_user

pytestmark = pytest.mark.django_db


def profile(size: int) -> models.Model:
    made = Profile.objects.create(slug=f"p{size}", name=f"P{size}", description="d")
    for _ in range(size):
        made.weights.create(criterion=make_criterion(), weight=1)
    return made


def framework(size: int) -> models.Model:
    made = make_framework()
    for _ in range(size):
        made.not_applicable.create(criterion=make_criterion(), reason="It has none.")
        make_claim(framework=made)
    return made


def criterion(size: int) -> models.Model:
    made = make_criterion()
    for _ in range(size):
        make_claim(criterion=made)
        make_framework().not_applicable.create(criterion=made, reason="It has none.")
    return made


def category(size: int) -> models.Model:
    made = make_category()
    for _ in range(size):
        make_criterion(category=made)
    return made


def claim(size: int) -> models.Model:
    made = make_claim()
    for number in range(size):
        make_check(made, by=make_user(), evidence=f"https://example.org/{number}")
    return made


def cost(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as found:
        assert client.get(address).status_code == 200
    return len(found)


@pytest.mark.parametrize("make", [profile, framework, criterion, category, claim])
def test_a_form_costs_the_same_with_many_rows_below_it(make: Callable[[int], models.Model]) -> None:
    client = as_admin()
    client.get(url(make.__name__, "add"))  # what is asked once in the life of a process
    few, many = (cost(client, url(make.__name__, "change", make(size).pk)) for size in (3, 20))
    assert few == many <= 16


def test_a_row_below_a_form_shows_what_was_chosen_and_takes_another() -> None:
    client, kept = as_admin(), Profile.objects.create(slug="p", name="P", description="d")
    first, second = make_criterion(name="First"), make_criterion(name="Second")
    kept.weights.create(criterion=first, weight=1)
    address = url("profile", "change", kept.pk)
    assert f'<option value="{first.pk}" selected>First</option>' in client.get(address).content.decode()
    sent = form_data(client, address, **{"weights-0-criterion": second.pk, "weights-0-weight": 9})
    assert f'<option value="{second.pk}" selected>Second</option>' in client.post(address, sent).content.decode()
    assert client.post(address, sent | {"weights-0-weight": 2}).status_code == 302
    assert kept.weights.get().criterion == second

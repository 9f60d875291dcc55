"""The number of queries of an admin form does not grow with the number of rows below it."""

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
    row = Profile.objects.create(slug=f"p{size}", name=f"P{size}", description="d")
    for _ in range(size):
        row.weights.create(criterion=make_criterion(), weight=1)
    return row


def framework(size: int) -> models.Model:
    row = make_framework()
    for _ in range(size):
        row.not_applicable.create(criterion=make_criterion(), reason="It has none.")
        make_claim(framework=row)
    return row


def criterion(size: int) -> models.Model:
    row = make_criterion()
    for _ in range(size):
        make_claim(criterion=row)
        row.related.add(make_criterion())
        make_framework().not_applicable.create(criterion=row, reason="It has none.")
    return row


def category(size: int) -> models.Model:
    row = make_category()
    for _ in range(size):
        make_criterion(category=row)
    return row


def claim(size: int) -> models.Model:
    row = make_claim()
    for number in range(size):
        make_check(row, by=make_user(), evidence=f"https://example.org/{number}")
    return row


def query_count(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    return len(queries)


@pytest.mark.parametrize("make", [profile, framework, criterion, category, claim])
def test_a_form_takes_the_same_number_of_queries_with_many_rows_below_it(make: Callable[[int], models.Model]) -> None:
    client = as_admin()
    client.get(url(make.__name__, "add"))  # runs the queries that Django caches in the process
    few, many = (query_count(client, url(make.__name__, "change", make(size).pk)) for size in (3, 20))
    assert few == many <= 16


def test_a_row_below_a_form_shows_its_choice_and_accepts_another() -> None:
    client, profile = as_admin(), Profile.objects.create(slug="p", name="P", description="d")
    first, second = make_criterion(name="First"), make_criterion(name="Second")
    profile.weights.create(criterion=first, weight=1)
    address = url("profile", "change", profile.pk)
    assert f'<option value="{first.pk}" selected>First</option>' in client.get(address).content.decode()
    data = form_data(client, address, **{"weights-0-criterion": second.pk, "weights-0-weight": 9})
    assert f'<option value="{second.pk}" selected>Second</option>' in client.post(address, data).content.decode()
    assert client.post(address, data | {"weights-0-weight": 2}).status_code == 302
    assert profile.weights.get().criterion == second

"""Edition numbers repeat after an older copy of the database was put back; nothing kept before may then be shown."""

from collections.abc import Iterator
from contextlib import contextmanager
from xml.etree import ElementTree

import pytest
from django.core.cache import cache
from django.db import transaction

from comparison.models import Edition
from tests.make import make_claim, make_criterion, make_framework

ATOM = "{http://www.w3.org/2005/Atom}"
pytestmark = pytest.mark.django_db


@contextmanager
def undone() -> Iterator[None]:
    """What is written inside is as if an older copy of the database had been put back."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.mark.parametrize("path", ["/claims/", "/claims.csv", "/api/v1/claims/"])
def test_neither_the_cache_nor_a_304_shows_the_undone_future(client, path) -> None:
    framework, criterion = make_framework(), make_criterion()
    with undone():
        make_claim(framework=framework, criterion=criterion, statement="Withdrawn")
        undone_edition, response = Edition.objects.current(), client.get(path)
        assert "Withdrawn" in response.content.decode()
    make_claim(framework=framework, criterion=criterion, statement="Said instead")
    assert Edition.objects.current().number == undone_edition.number
    for headers in ({}, {"If-None-Match": response.headers["ETag"]}):
        text = client.get(path, headers=headers).content.decode()
        assert ("Said instead" in text, "Withdrawn" in text) == (True, False)


def test_a_new_database_beside_an_old_cache_shows_nothing_old(client) -> None:
    framework = make_framework("Remembered")
    assert framework.name in client.get("/frameworks/").content.decode()
    framework.delete()
    Edition.objects.all().delete()
    Edition.objects.create(number=0)
    assert framework.name not in client.get("/frameworks/").content.decode()


def test_a_kept_answer_never_takes_the_address_of_an_undone_one(client, two) -> None:
    addresses = []
    for _ in range(2):
        with undone():
            Edition.objects.publish("again")
            addresses.append(client.post("/recommend/keep/?profile=quick").headers["Location"])
    assert len(set(addresses)) == 2


def test_feed_readers_take_a_repeated_edition_for_a_new_entry(client) -> None:
    ids = []
    for _ in range(2):
        with undone():
            Edition.objects.publish("again")
            feed = ElementTree.fromstring(client.get("/changes/feed/").content)
            ids.append([entry.findtext(f"{ATOM}id") for entry in feed.findall(f"{ATOM}entry")])
    (first, zero), (second, same_zero) = ids
    assert (zero, first == second) == (same_zero, False)


def test_each_edition_costs_no_more_queries_for_its_token(client, django_assert_num_queries) -> None:
    client.get("/about/")
    with django_assert_num_queries(1):
        client.get("/about/")
    cache.clear()
    with django_assert_num_queries(1):
        client.get("/about/")

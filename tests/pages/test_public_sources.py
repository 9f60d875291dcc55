"""Sources appear with their first published claim, not when somebody stores them."""

import pytest
from django.test import Client

from comparison.models import ClaimState, Edition, Source
from tests.make import make_claim, make_framework, make_measurement, make_part, make_source
from tests.reading import page

pytestmark = pytest.mark.django_db

LISTS = [
    "/sources/",
    "/sources.json",
    "/sources.csv",
    "/api/v1/sources/",
    "/sitemap.xml",
    "/search/?q=unheard",
    "/claims/",
]
PAGES = ["/sources/unheard/", "/sources/unheard.json", "/api/v1/sources/unheard/"]


def published() -> None:
    Edition.objects.publish("Something else")


@pytest.mark.parametrize("state", [None, ClaimState.DRAFT, ClaimState.SUBMITTED, ClaimState.REJECTED])
def test_a_source_without_a_published_claim_is_nowhere(state) -> None:
    source = make_source("Unheard")
    if state:
        make_claim(state, source=source)
    published()
    client = Client()
    for address in LISTS:
        text = page(client, address)
        found = [mark for mark in ("sources/unheard", '"slug": "unheard"', 'option value="unheard"') if mark in text]
        assert found == [], address
    for address in PAGES:
        response = client.get(address)
        assert response.status_code == 404
        assert "Unheard" not in response.content.decode()


def test_its_first_published_claim_shows_it_for_good() -> None:
    source = make_source("Unheard")
    claim = make_claim(source=source)
    client = Client()
    for address in LISTS[:6]:
        assert "unheard" in page(client, address), address
    for address in PAGES:
        page(client, address)
    claim.transition(ClaimState.RETRACTED, reason="Wrong")
    page(client, "/sources/unheard/")
    assert Source.objects.public().get() == source


def test_wholes_parts_origins_and_runs_are_public_with_what_speaks_for_them() -> None:
    manual = make_source("Manual", kind="documentation", framework=make_framework())
    spoken, silent = make_part(manual, "Spoken"), make_part(manual, "Silent")
    origin = make_source("Origin")
    copy = make_source("Copy", repeats=origin)
    make_claim(source=spoken)
    make_claim(source=copy)
    measurement = make_measurement()
    public = set(Source.objects.public())
    assert public >= {manual, spoken, origin, copy, measurement.part, measurement.part.part_of}
    assert silent not in public

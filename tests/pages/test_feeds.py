"""Feeds of comparisons, frameworks and criteria: which verdicts changed, newest first."""

from xml.etree import ElementTree

import pytest
from django.core.cache import cache

from comparison.models import ClaimState, Edition, FormerCriterion, NotApplicable
from tests.make import make_claim, make_criterion, make_framework, rebuild_verdicts
from tests.reading import page

pytestmark = pytest.mark.django_db

ATOM = "{http://www.w3.org/2005/Atom}"
FEEDS = {
    "/compare/alpha-vs-beta/": "/compare/alpha-vs-beta.atom",
    "/compare/alpha-vs-beta/?view=compact": "/compare/alpha-vs-beta.atom",
    "/frameworks/alpha/": "/frameworks/alpha.atom",
    "/criteria/speed/": "/criteria/speed.atom",
}


def entries(client, address: str) -> list[ElementTree.Element]:
    return ElementTree.fromstring(page(client, address)).findall(f"{ATOM}entry")


def titles(client, address: str) -> list[str | None]:
    return [entry.findtext(f"{ATOM}title") for entry in entries(client, address)]


@pytest.fixture
def catalogue() -> dict[str, object]:
    alpha, beta, speed = make_framework("Alpha"), make_framework("Beta"), make_criterion(name="Speed")
    parts = make_criterion("feature", "Parts")
    users, size = make_criterion("list", "Users"), make_criterion("figure", "Size", unit="MB")
    make_claim(framework=alpha, criterion=parts, support="built-in")
    make_claim(framework=alpha, criterion=users, item="Somebody")
    make_claim(framework=alpha, criterion=size, low=3, high=3)
    make_claim(framework=beta, criterion=speed, level=-2)
    make_claim(ClaimState.DRAFT, framework=beta, criterion=parts, support="none")
    NotApplicable.objects.create(framework=beta, criterion=users, reason="It has none.")
    rebuild_verdicts()
    claim = make_claim(ClaimState.SUBMITTED, framework=alpha, criterion=speed, level=2)
    claim.transition(ClaimState.PUBLISHED)
    return {"alpha": alpha, "beta": beta, "speed": speed, "claim": claim}


def test_what_changed_last_comes_first(client, catalogue) -> None:
    all_titles = [
        "Alpha, Speed: Strong",
        "Alpha, Parts: Built in",
        "Alpha, Size: 3 MB",
        "Alpha, Users: 1 claim",
        "Beta, Speed: Poor",
        "Beta, Users: Not applicable",
    ]
    found = titles(client, "/compare/alpha-vs-beta.atom")
    assert (found[0], sorted(map(str, found))) == (all_titles[0], sorted(all_titles))
    assert titles(client, "/frameworks/beta.atom") == ["Beta, Speed: Poor", "Beta, Users: Not applicable"]
    assert titles(client, "/criteria/speed.atom") == ["Alpha, Speed: Strong", "Beta, Speed: Poor"]
    catalogue["claim"].transition(ClaimState.RETRACTED, reason="It never said so.")
    assert titles(client, "/criteria/speed.atom") == ["Beta, Speed: Poor"]


def test_a_feed_ends_after_the_newest(client, catalogue, monkeypatch) -> None:
    addresses = ["/compare/alpha-vs-beta.atom", "/frameworks/alpha.atom", "/criteria/speed.atom", "/changes/feed/"]
    whole = [titles(client, address) for address in addresses]
    cache.clear()
    monkeypatch.setattr("comparison.views.readers.feeds.FEED_LENGTH", 1)
    assert [titles(client, address) for address in addresses] == [found[:1] for found in whole]
    assert all(len(found) > 1 for found in whole)


def test_entries_lead_to_rows_and_have_names_that_last(client, catalogue, settings) -> None:
    number = Edition.objects.current().number
    first, *_ = entries(client, "/compare/alpha-vs-beta.atom")
    assert first.find(f"{ATOM}link").get("href") == "http://testserver/compare/alpha-vs-beta/speed/"
    assert first.findtext(f"{ATOM}summary").startswith(f"One source, 1 claim, as of edition {number}: ")
    alone, *_ = entries(client, "/criteria/speed.atom")
    assert alone.find(f"{ATOM}link").get("href") == "http://testserver/compare/alpha/speed/"
    assert alone.findtext(f"{ATOM}id") == first.findtext(f"{ATOM}id")
    settings.ALLOWED_HOSTS = ["a.example", "b.example"]
    feeds = [client.get("/criteria/speed.atom", headers={"host": host}).content for host in settings.ALLOWED_HOSTS]
    ids = [[element.text for element in ElementTree.fromstring(feed).iter(f"{ATOM}id")] for feed in feeds]
    assert ids[0] == ids[1]
    settings.ALLOWED_HOSTS = ["testserver"]
    everything = [page(client, address) for address in {*FEEDS.values(), "/changes/feed/"}]
    assert len({ElementTree.fromstring(feed).findtext(f"{ATOM}id") for feed in everything}) == len(everything)
    make_claim(ClaimState.SUBMITTED, framework=catalogue["alpha"], criterion=catalogue["speed"], level=2).transition(
        ClaimState.PUBLISHED
    )
    assert entries(client, "/criteria/speed.atom")[0].findtext(f"{ATOM}id") != alone.findtext(f"{ATOM}id")


def test_pages_name_their_feeds(client, catalogue) -> None:
    for address, feed in FEEDS.items():
        html = page(client, address)
        link = f'<link rel="alternate" type="application/atom+xml" title="Verdicts that change here" href="{feed}">'
        assert html.count(link) == 1, address
        assert html.count(f'<a href="{feed}">') == 1, address
        assert client.get(feed).headers["Content-Type"] == "application/atom+xml; charset=utf-8"
    assert "Verdicts that change here" not in page(client, "/")


def test_feeds_of_what_is_not_there_are_not_found_and_moved_ones_lead_on(client, catalogue) -> None:
    for address in ("/compare/alpha-vs-none.atom", "/frameworks/none.atom", "/criteria/none.atom"):
        page(client, address, 404)
    FormerCriterion.objects.create(slug="pace", criterion=catalogue["speed"])
    for old, present in (
        ("/compare/beta-vs-alpha.atom", "/compare/alpha-vs-beta.atom"),
        ("/criteria/pace.atom", "/criteria/speed.atom"),
    ):
        response = client.get(old)
        assert (response.status_code, response.headers["Location"]) == (301, present)


def test_a_name_with_odd_signs_breaks_no_feed(client) -> None:
    make_claim(framework=make_framework("A<b>&\u202ex", slug="odd"), criterion=make_criterion(name="C\x0bd", slug="cd"))
    rebuild_verdicts()
    assert titles(client, "/frameworks/odd.atom") == ["A<b>&x, C d: Good"]


def test_verdicts_of_an_earlier_edition_are_not_told(client, catalogue) -> None:
    Edition.objects.update(has_verdicts=False)
    Edition.objects.create(number=99)
    assert titles(client, "/criteria/speed.atom") == []

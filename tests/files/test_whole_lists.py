"""Lists as files: whole, or their first line says what they leave out; addresses in them are whole."""

import re
from html import unescape

import pytest

from comparison.models import Claim
from comparison.views import browse
from tests.make import make_claim, make_framework
from tests.reading import page
from tests.site_routes import make_catalogue

pytestmark = pytest.mark.django_db

LISTS = ("frameworks", "criteria", "sources", "sources/alpha", "claims", "checks", "experiments", "disputes")
PAGES = ["/compare/alpha-vs-beta/", "/compare/alpha-vs-beta/alpha/", "/criteria/alpha/"]
PAGES += [f"/{name}/" for name in LISTS]


def text(client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


@pytest.fixture
def many() -> int:
    first = make_claim(start=0, end=9999)
    cell = {"framework": first.framework, "criterion": first.criterion, "source": first.source, "state": "published"}
    Claim.objects.bulk_create(Claim(start=1 + at, end=9999, statement="x", level=1, **cell) for at in range(600))
    return 601


def test_a_file_holds_every_claim(client, many) -> None:
    for stem in ("/claims", f"/sources/{Claim.objects.earliest('pk').source.slug}"):
        assert len(text(client, f"{stem}.csv").splitlines()) == 1 + many
        assert text(client, f"{stem}.md").count("\n| ") == 1 + many
        data = client.get(f"{stem}.json").json()
        assert (len(data["results"]), data["count"], data["next"]) == (many, many, None)


def test_a_list_that_is_too_long_says_in_its_first_line_what_it_leaves_out(client, many, monkeypatch) -> None:
    monkeypatch.setattr(browse, "MAX_EXPORTED", 600)
    first = "Only 1 to 500 of 601; the next are at http://testserver/claims.{}?page=2"
    assert text(client, "/claims.csv").lstrip("\ufeff").splitlines()[0] == "# " + first.format("csv")
    assert text(client, "/claims.md").splitlines()[0] == first.format("md")
    last = text(client, "/claims.csv?page=2").lstrip("\ufeff").splitlines()
    assert (last[0], len(last)) == ("# Only 501 to 601 of 601", 2 + 101)
    assert client.get("/claims.json").json()["next"] == "http://testserver/claims.json?page=2"


def test_addresses_in_files_are_whole(client) -> None:
    make_catalogue()
    for name in LISTS:
        for row in client.get(f"/{name}.json").json()["results"]:
            assert row["url"].startswith("http://testserver/"), name
        for ending in ("csv", "md"):
            assert not re.search(r"(?:^|[,| ])/(?:claims|criteria|compare|sources)/", text(client, f"/{name}.{ending}"))


def test_disputes_come_as_files(client) -> None:
    first = make_claim(framework=make_framework("Alpha"), level=2)
    make_claim(framework=first.framework, criterion=first.criterion, level=-2)
    data = client.get("/disputes.json").json()
    assert data["count"] == len(data["results"]) > 0
    assert data["results"][0]["url"].startswith("http://testserver/compare/alpha/")
    assert len(text(client, "/disputes.csv").splitlines()) == 1 + data["count"]
    assert "/disputes.md" in page(client, "/disputes/")


@pytest.mark.parametrize("address", PAGES)
def test_a_page_names_the_files_that_hold_the_same(client, address) -> None:
    make_catalogue()
    html = page(client, address)
    links = re.findall(r'<link rel="alternate" type="([^"+]+)" title="[\w ]+" href="([^"]+)">', html)
    shapes = ["text/csv", "text/markdown"] if address == PAGES[0] else []
    assert [media_type for media_type, _ in links] == ["text/csv", "application/json", "text/markdown", *shapes]
    for media_type, url in links:
        assert client.get(unescape(url)).headers["Content-Type"].startswith(media_type)


def test_the_filters_of_a_page_are_those_of_its_files(client) -> None:
    make_catalogue()
    assert '<link rel="alternate" type="text/csv" title="CSV" href="/claims.csv?kind=rating">' in page(
        client, "/claims/?kind=rating&zz=1"
    )


def test_pages_without_files_name_none(client) -> None:
    for address, status in (("/", 200), ("/about/", 200), ("/compare/nobody/", 404)):
        assert '<link rel="alternate" type="text/csv"' not in page(client, address, status)

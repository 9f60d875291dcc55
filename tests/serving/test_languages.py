"""The language is in the address; only the front page asks what the browser prefers."""

import re
from urllib.parse import urlsplit

import pytest

from comparison.serving.languages import path_in_language, preferred_language
from tests.reading import Links, answered, page
from tests.site_routes import make_catalogue

HOST = "http://testserver"
WITHOUT_LANGUAGE = re.compile(r"/(static|admin|api|changes/feed)/|.*\.(csv|json|md|xlsx|atom|svg)$")


@pytest.mark.parametrize(
    ("accepted", "language"),
    [
        ("", "en"),
        ("de", "de"),
        ("de-AT,de;q=0.9,en;q=0.5", "de"),
        ("en-GB, de", "en"),
        ("fr, es;q=0.4, de;q=0.6", "de"),
        ("de;q=0, es;q=0.1", "es"),
        ("DE ; Q=0.3 , es-419 ; q=0.300", "de"),
        ("*, de;q=0.1", "de"),
        ("ar, fr", "en"),
        ("deutsch", "en"),
        ("de;q=high", "en"),
        (";;,,=" * 200 + ",de", "en"),
    ],
)
def test_a_browser_gets_the_language_that_it_likes_best(accepted, language) -> None:
    assert preferred_language(accepted) == language


def test_an_address_has_one_twin_in_each_language() -> None:
    for path in ("/", "/compare/", "/compare/a-vs-b/", "/de-facto/"):
        german = f"/de{path}"
        assert (path_in_language(path, "de"), path_in_language(german, "de")) == (german, german)
        assert path_in_language(german, "en") == path_in_language(path, "en") == path
        assert path_in_language(german, "es") == f"/es{path}"


@pytest.mark.django_db
def test_the_front_page_is_kept_for_readers_of_english_alone(client) -> None:
    german = {"HTTP_ACCEPT_LANGUAGE": "de"}
    english = client.get("/")
    assert 'lang="en"' in english.content.decode()
    assert english.headers["Vary"] == "Accept-Encoding, Accept-Language"
    for _ in range(2):
        redirect = client.get("/", HTTP_IF_NONE_MATCH=english.headers["ETag"], **german)
        assert (redirect.status_code, redirect.headers["Location"]) == (302, "/de/")
        assert (redirect.headers["Vary"], redirect.headers["Cache-Control"]) == ("Accept-Language", "no-store")
        assert answered(client.get("/")) == answered(english)
    unchanged = client.get("/", HTTP_IF_NONE_MATCH=english.headers["ETag"])
    assert (unchanged.status_code, unchanged.headers["Vary"]) == (304, english.headers["Vary"])
    for path, language in (("/en/", "en"), ("/de/", "de"), ("/es/", "es"), ("/compare/", "en")):
        response = client.get(path, **german)
        assert (response.status_code, response.headers["Vary"]) == (200, "Accept-Encoding")
        assert f'<html lang="{language}" dir="ltr">' in response.content.decode()
        assert answered(client.get(path, HTTP_ACCEPT_LANGUAGE="es")) == answered(response)


@pytest.mark.django_db
def test_a_german_page_leads_to_german_pages_and_to_files(client) -> None:
    make_catalogue()
    html = page(client, "/de/compare/alpha-vs-beta/?show=disputed&utm_source=x")
    paths = {urlsplit(link).path for link in _links(html) if link.startswith("/")}
    twins = {path_in_language("/compare/alpha-vs-beta/", language) for language in ("en", "es")}
    assert {path for path in paths - twins if not path.startswith("/de/")} == set(filter(WITHOUT_LANGUAGE.match, paths))
    assert set(re.findall(r'hreflang="([^"]+)" href="([^"]+)"', html)) == {
        ("de", f"{HOST}/de/compare/alpha-vs-beta/"),
        ("en", f"{HOST}/compare/alpha-vs-beta/"),
        ("es", f"{HOST}/es/compare/alpha-vs-beta/"),
        ("x-default", f"{HOST}/compare/alpha-vs-beta/"),
    }
    assert f'<link rel="canonical" href="{HOST}/de/compare/alpha-vs-beta/">' in html
    assert "/es/compare/alpha-vs-beta/?show=disputed" in _links(html)


def _links(html: str) -> set[str]:
    links = Links()
    links.feed(html)
    return links.found


@pytest.mark.django_db
def test_an_unknown_name_stands_between_the_quotation_marks_of_the_language(client) -> None:
    assert "„alpha“, „beta“" in page(client, "/de/compare/alpha-vs-beta/", 404)
    assert "“alpha”, “beta”" in page(client, "/compare/alpha-vs-beta/", 404)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "path", ["/fr/", "/fr/compare/", "/ar/", "/de-at/compare/", "/de/api/v1/", "/de/claims.csv", "/DE/"]
)
def test_there_is_no_page_in_a_language_that_does_not_exist(client, path) -> None:
    html = page(client, path, 404)
    assert "hreflang" not in html
    assert re.search(r'<a href="(/de)?/compare/">', html)

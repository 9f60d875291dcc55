"""What each page says of itself to search engines and to those who share or cite it."""

import json
import re
from html import unescape
from xml.etree import ElementTree

import pytest
from django.urls import reverse

from comparison.files.exports.citing import CitedPage
from comparison.models import CellVerdict, Claim, Edition, Profile, ProfileWeight
from comparison.views.sitemap import FIXED_PAGES
from tests.make import fill, make_claim, make_criterion, make_framework, make_source, rebuild_verdicts
from tests.reading import page, queries
from tests.site_routes import make_catalogue, routes

pytestmark = pytest.mark.django_db

HOST = "http://testserver"
SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
CANONICAL = {  # of addresses with parameters
    "/compare/alpha-vs-beta/?category=alpha&show=disputed": "/compare/alpha-vs-beta/",
    "/compare/alpha-vs-beta/?view=compact": "/compare/alpha-vs-beta/",
    "/compare/alpha-vs-beta/?utm_source=mail": "/compare/alpha-vs-beta/",
    "/compare/?pick=alpha": "/compare/",
    "/claims/?kind=rating": "/claims/",
    "/claims/?kind=rating&page=1": "/claims/",
    "/claims/?page=1": "/claims/",
    "/claims/?page=": "/claims/",
    "/search/?q=alpha": "/search/?q=alpha",
    "/recommend/?must=alpha&w.alpha=1": "/recommend/?w.alpha=1&must=alpha",
    "/recommend/alpha/?framework=beta&framework=alpha": "/recommend/alpha/",
}


def head(html: str) -> dict[str, str]:
    found = dict(re.findall(r'<meta (?:name|property)="([^"]+)" content="([^"]*)">', html))
    found["canonical"] = "".join(re.findall(r'<link rel="canonical" href="([^"]+)">', html))
    found["title"] = re.findall(r"<title>(.*?)</title>", html)[0]
    return {name: unescape(text) for name, text in found.items()}


def html_pages() -> list[str]:
    pages = (route.path() for route in routes() if hasattr(route.view, "params") and ":" not in route.name)
    others = ("/changes/feed/", "/compare/alpha-vs-beta/embed/", "/report", "/en/")  # these are not for search engines
    return sorted({path for path in pages if path.endswith("/") and not path.startswith(others)})


def test_search_engines_keep_no_forms_of_reports(client) -> None:
    claim = make_claim()
    html = page(client, f"/report/claim/{claim.pk}/")
    assert '<meta name="robots" content="noindex">' in html
    assert "Cite this page" not in html


def test_every_page_has_a_title_a_description_and_an_address_of_its_own(client) -> None:
    make_catalogue()
    heads = {path: head(page(client, path)) for path in html_pages()}
    assert len(heads) > 20
    for path, own in heads.items():
        assert own["canonical"] == HOST + path
        assert own["og:description"] == own["description"] == " ".join(own["description"].split()) != "", path
        assert own["og:title"], path
        if not path.startswith("/recommend/alpha"):  # shares its answer
            assert own["title"].startswith(f"{own['og:title']} –"), path
    assert len({own["description"] for own in heads.values()}) == len(heads)


def test_filters_lead_back_to_the_page_without_them(client) -> None:
    make_catalogue()
    found = {address: head(page(client, address))["canonical"].removeprefix(HOST) for address in CANONICAL}
    assert found == CANONICAL
    assert head(page(client, "/compare/nobody/", 404))["canonical"] == ""


def test_a_head_holds_any_text_unchanged(client) -> None:
    name = "\"A\" <b>&amp; 'x'</b> 100 %"
    framework = make_framework(name, slug="alpha")
    make_claim(framework=framework)
    html = page(client, "/frameworks/alpha/")
    assert head(html)["og:title"] == name
    assert name in head(html)["og:description"]
    assert f"<title>{name}" not in html


def lastmods(client) -> dict[str, str | None]:
    tree = ElementTree.fromstring(page(client, "/sitemap.xml"))
    return {url.findtext(f"{SITEMAP}loc").removeprefix(HOST): url.findtext(f"{SITEMAP}lastmod") for url in tree}


def test_the_sitemap_says_when_a_page_changed_last(client) -> None:
    alpha, beta, gamma = (make_framework(name) for name in ("Alpha", "Beta", "Gamma"))
    first, second = make_criterion(name="First"), make_criterion(name="Second")
    one, two = make_source("One"), make_source("Two")
    cells = [(alpha, first, one), (beta, second, two)]
    for framework, criterion, source in cells:
        make_claim(framework=framework, criterion=criterion, source=source)
    rebuild_verdicts()
    newest = Edition.objects.current().number
    for number, (framework, _, _) in enumerate(cells, newest - 1):
        CellVerdict.objects.filter(framework=framework).update(edition=number)
        Edition.objects.filter(number=number).update(at=f"2025-0{number - newest + 2}-01T12:00Z")
    days = lastmods(client)
    january, february = "2025-01-01", "2025-02-01"
    for path in ("/frameworks/alpha/", "/criteria/first/", "/sources/one/"):
        assert days[path] == january, path
    for path in ("/", "/frameworks/beta/", "/criteria/second/", "/sources/two/", "/compare/alpha-vs-beta/"):
        assert days[path] == february, path
    assert (days[gamma.get_absolute_url()], days["/about/"]) == (None, None)
    assert client.get("/sitemap.xml").headers["Content-Type"] == "application/xml"
    assert set(map(reverse, FIXED_PAGES)) < set(days)


def test_the_sitemap_names_each_page_in_each_language_as_its_head_does(client) -> None:
    make_claim(framework=make_framework("Alpha"))
    tree = ElementTree.fromstring(page(client, "/sitemap.xml"))
    links = {
        url.findtext(f"{SITEMAP}loc").removeprefix(HOST): {
            link.get("hreflang"): link.get("href") for link in url.iter("{http://www.w3.org/1999/xhtml}link")
        }
        for url in tree
    }
    for path in ("/", "/de/", "/frameworks/alpha/", "/es/frameworks/alpha/", "/de/methodology/"):
        in_head = re.findall(r'<link rel="alternate" hreflang="([^"]+)" href="([^"]+)"', page(client, path))
        assert links[path] == dict(in_head), path
        assert set(links[path]) == {"en", "de", "es", "x-default"}


def test_kinds_of_project_with_the_same_answer_are_told_apart(client) -> None:
    make_catalogue()
    profile = Profile.objects.get(slug="alpha")
    other = Profile.objects.create(slug="other", name="Another kind", description="d")
    other.weights.set(
        [ProfileWeight.objects.create(profile=other, criterion=row.criterion) for row in profile.weights.all()]
    )
    first, second = (head(page(client, f"/recommend/{slug}/"))["description"] for slug in ("alpha", "other"))
    assert first != second
    assert second.startswith("Another kind: ")


def test_parts_with_the_same_name_are_told_apart_by_their_sources(client) -> None:
    for title in ("Manual", "Guide"):
        whole = make_source(title, kind="documentation")
        make_claim(source=make_source("PKG-INFO", slug=f"part-{title.lower()}", part_of=whole, kind="documentation"))
    parts = [head(page(client, f"/sources/part-{name}/"))["description"] for name in ("manual", "guide")]
    assert len(set(parts)) == 2


def test_a_page_of_a_list_has_one_address_however_its_number_is_written(client) -> None:
    fill(2, 30)
    for query in ("page=2", "page=02", "page=1&page=2"):
        assert head(page(client, f"/claims/?{query}"))["canonical"] == f"{HOST}/claims/?page=2"
    claim = Claim.objects.first()
    page(client, f"/claims/{claim.pk}/")
    page(client, f"/claims/0{claim.pk}/", 404)


def test_an_answer_of_ones_own_names_itself_in_each_language(client) -> None:
    make_catalogue()
    for path in ("/recommend/?w.alpha=1", "/recommend/alpha/?w.alpha=1"):
        html = page(client, path)
        own = head(html)["canonical"].removeprefix(HOST)
        links = dict(re.findall(r'<link rel="alternate" hreflang="([^"]+)" href="([^"]+)"', unescape(html)))
        assert links == {name: f"{HOST}{'' if name in ('en', 'x-default') else '/' + name}{own}" for name in links}
        assert set(links) == {"en", "de", "es", "x-default"}


def test_the_sitemap_costs_the_same_at_any_size(client) -> None:
    costs = []
    for size in (2, 6):
        fill(size, 2 * size)
        costs.append(queries(client, "/sitemap.xml"))
    assert costs[0] == costs[1] <= 10


# How to cite a page.


def cited(client, address: str) -> tuple[str, str, dict[str, object]]:
    block = page(client, address).split('<details class="cite-page">')[1].split("</details>")[0]
    bibtex, csl = (unescape(text) for text in re.findall(r"<pre>(.*?)</pre>", block, re.DOTALL))
    (item,) = json.loads(csl)
    return unescape(re.findall(r"<p>(.*?)</p>", block, re.DOTALL)[0]), bibtex, item


def test_every_page_says_how_to_cite_it_as_text_bibtex_and_csl_json(client) -> None:
    make_catalogue()
    edition = Edition.objects.current()
    for path in html_pages():
        text, bibtex, item = cited(client, path)
        assert text.endswith(f" {HOST}{path}"), path
        assert f"url = {{{HOST}{path}}}" in bibtex, path
        assert (item["URL"], item["version"]) == (HOST + path, str(edition.number)), path
    text, bibtex, item = cited(client, "/compare/alpha-vs-beta/?show=disputed")
    day = f"{edition.at.day} {edition.at:%B %Y}"
    address = f"{HOST}/compare/alpha-vs-beta/?show=disputed"
    assert text == f"Crosscheck. “Alpha vs Beta.” Edition {edition.number}, {day}. {address}"
    assert bibtex.startswith(f"@misc{{crosscheck-alpha-vs-beta-{edition.number},\n  author = {{{{Crosscheck}}}},\n")
    assert item["issued"] == {"date-parts": [[edition.at.year, edition.at.month, edition.at.day]]}
    assert item["license"] == "https://spdx.org/licenses/MIT.html"
    assert "MIT licence" in page(client, "/about/")
    assert "cite-page" not in page(client, "/compare/nobody/", 404)


def test_bibtex_and_csl_json_hold_any_title(client) -> None:
    title = r'50% of {C#} & "x_y" \ ~^$ <b>'
    cited_page = CitedPage(title, "http://x.example/?a={1}&b=%7B", "Cross & check", Edition.objects.current())
    assert r"title = {{50\% of \{C\#\} \& " in cited_page.bibtex
    assert r"x\_y" in cited_page.bibtex
    assert r"\textbackslash{} \textasciitilde{}\textasciicircum{}\$ <b>}}" in cited_page.bibtex
    assert "url = {http://x.example/?a=%7B1%7D&b=%7B}" in cited_page.bibtex
    assert re.fullmatch(r"[a-z0-9-]+-0", cited_page.key)
    assert "“Why?” Edition 0, " in CitedPage("Why?", "", "", Edition.objects.current()).text
    assert json.loads(cited_page.csl_json)[0]["title"] == title
    framework = make_framework(title, slug="alpha")
    make_claim(framework=framework)
    assert cited(client, "/frameworks/alpha/")[2]["title"] == title

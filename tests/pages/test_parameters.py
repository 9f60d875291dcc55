"""Query parameters: a page knows some, and no others make a page of their own."""

import re
from collections.abc import Iterator
from html import unescape
from urllib.parse import urlencode

import pytest
from django.core.cache import cache
from django.db import transaction
from django.test import Client
from hypothesis import given, settings
from hypothesis import strategies as st

from comparison.models import Claim, FormerCriterion
from tests.make import make_claim
from tests.reading import answered, page
from tests.site_routes import HOLE_VALUES, Route, make_catalogue, routes

pytestmark = pytest.mark.django_db

NOT_CACHED = {"keep", "report-send", "report-state", "healthz", "readyz", "metrics", "api:None"}
ALL = {route.name: route for route in routes() if route.name not in NOT_CACHED}
PAGES = {name: route for name, route in ALL.items() if not name.startswith("api:")}
UNKNOWN = [
    "zz=1",
    "zz=2",
    "zz",
    "zz=1&zz=2",
    "page%20=2",
    "Page=2",
    "w=1",
    "W.alpha=3",
    "[]=1",
    "%C3%A9=%FF",
    "=1",
    "*=1",
]
# Two queries that a page must tell apart, by route and by each parameter that it knows.
TABLE_QUERIES = {
    "criterion": ("criterion=alpha", "criterion=beta"),
    "category": ("category=alpha", ""),
    "source": ("source=alpha", "source=beta"),
    "kind": ("kind=rating", "kind=list"),
    "show": ("show=disputed", "show=unknown"),
    "min_sources": ("min_sources=2", "min_sources=3"),
    "sort": ("sort=difference", ""),
    "order": ("order=alpha&order=beta", "order=beta&order=alpha"),
    "reference": ("reference=alpha", "reference=beta"),
    "open": ("open=alpha", "open=alpha&open=figure"),
    "differ": ("differ=alpha&differ=beta", ""),
    "view": ("view=compact", ""),
    "q": ("q=alpha", "q=xyz"),
    "profile": ("profile=alpha", "profile=alhpa"),
}
CLAIM_QUERIES = {
    "framework": ("framework=alpha", "framework=beta"),
    "criterion": ("criterion=alpha", "criterion=figure"),
    "category": ("category=alpha", "category=alhpa"),
    "source": ("source=alpha", "source=beta"),
    "kind": ("kind=list", "kind=fit"),
    "side": ("side=for", "side=against"),
    "finding": ("finding=misleading", "finding=none"),
    "q": ("q=says", "q=xyz"),
    "sort": ("sort=newest", "sort=oldest"),
    "page": ("page=1&page_size=2", "page=2&page_size=2"),
    "page_size": ("page_size=1", "page_size=2"),
}
PAGE_QUERIES = {"page": CLAIM_QUERIES["page"], "page_size": CLAIM_QUERIES["page_size"]}
EDITION_QUERIES = {"page": ("page=1", ""), "page_size": ("page_size=1", "")}  # one edition: the same page twice
CHECK_QUERIES = {
    "finding": ("finding=misleading", "finding=false"),
    "source": ("source=beta", "source=xyz"),
    "framework": ("framework=alpha", "framework=xyz"),
}
QUESTION_QUERIES = {
    "w.*": ("w.alpha=1", "w.alpha=3"),
    "must": ("w.alpha=1&must=alpha", "w.alpha=1"),
    "framework": ("w.alpha=1&framework=alpha", "w.alpha=1&framework=beta"),
}
QUERIES = {
    "compare": TABLE_QUERIES
    | {"framework": ("framework=alpha", "framework=beta"), "pick": ("pick=alpha", "pick=beta")},
    "comparison": TABLE_QUERIES,
    "comparison-data": TABLE_QUERIES,
    "boxes": {"framework": ("framework=alpha", "framework=beta")},
    "embed": {name: queries for name, queries in TABLE_QUERIES.items() if name not in ("open", "view", "profile")},
    "sources": PAGE_QUERIES | {"page": ("page=1&page_size=1", "page=2&page_size=1")},
    "source": PAGE_QUERIES,
    "source-data": PAGE_QUERIES,
    "claims": CLAIM_QUERIES,
    "claims-data": CLAIM_QUERIES,
    "recommend": QUESTION_QUERIES | {"add": ("add=alpha", "add=xyz"), "q.*": ("q.who=", "q.who=nobody")},
    "recommend-data": QUESTION_QUERIES,
    "recommendation": QUESTION_QUERIES | {"add": ("add=alpha", "add=xyz")},
    "recommendation-data": QUESTION_QUERIES,
    "disputes": EDITION_QUERIES,
    "disputes-data": EDITION_QUERIES,
    "checks": CHECK_QUERIES | EDITION_QUERIES,
    "checks-data": CHECK_QUERIES,
    "search": {"q": ("q=alpha", "q=xyz")},
    "changes": EDITION_QUERIES | {"until": ("until=0", "")},
    "report": {"topic": ("topic=source", "topic=outdated")},
}


@pytest.fixture(scope="module")
def catalogue(django_db_setup, django_db_blocker) -> Iterator[None]:
    with django_db_blocker.unblock(), transaction.atomic():
        make_catalogue()
        with django_db_blocker.block():
            yield
        transaction.set_rollback(True)


def known_parameters(route: Route) -> set[str]:
    is_file = "{file_format}" in route.pattern or route.name.endswith("-data")
    file_params = route.view.file_params
    return set(route.view.params if file_params is None or not is_file else file_params)


def content(response) -> str:
    """What a page shows, without its head and its own address."""
    text = response.content.decode()
    return text.split('<main id="main"')[-1].split("</main>")[0]


def test_every_route_but_health_checks_and_those_that_store_is_a_public_page() -> None:
    assert {name for name, route in PAGES.items() if not hasattr(route.view, "params")} == set()
    assert {"home", "comparison-data", "row", "claim", "recommendation", "kept-data", "sitemap"} <= set(PAGES)
    assert {"api:index", "api:claims", "api:comparison"} <= set(ALL)


@pytest.mark.parametrize("name", PAGES)
def test_an_unknown_parameter_is_the_same_page(client, catalogue, name, django_assert_num_queries) -> None:
    path = PAGES[name].path()
    plain = client.get(path)
    assert plain.status_code == 200
    for query in UNKNOWN:
        with django_assert_num_queries(1):
            answer = client.get(f"{path}?{query}")
        assert answered(answer) == answered(plain), query
        unchanged = client.get(f"{path}?{query}", headers={"if-none-match": plain.headers["ETag"]})
        assert unchanged.status_code == 304, query


@pytest.mark.parametrize("name", PAGES)
def test_a_page_first_drawn_for_an_unknown_parameter_does_not_repeat_it(client, catalogue, name) -> None:
    path = PAGES[name].path()
    drawn = client.get(f"{path}?zz=zebra&zebra=1")
    cache.clear()
    assert answered(drawn) == answered(client.get(path))
    assert b"zebra" not in drawn.content


@pytest.mark.parametrize("name", [name for name in ALL if name not in PAGES])
def test_the_api_refuses_unknown_parameters_and_drops_empty_ones(client, catalogue, name) -> None:
    path = ALL[name].path()
    plain = client.get(path)
    assert plain.status_code == 200
    for query in ("zz=", "zz", "zz=&yy="):
        answer = client.get(f"{path}?{query}")
        assert answered(answer) == answered(plain), query
    assert client.get(f"{path}?zz=1").status_code == 400


def test_every_known_parameter_has_its_queries_below() -> None:
    known = {name: known_parameters(page) for name, page in PAGES.items()}
    assert known == {name: set(QUERIES.get(name, {})) for name in PAGES}


@pytest.mark.parametrize(("name", "parameter"), [(name, each) for name, queries in QUERIES.items() for each in queries])
def test_a_known_parameter_makes_a_page_of_its_own(client, catalogue, name, parameter) -> None:
    path = PAGES[name].path(HOLE_VALUES | {"file_format": "md"})
    first, second = QUERIES[name][parameter]
    answers = [client.get(f"{path}?{query}") for query in (first, second)]
    if parameter == "framework" and name in ("compare", "boxes"):
        assert [answer.headers["Location"] for answer in answers] == [f"{path}alpha/", f"{path}beta/"]
        return
    etags = {answer.headers.get("ETag", f"refused: {answer.content}") for answer in answers}
    assert len(etags) == 2
    if parameter not in EDITION_QUERIES or name not in ("disputes", "disputes-data", "checks", "changes"):
        assert content(answers[0]) != content(answers[1])


@pytest.mark.parametrize(
    ("path", "queries"),
    [
        ("/claims/", ["q=a%20b&kind=rating", "q=a+b&kind=rating", "%71=a%20b&zz=1&kind=rating"]),
        ("/claims/", ["framework=alpha&framework=beta&q=a", "framework=alpha&q=a&framework=beta"]),
        ("/search/", ["q=%C3%A9", "q=é", "zz=1&q=%c3%a9"]),
        ("/search/", ["q=%FF", "q=%FE", "q=%EF%BF%BD"]),
        ("/sources/", ["page=1", "page=1&kind=rating"]),
        ("/compare/alpha-vs-beta/", ["order=beta&order=alpha", "zz=1&order=beta&zz=2&order=alpha"]),
        ("/recommend/", ["w.alpha=1&must=alpha", "w.alpha=1&profile=alpha&must=alpha"]),
    ],
)
def test_one_question_in_several_encodings_is_one_page(client, catalogue, path, queries) -> None:
    answers = [client.get(f"{path}?{query}") for query in queries]
    assert len({(answer.status_code, answer.content, answer.headers["ETag"]) for answer in answers}) == 1


def test_the_order_of_a_parameters_values_is_kept(client, catalogue) -> None:
    html = page(client, "/compare/alpha-vs-beta/?order=beta&order=alpha")
    assert re.findall(r'<b>\s*<a href="/frameworks/(\w+)/">', html) == ["beta", "alpha"]


def test_links_on_a_page_repeat_only_known_parameters(client, catalogue) -> None:
    links = [
        unescape(link)
        for path in ("/claims/?zz=1&kind=rating&page_size=1", "/compare/alpha-vs-beta/?zz=1&kind=rating")
        for link in re.findall(r'(?:href|content)="([^"]*kind=rating[^"]*)"', page(client, path))
    ]
    assert len(links) > 10
    assert [link for link in links if "zz" in link] == []


def test_the_charset_that_a_request_names_changes_nothing(client, catalogue) -> None:
    for charset in ("latin-1", "utf-16", "utf-7"):
        for query in ("q=%E4", "q=%2B2AA-"):
            sent = {"content-type": f"text/plain; charset={charset}"}
            answer = client.get(f"/search/?{query}", headers=sent)
            cache.clear()
            assert (answer.content, answer.status_code) == (client.get(f"/search/?{query}").content, 200)
            cache.clear()


def test_what_was_refused_is_refused_with_unknown_parameters_too(client, catalogue) -> None:
    for query in ("zz=" + "x" * 8_000, "zz=%00", "page=x&zz=1", "zz=1&page=0"):
        assert client.get(f"/claims/?{query}").status_code == 400
    assert client.get("/claims/?page=99&zz=1").status_code == 404
    assert client.get("/claims.json?kind=x&zz=1").status_code == 400
    assert client.post("/claims/?zz=1").status_code == 405


@pytest.mark.parametrize("query", ["", "?kind=rating&q=a%20b&zz=1"])
@pytest.mark.parametrize(
    ("path", "present"),
    [
        ("/compare/beta-vs-alpha/", "/compare/alpha-vs-beta/"),
        ("/compare/Alpha-vs-beta-vs-beta.csv", "/compare/alpha-vs-beta.csv"),
        ("/compare/beta-vs-alpha/alpha/", "/compare/alpha-vs-beta/alpha/"),
        ("/compare/beta-vs-alpha/alpha.md", "/compare/alpha-vs-beta/alpha.md"),
        ("/compare/alpha-vs-beta/former/", "/compare/alpha-vs-beta/alpha/"),
        ("/compare/alpha-vs-beta/former.json", "/compare/alpha-vs-beta/alpha.json"),
        ("/criteria/former/", "/criteria/alpha/"),
        ("/criteria/former.json", "/criteria/alpha.json"),
        ("/claims/99/", "/claims/1/"),
    ],
)
def test_a_moved_address_leads_to_the_present_one_with_the_format_and_the_whole_query(
    client, catalogue, path, present, query
) -> None:
    claim = Claim.objects.get(pk=1)
    FormerCriterion.objects.create(slug="former", criterion=claim.criterion)
    make_claim("retracted", pk=99)
    Claim.objects.filter(pk=99).update(merged_into=claim)
    answer = client.get(path + query)
    assert (answer.status_code, answer.headers["Location"]) == (301, present + query)
    assert "ETag" not in answer.headers


@pytest.mark.parametrize("query", ["", "?kind="])
@pytest.mark.parametrize(
    ("path", "present"), [("criteria/former/", "criteria/alpha/"), ("comparisons/beta-vs-alpha/", None)]
)
def test_a_moved_address_of_the_api_leads_to_the_present_one(client, catalogue, path, present, query) -> None:
    FormerCriterion.objects.create(slug="former", criterion=Claim.objects.get(pk=1).criterion)
    answer = client.get(f"/api/v1/{path}{query}")
    expected = f"/api/v1/{present or 'comparisons/alpha-vs-beta/'}{query}"
    assert (answer.status_code, answer.headers["Location"]) == (301, expected)


CLIENT = Client(raise_request_exception=False)
PATHS = [
    PAGES[name].path() for name in ("compare", "comparison", "claims", "claims-data", "sources", "search", "about")
]
KNOWN = ["kind", "q", "page", "page_size", "framework", "order", "open", "w.alpha", "show"]
words = st.sampled_from(["", "alpha", "beta", "1", "2", "rating", "disputed", "é", "a b", "&", "%"])
pairs = st.lists(st.tuples(st.sampled_from([*KNOWN, "zz", "Page", "", "w", "*", "é"]), words), max_size=6)


@settings(max_examples=100)
@given(path=st.sampled_from(PATHS), sent=pairs)
def test_any_query_answers_as_its_known_part(catalogue, path, sent) -> None:
    (route,) = [route for route in PAGES.values() if route.path() == path]
    known = [(name, value) for name, value in sent if name in known_parameters(route)]
    cache.clear()
    first = CLIENT.get(f"{path}?{urlencode(sent)}")
    cache.clear()
    second = CLIENT.get(f"{path}?{urlencode(known)}")
    assert (first.status_code, first.content) == (second.status_code, second.content)
    assert first.headers.get("ETag") == second.headers.get("ETag")


def test_the_holes_of_every_route_are_filled() -> None:
    assert {hole for route in ALL.values() for hole in re.findall(r"{(\w+)}", route.pattern)} <= set(HOLE_VALUES)

"""What no address may do: break, answer without words, or show what is not public."""

import csv
import io
import json
import re
from html import unescape
from html.parser import HTMLParser
from itertools import product
from urllib.parse import quote

import pytest
from django.core.cache import cache
from django.http import HttpResponse
from django.test import Client
from hypothesis import example, given, settings
from hypothesis import strategies as st

from comparison.evidence import Kind
from comparison.models import Claim, ClaimState, Criterion, Edition, Framework, NotApplicable, Source
from comparison.tables.claim_filters import ClaimFilter
from comparison.tables.table_filters import TableFilter
from tests.database import recorded
from tests.make import (
    make_category,
    make_check,
    make_claim,
    make_criterion,
    make_framework,
    make_measurement,
    make_part,
    make_source,
    make_user,
)
from tests.reading import page, text_of
from tests.site_routes import make_catalogue, routes

pytestmark = pytest.mark.django_db

LISTS = ["/sources/", "/sources/article/", "/claims/", "/disputes/", "/changes/"]
CLIENT = Client(raise_request_exception=False)  # a single one: each new client loads the middleware again
METHODS = ["GET", "HEAD", "OPTIONS", "POST"]
ROUTES = list(dict.fromkeys(route.pattern for route in routes()))


def whole_site(client) -> dict[str, str]:
    """The text of every page and file about what is stored, by address."""
    models = {"frameworks": Framework, "criteria": Criterion, "sources": Source}
    slugs = {name: [row.slug for row in model.objects.all()] for name, model in models.items()}
    every = [slug for some in slugs.values() for slug in some]
    claims = list(Claim.objects.values_list("pk", flat=True))
    known = {"names": ["-vs-".join(sorted(slugs["frameworks"]))], "criterion": slugs["criteria"]}
    known |= {"file_format": ["json", "csv", "md", "xlsx"], "pk": claims, "id": claims}
    texts = {}
    for route in ROUTES:
        holes = re.findall(r"{(\w+)}", route)
        known["slug"] = slugs.get(route.removeprefix("/api/v1").split("/")[1], every)
        for values in product(*(known.get(hole, known["slug"]) for hole in holes)):
            address = route.format(**dict(zip(holes, values, strict=True)))
            for query in ("", "?q=zeb")[: 1 if holes else 2]:
                response = client.get(address + query)
                if response.status_code == 200:
                    texts[address + query] = text_of(response)
    assert len(texts) > 50
    return texts


def test_every_route_was_found() -> None:
    assert {"/", "/compare/{names}.{file_format}", "/claims/{pk}/", "/criteria/{slug}/", "/healthz"} <= set(ROUTES)


def test_unpublished_claims_are_neither_shown_nor_counted(client) -> None:
    alpha, speed, article = make_framework("Alpha"), make_criterion(name="Speed"), make_source("Article")
    things = make_criterion("list", "Things")
    make_claim(framework=alpha, criterion=speed, source=article, level=2)
    hidden = {"framework": make_framework("Only"), "source": make_source("Silent")}
    for state in set(ClaimState) - {ClaimState.PUBLISHED}:
        texts = {"statement": f"zebra-{state}", "section": f"zebra-{state}", "quote": f"zebra-{state}"}
        make_claim(state, framework=alpha, criterion=speed, level=-2, **texts, source=article)
        make_claim(state, framework=alpha, criterion=things, item=f"zebra-{state}", **texts, source=article)
        place = hidden | ({"source": article} if state == ClaimState.RETRACTED else {})  # once public, it stays so
        make_check(make_claim(state, criterion=speed, **texts, **place), "misleading", note=f"zebra-{state}")
    pages = whole_site(client)
    leaks = {(address, state) for address, text in pages.items() for state in re.findall(r"zebra-(\w+)", text)}
    assert leaks == set()
    for claim in Claim.objects.exclude(state="published"):
        page(client, f"/claims/{claim.pk}/", 404)
        claim.checks.all().delete()
        claim.delete()
    cache.clear()
    assert whole_site(client) == pages


def test_a_sources_private_text_is_shown_nowhere(client) -> None:
    source = make_source("Article")
    source.set_text("Before it. Zebras are hermits. After it.")
    source.save()
    for kind in Kind:
        make_claim(framework=make_framework(), criterion=make_criterion(kind.value), source=source, start=11, end=30)
    pages = whole_site(client)
    assert [address for address, text in pages.items() if re.search("Zebras|hermits|Before it", text)] == []
    assert source.text_sha256 in pages["/sources/article/"]


class Tags(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.odd: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.odd += [tag] * (tag == "x-bad") + [name for name, _ in attrs if "onbad" in name]


def test_everything_stored_is_escaped(client) -> None:
    bad = "\"'><x-bad onbad=1 & "
    framework = make_framework(f"{bad}F", slug="f", tagline=bad, licence=bad, aliases=bad)
    other = make_framework("G")
    category = make_category(f"{bad}C", slug="c")
    source = make_source(bad, slug="s", author=bad, publisher=bad, note=bad)
    second = make_source("Second", repeats=source)
    for kind in Kind:
        texts = {"question": bad, "help_text": bad, "synonyms": bad} | ({"unit": bad} if kind == "figure" else {})
        criterion = make_criterion(kind.value, f"{bad}{kind}", slug=f"c-{kind}", category=category, **texts)
        fields = {"statement": bad, "section": bad, "quote": bad, "version_range": bad, "criterion": criterion}
        value = {"item": bad} if kind == "list" else {}
        make_claim(framework=framework, source=source, **fields, **value)
        checked = make_claim(framework=framework, source=second, **fields, **value)
        make_check(checked, "misleading", note=bad, by=make_user(first_name=bad))
        NotApplicable.objects.create(framework=other, criterion=criterion, reason=bad)
    run = make_source(bad, "measurement", slug="r", run={"machine": {bad: bad}, "versions": {"f": bad}})
    measured = {"part": make_part(run, bad, slug="rp", experiment="rp"), "framework": framework, "unit": bad}
    make_measurement(**measured, variant=bad, detail=bad)
    make_measurement(**measured, variant="b", median=None, low=None, high=None, samples=[], failure=bad)
    Edition.objects.publish(bad, make_user(first_name=bad))
    searches = (f"/search/?q={quote(bad)}", "/search/?q=x-bad")
    pages = whole_site(client) | {address: page(client, address) for address in searches}
    pages["bad filter"] = page(client, f"/claims/?kind={quote(bad)}")
    html = {address: text for address, text in pages.items() if "</html>" in text}
    assert {address: odd for address, text in html.items() if (odd := Tags(text).odd)} == {}
    assert sum("&lt;x-bad onbad=1 &amp;" in text for text in html.values()) > 20


def text(html: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", html)).split())


@pytest.fixture
@recorded
def five() -> list[str]:
    """The statements of five claims that one source makes in one cell, newest first."""
    people = make_category("People")
    cell = {"framework": make_framework("Alpha"), "criterion": make_criterion(name="Speed", category=people)}
    source = make_source("Article")
    for index, level in enumerate([2, 1, 0, -1, -2]):
        make_claim(**cell, source=source, level=level, statement=f"beast{index}")
    make_claim(criterion=make_criterion(category=people), source=make_source("Other"), statement="else")
    return [f"beast{index}" for index in (4, 3, 2, 1, 0)]


BAD_FILTERS = {
    "framework=alhpa": "framework=alhpa: did you mean alpha?",
    "framework=alpha&framework=zzz": "framework=zzz: known: alpha, framework-",
    "criterion=sped": "criterion=sped: did you mean speed?",
    "category=poeple": "category=poeple: did you mean people?",
    "source=artikel": "source=artikel: did you mean article?",
    "kind=ratings": "kind=ratings: did you mean rating?",
    "side=agains&kind=7": "kind=7: known: rating, feature, figure, list, fit. side=agains: did you mean against?",
    "finding=flase": "finding=flase: did you mean false?",
    "sort=new": "sort=new: did you mean newest?",
    "q=" + "x" * 201: "q=" + "x" * 80 + ": Ensure this value has at most 200 characters",
    "side=%3Cscript%3E": "side=<script>: known: for, against, neither",
}


@pytest.mark.parametrize("query", BAD_FILTERS)
def test_a_bad_filter_is_named_and_all_claims_are_shown(client, five, query) -> None:
    html = page(client, f"/claims/?{query}")
    assert BAD_FILTERS[query] in text(html.split('role="alert"')[1].split("</div>")[0])
    assert (html.count('<tr id="claim-'), "<script>" in html) == (6, False)


@pytest.mark.parametrize("address", LISTS)
def test_page_numbers_that_are_none_are_refused_and_those_beyond_the_end_not_found(client, five, address) -> None:
    signs = ["0", "x", "-1", "1.5", "1e3", "+1", "٣", "²", "９", "0x1", " 1", "<b>", "9" * 30]
    for name, value in product(("page", "page_size"), signs):
        response = client.get(address, {name: value})
        assert response.status_code == 400, value
        assert f"{name}={value}: give a whole number" in unescape(response.content.decode())
    for number in (9, 10**9):
        assert f"page {number} does not exist" in page(client, f"{address}?page={number}", 404)
    assert page(client, f"{address}?page_size=9999").count("<tr") == page(client, f"{address}?page=").count("<tr")


def test_pages_of_a_list_hold_everything_once_and_keep_the_filters(client, five) -> None:
    address, statements, links = "/claims/?framework=alpha&page_size=2", [], []
    while address:
        html = page(client, address)
        statements += re.findall(r'<tr id="claim-\d+">.*?<td dir="auto">(\w+)', html, re.DOTALL)
        links.append(re.findall(r'<a\s+href="([^"]+)"\s+rel="(\w+)"', html))
        address = next(("/claims/" + unescape(to) for to, rel in links[-1] if rel == "next"), "")
    assert " ".join(statements) == " ".join(five)
    assert [[rel for _, rel in pair] for pair in links] == [["next"], ["prev", "next"], ["prev"]]
    assert links[2][0][0] == "?framework=alpha&amp;page_size=2&amp;page=2"
    assert re.search("5 published claims.*Page 3 of 3", text(html))


def make_many_claims(count: int) -> None:
    first = make_claim(start=count, end=1000)
    cell = {"framework": first.framework, "criterion": first.criterion, "source": first.source, "state": "published"}
    Claim.objects.bulk_create(Claim(start=i, end=1000, statement="x", level=1, **cell) for i in range(count - 1))


FILE = "http://testserver/claims.json"


def test_a_page_has_at_most_five_hundred_claims(client) -> None:
    make_many_claims(501)
    document = client.get("/claims.json?page_size=501").json()
    assert (len(document["results"]), document["count"], document["next"]) == (500, 501, f"{FILE}?page_size=501&page=2")
    assert client.get("/claims.json?page_size=501&page=2").json()["previous"] == f"{FILE}?page_size=501&page=1"


def test_the_files_linked_from_a_second_page_exist(client) -> None:
    make_many_claims(60)
    urls = re.findall(r'<a\s+href="(/claims\.[^"]+)"', page(client, "/claims/?page=2"))
    assert [client.get(unescape(url)).status_code for url in urls] == [200] * 3


PATH_VALUES = {
    "file_format": ["json", "csv", "md", "xlsx"],
    "names": ["alpha-vs-beta", "alpha", "beta-vs-alpha", "Alpha-vs-beta-vs-beta"],
}
PATH_VALUES |= {
    "key": ["0a"],
    "about": ["claim/1", "claim/99", "source/alpha", "row/beta-vs-alpha/alpha", "criterion/alpha", "claim"],
    "reference": ["1000000001", "1000000002"],
    "slug": ["alpha"],
    "criterion": ["alpha"],
    "pk": ["1", "2", "99"],
    "id": ["1", "2", "99"],
}
VALUES = ["alpha", "beta", "rating", "figure", "for", "neither", "none", "false", "newest", "source", "all", "disputed"]
VALUES += ["difference", "1", "2", "500"]
ODD = ["", "0", "-1", "1e999999", "NaN", "sNaN", "Infinity", "9" * 400, "٣", "²", "0x10", "1.5", "null", "None", "true"]
ODD += ["%00", "%ff", "%c3%28", "%ed%a0%80", "%2e%2e%2f", "%0d%0aSet-Cookie:x=y", "%", "%2", "%u0041", "%25", "+", "[]"]
ODD += [
    "%F0%9F%98%80",
    "../..",
    "//evil.example",
    "\\",
    "'",
    '"',
    ";",
    "-vs-",
    "a-vs-b-vs-c",
    "<x-fuzz>",
    "{x}",
    "django\n",
]
NAMES = [
    *TableFilter.base_filters,
    *ClaimFilter.base_filters,
    "framework",
    "pick",
    "page",
    "page_size",
    "",
    "[]",
    "q[]",
]
HEADERS = {
    "if-none-match": ["*", '"', "W/", 'W/"x", "y', "\xff", "," * 500],
    "accept": ["application/json", "*/*;q=x", "\xe9", "image/png", ""],
    "cookie": ["csrftoken=\xff", ";;=", "messages=x"],
    "accept-language": ["xx", "de;q=9", "-"],
    "range": ["bytes=0-1", "x"],
}
junk = st.one_of(
    st.sampled_from(ODD),
    st.text(max_size=20),
    st.lists(st.sampled_from(ODD[-23:]), max_size=5).map("".join),
    st.text(st.characters(codec="utf-8"), min_size=1, max_size=4).map(lambda text: text * 700),
)
values = st.one_of(st.sampled_from(VALUES), junk)
queries = st.lists(st.tuples(st.one_of(st.sampled_from(NAMES), junk), values).map("=".join), max_size=6).map("&".join)
headers = st.fixed_dictionaries({}, optional={name: st.sampled_from(known) for name, known in HEADERS.items()})


@st.composite
def paths(draw) -> str:
    route = draw(st.sampled_from(ROUTES))
    return re.sub(
        r"{(\w+)}", lambda hole: draw(st.one_of(st.sampled_from(PATH_VALUES.get(hole[1], ["alpha"])), junk)), route
    )


def ask(method: str, path: str, query: str = "", **headers: str) -> HttpResponse:
    """An answer, after checking the rules that hold for all answers."""
    quoted = path.replace("?", "%3F").replace("#", "%23")
    CLIENT.cookies.clear()
    answer = CLIENT.generic(method, quoted, QUERY_STRING=query.encode().decode("latin-1"), headers=headers)
    media_type, body = answer.headers.get("Content-Type", ""), text_of(answer)
    assert answer.status_code < 500
    assert "<x-fuzz" not in body or "html" not in media_type
    if method == "HEAD" or answer.status_code in (204, 304):
        assert body == ""
    elif answer.status_code >= 400 and method == "GET":
        assert re.search(r"\w{3,}\W+(\w+\W+)?\w{3,}", text(body))
    if answer.status_code in (301, 302):
        assert re.match(r"/(?!/)", answer.headers["Location"])
    if answer.status_code == 200 and method == "GET" and "csv" in media_type:
        assert len({len(row) for row in csv.reader(io.StringIO(body, newline=""))}) == 1
    if answer.status_code == 200 and method == "GET" and "json" in media_type:
        json.loads(body)
    return answer


@pytest.fixture
@recorded
def world() -> None:
    make_catalogue()


def test_every_route_answers_every_method(world) -> None:
    for route in ROUTES:
        path = re.sub(r"{(\w+)}", lambda hole: PATH_VALUES[hole[1]][0], route)
        if path == "/recommend/keep/":  # which writes
            assert [ask(method, path).status_code for method in ("GET", "HEAD", "POST")] == [405, 405, 302]
            continue
        if path == "/report/":  # likewise, but this names no place
            assert [ask(method, path).status_code for method in ("GET", "HEAD", "POST")] == [405, 405, 404]
            continue
        if path == "/metrics":  # which are switched off
            assert ask("GET", path).status_code == 404
            continue
        assert ask("GET", path).status_code == 200, route
        for method in ("HEAD", "OPTIONS", "POST", "PUT", "DELETE"):
            assert ask(method, path).status_code in ((200,) if method == "HEAD" else (204, 405)), route


@pytest.mark.parametrize("name", ["sessionid", "csrftoken"])
def test_an_old_cookie_is_left_alone(client, name) -> None:
    client.cookies[name] = "x"
    assert not client.get("/claims/").cookies


@settings(max_examples=400)
@given(st.sampled_from(METHODS), paths(), queries, headers)
def test_no_address_breaks_anything(world, method, path, query, headers) -> None:
    ask(method, path, query, **headers)


FILTERED = ["/compare/alpha-vs-beta/", "/compare/alpha-vs-beta.csv", "/claims/", "/claims.json", "/claims.md"]
FILTERED += ["/compare/", "/search/", "/sources/", "/disputes/", "/changes/", "/sources/alpha/"]


@settings(max_examples=200)
@given(st.sampled_from(FILTERED), queries)
@example("/claims/", "source=%00")
@example("/compare/alpha-vs-beta/", "min_sources=1e999999&min_sources=NaN")
def test_no_query_breaks_a_list(world, path, query) -> None:
    ask("GET", path, query)


@settings(max_examples=60)
@given(st.sampled_from(FILTERED), st.binary(max_size=60))
def test_no_bytes_break_anything(world, path, raw) -> None:
    ask("GET", path, "q=" + raw.decode("latin-1"))
    ask("GET", path + quote(raw), "q=" + quote(raw))

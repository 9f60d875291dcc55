"""The JSON API: what it answers, held against its own document, and what it refuses."""

import json
import re
from datetime import date, datetime
from urllib.parse import urlencode

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import resolve
from django_filters import CharFilter

from comparison.api import endpoints, openapi, schemas
from comparison.files.catalogue_load import SHIPPED, load
from comparison.models import (
    Claim,
    ClaimState,
    Edition,
    FormerCriterion,
    Framework,
    NotApplicable,
    Profile,
    ProfileWeight,
    Source,
)
from comparison.tables.claim_filters import ClaimFilter
from comparison.tables.table_filters import TableFilter
from tests.make import fill, make_category, make_check, make_claim, make_criterion, make_framework, make_source
from tests.reading import INLINE, Links, break_after_edition, page, queries

pytestmark = pytest.mark.django_db

API = "/api/v1/"
TABLE = f"{API}comparisons/alpha-vs-beta/"
LISTS = [
    f"{API}{one}/"
    for one in ("frameworks", "categories", "criteria", "sources", "claims", "profiles", "disputes", "editions")
]
SINGLE = [f"{API}frameworks/alpha/", f"{API}criteria/speed/", f"{API}sources/article/", f"{API}claims/{{}}/", TABLE]
SINGLE.append(f"{API}recommendations/quick/")
ALL = [API, f"{API}openapi.json", *LISTS, *SINGLE]
every_list = pytest.mark.parametrize("address", LISTS)
every_address = pytest.mark.parametrize("address", ALL)
SECRET = "Quoth the bird: nevermore, which nobody may see."


@pytest.fixture
def claim():
    """A small catalogue in which every address of ALL, filled with the claim's key, exists."""
    alpha = make_framework("Alpha", aliases="First\nÄlpha", first_release_year=2005, licence="MIT")
    make_framework("Beta")
    article = make_source("Article", published=date(2024, 2, 3), address="https://example.org/a")
    article.keep_text(SECRET * 3)
    article.save()
    speed = make_criterion(name="Speed", synonyms="pace\ntempo")
    place = {"section": "Pace", "start": 16, "end": 25, "version_range": ">=4.2", "quote": SECRET[16:25]}
    first = make_claim(framework=alpha, criterion=speed, source=article, level=2, **place)
    make_check(first, "misleading", evidence="https://example.org/check")
    quick = Profile.objects.create(slug="quick", name="A quick thing", description="It must be quick.")
    ProfileWeight.objects.create(profile=quick, criterion=speed, weight=3, must_have=True)
    Profile.objects.create(slug="slow", name="A slow thing", description="It may take its time.", order=9)
    return first


@pytest.fixture
def catalogue(claim):
    """Beside the claim every kind of verdict, and all that may be missing."""
    alpha, beta, article, speed = claim.framework, Framework.objects.get(slug="beta"), claim.source, claim.criterion
    copy, vendor = make_source("Copy", repeats=article), make_source("Vendor", "vendor")
    test = make_source("Test", "measurement")
    asked = {kind: make_criterion(kind, f"On {kind}") for kind in ("feature", "figure", "list", "fit")}
    for criterion in asked.values():
        for source in (copy, vendor):
            make_claim(framework=alpha, criterion=criterion, source=source)
    for value, source in zip((1, -1, -1), (copy, vendor, test), strict=True):
        make_claim(framework=alpha, criterion=speed, source=source, level=value)
    make_claim(framework=beta, criterion=asked["figure"], source=vendor, low="1.5", high="2.5")
    make_claim(framework=beta, criterion=asked["figure"], source=test, low=900, high=1000)
    make_check(make_claim(framework=beta, criterion=speed, source=article, level=-1), "false")
    NotApplicable.objects.create(framework=beta, criterion=asked["feature"], reason="It has none.")
    return claim


def data(client: Client, address: str, status: int = 200):
    response = client.get(address)
    assert response.status_code == status, response.content
    assert response.headers["Content-Type"] == ("application/json" if status == 200 else "application/problem+json")
    return response.json()


def refusal(client: Client, address: str, status: int = 400):
    """What problem details say, after a check of their form."""
    response = client.get(address)
    said = response.json()
    document = {"components": {"schemas": schemas.SCHEMAS}}
    assert list(wrong(said, schemas.ref("Problem"), document)) == []
    assert (response.status_code, said["status"]) == (status, status)
    assert said["title"] == {400: "Bad Request", 404: "Not Found", 500: "Internal Server Error"}[status]
    assert response.headers["Content-Type"] == "application/problem+json"
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    assert (response.headers["Cache-Control"], "ETag" in response.headers) == ("no-store", False)
    return said


# A validator for the part of JSON Schema that the document uses, stricter than the standard: no key may be
# undocumented, and keys stand in the order of the document.

TYPES = {"string": str, "boolean": bool, "array": list, "object": dict, "null": type(None)}
KEYWORDS = {"$ref", "type", "description", "required", "properties", "additionalProperties", "items", "enum", "const"}
KEYWORDS |= {"oneOf", "minimum", "maximum", "maxLength", "format", "default"}


def wrong(value, schema, document, where="$"):
    """Yields what in a value goes against the schema."""
    assert set(schema) <= KEYWORDS, schema
    if "$ref" in schema:
        *path, name = schema["$ref"].removeprefix("#/").split("/")
        assert path == ["components", "schemas"]
        yield from wrong(value, document["components"]["schemas"][name], document, f"{where}<{name}>")
        return
    if "oneOf" in schema:
        matching = [one for one in schema["oneOf"] if not list(wrong(value, one, document))]
        if len(matching) != 1:
            yield f"{where}: {len(matching)} of oneOf match {value!r}"
    if "type" in schema and not any(is_a(one, value) for one in listed(schema["type"])):
        yield f"{where}: {value!r} is no {schema['type']}"
    elif "type" in schema:
        yield from wrong_in(value, schema, document, where)


def wrong_in(value, schema, document, where):
    if isinstance(value, str):
        yield from wrong_text(value, schema, where)
    if isinstance(value, int | float) and not schema.get("minimum", value) <= value <= schema.get("maximum", value):
        yield f"{where}: {value} is out of range"
    for place, one in enumerate(value if isinstance(value, list) else ()):
        yield from wrong(one, schema["items"], document, f"{where}[{place}]")
    if not isinstance(value, dict):
        return
    known = schema.get("properties", {})
    if "additionalProperties" not in schema and list(value) != [one for one in known if one in value]:
        yield f"{where}: {list(value)} is not {list(known)}"
    if missing := set(schema.get("required", ())) - set(value):
        yield f"{where}: {missing} is missing"
    for name, one in value.items():
        yield from wrong(one, known.get(name) or schema.get("additionalProperties", {}), document, f"{where}.{name}")


def wrong_text(value, schema, where):
    if value not in schema.get("enum", [value]) or value != schema.get("const", value):
        yield f"{where}: {value!r} is none of the words"
    checks = {"date": date.fromisoformat, "date-time": datetime.fromisoformat, "uri": absolute}
    try:
        checks.get(schema.get("format"), str)(value)
    except ValueError as error:
        yield f"{where}: {error}"


def absolute(value: str) -> None:
    if not re.match(r"https?://[^/]+/", value):
        raise ValueError(f"{value} is not absolute")


def is_a(kind: str, value) -> bool:
    if kind in ("integer", "number"):
        return isinstance(value, int if kind == "integer" else int | float) and not isinstance(value, bool)
    return isinstance(value, TYPES[kind])


def listed(one):
    return one if isinstance(one, list) else [one]


THING = schemas.thing("x", {"a": schemas.whole(), "b": schemas.maybe(schemas.text())}, optional=["b"])
ONE_OF = {"oneOf": [schemas.NUMBER, {"type": "string", "enum": ["x"]}]}


@pytest.mark.parametrize(
    ("value", "schema"),
    [
        ({"a": "1"}, THING),
        ({"a": True}, THING),
        ({"a": -1}, THING),
        ({"b": None}, THING),
        ({"a": 1, "b": 2}, THING),
        ({"a": 1, "c": 2}, THING),
        ({"b": "x", "a": 1}, THING),
        ([{"a": 1}, {}], schemas.many(THING)),
        ("y", ONE_OF),
        (None, ONE_OF),
        ("2024-13-01", schemas.DATE),
        ("/next", {"type": "string", "format": "uri"}),
        ({"k": 1}, {"type": "object", "additionalProperties": schemas.text()}),
        ({"level": 3}, schemas.ref("ClaimValue")),
        ("draft", schemas.SCHEMAS["Claim"]["properties"]["state"]),
    ],
)
def test_the_validator_finds_what_is_wrong(value, schema) -> None:
    assert list(wrong(value, schema, {"components": {"schemas": schemas.SCHEMAS}}))


@pytest.mark.parametrize(("value", "schema"), [({"a": 1}, THING), ({"a": 0, "b": None}, THING), (1.5, ONE_OF)])
def test_the_validator_passes_what_is_right(value, schema) -> None:
    assert list(wrong(value, schema, {})) == []


# The document.


@pytest.fixture
def document(client, catalogue):
    return data(client, f"{API}openapi.json")


PATHS = ["/", "/openapi.json", "/frameworks/", "/frameworks/{slug}/", "/categories/", "/criteria/", "/criteria/{slug}/"]
PATHS += ["/sources/", "/sources/{slug}/", "/claims/", "/claims/{id}/", "/comparisons/{names}/", "/profiles/"]
PATHS += ["/recommendations/{slug}/", "/disputes/"]
PATHS += ["/editions/"]


def test_the_document_is_sound(document) -> None:
    assert document["openapi"] == "3.1.0"
    assert document["info"]["title"] == f"{settings.SITE_NAME} API"
    assert document["servers"] == [{"url": "/api/v1"}]
    assert list(document["paths"]) == PATHS
    names = [one["get"]["operationId"] for one in document["paths"].values()]
    assert len(set(names)) == len(names)
    for pointer in re.findall(r'"#/([^"]+)"', json.dumps(document)):
        found = document
        for step in pointer.split("/"):
            found = found[step]


def test_every_path_names_its_parameters_and_answers(document) -> None:
    for path, methods in document["paths"].items():
        asked = methods["get"]
        in_path = [one["name"] for one in asked["parameters"] if one["in"] == "path"]
        assert in_path == re.findall(r"\{(\w+)\}", path)
        assert all(one["required"] == (one["in"] == "path") and one["description"] for one in asked["parameters"])
        lists = {"page", "page_size"} <= {one["name"] for one in asked["parameters"]}
        assert ("404" in asked["responses"]) == (lists or bool(in_path))
        assert {"200", "304", "400"} <= set(asked["responses"])
        assert ("301" in asked["responses"]) == (path in ("/comparisons/{names}/", "/criteria/{slug}/"))


def test_every_schema_requires_all_it_names(document) -> None:
    for name, schema in document["components"]["schemas"].items():
        if "properties" in schema:
            optional = set(schema["properties"]) - set(schema["required"])
            assert optional == ({"errors"} if name == "Problem" else set())


@pytest.mark.parametrize(("filters", "path"), [(ClaimFilter, "/claims/"), (TableFilter, "/comparisons/{names}/")])
def test_every_filter_is_documented(document, filters, path) -> None:
    named = {one["name"] for one in document["paths"][path]["get"]["parameters"]}
    assert named - {"page", "page_size", "names"} == set(filters.base_filters)


def test_a_filter_without_a_meaning_stops_the_document() -> None:
    class More(ClaimFilter):
        mood = CharFilter()

    with pytest.raises(KeyError, match="mood"):
        openapi.filter_parameters(More, openapi.CLAIM_FILTERS)


def test_a_filters_schema_says_what_it_takes(document) -> None:
    asked = {one["name"]: one for one in document["paths"]["/comparisons/{names}/"]["get"]["parameters"]}
    assert asked["min_sources"]["schema"] == {"type": "integer", "minimum": 1, "maximum": 1000}
    assert asked["show"]["schema"]["enum"] == ["all", "differences", "disputed", "unknown"]
    assert asked["kind"]["schema"]["items"]["enum"] == ["rating", "feature", "figure", "list", "fit"]
    assert asked["q"]["schema"] == {"type": "string", "maxLength": 200}
    assert (asked["source"]["explode"], asked["source"]["schema"]["type"]) == (True, "array")


# A client that knows nothing but the document.


def filled(document, path: str) -> str:
    for one in document["paths"][path]["get"]["parameters"]:
        if one["in"] == "path":
            path = path.replace(f"{{{one['name']}}}", str(one["example"]))
    return document["servers"][0]["url"] + path


def worth_asking(parameter) -> list[list[object]]:
    """Lists of values the document says a parameter takes."""
    schema = parameter["schema"]
    one = schema.get("items", schema)
    found = [[value] for value in one.get("enum", ())] + [[one[end]] for end in ("minimum", "default") if end in one]
    if len(one.get("enum", ())) > 1 and schema["type"] == "array":
        found.append(one["enum"])
    if "maximum" in one:
        found.append([one["maximum"]])
    if "maxLength" in one:
        found.append(["x" * one["maxLength"]])
    if "example" in parameter:
        found.append(listed(parameter["example"]))
    return found


def requests(document):
    for path, methods in document["paths"].items():
        address = filled(document, path)
        yield path, address
        for one in methods["get"]["parameters"]:
            for values in worth_asking(one) if one["in"] == "query" else ():
                yield path, f"{address}?{urlencode([(one['name'], value) for value in values])}"


def check_walk(client, document) -> int:
    walked = list(requests(document))
    for path, address in walked:
        response = client.get(address)
        assert response.status_code == 200, (address, response.content)
        ((media, content),) = document["paths"][path]["get"]["responses"]["200"]["content"].items()
        assert response.headers["Content-Type"].split(";")[0] == media
        if path not in ("/", "/openapi.json"):
            assert list(wrong(response.json(), content["schema"], document)) == []
    return len(walked)


def test_a_client_walks_every_path_and_parameter_of_the_document(client, document) -> None:
    assert check_walk(client, document) > 60


def test_a_client_walks_the_shipped_catalogue(client) -> None:
    load(SHIPPED)
    document = data(client, f"{API}openapi.json")
    assert filled(document, "/comparisons/{names}/").endswith("/comparisons/django-vs-flask/")
    assert check_walk(client, document) > 60


def test_an_empty_catalogue_has_no_examples_and_empty_lists(client) -> None:
    document = data(client, f"{API}openapi.json")
    assert "example" not in json.dumps(document["paths"])
    assert "/frameworks/{slug}/</code>" in page(client, API)
    assert "None." not in page(client, API)
    for address in LISTS[:-1]:
        assert data(client, address) == {"count": 0, "next": None, "previous": None, "results": []}
    assert [one["number"] for one in data(client, LISTS[-1])["results"]] == [0]


def test_a_lonely_framework_is_example_enough(client) -> None:
    make_framework("Alone")
    document = data(client, f"{API}openapi.json")
    address = filled(document, "/comparisons/{names}/")
    assert data(client, address) == {"edition": 0, "frameworks": ["alone"], "rows": [], "sources": []}


def test_every_single_thing_validates(client, document) -> None:
    """Also those that are no example of the document."""
    for name, key in [("frameworks", "slug"), ("criteria", "slug"), ("sources", "slug"), ("claims", "id")]:
        results = data(client, f"{API}{name}/")["results"]
        assert len(results) > 1
        for one in results:
            assert data(client, f"{API}{name}/{one[key]}/") == one
            assert client.get(one["url"]).status_code == 200


# What is answered.


def test_a_claim_has_all_its_fields(client, claim) -> None:
    assert data(client, f"{API}claims/{claim.pk}/") == {
        "id": claim.pk,
        "framework": "alpha",
        "criterion": "speed",
        "category": claim.criterion.category.slug,
        "kind": "rating",
        "source": "article",
        "section": "Pace",
        "start": 16,
        "end": 25,
        "statement": claim.statement,
        "value": {"level": 2},
        "state": "published",
        "findings": [
            {
                "finding": "misleading",
                "note": "Seen otherwise.",
                "evidence": "https://example.org/check",
                "on": claim.checks.get().on.isoformat(),
            }
        ],
        "version_range": ">=4.2",
        "url": f"/claims/{claim.pk}/",
        "updated_edition": Claim.objects.get(pk=claim.pk).updated_edition,
    }


def test_a_framework_has_all_its_fields(client, claim) -> None:
    response = client.get(f"{API}frameworks/alpha/")
    assert "Älpha" in response.content.decode()
    assert response.json() == {
        "slug": "alpha",
        "name": "Alpha",
        "tagline": "",
        "homepage": "",
        "repository": "",
        "licence": "MIT",
        "first_release_year": 2005,
        "aliases": ["First", "Älpha"],
        "url": "/frameworks/alpha/",
    }


def test_a_comparison_has_verdicts_with_their_claims(client, catalogue) -> None:
    table = data(client, TABLE)
    assert table["frameworks"] == ["alpha", "beta"]
    rows = {one["criterion"]: one for one in table["rows"]}
    assert set(rows) == {"speed", "on-feature", "on-figure", "on-list", "on-fit"}
    speed = rows["speed"]["cells"]
    assert (speed["alpha"]["state"], catalogue.pk in speed["alpha"]["for"]) == ("disputed", True)
    assert speed["alpha"]["sources"] == ["article", "test", "vendor"]
    assert speed["beta"] == {"state": "no evidence", "value": None, "for": [], "against": [], "sources": []}
    assert rows["on-feature"]["cells"]["beta"]["state"] == "not applicable"
    assert rows["on-figure"]["cells"]["beta"]["value"] == {"median": 476.0, "low": 1.5, "high": 1000.0}
    assert rows["on-list"]["cells"]["alpha"]["value"][0]["item"] == "Thing"
    assert [one["slug"] for one in table["sources"]] == ["article", "copy", "test", "vendor"]


def test_disputes_are_the_disputed_cells_widest_first(client, catalogue) -> None:
    found = data(client, f"{API}disputes/")["results"]
    assert [(one["framework"], one["criterion"]) for one in found] == [("beta", "on-figure"), ("alpha", "speed")]
    assert [one["width"] for one in found] == [4.0, 3.0]
    cells = {one["criterion"]: one["cells"] for one in data(client, TABLE)["rows"]}
    for one in found:
        cell = cells[one["criterion"]][one["framework"]]
        assert {name: one[name] for name in cell} == cell
        assert one["state"] == "disputed"


def test_editions_come_newest_first(client, claim) -> None:
    newest = Edition.objects.publish("Something changed")
    found = data(client, f"{API}editions/")["results"]
    assert [one["number"] for one in found] == list(range(newest.number, -1, -1))
    assert found[0] == {"number": newest.number, "at": newest.at.isoformat(), "summary": "Something changed"}


CLAIM_QUERIES = ["", "framework=alpha", "framework=alpha&framework=beta", "criterion=speed&side=against", "kind=figure"]
CLAIM_QUERIES += ["category={category}", "source=article&finding=misleading", "finding=none", "q=says+1", "sort=source"]
CLAIM_QUERIES += ["framework=beta&side=for", "side=neither&sort=oldest", "framework=&kind=rating&q=", "q=%25", "q=%ff"]


def test_claims_are_filtered_as_on_the_page(client, catalogue) -> None:
    counts = set()
    for query in (one.format(category=catalogue.criterion.category.slug) for one in CLAIM_QUERIES):
        filters = ClaimFilter(endpoints.given(client.get(f"/?{query}").wsgi_request), Claim.objects.published())
        assert filters.problems() == {}
        found = data(client, f"{API}claims/?{query}")
        assert [one["id"] for one in found["results"]] == [one.pk for one in filters.qs], query
        assert found["count"] == filters.qs.count()
        counts.add(found["count"])
    assert len(counts) > 5


TABLE_QUERIES = ["", "criterion=speed", "category={category}", "source=vendor", "kind=list&kind=fit", "show=disputed"]
TABLE_QUERIES += ["min_sources=3", "q=tempo", "sort=difference", "order=beta", "reference=beta", "open=speed"]
TABLE_QUERIES += ["show=unknown&source=article&source=test&q=speed"]


def test_a_comparison_is_the_table_as_one_takes_it_along(client, catalogue) -> None:
    for query in (one.format(category=catalogue.criterion.category.slug) for one in TABLE_QUERIES):
        taken = client.get(f"/compare/alpha-vs-beta.json?{query}")
        assert data(client, f"{TABLE}?{query}") == taken.json(), query
        assert taken.json()["rows"], query


@pytest.mark.parametrize(
    ("asked", "canonical"),
    [
        ("beta-vs-alpha", "alpha-vs-beta"),
        ("alpha-vs-beta-vs-alpha", "alpha-vs-beta"),
        ("Alpha-VS-beta", "alpha-vs-beta"),
        ("alpha-vs-alpha", "alpha"),
    ],
)
def test_a_comparison_has_one_address(client, claim, asked, canonical) -> None:
    response = client.get(f"{API}comparisons/{asked}/?show=disputed&q=a%20b")
    where = f"{API}comparisons/{canonical}/?show=disputed&q=a%20b"
    assert (response.status_code, response.headers["Location"]) == (301, where)
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    assert data(client, where)["frameworks"] == canonical.split("-vs-")


def test_a_merged_criterion_is_found_under_its_former_slug(client, claim) -> None:
    FormerCriterion.objects.create(slug="haste", criterion=claim.criterion)
    response = client.get(f"{API}criteria/haste/")
    assert (response.status_code, response.headers["Location"]) == (301, f"{API}criteria/{claim.criterion.slug}/")
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    assert data(client, f"{API}claims/?criterion=haste")["results"][0]["id"] == claim.pk
    assert "haste" not in json.dumps(data(client, f"{API}criteria/"))


# Pages of lists.


@every_list
def test_pages_hold_everything_once_in_a_stable_order(client, catalogue, address) -> None:
    make_category("Another")
    whole = data(client, address)
    assert (whole["next"], whole["previous"]) == (None, None)
    for size in (1, 2, 3, 500):
        check_pages(client, address, size, whole)


def check_pages(client: Client, address: str, size: int, whole) -> None:
    found, link, before = [], f"http://testserver{address}?page_size={size}", None
    while link:
        assert link.startswith(f"http://testserver{address}?")
        one = data(client, link)
        assert one["count"] == whole["count"]
        assert (one["previous"] is None) == (before is None)
        if before:
            assert data(client, one["previous"]) == before
        found += one["results"]
        link, before = one["next"], one
    assert found == whole["results"]
    assert len(found) == whole["count"] > 1


def test_links_keep_the_filters_and_the_host(client, catalogue) -> None:
    asked = "?framework=alpha&kind=feature&kind=figure&sort=oldest&page_size=2"
    response = client.get(f"{API}claims/{asked}", secure=True, headers={"host": "localhost:8123"})
    assert response.json()["next"] == f"https://localhost:8123{API}claims/{asked}&page=2"


def test_a_page_holds_fifty_unless_told_otherwise(client) -> None:
    fill(3, 40, sources=1)
    assert [len(data(client, f"{API}claims/?{one}")["results"]) for one in ("", "page_size=500", "page_size=")] == [
        50,
        120,
        50,
    ]


# What is refused.

BAD_PAGES = ["page=0", "page=-1", "page=x", "page=1.5", "page=²", "page=%20", "page_size=0", "page_size=x"]
BAD_PAGES += ["page_size=501", "page_size=9999999", "page_size=99999999999999999999", "page_size=-1", "page_size=1e2"]
BAD_PAGES += ["page=99999999999999999999", "page=" + "9" * 5000]


@every_list
def test_bad_pages_are_refused_by_name(client, claim, address) -> None:
    for query in BAD_PAGES:
        name, _, value = query.partition("=")
        said = refusal(client, f"{address}?{query}")
        assert list(said["errors"]) == [name]
        assert f"{name}={value[:40]}".replace("%20", " ") in said["detail"]
        assert said["detail"] == said["errors"][name]


@every_list
@pytest.mark.parametrize("number", [1000, 10**9])
def test_pages_beyond_the_end_are_not_found(client, claim, address, number) -> None:
    assert f"page {number} is not among them" in refusal(client, f"{address}?page={number}", 404)["detail"]


LONG = "q=" + "x" * 201
BAD_CLAIMS = ["framework=alfa", "criterion=nope", "category=nope", "source=nope", "kind=nope", "side=up", "sort=nope"]
BAD_CLAIMS += ["finding=nope", LONG, "framework=%ff", "source=" + "9" * 3000, "kind=Rating", "framework=ALPHA"]
BAD_TABLES = ["criterion=nope", "category=nope", "source=nope", "kind=nope", "show=nope", "sort=nope", "order=gamma"]
BAD_TABLES += ["reference=gamma", "open=nope", "min_sources=0", "min_sources=x", "min_sources=1.5", "min_sources=-3"]
BAD_TABLES += ["min_sources=1001", "min_sources=1e9999", "min_sources=nan", LONG]
BAD_FILTERS = [(f"{API}claims/", one) for one in BAD_CLAIMS] + [(TABLE, one) for one in BAD_TABLES]


@pytest.mark.parametrize(("address", "query"), BAD_FILTERS)
def test_bad_values_of_filters_are_refused_by_name(client, claim, address, query) -> None:
    name, _, value = query.partition("=")
    said = refusal(client, f"{address}?{query}")
    assert list(said["errors"]) == [name]
    assert said["errors"][name].startswith(f"{name}={value[:80]}:".replace("%ff", "\N{REPLACEMENT CHARACTER}"))
    assert said["detail"] == said["errors"][name]


def test_every_bad_parameter_is_named_at_once(client, catalogue) -> None:
    said = refusal(client, f"{API}claims/?framework=alpha&framework=alfa&kind=x&kind=y&side=up")
    assert list(said["errors"]) == ["framework", "kind", "side"]
    assert "did you mean alpha?" in said["errors"]["framework"]
    assert "x, y" in said["errors"]["kind"]
    said = refusal(client, f"{TABLE}?show=x&kind=y&kind=z&source=articl")
    assert set(said["errors"]) == {"show", "kind", "source"}
    assert all(one in said["errors"]["kind"] for one in ("kind=y:", "kind=z:"))
    assert "did you mean article?" in said["errors"]["source"]
    assert all(message in said["detail"] for message in said["errors"].values())


REPEATED = [("claims/", "side=for&side=against"), ("claims/", "sort=newest&sort=newest"), ("claims/", "q=a&q=b")]
REPEATED += [("comparisons/alpha-vs-beta/", f"{one}&{one}") for one in ("show=all", "min_sources=1", "reference=beta")]
REPEATED += [("claims/", "page=1&page=2"), ("frameworks/", "page_size=1&page_size=2"), ("claims/", "side=x&side=for")]


@pytest.mark.parametrize(("path", "query"), REPEATED)
def test_what_is_read_once_is_refused_twice(client, claim, path, query) -> None:
    name = query.partition("=")[0]
    errors = refusal(client, f"{API}{path}?{query}")["errors"]
    assert list(errors) == [name]
    assert errors[name].endswith("give it once.")


@pytest.mark.parametrize("address", [*LISTS, *SINGLE, f"{API}openapi.json"])
def test_unknown_parameters_are_refused_rather_than_ignored(client, claim, address) -> None:
    said = refusal(client, f"{address.format(claim.pk)}?mood=good")
    assert said["errors"]["mood"].startswith("mood=good: no such parameter; ")


def test_a_parameter_almost_right_is_suggested(client, claim) -> None:
    said = refusal(client, f"{API}claims/?framwork=alpha&frameworks=beta")
    assert [one.endswith("did you mean framework?") for one in said["errors"].values()] == [True, True]
    assert "known: page, page_size." in refusal(client, f"{API}categories/?mood=1")["detail"]


@pytest.mark.parametrize("query", ["side=for&framework=beta&criterion=on-list", "kind=list&criterion=speed"])
def test_filters_that_contradict_each_other_find_nothing(client, catalogue, query) -> None:
    assert data(client, f"{API}claims/?{query}")["results"] == []


def test_a_filtered_table_may_be_empty(client, catalogue) -> None:
    table = data(client, f"{TABLE}?criterion=speed&kind=list")
    assert (table["rows"], len(table["sources"])) == ([], 4)


def test_a_breakdown_is_a_problem_that_tells_nothing(client) -> None:
    client.raise_request_exception = False
    with connection.execute_wrapper(break_after_edition):
        said = refusal(client, f"{API}claims/", 500)
    assert "hunter2" not in str(said)


@pytest.mark.parametrize(
    ("path", "hint"),
    [
        ("frameworks/alfa/", "Did you mean alpha?"),
        ("frameworks/alpha-vs-beta/", "Did you mean"),
        ("frameworks/zzzzzz/", "“zzzzzz”"),
        ("criteria/sped/", "Did you mean speed?"),
        ("sources/artikle/", "Did you mean article?"),
        ("comparisons/alfa-vs-beta/", "Did you mean alpha-vs-beta?"),
        ("comparisons/zzzzzz/", "“zzzzzz”"),
        ("comparisons/-vs-/", "There is no framework"),
        ("claims/0/", f"See {API}claims/."),
        (f"claims/{'9' * 18}/", f"See {API}claims/."),
        (f"claims/{'9' * 19}/", f"See {API}claims/."),
        (f"claims/{'9' * 400}/", f"See {API}claims/."),
        (f"claims/{'9' * 5000}/", f"{API} lists all there are."),
        ("claims/-1/", f"Did you mean {API}claims/?"),
        ("claims/x/", f"Did you mean {API}claims/?"),
        ("frameworks/%F0%9F%98%80/", "There is nothing at"),
        ("framworks/", f"Did you mean {API}frameworks/?"),
        ("nothing/", f"{API} lists all there are."),
        ("frameworks/alpha/more/", "There is nothing at"),
        ("openapi.yaml", f"Did you mean {API}openapi.json?"),
        ("openapi.json/", f"Did you mean {API}openapi.json?"),
        ("frameworks/../claims", "There is nothing at"),
        ("%ff%fe/", "There is nothing at"),
        ("frameworks/" + "a" * 5000 + "/", "There is no framework"),
        ("<script>/", "There is nothing at"),
        ("\n/", "There is nothing at"),
    ],
)
def test_what_is_not_there_is_a_problem_with_suggestions(client, claim, path, hint) -> None:
    said = refusal(client, f"{API}{path}", 404)
    assert hint in said["detail"]
    assert "errors" not in said
    assert len(said["detail"]) < 400


@pytest.mark.parametrize("path", ["frameworks", "claims", "frameworks/alpha", "comparisons/alpha-vs-beta", "editions"])
def test_a_missing_slash_leads_on(client, claim, path) -> None:
    response = client.get(f"{API}{path}?page_size=%31")
    assert (response.status_code, response.headers["Location"]) == (301, f"{API}{path}/?page_size=%31")
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    assert client.post(f"{API}{path}").status_code == 404
    assert client.get("/api/v1").headers["Location"] == API


@every_address
@pytest.mark.parametrize("end", ["%00", "?q=%00", "?%00=a", "?q=" + "x" * 9_998])
def test_malformed_addresses_are_refused(client, claim, address, end) -> None:
    said = refusal(client, address.format(claim.pk) + end, 400)
    assert "NUL byte" in said["detail"] or "at most 8000 are read" in said["detail"]


# Methods and origins.


@every_address
@pytest.mark.parametrize("method", ["post", "put", "patch", "delete", "trace"])
def test_the_api_is_only_read(claim, address, method) -> None:
    client = Client(enforce_csrf_checks=True)
    response = getattr(client, method)(address.format(claim.pk))
    said = response.json()
    assert (response.status_code, response.headers["Allow"]) == (405, "GET, HEAD, OPTIONS")
    assert response.headers["Content-Type"] == "application/problem+json"
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    assert (said["title"], said["status"]) == ("Method Not Allowed", 405)
    assert said["detail"].startswith(f"{method.upper()} is not allowed")
    assert not response.cookies


@pytest.mark.parametrize("method", ["post", "put", "delete", "options"])
def test_nothing_is_nowhere_by_any_method(claim, method) -> None:
    response = getattr(Client(enforce_csrf_checks=True), method)(f"{API}nothing/")
    assert (response.status_code, response.json()["status"]) == (404, 404)


@every_address
def test_browsers_may_ask_from_any_origin(client, claim, address) -> None:
    asked = {"origin": "https://elsewhere.example", "access-control-request-method": "GET"}
    response = client.options(address.format(claim.pk), headers=asked)
    assert (response.status_code, response.content, "Content-Type" in response.headers) == (204, b"", False)
    assert response.headers["Allow"] == response.headers["Access-Control-Allow-Methods"] == "GET, HEAD, OPTIONS"
    assert response.headers["Access-Control-Allow-Headers"] == "*"
    for _ in range(2):
        response = client.get(address.format(claim.pk), headers={"origin": "https://elsewhere.example"})
        assert response.headers["Access-Control-Allow-Origin"] == "*"
        assert "Access-Control-Allow-Credentials" not in response.headers


@every_address
def test_head_has_the_headers_of_get_and_no_body(client, claim, address) -> None:
    head, get = client.head(address.format(claim.pk)), client.get(address.format(claim.pk))
    assert (head.status_code, head.content, bool(get.content)) == (200, b"", True)
    assert head.headers == get.headers


# Kept like every public page.


@every_address
def test_an_answer_asked_for_again_costs_one_query(client, claim, address, django_assert_num_queries) -> None:
    first = client.get(address.format(claim.pk))
    with django_assert_num_queries(1):
        second = client.get(address.format(claim.pk))
    assert (second.content, second.headers) == (first.content, first.headers)
    assert not second.cookies
    assert second.headers["Cache-Control"] == "public, max-age=0, must-revalidate"


@every_address
def test_an_unchanged_answer_is_not_sent_again(client, claim, address) -> None:
    etag = client.get(address.format(claim.pk)).headers["ETag"]
    again = client.get(address.format(claim.pk), headers={"if-none-match": etag})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["Access-Control-Allow-Origin"] == "*"
    Edition.objects.publish("Something changed")
    assert client.get(address.format(claim.pk), headers={"if-none-match": etag}).status_code == 200


def test_refusals_are_not_kept(client, claim) -> None:
    for address in (f"{API}frameworks/gamma/", f"{API}claims/?framework=gamma"):
        assert client.get(address).status_code in (400, 404)
    make_framework("Gamma")
    assert data(client, f"{API}frameworks/gamma/")["name"] == "Gamma"
    assert data(client, f"{API}claims/?framework=gamma")["count"] == 0


@pytest.mark.parametrize(
    ("address", "budget"),
    [
        (API, 4),
        (f"{API}openapi.json", 4),
        *((one, 4) for one in LISTS if one != f"{API}disputes/"),
        (f"{API}disputes/", 9),
        (f"{API}claims/?framework={{}}&kind=rating&q=says&sort=source&finding=none&page_size=500", 5),
        (f"{API}frameworks/{{}}/", 2),
        (f"{API}criteria/{{criterion}}/", 2),
        (f"{API}sources/{{source}}/", 2),
        (f"{API}claims/{{pk}}/", 3),
        (f"{API}comparisons/{{names}}/", 7),
        (f"{API}comparisons/{{names}}/?kind=rating&source={{source}}&show=all&min_sources=1", 8),
    ],
)
def test_answers_cost_the_same_at_any_size(client, address, budget) -> None:
    costs = []
    for size in (3, 12):
        made = fill(size, 3 * size, sources=size)
        said = Claim.objects.filter(framework=made[0], criterion__kind="rating").latest("pk")
        make_check(said)
        names = "-vs-".join(sorted(one.slug for one in made))
        keys = {"pk": said.pk, "criterion": said.criterion.slug, "source": said.source.slug, "names": names}
        where = address.format(made[0].slug, **keys)
        costs.append(queries(client, where))
    assert costs[0] == costs[1] <= budget


# What stays private.


def test_unpublished_claims_do_not_exist(client, claim) -> None:
    before = data(client, f"{API}claims/")["count"]
    for state in ClaimState:
        one = make_claim(state, framework=claim.framework, criterion=claim.criterion, statement=f"It is {state}.")
        make_check(one, "confirmed", note=f"Of what is {state}.")
        status = 200 if state is ClaimState.PUBLISHED else 404
        said = data(client, f"{API}claims/{one.pk}/", status)
        assert ("It is" in json.dumps(said)) == (status == 200)
    missing = data(client, f"{API}claims/{Claim.objects.latest('pk').pk + 1}/", 404)["detail"]
    hidden = Claim.objects.filter(state="draft").get().pk
    shown = data(client, f"{API}claims/{hidden}/", 404)["detail"]
    assert re.sub(r"\d+", "#", shown) == re.sub(r"\d+", "#", missing)
    assert data(client, f"{API}claims/")["count"] == before + 1
    for address in (*LISTS[:-1], TABLE, f"{API}claims/?q=it+is", f"{API}claims/?sort=oldest&finding=confirmed"):
        found = client.get(address).content.decode()
        assert set(re.findall(r"(?:It|what) is (\w+)\.", found)) <= {"published"}


def test_the_texts_of_sources_are_never_sent_nor_read(client, catalogue, document) -> None:
    cache.clear()
    with CaptureQueriesContext(connection) as asked:
        for _, address in requests(document):
            response = client.get(address)
            assert response.status_code == 200
            assert SECRET[:20] not in response.content.decode()
            assert catalogue.quote not in response.content.decode()
    assert len(asked) > 100
    assert not [one["sql"] for one in asked if '"comparison_source"."text",' in one["sql"]]
    source = data(client, f"{API}sources/article/")
    assert source["text_length"] == len(SECRET * 3)
    assert source["text_sha256"] == Source.objects.get(slug="article").text_sha256


# The page for people.


def test_the_page_shows_every_path_and_parameter_and_leads_to_examples(client, document) -> None:
    html = page(client, API)
    links = Links()
    links.feed(html)
    assert {f"{API}openapi.json", f"{API}claims/?framework=alpha", f"{API}frameworks/alpha/"} <= links.found
    for path, methods in document["paths"].items():
        assert f"<code>{API[:-1]}{path}</code>" in html
        assert any(one.split("?")[0] == filled(document, path) for one in links.found)
        part = html.split(f'<section class="after" aria-labelledby="{methods["get"]["operationId"]}">')[1]
        for one in methods["get"]["parameters"]:
            assert f"<dt><code>{one['name']}</code></dt>" in part.split("</section>")[0]
    for one in links.found:
        if one.startswith(API):
            assert client.get(one).status_code == 200
    assert INLINE.search(html) is None
    assert len(re.findall(r'\sid="([^"]+)"', html)) == len(set(re.findall(r'\sid="([^"]+)"', html)))


def test_the_addresses_are_those_of_the_document(document) -> None:
    for path in PATHS:
        assert resolve(filled(document, path)).view_name == f"api:{document['paths'][path]['get']['operationId']}"
    assert resolve(f"{API}nothing/").func is endpoints.nowhere


def test_nothing_was_written(client, document) -> None:
    """A GET writes nothing; least of all the walk over everything."""
    before = [list(model.objects.order_by("pk").values()) for model in (Framework, Claim, Source, Edition)]
    for _, address in requests(document):
        client.get(address)
    assert before == [list(model.objects.order_by("pk").values()) for model in (Framework, Claim, Source, Edition)]

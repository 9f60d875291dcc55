"""The OpenAPI document, a client that knows nothing but it, and the page made from it."""

import json
import re

import pytest
from django.conf import settings
from django.urls import resolve
from django_filters import CharFilter

from comparison.api import parameters
from comparison.api.paths import no_endpoint
from comparison.models import Claim, Edition, Framework, Source
from comparison.tables.claim_filters import ClaimFilter
from comparison.tables.table_filters import TableFilter
from tests.api_client import API, LISTS, example_address, get_json, get_problem, possible_requests
from tests.database import is_sqlite, keep_sample, write_shipped_catalogue
from tests.json_schema import validation_errors
from tests.make import make_claim, make_framework, make_part, make_source
from tests.reading import INLINE, Links, page

pytestmark = pytest.mark.django_db

PATHS = [
    "/",
    "/openapi.json",
    "/catalogue.json",
    "/catalogue.schema.json",
    "/frameworks",
    "/frameworks/{slug}",
    "/categories",
    "/criteria",
    "/criteria/{slug}",
]
PATHS += ["/sources", "/sources/{slug}", "/claims", "/claims/{id}", "/comparisons/{names}"]
PATHS += ["/in-the-box/{names}", "/profiles"]
PATHS += ["/questions", "/recommendations", "/recommendations/{slug}", "/disputes", "/checks", "/scores"]
PATHS += ["/experiments", "/experiments/{slug}", "/editions"]


def test_the_document_is_sound(document) -> None:
    assert document["openapi"] == "3.1.0"
    assert document["info"]["title"] == f"{settings.SITE_NAME} API"
    assert document["servers"] == [{"url": "/api/v1", "description": "This site."}]
    assert list(document["paths"]) == PATHS
    names = [methods["get"]["operationId"] for methods in document["paths"].values()]
    assert len(set(names)) == len(names)
    for pointer in re.findall(r'"#/([^"]+)"', json.dumps(document)):
        target = document
        for key in pointer.split("/"):
            target = target[key]


def test_every_path_names_its_parameters_and_answers(document) -> None:
    for path, methods in document["paths"].items():
        parameters, responses = methods["get"]["parameters"], methods["get"]["responses"]
        path_names = [parameter["name"] for parameter in parameters if parameter["in"] == "path"]
        assert path_names == re.findall(r"\{(\w+)\}", path)
        for parameter in parameters:
            assert parameter["required"] == (parameter["in"] == "path")
            assert parameter["description"]
        is_list = {"page", "page_size"} <= {parameter["name"] for parameter in parameters}
        assert ("404" in responses) == (is_list or bool(path_names))
        assert {"200", "304", "400"} <= set(responses)
        assert ("301" in responses) == (path in ("/comparisons/{names}", "/criteria/{slug}", "/in-the-box/{names}"))


def test_every_schema_requires_all_it_names(document) -> None:
    for name, schema in document["components"]["schemas"].items():
        if "properties" in schema:
            optional = set(schema["properties"]) - set(schema["required"])
            assert optional == ({"errors"} if name == "Problem" else set())


@pytest.mark.parametrize(("filters", "path"), [(ClaimFilter, "/claims"), (TableFilter, "/comparisons/{names}")])
def test_every_filter_is_documented(document, filters, path) -> None:
    names = {parameter["name"] for parameter in document["paths"][path]["get"]["parameters"]}
    assert names - {"page", "page_size", "names"} == set(filters.base_filters)


def test_a_filter_without_a_meaning_stops_the_document() -> None:
    class FilterWithMood(ClaimFilter):
        mood = CharFilter()

    with pytest.raises(KeyError, match="mood"):
        parameters.filter_parameters(FilterWithMood, parameters.CLAIM_FILTERS)


def test_a_page_has_the_limits_of_the_document(client, document) -> None:
    parameters = {each["name"]: each["schema"] for each in document["paths"]["/claims"]["get"]["parameters"]}
    limits = {name: (parameters[name]["minimum"], parameters[name]["maximum"]) for name in ("page", "page_size")}
    assert limits == {"page": (1, 10**9), "page_size": (1, 500)}
    assert get_problem(client, f"{API}claims/?page={10**9}&page_size=500", 404)
    for name, (_, maximum) in limits.items():
        assert str(maximum) in get_problem(client, f"{API}claims/?{name}={maximum + 1}")["errors"][name]


def test_a_filters_schema_says_which_values_it_accepts(document) -> None:
    parameters = document["paths"]["/comparisons/{names}"]["get"]["parameters"]
    by_name = {parameter["name"]: parameter for parameter in parameters}
    assert by_name["min_sources"]["schema"] == {"type": "integer", "minimum": 1, "maximum": 1000}
    assert by_name["show"]["schema"]["enum"] == ["all", "differences", "disputed", "unknown"]
    assert by_name["kind"]["schema"]["items"]["enum"] == ["rating", "feature", "figure", "list", "fit"]
    assert by_name["q"]["schema"] == {"type": "string", "maxLength": 200}
    assert (by_name["source"]["explode"], by_name["source"]["schema"]["type"]) == (True, "array")


def check_all_requests(client, document) -> int:
    """Checks the answers to all possible requests against the document; returns how many there are."""
    requests = list(possible_requests(document))
    for path, address in requests:
        response = client.get(address)
        assert response.status_code == 200, (address, response.content)
        ((media, content),) = document["paths"][path]["get"]["responses"]["200"]["content"].items()
        assert response.headers["Content-Type"].split(";")[0] == media
        if path not in ("/", "/openapi.json", "/catalogue.schema.json"):
            assert list(validation_errors(response.json(), content["schema"], document)) == []
    return len(requests)


def test_every_path_and_parameter_of_the_document_works(client, document) -> None:
    assert check_all_requests(client, document) > 60


def test_every_path_and_parameter_works_with_the_shipped_catalogue(client) -> None:
    write_shipped_catalogue()
    if is_sqlite():
        keep_sample()
    document = get_json(client, f"{API}openapi.json")
    assert example_address(document, "/comparisons/{names}").endswith("/comparisons/django-vs-flask")
    assert check_all_requests(client, document) > 60


def test_an_empty_catalogue_has_no_examples_and_empty_lists(client) -> None:
    document = get_json(client, f"{API}openapi.json")
    assert '"example"' not in json.dumps(document["paths"])
    assert "/frameworks/{slug}</code>" in page(client, API)
    assert "None." not in page(client, API)
    for address in LISTS[:-1]:
        assert get_json(client, address) == {
            "count": 0,
            "count_is_exact": True,
            "next": None,
            "previous": None,
            "results": [],
        }
    assert [edition["number"] for edition in get_json(client, LISTS[-1])["results"]] == [0]


def test_a_single_framework_is_enough_for_an_example(client) -> None:
    make_framework("Alone")
    document = get_json(client, f"{API}openapi.json")
    address = example_address(document, "/comparisons/{names}")
    assert get_json(client, address) == {"edition": 0, "frameworks": ["alone"], "rows": [], "sources": []}


def test_a_claim_from_a_page_gives_its_whole_as_the_example(client) -> None:
    manual = make_source("Manual", "documentation")
    make_claim(framework=make_framework("Alone"), source=make_part(manual, "Manual forms"))
    document = get_json(client, f"{API}openapi.json")
    assert example_address(document, "/sources/{slug}") == f"{API}sources/manual"
    assert get_json(client, f"{API}checks/?source=manual")["count"] == 0


def test_each_item_of_a_list_has_an_address_of_its_own(client, document) -> None:
    """Also those that the document does not use as examples."""
    for name, key in [("frameworks", "slug"), ("criteria", "slug"), ("sources", "slug"), ("claims", "id")]:
        results = get_json(client, f"{API}{name}/")["results"]
        assert len(results) > 1
        for result in results:
            assert get_json(client, f"{API}{name}/{result[key]}/") == result
            assert client.get(result["url"]).status_code == 200


# The page for people.


def test_the_page_shows_every_path_and_parameter_and_links_examples(client, document) -> None:
    html = page(client, API)
    links = Links()
    links.feed(html)
    assert {f"{API}openapi.json", f"{API}claims?framework=alpha", f"{API}frameworks/alpha"} <= links.found
    for path, methods in document["paths"].items():
        assert f"<code>{API[:-1]}{path}</code>" in html
        assert any(link.split("?")[0] == example_address(document, path) for link in links.found)
        section = html.split(f'<section class="after" aria-labelledby="{methods["get"]["operationId"]}">')[1]
        for parameter in methods["get"]["parameters"]:
            assert f"<dt><code>{parameter['name']}</code></dt>" in section.split("</section>")[0]
    for link in links.found:
        if link.startswith(API):
            assert client.get(link).status_code == 200
    assert INLINE.search(html) is None
    assert len(re.findall(r'\sid="([^"]+)"', html)) == len(set(re.findall(r'\sid="([^"]+)"', html)))


def test_the_addresses_are_those_of_the_document(document) -> None:
    for path in PATHS:
        name = document["paths"][path]["get"]["operationId"]
        assert resolve(example_address(document, path)).view_name == f"api:{name}"
    assert resolve(f"{API}nothing/").func is no_endpoint


def stored_rows() -> list[object]:
    return [list(model.objects.order_by("pk").values()) for model in (Framework, Claim, Source, Edition)]


def test_requests_write_nothing(client, document) -> None:
    before = stored_rows()
    for _, address in possible_requests(document):
        client.get(address)
    assert stored_rows() == before

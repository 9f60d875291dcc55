"""Methods, origins and caching: what HTTP clients meet at every address of the API."""

import pytest
from django.test import Client

from comparison.models import Edition
from tests.api_client import API, every_address, get_json
from tests.make import make_framework
from tests.reading import answered

pytestmark = pytest.mark.django_db

# Methods and origins.


@every_address
@pytest.mark.parametrize("method", ["post", "put", "patch", "delete", "trace"])
def test_the_api_is_read_only(claim, address, method) -> None:
    client = Client(enforce_csrf_checks=True)
    response = getattr(client, method)(address.format(claim.pk))
    problem = response.json()
    assert (response.status_code, response.headers["Allow"]) == (405, "GET, HEAD, OPTIONS")
    assert response.headers["Content-Type"] == "application/problem+json"
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    assert (problem["title"], problem["status"]) == ("Method Not Allowed", 405)
    assert problem["detail"].startswith(f"{method.upper()} is not allowed")
    assert not response.cookies


@pytest.mark.parametrize("method", ["post", "put", "delete", "options"])
def test_an_unknown_address_is_not_found_by_any_method(claim, method) -> None:
    response = getattr(Client(enforce_csrf_checks=True), method)(f"{API}nothing/")
    assert (response.status_code, response.json()["status"]) == (404, 404)


@every_address
def test_scripts_of_any_origin_may_read(client, claim, address) -> None:
    preflight = {"origin": "https://elsewhere.example", "access-control-request-method": "GET"}
    response = client.options(address.format(claim.pk), headers=preflight)
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
    assert answered(head)[1] == answered(get)[1]


# Cached like every public page.


@every_address
def test_a_repeated_request_costs_one_query(client, claim, address, django_assert_num_queries) -> None:
    first = client.get(address.format(claim.pk))
    with django_assert_num_queries(1):
        second = client.get(address.format(claim.pk))
    assert answered(second) == answered(first)
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


def test_refusals_are_not_cached(client, claim) -> None:
    for address in (f"{API}frameworks/gamma/", f"{API}claims/?framework=gamma"):
        assert client.get(address).status_code in (400, 404)
    make_framework("Gamma")
    assert get_json(client, f"{API}frameworks/gamma/")["name"] == "Gamma"
    assert get_json(client, f"{API}claims/?framework=gamma")["count"] == 0

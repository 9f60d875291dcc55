"""What strangers send is bounded before it is read; what a curator typed comes back."""

from typing import Any

import pytest
from django.test import Client
from django.test.client import FakePayload

from tests.admin_doors import HOME, enter, login_page
from tests.admin_site import as_user
from tests.make import make_user

pytestmark = pytest.mark.django_db

ADD = "/admin/comparison/claim/add/"
FORM = "application/x-www-form-urlencoded"


class Unread(FakePayload):
    def read(self, *args: Any) -> bytes:
        pytest.fail("the body was read")

    readline = read


def post_unread(client: Client, address: str, length: int, **extra: str) -> Any:
    """Announces a body that must not be read."""
    request = {"wsgi.input": Unread(), "CONTENT_LENGTH": str(length), "CONTENT_TYPE": FORM} | extra
    return client.request(PATH_INFO=address, REQUEST_METHOD="POST", **request)


@pytest.mark.parametrize("address", ["/", "/compare/", "/claims.csv", "/api/v1/", "/healthz"])
def test_public_pages_read_nothing(address) -> None:
    assert post_unread(Client(), address, 10_000).status_code == 405


@pytest.mark.parametrize("address", ["/admin/login/", "/recommend/keep/", "/report/", "/nothing/"])
def test_what_is_open_to_all_reads_little(address) -> None:
    response = post_unread(Client(), address, 64_001)
    assert response.status_code == 413
    assert "This was 64,001 bytes; at most 64,000 are read" in response.content.decode()
    assert Client().post(address, "a" * 64_000, content_type=FORM).status_code != 413
    assert post_unread(as_user(make_user("Editor")), address, 64_001).status_code == 413


def test_strangers_get_back_a_long_article_but_no_flood() -> None:
    response = post_unread(Client(), ADD, 2_000_001, CONTENT_TYPE="multipart/form-data; boundary=x")
    assert response.status_code == 413
    assert post_unread(Client(), ADD, 500_001).status_code == 413
    assert "Go back in your browser, where what you typed still is" in response.content.decode()
    text = "A long article. " * 110_000
    html = Client().post(ADD, {"text": text}).content.decode()
    assert html.count("A long article. " * 1_000) == 110  # once
    assert len(html) < 1.05 * len(text)


def test_a_known_browser_gets_back_as_much_as_a_curator_may_send() -> None:
    client = Client()
    enter(login_page, make_user("Editor"), HOME, client)
    del client.cookies["sessionid"]
    text = "A very long article. " * 150_000
    response = client.post(ADD, {"text": text})
    assert (response.status_code, text in response.content.decode()) == (403, True)
    assert post_unread(client, ADD, 25_000_001).status_code == 413
    client.cookies["device"] = "made up"
    assert post_unread(client, ADD, 2_000_001).status_code == 413


def test_curators_send_what_they_could_before() -> None:
    client = as_user(make_user("Editor"))
    data = {"title": "T", "text": "A very long article. " * 150_000, "step": "preview"}
    assert client.post("/admin/comparison/source/intake/", data).status_code == 200


def test_programs_are_told_in_their_format() -> None:
    response = post_unread(Client(), "/api/v1/nothing/", 64_001)
    assert (response.status_code, response.json()["status"]) == (413, 413)
    assert response.headers["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize("address", ["/recommend/keep/", ADD])
def test_a_body_without_a_length_is_refused(address) -> None:
    extra = {"HTTP_TRANSFER_ENCODING": "chunked", "wsgi.input": Unread()}
    response = Client().request(PATH_INFO=address, REQUEST_METHOD="POST", **extra)
    assert (response.status_code, "Send a Content-Length" in response.content.decode()) == (411, True)


@pytest.mark.parametrize(("written", "status"), [("", 404), ("0", 404), ("-1", 400), ("many", 400), ("²", 400)])
def test_a_length_that_is_no_number_is_refused(written, status) -> None:
    environ = {"REQUEST_METHOD": "POST", "PATH_INFO": "/nothing/", "wsgi.input": Unread(), "CONTENT_LENGTH": written}
    assert Client().request(**environ).status_code == status


def test_refusing_costs_no_query(django_assert_num_queries) -> None:
    with django_assert_num_queries(0):
        assert post_unread(Client(), "/admin/login/", 64_001).status_code == 413

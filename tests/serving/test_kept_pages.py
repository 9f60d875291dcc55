"""A page that is kept, and one that the client has, by every way an answer can take."""

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client

from comparison.models import Edition
from tests.make import make_framework, make_user
from tests.reading import answered

pytestmark = pytest.mark.django_db
ADDRESSES = ["/about/", "/frameworks/?zz=1", "/search/?q=x", "/api/v1/frameworks/", "/frameworks.csv"]
addresses = pytest.mark.parametrize("address", ADDRESSES)


@addresses
def test_the_three_ways_of_an_answer_give_the_same_one(client, address) -> None:
    drawn, kept, remembered = (client.get(address) for _ in range(3))
    assert answered(drawn) == answered(kept) == answered(remembered)
    for name in ("X-Frame-Options", "Content-Security-Policy", "X-Content-Type-Options", "Referrer-Policy"):
        assert name in remembered.headers


@addresses
@pytest.mark.parametrize(
    ("requested", "status"),
    [
        ("{}", 304),
        ('"other", {}', 304),
        ('W/"other" , {} , "x"', 304),
        ("*", 304),
        (" * ", 304),
        ("strong {}", 304),  # a proxy that made it strong; weak comparison takes them for equal
        ('"other"', 200),
        ('W/"prefix-{bare}"', 200),
        ("{bare}", 200),
        ("", 200),
    ],
)
def test_if_none_match_is_understood(client, address, requested, status) -> None:
    etag = client.get(address).headers["ETag"]
    bare = etag.removeprefix("W/").strip('"')
    value = requested.replace("strong {}", f'"{bare}"').replace("{bare}", bare).replace("{}", etag)
    for _ in range(2):
        answer = client.get(address, headers={"if-none-match": value})
        assert (answer.status_code, answer.headers["ETag"]) == (status, etag)
        assert bool(answer.content) == (status == 200)
        assert ("Content-Type" in answer.headers) == (status == 200)


def test_the_log_says_where_a_page_came_from(client) -> None:
    sources = [client.get("/about/").wsgi_request.page_source for _ in range(2)]
    etag = client.get("/about/").headers["ETag"]
    sources.append(client.get("/about/", headers={"if-none-match": etag}).wsgi_request.page_source)
    assert sources == ["drawn", "kept", "unchanged"]


def test_any_etag_matches_only_a_page_that_exists(client) -> None:
    assert client.get("/frameworks/none/", headers={"if-none-match": "*"}).status_code == 404


def test_an_unchanged_page_that_was_asked_for_before_is_told_what_a_cache_needs_and_no_more(client) -> None:
    page = client.get("/api/v1/frameworks/")
    client.get("/api/v1/frameworks/")
    unchanged = client.get("/api/v1/frameworks/", headers={"if-none-match": page.headers["ETag"]})
    headers = answered(unchanged)[1]
    kept = ("ETag", "Cache-Control", "Vary", "Access-Control-Allow-Origin", "Access-Control-Expose-Headers")
    assert headers == {name: page.headers[name] for name in kept}


@addresses
def test_remembering_an_address_hides_no_edition(client, address) -> None:
    etags = set()
    for number in range(3):
        etags |= {client.get(address).headers["ETag"] for _ in range(3)}
        Edition.objects.publish(f"Change {number}")
    assert len(etags) == 3


def test_an_address_is_remembered_for_its_host_and_scheme_alone(client, settings) -> None:
    settings.ALLOWED_HOSTS = ["a.example", "b.example"]
    assert client.get("/about/", headers={"host": "a.example"}).status_code == 200
    assert client.get("/about/", headers={"host": "evil.example"}).status_code == 400
    assert b"http://b.example/about/" in client.get("/about/", headers={"host": "b.example"}).content
    assert b"https://b.example/about/" in client.get("/about/", headers={"host": "b.example"}, secure=True).content


@pytest.mark.parametrize(
    ("host", "is_rare"),
    [
        ("a.example", False),
        ("a.example:80", False),
        ("a.example:8080", True),
        ("A.Example", True),
        ("a.example.", True),
        ("[::1]", False),
        ("[::1]:7", True),
    ],
)
def test_hosts_that_strangers_make_up_displace_no_page(client, settings, host, is_rare) -> None:
    settings.ALLOWED_HOSTS = ["a.example", "[::1]"]
    page = client.get("/about/", headers={"host": host})
    assert (page.status_code, page.key.startswith("rare:")) == (200, is_rare)


def test_a_remembered_address_still_answers_other_methods(client) -> None:
    client.get("/about/")
    assert [client.post("/about/").status_code, client.options("/about/").status_code] == [405, 405]


def test_old_cookies_change_nothing_and_are_not_renewed(settings) -> None:
    make_framework("Alpha")
    client = Client()
    plain = client.get("/frameworks/")
    client.force_login(make_user("Editor"))
    client.cookies["messages"] = "stale"
    settings.SESSION_SAVE_EVERY_REQUEST = True
    for address in ("/frameworks/", "/frameworks/?zz=1", "/frameworks/none/", "/claims/?page=x"):
        assert not client.get(address).cookies
    assert client.get("/frameworks/").content == plain.content


def test_errors_of_public_pages_have_a_length_and_the_policy(client) -> None:
    for address, status in (("/frameworks/none/", 404), ("/claims/?page=x", 400), ("/api/v1/frameworks/none/", 404)):
        answer = client.get(address, headers={"accept-encoding": "gzip"})
        assert (answer.status_code, int(answer.headers["Content-Length"])) == (status, len(answer.content))
        assert "Content-Security-Policy" in answer.headers


def nobody_passes(get_response):
    def middleware(request):
        raise PermissionDenied

    return middleware


@pytest.mark.parametrize(
    "address", [*ADDRESSES, "/frameworks/none/", "/robots.txt", "/api/v1/openapi.json", "/changes/feed/"]
)
def test_public_pages_reach_no_middleware_for_curators(settings, address) -> None:
    first = settings.MIDDLEWARE.index("comparison.serving.middleware.public_pages_first") + 1
    settings.MIDDLEWARE = [*settings.MIDDLEWARE[:first], f"{__name__}.nobody_passes"]
    client = Client()
    assert [client.get(address).status_code in (200, 404) for _ in range(2)] == [True, True]
    assert client.get("/admin/login/").status_code == 403


def test_each_request_is_logged_whatever_answers_it(settings) -> None:
    assert settings.MIDDLEWARE[:2] == [
        "config.monitoring.request_log.log_requests",
        "comparison.serving.middleware.remembered_pages_first",
    ]

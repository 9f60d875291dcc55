"""While no database answers, pages are shown as they were last kept, and say so."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from django.core.cache import cache
from django.db import OperationalError, connection

from comparison.models import ClaimState, Edition
from config.databases import availability
from tests.make import make_check, make_claim, make_criterion, make_framework
from tests.reading import INLINE, answered, break_after_edition

pytestmark = pytest.mark.django_db
ADDRESSES = ["/frameworks/", "/frameworks/?zz=1", "/claims/?q=x", "/frameworks.csv", "/api/v1/frameworks/"]
addresses = pytest.mark.parametrize("address", ADDRESSES)


def fail(execute: object, sql: str, *rest: object) -> object:
    raise OperationalError("hunter2")


@contextmanager
def away() -> Iterator[list[str]]:
    """No database answers; holds the statements that were tried."""
    tried: list[str] = []

    def attempt(execute: object, sql: str, *rest: object) -> object:
        tried.append(sql)
        return fail(execute, sql, *rest)

    with connection.execute_wrapper(attempt):
        yield tried


@addresses
def test_a_page_seen_before_is_shown_and_marked(client, address) -> None:
    make_framework("Alpha")
    fresh = client.get(address)
    with away():
        old = client.get(address)
    assert (old.status_code, old.headers["Cache-Control"], "ETag" in old.headers) == (200, "no-store", False)
    assert 'hit; ttl=-0; detail="the database does not answer; edition 0"' in old.headers["Cache-Status"]
    assert old.headers["Warning"].startswith("111 ")
    assert int(old.headers["Content-Length"]) == len(old.content)
    assert "Content-Security-Policy" in old.headers
    assert old.headers["Content-Type"] == fresh.headers["Content-Type"]
    if "html" in old.headers["Content-Type"]:
        html = old.content.decode()
        assert "This page may be out of date.</strong> The database does not answer" in html
        assert (INLINE.search(html), html.count("You see edition 0, as kept on")) == (None, 1)
    else:
        assert old.content == fresh.content


@addresses
def test_head_and_conditions_are_answered_from_the_kept_page_too(client, address) -> None:
    etag = client.get(address).headers["ETag"]
    with away():
        get = client.get(address, headers={"if-none-match": etag})  # nobody knows whether it is still the newest
        head = client.head(address, headers={"if-none-match": etag})
    assert (get.status_code, bool(get.content)) == (200, True)
    assert (head.status_code, answered(head)) == (200, (b"", answered(get)[1]))


def test_the_newest_kept_edition_is_shown(client) -> None:
    client.get("/frameworks/")
    make_framework("Alpha")
    Edition.objects.publish("A framework")
    client.get("/frameworks/")
    with away():
        html = client.get("/frameworks/").content.decode()
    assert ("Alpha" in html, "You see edition 1," in html) == (True, True)


def test_what_was_withdrawn_is_not_shown_again(client) -> None:
    claim = make_claim(statement="Names somebody")
    Edition.objects.publish("Verdicts")
    for address in (f"/claims/{claim.pk}/", "/claims/", "/about/"):
        client.get(address)
    claim.transition(ClaimState.RETRACTED, reason="Names somebody")
    client.get("/about/")
    with away():
        assert client.get("/about/").status_code == 200  # drawn since
        assert [client.get(address).status_code for address in (f"/claims/{claim.pk}/", "/claims/")] == [503, 503]


def withdraws(change: Callable[[], object]) -> bool:
    """Whether an edition with this change withdraws what was public before."""
    change()
    Edition.objects.publish("A change")
    newest = Edition.objects.first()
    return newest.withdrawal in Edition.objects.order_by("-number").values_list("token", flat=True)[:2]


@pytest.mark.parametrize("row", ["claim", "check", "source"])
def test_a_change_of_what_was_public_withdraws_it(row) -> None:
    claim = make_claim()
    check = make_check(claim)
    Edition.objects.publish("A check")
    claim.statement = check.note = claim.source.title = "Others"
    changes = {"claim": lambda: claim.revise(None), "check": check.delete, "source": claim.source.save}
    assert withdraws(changes[row])


def test_new_claims_withdraw_nothing() -> None:
    make_check(make_claim())
    for summary in ("A check", "Nothing", "Nothing"):
        Edition.objects.publish(summary)
    assert [withdraws(change) for change in (make_claim, make_framework, make_criterion)] == [False] * 3


@pytest.mark.parametrize(("address", "content_type"), [("/", "text/html"), ("/api/v1/", "application/problem+json")])
def test_a_page_that_nobody_saw_is_unavailable_for_now(client, address, content_type) -> None:
    with away():
        answer = client.get(address)
    text = answer.content.decode()
    assert (answer.status_code, answer.headers["Retry-After"], answer.headers["Cache-Control"]) == (
        503,
        "30",
        "no-store",
    )
    assert answer.headers["Content-Type"].startswith(content_type)
    assert ("try again" in text, "hunter2" in text) == (True, False)
    assert client.get("/healthz").status_code == 200


def test_the_database_is_asked_again_after_a_while_and_not_by_every_request(client, caplog, monkeypatch) -> None:
    caplog.set_level(logging.WARNING, "config.databases.availability")
    client.get("/frameworks/")
    with away() as tried:
        for _ in range(5):
            assert b"out of date" in client.get("/frameworks/").content
    assert len(tried) == 1
    assert b"out of date" in client.get("/frameworks/").content
    now = availability.time.monotonic()
    monkeypatch.setattr(availability.time, "monotonic", lambda: now + availability.RETRY_SECONDS + 1)
    assert b"out of date" not in client.get("/frameworks/").content
    assert [message for message in caplog.messages if "database" in message] == [
        "The database does not answer and is asked again in 5 s: hunter2",
        "The database answers again.",
    ]


def test_only_one_thread_tries_a_database_that_is_away(monkeypatch) -> None:
    database = availability.Availability("database")
    database.failed(OperationalError("gone"))
    now = availability.time.monotonic()
    monkeypatch.setattr(availability.time, "monotonic", lambda: now + availability.RETRY_SECONDS + 1)
    assert [database.may_be_asked() for _ in range(3)] == [True, False, False]
    database.answered()
    assert [database.may_be_asked() for _ in range(3)] == [True, True, True]


def test_nobody_joins_a_thread_that_waits_for_long(monkeypatch) -> None:
    database = availability.Availability("database")
    now = availability.time.monotonic()
    with database.asked():
        assert database.may_be_asked()
        monkeypatch.setattr(availability.time, "monotonic", lambda: now + availability.SUSPECT_SECONDS + 1)
        assert not database.may_be_asked()
    assert database.may_be_asked()
    database.answered()


def test_a_database_without_an_edition_is_asked_again(client, monkeypatch) -> None:
    client.raise_request_exception = False
    Edition.objects.all().delete()
    assert client.get("/frameworks/").status_code == 500
    now = availability.time.monotonic()
    monkeypatch.setattr(availability.time, "monotonic", lambda: now + availability.SUSPECT_SECONDS + 1)
    Edition.objects.create(number=0)
    assert client.get("/frameworks/").status_code == 200


def test_a_drawing_that_breaks_shows_the_kept_page_and_is_logged(client, caplog) -> None:
    client.get("/frameworks/")
    Edition.objects.publish("Something changed")
    with connection.execute_wrapper(break_after_edition):
        old = client.get("/frameworks/")
    assert (old.status_code, b"You see edition 0," in old.content) == (200, True)
    assert "/frameworks/ could not be drawn." in caplog.text
    assert b"You see edition" not in client.get("/frameworks/").content


def test_developers_see_the_error(client, settings) -> None:
    client.get("/frameworks/")
    settings.DEBUG = True
    with connection.execute_wrapper(break_after_edition), pytest.raises(OperationalError):
        client.get("/frameworks/")


def test_an_old_page_without_a_cache_entry_is_unavailable(client) -> None:
    client.get("/frameworks/")
    cache.clear()
    with away():
        assert client.get("/frameworks/").status_code == 503

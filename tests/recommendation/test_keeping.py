"""Keeping answers: open to everybody, closed to other sites, slow for floods, and never full."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client
from django.utils import timezone

from comparison.models import Edition, Snapshot, TryCount
from tests.admin_site import as_user, url
from tests.make import make_user
from tests.reading import page, queries, squeezed

pytestmark = pytest.mark.django_db

KEEP = "/recommend/keep/?profile=quick"
OWN, OTHER = "http://testserver", "https://evil.example"


def keep(query: str = "profile=quick", **headers: str) -> Any:
    return Client(enforce_csrf_checks=True).post(f"/recommend/keep/?{query}", headers=headers)


def snapshots(count: int, day: datetime, prefix: str, **fields: Any) -> None:
    rows = [
        Snapshot(key=f"{prefix}{number}", edition=1, answer={}, at=day + timedelta(minutes=number), **fields)
        for number in range(count)
    ]
    Snapshot.objects.bulk_create(rows)


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 302),  # a program
        ({"sec-fetch-site": "same-origin"}, 302),
        ({"sec-fetch-site": "none"}, 302),
        ({"origin": OWN}, 302),
        ({"referer": f"{OWN}/recommend/"}, 302),
        ({"sec-fetch-site": "cross-site"}, 403),
        ({"sec-fetch-site": "same-site", "origin": OWN}, 403),
        ({"sec-fetch-site": "made up"}, 403),
        ({"origin": OTHER}, 403),
        ({"origin": OTHER, "referer": OWN}, 403),
        ({"origin": "null"}, 403),
        ({"origin": f"{OWN}.evil.example"}, 403),
        ({"origin": "http://["}, 403),
        ({"referer": f"{OTHER}/?{OWN}"}, 403),
    ],
)
def test_other_sites_are_refused(two, headers, status) -> None:
    response = keep(**headers)
    assert (response.status_code, Snapshot.objects.count()) == (status, int(status == 302))
    if status == 403:
        assert "Another site sent this." in response.content.decode()


def test_a_refusal_is_in_the_language_of_the_page(two) -> None:
    response = Client().post("/de/recommend/keep/?profile=quick", headers={"origin": OTHER})
    assert "Another site" not in response.content.decode()
    assert 'lang="de"' in response.content.decode()


def test_refusing_another_site_asks_the_database_nothing_but_the_edition(two, django_assert_max_num_queries) -> None:
    with django_assert_max_num_queries(1):
        keep(**{"sec-fetch-site": "cross-site"})


def test_nobody_is_sent_to_the_host_that_another_asked_for(two, settings) -> None:
    settings.ALLOWED_HOSTS = ["testserver"]
    url = keep(host="TESTSERVER:6666").headers["Location"]
    address = Client().get(f"{url.rstrip('/')}.json").json()["address"]
    assert address.startswith("http://testserver/recommend/")


@pytest.mark.parametrize(
    "query",
    [
        "w.speed=1&w.ease=2",
        "w.ease=2&w.speed=1",
        "w.speed=3&w.speed=1&w.ease=2",
        "w.speed=1&w.ease=2&x=1",
        "w.part=0&w.speed=1&w.ease=2",
    ],
)
def test_the_same_question_is_one_row(two, query) -> None:
    first = keep("w.speed=1&w.ease=2")
    assert keep(query).headers["Location"] == first.headers["Location"]
    assert Snapshot.objects.count() == 1


def test_very_many_from_one_address_have_to_wait(two) -> None:
    kept = keep()
    for number in range(29):
        Snapshot.objects.create(key=f"other{number}", edition=1, answer={})
    TryCount.objects.update(count=30)
    response = keep("w.ease=1")
    assert (response.status_code, int(response.headers["Retry-After"]) > 500) == (429, True)
    html = squeezed(response.content.decode())
    assert "Very many answers were kept from here lately; in 10 minutes more can be." in html
    assert '<a href="/recommend/?w.ease=1">Back to the answer</a>' in html
    assert keep().headers["Location"] == kept.headers["Location"]  # what is kept costs nothing
    other = Client().post("/recommend/keep/?w.ease=1", REMOTE_ADDR="192.0.2.9")
    assert other.status_code == 302


def test_each_new_answer_counts_and_no_other(two) -> None:
    for query in ("w.ease=1", "w.ease=1", "w.ease=2", "w.nothing=1"):
        keep(query)
    assert TryCount.objects.get().count == 2


def test_a_flood_makes_room_by_its_own_answers(two, monkeypatch) -> None:
    monkeypatch.setattr("comparison.recommendation.snapshots.MAX_STORED", 20)
    monkeypatch.setattr("comparison.recommendation.snapshots.PRUNED_AT_ONCE", 4)
    quiet, flooded = datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 5, 1, tzinfo=UTC)
    snapshots(3, quiet, "quiet")
    snapshots(2, flooded - timedelta(hours=1), "eve")
    snapshots(2, flooded, "pinned", is_pinned=True)
    snapshots(13, flooded, "flood")
    assert keep().status_code == 302
    left = set(Snapshot.objects.values_list("key", flat=True))
    gone = {f"flood{number}" for number in range(4)}
    assert len(left) == 17
    assert {
        key for key in ("quiet0", "quiet1", "quiet2", "eve0", "eve1", "pinned0", "pinned1") if key not in left
    } == set()
    assert not left & gone


def test_it_is_never_full(two, monkeypatch) -> None:
    monkeypatch.setattr("comparison.recommendation.snapshots.MAX_STORED", 3)
    snapshots(3, timezone.now(), "pinned", is_pinned=True)
    assert keep().status_code == 302
    assert keep("w.ease=1").status_code == 302
    assert Snapshot.objects.filter(is_pinned=True).count() == 3


def test_curators_see_search_pin_and_delete_kept_answers(two) -> None:
    address = keep().headers["Location"]
    keep("w.ease=1")
    snapshot = Snapshot.objects.get(profile="quick")
    editor = as_user(make_user("Editor"))
    html = editor.get(url("snapshot", "changelist"), {"q": "quick"}).content.decode()
    assert f'<a href="{address}">/recommend/quick/</a>' in html
    assert "w.ease" not in html
    editor.post(url("snapshot", "changelist"), {"action": "pin", "_selected_action": [snapshot.pk]})
    snapshot.refresh_from_db()
    assert snapshot.is_pinned
    editor.post(url("snapshot", "change", snapshot.pk), {})
    snapshot.refresh_from_db()
    assert (snapshot.is_pinned, snapshot.profile) == (False, "quick")
    data = {"action": "delete_selected", "_selected_action": [snapshot.pk], "post": "yes"}
    reader, number = Client(), Edition.objects.current().number
    assert "headline" in page(reader, address)
    editor.post(url("snapshot", "changelist"), data)
    assert reader.get(address).status_code == 404
    edition = Edition.objects.current()
    assert (edition.number, edition.summary) == (number + 1, "Kept answers deleted: 1")
    other = Snapshot.objects.get()
    editor.post(url("snapshot", "delete", other.pk), {"post": "yes"})
    assert not Snapshot.objects.exists()
    assert LogEntry.objects.filter(content_type__model="snapshot").count() >= 3


def test_the_list_takes_as_many_queries_at_any_size() -> None:
    client, costs = as_user(make_user("Contributor")), []
    for count in (3, 30):
        snapshots(count, timezone.now(), f"{count}a", query="/recommend/?w.speed=1")
        costs.append(queries(client, url("snapshot", "changelist")))
    assert costs[0] == costs[1]


def test_who_only_sees_them_can_neither_pin_nor_delete() -> None:
    snapshots(1, timezone.now(), "fade")
    client = as_user(make_user("Contributor"))
    html = client.get(url("snapshot", "changelist")).content.decode()
    assert "fade0" in html
    assert 'value="pin"' not in html
    assert client.post(url("snapshot", "delete", Snapshot.objects.get().pk), {"post": "yes"}).status_code == 403

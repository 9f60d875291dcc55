"""Sending a report: open to everybody, closed to other sites, slow for floods, and shown to nobody but curators."""

from typing import Any

import pytest
from django.core.cache import cache
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils.html import escape

from comparison.models import ClaimState, Criterion, FormerCriterion, Framework, Report, Source, TryCount
from comparison.models.readers.reports import ReportState
from comparison.reports.places import place_of
from tests.make import make_claim, make_criterion, make_framework, make_part, make_source
from tests.reading import page, squeezed

pytestmark = pytest.mark.django_db

WORDS = "It is not so any more."


def send(about: str, headers: dict[str, str] | None = None, address: str = "192.0.2.1", **fields: str) -> Any:
    data = {"about": about, "topic": "problem", "text": WORDS, **fields}
    client = Client(enforce_csrf_checks=True)
    return client.post("/report/", data, headers=headers or {}, REMOTE_ADDR=address)


@pytest.fixture
def claim() -> Any:
    alpha, beta = make_framework("Alpha"), make_framework("Beta")
    speed, source = make_criterion(name="Speed"), make_source("Article")
    make_claim(framework=beta, criterion=speed, source=source)
    return make_claim(framework=alpha, criterion=speed, source=source, statement="It takes no time")


def places(claim: Any) -> dict[str, str]:
    """The page of each kind of place, by what its form calls it."""
    return {
        f"claim/{claim.pk}": f"/claims/{claim.pk}/",
        "row/alpha-vs-beta/speed": "/compare/alpha-vs-beta/speed/",
        "row/alpha/speed": "/compare/alpha/speed/",
        "criterion/speed": "/criteria/speed/",
        "source/article": "/sources/article/",
        "framework/alpha": "/frameworks/alpha/",
        "about": "/about/",
    }


def test_every_place_leads_to_its_form_and_from_there_to_a_number(client, claim) -> None:
    for about, path in places(claim).items():
        html = page(client, path)
        for query in ("", "?topic=source", "?topic=outdated"):
            assert f'<a href="/report/{about}/{query}" rel="nofollow">' in html
        form = squeezed(page(client, f"/report/{about}/?topic=outdated"))
        assert f'<input type="hidden" name="about" value="{about}">' in form
        assert 'value="outdated" required checked>' in form
        response = send(about, topic="outdated")
        report = Report.objects.get(about=about)
        assert (report.topic, report.text, report.email, report.state) == ("outdated", WORDS, "", "new")
        assert response.headers["Location"] == f"/reports/{report.reference}/"
        state = page(client, response.headers["Location"])
        assert f'<a href="{path}">' in state
        assert "nobody has read it yet" in squeezed(state)


def test_what_a_reader_wrote_is_shown_nowhere(client, claim) -> None:
    address = send(f"claim/{claim.pk}", text="Zebras are hermits", email="zebra@example.org").headers["Location"]
    cache.clear()
    for path in (
        address,
        *places(claim).values(),
        f"/report/claim/{claim.pk}/",
        "/",
        "/changes/",
        "/search/?q=zebras",
        "/sitemap.xml",
    ):
        assert "hermits" not in page(client, path), path
        assert "zebra@" not in page(client, path), path


def test_a_page_of_a_state_says_no_more_of_what_was_taken_back(client, claim) -> None:
    address = send(f"claim/{claim.pk}").headers["Location"]
    assert "It takes no time" not in page(client, address)
    claim.transition(ClaimState.RETRACTED, reason="It never said so.")
    html = squeezed(page(client, address))
    assert "A claim that is not public any more" in html
    assert "Speed" not in html


def test_a_form_about_nothing_public_is_not_found(client, claim) -> None:
    draft = make_claim(ClaimState.DRAFT)
    hidden = make_source("Hidden")
    unknown = [f"claim/{draft.pk}", "claim/999", "claim/x", f"source/{hidden.slug}x", "row/alpha-vs-none/speed"]
    unknown += ["row/alpha/none", "criterion/none", "criterion", "framework/none", "claim/1/2", "row/a/b/c", "x"]
    unknown += ["site", "about/1", "methodology"]
    for about in unknown:
        html = page(client, f"/report/{about}/", 404)
        assert "<form method" not in html
        assert send(about).status_code == 404, about
    for about in ("", "claim/1\0", "claim/1\n", "../admin", "claim/²", "claim/1 ", "<x-bad>/1", "a" * 5000):
        response = send(about)
        assert (response.status_code, "<x-bad>" in response.content.decode()) == (404, False), about
    assert not Report.objects.exists()


def test_a_place_with_a_new_address_is_the_same_place(client, claim) -> None:
    FormerCriterion.objects.create(slug="quickness", criterion=claim.criterion)
    for old, present in (
        ("row/Beta-vs-alpha/quickness", "row/alpha-vs-beta/speed"),
        ("criterion/quickness", "criterion/speed"),
    ):
        response = client.get(f"/report/{old}/?topic=source")
        assert (response.status_code, response.headers["Location"]) == (301, f"/report/{present}/?topic=source")
        assert send(old).status_code == 302
        assert Report.objects.get(about=present)


def test_a_report_follows_what_it_is_about(claim) -> None:
    for about in places(claim):
        send(about)
    Source.objects.filter(slug="article").update(slug="paper")
    Criterion.objects.filter(slug="speed").update(slug="pace")
    about = {found.about for report in Report.objects.all() if (found := place_of(report))}
    rows = {"row/alpha-vs-beta/pace", "row/alpha/pace"}
    assert about == {f"claim/{claim.pk}", *rows, "criterion/pace", "source/paper", "framework/alpha", "about"}


def test_a_report_follows_a_framework_until_it_is_gone(client) -> None:
    framework = make_framework("Alpha")
    address = send("framework/alpha").headers["Location"]
    Framework.objects.update(slug="beta")
    assert '<a href="/frameworks/beta/">' in page(client, address)
    framework.delete()
    assert "A framework that is not public any more" in page(client, address)


def test_a_report_holds_up_no_deletion_and_survives_it(client, claim) -> None:
    address = send(f"claim/{claim.pk}").headers["Location"]
    claim.delete()
    assert "not public any more" in page(client, address)
    assert Report.objects.get().title.endswith("on Alpha, Speed")


def test_a_part_of_a_source_is_named_with_its_whole(client) -> None:
    part = make_part(make_source("Manual", kind="documentation"), "Chapter")
    make_claim(source=part)
    assert "Manual: Chapter" in page(client, f"/report/source/{part.slug}/")


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"text": ""}, "Write in a few words"),
        ({"text": " \n\u200d\u202e!? "}, "Write in a few words"),
        ({"text": "a" * 4001}, "This has 4001 characters; at most 4000 are taken."),
        ({"topic": "<x-bad>"}, "Choose one of the three."),
        ({"topic": ""}, "Choose one of the three."),
        ({"email": "not an address"}, "This is no e-mail address."),
        ({"email": "a@example.org\0"}, "Null characters are not allowed."),
        ({"email": f"{'a' * 250}@example.org"}, "254"),
        ({"homepage": "https://spam.example"}, "press the button once more"),
    ],
)
def test_what_cannot_be_taken_comes_back_with_a_sentence(claim, fields, sentence) -> None:
    response = send(f"claim/{claim.pk}", **({"text": "Some <b>words</b> & more"} | fields))
    html = response.content.decode()
    assert (response.status_code, sentence in html, "<x-bad>" in html) == (400, True, False)
    assert "text" in fields or "Some &lt;b&gt;words&lt;/b&gt; &amp; more" in html
    assert not Report.objects.exists()
    assert not TryCount.objects.exists()


def test_a_text_is_kept_as_plain_lines(claim) -> None:
    text = (
        "<script>x()</script> https://a.example\r\n\tpast\0it\u202eognajD\u2066\u2069\n\nمی\u200cخواهم 👩\u200d💻  \n"
    )
    send(f"claim/{claim.pk}", text=text)
    expected = "<script>x()</script> https://a.example\n past itognajD\n\nمی\u200cخواهم 👩\u200d💻"
    assert Report.objects.get().text == expected


def test_very_much_is_refused_before_it_is_read(claim) -> None:
    response = send(f"claim/{claim.pk}", text="a" * 100_000)
    assert (response.status_code, "at most 64,000 are read" in response.content.decode()) == (413, True)
    most = "\N{GRINNING FACE}" * 3999 + "a"  # the longest text, in the longest writing
    body = f"about=claim%2F{claim.pk}&topic=problem&text=" + "%F0%9F%98%80" * 3999 + "a"
    Client().post("/report/", body, content_type="application/x-www-form-urlencoded")
    assert Report.objects.get().text == most


@pytest.mark.parametrize("content_type", ["application/json", "text/plain", "multipart/form-data; boundary=x"])
def test_another_sort_of_body_names_no_place(claim, content_type) -> None:
    response = Client().post("/report/", b'{"about": "claim/1"}', content_type=content_type)
    assert response.status_code in (400, 404)


@pytest.mark.parametrize(
    "headers",
    [
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"referer": "https://evil.example/x"},
        {"referer": "http://[x"},
    ],
)
def test_another_site_cannot_send_one(claim, headers) -> None:
    response = send(f"claim/{claim.pk}", headers)
    assert (response.status_code, Report.objects.exists()) == (403, False)
    assert "Another site sent this" in response.content.decode()


def test_very_many_from_one_address_have_to_wait(claim) -> None:
    statuses = [send(f"claim/{claim.pk}", text=f"{WORDS} {number}").status_code for number in range(50)]
    assert (statuses[:10], set(statuses[10:])) == ([302] * 10, {429})
    response = send(f"claim/{claim.pk}", text="Keep <this>")
    assert int(response.headers["Retry-After"]) > 3500
    html = response.content.decode()
    assert "in 60 minutes more can be sent" in html
    assert escape("Keep <this>") in html
    assert Report.objects.count() == 10
    assert send(f"claim/{claim.pk}", address="192.0.2.9").status_code == 302


def test_pressing_twice_sends_once(claim) -> None:
    first = send(f"claim/{claim.pk}")
    assert send(f"claim/{claim.pk}").headers["Location"] == first.headers["Location"]
    assert TryCount.objects.get().count == 1
    assert send("criterion/speed").headers["Location"] != first.headers["Location"]
    Report.objects.get(about=f"claim/{claim.pk}").move(ReportState.DONE)
    assert send(f"claim/{claim.pk}").headers["Location"] != first.headers["Location"]


def test_when_very_many_wait_no_more_are_taken(claim, monkeypatch) -> None:
    monkeypatch.setattr("comparison.views.readers.reports.MAX_WAITING", 2)
    for number in range(2):
        send(f"claim/{claim.pk}", text=f"Words {number}")
    response = send("criterion/speed")
    assert (response.status_code, "Very many reports wait" in response.content.decode()) == (503, True)
    assert WORDS in response.content.decode()
    Report.objects.first().move(ReportState.IN_WORK)
    assert send("criterion/speed").status_code == 302


def test_pages_of_reports_set_no_cookie_and_are_not_kept(client, claim) -> None:
    sent = send(f"claim/{claim.pk}")
    for response in (sent, client.get(sent.headers["Location"]), send(f"claim/{claim.pk}", text="")):
        assert not response.cookies
        assert "no-store" in response.headers["Cache-Control"]
    page(client, "/reports/9999999999/", 404)
    page(client, "/reports/1/", 404)
    assert client.post(sent.headers["Location"]).status_code == 405
    lines = page(client, "/robots.txt").splitlines()
    assert {f"Disallow: {language}/{forms}/" for language in ("", "/de", "/es") for forms in ("report", "reports")} <= {
        *lines
    }
    assert len(lines) == len(set(lines))


def test_a_topic_that_does_not_exist_is_named(client, claim) -> None:
    assert "topic=x: known: problem, source, outdated" in page(client, f"/report/claim/{claim.pk}/?topic=x", 400)


@pytest.mark.parametrize(
    ("constraint", "fields"),
    [
        ("report_topic_known", {"topic": "x"}),
        ("report_place_known", {"place_kind": "x"}),
        ("report_state_known", {"state": "x"}),
        ("report_says_something", {"text": ""}),
        ("report_address_while_open", {"state": "done", "email": "a@example.org"}),
    ],
)
def test_the_database_holds(constraint, fields) -> None:
    right = {"topic": "problem", "place_kind": "claim", "row_id": 1, "about": "claim/1", "text": "x"}
    Report.objects.create(**right)
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Report.objects.create(**right | fields)

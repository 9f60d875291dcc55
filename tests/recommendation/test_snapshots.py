"""Stored answers never change, except for the note on what today's evidence says."""

import json
import re
from dataclasses import fields

import pytest
from django.core.cache import cache
from django.http import QueryDict
from django.test import Client

from comparison.models import Claim, ClaimState, Criterion, Edition, Framework, Profile, ProfileWeight, Snapshot
from comparison.recommendation.answer import answer_query
from comparison.recommendation.answer_page import AnswerPage
from comparison.recommendation.load import rankable_criteria
from comparison.recommendation.snapshots import SCHEMA, StoredAnswer, store_answer
from tests.make import fill, make_claim, make_criterion, make_framework, make_source, make_user
from tests.reading import page, queries, squeezed

pytestmark = pytest.mark.django_db

RANKING = re.compile(r'<ol class="ranking">.*?</ol>', re.DOTALL)
TABLE = re.compile(r'<table class="contributions">.*?</table>', re.DOTALL)
BAR = re.compile(r'<ul class="split">.*?</ul>', re.DOTALL)
QUERIES_WITH_FIRMNESS = {"profile=quick", "w.speed=1&w.ease=1"}


def keep(client: Client, query: str) -> str:
    """Stores an answer and returns its address."""
    response = client.post(f"/recommend/keep/?{query}")
    assert response.status_code == 302
    return response.headers["Location"]


def json_url(address: str) -> str:
    return address.removesuffix("/") + ".json"


@pytest.mark.parametrize("part", [RANKING, TABLE, BAR])
@pytest.mark.parametrize("query", ["profile=quick", "w.speed=1&w.ease=1", "w.speed=3&must=part", "w.part=2&must=speed"])
def test_a_stored_answer_looks_like_the_live_one(client, two, part, query) -> None:
    stored = page(client, keep(client, query))
    live = page(client, "/recommend/quick/" if query == "profile=quick" else f"/recommend/?{query}")
    assert part.findall(stored) == part.findall(live)
    assert bool(part.search(stored)) == (part is not BAR or query in QUERIES_WITH_FIRMNESS)


def test_a_stored_answer_has_every_section(client, two) -> None:
    html = squeezed(page(client, keep(client, "profile=quick")))
    assert '<h1 class="headline">One</h1>' in html
    assert "0.42 against −0.08. Fairly firm: it holds in 83 of 100 nearby weightings." in html
    assert '<a href="/recommend/quick/">A quick thing</a>' in html
    assert "This is still the newest edition" in html
    assert re.search(r'Speed</a>: <a class="plain" href="/claims/\d+/">Speed is 2</a>', html)
    assert "You care more about “Ease” than the weights say: there One is behind." in html
    assert "What would have changed it" in html
    assert "“Ease” from nice to have to essential" in html
    assert "nothing on Two, which is not a no" in page(client, keep(client, "w.part=1&w.speed=1"))


@pytest.mark.parametrize(
    ("query", "headline"),
    [
        ("w.speed=1&w.ease=1", "Too close to call"),
        ("w.ease=0", "Nothing weighs yet"),
        ("w.silent=2", "Nobody knows"),
        ("w.speed=1&must=speed&framework=two", "None of them"),
        ("w.speed=1&framework=one", "One"),
    ],
)
def test_every_ending_can_be_stored(client, two, query, headline) -> None:
    make_criterion(name="Silent")
    html = page(client, keep(client, query))
    assert f'<h1 class="headline">{headline}</h1>' in html


def test_an_answer_is_stored_once(client, two) -> None:
    assert keep(client, "profile=quick") == keep(client, "profile=quick")
    assert Snapshot.objects.count() == 1
    assert client.get("/recommend/keep/").status_code == 405
    assert client.get("/recommend/kept/0000/").status_code == 404
    assert client.post("/recommend/keep/?w.nothing=1").status_code == 400


def test_storing_needs_no_csrf_token_and_has_a_limit(two, monkeypatch) -> None:
    csrf_client = Client(enforce_csrf_checks=True)
    assert csrf_client.post("/recommend/keep/?profile=quick").status_code == 302
    monkeypatch.setattr("comparison.recommendation.snapshots.MAX_STORED", 1)
    assert csrf_client.post("/recommend/keep/?w.ease=1").status_code == 503
    assert csrf_client.post("/recommend/keep/?profile=quick").status_code == 302


def test_a_stored_answer_says_whether_newer_evidence_changes_it(client, two) -> None:
    address = keep(client, "profile=quick")
    before = page(client, address)
    Edition.objects.publish("something")
    html = page(client, address)
    assert "Newer evidence would not change this." in html
    assert "Today:" not in html
    for _ in range(9):
        claim = make_claim(framework=two["one"], criterion=Criterion.objects.get(slug="speed"), level=-2)
        claim.source.kind = "documentation"
        claim.source.save()
    html = page(client, address)
    assert "Newer evidence would change this:</strong> Two, firm: it holds in 100 of 100" in html
    for part in (RANKING, TABLE, BAR):
        assert part.findall(html) == part.findall(before)


def test_a_different_ending_without_a_leader_is_a_different_answer(client, two) -> None:
    make_criterion(name="Silent")
    address = keep(client, "w.silent=1")
    for framework in (two["one"], two["two"]):
        make_claim(framework=framework, criterion=Criterion.objects.get(slug="silent"), level=1)
    assert "Newer evidence would change this:</strong> Too close to call." in page(client, address)


def test_the_question_stays_the_same_when_its_profile_changes(client, two) -> None:
    address = keep(client, "profile=quick")
    ProfileWeight.objects.filter(criterion__slug="speed").delete()
    ProfileWeight.objects.create(profile=two["profile"], criterion=two["part"], weight=3, must_have=True)
    Edition.objects.publish("The profile weighs something else")
    html = page(client, address)
    assert "Newer evidence would not change this." in html
    today_url = re.search(r'<a href="([^"]+)">The same question today', html)[1].replace("&amp;", "&")
    assert RANKING.findall(page(client, today_url)) == RANKING.findall(html)
    Profile.objects.all().delete()
    Edition.objects.publish("The profile is gone")
    assert "Newer evidence would not change this." in page(client, address)


def test_new_frameworks_are_considered_unless_the_question_named_some(client, two) -> None:
    all_frameworks, named = keep(client, "w.speed=1"), keep(client, "w.speed=1&framework=one")
    best = make_framework("Best")
    for _ in range(9):
        make_claim(framework=best, criterion=Criterion.objects.get(slug="speed"), level=2)
    Edition.objects.publish("A newcomer")
    assert "Newer evidence would change this:</strong> Best, by “Speed” alone." in page(client, all_frameworks)
    assert "Newer evidence would not change this." in page(client, named)


def test_retracted_claims_and_deleted_subjects_are_named_without_a_link(client, two) -> None:
    address = keep(client, "profile=quick")
    data = json.loads(page(client, json_url(address)))
    claim = Claim.objects.get(pk=data["reasons"][0]["claim"])
    claim.transition(ClaimState.RETRACTED, make_user("Editor"), "Misread")
    html = page(client, address)
    assert claim.statement not in html
    assert f"claim {claim.pk}, which has been taken back since" in html
    Claim.objects.all().delete()
    Framework.objects.filter(slug="two").delete()
    ProfileWeight.objects.all().delete()
    Criterion.objects.filter(slug="ease").delete()
    Edition.objects.publish("Much is gone")
    html = page(client, address)
    assert "<h3>Two</h3>" in html
    assert '<th scope="row">Ease</th>' in html
    assert "Newer evidence would change this:" in html


def test_the_first_stored_answers_can_still_be_read(client, two) -> None:
    address = keep(client, "profile=quick")
    snapshot = Snapshot.objects.get()
    for name in ("schema", "reasons", "others", "changes", "cautions", "no_evidence", "names"):
        del snapshot.answer[name]
    snapshot.answer["outcome"] = {name: snapshot.answer["outcome"][name] for name in ("ending", "leader", "sentence")}
    for row in snapshot.answer["ranking"]:
        del row["must_haves"]
    snapshot.save()
    html = page(client, address)
    assert '<h1 class="headline">One, fairly firm: it holds in 83 of 100 nearby weightings.</h1>' in html
    assert RANKING.search(html)
    assert page(client, json_url(address)) == json.dumps(snapshot.answer, ensure_ascii=False, indent=1) + "\n"


def test_an_answer_stored_without_a_schema_number_is_read_like_one_with_it(client, two) -> None:
    address = keep(client, "profile=quick")
    html, data = page(client, address), page(client, json_url(address))
    snapshot = Snapshot.objects.get()
    del snapshot.answer["schema"]
    snapshot.save()
    cache.clear()
    assert (page(client, address), page(client, json_url(address))) == (html, data)


def test_the_schema_number_is_stored_and_not_published(client, two) -> None:
    address = keep(client, "profile=quick")
    assert Snapshot.objects.get().answer["schema"] == SCHEMA == 1
    assert "schema" not in json.loads(page(client, json_url(address)))
    assert "schema" not in json.loads(page(client, "/recommend/quick.json"))


@pytest.mark.parametrize("schema", [SCHEMA + 1, "1", None])
def test_an_answer_with_an_unknown_schema_gets_a_clear_sentence(client, two, schema) -> None:
    address = keep(client, "profile=quick")
    Snapshot.objects.update(answer={"schema": schema, "result": "of another form"})
    for url in (address, json_url(address)):
        response = client.get(url)
        assert (response.status_code, response.headers["Content-Type"]) == (503, "text/plain; charset=utf-8")
        assert "ETag" not in response.headers
        assert response.content.decode() == (
            "This answer was kept by a newer version of the site, and this version cannot read it.\n"
        )


def test_a_page_is_the_same_from_a_live_and_from_a_stored_answer(two) -> None:
    data = QueryDict("w.speed=3&w.ease=1&w.part=1&must=part")
    answer = answer_query(data, None)
    key = store_answer(answer, Edition.objects.current(), "/recommend/", "http://testserver/recommend/")
    live = AnswerPage.from_answer(answer)
    stored = AnswerPage.from_stored(StoredAnswer(Snapshot.objects.get(key=key)))
    names = {field.name for field in fields(AnswerPage)} - {"changes", "missing_evidence"}
    assert {name: getattr(stored, name) for name in names} == {name: getattr(live, name) for name in names}
    assert [(change.term, change.text) for change in stored.changes] == [
        (change.term, change.text) for change in live.changes
    ]
    assert [(missing.criterion, missing.frameworks) for missing in stored.missing_evidence] == [
        (missing.criterion, missing.frameworks) for missing in live.missing_evidence
    ]
    assert live.missing_evidence


def test_the_json_of_a_stored_answer_is_that_of_the_live_one(client, two) -> None:
    live = page(client, "/recommend/quick.json")
    address = keep(client, "profile=quick")
    response = client.get(json_url(address))
    assert (response.status_code, response.headers["Content-Type"]) == (200, "application/json")
    assert response.content.decode() == live
    assert client.get("/recommend/kept/0000.json").status_code == 404
    assert client.get(address.removesuffix("/") + ".md").status_code == 404


def test_a_stored_answer_takes_as_many_queries_at_any_size(client) -> None:
    costs = []
    for size in (2, 8):
        fill(size, 4 * size)
        weights = "&".join(f"w.{slug}=2" for slug in rankable_criteria())
        address = keep(client, weights)
        costs.append(queries(client, address))
        make_source()
        Edition.objects.publish("More")
        costs.append(queries(client, address))
    assert costs[:2] == costs[2:]
    assert max(costs) <= 16


@pytest.mark.parametrize("name", ["Speed", "Ease"])
def test_a_framework_and_a_criterion_may_share_a_name(client, two, name) -> None:
    two["two"].slug, two["two"].name = name.lower(), "Namesake"
    two["two"].save()
    html = page(client, "/recommend/quick/")
    assert f"“{name}” from " in html
    assert f">{name}</a></th>" in html
    assert "“Namesake”" not in html
    assert ">Namesake</a></h3>" in html

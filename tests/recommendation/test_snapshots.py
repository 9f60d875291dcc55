"""Kept answers: what they show stays, and what became of it since is told truly."""

import json
import re

import pytest
from django.test import Client

from comparison.models import Claim, ClaimState, Criterion, Edition, Framework, Profile, ProfileWeight, Snapshot
from tests.make import fill, make_claim, make_criterion, make_framework, make_source, make_user
from tests.reading import page, queries

pytestmark = pytest.mark.django_db

RANKING = re.compile(r'<ol class="ranking">.*?</ol>', re.DOTALL)
TABLE = re.compile(r'<table class="contributions">.*?</table>', re.DOTALL)
BAR = re.compile(r'<ul class="split">.*?</ul>', re.DOTALL)


def keep(client: Client, query: str) -> str:
    """The address of an answer that is kept now."""
    response = client.post(f"/recommend/keep/?{query}")
    assert response.status_code == 302
    return response.headers["Location"]


@pytest.mark.parametrize("drawn", [RANKING, TABLE, BAR])
@pytest.mark.parametrize("query", ["profile=quick", "w.speed=1&w.ease=1", "w.speed=3&must=part", "w.part=2&must=speed"])
def test_a_kept_answer_is_drawn_as_the_answer_was(client, two, drawn, query) -> None:
    kept = page(client, keep(client, query))
    profile, _, weights = query.partition("profile=")[2], "", query if "profile" not in query else ""
    live = page(client, f"/recommend/{profile + '/' if profile else ''}?{weights}")
    assert drawn.findall(kept) == drawn.findall(live)
    assert drawn is BAR or drawn.search(kept)


def test_a_kept_answer_tells_the_whole_answer(client, two) -> None:
    html = page(client, keep(client, "profile=quick"))
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
def test_every_ending_can_be_kept(client, two, query, headline) -> None:
    make_criterion(name="Silent")
    html = page(client, keep(client, query))
    assert f'<h1 class="headline">{headline}</h1>' in html


def test_an_answer_is_kept_once(client, two) -> None:
    assert keep(client, "profile=quick") == keep(client, "profile=quick")
    assert Snapshot.objects.count() == 1
    assert client.get("/recommend/keep/").status_code == 405
    assert client.get("/recommend/kept/0000/").status_code == 404
    assert client.post("/recommend/keep/?w.nothing=1").status_code == 400


def test_keeping_needs_no_token_and_has_an_end(two, monkeypatch) -> None:
    strict = Client(enforce_csrf_checks=True)
    assert strict.post("/recommend/keep/?profile=quick").status_code == 302
    monkeypatch.setattr("comparison.recommendation.snapshots.MAX_STORED", 1)
    assert strict.post("/recommend/keep/?w.ease=1").status_code == 503
    assert strict.post("/recommend/keep/?profile=quick").status_code == 302


def test_it_says_whether_newer_evidence_changes_it(client, two) -> None:
    address = keep(client, "profile=quick")
    then = page(client, address)
    Edition.objects.publish("something")
    html = page(client, address)
    assert "Newer evidence would not change this." in html
    assert "Today:" not in html
    for _ in range(9):
        made = make_claim(framework=two["one"], criterion=Criterion.objects.get(slug="speed"), level=-2)
        made.source.kind = "documentation"
        made.source.save()
    html = page(client, address)
    assert "Newer evidence would change this:</strong> Two, firm: it holds in 100 of 100" in html
    for drawn in (RANKING, TABLE, BAR):
        assert drawn.findall(html) == drawn.findall(then)


def test_another_reason_for_naming_nobody_is_another_answer(client, two) -> None:
    make_criterion(name="Silent")
    address = keep(client, "w.silent=1")
    for framework in (two["one"], two["two"]):
        make_claim(framework=framework, criterion=Criterion.objects.get(slug="silent"), level=1)
    assert "Newer evidence would change this:</strong> Too close to call." in page(client, address)


def test_the_question_stays_when_its_profile_changes(client, two) -> None:
    address = keep(client, "profile=quick")
    ProfileWeight.objects.filter(criterion__slug="speed").delete()
    ProfileWeight.objects.create(profile=two["profile"], criterion=two["part"], weight=3, must_have=True)
    Edition.objects.publish("The profile weighs something else")
    html = page(client, address)
    assert "Newer evidence would not change this." in html
    again = re.search(r'<a href="([^"]+)">The same question today', html)[1].replace("&amp;", "&")
    assert RANKING.findall(page(client, again)) == RANKING.findall(html)
    Profile.objects.all().delete()
    Edition.objects.publish("The profile is gone")
    assert "Newer evidence would not change this." in page(client, address)


def test_a_newcomer_is_considered_unless_the_question_named_frameworks(client, two) -> None:
    both, named = keep(client, "w.speed=1"), keep(client, "w.speed=1&framework=one")
    best = make_framework("Best")
    for _ in range(9):
        make_claim(framework=best, criterion=Criterion.objects.get(slug="speed"), level=2)
    Edition.objects.publish("A newcomer")
    assert "Newer evidence would change this:</strong> Best, by “Speed” alone." in page(client, both)
    assert "Newer evidence would not change this." in page(client, named)


def test_what_is_taken_back_or_gone_is_named_without_its_words(client, two) -> None:
    address = keep(client, "profile=quick")
    told = json.loads(page(client, address[:-1] + ".json"))["reasons"][0]["claim"]
    claim = Claim.objects.get(pk=told)
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


def test_answers_kept_by_an_earlier_version_still_show(client, two) -> None:
    address = keep(client, "profile=quick")
    kept = Snapshot.objects.get()
    for name in ("reasons", "changes", "cautions", "no_evidence", "names"):
        del kept.answer[name]
    kept.answer["outcome"] = {name: kept.answer["outcome"][name] for name in ("ending", "leader", "sentence")}
    for one in kept.answer["ranking"]:
        del one["must_haves"]
    kept.save()
    html = page(client, address)
    assert '<h1 class="headline">One, fairly firm: it holds in 83 of 100 nearby weightings.</h1>' in html
    assert RANKING.search(html)


def test_the_data_are_those_of_the_answer(client, two) -> None:
    then = json.loads(page(client, "/recommend/quick.json"))
    response = client.get(keep(client, "profile=quick")[:-1] + ".json")
    assert (response.status_code, response.headers["Content-Type"]) == (200, "application/json")
    assert response.json() == then
    assert client.get("/recommend/kept/0000.json").status_code == 404
    assert client.get(keep(client, "profile=quick")[:-1] + ".md").status_code == 404


def test_a_kept_answer_costs_the_same_at_any_size(client) -> None:
    costs = []
    for size in (2, 8):
        fill(size, 4 * size)
        weights = "&".join(f"w.{one.slug}=2" for one in Criterion.objects.exclude(kind="list"))
        address = keep(client, weights)
        costs.append(queries(client, address))
        make_source()
        Edition.objects.publish("More")
        costs.append(queries(client, address))
    assert costs[:2] == costs[2:]
    assert max(costs) <= 16


@pytest.mark.parametrize("name", ["Speed", "Ease"])
def test_a_framework_may_be_called_as_a_criterion(client, two, name) -> None:
    two["two"].slug, two["two"].name = name.lower(), "Namesake"
    two["two"].save()
    html = page(client, "/recommend/quick/")
    assert f"“{name}” from " in html
    assert f">{name}</a></th>" in html
    assert "“Namesake”" not in html
    assert ">Namesake</a></h3>" in html

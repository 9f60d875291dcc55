"""What was found about claims: the page of checks, its files and API, score sheets, and what decides a check."""

import re
from typing import Any

import pytest
from django.core.cache import cache

from comparison.models import Edition
from comparison.tables.checks import checked_claims, score_sheets
from tests.make import make_check, make_claim, make_criterion, make_framework, make_part, make_source
from tests.reading import page, squeezed

pytestmark = pytest.mark.django_db
API = "/api/v1/checks/"


@pytest.fixture
def checked() -> dict[str, Any]:
    """Two articles; documentation decides one claim of each, another one is decided by nothing."""
    one, two = make_framework("One"), make_framework("Two")
    forms, speed = make_criterion("feature", "Forms"), make_criterion("rating", "Speed")
    article, other = make_source("Article"), make_source("Other article", kind="vendor")
    manual = make_source("Manual", "documentation", framework=one, framework_version="5.2")
    page = make_part(manual, "Manual forms", framework_version="5.2")
    documented = make_claim(
        framework=one, criterion=forms, source=page, support="built-in", start=3, end=9, quote="Has forms of its own."
    )
    wrong = make_claim(framework=one, criterion=forms, source=article, support="none", statement="Lacks forms")
    right = make_claim(framework=one, criterion=forms, source=other, support="built-in", statement="Brings forms")
    slow = make_claim(framework=two, criterion=speed, source=article, level=-1, statement="Is slow")
    opinion = make_claim(framework=two, criterion=speed, source=other, level=1, statement="Is quick")
    make_check(wrong, "false", note="The manual describes forms.").decided_by.add(documented)
    make_check(right, "confirmed", note="The manual describes forms.").decided_by.add(documented)
    make_check(slow, "misleading", note="It compares unlike things.")
    return {"wrong": wrong, "right": right, "slow": slow, "opinion": opinion, "documented": documented}


def statements(response) -> list[str]:
    return [row.claim.statement for row in response.context["page"].rows]


def test_what_would_move_its_cell_furthest_comes_first(client, checked) -> None:
    assert statements(client.get("/checks/")) == ["Lacks forms", "Is slow"]
    rows = {row.claim.pk: row for row in checked_claims()}
    # Built in by documentation (weight 3) and a vendor (1): +1. With the article's "none" (2): (3 + 1 − 2) ÷ 6 = 1/3.
    assert rows[checked["wrong"].pk].shift == pytest.approx(2 / 3)
    # A vendor (1) at +½. With the article (2) at −½: (½ − 1) ÷ 3 = −1/6.
    assert rows[checked["slow"].pk].shift == pytest.approx(2 / 3)
    assert rows[checked["right"].pk].shift == 0
    row = rows[checked["slow"].pk]
    assert (row.with_it, row.without_it) == ("Middling", "Good")


def test_both_passages_stand_side_by_side(client, checked) -> None:
    html = squeezed(client.get("/checks/").content.decode())
    assert "Lacks forms" in html
    assert "The manual describes forms." in html
    assert "Manual: Manual forms, 5.2" in html
    assert "Has forms of its own." in html
    assert "the verdict would read “Middling” instead of “Good”" in html
    assert "<del>Lacks forms</del>" in client.get("/checks/").content.decode()


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("finding=confirmed", ["Brings forms"]),
        ("finding=false&finding=confirmed", ["Lacks forms", "Brings forms"]),
        ("framework=two", ["Is slow"]),
        ("source=other-article", []),
        ("source=article&framework=one", ["Lacks forms"]),
        ("finding=&source=article", ["Lacks forms", "Is slow"]),
    ],
)
def test_checks_are_filtered_on_the_page_in_files_and_in_the_api(client, checked, query, expected) -> None:
    assert statements(client.get(f"/checks/?{query}")) == expected
    assert [row["statement"] for row in client.get(f"/checks.json?{query}").json()["results"]] == expected
    assert [row["statement"] for row in client.get(f"{API}?{query}").json()["results"]] == expected
    lines = client.get(f"/checks.csv?{query}").content.decode().splitlines()
    assert len(lines) == 1 + len(expected)


def test_what_has_no_checks_is_not_offered_but_may_be_asked_for(client, checked) -> None:
    make_claim(framework=make_framework("Three"), source=make_source("Third article"))
    Edition.objects.publish("A third")
    html = client.get("/checks/").content.decode()
    assert '<option value="other-article">' in html
    assert not re.search('<option value="(third-article|three|manual)"', html)
    response = client.get("/checks/?source=third-article&framework=three")
    assert statements(response) == []
    html = response.content.decode()
    assert '<option value="third-article" selected>' in html
    assert '<option value="three" selected>' in html
    assert "asks for something that is not here" not in html


def test_what_a_filter_may_be_is_said_in_the_language_of_the_page(client, checked) -> None:
    assert "framework=zzz: bekannt: one, two." in squeezed(page(client, "/de/checks/?framework=zzz"))


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("finding=fals", "finding=fals: did you mean false?"),
        ("source=artcle", "source=artcle: did you mean article?"),
        ("framework=zzz", "framework=zzz: known: one, two"),
    ],
)
def test_a_value_that_is_not_there_is_named(client, checked, query: str, words: str) -> None:
    response = client.get(f"/checks/?{query}")
    assert statements(response) == ["Lacks forms", "Is slow"]
    assert words in squeezed(response.content.decode())
    for path in ("/checks.json", API):
        refused = client.get(f"{path}?{query}")
        assert refused.status_code == 400
        assert words in refused.content.decode()


def test_json_has_its_fields(client, checked) -> None:
    (row,) = client.get(f"{API}?framework=one").json()["results"]
    assert row == {
        "claim": checked["wrong"].pk,
        "framework": "one",
        "criterion": "forms",
        "source": "article",
        "statement": "Lacks forms",
        "finding": "false",
        "note": "The manual describes forms.",
        "on": checked["wrong"].checks.get().on.isoformat(),
        "decided_by": [checked["documented"].pk],
        "shift": 0.6667,
        "with_it": row["with_it"],
        "without_it": "Built in",
        "url": f"/claims/{checked['wrong'].pk}/",
    }


def test_articles_have_score_sheets(client, checked) -> None:
    scores = {row.pop("source"): row for row in client.get("/api/v1/scores/").json()["results"]}
    nothing = {"confirmed": 0, "misleading": 0, "outdated": 0, "false": 0, "open": 0}
    assert scores == {
        "article": nothing | {"misleading": 1, "false": 1},
        "other-article": nothing | {"confirmed": 1, "open": 1},
    }
    html = squeezed(client.get("/sources/article/").content.decode())
    assert "Its score sheet" in html
    assert "Its score sheet" not in client.get("/sources/manual/").content.decode()
    assert [sheet.source.slug for sheet in score_sheets()] == ["article", "other-article"]


def test_a_claim_shows_what_decided_it(client, checked) -> None:
    html = squeezed(client.get(f"/claims/{checked['wrong'].pk}/").content.decode())
    assert "One: Says" in html or checked["documented"].statement in html
    assert "Has forms of its own." in html


def test_of_several_findings_the_one_that_weighs_most_counts(client, checked) -> None:
    make_check(checked["right"], "outdated", note="It was so once.")
    rows = {row["claim"]: row["finding"] for row in client.get(API).json()["results"]}
    assert rows[checked["right"].pk] == "outdated"


def test_without_checks_the_page_says_so(client) -> None:
    assert "No checked claim passes." in client.get("/checks/").content.decode()
    assert client.get(API).json()["results"] == []


def test_checks_cost_the_same_at_any_size(client, checked, django_assert_max_num_queries) -> None:
    costs = []
    for _round in range(2):
        with django_assert_max_num_queries(17) as queries:
            client.get("/checks/")
        costs.append(len(queries))
        for number in range(12):
            claim = make_claim(framework=checked["wrong"].framework, source=checked["wrong"].source, level=-1)
            make_check(claim, "false").decided_by.add(checked["documented"])
            make_claim(criterion=claim.criterion, framework=claim.framework, start=number, end=99)
    assert costs[0] == costs[1]


def test_the_page_shows_the_score_sheets_of_the_articles_with_most_checks(client, checked, monkeypatch) -> None:
    html = squeezed(client.get("/checks/").content.decode())
    assert "more article" not in html
    monkeypatch.setattr("comparison.views.checks.MAX_SHEETS", 1)
    cache.clear()
    html = squeezed(client.get("/checks/").content.decode())
    assert '1 more article has a score sheet on its page: <a href="/sources/">Sources</a>' in html
    assert '<a href="/sources/article/">' in html.partition('id="found"')[0]
    assert '<a href="/sources/other-article/">' not in html.partition('id="found"')[0]

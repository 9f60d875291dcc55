"""What the tools answer: the same as pages and API, bounded, with sources, and nothing that is not public."""

import json
from typing import Any

import pytest

from comparison.mcp import tools
from comparison.mcp.tools import TOOLS, absolute
from comparison.models import Claim, ClaimState
from tests.make import fill, make_check, make_claim, make_criterion, make_framework, make_source, make_user

pytestmark = pytest.mark.django_db
API = "/api/v1/"


def call(name: str, **arguments: Any) -> Any:
    """The answer as JSON carries it."""
    return json.loads(json.dumps(TOOLS[name].call(arguments), allow_nan=False))


def test_the_catalogue_names_what_the_other_tools_take(two) -> None:
    answer = call("catalogue")
    assert [row["slug"] for row in answer["frameworks"]] == ["one", "two"]
    assert {row["slug"]: row["kind"] for row in answer["criteria"]} == {
        "speed": "rating",
        "ease": "rating",
        "part": "feature",
        "small-team": "fit",
    }
    assert [row["slug"] for row in answer["profiles"]] == ["quick"]
    assert answer["left_out"] == ""


def test_a_question_finds_the_row_with_the_claims_on_both_sides(two) -> None:
    make_claim(framework=two["one"], criterion=Claim.objects.filter(level=2)[0].criterion, level=-2)
    for question in ("which has the best speed?", "speed"):
        answer = call("search", q=question)
        assert answer["criterion"] == "speed"
        (row,) = answer["table"]["rows"]
        cell = row["cells"]["one"]
        assert (cell["state"], len(cell["for"]), len(cell["against"])) == ("disputed", 2, 1)
        told = {claim["id"] for claim in answer["claims"]}
        assert {pk for each in row["cells"].values() for pk in (*each["for"], *each["against"])} == told
        assert {source["slug"] for source in answer["table"]["sources"]} == {
            claim["source"] for claim in answer["claims"]
        }
    assert list(call("search", q="is two quick in speed")["table"]["rows"][0]["cells"]) == ["two"]


def test_words_of_claims_lead_to_their_rows_with_all_claims_of_the_cells(two) -> None:
    answer = call("search", q="few people")
    (row,) = answer["table"]["rows"]
    assert row["criterion"] == "small-team"
    assert {claim["statement"] for claim in answer["claims"]} == {"Good for few people", "Not for few people"}


def test_a_search_may_find_nothing(two) -> None:
    answer = call("search", q="zebra")
    assert (answer["table"], answer["claims"], answer["criterion"]) == (None, [], None)


QUERIES: list[dict[str, Any]] = [{}, {"criterion": ["speed"]}, {"show": "unknown"}, {"kind": ["rating", "fit"]}]


def test_a_comparison_equals_that_of_the_api(client, two) -> None:
    for arguments in QUERIES:
        answer = call("compare", frameworks=["two", "one"], **arguments)
        expected = client.get(f"{API}comparisons/one-vs-two/", arguments).json()
        assert {name: answer[name] for name in ("edition", "frameworks", "rows")} == {
            name: expected[name] for name in ("edition", "frameworks", "rows")
        }
        heard = {slug for row in answer["rows"] for cell in row["cells"].values() for slug in cell["sources"]}
        assert answer["sources"] == [source for source in expected["sources"] if source["slug"] in heard]
        assert answer["left_out"] == ""


def test_a_recommendation_equals_that_of_the_api(client, two) -> None:
    questions: list[tuple[dict[str, Any], str]] = [
        ({"profile": "quick"}, "/quick"),
        ({"weights": {"speed": 3, "ease": 1}, "must": "part"}, "?w.speed=3&w.ease=1&must=part"),
        ({"profile": "quick", "weights": {"ease": 3}, "framework": ["two"]}, "/quick?w.ease=3&framework=two"),
    ]
    for arguments, path in questions:
        answer = call("recommend", **arguments)
        expected = client.get(f"{API}recommendations{path}").json()
        claims = {claim["id"]: claim for claim in answer.pop("claims")}
        assert set(claims) == {reason["claim"] for reason in expected["reasons"]}
        assert answer.pop("left_out") == ""
        assert f"http://testserver{answer.pop('address')}" == expected.pop("address")
        assert answer == expected


def test_claims_equal_those_of_the_api_and_name_their_sources(client, two) -> None:
    for arguments in ({}, {"framework": ["one"], "side": "for"}, {"q": "few people", "sort": "oldest"}):
        answer = call("claims", **arguments)
        expected = client.get(f"{API}claims/", arguments).json()
        assert answer["count"] == expected["count"]
        cited = [claim.pop("cited") for claim in answer["claims"]]
        assert all("Publisher not stated" in words for words in cited)
        assert [{**claim, "source_address": ""} for claim in expected["results"]] == answer["claims"]


def test_every_answer_is_bounded_and_says_what_it_leaves_out(monkeypatch) -> None:
    for name, limit in {"MAX_LISTED": 2, "MAX_COLUMNS": 3, "MAX_ROWS": 4, "MAX_CLAIMS": 5, "MAX_RANKED": 2}.items():
        monkeypatch.setattr(tools, name, limit)
    monkeypatch.setattr(tools, "MAX_EXPLAINED", 1)
    frameworks = fill(4, 10, sources=3)
    slugs = [framework.slug for framework in frameworks]
    criterion = Claim.objects.filter(criterion__kind="rating")[0].criterion
    listed = call("catalogue")
    assert [len(listed[name]) for name in ("frameworks", "criteria")] == [2, 2]
    assert listed["left_out"] == "Only the first 2 frameworks are listed. Only the first 2 criteria are listed."
    first, last = (call("compare", frameworks=slugs[:3], page=page) for page in (1, 3))
    assert [len(first["rows"]), len(last["rows"])] == [4, 2]
    assert first["left_out"] == "Only 1 to 4 of 10 rows. Ask for page 2, or for less."
    assert last["left_out"] == "Only 9 to 10 of 10 rows."
    claims = call("claims", framework=slugs[0])
    assert (len(claims["claims"]), claims["left_out"]) == (5, "Only 1 to 5 of 30 claims. Ask for page 2, or for less.")
    ranked = call("recommend", weights={criterion.slug: 3})
    assert [bool(row["contributions"]) for row in ranked["ranking"]] == [True, False]
    assert ranked["left_out"] == "Contributions of the first 1 only. The first 2 of 4 frameworks only."
    found = call("search", q=criterion.name)
    assert (len(found["table"]["frameworks"]), len(found["claims"])) == (3, 5)
    assert found["left_out"] == (
        f"The first 3 frameworks only; name others in the question or to compare: {sorted(slugs)[3]}."
    )
    with pytest.raises(tools.BadArguments, match="4 are named; at most 3 are compared at once"):
        call("compare", frameworks=slugs)


def test_answers_cost_equally_many_queries_at_any_size(django_assert_max_num_queries) -> None:
    costs = []
    for size in (3, 9):
        frameworks = fill(size, 3 * size, sources=size)
        criterion = Claim.objects.filter(framework=frameworks[0], criterion__kind="rating").latest("pk").criterion
        calls: dict[str, Any] = {
            "catalogue": {},
            "search": {"q": criterion.name},
            "compare": {"frameworks": [framework.slug for framework in frameworks]},
            "recommend": {"weights": {criterion.slug: 3}},
            "claims": {"framework": frameworks[0].slug},
        }
        cost = {}
        for name, arguments in calls.items():
            with django_assert_max_num_queries(20) as found:
                call(name, **arguments)
            cost[name] = len(found.captured_queries)
        costs.append(cost)
    assert costs[0] == costs[1]


def test_nothing_that_is_not_public_is_answered() -> None:
    user = make_user(username="hunter2")
    framework, criterion, source = make_framework("One"), make_criterion(name="Speed"), make_source("Article")
    source.set_text("Quoth the bird: nevermore.")
    source.save()
    for state in ClaimState:
        claim = make_claim(
            state, framework=framework, criterion=criterion, source=source, created_by=user, statement=f"It is {state}."
        )
        make_check(claim, "confirmed", note=f"Seen {state}.", by=user)
        Claim.objects.filter(pk=claim.pk).update(quote="Quoth the bird")
    told = ""
    arguments: dict[str, Any] = {"search": {"q": "speed"}, "compare": {"frameworks": "one"}}
    arguments |= {"recommend": {"weights": {"speed": 3}}}
    for name in TOOLS:
        told += json.dumps(call(name, **arguments.get(name, {})))
    assert "It is published." in told
    for word in ("hunter2", "Quoth", "draft", "submitted", "rejected", "retracted"):
        assert word not in told


def test_paths_of_pages_become_addresses_of_the_site() -> None:
    data = {"rows": [{"url": "/claims/1/", "address": "/recommend/", "source_address": "/x", "title": "/y"}]}
    (row,) = absolute(data, "https://example.org")["rows"]
    assert list(row.values()) == ["https://example.org/claims/1/", "https://example.org/recommend/", "/x", "/y"]
    assert absolute({"address": "https://other.org/"}, "https://example.org") == {"address": "https://other.org/"}

"""What the API refuses, and how it says so."""

from unittest.mock import Mock

import pytest
from django.db import connection

from tests.api_client import API, DETAILS, LISTS, TABLE, every_address, every_list, get_json, get_problem

pytestmark = pytest.mark.django_db

BAD_PAGES = ["page=0", "page=-1", "page=x", "page=1.5", "page=²", "page=%20", "page_size=0", "page_size=x"]
BAD_PAGES += ["page_size=501", "page_size=9999999", "page_size=99999999999999999999", "page_size=-1", "page_size=1e2"]
BAD_PAGES += ["page=99999999999999999999", "page=" + "9" * 5000]


@every_list
def test_bad_pages_are_refused_by_name(client, claim, address) -> None:
    for query in BAD_PAGES:
        name, _, value = query.partition("=")
        problem = get_problem(client, f"{address}?{query}")
        assert list(problem["errors"]) == [name]
        assert f"{name}={value[:40]}".replace("%20", " ") in problem["detail"]
        assert problem["detail"] == problem["errors"][name]


@every_list
@pytest.mark.parametrize("number", [1000, 10**9])
def test_pages_beyond_the_end_are_not_found(client, claim, address, number) -> None:
    assert f"page {number} does not exist" in get_problem(client, f"{address}?page={number}", 404)["detail"]


LONG = "q=" + "x" * 201
BAD_CLAIMS = ["framework=alfa", "criterion=nope", "category=nope", "source=nope", "kind=nope", "side=up", "sort=nope"]
BAD_CLAIMS += ["finding=nope", LONG, "framework=%ff", "source=" + "9" * 3000, "kind=Rating", "framework=ALPHA"]
BAD_TABLES = ["criterion=nope", "category=nope", "source=nope", "kind=nope", "show=nope", "sort=nope", "order=gamma"]
BAD_TABLES += ["reference=gamma", "open=nope", "min_sources=0", "min_sources=x", "min_sources=1.5", "min_sources=-3"]
BAD_TABLES += ["min_sources=1001", "min_sources=1e9999", "min_sources=nan", LONG]
BAD_FILTERS = [(f"{API}claims/", query) for query in BAD_CLAIMS] + [(TABLE, query) for query in BAD_TABLES]


@pytest.mark.parametrize(("address", "query"), BAD_FILTERS)
def test_bad_values_of_filters_are_refused_by_name(client, claim, address, query) -> None:
    name, _, value = query.partition("=")
    problem = get_problem(client, f"{address}?{query}")
    assert list(problem["errors"]) == [name]
    assert problem["errors"][name].startswith(f"{name}={value[:80]}:".replace("%ff", "\N{REPLACEMENT CHARACTER}"))
    assert problem["detail"] == problem["errors"][name]


def test_every_bad_parameter_is_named_at_once(client, catalogue) -> None:
    problem = get_problem(client, f"{API}claims/?framework=alpha&framework=alfa&kind=x&kind=y&side=up")
    assert list(problem["errors"]) == ["framework", "kind", "side"]
    assert "did you mean alpha?" in problem["errors"]["framework"]
    assert "x, y" in problem["errors"]["kind"]
    problem = get_problem(client, f"{TABLE}?show=x&kind=y&kind=z&source=articl")
    assert set(problem["errors"]) == {"show", "kind", "source"}
    assert all(quoted in problem["errors"]["kind"] for quoted in ("kind=y:", "kind=z:"))
    assert "did you mean article?" in problem["errors"]["source"]
    assert all(message in problem["detail"] for message in problem["errors"].values())


REPEATED = [("claims/", "side=for&side=against"), ("claims/", "sort=newest&sort=newest"), ("claims/", "q=a&q=b")]
REPEATED += [
    ("comparisons/alpha-vs-beta/", f"{query}&{query}") for query in ("show=all", "min_sources=1", "reference=beta")
]
REPEATED += [("claims/", "page=1&page=2"), ("frameworks/", "page_size=1&page_size=2"), ("claims/", "side=x&side=for")]


@pytest.mark.parametrize(("path", "query"), REPEATED)
def test_a_parameter_with_one_value_may_not_be_repeated(client, claim, path, query) -> None:
    name = query.partition("=")[0]
    errors = get_problem(client, f"{API}{path}?{query}")["errors"]
    assert list(errors) == [name]
    assert errors[name].endswith("give it once.")


@pytest.mark.parametrize("address", [*LISTS, *DETAILS, f"{API}openapi.json"])
def test_unknown_parameters_are_refused_rather_than_ignored(client, claim, address) -> None:
    problem = get_problem(client, f"{address.format(claim.pk)}?mood=good")
    assert problem["errors"]["mood"].startswith("mood=good: no such parameter; ")


@pytest.mark.parametrize(
    "name", ["show", "sort", "view", "kind", "order", "reference", "source", "criterion", "differ"]
)
def test_a_wrong_choice_is_answered_with_those_that_there_are(client, catalogue, name) -> None:
    message = get_problem(client, f"{TABLE}?{name}=qqqqqq")["errors"][name]
    assert message.startswith(f"{name}=qqqqqq: known: ")
    assert "below" not in message


def test_a_misspelt_parameter_gets_a_suggestion(client, claim) -> None:
    problem = get_problem(client, f"{API}claims/?framwork=alpha&frameworks=beta")
    assert [message.endswith("did you mean framework?") for message in problem["errors"].values()] == [True, True]
    assert "known: page, page_size." in get_problem(client, f"{API}categories/?mood=1")["detail"]


@pytest.mark.parametrize("query", ["side=for&framework=beta&criterion=on-list", "kind=list&criterion=speed"])
def test_filters_that_contradict_each_other_find_nothing(client, catalogue, query) -> None:
    assert get_json(client, f"{API}claims/?{query}")["results"] == []


def test_a_filtered_table_may_be_empty(client, catalogue) -> None:
    table = get_json(client, f"{TABLE}?criterion=speed&kind=list")
    assert (table["rows"], len(table["sources"])) == ([], 5)


def test_a_breakdown_is_a_problem_without_details(client) -> None:
    client.raise_request_exception = False
    with connection.execute_wrapper(Mock(side_effect=ZeroDivisionError("hunter2"))):
        problem = get_problem(client, f"{API}claims/", 500)
    assert "hunter2" not in str(problem)


@pytest.mark.parametrize(
    ("path", "hint"),
    [
        ("frameworks/alfa/", "Did you mean alpha?"),
        ("frameworks/alpha-vs-beta/", "Did you mean"),
        ("frameworks/zzzzzz/", "“zzzzzz”"),
        ("criteria/sped/", "Did you mean speed?"),
        ("sources/artikle/", "Did you mean article?"),
        ("comparisons/alfa-vs-beta/", "Did you mean alpha-vs-beta?"),
        ("comparisons/zzzzzz/", "“zzzzzz”"),
        ("comparisons/-vs-/", "There is no framework"),
        ("claims/0/", f"See {API}claims/."),
        (f"claims/{'9' * 18}/", f"See {API}claims/."),
        (f"claims/{'9' * 19}/", f"See {API}claims/."),
        (f"claims/{'9' * 400}/", f"See {API}claims/."),
        (f"claims/{'9' * 5000}/", f"{API} lists all there are."),
        ("claims/-1/", f"Did you mean {API}claims/?"),
        ("claims/x/", f"Did you mean {API}claims/?"),
        ("frameworks/%F0%9F%98%80/", "There is nothing at"),
        ("framworks/", f"Did you mean {API}frameworks/?"),
        ("nothing/", f"{API} lists all there are."),
        ("frameworks/alpha/more/", "There is nothing at"),
        ("openapi.yaml", f"Did you mean {API}openapi.json?"),
        ("openapi.json/", f"Did you mean {API}openapi.json?"),
        ("frameworks/../claims", "There is nothing at"),
        ("%ff%fe/", "There is nothing at"),
        ("frameworks/" + "a" * 5000 + "/", "There is no framework"),
        ("<script>/", "There is nothing at"),
        ("\n/", "There is nothing at"),
    ],
)
def test_an_unknown_address_is_a_problem_with_suggestions(client, claim, path, hint) -> None:
    problem = get_problem(client, f"{API}{path}", 404)
    assert hint in problem["detail"]
    assert "errors" not in problem
    assert len(problem["detail"]) < 400


@pytest.mark.parametrize("path", ["frameworks", "claims", "frameworks/alpha", "comparisons/alpha-vs-beta", "editions"])
def test_a_missing_slash_changes_nothing(client, claim, path) -> None:
    """The document names addresses without it, as the rules of linters ask."""
    response = client.get(f"{API}{path}")
    assert (response.status_code, response.content) == (200, client.get(f"{API}{path}/").content)
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    assert client.post(f"{API}{path}").status_code == 405
    assert client.get("/api/v1").headers["Location"] == API


@every_address
@pytest.mark.parametrize("end", ["%00", "?q=%00", "?%00=a", "?q=" + "x" * 9_998])
def test_malformed_addresses_are_refused(client, claim, address, end) -> None:
    problem = get_problem(client, address.format(claim.pk) + end, 400)
    assert "NUL byte" in problem["detail"] or "at most 8000 are read" in problem["detail"]

"""What the API answers, page by page, at which cost, and what it never shows."""

import json
import re

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext

from comparison.api.requests import filled_parameters
from comparison.models import Claim, ClaimState, Edition, FormerCriterion, Source
from comparison.tables.claim_filters import ClaimFilter
from tests.api_client import API, LISTS, SECRET, TABLE, every_list, get_json, possible_requests
from tests.make import fill, make_category, make_check, make_claim, make_criterion, make_measurement
from tests.reading import queries

pytestmark = pytest.mark.django_db

# What is answered.


def test_a_claim_has_all_its_fields(client, claim) -> None:
    assert get_json(client, f"{API}claims/{claim.pk}/") == {
        "id": claim.pk,
        "framework": "alpha",
        "criterion": "speed",
        "category": claim.criterion.category.slug,
        "kind": "rating",
        "source": "article",
        "part": None,
        "section": "Pace",
        "start": 16,
        "end": 25,
        "statement": claim.statement,
        "value": {"level": 2},
        "state": "published",
        "findings": [
            {
                "finding": "misleading",
                "note": "Seen otherwise.",
                "evidence": "https://example.org/check",
                "on": claim.checks.get().on.isoformat(),
            }
        ],
        "version_range": ">=4.2",
        "url": f"/claims/{claim.pk}/",
        "updated_edition": Claim.objects.get(pk=claim.pk).updated_edition,
    }


def test_a_framework_has_all_its_fields(client, claim) -> None:
    response = client.get(f"{API}frameworks/alpha/")
    assert "Älpha" in response.content.decode()
    assert response.json() == {
        "slug": "alpha",
        "name": "Alpha",
        "tagline": "",
        "homepage": "",
        "repository": "",
        "licence": "MIT",
        "first_release_year": 2005,
        "aliases": ["First", "Älpha"],
        "url": "/frameworks/alpha/",
    }


def test_a_comparison_has_verdicts_with_their_claims(client, catalogue) -> None:
    table = get_json(client, TABLE)
    assert table["frameworks"] == ["alpha", "beta"]
    rows = {row["criterion"]: row for row in table["rows"]}
    assert set(rows) == {"speed", "on-feature", "on-figure", "on-list", "on-fit"}
    assert (rows["speed"]["outcome"], rows["speed"]["reason"]) == ("unsettled", "unknown")
    speed = rows["speed"]["cells"]
    # The article's +2 was found misleading, so the copy speaks in its place: (2·½ − 1·½ − 3·½) / 6, and 6 / (6 + 2).
    assert {name: speed["alpha"][name] for name in ("state", "value", "position", "strength")} == {
        "state": "disputed",
        "value": -0.3333,
        "position": -0.1667,
        "strength": 0.75,
    }
    assert catalogue.pk not in speed["alpha"]["for"]
    assert speed["alpha"]["sources"] == ["copy", "test", "vendor"]
    nothing = {"value": None, "position": None, "strength": 0.0, "for": [], "against": [], "reported": []}
    assert speed["beta"] == {"state": "no evidence", "sources": []} | nothing
    assert rows["on-feature"]["cells"]["beta"]["state"] == "not applicable"
    assert rows["on-figure"]["cells"]["beta"]["value"] == {"median": 476.0, "low": 1.5, "high": 1000.0}
    assert (rows["on-figure"]["outcome"], rows["on-figure"]["reason"]) == ("not ranked", "reported")
    assert rows["on-list"]["cells"]["alpha"]["value"][0]["item"] == "Thing"
    assert [source["slug"] for source in table["sources"]] == ["article", "copy", "test", "trial", "vendor"]


def test_disputes_are_the_disputed_cells_widest_first(client, catalogue) -> None:
    disputes = get_json(client, f"{API}disputes/")["results"]
    assert [(dispute["framework"], dispute["criterion"]) for dispute in disputes] == [
        ("beta", "on-figure"),
        ("alpha", "speed"),
    ]
    assert [dispute["width"] for dispute in disputes] == [4.0, 2.0]
    assert [dispute.pop("position") for dispute in disputes] == [None, -0.1667]  # a figure has one only in a row
    cells = {row["criterion"]: row["cells"] for row in get_json(client, TABLE)["rows"]}
    for dispute in disputes:
        cell = cells[dispute["criterion"]][dispute["framework"]]
        del cell["position"]
        assert {name: dispute[name] for name in cell} == cell
        assert dispute["state"] == "disputed"


def test_editions_come_newest_first(client, claim) -> None:
    newest = Edition.objects.publish("Something changed")
    editions = get_json(client, f"{API}editions/")["results"]
    assert [edition["number"] for edition in editions] == list(range(newest.number, -1, -1))
    assert editions[0] == {"number": newest.number, "at": newest.at.isoformat(), "summary": "Something changed"}


CLAIM_QUERIES = ["", "framework=alpha", "framework=alpha&framework=beta", "criterion=speed&side=against", "kind=figure"]
CLAIM_QUERIES += ["category={category}", "source=article&finding=misleading", "finding=none", "q=says+1", "sort=source"]
CLAIM_QUERIES += ["framework=beta&side=for", "side=neither&sort=oldest", "framework=&kind=rating&q=", "q=%25", "q=%ff"]


def test_claims_are_filtered_as_on_the_page(client, catalogue) -> None:
    counts = set()
    for template in CLAIM_QUERIES:
        query = template.format(category=catalogue.criterion.category.slug)
        filters = ClaimFilter(filled_parameters(RequestFactory().get(f"/?{query}")), Claim.objects.published())
        assert filters.problems() == {}
        answer = get_json(client, f"{API}claims/?{query}")
        assert [claim["id"] for claim in answer["results"]] == [claim.pk for claim in filters.qs], query
        assert answer["count"] == filters.qs.count()
        counts.add(answer["count"])
    assert len(counts) > 5


TABLE_QUERIES = ["", "criterion=speed", "category={category}", "source=vendor", "kind=list&kind=fit", "show=disputed"]
TABLE_QUERIES += ["min_sources=3", "q=tempo", "sort=difference", "order=beta", "reference=beta", "open=speed"]
TABLE_QUERIES += ["show=unknown&source=article&source=test&q=speed"]


def test_a_comparison_equals_the_file_of_its_table(client, catalogue) -> None:
    for template in TABLE_QUERIES:
        query = template.format(category=catalogue.criterion.category.slug)
        file = client.get(f"/compare/alpha-vs-beta.json?{query}").json()
        assert get_json(client, f"{TABLE}?{query}") == file, query
        assert file["rows"], query


@pytest.mark.parametrize(
    ("names", "canonical"),
    [
        ("beta-vs-alpha", "alpha-vs-beta"),
        ("alpha-vs-beta-vs-alpha", "alpha-vs-beta"),
        ("Alpha-VS-beta", "alpha-vs-beta"),
        ("alpha-vs-alpha", "alpha"),
    ],
)
def test_a_comparison_has_one_address(client, claim, names, canonical) -> None:
    response = client.get(f"{API}comparisons/{names}/?show=disputed&q=a%20b")
    address = f"{API}comparisons/{canonical}/?show=disputed&q=a%20b"
    assert (response.status_code, response.headers["Location"]) == (301, address)
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    assert get_json(client, address)["frameworks"] == canonical.split("-vs-")


def test_a_merged_criterion_is_found_under_its_former_slug(client, claim) -> None:
    FormerCriterion.objects.create(slug="haste", criterion=claim.criterion)
    response = client.get(f"{API}criteria/haste/")
    assert (response.status_code, response.headers["Location"]) == (301, f"{API}criteria/{claim.criterion.slug}/")
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    assert get_json(client, f"{API}claims/?criterion=haste")["results"][0]["id"] == claim.pk
    assert "haste" not in json.dumps(get_json(client, f"{API}criteria/"))


# Pages of lists.


@every_list
def test_pages_hold_everything_once_in_a_stable_order(client, catalogue, address) -> None:
    make_category("Another")
    whole = get_json(client, address)
    assert (whole["next"], whole["previous"]) == (None, None)
    for size in (1, 2, 3, 500):
        check_pages(client, address, size, whole)


def check_pages(client: Client, address: str, size: int, whole) -> None:
    """Follows `next` from the first page to the last, and `previous` from each."""
    results, link, previous = [], f"http://testserver{address}?page_size={size}", None
    while link:
        assert link.startswith(f"http://testserver{address}?")
        answer = get_json(client, link)
        assert answer["count"] == whole["count"]
        assert (answer["previous"] is None) == (previous is None)
        if previous:
            assert get_json(client, answer["previous"]) == previous
        results += answer["results"]
        link, previous = answer["next"], answer
    assert results == whole["results"]
    assert len(results) == whole["count"] > 1


def test_links_keep_the_filters_and_the_host(client, catalogue) -> None:
    query = "?framework=alpha&kind=feature&kind=figure&sort=oldest&page_size=2"
    response = client.get(f"{API}claims/{query}", secure=True, headers={"host": "localhost:8123"})
    assert response.json()["next"] == f"https://localhost:8123{API}claims/{query}&page=2"


def test_a_page_holds_fifty_results_by_default(client) -> None:
    fill(3, 40, sources=1)
    lengths = {
        query: len(get_json(client, f"{API}claims/?{query}")["results"])
        for query in ("", "page_size=500", "page_size=")
    }
    assert lengths == {"": 50, "page_size=500": 120, "page_size=": 50}


def test_a_criterion_names_those_that_ask_the_same_thing_another_way(client) -> None:
    speed = make_criterion(name="Speed")
    speed.related.add(make_criterion(name="Memory"), make_criterion("figure", "Delay"))
    addresses = (f"{API}criteria/", "/criteria.json")
    lists = [{row["slug"]: row["related"] for row in client.get(address).json()["results"]} for address in addresses]
    assert lists == [{"speed": ["delay", "memory"], "delay": ["speed"], "memory": ["speed"]}] * 2
    assert get_json(client, f"{API}criteria/delay/")["related"] == ["speed"]


BUDGETS = {  # queries
    API: 5,
    f"{API}openapi.json": 5,
    f"{API}catalogue.json": 20,
    **dict.fromkeys(LISTS, 4),
    f"{API}claims/": 5,
    f"{API}disputes/": 9,
    f"{API}checks/": 12,
    f"{API}experiments/": 2,
    f"{API}experiments/quickness/": 4,
    f"{API}claims/?framework={{}}&kind=rating&q=says&sort=source&finding=none&page_size=500": 5,
    f"{API}frameworks/{{}}/": 2,
    f"{API}criteria/{{criterion}}/": 3,
    f"{API}sources/{{source}}/": 2,
    f"{API}claims/{{pk}}/": 3,
    f"{API}recommendations/?w.{{criterion}}=3&must={{criterion}}&framework={{}}": 12,
    f"{API}comparisons/{{names}}/": 7,
    f"{API}comparisons/{{names}}/?kind=rating&source={{source}}&show=all&min_sources=1": 8,
}


def test_answers_cost_equally_many_queries_at_any_size(client) -> None:
    costs = []
    for size in (3, 12):
        frameworks = fill(size, 3 * size, sources=size)
        claim = Claim.objects.filter(framework=frameworks[0], criterion__kind="rating").latest("pk")
        make_check(claim)
        for framework in frameworks:
            make_measurement(framework=framework)
        names = "-vs-".join(sorted(framework.slug for framework in frameworks))
        keys = {"pk": claim.pk, "criterion": claim.criterion.slug, "source": claim.source.slug, "names": names}
        costs.append({address: queries(client, address.format(frameworks[0].slug, **keys)) for address in BUDGETS})
    assert costs[0] == costs[1]
    assert {address: cost for address, cost in costs[1].items() if cost > BUDGETS[address]} == {}


# What stays private.


def test_unpublished_claims_do_not_exist(client, claim) -> None:
    before = get_json(client, f"{API}claims/")["count"]
    for state in ClaimState:
        other = make_claim(state, framework=claim.framework, criterion=claim.criterion, statement=f"It is {state}.")
        make_check(other, "confirmed", note=f"Of what is {state}.")
        status = 200 if state is ClaimState.PUBLISHED else 404
        answer = get_json(client, f"{API}claims/{other.pk}/", status)
        assert ("It is" in json.dumps(answer)) == (status == 200)
    missing = get_json(client, f"{API}claims/{Claim.objects.latest('pk').pk + 1}/", 404)["detail"]
    draft = Claim.objects.filter(state="draft").get().pk
    hidden = get_json(client, f"{API}claims/{draft}/", 404)["detail"]
    assert re.sub(r"\d+", "#", hidden) == re.sub(r"\d+", "#", missing)
    assert get_json(client, f"{API}claims/")["count"] == before + 1
    for address in (*LISTS[:-1], TABLE, f"{API}claims/?q=it+is", f"{API}claims/?sort=oldest&finding=confirmed"):
        content = client.get(address).content.decode()
        assert set(re.findall(r"(?:It|what) is (\w+)\.", content)) <= {"published"}


def test_the_texts_of_sources_are_neither_sent_nor_read(client, catalogue, document) -> None:
    cache.clear()
    with CaptureQueriesContext(connection) as executed:
        for _, address in possible_requests(document):
            response = client.get(address)
            assert response.status_code == 200
            assert SECRET[:20] not in response.content.decode()
            assert catalogue.quote not in response.content.decode()
    assert len(executed) > 100
    assert not [query["sql"] for query in executed if '"comparison_source"."text",' in query["sql"]]
    source = get_json(client, f"{API}sources/article/")
    assert source["text_length"] == len(SECRET * 3)
    assert source["text_sha256"] == Source.objects.get(slug="article").text_sha256

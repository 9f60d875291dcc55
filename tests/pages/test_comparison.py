"""Comparisons and claims over small catalogues."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from comparison.models import Claim, ClaimState, NotApplicable
from comparison.tables.table import load_table_data
from tests.make import fill, make_category, make_check, make_claim, make_criterion, make_framework, make_source
from tests.reading import page, queries, row

pytestmark = pytest.mark.django_db


ODD = ["-vs-", "--", "_", "x%20y", "<script>", "a" * 5000, "é", "%F0%9F%98%80", ".."]
ODD_ADDRESSES = [
    *(f"/compare/{name}/" for name in ODD),
    *(f"/compare/alpha/{name}/" for name in ODD),
    *(f"/frameworks/{name}/" for name in ODD),
    *(f"/claims/{pk}/" for pk in ("99999999", "9" * 18, "9" * 19, "-1", "x")),
]


@pytest.mark.parametrize("address", ODD_ADDRESSES)
def test_odd_addresses_are_not_found(client, address) -> None:
    make_framework("Alpha")
    assert "Not found" in page(client, address, 404)


@pytest.mark.parametrize(("few", "many"), [((2, 40), (10, 100))])
def test_a_table_costs_at_most_eight_queries(client, few, many) -> None:
    costs = []
    for frameworks, criteria in (few, many):
        compared = fill(frameworks, criteria)
        address = "/compare/" + "-vs-".join(sorted(framework.slug for framework in compared)) + "/"
        costs.append((queries(client, address), queries(client, address + "?category=" + make_category().slug)))
        costs.append((queries(client, address + "?show=differences"), queries(client, address + "?kind=rating")))
    assert costs[:2] == costs[2:]
    assert max(max(pair) for pair in costs) <= 8


def test_a_table_asks_for_its_own_claims_and_checks_alone() -> None:
    """Asked for an order, SQLite reads an index of all claims that has it; asked to join, PostgreSQL does so too."""
    compared = fill(2, 4)
    with CaptureQueriesContext(connection) as queries:
        load_table_data(compared)
    claims, checks = (
        [query["sql"] for query in queries if f'FROM "comparison_{name}"' in query["sql"]]
        for name in ("claim", "check")
    )
    assert (len(claims), len(checks)) == (1, 1)
    assert "ORDER BY" not in claims[0]
    assert "SELECT" not in checks[0].removeprefix("SELECT")


def test_other_pages_cost_the_same_at_any_size(client) -> None:
    budgets = {"/": 16, "/compare/": 4, "/frameworks/{}/": 9, "/compare/{}/{}/": 10, "/claims/{pk}/": 5}
    costs = []
    for size in (3, 12):
        compared = fill(size, 3 * size, sources=size)
        claim = Claim.objects.filter(framework=compared[0]).latest("pk")
        keys = (compared[0].slug, claim.criterion.slug)
        costs.append({address: queries(client, address.format(*keys, pk=claim.pk)) for address in budgets})
    assert costs[0] == costs[1]
    assert {address: cost for address, cost in costs[1].items() if cost > budgets[address]} == {}


@pytest.mark.parametrize("size", [1, 2, 5, 50])
def test_any_number_of_frameworks(client, size) -> None:
    compared = fill(size, 5)
    html = page(client, "/compare/" + "-vs-".join(sorted(framework.slug for framework in compared)) + "/")
    for framework in compared:
        assert f'<a href="/frameworks/{framework.slug}/">{framework.name}</a>' in html
    assert html.count('class="cell"') == size * 5


def test_no_frameworks_at_all(client) -> None:
    assert "catalogue is empty" in page(client, "/")
    assert "No framework is stored" in page(client, "/compare/")


def test_a_framework_without_claims(client) -> None:
    make_claim(framework=make_framework("Alpha"), criterion=make_criterion(name="Speed"))
    make_framework("Beta")
    html = page(client, "/compare/alpha-vs-beta/")
    assert "no evidence on Beta" in html
    assert "No source here covers Beta yet" in page(client, "/frameworks/beta/")
    make_framework("Gamma")
    assert "No source here covers Beta vs Gamma yet" in page(client, "/compare/beta-vs-gamma/")
    assert "No row passes" in page(client, "/compare/beta-vs-gamma/?q=nothing")


def test_only_published_claims_are_shown(client) -> None:
    alpha, speed = make_framework("Alpha"), make_criterion(name="Speed")
    for state in ClaimState:
        claim = make_claim(state, framework=alpha, criterion=speed, statement=f"It is {state}")
        status = 200 if state is ClaimState.PUBLISHED else 404
        page(client, f"/claims/{claim.pk}/", status)
    html = page(client, "/compare/alpha/speed/")
    assert re.findall(r"It is (\w+)", html) == ["published"]


def test_a_claim_found_false_is_struck_and_counts_no_more(client) -> None:
    alpha, speed = make_framework("Alpha"), make_criterion(name="Speed")
    wrong = make_claim(framework=alpha, criterion=speed, level=2, statement="Fastest of all")
    make_claim(framework=alpha, criterion=speed, level=-1, statement="Slow")
    make_check(wrong, "false")
    html = row(page(client, "/compare/alpha/"), "speed")
    assert "<del>Fastest of all</del>" in html
    assert "False" in html
    assert "On one article’s word" in html
    opened = page(client, "/compare/alpha/speed/")
    assert "Not counted" in opened
    assert "Seen otherwise." in opened
    assert "Set aside" in page(client, f"/claims/{wrong.pk}/")


@pytest.mark.parametrize("finding", ["false", "outdated", "misleading"])
def test_a_cell_whose_claims_are_all_set_aside_is_no_no(client, finding) -> None:
    claim = make_claim(
        framework=make_framework("Alpha"), criterion=make_criterion(name="Speed"), level=2, statement="Fast"
    )
    make_check(claim, finding)
    html = row(page(client, "/compare/alpha/"), "speed")
    assert finding.capitalize() in html
    assert "<del>Fast</del>" in html
    assert "What was said about it is set aside. That is not a no." in html
    assert "so no verdict counts it" in page(client, f"/claims/{claim.pk}/")


def test_a_cell_spells_out_the_first_claim_set_aside_and_counts_the_others(client) -> None:
    subject = {"framework": make_framework("Alpha"), "criterion": make_criterion(name="Speed")}
    for statement in ("Fast", "Faster", "Fastest"):
        make_check(make_claim(**subject, level=2, statement=statement))
    html = row(page(client, "/compare/alpha/"), "speed")
    assert html.count("<del>") == 1
    assert '<a href="speed/#alpha">2 more</a>' in html
    assert page(client, "/compare/alpha/speed/").count("Seen otherwise.") == 3


def test_a_repeated_source_is_not_counted_twice(client) -> None:
    alpha, speed = make_framework("Alpha"), make_criterion(name="Speed")
    first = make_source("Original")
    make_claim(framework=alpha, criterion=speed, source=first, level=1)
    make_claim(framework=alpha, criterion=speed, source=make_source("Copy", repeats=first), level=1)
    html = row(page(client, "/compare/alpha/"), "speed")
    assert "On one article’s word" in html
    assert "Repeated" in html


def test_a_criterion_that_does_not_apply_gives_the_reason(client) -> None:
    alpha, beta, tables = make_framework("Alpha"), make_framework("Beta"), make_criterion("feature", "Tables")
    make_claim(framework=alpha, criterion=tables)
    NotApplicable.objects.create(framework=beta, criterion=tables, reason="It keeps no data.")
    html = row(page(client, "/compare/alpha-vs-beta/"), "tables")
    assert 'class="na"' in html
    assert "It keeps no data." in html
    assert "not applicable to Beta" in html


def test_everything_stored_is_escaped(client) -> None:
    bad = '<script>alert("x")</script>'
    alpha = make_framework("Alpha", tagline=bad)
    thing = make_criterion("list", "Things", question=bad, help_text=bad)
    source = make_source("Source", author=bad, publisher=bad, note=bad)
    claim = make_claim(framework=alpha, criterion=thing, source=source, statement=bad, item=bad, section=bad, quote=bad)
    rated = make_claim(framework=alpha, statement=bad, source=source)
    make_check(rated, "misleading", note=bad)
    details = ["/compare/alpha/things/", "/frameworks/alpha/", f"/claims/{claim.pk}/", f"/claims/{rated.pk}/"]
    for address in ["/", "/compare/", "/compare/alpha/", *details]:
        html = page(client, address)
        assert "<script>" not in html
        assert bad not in html

"""The compact form of a table: one line a row, drawn from stored verdicts, with the filters of the full one."""

import re

import pytest
from django.db import connection
from django.http import QueryDict

from comparison.models import Category, Claim, Framework, NotApplicable
from comparison.tables.many.stored_table import load_stored_table
from comparison.tables.table import load_table_data
from comparison.tables.table_filters import FilteredTable, query_of
from tests.make import (
    fill,
    make_check,
    make_claim,
    make_criterion,
    make_framework,
    make_part,
    make_source,
    rebuild_verdicts,
)
from tests.reading import page, queries, row, rows
from tests.table_outlines import check_same_table

pytestmark = pytest.mark.django_db

SUPPORTS = ("built-in", "partial", "extension", "none")


def test_stored_tables_know_disputes_copies_parts_and_claims_set_aside() -> None:
    alpha, beta = make_framework("Alpha"), make_framework("Beta")
    whole = make_source("Docs", kind="documentation", framework=alpha)
    copied = make_source("Copied")
    sources = [make_part(whole, "Page"), copied, make_source("Copy", repeats=copied), make_source("Ad", kind="vendor")]
    for kind in ("rating", "fit", "feature", "figure", "list"):
        criterion = make_criterion(kind)
        for number, source in enumerate(sources):
            value = {
                "feature": {"support": SUPPORTS[number]},
                "figure": {"low": 10**number, "high": 10**number},
                "list": {"item": f"Item {number % 2}"},
            }.get(kind, {"level": number - 2})
            make_claim(framework=alpha, criterion=criterion, source=source, **value)
            if number:
                make_claim(framework=beta, criterion=criterion, source=source, **value)
        make_check(make_claim(framework=beta, criterion=criterion, source=make_source()), "false")
    NotApplicable.objects.create(framework=beta, criterion=make_criterion(name="Idle"), reason="It has none.")
    make_criterion(name="Unasked")
    rebuild_verdicts()
    check_same_table([alpha, beta])


@pytest.mark.parametrize(("few", "many"), [((2, 20), (12, 60))])
def test_a_compact_table_costs_at_most_eight_queries(client, few, many) -> None:
    costs = []
    for frameworks, criteria in (few, many):
        compared = fill(frameworks, criteria)
        address = "/compare/" + "-vs-".join(sorted(framework.slug for framework in compared)) + "/?view=compact"
        category = f"&category={Category.objects.get().slug}"
        costs.append([queries(client, address + query) for query in ("", category, "&show=differences", "&kind=fit")])
    assert costs[0] == costs[1]
    assert max(costs[1]) <= 8


def test_each_cell_says_its_word_and_leads_to_its_claims(client) -> None:
    alpha, beta = make_framework("Alpha"), make_framework("Beta")
    mapper, speed = make_criterion("feature", "Mapper"), make_criterion("figure", "Speed")
    make_claim(framework=alpha, criterion=mapper, support="built-in")
    make_claim(framework=beta, criterion=mapper, support="none")
    run = make_source(kind="measurement")
    make_claim(framework=alpha, criterion=speed, source=run, low=10, high=10)
    make_claim(framework=beta, criterion=speed, source=run, low=40, high=40)
    make_claim(framework=alpha, criterion=make_criterion(name="Charm"))
    rebuild_verdicts()
    html = page(client, "/compare/alpha-vs-beta/?view=compact")
    assert cells(html, "mapper") == [
        ("yes one thin leads", "mapper/#alpha", "Built in"),
        ("no one", "mapper/#beta", "None"),
    ]
    assert cells(html, "speed") == [("up2 one thin leads", "speed/#alpha", "10"), ("down2 one", "speed/#beta", "40")]
    assert cells(html, "charm") == [("up1 one", "charm/#alpha", "Good"), ("unknown", "charm/#beta", "No evidence")]
    assert 'id="alpha"' in page(client, "/compare/alpha-vs-beta/mapper/")


def cells(html: str, slug: str) -> list[tuple[str, ...]]:
    return re.findall(r'<td class="([^"]*)"><a href="([^"]+)">([^<]*)', row(html, slug))


def test_each_form_is_one_click_from_the_other_with_the_same_filters(client) -> None:
    fill(2, 5)
    names = "-vs-".join(sorted(Framework.objects.values_list("slug", flat=True)))
    html = page(client, f"/compare/{names}/?kind=rating")
    assert 'href="?kind=rating&amp;view=compact"' in html
    compact = page(client, f"/compare/{names}/?kind=rating&view=compact")
    assert 'href="?kind=rating"' in compact
    assert '<input type="hidden" name="view" value="compact">' in compact


def test_a_mistake_in_the_address_of_a_compact_table_is_named(client) -> None:
    fill(2, 5)
    names = "-vs-".join(sorted(Framework.objects.values_list("slug", flat=True)))
    html = page(client, f"/compare/{names}/?view=compact&category=nothing")
    assert "category=nothing: known: " in html
    assert len(rows(html)) == 5
    assert 'class="compare compact"' in html
    assert "view=compcat: did you mean compact?" in page(client, f"/compare/{names}/?view=compcat")


def test_a_compact_table_is_worked_out_from_claims_where_verdicts_are_not_stored(client) -> None:
    make_claim(framework=make_framework("Alpha"), criterion=make_criterion(name="Speed"))
    assert load_stored_table(list(Framework.objects.all())) is None
    assert cells(page(client, "/compare/alpha/?view=compact"), "speed") == [("up1 one", "speed/#alpha", "Good")]


def test_only_rows_in_which_the_chosen_columns_differ(client) -> None:
    alpha, beta, gamma = (make_framework(name) for name in ("Alpha", "Beta", "Gamma"))
    same, other, unknown = (make_criterion("feature", name) for name in ("Same", "Other", "Unknown"))
    for criterion, frameworks, support in (
        (same, (alpha, beta), "built-in"),
        (same, (gamma,), "none"),
        (other, (alpha, gamma), "built-in"),
        (other, (beta,), "extension"),
        (unknown, (alpha,), "built-in"),
    ):
        for framework in frameworks:
            make_claim(framework=framework, criterion=criterion, support=support)
    rebuild_verdicts()
    for view in ("", "&view=compact"):
        address = "/compare/alpha-vs-beta-vs-gamma/?differ=alpha"
        assert rows(page(client, f"{address}{view}")) == ["other", "same", "unknown"]
        assert rows(page(client, f"{address}&differ=beta{view}")) == ["other"]
        assert rows(page(client, f"{address}&differ=gamma{view}")) == ["same"]
    assert "tick another" in page(client, "/compare/alpha-vs-beta-vs-gamma/?differ=alpha")
    assert "did you mean beta?" in page(client, "/compare/alpha-vs-beta-vs-gamma/?differ=alpha&differ=betta")


@pytest.mark.parametrize("view", ["", "&view=compact"])
def test_differences_are_the_rows_in_which_columns_differ_with_a_leader_or_without(client, view) -> None:
    alpha, beta = make_framework("Alpha"), make_framework("Beta")
    rows_by_name = {  # values of Alpha and Beta
        "Part": ("feature", {"support": "extension"}, {"support": "partial"}),  # as good, and not the same
        "Both": ("feature", {"support": "built-in"}, {"support": "built-in"}),
        "Users": ("list", {"item": "Press"}, {"item": "Shop"}),
        "Ease": ("rating", {"level": 2}, {"level": -2}),
        "Gap": ("rating", {"level": 2}, None),
    }
    for name, (kind, first, second) in rows_by_name.items():
        criterion = make_criterion(kind, name)
        for framework, value in ((alpha, first), (beta, second)):
            if value:
                make_claim(framework=framework, criterion=criterion, **value)
    rebuild_verdicts()
    shown = page(client, f"/compare/alpha-vs-beta/?show=differences{view}")
    differing = page(client, f"/compare/alpha-vs-beta/?differ=alpha&differ=beta{view}")
    assert sorted(rows(shown)) == sorted(rows(differing)) == ["ease", "part", "users"]
    assert re.search(r'value="differences" checked>Differences\s*<span class="count">3</span>', shown)


def test_many_columns_lead_to_the_compact_form(client) -> None:
    names = [f"f{number}" for number in range(6)]
    criterion = make_criterion(name="Speed")
    for name in names:
        make_claim(framework=make_framework(name.upper()), criterion=criterion)
    few, many = ("-vs-".join(some) for some in (names[:4], names))
    link = '<a href="?q=spe&amp;view=compact">One line for each criterion</a>'
    assert link in page(client, f"/compare/{many}/?q=spe")
    assert "One line for each criterion" not in page(client, f"/compare/{many}/?view=compact")
    assert "One line for each criterion" not in page(client, f"/compare/{few}/?q=spe")

    def redirected(some: list[str], query: str = "") -> str:
        chosen = "&".join(f"framework={name}" for name in some)
        return client.get(f"/compare/?{chosen}{query}").headers["Location"]

    assert redirected(names) == f"/compare/{many}/?view=compact"
    assert redirected(names, "&q=spe") == f"/compare/{many}/?q=spe&view=compact"
    assert redirected(names, "&view=full") == f"/compare/{many}/?view=full"
    assert redirected(names[:4]) == f"/compare/{few}/"


def test_columns_are_moved_dropped_and_chosen_by_links(client) -> None:
    data = load_table_data([make_framework(name) for name in ("Alpha", "Beta", "Gamma", "Rho")])
    head = FilteredTable(data, QueryDict("q=x&differ=gamma&differ=rho")).heads[2]
    kept = "q=x&differ=gamma&differ=rho"
    assert head.first_url == f"?{kept}&order=gamma"
    assert head.left_url == f"?{kept}&order=alpha&order=gamma"
    assert head.right_url == f"?{kept}&order=alpha&order=beta&order=rho"
    assert head.drop_url == "../alpha-vs-beta-vs-rho/?q=x&differ=rho"
    first = FilteredTable(data, QueryDict("reference=rho")).heads[0]
    assert (first.framework.slug, first.right_url) == ("rho", "?reference=rho&order=alpha&order=rho")


def test_columns_that_no_page_holds_are_offered_in_groups_for_print(client) -> None:
    for number in range(10, 24):
        make_framework(f"F{number}")
    names = "-vs-".join(sorted(Framework.objects.values_list("slug", flat=True)))
    data = load_table_data(list(Framework.objects.order_by("slug")))
    full, compact = (FilteredTable(data, QueryDict(query)).print_groups for query in ("order=f23", "view=compact"))
    assert [len(group.names) for group in full] == [6, 6, 2]
    assert full[0].url == "../f10-vs-f11-vs-f12-vs-f13-vs-f14-vs-f23/?order=f23"
    assert [group.url for group in compact][1:] == ["../f22-vs-f23/?view=compact"]
    assert "in groups that fit a page across" in page(client, f"/compare/{names}/")
    assert "in groups that fit" not in page(client, "/compare/f10-vs-f11/")


def test_other_columns_are_picked_with_the_same_filters(client) -> None:
    for name in ("Alpha", "Beta", "Gamma"):
        make_framework(name)
    picker = page(client, "/compare/?pick=alpha&view=compact&order=beta")
    assert '<input type="hidden" name="view" value="compact">' in picker
    moved = client.get("/compare/?framework=gamma&framework=alpha&view=compact&order=beta&order=gamma&differ=beta")
    assert moved.headers["Location"] == "/compare/alpha-vs-gamma/?order=gamma&view=compact"


@pytest.mark.skipif(connection.vendor != "sqlite", reason="needs SQLite")
def test_claims_of_some_cells_are_found_without_reading_all_claims() -> None:
    claims = [make_claim(framework=framework) for framework in (make_framework(), make_framework()) for _ in range(2)]
    keys = [(claim.framework_id, claim.criterion_id) for claim in claims[:3]]
    wanted = Claim.objects.published().in_cells(keys)
    assert set(wanted) == set(claims[:3])
    assert "state=? AND framework_id=? AND criterion_id=?" in wanted.explain()


def test_addresses_of_a_table_are_those_of_its_parameters() -> None:
    data = QueryDict("q=a+%26+b%2F%C3%A9&order=one&order=two&view=compact")
    assert query_of(dict(data.lists())) == data.urlencode()

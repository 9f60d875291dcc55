"""Pages that show a part of very much read and list no more than that part."""

import re

import pytest
from django.core.cache import cache
from django.db.models import Model

from comparison.models import Claim, Edition, Source
from comparison.tables import methodology
from comparison.tables.disputes import source_numbers
from comparison.web import answers
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
from tests.reading import page, squeezed

pytestmark = pytest.mark.django_db


def test_the_methodology_page_counts_the_same_states_from_stored_verdicts(client) -> None:
    fill(2, 10)
    lone = make_claim(framework=make_framework(), criterion=make_criterion())
    make_check(lone)
    rebuild_verdicts()
    stored = methodology.worked_examples()
    Edition.objects.update(has_verdicts=False)
    read = methodology.worked_examples()
    for name in ("states", "cells", "frameworks", "row"):
        assert stored[name] == read[name]


def test_the_methodology_page_reads_the_claims_of_few_rows(monkeypatch) -> None:
    monkeypatch.setattr(methodology, "MAX_EXAMINED", 1)
    fill(2, 10)  # two criteria of each of five kinds
    tables = []
    load = methodology.load_table_data
    monkeypatch.setattr(methodology, "load_table_data", lambda *args: tables.append(load(*args)) or tables[0])
    methodology.worked_examples()
    assert len(tables[0].claims) == Claim.objects.count() / 2


def test_rows_with_few_claims_are_better_examples(monkeypatch) -> None:
    framework, crowded, clear = make_framework(), make_criterion(), make_criterion()
    for criterion, count in ((crowded, 4), (clear, 2)):
        for _ in range(count):
            make_claim(framework=framework, criterion=criterion)
    rebuild_verdicts()
    assert methodology.worked_examples()["rating"].criterion == crowded
    monkeypatch.setattr(methodology, "MAX_CLAIMS", 3)
    assert methodology.worked_examples()["rating"].criterion == clear


def test_a_row_with_very_many_claims_is_no_example(client, monkeypatch) -> None:
    framework, crowded = make_framework(), make_criterion()
    for _ in range(4):
        make_claim(framework=framework, criterion=crowded)
    rebuild_verdicts()
    monkeypatch.setattr(methodology, "MAX_CLAIMS", 3)
    assert methodology.worked_examples()["rating"] is not None
    monkeypatch.setattr(methodology, "MAX_CLAIMS_IF_ALONE", 3)
    assert methodology.worked_examples()["rating"] is None
    assert "<h1>" in page(client, "/methodology/")


def test_sources_of_disputes_have_the_same_numbers_without_stored_counts() -> None:
    whole = make_source("Manual", kind="documentation")
    for source in (make_source("Beta"), make_part(whole, "Chapter"), make_part(whole, "Other"), make_source("Alpha")):
        make_claim(source=source)
    make_source("Silent")
    rebuild_verdicts()
    stored = source_numbers()
    Edition.objects.update(has_verdicts=False)
    assert source_numbers() == stored
    numbers = {source.slug: stored.get(source.pk) for source in Source.objects.filter(part_of=None)}
    assert numbers == {"alpha": 1, "beta": 2, "manual": 3, "silent": None}


def test_a_search_reads_what_is_affordable() -> None:
    counts = {(1, 1): 90, (1, 2): 500, (1, 3): 30, (1, 4): 10}
    assert answers._affordable(list(counts), counts, 100) == [(1, 1), (1, 2), (1, 4)]
    assert answers._affordable(list(counts), counts, 0) == [(1, 2)]


def test_a_search_shows_the_stored_verdict_of_a_crowded_cell(client, monkeypatch) -> None:
    monkeypatch.setattr(answers, "MAX_CLAIMS_OF_CELL", 3)
    framework, speed = make_framework("Alpha"), make_criterion(name="Speed")
    users, part = make_criterion("list", name="Users"), make_criterion("feature", name="Part")
    for number in range(5):
        make_claim(framework=framework, criterion=speed, level=2, statement=f"Steady as {number}")
        make_claim(framework=framework, criterion=users, item=f"Firm {number}", statement=f"Used by steady {number}")
    make_claim(framework=framework, criterion=part, statement="Has a steady part")
    rebuild_verdicts()
    html = squeezed(page(client, "/search/?q=steady"))
    rows = dict(re.findall(r'<th scope="row"> <a class="criterion" href="([^"]+)">(.*?)</tr>', html))
    assert set(rows) == {f"/compare/alpha/{slug}/" for slug in ("speed", "users", "part")}
    crowded = rows["/compare/alpha/speed/"]
    assert "<b>Strong</b>" in crowded
    assert re.search(
        r'<a class="state agreed" href="/compare/alpha/speed/#alpha">.*Agreed · All 5 claims </a>', crowded
    )
    assert crowded.count("<mark>Steady</mark> as") == 3
    assert "and 2 more" in crowded
    assert re.search(
        r'<a class="state " href="/compare/alpha/users/#alpha"> All 5 claims </a>', rows["/compare/alpha/users/"]
    )
    assert "Has a <mark>steady</mark> part" in rows["/compare/alpha/part/"]
    assert html.count('<li id="ref-') == 1


@pytest.mark.parametrize("query", ["speed", "alpha speed"])
def test_a_search_for_a_crowded_row_leads_to_it(client, monkeypatch, query) -> None:
    monkeypatch.setattr(answers, "MAX_CLAIMS_OF_CELL", 3)
    speed, alpha, beta = make_criterion(name="Speed"), make_framework("Alpha"), make_framework("Beta")
    for _ in range(5):
        make_claim(framework=alpha, criterion=speed, level=2)
    rebuild_verdicts()
    html = squeezed(page(client, f"/search/?q={query}"))
    assert "with 1 more framework" in html
    assert "No source here says anything" not in html
    make_claim(framework=beta, criterion=speed, level=-2)
    rebuild_verdicts()
    html = squeezed(page(client, "/search/?q=speed"))
    assert re.findall(r'class="criterion" href="([^"]+)"', html) == ["/compare/beta/speed/"]


def test_the_page_of_a_source_that_is_alone_on_very_much_lists_a_hundred(client) -> None:
    fill(1, 102, sources=1)
    cache.clear()
    html = page(client, Source.objects.get().get_absolute_url())
    assert "It is the only source on 102" in html
    assert "and 2 more" in html


def test_claims_are_made_from_rows_as_django_makes_them() -> None:
    claim = make_claim(quote="Says so.")
    names = [field.attname for field in Claim._meta.concrete_fields]
    values = [getattr(claim, name) for name in names]
    ours, django = Claim.from_db("default", names, values), Model.from_db.__func__(Claim, "default", names, values)
    assert (ours, ours._state.db, ours._state.adding) == (django, "default", False)
    assert {name: getattr(ours, name) for name in names} == {name: getattr(django, name) for name in names}
    few = Claim.objects.only("statement").get()
    assert few.get_deferred_fields() == set(names) - {"id", "statement"}
    assert few.quote == "Says so."
    few.statement = "Says otherwise"
    few.save(update_fields=["statement"])
    assert Claim.objects.get().statement == "Says otherwise"

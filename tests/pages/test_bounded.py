"""Pages that show a part of very much read and list no more than that part."""

import pytest
from django.core.cache import cache
from django.db.models import Model

from comparison.models import Claim, Edition, Source
from comparison.tables import methodology
from tests.make import fill, make_check, make_claim, make_criterion, make_framework, rebuild_verdicts
from tests.reading import page

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

"""The compact form of the shipped comparison beside the full one."""

import pytest

from comparison.models import Framework
from tests.reading import page, queries, rows
from tests.table_outlines import check_same_table

pytestmark = pytest.mark.django_db

QUERIES = [
    "",
    "show=differences",
    "show=disputed",
    "show=unknown",
    "min_sources=2",
    "q=speed",
    "kind=list",
    "sort=difference",
    "category=performance",
    "criterion=orm&criterion=speed",
    "source=flask-documentation",
    "differ=django&differ=flask",
]


def test_stored_tables_are_those_worked_out_from_the_claims(shipped) -> None:
    check_same_table(list(Framework.objects.order_by("slug")))


@pytest.mark.parametrize("query", QUERIES)
def test_both_forms_show_the_same_rows(client, shipped, query) -> None:
    full = page(client, f"/compare/django-vs-flask/?{query}")
    compact = page(client, f"/compare/django-vs-flask/?view=compact&{query}")
    assert rows(compact) == rows(full)
    assert 'class="compare compact"' in compact
    assert 'class="compare compact"' not in full


def test_the_shipped_table_costs_eight_queries(client, shipped) -> None:
    assert queries(client, "/compare/django-vs-flask/?view=compact") == 8

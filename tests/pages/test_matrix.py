"""The overview of frameworks by categories: what their verdicts add up to."""

import re

import pytest

from comparison.models import CellVerdict, Edition, Framework
from tests.make import (
    fill,
    make_category,
    make_claim,
    make_criterion,
    make_framework,
    make_source,
    rebuild_verdicts,
)
from tests.reading import page, queries

pytestmark = pytest.mark.django_db


def text_of(html: str, framework: str) -> list[str]:
    """The words of a framework's cells."""
    row = html.rsplit(f'href="/frameworks/{framework}/">', maxsplit=1)[-1].split("</tr>", maxsplit=1)[0]
    cells = re.findall(r"<td.*?</td>", row, re.S)
    return [" ".join(re.sub("<[^>]+>", "", cell).split()) for cell in cells]


def make_small() -> None:
    """Three frameworks: Alpha is quick and liked, Beta neither, and of Gamma nobody speaks in the second category."""
    work, looks = make_category("Work", order=1), make_category("Looks", order=2)
    alpha, beta, gamma = (make_framework(name) for name in ("Alpha", "Beta", "Gamma"))
    speed, charm = make_criterion("figure", "Speed", category=work), make_criterion(name="Charm", category=looks)
    mapper = make_criterion("feature", "Mapper", category=work)
    run = make_source(kind="measurement")
    for framework, time in ((alpha, 10), (beta, 80), (gamma, 30)):
        make_claim(framework=framework, criterion=speed, source=run, low=time, high=time)
    make_claim(framework=alpha, criterion=charm, level=2)
    make_claim(framework=beta, criterion=charm, level=-2)
    make_claim(framework=gamma, criterion=mapper, support="built-in")
    make_claim(framework=gamma, criterion=mapper, support="none")


def test_each_cell_says_how_much_is_known_and_how_often_it_is_ahead_or_behind(client) -> None:
    make_small()
    rebuild_verdicts()
    html = page(client, "/frameworks/")
    assert text_of(html, "alpha") == [
        "1 of 2 criteria have evidence ▲1 ahead",
        "1 of 1 criteria have evidence ▲1 ahead",
    ]
    assert text_of(html, "beta") == [
        "1 of 2 criteria have evidence ▼1 behind",
        "1 of 1 criteria have evidence ▼1 behind",
    ]
    assert text_of(html, "gamma") == ["2 of 2 criteria have evidence ≠1 disputed", "no evidence"]


def test_the_overview_leads_into_tables(client) -> None:
    make_small()
    rebuild_verdicts()
    html = page(client, "/frameworks/")
    links = set(re.findall(r'href="(/compare/[^"]+category[^"]+)"', html))
    assert "/compare/alpha-vs-beta-vs-gamma/?category=work&amp;view=compact" in links
    assert "/compare/alpha/?category=work" in links
    for link in links:
        page(client, link.replace("&amp;", "&"))


def test_the_overview_is_the_same_where_verdicts_are_not_stored(client) -> None:
    make_small()
    stored = page(client, "/frameworks/")
    assert not CellVerdict.objects.are_current()
    rebuild_verdicts()
    Edition.objects.publish("again")
    assert text_of(page(client, "/frameworks/"), "alpha") == text_of(stored, "alpha")


@pytest.mark.parametrize("sizes", [((2, 10), (12, 30))])
def test_the_overview_costs_the_same_at_any_size(client, sizes) -> None:
    costs = []
    for frameworks, criteria in sizes:
        fill(frameworks, criteria)
        costs.append(queries(client, "/frameworks/"))
    assert costs[0] == costs[1] <= 8
    assert Framework.objects.count() == sum(frameworks for frameworks, _ in sizes)

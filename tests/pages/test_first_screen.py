"""What the head of a comparison counts, and which filter leaves nothing."""

import re

import pytest

from tests.make import make_claim, make_criterion, make_framework, make_source
from tests.reading import page

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def table() -> None:
    sources = {kind: make_source(kind, kind) for kind in ("vendor", "independent")}
    frameworks = {slug: make_framework(slug.title()) for slug in ("alpha", "beta")}
    speed, ease = make_criterion(name="Speed"), make_criterion(name="Ease")
    for criterion, framework, kind, level in (
        (speed, "alpha", "vendor", 1),
        (speed, "alpha", "independent", 1),
        (speed, "beta", "vendor", -1),
        (ease, "alpha", "independent", 1),
        (ease, "beta", "independent", -1),
    ):
        make_claim(framework=frameworks[framework], criterion=criterion, source=sources[kind], level=level)


def plain(html: str) -> str:
    content = html.split('<main id="main"', 1)[-1].split("</main>", maxsplit=1)[0]
    return " ".join(re.sub(r"<[^>]*>", " ", content).split())


@pytest.mark.parametrize(
    ("query", "counts"),
    [
        ("", "2 criteria, 5 claims, 2 sources."),
        ("?q=ease", "1 criterion, 2 claims, 1 source."),
        ("?source=vendor", "1 criterion, 2 claims, 1 source."),
        ("?q=nothing", "0 criteria, 0 claims, 0 sources."),
    ],
)
def test_every_count_speaks_of_what_is_shown(client, query, counts) -> None:
    response = client.get(f"/compare/alpha-vs-beta/{query}")
    assert counts in plain(response.content.decode())
    assert sum(tally.count for tally in response.context["summary"]) == int(counts.split()[0])


def test_an_empty_table_names_the_filter_that_emptied_it(client) -> None:
    text = plain(page(client, "/compare/alpha-vs-beta/?q=zebra&kind=rating"))
    assert "“zebra” leaves none: without it 2 rows pass" in text
    assert "leaves none: without it" not in text.replace("“zebra” leaves none: without it", "")
    html = page(client, "/compare/alpha-vs-beta/?q=zebra&kind=rating")
    assert '<a href="?kind=rating">without it 2' in html
    assert "Together the filters leave none." in plain(page(client, "/compare/alpha-vs-beta/?q=zebra&kind=list"))


def test_the_title_leads_on_and_the_table_may_be_skipped_to(client) -> None:
    html = page(client, "/compare/alpha-vs-beta/?kind=rating")
    assert '<a class="skip" href="#table">Skip to the table</a>' in html
    assert 'id="table"' in html
    assert '<a href="/recommend/?framework=alpha&amp;framework=beta">Which one for my project?</a>' in html
    assert '<a data-copy data-copied="Address copied" href="?kind=rating">Link</a>' in html
    assert '<a href="/compare/?kind=rating&amp;pick=alpha&amp;pick=beta">Choose frameworks</a>' in html


def test_the_compact_form_is_one_click_away(client) -> None:
    assert re.search(
        r'<a\s+href="\?q=ease&amp;view=compact"\s*>Compact</a>', page(client, "/compare/alpha-vs-beta/?q=ease")
    )

"""The form of weights: what it shows, and the search that adds to it."""

import re

import pytest

from comparison.models import Category, Criterion
from comparison.recommendation.asking.criterion_search import criterion_called, find_criteria
from tests.make import make_criterion
from tests.reading import page, squeezed

CATEGORY = Category(name="Parts", slug="parts")
CRITERIA = [
    Criterion(pk=1, slug="orm", name="Object-relational mapper", synonyms="ORM\nDatabase layer", kind="feature"),
    Criterion(pk=2, slug="speed", name="Speed", synonyms="fast\nlayer", kind="rating"),
    Criterion(pk=3, slug="memory", name="Memory", synonyms="RAM\nfast", question="How much memory?", kind="figure"),
]
for criterion in CRITERIA:
    criterion.category = CATEGORY


@pytest.mark.parametrize(
    ("text", "called"),
    [
        ("Speed", "speed"),
        ("  SPEED ", "speed"),
        ("orm", "orm"),
        ("object-relational mapper", "orm"),
        ("database layer", "orm"),
        ("fast", None),  # two are called so
        ("mapper", None),
    ],
)
def test_a_criterion_is_called_by_name_slug_or_synonym(text, called) -> None:
    criterion = criterion_called(text, CRITERIA)
    assert (criterion.slug if criterion else None) == called


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("mapper", ["orm"]),
        ("mappr", ["orm"]),
        ("is it fast?", ["speed", "memory"]),
        ("gardening", []),
        ("", []),
        ("?!", []),
    ],
)
def test_criteria_are_found_by_words(text, found) -> None:
    assert sorted(row.slug for row in find_criteria(text, CRITERIA)) == sorted(found)


def radios(html: str) -> list[tuple[str, int]]:
    """The criteria in the form, with their weights."""
    chosen = re.findall(r'name="w\.([\w-]+)" value="(\d)" checked', html)
    return [(slug, int(weight)) for slug, weight in chosen]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("query", "weighed", "words"),
    [
        ("", [("ease", 1), ("speed", 3)], "By its name or in your own words"),
        ("?w.ease=0", [("speed", 3)], "By its name"),
        ("?add=Small+team", [("small-team", 2), ("ease", 1), ("speed", 3)], "“Small team” counts now."),
        ("?add=ease", [("ease", 1), ("speed", 3)], "“Ease” counts now."),
        ("?w.speed=2&add=teams", [("ease", 1), ("speed", 2)], '<button type="submit" name="w.small-team" value="2">'),
        ("?add=%3Cb%3Egarden", [("ease", 1), ("speed", 3)], "No other criterion is about “&lt;b&gt;garden”."),
    ],
)
def test_the_form_shows_what_counts_and_adds_what_is_looked_for(client, two, query, weighed, words) -> None:
    html = squeezed(page(client, f"/recommend/quick/{query}"))
    assert sorted(radios(html)) == sorted(weighed)
    assert words in html


@pytest.mark.django_db
def test_only_names_of_the_catalogue_are_marked_as_english(client, two) -> None:
    name = f'<bdi lang="en">{two["part"].category.name}</bdi>'
    html = page(client, "/de/recommend/quick/?w.small-team=1&w.part=1")
    assert "<h3>Situationen, die zutreffen können</h3>" in html
    assert f"<h3>{name}</h3>" in html
    summaries = squeezed(page(client, "/de/recommend/"))
    assert "<summary> Situationen, die zutreffen können: 1 egal </summary>" in summaries
    assert f"<summary> {name}: 3 egal </summary>" in summaries


@pytest.mark.django_db
def test_the_address_of_an_added_criterion_keeps_the_must_haves(client, two) -> None:
    two["profile"].weights.filter(criterion__slug="speed").update(must_have=True)
    html = page(client, "/recommend/quick/?add=small-team")
    expected = "/recommend/quick/?w.ease=1&amp;w.small-team=2&amp;w.speed=3&amp;must=speed"
    assert f'<link rel="canonical" href="http://testserver{expected}">' in html
    assert "add=" not in html.partition('class="along"')[2].partition("</p>")[0]


@pytest.mark.django_db
def test_files_know_no_search(client, two) -> None:
    make_criterion(name="Memory")
    assert page(client, "/recommend/quick.json?add=Memory") == page(client, "/recommend/quick.json")

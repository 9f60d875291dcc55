"""An article's tables in the reading room: as the article has them, each cell offered as a claim."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from comparison.curation.attach_text import attach
from comparison.models import Claim, Criterion, Framework, Source
from tests.admin_site import as_user
from tests.make import make_claim, make_user
from tests.reading import squeezed
from tests.source_texts import source_on_two

pytestmark = pytest.mark.django_db

TEXT = """# One and two

## In short

| Basis | One | Two | Note |
|---|---|---|---|
| Mapper | Comes with one | No mapper | as of today |
| Quick to learn | Easy | Hard | |

Some prose.

| | Mapper | Quick to learn |
|---|---|---|
| One | built in | very easy |
"""


@pytest.fixture
def source() -> Source:
    return source_on_two(TEXT)


def tables_url(source: Source) -> str:
    return reverse("admin:comparison_source_read_tables", args=[source.pk])


def shown(context: Any) -> list[list[str]]:
    """The table as it is shown: criteria behind labels, suggested values and claims behind passages."""
    grid = context["grid"]
    rows = [[grid.corner, *(f"{title}/{criterion}" for title, criterion in grid.columns)]]
    for row in grid.rows:
        cells = [
            "; ".join(f"{piece.text}/{piece.suggested}{[value for _, value in piece.claims] or ''}" for piece in cell)
            for cell in row.cells
        ]
        rows.append([f"{row.label}/{row.criterion}", *cells])
    return rows


def decide(client: Any, source: Source, query: str = "", **changes: Any) -> Any:
    context = client.get(tables_url(source) + query).context
    current = context["current"]
    data = {"start": current.start, "end": current.end, "frameworks": current.framework.pk}
    data |= {"criterion": current.criterion.pk, "draft": context["draft"], "statement": context["draft"]}
    data |= {"proposals": context["room"].mode, "text_version": context["room"].text_version}
    url = reverse("admin:comparison_source_read_decide", args=[source.pk])
    return client.post(url, data | changes, follow=True)


def test_a_table_looks_like_the_articles_with_a_criterion_for_each_row(source) -> None:
    response = as_user(make_user("Contributor")).get(tables_url(source))
    assert shown(response.context) == [
        ["Basis", "One/", "Two/", "Note/"],
        ["Mapper/Mapper", "Comes with one/Built in", "No mapper/None", "as of today/"],
        ["Quick to learn/Learning curve", "Easy/+1 good", "Hard/−1 weak", "/"],
    ]
    html = squeezed(response.content.decode())
    assert "Table 1 of 2, in “One and two › In short”" in html
    assert '<th scope="col">Two</th>' in html
    assert 'aria-current="true" data-swap>Comes with one</a>' in html
    assert not Claim.objects.exists()


def test_where_rows_are_frameworks_the_columns_have_the_criteria(source) -> None:
    context = as_user(make_user("Contributor")).get(tables_url(source) + "?table=2").context
    assert shown(context) == [
        ["", "Mapper/Mapper", "Quick to learn/Learning curve"],
        ["One/", "built in/Built in", "very easy/+2 strong"],
    ]


def test_a_cell_becomes_a_claim_and_the_next_cell_is_offered(source) -> None:
    client = as_user(make_user("Contributor"))
    response = decide(client, source, accept="support:built-in")
    claim = Claim.objects.get()
    assert (claim.framework.slug, claim.criterion.slug, claim.support) == ("one", "mapper", "built-in")
    assert (claim.quote, claim.state) == ("Comes with one", "submitted")
    assert response.context["current"].framework.slug == "two"
    assert response.context["grid"].rows[0].cells[0][0].state == "submitted"
    assert response.request["PATH_INFO"] == tables_url(source)


def test_a_declined_cell_is_not_offered_again(source) -> None:
    response = decide(as_user(make_user("Contributor")), source, decline="1")
    assert response.context["current"].framework.slug == "two"
    assert response.context["grid"].rows[0].cells[0][0].url == ""


def test_a_row_has_the_criterion_of_its_claims(source) -> None:
    start = TEXT.index("Comes with one")
    one = Framework.objects.get(slug="one")
    made = make_claim(source=source, framework=one, start=start, end=start + 14)
    context = as_user(make_user("Contributor")).get(tables_url(source)).context
    assert context["grid"].rows[0].criterion == made.criterion.name
    assert (context["current"].framework.slug, context["current"].criterion) == ("two", made.criterion)
    assert context["other_criteria"][0][0] == "Mapper"


def test_a_cell_may_be_about_another_criterion(source) -> None:
    client, mapper = as_user(make_user("Contributor")), Criterion.objects.get(slug="mapper")
    Criterion.objects.filter(slug="learning").update(synonyms="mapper\nquick to learn")
    first = client.get(tables_url(source)).context
    (name, address), *_ = first["other_criteria"]
    other = client.get(address).context["current"].criterion
    assert (other.name, other != first["current"].criterion) == (name, True)
    assert mapper in (other, first["current"].criterion)


def test_changing_a_cell_leads_back_to_the_tables(source) -> None:
    client = as_user(make_user("Contributor"))
    page = client.get(client.get(tables_url(source)).context["change_url"])
    assert 'name="proposals" value="tables"' in page.content.decode()
    form = page.context["form"]
    data = {name: form[name].value() or "" for name in form.fields} | {"support": "partial", "proposals": "tables"}
    response = client.post(reverse("admin:comparison_source_read_save", args=[source.pk]), data)
    assert response.url.startswith(tables_url(source))


def test_a_text_without_tables_says_so(source) -> None:
    attach(source, "One is fast.", changed=True)
    html = as_user(make_user("Contributor")).get(tables_url(source)).content.decode()
    assert "No table of this text names frameworks" in html


def test_long_and_wide_tables_are_shown_in_part_and_take_no_more_queries(source) -> None:
    client = as_user(make_user("Contributor"))
    client.get(tables_url(source))
    with CaptureQueriesContext(connection) as few:
        client.get(tables_url(source))
    rows = "".join(f"| Mapper {number} | yes | no |{' x |' * 20}\n" for number in range(170))
    attach(source, f"| Basis | One | Two |{' More |' * 20}\n{rows}", changed=True)
    client.get(tables_url(source))
    with CaptureQueriesContext(connection) as many:
        response = client.get(tables_url(source))
    assert len(many) <= len(few)
    assert (len(response.context["grid"].rows), len(response.context["grid"].rows[0].cells)) == (150, 12)
    assert "20 more rows are not shown" in squeezed(response.content.decode())

"""Pages of a documentation and experiments of a run: cited one by one, heard as one voice."""

from typing import Any

import pytest

from comparison.evidence import State
from comparison.models import Claim, Source
from comparison.recommendation.load import load_evidence
from comparison.tables.table import load_table_data
from tests.make import make_claim, make_criterion, make_framework, make_part, make_source

pytestmark = pytest.mark.django_db


@pytest.fixture
def manual() -> dict[str, Any]:
    """A framework's documentation of two pages, which disagree with an article about one feature."""
    framework, feature = make_framework("One"), make_criterion("feature", "Forms")
    whole = make_source("Manual of One", kind="documentation", framework=framework)
    pages = [make_part(whole, title) for title in ("Manual of One forms", "Manual of One widgets")]
    cell = {"framework": framework, "criterion": feature}
    claims = [make_claim(source=page, support="built-in", start=5, end=9, **cell) for page in pages]
    claims.append(make_claim(support="none", **cell))
    return {"framework": framework, "feature": feature, "whole": whole, "pages": pages, "claims": claims}


def test_pages_speak_with_the_voice_of_their_whole(manual) -> None:
    table = load_table_data([manual["framework"]]).table()
    (row,) = table.rows
    verdict = row.cells[0].verdict
    opinions = {opinion.source: (opinion.weight, len(opinion.claims)) for opinion in verdict.opinions}
    article = manual["claims"][2].source
    assert opinions == {manual["whole"].pk: (3, 2), article.pk: (2, 1)}
    assert verdict.state is State.DISPUTED
    assert [reference.source for reference in table.references.values()] == [manual["whole"], article]


def test_an_answer_hears_pages_as_one_voice(manual) -> None:
    loaded = load_evidence([manual["framework"]])
    (entries,) = loaded.matrix.evidence.values()
    assert (
        [entry.source for entry in entries[:2]] == [entry.origin for entry in entries[:2]] == [manual["whole"].pk] * 2
    )
    assert set(loaded.sources) == {manual["whole"].pk, manual["claims"][2].source_id}


@pytest.mark.parametrize(("slug", "count"), [("manual-of-one", 2), ("manual-of-one-forms", 1)])
def test_claims_and_tables_are_filtered_by_a_whole_and_by_a_page(client, manual, slug: str, count: int) -> None:
    assert client.get("/claims/", {"source": slug}).context["page"].count == count
    assert client.get("/claims.json", {"source": slug}).json()["count"] == count
    table = load_table_data([manual["framework"]]).table([slug])
    assert len(table.rows[0].cells[0].claims) == count
    context = client.get("/compare/one/", {"source": slug}).context
    assert not context["filtered"].problems
    assert [choice.value for choice in context["filtered"].choices["source"]] == [
        "manual-of-one",
        manual["claims"][2].source.slug,
    ]
    data = client.get("/api/v1/comparisons/one/", {"source": slug}).json()
    assert [source["slug"] for source in data["sources"]] == ["manual-of-one"]


def test_lists_show_the_whole_with_all_its_claims(client, manual) -> None:
    rows = client.get("/sources/").context["page"].rows
    assert {row.title: row.claim_count for row in rows} == {"Manual of One": 2, manual["claims"][2].source.title: 1}
    html = client.get("/sources/manual-of-one/").content.decode()
    assert all(claim.statement in html for claim in manual["claims"][:2])
    assert manual["claims"][2].statement not in html


def test_a_table_costs_the_same_with_many_pages(client, manual, django_assert_num_queries) -> None:
    for _round in range(2):
        with django_assert_num_queries(5):
            table = load_table_data([manual["framework"]]).table()
            assert [claim.source.speaker_id for row in table.rows for claim in row.cells[0].claims.values()]
        for _ in range(20):
            make_claim(source=make_part(manual["whole"]), framework=manual["framework"], criterion=manual["feature"])


def test_the_whole_leads_to_its_pages_and_a_page_to_its_whole(client, manual) -> None:
    whole = client.get("/sources/manual-of-one/").content.decode()
    page = client.get("/sources/manual-of-one-forms/").content.decode()
    assert "2 parts, which together speak with one voice" in whole
    assert '<a href="/sources/manual-of-one-forms/">Manual of One forms</a>' in whole
    assert '<a href="/sources/manual-of-one/">Manual of One</a>' in page
    assert "parts, which together" not in page


def test_a_claim_names_its_page_file_and_version(client, manual) -> None:
    Source.objects.filter(slug="manual-of-one").update(distribution="one-5.2.tar.gz", distribution_sha256="0" * 64)
    parts = Source.objects.filter(slug="manual-of-one-forms")
    parts.update(file="docs/forms.txt", framework_version="5.2", text_licence="MIT")
    claim = manual["claims"][0]
    Claim.objects.filter(pk=claim.pk).update(quote="These very words")
    html = " ".join(client.get(claim.get_absolute_url()).content.decode().split())
    assert "<cite>Manual of One: Manual of One forms</cite></a > 5.2. Documentation, weight 3." in html
    assert "<code>docs/forms.txt</code> in one-5.2.tar.gz" in html
    assert "These very words" in html
    assert "Text under MIT." in html


def test_json_names_the_whole_and_the_part(client, manual) -> None:
    claim = client.get(f"/api/v1/claims/{manual['claims'][0].pk}/").json()
    assert (claim["source"], claim["part"]) == ("manual-of-one", "manual-of-one-forms")
    source = client.get("/api/v1/sources/manual-of-one-forms/").json()
    assert (source["part_of"], source["framework"]) == ("manual-of-one", "one")
    assert client.get("/api/v1/sources/manual-of-one/").json()["part_of"] is None
    rows = client.get("/claims.csv?source=manual-of-one-forms").content.decode().splitlines()
    assert rows[0].endswith(",part")
    assert rows[1].endswith(",manual-of-one-forms")

"""Pages of a documentation and experiments of a run: cited one by one, heard as one voice."""

from typing import Any

import pytest

from comparison.evidence import State
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

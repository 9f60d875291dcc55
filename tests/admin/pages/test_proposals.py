"""Proposed claims in the reading room: shown, accepted, changed, declined; nothing is stored by itself."""

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

TEXT = """# One

One comes with a mapper. It is quick to learn.

# Two

Two has no mapper.
"""


@pytest.fixture
def source() -> Source:
    return source_on_two(TEXT)


def list_url(source: Source) -> str:
    return reverse("admin:comparison_source_read_proposals", args=[source.pk])


def proposals_of(client: Any, source: Source, query: str = "") -> list[tuple[str, str, str]]:
    """Framework, criterion and suggested value of the current proposal and of those after it."""
    context = client.get(list_url(source) + query).context
    if "current" not in context:
        return []
    shown = [context["current"], *(proposal for proposal, _, _ in context["proposals"])]
    return [(each.framework.slug, each.criterion.slug, "".join(each.value.fields.values())) for each in shown]


def decision(client: Any, source: Source, query: str = "", **changes: Any) -> Any:
    """Sends the form of the current proposal as the page shows it, with a button."""
    context = client.get(list_url(source) + query).context
    current = context["current"]
    data = {
        "start": current.start,
        "end": current.end,
        "section": context["section"],
        "frameworks": current.framework.pk,
        "criterion": current.criterion.pk,
        "draft": context["draft"],
        "statement": context["draft"],
        "text_version": context["room"].text_version,
    }
    url = reverse("admin:comparison_source_read_decide", args=[source.pk])
    return client.post(url, data | changes, follow=True)


def test_a_whole_article_is_proposed_and_nothing_of_it_is_stored(source) -> None:
    client = as_user(make_user("Contributor"))
    assert proposals_of(client, source) == [
        ("one", "mapper", "built-in"),
        ("one", "learning", "1"),
        ("two", "mapper", "none"),
    ]
    html = squeezed(client.get(list_url(source)).content.decode())
    assert '<span class="m proposed selected">One comes with a mapper</span>' in html
    assert '<span class="m proposed">Two has no mapper</span>' in html
    assert "1 of 3, nothing of it is stored" in html
    assert not Claim.objects.exists()


def test_accepting_stores_a_claim_that_waits_for_review(source) -> None:
    client = as_user(make_user("Contributor"))
    response = decision(client, source, accept="support:built-in")
    claim = Claim.objects.get()
    assert (claim.framework.slug, claim.criterion.slug, claim.support) == ("one", "mapper", "built-in")
    assert (claim.state, claim.statement, claim.quote) == ("submitted", "Includes mapper", "One comes with a mapper")
    assert response.context["saved"] == [claim]
    assert proposals_of(client, source)[0] == ("one", "learning", "1")


def test_the_drafted_statement_follows_another_value_and_a_rewritten_one_stays(source) -> None:
    client = as_user(make_user("Contributor"))
    decision(client, source, accept="support:extension")
    assert Claim.objects.get().statement == "Offers mapper by extension"
    decision(client, source, accept="level:2", statement="Learnt in no time")
    assert Claim.objects.get(level=2).statement == "Learnt in no time"


def test_without_a_value_nothing_is_stored(source) -> None:
    response = decision(as_user(make_user("Contributor")), source, accept="")
    assert not Claim.objects.exists()
    assert "Not stored." in response.content.decode()


def test_a_declined_proposal_does_not_come_back_even_in_a_new_text(source) -> None:
    client = as_user(make_user("Contributor"))
    decision(client, source, decline="1")
    assert [criterion for _, criterion, _ in proposals_of(client, source)] == ["learning", "mapper"]
    assert source.history.first().history_change_reason == "proposal declined: Mapper"
    attach(source, "A line before.\n\n" + TEXT, changed=True)
    assert [criterion for _, criterion, _ in proposals_of(client, source)] == ["learning", "mapper"]
    url = reverse("admin:comparison_source_read_decide", args=[source.pk])
    assert "There is no such proposal" in client.post(url, {"decline": "1"}, follow=True).content.decode()


def test_claims_and_silent_lines_are_not_proposed(source) -> None:
    one = Framework.objects.get(slug="one")
    start = TEXT.index("comes with")
    make_claim(source=source, framework=one, criterion=Criterion.objects.get(slug="mapper"), start=start, end=start + 5)
    Source.objects.filter(pk=source.pk).update(silent=[7])
    assert proposals_of(as_user(make_user("Contributor")), source) == [("one", "learning", "1")]


def test_changing_opens_the_passage_form_without_a_value_and_leads_back(source) -> None:
    client = as_user(make_user("Contributor"))
    context = client.get(list_url(source)).context
    page = client.get(context["change_url"])
    form = page.context["form"]
    assert (form["criterion"].value(), form["support"].value()) == (str(context["current"].criterion.pk), None)
    assert form["statement"].value() == "Includes mapper"
    data = {name: form[name].value() or "" for name in form.fields} | {"support": "partial", "proposals": "1"}
    response = client.post(reverse("admin:comparison_source_read_save", args=[source.pk]), data)
    assert response.url.startswith(list_url(source))
    assert Claim.objects.get().support == "partial"


def test_a_replaced_text_is_said(source) -> None:
    client = as_user(make_user("Contributor"))
    response = decision(client, source, accept="support:built-in", text_version="another")
    assert "was replaced while you read it" in response.content.decode()
    assert not Claim.objects.exists()


def test_a_value_is_suggested_in_the_passage_form_and_never_chosen(source) -> None:
    client = as_user(make_user("Contributor"))
    start = TEXT.index("One comes with")
    url = reverse("admin:comparison_source_read", args=[source.pk])
    page = client.get(f"{url}?start={start}&end={start + 24}")
    assert page.context["form"]["support"].value() is None
    assert 'data-support="built-in"' in page.content.decode()
    assert "from “one comes with”" in page.content.decode()


def test_the_list_takes_equally_many_queries_for_any_text(source) -> None:
    client = as_user(make_user("Contributor"))
    client.get(list_url(source))
    with CaptureQueriesContext(connection) as few:
        client.get(list_url(source))
    attach(source, TEXT + "\nOne comes with a mapper. Two is quick to learn.\n" * 40, changed=True)
    with CaptureQueriesContext(connection) as many:
        client.get(list_url(source))
    assert len(many) <= len(few) + 3  # what was learnt is read again after an edition

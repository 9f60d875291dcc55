import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from comparison.models import Batch, Claim, ClaimState, Source
from tests.admin_site import as_user, form_data, run_action, url
from tests.make import make_claim, make_criterion, make_framework, make_source, make_user
from tests.reading import edition_number

pytestmark = pytest.mark.django_db

QUEUE, DECIDE = "/admin/comparison/claim/queue/", "/admin/comparison/claim/queue/decide/"
DRAFTS = "/admin/comparison/claim/drafts/"
MOVE_OWN = f"{DRAFTS}move/"
TEXT = "Opening\n\nBefore it all. One is quick to learn and small. After it all.\n"
STATEMENT = "Soon understood"


@pytest.fixture
def source() -> Source:
    found = make_source("Article")
    found.set_text(TEXT)
    found.save()
    return found


def waiting(source: Source, words: str = "One is quick to learn", **fields: Any) -> Claim:
    start = TEXT.index(words)
    place = {"start": start, "end": start + len(words)}
    return make_claim(ClaimState.SUBMITTED, source=source, **{"statement": STATEMENT} | place | fields)


def decide(client: Client, claim: Claim, action: str, **more: str) -> Any:
    return client.post(DECIDE, {"claim": claim.pk, "action": action, **more}, follow=True)


def state(claim: Claim) -> str:
    return Claim.objects.get(pk=claim.pk).state


def test_a_claim_is_shown_with_all_it_takes_to_decide(source) -> None:
    author = make_user("Contributor")
    claim = waiting(source, created_by=author)
    cell = {"framework": claim.framework, "criterion": claim.criterion}
    make_claim(**cell, level=-2, statement="Hard at first")
    make_claim(ClaimState.DRAFT, **cell, level=2, statement="Still a draft")
    html = as_user(make_user("Reviewer")).get(QUEUE).content.decode()
    assert '<span class="m submitted">One is quick to learn</span> and small' in html
    assert "Line 3, under “Opening”" in html
    assert "1 of 1" in html
    assert str(author) in html
    for words in (STATEMENT, "Hard at first", "Still a draft", "Poor −1.00, one source", "Middling −0.33, disputed"):
        assert words in html, words


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"statement": "One is quick to learn indeed"}, "5 words in a row are the source’s own"),
        ({"start": None, "end": None}, "No place and no quote"),
        ({"start": None, "end": None, "quote": "Quick"}, "no place is given"),
    ],
)
def test_the_queue_warns(source, fields, words) -> None:
    waiting(source, **fields)
    assert words in as_user(make_user("Reviewer")).get(QUEUE).content.decode()


def test_the_queue_warns_of_the_same_place_and_of_both_ways(source) -> None:
    claim = waiting(source)
    make_claim(framework=claim.framework, criterion=claim.criterion, source=source, level=-1, start=30, end=40)
    html = as_user(make_user("Reviewer")).get(QUEUE).content.decode()
    assert "The same place speaks of this cell already" in html
    assert "the source contradicts itself here" in html


@pytest.mark.parametrize(
    ("action", "reason", "to"),
    [("publish", "", "published"), ("reject", "Not there", "rejected"), ("draft", "", "draft")],
)
def test_a_decision_brings_up_the_next_and_can_be_taken_back(source, action, reason, to) -> None:
    client = as_user(make_user("Reviewer"))
    first, second = waiting(source), waiting(source, "small")
    response = decide(client, first, action, reason=reason)
    assert state(first) == to
    assert response.context["claim"] == second
    assert f"is {to}." in response.content.decode()
    decide(client, first, "undo")
    assert state(first) == "submitted"
    assert Batch.objects.count() == 1


def test_rejecting_needs_a_reason(source) -> None:
    claim = waiting(source)
    response = decide(as_user(make_user("Reviewer")), claim, "reject")
    assert "Say why the claim is rejected" in response.content.decode()
    assert response.context["claim"] == claim
    assert state(claim) == "submitted"


def test_what_somebody_else_decided_stays_and_is_said(source) -> None:
    claim, other = waiting(source), waiting(source, "small")
    claim.transition(ClaimState.REJECTED, reason="no")
    response = decide(as_user(make_user("Reviewer")), claim, "publish")
    assert "Somebody else has decided meanwhile: it is rejected" in response.content.decode()
    assert response.context["claim"] == other
    assert state(claim) == "rejected"


def test_nonsense_changes_nothing(source) -> None:
    client, claim = as_user(make_user("Reviewer")), waiting(source)
    assert "Say what to do" in decide(client, claim, "explode").content.decode()
    assert "is gone" in client.post(DECIDE, {"claim": "x", "action": "publish"}, follow=True).content.decode()
    draft = make_claim(ClaimState.RETRACTED)
    assert "nothing to take back" in decide(client, draft, "undo").content.decode()
    assert state(claim) == "submitted"


def test_a_second_reviewer_where_one_is_required(source, settings) -> None:
    settings.REQUIRE_SECOND_REVIEWER = True
    author = make_user("Reviewer")
    claim = waiting(source, created_by=author)
    assert "Nothing waits for review" in as_user(author).get(QUEUE).content.decode()
    assert "<b>0</b> claims in the queue" in as_user(author).get("/admin/").content.decode()
    assert "a second reviewer is required" in decide(as_user(author), claim, "publish").content.decode()
    assert state(claim) == "submitted"
    other = as_user(make_user("Reviewer"))
    assert "<b>1</b> claim in the queue" in other.get("/admin/").content.decode()
    decide(other, claim, "publish")
    assert state(claim) == "published"


def test_nobody_decides_on_a_version_they_did_not_see(source) -> None:
    author, client = make_user("Contributor"), as_user(make_user("Reviewer"))
    claim = waiting(source, created_by=author)
    seen = client.get(QUEUE).context["version"]
    claim.transition(ClaimState.DRAFT, author)
    claim.statement = "The very opposite"
    claim.revise(author)
    claim.transition(ClaimState.SUBMITTED, author)
    page = client.post(DECIDE, {"claim": claim.pk, "action": "publish", "version": seen}, follow=True)
    assert "It was changed since you looked." in page.content.decode()
    assert "is now “The very opposite”" in page.content.decode()
    assert page.context["claim"] == claim
    assert state(claim) == "submitted"
    seen = page.context["version"]
    client.post(DECIDE, {"claim": claim.pk, "action": "publish", "version": seen})
    assert state(claim) == "published"


def test_who_edits_from_the_queue_comes_back_to_it(source) -> None:
    client, claim = as_user(make_user("Reviewer")), waiting(source)
    edit = re.search(r'href="([^"]+)" data-key="e"', client.get(QUEUE).content.decode())[1]
    response = client.post(edit, form_data(client, edit, statement="Said better"))
    assert response.headers["Location"] == QUEUE
    away = edit.partition("?")[0] + "?back=https://evil.example/admin/comparison/claim/queue/"
    assert "evil" not in client.post(away, form_data(client, away)).headers["Location"]
    assert Claim.objects.get(pk=claim.pk).statement == "Said better"


def test_who_sends_a_claim_back_may_say_why(source) -> None:
    author = make_user("Contributor")
    claim = waiting(source, created_by=author)
    decide(as_user(make_user("Reviewer")), claim, "draft", reason="Which version?")
    assert state(claim) == "draft"
    assert "<strong>Which version?</strong>" in as_user(author).get(DRAFTS).content.decode()


def test_filters_stay_through_a_decision(source) -> None:
    client = as_user(make_user("Reviewer"))
    first, elsewhere, third = waiting(source), make_claim(ClaimState.SUBMITTED), waiting(source, "small")
    response = client.get(QUEUE, {"source": source.pk, "claim": elsewhere.pk})
    assert response.context["claim"] == first
    assert "is not waiting" in response.content.decode()
    response = decide(client, first, "publish", source=str(source.pk))
    assert response.context["claim"] == third
    response = decide(client, third, "publish", source=str(source.pk))
    assert "Nothing waits for review with these filters" in response.content.decode()


def test_the_queue_costs_the_same_at_any_size(source) -> None:
    client, costs = as_user(make_user("Reviewer")), []
    cell = {"framework": make_framework(), "criterion": make_criterion()}
    for size in (2, 20):
        for number in range(size):
            waiting(source, "small", statement=f"{size} {number}")
            make_claim(**cell)
            make_claim(ClaimState.SUBMITTED, **cell)
        with CaptureQueriesContext(connection) as found:
            client.get(QUEUE)
        costs.append(len(found))
    assert costs[0] == costs[1] <= 22


def test_only_reviewers_decide(source) -> None:
    claim = waiting(source)
    for role in ("", "Contributor"):
        client = as_user(make_user(role))
        assert client.get(QUEUE).status_code == 403
        assert decide(client, claim, "publish").status_code == 403
    assert Client().get(QUEUE).status_code == 302
    assert as_user(make_user("Reviewer")).get(DECIDE).status_code == 405
    assert state(claim) == "submitted"


def test_drafts_and_rejected_ones_of_ones_own() -> None:
    author = make_user("Contributor")
    client = as_user(author)
    draft, waits = (make_claim(one, created_by=author) for one in (ClaimState.DRAFT, ClaimState.SUBMITTED))
    rejected = make_claim(ClaimState.REJECTED, created_by=author)
    foreign = make_claim(ClaimState.DRAFT, created_by=make_user("Contributor"))
    html = client.get(DRAFTS).content.decode()
    assert draft.statement in html
    assert "<strong>because</strong>" in html
    assert foreign.statement not in html
    everything = {"claim": [draft.pk, rejected.pk, foreign.pk, waits.pk, "x"]}
    for action, words, states in (
        ("nonsense", "Say what to do", ["draft", "rejected", "draft", "submitted"]),
        ("submit", "1 claim submitted.", ["submitted", "rejected", "draft", "submitted"]),
        ("again", "1 claim made a draft again.", ["submitted", "draft", "draft", "submitted"]),
        ("back", "2 claims taken back.", ["draft", "draft", "draft", "draft"]),
        ("back", "Nothing was ticked that is yours and submitted.", ["draft", "draft", "draft", "draft"]),
    ):
        page = client.post(MOVE_OWN, {**everything, "action": action}, follow=True)
        assert words in page.content.decode()
        assert [state(one) for one in (draft, rejected, foreign, waits)] == states
    assert as_user(make_user("")).get(DRAFTS).status_code == 403


def test_many_drafts_are_paged_and_what_was_rejected_comes_first(monkeypatch) -> None:
    monkeypatch.setattr("comparison.admin.pages.own_claims.BATCH_SIZE", 2)
    author = make_user("Contributor")
    drafts = [make_claim(ClaimState.DRAFT, created_by=author) for _ in range(3)]
    rejected = make_claim(ClaimState.REJECTED, created_by=author)
    client = as_user(author)
    first, second = (client.get(DRAFTS, {"page": page}).content.decode() for page in (1, 2))
    assert rejected.statement in first
    assert "4 in all, page 1 of 2" in first
    assert sum(one.statement in first for one in drafts) == 1
    assert sum(one.statement in second for one in drafts) == 2
    assert client.get(DRAFTS, {"page": "x"}).status_code == 302


def test_authors_discard_their_own_drafts_alone() -> None:
    author = make_user("Contributor")
    client = as_user(author)
    draft, submitted = (make_claim(one, created_by=author) for one in (ClaimState.DRAFT, ClaimState.SUBMITTED))
    was_public = make_claim(ClaimState.DRAFT, created_by=author, published_at=timezone.now())
    foreign = make_claim(ClaimState.DRAFT)
    for claim in (submitted, was_public, foreign):
        assert client.post(url("claim", "delete", claim.pk), {"post": "yes"}).status_code == 403
    assert client.post(url("claim", "delete", draft.pk), {"post": "yes"}).status_code == 302
    assert set(Claim.objects.all()) == {submitted, was_public, foreign}
    assert Claim.history.filter(id=draft.pk).first().history_user == author
    assert Batch.objects.get().summary == "1 claim deleted"


def test_what_was_public_is_not_deleted_once_it_is_retracted() -> None:
    editor, claim = as_user(make_user("Editor")), make_claim(ClaimState.RETRACTED, published_at=timezone.now())
    html = editor.post(url("claim", "delete", claim.pk), {"post": "yes"}).content.decode()
    assert "was public and stays on record" in html
    editor.post(
        url("claim", "changelist"), {"action": "delete_selected", "_selected_action": [claim.pk], "post": "yes"}
    )
    assert Claim.objects.filter(pk=claim.pk).exists()


def test_publishing_what_is_published_changes_nothing() -> None:
    claim, client = make_claim(), as_user(make_user("Reviewer"))
    address = url("claim", "change", claim.pk)
    assert client.post(address, form_data(client, address, _publish="1")).status_code == 302
    assert state(claim) == "published"


def test_what_changed_in_the_selection_meanwhile_does_not_move_unseen() -> None:
    reviewer, claim = as_user(make_user("Reviewer")), make_claim(ClaimState.SUBMITTED)
    data = {"action": "publish_claims", "_selected_action": [claim.pk], "select_across": "1"}
    plan = reviewer.post(url("claim", "changelist"), data).context["plan"]
    claim.statement = "Something else"
    claim.revise(make_user("Reviewer"))
    given = data | {"confirmed": "1", "seen": plan.fingerprint}
    html = reviewer.post(url("claim", "changelist"), given).content.decode()
    assert "no longer what this page listed" in html
    assert state(claim) == "submitted"


def test_a_bulk_action_lists_what_will_change_first() -> None:
    reviewer = as_user(make_user("Reviewer"))
    good, bad = make_claim(ClaimState.SUBMITTED), make_claim(ClaimState.DRAFT)
    number = edition_number()
    data = {"action": "publish_claims", "_selected_action": [good.pk, bad.pk]}
    html = reviewer.post(url("claim", "changelist"), data).content.decode()
    assert "1 claim will change" in html
    assert "1 claim will stay as it is" in html
    assert "A draft claim cannot become published" in html
    assert "No evidence" in html
    assert "Good +0.50, one source" in html
    assert (state(good), edition_number()) == ("submitted", number)
    run_action(reviewer, "publish_claims", [good, bad])
    assert (state(good), edition_number()) == ("published", number + 1)
    entry = Claim.history.filter(id=good.pk).first()
    assert entry.history_batch == Batch.objects.get().pk
    assert Batch.objects.get().summary == "1 claim published"


def test_all_of_a_long_list_moves_at_once() -> None:
    reviewer = as_user(make_user("Reviewer"))
    cell = {"framework": make_framework(), "criterion": make_criterion(), "source": make_source()}
    Claim.objects.bulk_create(
        Claim(**cell, statement=f"Says {number}", level=1, state="submitted") for number in range(230)
    )
    data = {"action": "reject", "_selected_action": [Claim.objects.first().pk], "select_across": "1"}
    html = reviewer.post(url("claim", "changelist"), data).content.decode()
    assert "230 claims will change" in html
    assert "And 30 more" in html
    reviewer.post(url("claim", "changelist"), data | {"confirmed": "1", "reason": "Not ours"})
    assert Claim.objects.filter(state="rejected", state_reason="Not ours").count() == 230


def test_published_claims_are_retracted_rather_than_deleted() -> None:
    editor = as_user(make_user("Editor"))
    public, draft = make_claim(), make_claim(ClaimState.DRAFT)
    data = {"action": "delete_selected", "_selected_action": [public.pk, draft.pk], "post": "yes"}
    html = editor.post(url("claim", "changelist"), data).content.decode()
    assert "Retract it instead" in html
    editor.post(url("claim", "delete", public.pk), {"post": "yes"})
    assert Claim.objects.count() == 2
    editor.post(url("claim", "changelist"), data | {"_selected_action": [draft.pk]})
    assert list(Claim.objects.all()) == [public]
    gone = Claim.history.filter(id=draft.pk).first()
    assert (gone.history_type, gone.history_change_reason) == ("-", "deleted")
    assert (gone.history_batch, Batch.objects.get().summary) == (Batch.objects.get().pk, "1 claim deleted")


def test_what_joined_the_selection_meanwhile_does_not_move_unseen() -> None:
    reviewer = as_user(make_user("Reviewer"))
    seen = make_claim(ClaimState.SUBMITTED)
    data = {"action": "publish_claims", "_selected_action": [seen.pk], "select_across": "1"}
    page = reviewer.post(url("claim", "changelist"), data)
    make_claim(ClaimState.SUBMITTED)
    again = {"confirmed": "1", "seen": page.context["plan"].fingerprint}
    page = reviewer.post(url("claim", "changelist"), data | again)
    assert "no longer what this page listed" in page.content.decode()
    assert not Claim.objects.published().exists()
    reviewer.post(url("claim", "changelist"), data | again | {"seen": page.context["plan"].fingerprint})
    assert Claim.objects.published().count() == 2


@pytest.mark.parametrize("page", [QUEUE, DRAFTS, "/admin/comparison/claim/help/", "/admin/"])
def test_reading_writes_nothing(source, page) -> None:
    claim = waiting(source)
    client = as_user(make_user("Reviewer"))
    with CaptureQueriesContext(connection) as found:
        assert client.get(page, {"claim": claim.pk, "last": claim.pk}).status_code == 200
    assert not [one["sql"] for one in found.captured_queries if one["sql"].startswith(("INSERT", "UPDATE", "DELETE"))]


@pytest.mark.parametrize("asked", ["x", "-1", "9" * 30, "٣", "1'", ""])
@pytest.mark.parametrize("name", ["claim", "source", "framework", "criterion", "created_by", "last"])
def test_the_queue_bears_any_address(source, name, asked) -> None:
    claim = waiting(source)
    response = as_user(make_user("Reviewer")).get(QUEUE, {name: asked})
    assert response.context["claim"] == claim


def test_the_queue_is_narrowed_by_criterion_and_author(source) -> None:
    client, author = as_user(make_user("Reviewer")), make_user("Contributor", username="conny")
    first, second = waiting(source, created_by=author), waiting(source, "small")
    html = client.get(QUEUE, {"criterion": second.criterion_id}).content.decode()
    assert f'<option value="{second.criterion_id}" selected>' in html
    assert f'<option value="{author.pk}">conny' in html
    assert client.get(QUEUE, {"criterion": second.criterion_id}).context["claim"] == second
    assert client.get(QUEUE, {"created_by": author.pk}).context["claim"] == first


def test_the_queue_warns_of_nearly_the_same_words(source) -> None:
    claim = waiting(source, statement="Quickly understood by most people")
    cell = {"framework": claim.framework, "criterion": claim.criterion}
    make_claim(**cell, source=source, statement="Quickly understood by people")
    make_claim(**cell, statement="Quickly understood by most people")
    html = as_user(make_user("Reviewer")).get(QUEUE).content.decode()
    assert html.count("Nearly the same words") == 1
    assert "no words in common with the passage" in html


def test_enter_in_the_reason_can_only_reject(source) -> None:
    """The first button of a form is pressed by Enter: the reason stands in a form without Publish."""
    waiting(source)
    html = as_user(make_user("Reviewer")).get(QUEUE).content.decode()
    form = html.split('class="q-reason"')[1].split("</form>")[0]
    assert 'value="reject"' in form
    assert 'value="publish"' not in form


def test_the_front_page_shows_each_what_waits_for_them(source, settings) -> None:
    author, reviewer = make_user("Contributor"), make_user("Reviewer")
    make_claim(ClaimState.DRAFT, created_by=author)
    make_claim(ClaimState.REJECTED, created_by=author)
    waiting(source, created_by=author)
    waiting(source, "small", created_by=reviewer)
    index = reverse("admin:index")
    html = as_user(author).get(index).content.decode()
    assert "<b>1</b> draft to submit" in html
    assert "<b>1</b> rejected" in html
    assert "in the queue" not in html
    assert reverse("admin:comparison_source_read", args=[source.pk]) in html
    assert "<b>2</b> claims in the queue" in as_user(reviewer).get(index).content.decode()
    settings.REQUIRE_SECOND_REVIEWER = True
    assert "<b>1</b> claim in the queue" in as_user(reviewer).get(index).content.decode()
    assert "without text" in as_user(make_user("Editor")).get(index).content.decode()
    assert "draft" not in as_user(make_user("")).get(index).content.decode()


def test_the_front_page_tells_reviewers_what_was_last_done() -> None:
    index, help_page = reverse("admin:index"), reverse("admin:comparison_claim_help")
    claim = make_claim()
    html = as_user(make_user("Reviewer")).get(index).content.decode()
    assert f"Claim published: {claim.cell_name}" in html
    assert html.count(help_page) == 2  # on the page, and among the user's tools
    assert "Claim published" not in as_user(make_user("Contributor")).get(index).content.decode()
    assert help_page not in as_user(make_user("")).get(index).content.decode()


def test_the_front_page_costs_the_same_at_any_size() -> None:
    client, costs = as_user(make_user("Editor")), []
    for size in (2, 20):
        for _ in range(size):
            make_claim(ClaimState.SUBMITTED)
        with CaptureQueriesContext(connection) as found:
            client.get(reverse("admin:index"))
        costs.append(len(found))
    assert costs[0] == costs[1] <= 12


def test_the_help_is_there_for_everybody_who_curates() -> None:
    address = reverse("admin:comparison_claim_help")
    assert "five words in a row" in as_user(make_user("Contributor")).get(address).content.decode()
    assert as_user(make_user("")).get(address).status_code == 403

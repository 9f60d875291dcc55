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
from tests.reading import edition_number, page, squeezed

pytestmark = pytest.mark.django_db

QUEUE, DECIDE = "/admin/comparison/claim/queue/", "/admin/comparison/claim/queue/decide/"
DRAFTS = "/admin/comparison/claim/drafts/"
MOVE_OWN = f"{DRAFTS}move/"
TEXT = "Opening\n\nBefore it all. One is quick to learn and small. After it all.\n"
STATEMENT = "Soon understood"


@pytest.fixture
def source() -> Source:
    source = make_source("Article")
    source.set_text(TEXT)
    source.save()
    return source


def make_submitted(source: Source, words: str = "One is quick to learn", **fields: Any) -> Claim:
    start = TEXT.index(words)
    offsets = {"start": start, "end": start + len(words)}
    return make_claim(ClaimState.SUBMITTED, source=source, **{"statement": STATEMENT} | offsets | fields)


def decide(client: Client, claim: Claim, action: str, **data: str) -> Any:
    return client.post(DECIDE, {"claim": claim.pk, "action": action, **data}, follow=True)


def state(claim: Claim) -> str:
    return Claim.objects.get(pk=claim.pk).state


def test_a_claim_is_shown_with_everything_needed_to_decide(source) -> None:
    author = make_user("Contributor")
    claim = make_submitted(source, created_by=author)
    cell = {"framework": claim.framework, "criterion": claim.criterion}
    make_claim(**cell, level=-2, statement="Hard at first")
    make_claim(ClaimState.DRAFT, **cell, level=2, statement="Still a draft")
    html = as_user(make_user("Reviewer")).get(QUEUE).content.decode()
    assert '<span class="m submitted">One is quick to learn</span> and small' in html
    assert "Line 3, under “Opening”" in html
    assert "1 of 1" in html
    assert str(author) in html
    summaries = ("Poor −1.00, strength 0.50, one source", "Weak −0.25, strength 0.67, disputed")
    for words in (STATEMENT, "Hard at first", "Still a draft", *summaries):
        assert words in html, words


@pytest.mark.parametrize(
    ("fields", "warning"),
    [
        ({"statement": "One is quick to learn indeed"}, "5 words in a row are the source’s own"),
        ({"start": None, "end": None}, "No place and no quote"),
        ({"start": None, "end": None, "quote": "Quick"}, "no place is given"),
    ],
)
def test_the_queue_warns_of_copied_words_and_missing_passages(source, fields, warning) -> None:
    make_submitted(source, **fields)
    assert warning in as_user(make_user("Reviewer")).get(QUEUE).content.decode()


def test_the_queue_warns_of_overlapping_claims_and_contradictions(source) -> None:
    claim = make_submitted(source)
    make_claim(framework=claim.framework, criterion=claim.criterion, source=source, level=-1, start=30, end=40)
    html = as_user(make_user("Reviewer")).get(QUEUE).content.decode()
    assert "The same place speaks of this cell already" in html
    assert "the source contradicts itself here" in html


@pytest.mark.parametrize(
    ("action", "reason", "new_state"),
    [("publish", "", "published"), ("reject", "Not there", "rejected"), ("draft", "", "draft")],
)
def test_a_decision_shows_the_next_claim_and_can_be_taken_back(source, action, reason, new_state) -> None:
    client = as_user(make_user("Reviewer"))
    first, second = make_submitted(source), make_submitted(source, "small")
    response = decide(client, first, action, reason=reason)
    assert state(first) == new_state
    assert response.context["claim"] == second
    assert f"is {new_state}." in response.content.decode()
    decide(client, first, "undo")
    assert state(first) == "submitted"
    assert Batch.objects.count() == 1


def test_rejecting_needs_a_reason(source) -> None:
    claim = make_submitted(source)
    response = decide(as_user(make_user("Reviewer")), claim, "reject")
    assert "Say why the claim is rejected" in response.content.decode()
    assert response.context["claim"] == claim
    assert state(claim) == "submitted"


def test_a_decision_by_somebody_else_stays_and_is_reported(source) -> None:
    claim, other = make_submitted(source), make_submitted(source, "small")
    claim.transition(ClaimState.REJECTED, reason="no")
    response = decide(as_user(make_user("Reviewer")), claim, "publish")
    assert "Somebody else has decided meanwhile: it is rejected" in response.content.decode()
    assert response.context["claim"] == other
    assert state(claim) == "rejected"


def test_invalid_decisions_change_nothing(source) -> None:
    client, claim = as_user(make_user("Reviewer")), make_submitted(source)
    assert "Say what to do" in decide(client, claim, "explode").content.decode()
    assert "is gone" in client.post(DECIDE, {"claim": "x", "action": "publish"}, follow=True).content.decode()
    retracted = make_claim(ClaimState.RETRACTED)
    assert "nothing to take back" in decide(client, retracted, "undo").content.decode()
    assert state(claim) == "submitted"


def test_authors_cannot_decide_if_a_second_reviewer_is_required(source, settings) -> None:
    settings.REQUIRE_SECOND_REVIEWER = True
    author = make_user("Reviewer")
    claim = make_submitted(source, created_by=author)
    assert "Nothing waits for review" in as_user(author).get(QUEUE).content.decode()
    assert "<b>0</b> claims in the queue" in squeezed(page(as_user(author), "/admin/"))
    assert "a second reviewer is required" in decide(as_user(author), claim, "publish").content.decode()
    assert state(claim) == "submitted"
    other = as_user(make_user("Reviewer"))
    assert "<b>1</b> claim in the queue" in squeezed(page(other, "/admin/"))
    decide(other, claim, "publish")
    assert state(claim) == "published"


def test_a_claim_that_changed_is_shown_again_before_the_decision(source) -> None:
    author, client = make_user("Contributor"), as_user(make_user("Reviewer"))
    claim = make_submitted(source, created_by=author)
    version = client.get(QUEUE).context["version"]
    claim.transition(ClaimState.DRAFT, author)
    claim.statement = "The very opposite"
    claim.revise(author)
    claim.transition(ClaimState.SUBMITTED, author)
    response = client.post(DECIDE, {"claim": claim.pk, "action": "publish", "version": version}, follow=True)
    assert "It was changed since you looked." in response.content.decode()
    assert "is now “The very opposite”" in response.content.decode()
    assert response.context["claim"] == claim
    assert state(claim) == "submitted"
    version = response.context["version"]
    client.post(DECIDE, {"claim": claim.pk, "action": "publish", "version": version})
    assert state(claim) == "published"


def test_an_edit_from_the_queue_returns_to_it(source) -> None:
    client, claim = as_user(make_user("Reviewer")), make_submitted(source)
    edit_url = re.search(r'href="([^"]+)" data-key="e"', squeezed(page(client, QUEUE)))[1]
    response = client.post(edit_url, form_data(client, edit_url, statement="Said better"))
    assert response.headers["Location"] == QUEUE
    foreign = edit_url.partition("?")[0] + "?back=https://evil.example/admin/comparison/claim/queue/"
    assert "evil" not in client.post(foreign, form_data(client, foreign)).headers["Location"]
    assert Claim.objects.get(pk=claim.pk).statement == "Said better"


def test_a_claim_can_be_sent_back_with_a_reason(source) -> None:
    author = make_user("Contributor")
    claim = make_submitted(source, created_by=author)
    decide(as_user(make_user("Reviewer")), claim, "draft", reason="Which version?")
    assert state(claim) == "draft"
    assert "<strong>Which version?</strong>" in as_user(author).get(DRAFTS).content.decode()


def test_filters_are_kept_after_a_decision(source) -> None:
    client = as_user(make_user("Reviewer"))
    first, elsewhere, third = make_submitted(source), make_claim(ClaimState.SUBMITTED), make_submitted(source, "small")
    response = client.get(QUEUE, {"source": source.pk, "claim": elsewhere.pk})
    assert response.context["claim"] == first
    assert "is not waiting" in response.content.decode()
    response = decide(client, first, "publish", source=str(source.pk))
    assert response.context["claim"] == third
    response = decide(client, third, "publish", source=str(source.pk))
    assert "Nothing waits for review with these filters" in response.content.decode()


def test_the_queue_takes_the_same_number_of_queries_at_any_size(source) -> None:
    client, costs = as_user(make_user("Reviewer")), []
    cell = {"framework": make_framework(), "criterion": make_criterion()}
    for size in (2, 20):
        for number in range(size):
            make_submitted(source, "small", statement=f"{size} {number}")
            make_claim(**cell)
            make_claim(ClaimState.SUBMITTED, **cell)
        with CaptureQueriesContext(connection) as queries:
            client.get(QUEUE)
        costs.append(len(queries))
    assert costs[0] == costs[1] <= 22


def test_only_reviewers_decide(source) -> None:
    claim = make_submitted(source)
    for role in ("", "Contributor"):
        client = as_user(make_user(role))
        assert client.get(QUEUE).status_code == 403
        assert decide(client, claim, "publish").status_code == 403
    assert Client().get(QUEUE).status_code == 302
    assert as_user(make_user("Reviewer")).get(DECIDE).status_code == 405
    assert state(claim) == "submitted"


def test_the_drafts_page_shows_and_moves_only_own_claims() -> None:
    author = make_user("Contributor")
    client = as_user(author)
    draft = make_claim(ClaimState.DRAFT, created_by=author)
    submitted = make_claim(ClaimState.SUBMITTED, created_by=author)
    rejected = make_claim(ClaimState.REJECTED, created_by=author)
    foreign = make_claim(ClaimState.DRAFT, created_by=make_user("Contributor"))
    html = client.get(DRAFTS).content.decode()
    assert draft.statement in html
    assert "<strong>because</strong>" in html
    assert foreign.statement not in html
    ticked = {"claim": [draft.pk, rejected.pk, foreign.pk, submitted.pk, "x"]}
    for action, message, states in (
        ("nonsense", "Say what to do", ["draft", "rejected", "draft", "submitted"]),
        ("submit", "1 claim submitted.", ["submitted", "rejected", "draft", "submitted"]),
        ("again", "1 claim made a draft again.", ["submitted", "draft", "draft", "submitted"]),
        ("back", "2 claims taken back.", ["draft", "draft", "draft", "draft"]),
        ("back", "Nothing was ticked that is yours and submitted.", ["draft", "draft", "draft", "draft"]),
    ):
        response = client.post(MOVE_OWN, {**ticked, "action": action}, follow=True)
        assert message in response.content.decode()
        assert [state(claim) for claim in (draft, rejected, foreign, submitted)] == states
    assert as_user(make_user("")).get(DRAFTS).status_code == 403


def test_many_drafts_are_paged_and_rejected_claims_come_first(monkeypatch) -> None:
    monkeypatch.setattr("comparison.admin.pages.own_claims.BATCH_SIZE", 2)
    author = make_user("Contributor")
    drafts = [make_claim(ClaimState.DRAFT, created_by=author) for _ in range(3)]
    rejected = make_claim(ClaimState.REJECTED, created_by=author)
    client = as_user(author)
    first, second = (client.get(DRAFTS, {"page": number}).content.decode() for number in (1, 2))
    assert rejected.statement in first
    assert "4 in all, page 1 of 2" in first
    assert sum(draft.statement in first for draft in drafts) == 1
    assert sum(draft.statement in second for draft in drafts) == 2
    assert client.get(DRAFTS, {"page": "x"}).status_code == 302


def test_authors_can_delete_only_their_own_drafts() -> None:
    author = make_user("Contributor")
    client = as_user(author)
    draft = make_claim(ClaimState.DRAFT, created_by=author)
    submitted = make_claim(ClaimState.SUBMITTED, created_by=author)
    was_public = make_claim(ClaimState.DRAFT, created_by=author, published_at=timezone.now())
    foreign = make_claim(ClaimState.DRAFT)
    for claim in (submitted, was_public, foreign):
        assert client.post(url("claim", "delete", claim.pk), {"post": "yes"}).status_code == 403
    assert client.post(url("claim", "delete", draft.pk), {"post": "yes"}).status_code == 302
    assert set(Claim.objects.all()) == {submitted, was_public, foreign}
    assert Claim.history.filter(id=draft.pk).first().history_user == author
    assert Batch.objects.get().summary == "1 claim deleted"


def test_a_claim_that_was_public_cannot_be_deleted() -> None:
    editor, claim = as_user(make_user("Editor")), make_claim(ClaimState.RETRACTED, published_at=timezone.now())
    html = editor.post(url("claim", "delete", claim.pk), {"post": "yes"}).content.decode()
    assert "was public and stays on record" in html
    editor.post(
        url("claim", "changelist"), {"action": "delete_selected", "_selected_action": [claim.pk], "post": "yes"}
    )
    assert Claim.objects.filter(pk=claim.pk).exists()


def test_publishing_a_published_claim_changes_nothing() -> None:
    claim, client = make_claim(), as_user(make_user("Reviewer"))
    address = url("claim", "change", claim.pk)
    assert client.post(address, form_data(client, address, _publish="1")).status_code == 302
    assert state(claim) == "published"


def test_a_bulk_action_asks_again_if_a_selected_claim_changed() -> None:
    reviewer, claim = as_user(make_user("Reviewer")), make_claim(ClaimState.SUBMITTED)
    data = {"action": "publish_claims", "_selected_action": [claim.pk], "select_across": "1"}
    plan = reviewer.post(url("claim", "changelist"), data).context["plan"]
    claim.statement = "Something else"
    claim.revise(make_user("Reviewer"))
    confirmation = data | {"confirmed": "1", "seen": plan.fingerprint}
    html = reviewer.post(url("claim", "changelist"), confirmation).content.decode()
    assert "no longer what this page listed" in html
    assert state(claim) == "submitted"


def test_a_bulk_action_first_lists_what_will_change() -> None:
    reviewer = as_user(make_user("Reviewer"))
    submitted, draft = make_claim(ClaimState.SUBMITTED), make_claim(ClaimState.DRAFT)
    number = edition_number()
    data = {"action": "publish_claims", "_selected_action": [submitted.pk, draft.pk]}
    html = reviewer.post(url("claim", "changelist"), data).content.decode()
    assert "1 claim will change" in html
    assert "1 claim will stay as it is" in html
    assert "A draft claim cannot become published" in html
    assert "No evidence" in html
    assert "Good +0.50, strength 0.50, one source" in html
    assert (state(submitted), edition_number()) == ("submitted", number)
    run_action(reviewer, "publish_claims", [submitted, draft])
    assert (state(submitted), edition_number()) == ("published", number + 1)
    entry = Claim.history.filter(id=submitted.pk).first()
    assert entry.history_batch == Batch.objects.get().pk
    assert Batch.objects.get().summary == "1 claim published"


@pytest.mark.parametrize(
    ("action", "start"),
    [("reject", ClaimState.SUBMITTED), ("retract", ClaimState.PUBLISHED), ("submit", ClaimState.PUBLISHED)],
)
def test_a_bulk_action_asks_for_the_reason_it_needs(action: str, start: ClaimState) -> None:
    reviewer, claim = as_user(make_user("Reviewer")), make_claim(start)
    data = {"action": action, "_selected_action": [claim.pk], "confirmed": "1", "reason": " "}
    assert reviewer.post(url("claim", "changelist"), data).context["plan"].needs_reason
    assert (state(claim), Batch.objects.count()) == (start.value, 0)
    reviewer.post(url("claim", "changelist"), data | {"reason": "Not so"})
    assert state(claim) != start.value


def test_a_bulk_action_that_changes_nothing_says_why_and_asks_nothing() -> None:
    reviewer, draft = as_user(make_user("Reviewer")), make_claim(ClaimState.DRAFT)
    data = {"action": "publish_claims", "_selected_action": [draft.pk]}
    response = reviewer.post(url("claim", "changelist"), data, follow=True)
    assert response.redirect_chain
    assert "A draft claim cannot become published" in response.content.decode()


def test_a_bulk_action_covers_the_claims_that_are_not_listed() -> None:
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
    entry = Claim.history.filter(id=draft.pk).first()
    assert (entry.history_type, entry.history_change_reason) == ("-", "deleted")
    assert (entry.history_batch, Batch.objects.get().summary) == (Batch.objects.get().pk, "1 claim deleted")


def test_a_bulk_action_asks_again_if_a_claim_joined_the_selection() -> None:
    reviewer = as_user(make_user("Reviewer"))
    claim = make_claim(ClaimState.SUBMITTED)
    data = {"action": "publish_claims", "_selected_action": [claim.pk], "select_across": "1"}
    response = reviewer.post(url("claim", "changelist"), data)
    make_claim(ClaimState.SUBMITTED)
    confirmation = {"confirmed": "1", "seen": response.context["plan"].fingerprint}
    response = reviewer.post(url("claim", "changelist"), data | confirmation)
    assert "no longer what this page listed" in response.content.decode()
    assert not Claim.objects.published().exists()
    reviewer.post(url("claim", "changelist"), data | confirmation | {"seen": response.context["plan"].fingerprint})
    assert Claim.objects.published().count() == 2


@pytest.mark.parametrize("address", [QUEUE, DRAFTS, "/admin/comparison/claim/help/", "/admin/"])
def test_get_requests_write_nothing(source, address) -> None:
    claim = make_submitted(source)
    client = as_user(make_user("Reviewer"))
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address, {"claim": claim.pk, "last": claim.pk}).status_code == 200
    assert not [
        query["sql"] for query in queries.captured_queries if query["sql"].startswith(("INSERT", "UPDATE", "DELETE"))
    ]


@pytest.mark.parametrize("value", ["x", "-1", "9" * 30, "٣", "1'", ""])
@pytest.mark.parametrize("name", ["claim", "source", "framework", "criterion", "created_by", "last"])
def test_the_queue_ignores_invalid_parameters(source, name, value) -> None:
    claim = make_submitted(source)
    response = as_user(make_user("Reviewer")).get(QUEUE, {name: value})
    assert response.context["claim"] == claim


def test_the_queue_can_be_filtered_by_criterion_and_author(source) -> None:
    client, author = as_user(make_user("Reviewer")), make_user("Contributor", username="conny")
    first, second = make_submitted(source, created_by=author), make_submitted(source, "small")
    html = client.get(QUEUE, {"criterion": second.criterion_id}).content.decode()
    assert f'<option value="{second.criterion_id}" selected>' in html
    assert f'<option value="{author.pk}">conny' in html
    assert client.get(QUEUE, {"criterion": second.criterion_id}).context["claim"] == second
    assert client.get(QUEUE, {"created_by": author.pk}).context["claim"] == first


def test_the_queue_warns_of_similar_statements(source) -> None:
    claim = make_submitted(source, statement="Quickly understood by most people")
    cell = {"framework": claim.framework, "criterion": claim.criterion}
    make_claim(**cell, source=source, statement="Quickly understood by people")
    make_claim(**cell, statement="Quickly understood by most people")
    html = as_user(make_user("Reviewer")).get(QUEUE).content.decode()
    assert html.count("Nearly the same words") == 1
    assert "no words in common with the passage" in html


def test_enter_in_the_reason_can_only_reject(source) -> None:
    """Enter presses the first button of a form, so the reason is in a form without a Publish button."""
    make_submitted(source)
    html = as_user(make_user("Reviewer")).get(QUEUE).content.decode()
    form = html.split('class="q-reason"')[1].split("</form>")[0]
    assert 'value="reject"' in form
    assert 'value="publish"' not in form


def test_the_front_page_shows_each_user_their_tasks(source, settings) -> None:
    author, reviewer = make_user("Contributor"), make_user("Reviewer")
    make_claim(ClaimState.DRAFT, created_by=author)
    make_claim(ClaimState.REJECTED, created_by=author)
    make_submitted(source, created_by=author)
    make_submitted(source, "small", created_by=reviewer)
    index = reverse("admin:index")
    html = squeezed(page(as_user(author), index))
    assert "<b>1</b> draft to submit" in html
    assert "<b>1</b> rejected" in html
    assert "in the queue" not in html
    assert reverse("admin:comparison_source_read", args=[source.pk]) in html
    assert "<b>2</b> claims in the queue" in squeezed(page(as_user(reviewer), index))
    settings.REQUIRE_SECOND_REVIEWER = True
    assert "<b>1</b> claim in the queue" in squeezed(page(as_user(reviewer), index))
    assert "without text" in as_user(make_user("Editor")).get(index).content.decode()
    assert "draft" not in as_user(make_user("")).get(index).content.decode()


def test_the_front_page_shows_reviewers_the_latest_editions() -> None:
    index, help_page = reverse("admin:index"), reverse("admin:comparison_claim_help")
    claim = make_claim()
    html = as_user(make_user("Reviewer")).get(index).content.decode()
    assert f"Claim published: {claim.cell_name}" in html
    assert html.count(help_page) == 2  # on the page, and among the user's tools
    assert "Claim published" not in as_user(make_user("Contributor")).get(index).content.decode()
    assert help_page not in as_user(make_user("")).get(index).content.decode()


def test_the_front_page_takes_the_same_number_of_queries_at_any_size() -> None:
    client, costs = as_user(make_user("Editor")), []
    for size in (2, 20):
        for _ in range(size):
            make_claim(ClaimState.SUBMITTED)
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse("admin:index"))
        costs.append(len(queries))
    assert costs[0] == costs[1] <= 13


def test_everybody_who_curates_may_read_the_help() -> None:
    address = reverse("admin:comparison_claim_help")
    assert "five words in a row" in as_user(make_user("Contributor")).get(address).content.decode()
    assert as_user(make_user("")).get(address).status_code == 403

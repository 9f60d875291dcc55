"""What a reviewer sees of a claim's history: who wrote which words, and why one that was public waits again."""

from typing import Any

import pytest
from django.test import Client

from comparison.curation.attach_text import attach
from comparison.curation.review.authorship import Part, authorship, history_of
from comparison.models import Claim, ClaimState
from tests.admin_site import as_user, form_data, run_action, url
from tests.make import make_claim, make_criterion, make_user
from tests.reading import page, squeezed
from tests.source_texts import CHANGED, GONE, MOVED, OLD, PASSAGE, claims_on, source_with

pytestmark = pytest.mark.django_db

QUEUE, DECIDE = "/admin/comparison/claim/queue/", "/admin/comparison/claim/queue/decide/"
DRAFTS = "/admin/comparison/claim/drafts/"


def decide(client: Client, claim: Claim, action: str = "publish", **data: str) -> str:
    return squeezed(client.post(DECIDE, {"claim": claim.pk, "action": action, **data}, follow=True).content.decode())


def state(claim: Claim) -> str:
    return Claim.objects.get(pk=claim.pk).state


def revised(claim: Claim, actor: Any, **values: Any) -> Claim:
    claim = Claim.objects.get(pk=claim.pk)
    for name, value in values.items():
        setattr(claim, name, value)
    claim.revise(actor)
    return claim


def test_each_word_has_the_author_who_brought_it() -> None:
    anna, ben = make_user("Contributor", username="anna"), make_user("Contributor", username="ben")
    claim = make_claim(ClaimState.DRAFT, statement="Is easy to learn", level=1)
    revised(claim, anna, statement="Is fairly easy to learn")
    revised(claim, ben, statement="Is fairly easy for beginners to learn", level=2)
    shown = authorship(history_of(Claim.objects.get(pk=claim.pk)))
    assert shown.parts == [
        Part("Is", "a command"),
        Part("fairly", "anna"),
        Part("easy", "a command"),
        Part("for beginners", "ben"),
        Part("to learn", "a command"),
    ]
    assert shown.fields == {"value": "ben"}
    assert shown.authors == ["a command", "anna", "ben"]


def test_the_queue_shows_who_wrote_which_words() -> None:
    anna, ben = make_user("Contributor", username="anna"), make_user("Reviewer", username="ben")
    claim = make_claim(ClaimState.SUBMITTED, statement="Is easy", created_by=anna)
    revised(claim, ben, statement="Is easy indeed", section="Start")
    html = squeezed(page(as_user(make_user("Reviewer")), QUEUE))
    assert "ben: “<bdi>indeed</bdi>”" in html
    assert "section: ben" in html


@pytest.mark.parametrize(("text", "word"), [(CHANGED, "changed"), (GONE, "gone")])
def test_a_claim_whose_passage_changed_shows_the_old_words_beside_the_new(text, word) -> None:
    source = source_with(OLD)
    (claim,) = claims_on(source, PASSAGE)
    attach(source, text, changed=True)
    assert state(claim) == "submitted"
    html = squeezed(page(as_user(make_user("Reviewer")), QUEUE))
    assert "Came back: it was public before" in html
    assert f"Its passage in the source is {word}." in html
    if word == "changed":
        assert f'<td dir="auto">{PASSAGE}</td>' in html
        assert "Alpha is <del>quick</del><ins>slow</ins> to learn" in html
    else:
        assert "Its passage is gone from the source’s text." in html


def test_a_claim_that_was_edited_shows_what_it_said(settings) -> None:
    settings.REQUIRE_SECOND_REVIEWER = True
    claim = make_claim(statement="Is easy", level=1)
    revised(claim, make_user("Reviewer", username="eve"), statement="Is hard", level=-1)
    html = squeezed(page(as_user(make_user("Reviewer")), QUEUE))
    assert '<td dir="auto">Is easy</td> <td dir="auto">Is <del>easy</del><ins>hard</ins></td>' in html
    assert "by eve." in html
    assert '<th scope="row">Value</th> <td dir="auto">+1</td>' in html


def test_one_key_does_not_publish_again_what_came_back() -> None:
    source = source_with(OLD)
    (claim,) = claims_on(source, PASSAGE)
    attach(source, CHANGED, changed=True)
    client = as_user(make_user("Reviewer"))
    html = squeezed(page(client, QUEUE))
    assert 'data-key="p"' not in html
    assert 'name="read" value="1" required' in html
    assert "tick that you did" in decide(client, claim)
    assert state(claim) == "submitted"
    decide(client, claim, read="1")
    assert state(claim) == "published"


def test_neither_a_bulk_action_nor_the_form_publishes_what_came_back() -> None:
    source = source_with(OLD)
    (claim,) = claims_on(source, PASSAGE)
    attach(source, CHANGED, changed=True)
    client, address = as_user(make_user("Reviewer")), url("claim", "change", claim.pk)
    assert "It came back. Its passage in the source is changed." in run_action(client, "publish_claims", [claim])
    assert "_publish" not in page(client, address)
    client.post(address, form_data(client, address, _publish="1"))
    assert state(claim) == "submitted"


def test_a_claim_that_never_was_public_has_its_key() -> None:
    source = source_with(OLD)
    (claim,) = claims_on(source, PASSAGE, state=ClaimState.SUBMITTED)
    attach(source, MOVED, changed=True)
    client = as_user(make_user("Reviewer"))
    html = page(client, QUEUE)
    assert ('data-key="p"' in html, "Came back" in html) == (True, False)
    decide(client, claim)
    decide(client, claim, "undo")
    assert state(claim) == "submitted"
    assert 'data-key="p"' in page(client, QUEUE)  # a slip of the hand that was taken back at once
    decide(client, claim)
    assert state(claim) == "published"


def test_a_retracted_claim_that_is_submitted_again_came_back_too() -> None:
    claim = make_claim(ClaimState.RETRACTED, statement="Is easy")
    claim.transition(ClaimState.DRAFT)
    revised(claim, None, statement="Is easier")
    Claim.objects.get(pk=claim.pk).transition(ClaimState.SUBMITTED)
    html = squeezed(page(as_user(make_user("Reviewer")), QUEUE))
    assert "<strong>because</strong>" in html
    assert '<td dir="auto">Is easy</td>' in html


def test_authors_edit_and_withdraw_what_they_submitted() -> None:
    author, other = make_user("Contributor"), make_user("Contributor")
    claim = make_claim(ClaimState.SUBMITTED, created_by=author, criterion=make_criterion(), statement="Is easy")
    address = url("claim", "change", claim.pk)
    assert f"edit claim {claim.pk}" in page(as_user(author), DRAFTS)
    client = as_user(author)
    client.post(address, form_data(client, address, statement="Is easier"))
    stored = Claim.objects.get(pk=claim.pk)
    assert (stored.statement, stored.state) == ("Is easier", "submitted")
    assert "Save and take back" in page(client, address)
    client.post(address, form_data(client, address, statement="Is easiest", _withdraw="1"))
    stored = Claim.objects.get(pk=claim.pk)
    assert (stored.statement, stored.state) == ("Is easiest", "draft")
    stored.transition(ClaimState.SUBMITTED, author)
    assert "_withdraw" not in page(as_user(other), address)


def test_a_reviewer_who_looked_before_the_author_edited_is_told() -> None:
    author, reviewer = make_user("Contributor"), as_user(make_user("Reviewer"))
    claim = make_claim(ClaimState.SUBMITTED, created_by=author, statement="Is easy")
    version = reviewer.get(QUEUE).context["version"]
    client, address = as_user(author), url("claim", "change", claim.pk)
    client.post(address, form_data(client, address, statement="Is hard"))
    assert "It was changed since you looked." in decide(reviewer, claim, version=str(version))
    assert state(claim) == "submitted"

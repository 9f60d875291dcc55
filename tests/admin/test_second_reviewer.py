"""REQUIRE_SECOND_REVIEWER: whoever wrote a claim or changed it last does not publish it, in whatever way."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test.utils import CaptureQueriesContext

from comparison.admin.pages.transitions import plan_transition
from comparison.curation.attach_text import attach
from comparison.curation.dashboard import claims_to_review
from comparison.curation.merging import merge_claims, merge_criteria
from comparison.curation.undo import undo
from comparison.files.claims_csv import csv_pieces, read_rows
from comparison.files.claims_import import Planner, store
from comparison.models import Batch, Claim, ClaimState
from comparison.models.claims import last_editors
from tests.admin_site import as_user, form_data, run_action, url
from tests.make import make_claim, make_criterion, make_source, make_user
from tests.source_texts import CHANGED, MOVED, OLD, PASSAGE

pytestmark = pytest.mark.django_db

Way = Callable[[User, Claim], Any]


@pytest.fixture(autouse=True)
def _second_reviewer(settings) -> None:
    settings.REQUIRE_SECOND_REVIEWER = True


def claim_in(state: ClaimState, **fields: Any) -> Claim:
    """A claim with its passage, by an author who is none of the reviewers."""
    start = OLD.index(PASSAGE)
    source = make_source()
    attach(source, OLD)
    place = {"start": start, "end": start + len(PASSAGE), "quote": PASSAGE}
    return make_claim(state, source=source, **{"created_by": make_user("Contributor")} | place | fields)


def by_form(actor: User, claim: Claim) -> None:
    client, address = as_user(actor), url("claim", "change", claim.pk)
    assert client.post(address, form_data(client, address, statement="Changed")).status_code == 302


def by_restoring_an_old_version(actor: User, claim: Claim) -> None:
    old = claim.history.first()
    claim.level = -2
    claim.revise(None)
    client, address = as_user(actor), url("claim", "simple_history", claim.pk, old.pk)
    form = client.get(address).context["adminform"].form
    data = {name: "" if form[name].value() is None else form[name].value() for name in form.fields}
    assert client.post(address, data).status_code == 302


def import_text(text: str, actor: User | None) -> Batch:
    list(store(Planner(actor).read(read_rows(text)), actor))
    return Batch.objects.latest("pk")


def as_csv(claim: Claim) -> str:
    return "".join(csv_pieces([Claim.objects.with_names().get(pk=claim.pk)]))


def by_import(actor: User, claim: Claim) -> None:
    import_text(as_csv(claim).replace(claim.statement, "Imported"), actor)


def by_merging_criteria(actor: User, claim: Claim) -> None:
    merge_criteria(make_criterion(), claim.criterion, actor)


def by_undoing_an_import(actor: User, claim: Claim) -> None:
    undo(import_text(as_csv(claim).replace(claim.statement, "Changed"), None), actor)


def by_undoing_a_merge(actor: User, claim: Claim) -> None:
    undo(merge_criteria(make_criterion(), claim.criterion), actor)


def by_a_text_that_says_otherwise(actor: User, claim: Claim) -> None:
    attach(claim.source, CHANGED, changed=True, actor=actor)


WAYS_TO_CHANGE: dict[str, Way] = {
    way.__name__: way
    for way in (
        by_form,
        by_restoring_an_old_version,
        by_import,
        by_merging_criteria,
        by_undoing_an_import,
        by_undoing_a_merge,
        by_a_text_that_says_otherwise,
    )
}


def by_button(actor: User, claim: Claim) -> None:
    client, address = as_user(actor), url("claim", "change", claim.pk)
    client.post(address, form_data(client, address, _publish="1"))


def by_a_changed_form_and_its_button(actor: User, claim: Claim) -> None:
    client, address = as_user(actor), url("claim", "change", claim.pk)
    client.post(address, form_data(client, address, statement="Changed once more", _publish="1"))


def in_the_queue(actor: User, claim: Claim) -> None:
    as_user(actor).post(url("claim", "decide"), {"claim": claim.pk, "action": "publish", "read": "1"})


def by_bulk_action(actor: User, claim: Claim) -> None:
    run_action(as_user(actor), "publish_claims", [claim])


def by_undoing_that_it_was_taken_off(actor: User, claim: Claim) -> None:
    claim.transition(ClaimState.PUBLISHED)
    with Batch.objects.open("Taken off the site") as batch:
        claim.transition(ClaimState.RETRACTED, reason="because")
    undo(batch, actor)


def by_undoing_a_merge_of_claims(actor: User, claim: Claim) -> None:
    claim.transition(ClaimState.PUBLISHED)
    merge_claims(make_claim(framework=claim.framework, criterion=claim.criterion), claim)
    undo(Batch.objects.latest("pk"), actor)


WAYS_TO_PUBLISH: dict[str, Way] = {
    way.__name__: way
    for way in (
        by_button,
        in_the_queue,
        by_bulk_action,
        by_undoing_that_it_was_taken_off,
        by_undoing_a_merge_of_claims,
    )
}


def stored(claim: Claim) -> Claim:
    return Claim.objects.get(pk=claim.pk)


@pytest.mark.parametrize("way", WAYS_TO_CHANGE)
@pytest.mark.parametrize("is_superuser", [False, True], ids=["editor", "superuser"])
def test_a_published_claim_that_is_changed_goes_back_to_review(way: str, is_superuser: bool) -> None:
    actor, claim = make_user("Editor", is_superuser=is_superuser), claim_in(ClaimState.PUBLISHED)
    WAYS_TO_CHANGE[way](actor, claim)
    assert stored(claim).state == "submitted"
    assert stored(claim).state_reason
    assert last_editors([claim.pk]) == {claim.pk: actor.pk}


@pytest.mark.parametrize("change", WAYS_TO_CHANGE)
@pytest.mark.parametrize("publish", WAYS_TO_PUBLISH)
def test_whoever_changed_a_claim_last_cannot_publish_it(change: str, publish: str) -> None:
    actor, claim = make_user("Editor"), claim_in(ClaimState.SUBMITTED)
    WAYS_TO_CHANGE[change](actor, claim)
    WAYS_TO_PUBLISH[publish](actor, stored(claim))
    assert stored(claim).state != "published"


@pytest.mark.parametrize("publish", WAYS_TO_PUBLISH)
@pytest.mark.parametrize("is_superuser", [False, True], ids=["editor", "superuser"])
def test_nobody_publishes_what_they_wrote(publish: str, is_superuser: bool) -> None:
    author = make_user("Editor", is_superuser=is_superuser)
    claim = claim_in(ClaimState.SUBMITTED, created_by=author)
    WAYS_TO_PUBLISH[publish](author, claim)
    assert stored(claim).state != "published"


@pytest.mark.parametrize("publish", WAYS_TO_PUBLISH)
def test_somebody_else_publishes_in_every_way(publish: str) -> None:
    claim = claim_in(ClaimState.SUBMITTED)
    WAYS_TO_CHANGE["by_form"](make_user("Editor"), claim)
    WAYS_TO_PUBLISH[publish](make_user("Editor"), stored(claim))
    assert stored(claim).state == "published"


def test_nobody_publishes_with_the_change_itself() -> None:
    actor, claim = make_user("Editor"), claim_in(ClaimState.SUBMITTED)
    assert 'name="_publish"' not in as_user(actor).get(url("claim", "change", claim.pk)).content.decode()
    by_a_changed_form_and_its_button(actor, claim)
    assert stored(claim).state != "published"


def test_two_reviewers_may_publish_what_the_other_changed() -> None:
    first, second, claim = make_user("Reviewer"), make_user("Reviewer"), claim_in(ClaimState.SUBMITTED)
    by_form(first, claim)
    in_the_queue(second, claim)
    assert stored(claim).state == "published"
    by_import(second, stored(claim))
    assert stored(claim).state == "submitted"
    in_the_queue(first, claim)
    assert stored(claim).state == "published"


@pytest.mark.parametrize("state", [ClaimState.PUBLISHED, ClaimState.SUBMITTED])
def test_a_passage_that_moves_with_its_text_is_no_change(state: ClaimState) -> None:
    actor, claim = make_user("Editor"), claim_in(state)
    attach(claim.source, MOVED, changed=True, actor=actor)
    assert stored(claim).start != claim.start
    undo(Batch.objects.latest("pk"), actor)
    assert stored(claim).start == claim.start
    assert stored(claim).state == state
    assert last_editors([claim.pk]) == {claim.pk: None}


def test_another_passage_is_a_change() -> None:
    actor, claim = make_user("Editor"), claim_in(ClaimState.SUBMITTED, quote="")
    client, address = as_user(actor), url("claim", "change", claim.pk)
    start = OLD.index("Omega")
    client.post(address, form_data(client, address, start=start, end=start + 5, quote=""))
    assert stored(claim).start == start
    in_the_queue(actor, claim)
    assert stored(claim).state == "submitted"


def test_the_queue_leaves_out_what_the_reviewer_changed_last_and_says_who_did() -> None:
    actor, other = make_user("Reviewer", username="rita"), make_user("Reviewer")
    claim, untouched = claim_in(ClaimState.SUBMITTED), claim_in(ClaimState.SUBMITTED)
    by_form(actor, claim)
    assert list(claims_to_review(actor)) == [untouched]
    assert set(claims_to_review(other)) == {claim, untouched}
    html = as_user(other).get(url("claim", "queue"), {"claim": claim.pk}).content.decode()
    assert "<dt>Last changed by</dt>" in html
    assert "<dd>rita</dd>" in html
    html = as_user(other).get(url("claim", "queue"), {"claim": untouched.pk}).content.decode()
    assert "Last changed by" not in html


def test_looking_up_who_changed_claims_takes_as_many_queries_at_any_size(rf) -> None:
    actor, counts = make_user("Reviewer"), []
    for number in (2, 5):
        for _ in range(number):
            by_form(actor, claim_in(ClaimState.SUBMITTED))
        request = rf.get("/")
        request.user = actor
        actor.get_all_permissions()
        with CaptureQueriesContext(connection) as queries:
            list(claims_to_review(actor))
            claims = Claim.objects.select_related("framework", "criterion", "source")
            assert len(plan_transition(request, claims, ClaimState.PUBLISHED).staying) == Claim.objects.count()
        counts.append(len(queries))
    assert counts[0] == counts[1]

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from comparison.models import TRANSITIONS, Claim, ClaimState, Edition
from tests.make import make_check, make_claim, make_user
from tests.reading import edition_number

pytestmark = pytest.mark.django_db

STATES = list(ClaimState)


@pytest.mark.parametrize("old_state", STATES)
@pytest.mark.parametrize("to", STATES)
def test_only_the_listed_transitions_exist(old_state: ClaimState, to: ClaimState) -> None:
    claim = make_claim(old_state)
    before = claim.history.count()
    if (old_state, to) in TRANSITIONS:
        claim.transition(to, reason="because")
        assert Claim.objects.get(pk=claim.pk).state == to
        assert claim.history.count() == before + 1
    else:
        options = ", ".join(after for start, after in TRANSITIONS if start == old_state)
        with pytest.raises(ValidationError, match=rf"{old_state} claim cannot become {to}. .* become: {options}\.'"):
            claim.transition(to, reason="because")
        assert Claim.objects.get(pk=claim.pk).state == old_state
        assert claim.history.count() == before


@pytest.mark.parametrize(("old_state", "to"), TRANSITIONS)
def test_every_public_change_and_no_other_makes_an_edition(old_state: ClaimState, to: ClaimState) -> None:
    claim = make_claim(old_state)
    before = edition_number()
    public = claim.transition(to, reason="because")
    assert public == (ClaimState.PUBLISHED in (old_state, to))
    assert edition_number() == before + public


@pytest.mark.parametrize(
    ("old_state", "to"),
    [
        (ClaimState.SUBMITTED, ClaimState.REJECTED),
        (ClaimState.PUBLISHED, ClaimState.RETRACTED),
        (ClaimState.PUBLISHED, ClaimState.SUBMITTED),
    ],
)
def test_rejecting_and_taking_off_the_site_need_a_reason(old_state: ClaimState, to: ClaimState) -> None:
    claim = make_claim(old_state)
    with pytest.raises(ValidationError, match="Say why"):
        claim.transition(to, reason="  ")
    assert Claim.objects.get(pk=claim.pk).state == old_state


@pytest.mark.parametrize(
    ("role", "allowed"),
    [
        ("Contributor", {"comparison.change_claim"}),
        ("Reviewer", {"comparison.change_claim", "comparison.publish_claim"}),
        ("Editor", {"comparison.change_claim", "comparison.publish_claim"}),
        ("", set()),
    ],
)
def test_each_role_makes_the_transitions_it_may(role: str, allowed: set[str]) -> None:
    user = make_user(role)
    for (old_state, to), permission in TRANSITIONS.items():
        claim = make_claim(old_state)
        if permission in allowed:
            claim.transition(to, user, "because")
        else:
            with pytest.raises(PermissionDenied):
                claim.transition(to, user, "because")
            assert Claim.objects.get(pk=claim.pk).state == old_state


def test_authors_may_draft_and_submit_and_only_reviewers_decide() -> None:
    """The table in full: the test above takes the right of each transition from the code."""
    rights = {f"{old_state} → {to}": right for (old_state, to), right in TRANSITIONS.items()}
    assert rights == {
        "draft → submitted": "comparison.change_claim",
        "submitted → draft": "comparison.change_claim",
        "rejected → draft": "comparison.change_claim",
        "retracted → draft": "comparison.change_claim",
        "submitted → published": "comparison.publish_claim",
        "submitted → rejected": "comparison.publish_claim",
        "published → retracted": "comparison.publish_claim",
        "published → submitted": "comparison.publish_claim",
    }


def test_publishing_stores_who_and_when() -> None:
    reviewer = make_user("Reviewer")
    claim = make_claim(ClaimState.SUBMITTED)
    claim.transition(ClaimState.PUBLISHED, reviewer)
    claim.refresh_from_db()
    assert claim.published_by == reviewer
    assert claim.published_at is not None


@pytest.mark.parametrize(("old_state", "to"), [pair for pair in TRANSITIONS if pair[1] is not ClaimState.PUBLISHED])
def test_only_publishing_changes_who_published_and_when(old_state: ClaimState, to: ClaimState) -> None:
    claim = make_claim(old_state, published_by=make_user("Reviewer"))
    before = (claim.published_by, claim.published_at)
    claim.transition(to, make_user("Reviewer"), "because")
    assert (claim.published_by, claim.published_at) == before


def test_history_names_author_transition_and_reason() -> None:
    reviewer = make_user("Reviewer", username="rita")
    claim = make_claim(ClaimState.SUBMITTED)
    claim.transition(ClaimState.REJECTED, reviewer, "The passage says otherwise.")
    entry = claim.history.first()
    assert entry.history_author == "rita"
    assert entry.history_change_reason == "submitted → rejected: The passage says otherwise."


def test_history_survives_its_author() -> None:
    editor = make_user("Editor", username="edna")
    claim = make_claim(ClaimState.DRAFT)
    claim.statement = "Put otherwise"
    claim.revise(editor)
    editor.delete()
    entry = claim.history.first()
    assert entry.history_user is None
    assert entry.history_author == "edna"


def test_a_second_reviewer_may_be_required(settings) -> None:
    settings.REQUIRE_SECOND_REVIEWER = True
    author, other = make_user("Reviewer"), make_user("Reviewer")
    claim = make_claim(ClaimState.SUBMITTED, created_by=author)
    with pytest.raises(PermissionDenied, match="second reviewer"):
        claim.transition(ClaimState.PUBLISHED, author)
    claim.transition(ClaimState.PUBLISHED, other)
    assert claim.published


def test_a_required_second_reviewer_only_concerns_publishing(settings) -> None:
    settings.REQUIRE_SECOND_REVIEWER = True
    author = make_user("Reviewer")
    for old_state, to in TRANSITIONS:
        if to is not ClaimState.PUBLISHED:
            claim = make_claim(old_state, created_by=author)
            claim.transition(to, author, "because")
            assert claim.state == to


def test_every_change_needs_another_review_if_a_second_reviewer_is_required(settings) -> None:
    settings.REQUIRE_SECOND_REVIEWER = True
    author, first, second = (make_user("Reviewer") for _ in range(3))
    claim = make_claim(ClaimState.SUBMITTED, created_by=author)
    claim.transition(ClaimState.PUBLISHED, first)
    for reviewer, other, level in ((first, second, -2), (second, first, 2)):
        claim.level = level
        claim.revise(reviewer)
        assert (claim.state, claim.level) == ("submitted", level)
        for barred in (reviewer, author):
            with pytest.raises(PermissionDenied, match="second reviewer"):
                claim.transition(ClaimState.PUBLISHED, barred)
        claim.transition(ClaimState.PUBLISHED, other)


def test_commands_need_no_second_reviewer(settings) -> None:
    settings.REQUIRE_SECOND_REVIEWER = True
    claim = make_claim(created_by=make_user("Reviewer"))
    claim.level = -2
    claim.revise(None)
    assert claim.published
    claim.transition(ClaimState.SUBMITTED, reason="because")
    claim.transition(ClaimState.PUBLISHED)


def test_one_reviewer_is_enough_otherwise() -> None:
    author = make_user("Reviewer")
    claim = make_claim(ClaimState.SUBMITTED, created_by=author)
    claim.transition(ClaimState.PUBLISHED, author)
    assert claim.published


def test_a_failing_transition_leaves_no_trace(monkeypatch) -> None:
    claim = make_claim(ClaimState.SUBMITTED)
    entries, number = claim.history.count(), edition_number()

    def broken(*args: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(type(Edition.objects), "publish", broken)
    with pytest.raises(RuntimeError), transaction.atomic():
        claim.transition(ClaimState.PUBLISHED)
    stored = Claim.objects.get(pk=claim.pk)
    assert (stored.state, stored.history.count(), edition_number()) == ("submitted", entries, number)


def test_a_transition_does_not_overwrite_what_others_changed() -> None:
    claim = make_claim(ClaimState.SUBMITTED)
    stale = Claim.objects.get(pk=claim.pk)
    claim.statement = "Changed meanwhile"
    claim.revise(None)
    stale.transition(ClaimState.PUBLISHED)
    assert Claim.objects.get(pk=claim.pk).statement == "Changed meanwhile"


def test_changed_evidence_sends_a_published_claim_back() -> None:
    contributor = make_user("Contributor")
    claim = make_claim()
    number = edition_number()
    claim.level = -2
    claim.revise(contributor)
    stored = Claim.objects.get(pk=claim.pk)
    assert (stored.state, stored.level) == ("submitted", -2)
    assert "level" in stored.state_reason
    assert edition_number() == number + 1


@pytest.mark.parametrize("role", ["Reviewer", None], ids=["reviewer", "command"])
def test_reviewers_and_commands_change_evidence_in_place(role: str | None) -> None:
    claim = make_claim()
    number = edition_number()
    claim.level = -2
    claim.revise(make_user(role) if role else None)
    stored = Claim.objects.get(pk=claim.pk)
    assert (stored.state, stored.level) == ("published", -2)
    assert edition_number() == number + 1


def test_revising_nothing_leaves_no_trace() -> None:
    claim = make_claim()
    entries, number = claim.history.count(), edition_number()
    claim.revise(make_user("Editor"))
    assert (claim.history.count(), edition_number()) == (entries, number)


def test_revising_cannot_change_the_state() -> None:
    claim = make_claim(ClaimState.DRAFT)
    claim.state, claim.statement = "published", "Changed"
    claim.revise(make_user("Contributor"))
    assert Claim.objects.get(pk=claim.pk).state == "draft"


def test_a_change_of_many_claims_makes_its_own_edition() -> None:
    claim, number = make_claim(), edition_number()
    claim.level = -2
    assert claim.revise(None, announce=False)
    assert edition_number() == number


def test_drafts_change_without_an_edition() -> None:
    claim = make_claim(ClaimState.DRAFT)
    number = edition_number()
    claim.statement = "Changed"
    claim.revise(make_user("Contributor"))
    assert edition_number() == number


def test_editions_are_numbered_without_gaps() -> None:
    with transaction.atomic():
        Edition.objects.publish("undone")
        transaction.set_rollback(True)
    numbers = [Edition.objects.publish("done").number for _ in range(3)]
    assert numbers == [1, 2, 3]


def test_an_edition_summary_is_truncated() -> None:
    assert len(Edition.objects.publish("x" * 10_000).summary) == Edition.MAX_SUMMARY_LENGTH


def test_checks_have_history() -> None:
    check = make_check(make_claim())
    check.note = "Seen twice."
    check.save()
    assert [entry.note for entry in check.history.all()] == ["Seen twice.", "Seen otherwise."]

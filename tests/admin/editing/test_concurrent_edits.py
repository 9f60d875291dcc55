"""Two editors have the same thing open: nothing that one saves is overwritten unseen, and the other is told."""

import re
from collections.abc import Callable
from html import unescape
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from comparison.curation.attach_text import attach
from comparison.curation.merging import merge_claims, merge_criteria
from comparison.models import Check, Claim, ClaimState, Framework, NotApplicable, Profile, ProfileWeight, sign
from comparison.models.optimistic_lock import UNDONE, current_version
from tests.admin_site import as_user, form_data, url
from tests.make import (
    make_category,
    make_check,
    make_claim,
    make_criterion,
    make_framework,
    make_source,
    make_user,
)
from tests.reading import squeezed
from tests.source_texts import MOVED, OLD, PASSAGE, source_with

pytestmark = pytest.mark.django_db


@pytest.fixture
def anna() -> User:
    return make_user("Editor", username="anna")


@pytest.fixture
def bob() -> Client:
    return as_user(make_user("Editor", username="bob"))


@pytest.fixture
def profile() -> Profile:
    """A profile with three weights of 1; the forms list them in the order of their slugs."""
    profile = Profile.objects.create(slug="p", name="P", description="d")
    for name in ("A", "B", "C"):
        ProfileWeight.objects.create(profile=profile, criterion=make_criterion(name=name), weight=1)
    return profile


def weight(profile: Profile, name: str) -> ProfileWeight:
    return profile.weights.get(criterion__name=name)


def change(row: Any, actor: User | None = None, **values: Any) -> None:
    """A change by somebody else."""
    for name, value in values.items():
        setattr(row, name, value)
    row._history_user = actor
    row.save()


def delete(row: Any, actor: User) -> None:
    row._history_user = actor
    row.delete()


def opened(client: Client, row: Any) -> tuple[str, dict[str, Any]]:
    address = url(row._meta.model_name, "change", row.pk)
    return address, form_data(client, address)


def shown(response: Any) -> dict[str, Any]:
    """What a form that came back would send."""
    form = response.context["adminform"].form
    data = {form.add_prefix(name): form[name].value() for name in form.fields}
    for inline in response.context["inline_admin_formsets"]:
        for part in (inline.formset.management_form, *inline.formset.forms):
            data |= {part.add_prefix(name): part[name].value() for name in part.fields}
    return {name: "" if value in (None, False) else value for name, value in data.items()}


def test_two_people_change_different_weights_and_both_stay(anna, bob, profile) -> None:
    address, data = opened(bob, profile)
    change(weight(profile, "A"), anna, weight=3)
    assert bob.post(address, data | {"weights-1-weight": 2}).status_code == 302
    assert weight(profile, "A").weight == 3
    assert weight(profile, "B").weight == 2
    assert weight(profile, "C").history.count() == 1


def test_the_same_weight_changed_twice_is_shown_before_it_is_stored(anna, bob, profile) -> None:
    address, data = opened(bob, profile)
    change(weight(profile, "A"), anna, weight=3, must_have=True)
    response = bob.post(address, data | {"weights-0-weight": 2})
    html = response.content.decode()
    assert "Weight: was “1”, is now “3” (anna" in html
    assert "Must have: was “False”, is now “True” (anna" in html
    assert weight(profile, "A").weight == 3
    again = shown(response)
    assert (again["weights-0-weight"], again["weights-0-must_have"]) == ("2", True)
    assert bob.post(address, again).status_code == 302
    assert (weight(profile, "A").weight, weight(profile, "A").must_have) == (2, True)


def test_a_row_that_somebody_changed_is_not_deleted_unseen(anna, bob, profile) -> None:
    address, data = opened(bob, profile)
    change(weight(profile, "B"), anna, weight=3)
    response = bob.post(address, data | {"weights-1-DELETE": "on"})
    assert "Weight: was “1”, is now “3” (anna" in response.content.decode()
    assert weight(profile, "B").weight == 3
    assert bob.post(address, shown(response)).status_code == 302
    assert profile.weights.count() == 2


def test_a_row_that_is_gone_and_was_left_alone_bothers_nobody(anna, bob, profile) -> None:
    address, data = opened(bob, profile)
    delete(weight(profile, "A"), anna)
    assert bob.post(address, data | {"weights-2-weight": 3}).status_code == 302
    assert dict(profile.weights.values_list("criterion__name", "weight")) == {"B": 1, "C": 3}


def test_a_row_that_both_deleted_bothers_nobody(anna, bob, profile) -> None:
    address, data = opened(bob, profile)
    delete(weight(profile, "A"), anna)
    assert bob.post(address, data | {"weights-0-DELETE": "on"}).status_code == 302
    assert profile.weights.count() == 2


def test_a_row_that_is_gone_and_was_changed_is_kept_as_a_new_one(anna, bob, profile) -> None:
    address, data = opened(bob, profile)
    delete(weight(profile, "A"), anna)
    response = bob.post(address, data | {"weights-0-weight": 3, "weights-1-weight": 2})
    assert "a row that you changed was deleted meanwhile (anna" in response.content.decode()
    assert profile.weights.filter(weight=1).count() == 2
    assert bob.post(address, shown(response)).status_code == 302
    assert dict(profile.weights.values_list("criterion__name", "weight")) == {"A": 3, "B": 2, "C": 1}


def test_a_row_that_somebody_else_added_is_reported_at_the_form_and_stays(anna, bob, profile) -> None:
    address, data = opened(bob, profile)
    criterion = make_criterion(name="D")
    ProfileWeight.objects.create(profile=profile, criterion=criterion, weight=3)
    row = {"weights-TOTAL_FORMS": 4, "weights-3-criterion": criterion.pk, "weights-3-weight": 2}
    response = bob.post(address, data | row)
    assert "The profile weighs this criterion already." in response.content.decode()
    assert weight(profile, "D").weight == 3


def test_a_form_opened_before_a_restore_overwrites_nothing_unseen(bob) -> None:
    framework = make_framework("Alpha")
    change(framework, tagline="Undone")
    address, data = opened(bob, framework)
    framework.history.latest("history_id").delete()  # as if a backup from before the change had been put back
    Framework.objects.update(tagline="As in the backup")
    refused = bob.post(address, data | {"licence": "MIT"})
    html = unescape(refused.content.decode())
    assert (UNDONE in squeezed(html), "left alone now shows" in html) == (True, False)
    assert Framework.objects.get().tagline == "As in the backup"
    assert bob.post(address, shown(refused)).status_code == 302
    assert Framework.objects.get().tagline == "Undone"


def test_rows_below_a_form_opened_before_a_restore_overwrite_nothing_unseen(bob, profile) -> None:
    address, data = opened(bob, profile)
    row = weight(profile, "A")
    data |= {"weights-0-weight": "3", "weights-0-version": str(current_version(row) + 1000)}
    assert UNDONE in squeezed(unescape(bob.post(address, data).content.decode()))
    assert weight(profile, "A").weight == 1


def test_a_row_of_another_form_is_refused(bob, profile) -> None:
    other = Profile.objects.create(slug="q", name="Q", description="d")
    foreign = ProfileWeight.objects.create(profile=other, criterion=make_criterion(), weight=1)
    address, data = opened(bob, profile)
    assert bob.post(address, data | {"weights-0-id": foreign.pk, "weights-0-weight": 3}).status_code == 200
    foreign.refresh_from_db()
    assert foreign.weight == 1


@pytest.mark.parametrize("version", ["", "x", "-1", "99999999999999999999"])
def test_a_forged_version_of_a_row_breaks_nothing(bob, profile, version: str) -> None:
    address, data = opened(bob, profile)
    assert bob.post(address, data | {"weights-0-version": version, "weights-0-weight": 3}).status_code in (200, 302)


def test_marks_below_a_framework_are_kept_like_weights(anna, bob) -> None:
    framework = make_framework()
    marks = [
        NotApplicable.objects.create(framework=framework, criterion=make_criterion(), reason="Old") for _ in range(2)
    ]
    address, data = opened(bob, framework)
    change(marks[0], anna, reason="By Anna")
    assert bob.post(address, data | {"not_applicable-1-reason": "By Bob"}).status_code == 302
    assert set(NotApplicable.objects.values_list("reason", flat=True)) == {"By Anna", "By Bob"}


def publish(claim: Claim, actor: User) -> str:
    claim.transition(ClaimState.PUBLISHED, actor)
    return "State: was “submitted”, is now “published” (anna"


def reject(claim: Claim, actor: User) -> str:
    claim.transition(ClaimState.REJECTED, actor, "Not there.")
    return "State reason: was “”, is now “Not there.” (anna"


def retract(claim: Claim, actor: User) -> str:
    publish(claim, actor)
    claim.transition(ClaimState.RETRACTED, actor, "Wrong.")
    return "State: was “published”, is now “retracted” (anna"


def merge(claim: Claim, actor: User) -> str:
    keep = make_claim(framework=claim.framework, criterion=claim.criterion)
    merge_claims(keep, claim, actor)
    return f"Merged into: was “None”, is now “{keep}” (anna"


def check(claim: Claim, actor: User) -> str:
    check = Check(claim=claim, finding="false", note="Seen otherwise.")
    sign(check, actor, "added")
    check.save()
    return "Check: false, “Seen otherwise.” (anna"


def remove_a_check(claim: Claim, actor: User) -> str:
    delete(claim.checks.get(), actor)
    return "Check (removed): outdated, “Seen otherwise.” (anna"


@pytest.mark.parametrize("act", [publish, reject, retract, merge, check, remove_a_check])
def test_an_editor_is_told_what_happened_to_the_claim_meanwhile(anna, bob, act: Callable[[Claim, User], str]) -> None:
    claim = make_claim(ClaimState.SUBMITTED)
    make_check(claim, "outdated")
    address, data = opened(bob, claim)
    words = act(claim, anna)
    response = bob.post(address, data | {"statement": "By Bob"})
    assert words in response.content.decode()
    claim.refresh_from_db()
    assert claim.statement != "By Bob"
    assert bob.post(address, shown(response)).status_code == 302
    claim.refresh_from_db()
    assert claim.statement == "By Bob"


def test_a_draft_that_its_author_may_no_longer_change_keeps_what_was_typed() -> None:
    author = make_user("Contributor")
    claim, client = make_claim(ClaimState.DRAFT, created_by=author), as_user(author)
    address, data = opened(client, claim)
    claim.transition(ClaimState.SUBMITTED, author)
    claim.transition(ClaimState.PUBLISHED, make_user("Reviewer", username="rita"))
    response = client.post(address, data | {"statement": "Better words"})
    html = response.content.decode()
    assert response.status_code == 403
    assert "You may not change this any more. State: was “draft”, is now “submitted”" in html
    assert "is now “published” (rita" in html
    assert "Better words" in html


def test_what_was_typed_for_a_row_that_is_gone_is_kept(anna, bob) -> None:
    framework = make_framework("Alpha")
    address, data = opened(bob, framework)
    delete(framework, anna)
    response = bob.post(address, data | {"tagline": "A line worth keeping"})
    assert response.status_code == 404
    assert "“Alpha” was deleted (anna" in response.content.decode()
    assert "A line worth keeping" in response.content.decode()


def test_a_claim_on_a_merged_criterion_is_told_where_it_went(anna, bob) -> None:
    keep, gone = make_criterion(name="Learning curve"), make_criterion(name="Ease")
    address = url("claim", "add")
    values = {"framework": make_framework().pk, "criterion": gone.pk, "source": make_source().pk, "level": 1}
    data = form_data(bob, address, statement="Easy", **values)
    merge_criteria(keep, gone, anna)
    response = bob.post(address, data)
    assert response.status_code == 200
    assert "“Ease” was merged into “Learning curve” (anna" in response.content.decode()
    assert bob.post(address, data | {"criterion": keep.pk}).status_code == 302


@pytest.mark.parametrize(("name", "make"), [("source", make_source), ("framework", make_framework)])
def test_a_claim_on_something_deleted_is_told_who_did_it(anna, bob, name: str, make: Callable[[str], Any]) -> None:
    row, address = make("Gone thing"), url("claim", "add")
    values = {"framework": make_framework().pk, "criterion": make_criterion().pk, "source": make_source().pk}
    data = form_data(bob, address, statement="Easy", level=1, **values | {name: row.pk})
    delete(row, anna)
    assert "“Gone thing” was deleted (anna" in bob.post(address, data).content.decode()


def test_a_criterion_in_a_deleted_category_is_told_who_did_it(anna, bob) -> None:
    category, criterion = make_category("Gone group"), make_criterion(category=make_category())
    address, data = opened(bob, criterion)
    data["category"] = category.pk
    delete(category, anna)
    response = bob.post(address, data)
    assert "“Gone group” was deleted (anna" in response.content.decode()


def test_the_reading_room_says_where_a_criterion_and_a_framework_went(anna, bob) -> None:
    keep, gone, framework = make_criterion(name="Keep"), make_criterion(name="Ease"), make_framework("Lost")
    source, start = source_with(OLD), OLD.index(PASSAGE)
    data = {"start": start, "end": start + len(PASSAGE), "criterion": gone.pk, "frameworks": [framework.pk]}
    merge_criteria(keep, gone, anna)
    delete(framework, anna)
    html = bob.post(url("source", "read_save", source.pk), data | {"level": 1, "statement": "Easy"}).content.decode()
    assert "“Ease” was merged into “Keep” (anna" in html
    assert "“Lost” was deleted (anna" in html
    assert "Easy" in html


def test_a_passage_of_a_text_that_was_replaced_is_shown_before_it_is_stored(anna, bob) -> None:
    source, start = source_with(OLD), OLD.index(PASSAGE)
    address = url("source", "read", source.pk)
    version = bob.get(address).context["room"].text_version
    attach(source, MOVED, changed=True, actor=anna)
    data = {"start": start, "end": start + len(PASSAGE), "criterion": make_criterion().pk, "level": 1}
    data |= {"frameworks": [make_framework().pk], "statement": "Easy", "text_version": version}
    response = bob.post(url("source", "read_save", source.pk), data)
    assert "text was replaced while you read it (anna" in response.content.decode()
    assert "Easy" in response.content.decode()
    assert not Claim.objects.exists()
    bob.post(url("source", "read_save", source.pk), data | {"text_version": response.context["room"].text_version})
    assert Claim.objects.get().statement == "Easy"
    warned = bob.post(url("source", "read_silent", source.pk), {"line": 1, "text_version": version}, follow=True)
    assert "Choose the line again." in warned.content.decode()
    source.refresh_from_db()
    assert source.silent == []


def test_a_merge_of_claims_is_shown_again_if_one_of_them_changed(anna, bob) -> None:
    keep = make_claim()
    gone = make_claim(framework=keep.framework, criterion=keep.criterion)
    address, choice = url("claim", "merge"), {"keep": keep.pk, "merge": gone.pk}
    seen = bob.get(address, choice).context["seen"]
    gone.statement = "Something new"
    gone.revise(anna)
    response = bob.post(address, choice | {"seen": seen})
    assert "Somebody changed one of them since you looked." in response.content.decode()
    assert "Something new" in response.content.decode()
    assert bob.post(address, choice | {"seen": response.context["seen"]}).status_code == 302


def test_a_merge_of_criteria_is_shown_again_if_something_else_would_move(anna, bob, profile) -> None:
    keep, gone = weight(profile, "A").criterion, weight(profile, "B").criterion
    address = url("criterion", "merge", gone.pk)
    seen = bob.get(address, {"into": keep.pk}).context["plan"].fingerprint
    change(weight(profile, "B"), anna, weight=3)
    response = bob.post(address, {"into": keep.pk, "seen": seen})
    assert "Somebody changed what moves since you looked." in response.content.decode()
    assert bob.post(address, {"into": keep.pk, "seen": response.context["plan"].fingerprint}).status_code == 302
    assert bob.post(address, {"into": keep.pk}).status_code == 404


def test_a_row_that_changed_is_not_deleted_before_it_is_shown(anna, bob) -> None:
    framework = make_framework("Alpha", tagline="Old")
    address = url("framework", "delete", framework.pk)
    html = bob.get(address).content.decode()
    version = re.findall('name="version" value="([0-9]+)"', html)
    change(framework, anna, tagline="New")
    again = bob.post(address, {"post": "yes", "version": version}, follow=True).content.decode()
    assert "This was changed since you looked. Tagline: was “Old”, is now “New” (anna" in again
    version = re.findall('name="version" value="([0-9]+)"', again)
    assert Framework.objects.exists()
    bob.post(address, {"post": "yes", "version": version})
    assert not Framework.objects.exists()


def test_a_check_is_not_recorded_on_a_claim_that_was_merged_unseen(anna, bob) -> None:
    claim = make_claim()
    data = {"finding": "false", "note": "Not so", "evidence": "https://example.org/", "version": current_version(claim)}
    merge(claim, anna)
    response = bob.post(url("claim", "check", claim.pk), data | {"on": timezone.localdate().isoformat()})
    assert "Merged into: was" in response.content.decode()
    assert not claim.checks.exists()

"""What each role may do in the admin: every address in its URL patterns, every action, and whose claims."""

import re

import pytest
from django.contrib.auth.models import Permission, User
from django.contrib.contenttypes.models import ContentType
from django.test import Client
from django.urls import reverse

from comparison.models import Check, Claim, ClaimState
from tests.admin_rights import ACTIONS, NAMES, PAGES, RIGHTS, START_STATES, address_of, offered_actions, rights_for
from tests.admin_site import as_user, form_data, one_of_each, url
from tests.make import make_claim, make_user
from tests.reading import edition_number

pytestmark = pytest.mark.django_db
DJANGOS_OWN = ("_changelist", "_add", "_change", "_delete", "_history")  # pages, which lead nowhere else


def test_the_table_names_only_existing_addresses() -> None:
    assert set(PAGES) <= set(NAMES)
    assert len(NAMES) > 60


@pytest.mark.parametrize("name", NAMES)
def test_anonymous_users_and_staff_without_a_role_can_open_nothing(name) -> None:
    rows = one_of_each()
    address, number = address_of(name, rows), edition_number()
    response = Client().get(address)
    assert (response.status_code, response.headers["Location"][:13]) == (302, "/admin/login/")
    assert Client().post(address, {"statement": "x"}).status_code == 403
    client = as_user(make_user(""))
    for response in (client.get(address), client.post(address, {"statement": "x"})):
        assert response.status_code in (403, 405), response.status_code
    assert edition_number() == number


@pytest.mark.parametrize("role", ["Contributor", "Reviewer", "Editor"])
def test_each_role_can_open_the_pages_in_the_table(role) -> None:
    rows, number = one_of_each(), edition_number()
    client = as_user(make_user(role))
    for name in NAMES:
        address = address_of(name, rows)
        for response, rights in (
            (client.get(address), rights_for(name)),
            (client.post(address, {}), rights_for(name, post=True)),
        ):
            status = response.status_code
            assert status < 500, name
            if status == 405:
                continue
            method = response.request["REQUEST_METHOD"]
            assert (status == 403) == (not rights <= RIGHTS[role]), (name, status, method)
            if method == "GET" and name.endswith(DJANGOS_OWN):
                assert status in (200, 403), (name, status)
    assert edition_number() == number


@pytest.mark.parametrize("role", ["", "Contributor", "Editor"])
def test_only_administrators_manage_users_and_groups(role) -> None:
    user = make_user(role)
    client = as_user(user)
    for name in ("auth_user_changelist", "auth_user_add", "auth_group_changelist", "auth_group_add"):
        assert client.get(reverse(f"admin:{name}")).status_code == 403
    assert client.post(reverse("admin:auth_user_change", args=[user.pk]), {"is_superuser": "on"}).status_code == 403


def test_pages_without_a_model_show_nothing_to_users_without_a_role() -> None:
    claim, client = make_claim(statement="Not for everybody"), as_user(make_user(""))
    address = "/admin/autocomplete/?app_label=comparison&model_name=claim&field_name=source&term="
    assert client.get(address).status_code == 403
    assert as_user(make_user("Contributor")).get(address).status_code == 200
    assert client.get(reverse("admin:app_list", args=["comparison"])).status_code == 404
    assert claim.statement not in client.get(reverse("admin:index")).content.decode()
    content_type = ContentType.objects.get_for_model(Claim).pk
    assert Client().get(reverse("admin:view_on_site", args=[content_type, claim.pk])).status_code == 302


@pytest.mark.parametrize("role", ["Contributor", "Reviewer", "Editor"])
def test_actions_are_offered_only_with_their_right(role) -> None:
    offered = offered_actions(as_user(make_user(role)))
    assert offered & set(ACTIONS) == {name for name, right in ACTIONS.items() if right in RIGHTS[role]}


@pytest.mark.parametrize("action", ACTIONS)
@pytest.mark.parametrize("role", ["Contributor", "Reviewer", "Editor"])
def test_an_action_does_nothing_without_its_right(role, action) -> None:
    claim = make_claim(START_STATES[action], created_by=make_user("Contributor"))
    user = make_user(role)
    data = {"action": action, "_selected_action": [claim.pk], "reason": "because", "confirmed": "1", "post": "yes"}
    as_user(user).post(url("claim", "changelist"), data)
    state = Claim.objects.filter(pk=claim.pk).values_list("state", flat=True).first()
    may_act = ACTIONS[action] in RIGHTS[role] and role != "Contributor"  # contributors: only on their own claims
    assert (state != START_STATES[action].value) == may_act


@pytest.mark.parametrize("state", list(ClaimState))
def test_contributors_may_read_all_claims_and_change_their_own_until_they_are_decided(state) -> None:
    author = make_user("Contributor")
    client = as_user(author)
    own, other = make_claim(state, created_by=author), make_claim(state, created_by=make_user("Contributor"))
    for claim, may_change in ((own, state in (ClaimState.DRAFT, ClaimState.SUBMITTED)), (other, False)):
        address = url("claim", "change", claim.pk)
        page = client.get(address)
        assert page.status_code == 200
        assert claim.statement in page.content.decode()
        assert ('name="statement"' in page.content.decode()) == may_change
        changed = form_data(client, address, statement="Changed") if may_change else {"statement": "Changed"}
        assert client.post(address, changed).status_code == (302 if may_change else 403)
        assert (Claim.objects.get(pk=claim.pk).statement == "Changed") == may_change


@pytest.mark.parametrize("state", list(ClaimState))
@pytest.mark.parametrize("role", ["Contributor", "Reviewer"])
def test_without_the_right_to_delete_only_own_drafts_can_be_deleted(role, state) -> None:
    author = make_user(role)
    own, other = make_claim(state, created_by=author), make_claim(state, created_by=make_user(role))
    assert may_delete(author, own) == (state is ClaimState.DRAFT)
    assert not may_delete(author, other)


def test_an_author_who_may_no_longer_change_claims_cannot_delete_drafts() -> None:
    author = make_user("Contributor")
    draft = make_claim(ClaimState.DRAFT, created_by=author)
    author.groups.clear()
    author.user_permissions.set(Permission.objects.filter(codename="view_claim"))
    assert not may_delete(author, draft)


def test_a_published_claim_cannot_be_deleted_even_if_nobody_knows_since_when() -> None:
    claim = make_claim()
    Claim.objects.update(published_at=None)
    as_user(make_user("Editor")).post(url("claim", "delete", claim.pk), {"post": "yes"})
    assert Claim.objects.filter(pk=claim.pk).exists()


def test_a_claim_that_absorbed_another_cannot_be_deleted() -> None:
    kept = make_claim(ClaimState.DRAFT)
    merged = make_claim(ClaimState.REJECTED, merged_into=kept)
    page = as_user(make_user("Editor")).post(url("claim", "delete", kept.pk), {"post": "yes"}).content.decode()
    assert merged.statement in page
    assert Claim.objects.filter(pk=kept.pk).exists()


@pytest.mark.parametrize("state", list(ClaimState))
def test_the_reading_room_takes_back_no_claim_that_a_reviewer_decided_on(state) -> None:
    author = make_user("Contributor")
    claim = make_claim(state, created_by=author)
    address = reverse("admin:comparison_source_read_undo", args=[claim.source_id])
    as_user(author).post(address, {"claim": claim.pk})
    stays = state not in (ClaimState.DRAFT, ClaimState.SUBMITTED)
    assert list(Claim.objects.values_list("state", flat=True)) == ([state.value] if stays else [])


@pytest.mark.parametrize(
    ("role", "second_reviewer", "offered"),
    [("Contributor", False, False), ("Reviewer", False, True), ("Reviewer", True, False)],
)
def test_the_reading_room_offers_to_publish_to_those_who_may(settings, role, second_reviewer, offered) -> None:
    settings.REQUIRE_SECOND_REVIEWER = second_reviewer
    claim = make_claim()
    claim.source.set_text("Words to read. ")
    claim.source.save()
    address = reverse("admin:comparison_source_read", args=[claim.source_id])
    page = as_user(make_user(role)).get(address, {"start": 0, "end": 5}).content.decode()
    assert 'name="_draft"' in page
    assert ('name="_publish"' in page) == offered


def may_delete(user: User, claim: Claim) -> bool:
    return as_user(user).post(url("claim", "delete", claim.pk), {"post": "yes"}).status_code != 403


def test_a_contributor_cannot_publish_or_check_with_the_change_form() -> None:
    author = make_user("Contributor")
    client, claim = as_user(author), make_claim(ClaimState.DRAFT, created_by=author)
    address = url("claim", "change", claim.pk)
    assert 'name="_publish"' not in client.get(address).content.decode()
    assert client.post(address, form_data(client, address, _publish="1")).status_code == 403
    check = {"checks-TOTAL_FORMS": 1, "checks-INITIAL_FORMS": 0, "checks-0-finding": "confirmed", "checks-0-note": "x"}
    client.post(address, form_data(client, address) | check | {"checks-0-on": "2026-11-20"})
    assert Claim.objects.get().state == "draft"
    assert not Check.objects.exists()


@pytest.mark.parametrize(
    ("state", "role", "is_own", "buttons", "buttons_if_second_reviewer"),
    [
        (ClaimState.DRAFT, "Contributor", True, {"_submit"}, {"_submit"}),
        (ClaimState.DRAFT, "Reviewer", True, {"_submit", "_publish"}, {"_submit"}),
        (ClaimState.DRAFT, "Reviewer", False, {"_submit", "_publish"}, {"_submit"}),
        (ClaimState.SUBMITTED, "Reviewer", True, {"_publish"}, set()),
        (ClaimState.SUBMITTED, "Reviewer", False, {"_publish"}, set()),
        (ClaimState.REJECTED, "Reviewer", False, set(), set()),
    ],
)
def test_a_claim_offers_the_steps_its_user_may_take(
    settings, state, role, is_own, buttons, buttons_if_second_reviewer
) -> None:
    user = make_user(role)
    claim = make_claim(state, created_by=user if is_own else make_user("Contributor"))
    for settings.REQUIRE_SECOND_REVIEWER, offered in ((False, buttons), (True, buttons_if_second_reviewer)):
        page = as_user(user).get(url("claim", "change", claim.pk)).content.decode()
        assert set(re.findall('name="(_submit|_publish)"', page)) == offered


def test_nobody_can_take_back_the_decision_of_somebody_else() -> None:
    claim = make_claim(ClaimState.SUBMITTED)
    reviewer, other = as_user(make_user("Reviewer")), as_user(make_user("Reviewer"))
    address = reverse("admin:comparison_claim_decide")
    page = reviewer.post(address, {"claim": claim.pk, "action": "publish"}, follow=True).content.decode()
    assert 'value="undo"' in page
    last = f"{reverse('admin:comparison_claim_queue')}?last={claim.pk}"
    assert 'value="undo"' not in other.get(last).content.decode()
    html = other.post(address, {"claim": claim.pk, "action": "undo"}, follow=True).content.decode()
    assert "Somebody else has changed it since" in html
    assert Claim.objects.get().state == "published"


def test_the_queue_offers_to_take_back_decisions_only() -> None:
    reviewer = make_user("Reviewer")
    claim = make_claim(ClaimState.DRAFT, created_by=reviewer)
    claim.transition(ClaimState.SUBMITTED, reviewer)
    queue = reverse("admin:comparison_claim_queue")
    assert 'value="undo"' not in as_user(reviewer).get(queue, {"last": claim.pk}).content.decode()
    claim.transition(ClaimState.PUBLISHED, reviewer)
    assert 'value="undo"' in as_user(reviewer).get(queue, {"last": claim.pk}).content.decode()

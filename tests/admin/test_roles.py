"""Who may what in the admin: every address its URL patterns know, every action, and whose claims."""

import pytest
from django.contrib.contenttypes.models import ContentType
from django.test import Client
from django.urls import reverse

from comparison.models import Check, Claim, ClaimState
from tests.admin_rights import ACTIONS, NAMES, PAGES, RIGHTS, START_STATES, address_of, offered_actions, rights_for
from tests.admin_site import as_user, form_data, one_of_each, url
from tests.make import make_claim, make_user
from tests.reading import edition_number

pytestmark = pytest.mark.django_db


def test_the_table_names_addresses_that_exist() -> None:
    assert set(PAGES) <= set(NAMES)
    assert len(NAMES) > 60


@pytest.mark.parametrize("name", NAMES)
def test_strangers_and_staff_without_a_role_open_nothing(name) -> None:
    rows = one_of_each()
    place, number = address_of(name, rows), edition_number()
    response = Client().get(place)
    assert (response.status_code, response.headers["Location"][:13]) == (302, "/admin/login/")
    assert Client().post(place, {"statement": "x"}).status_code == 403
    plain = as_user(make_user(""))
    for response in (plain.get(place), plain.post(place, {"statement": "x"})):
        assert response.status_code in (403, 405), response.status_code
    assert edition_number() == number


@pytest.mark.parametrize("role", ["Contributor", "Reviewer", "Editor"])
def test_each_role_opens_what_the_table_says(role) -> None:
    rows, number = one_of_each(), edition_number()
    client = as_user(make_user(role))
    for name in NAMES:
        place = address_of(name, rows)
        for response, rights in (
            (client.get(place), rights_for(name)),
            (client.post(place, {}), rights_for(name, post=True)),
        ):
            code = response.status_code
            assert code < 500, name
            if code == 405:
                continue
            assert (code == 403) == (not rights <= RIGHTS[role]), (name, code, response.request["REQUEST_METHOD"])
    assert edition_number() == number


@pytest.mark.parametrize("role", ["", "Contributor", "Editor"])
def test_users_and_groups_are_for_administrators_alone(role) -> None:
    user = make_user(role)
    client = as_user(user)
    for name in ("auth_user_changelist", "auth_user_add", "auth_group_changelist", "auth_group_add"):
        assert client.get(reverse(f"admin:{name}")).status_code == 403
    assert client.post(reverse("admin:auth_user_change", args=[user.pk]), {"is_superuser": "on"}).status_code == 403


def test_what_has_no_model_tells_nothing_to_who_has_no_role() -> None:
    claim, plain = make_claim(statement="Not for everybody"), as_user(make_user(""))
    place = "/admin/autocomplete/?app_label=comparison&model_name=claim&field_name=source&term="
    assert plain.get(place).status_code == 403
    assert as_user(make_user("Contributor")).get(place).status_code == 200
    assert plain.get(reverse("admin:app_list", args=["comparison"])).status_code == 404
    assert claim.statement not in plain.get(reverse("admin:index")).content.decode()
    kind = ContentType.objects.get_for_model(Claim).pk
    assert Client().get(reverse("admin:view_on_site", args=[kind, claim.pk])).status_code == 302


@pytest.mark.parametrize("role", ["Contributor", "Reviewer", "Editor"])
def test_actions_are_offered_to_those_who_may(role) -> None:
    found = offered_actions(as_user(make_user(role)))
    assert found & set(ACTIONS) == {name for name, right in ACTIONS.items() if right in RIGHTS[role]}


@pytest.mark.parametrize("action", ACTIONS)
@pytest.mark.parametrize("role", ["Contributor", "Reviewer", "Editor"])
def test_an_action_does_nothing_for_those_who_may_not(role, action) -> None:
    claim = make_claim(START_STATES[action], created_by=make_user("Contributor"))
    user = make_user(role)
    data = {"action": action, "_selected_action": [claim.pk], "reason": "because", "confirmed": "1", "post": "yes"}
    as_user(user).post(url("claim", "changelist"), data)
    now = Claim.objects.filter(pk=claim.pk).values_list("state", flat=True).first()
    may = ACTIONS[action] in RIGHTS[role] and (role != "Contributor")  # contributors: their own alone
    assert (now != START_STATES[action].value) == may


@pytest.mark.parametrize("state", list(ClaimState))
def test_contributors_read_all_claims_and_change_their_own_drafts(state) -> None:
    author = make_user("Contributor")
    client = as_user(author)
    own, other = make_claim(state, created_by=author), make_claim(state, created_by=make_user("Contributor"))
    for claim, may in ((own, state is ClaimState.DRAFT), (other, False)):
        place = url("claim", "change", claim.pk)
        page = client.get(place)
        assert page.status_code == 200
        assert claim.statement in page.content.decode()
        assert ('name="statement"' in page.content.decode()) == may
        changed = form_data(client, place, statement="Changed") if may else {"statement": "Changed"}
        assert client.post(place, changed).status_code == (302 if may else 403)
        assert (Claim.objects.get(pk=claim.pk).statement == "Changed") == may


def test_a_contributor_cannot_publish_or_check_in_passing() -> None:
    author = make_user("Contributor")
    client, claim = as_user(author), make_claim(ClaimState.DRAFT, created_by=author)
    place = url("claim", "change", claim.pk)
    assert 'name="_publish"' not in client.get(place).content.decode()
    assert client.post(place, form_data(client, place, _publish="1")).status_code == 403
    check = {"checks-TOTAL_FORMS": 1, "checks-INITIAL_FORMS": 0, "checks-0-finding": "confirmed", "checks-0-note": "x"}
    client.post(place, form_data(client, place) | check | {"checks-0-on": "2026-11-20"})
    assert Claim.objects.get().state == "draft"
    assert not Check.objects.exists()


def test_nobody_takes_back_what_somebody_else_decided() -> None:
    claim = make_claim(ClaimState.SUBMITTED)
    decided, other = as_user(make_user("Reviewer")), as_user(make_user("Reviewer"))
    place = reverse("admin:comparison_claim_decide")
    page = decided.post(place, {"claim": claim.pk, "action": "publish"}, follow=True).content.decode()
    assert 'value="undo"' in page
    last = f"{reverse('admin:comparison_claim_queue')}?last={claim.pk}"
    assert 'value="undo"' not in other.get(last).content.decode()
    html = other.post(place, {"claim": claim.pk, "action": "undo"}, follow=True).content.decode()
    assert "Somebody else has changed it since" in html
    assert Claim.objects.get().state == "published"

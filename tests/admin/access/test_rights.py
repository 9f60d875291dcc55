"""Each right by itself: an address or action requires all the rights in the table, and no others."""

import pytest
from django.contrib.auth.models import Permission, User

from comparison.models import Claim, ClaimState
from tests.admin_rights import ACTIONS, NAMES, START_STATES, address_of, offered_actions, rights_for
from tests.admin_site import as_user, one_of_each, url
from tests.make import make_claim, make_user
from tests.reading import edition_number

pytestmark = pytest.mark.django_db

OUR_PERMISSIONS = Permission.objects.filter(content_type__app_label="comparison")


def all_rights() -> set[str]:
    return {permission.codename for permission in OUR_PERMISSIONS.all()}


def user_with(rights: set[str]) -> User:
    """A member of staff with only these rights."""
    user, granted = make_user(), OUR_PERMISSIONS.filter(codename__in=rights)
    assert {permission.codename for permission in granted} == rights
    user.user_permissions.set(granted)
    return user


def status_code(rights: set[str], address: str, post: bool) -> int:
    client = as_user(user_with(rights))
    return (client.post(address, {}) if post else client.get(address)).status_code


@pytest.mark.parametrize("post", [False, True], ids=["get", "post"])
@pytest.mark.parametrize("name", NAMES)
def test_an_address_requires_each_of_its_rights_and_no_others(name, post) -> None:
    address, rights, number = address_of(name, one_of_each()), rights_for(name, post), edition_number()
    if "nobody" in rights:
        assert status_code(all_rights(), address, post) in (403, 405)
    elif (status := status_code(rights, address, post)) != 405:
        assert status != 403, f"refused with {rights}"
        for missing in rights:
            assert status_code(rights - {missing}, address, post) == 403, f"let in without {missing}"
    assert edition_number() == number


ACTION_RIGHTS = {action: {right} for action, right in ACTIONS.items()}
ACTION_RIGHTS |= {"export_csv": {"view_claim"}, "export_catalogue": {"view_claim"}}
for action in ACTION_RIGHTS.keys() - {"submit", "redraft"}:  # Django shows the list to users who may change claims
    ACTION_RIGHTS[action] |= {"view_claim"}


def has_effect(user: User, action: str) -> bool:
    """Whether an action does anything: actions of authors to the user's own claim, others to somebody else's claim."""
    author = user if ACTIONS.get(action) == "change_claim" else make_user()
    claim = make_claim(START_STATES.get(action, ClaimState.DRAFT), created_by=author)
    data = {"action": action, "_selected_action": [claim.pk], "reason": "because", "confirmed": "1", "post": "yes"}
    response = as_user(user).post(url("claim", "changelist"), data)
    state = Claim.objects.filter(pk=claim.pk).values_list("state", flat=True).first()
    return state != claim.state or response.has_header("Content-Disposition")


@pytest.mark.parametrize("action", ACTION_RIGHTS)
def test_an_action_requires_each_of_its_rights_and_no_others(action) -> None:
    user, rights = user_with(ACTION_RIGHTS[action]), ACTION_RIGHTS[action]
    assert action in offered_actions(as_user(user))
    assert has_effect(user, action)
    for missing in rights:
        fewer_rights = user_with(rights - {missing})
        assert not has_effect(fewer_rights, action), f"done without {missing}"
        if "view_claim" in rights - {missing}:
            assert action not in offered_actions(as_user(fewer_rights))


def test_who_may_only_view_claims_is_only_offered_to_export_them() -> None:
    assert offered_actions(as_user(user_with({"view_claim"}))) - {""} == {"export_csv", "export_catalogue"}


def test_no_action_is_left_out() -> None:
    assert offered_actions(as_user(user_with(all_rights()))) - {""} == set(ACTION_RIGHTS)


@pytest.mark.parametrize("right", ["view_check", "change_check", "add_check", "delete_check"])
def test_a_claim_shows_its_checks_only_to_those_who_may_view_them(right) -> None:
    claim = one_of_each()["claim"]
    page = as_user(user_with({"view_claim", right})).get(url("claim", "change", claim.pk)).content.decode()
    assert claim.statement in page
    assert ("Seen otherwise." in page) == (right in ("view_check", "change_check"))  # who may change may view


def test_nobody_changes_checks_below_a_claim() -> None:
    """They have pages of their own, which show the effect on the verdict."""
    claim = one_of_each()["claim"]
    context = as_user(user_with(all_rights())).get(url("claim", "change", claim.pk)).context
    (inline,) = context["inline_admin_formsets"]
    offered = (inline.has_add_permission, inline.has_change_permission, inline.formset.can_delete)
    assert offered == (False, False, False)

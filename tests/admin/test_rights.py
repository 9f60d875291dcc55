"""Each right by itself: whoever lacks one of those an address or action takes is refused, and just those suffice."""

import pytest
from django.contrib.auth.models import Permission, User

from comparison.models import Claim, ClaimState
from tests.admin_rights import ACTIONS, NAMES, START_STATES, address_of, offered_actions, rights_for
from tests.admin_site import as_user, one_of_each, url
from tests.make import make_claim, make_user
from tests.reading import edition_number

pytestmark = pytest.mark.django_db

OURS = Permission.objects.filter(content_type__app_label="comparison")


def holder(rights: set[str]) -> User:
    """A member of staff with just these rights."""
    user, granted = make_user(), OURS.filter(codename__in=rights)
    assert {one.codename for one in granted} == rights
    user.user_permissions.set(granted)
    return user


def code(rights: set[str], place: str, post: bool) -> int:
    client = as_user(holder(rights))
    return (client.post(place, {}) if post else client.get(place)).status_code


@pytest.mark.parametrize("post", [False, True], ids=["get", "post"])
@pytest.mark.parametrize("name", NAMES)
def test_an_address_takes_each_of_its_rights_and_no_other(name, post) -> None:
    place, rights, number = address_of(name, one_of_each()), rights_for(name, post), edition_number()
    if "nobody" in rights:
        assert code({one.codename for one in OURS.all()}, place, post) in (403, 405)
    elif (found := code(rights, place, post)) != 405:
        assert found != 403, f"refused with {rights}"
        for missing in rights:
            assert code(rights - {missing}, place, post) == 403, f"let in without {missing}"
    assert edition_number() == number


TAKEN = {action: {right} for action, right in ACTIONS.items()}
TAKEN |= {"export_csv": {"view_claim"}, "export_catalogue": {"view_claim"}}
for action in TAKEN.keys() - {"submit", "redraft"}:  # whoever may change claims sees their list
    TAKEN[action] |= {"view_claim"}


def acts(user: User, action: str) -> bool:
    """Whether the action does something; those of authors to a claim of their own, the others to somebody else's."""
    author = user if ACTIONS.get(action) == "change_claim" else make_user()
    claim = make_claim(START_STATES.get(action, ClaimState.DRAFT), created_by=author)
    data = {"action": action, "_selected_action": [claim.pk], "reason": "because", "confirmed": "1", "post": "yes"}
    answer = as_user(user).post(url("claim", "changelist"), data)
    now = Claim.objects.filter(pk=claim.pk).values_list("state", flat=True).first()
    return now != claim.state or answer.has_header("Content-Disposition")


@pytest.mark.parametrize("action", TAKEN)
def test_an_action_takes_each_of_its_rights_and_no_other(action) -> None:
    user, rights = holder(TAKEN[action]), TAKEN[action]
    assert action in offered_actions(as_user(user))
    assert acts(user, action)
    for missing in rights:
        fewer = holder(rights - {missing})
        assert not acts(fewer, action), f"done without {missing}"
        if "view_claim" in rights - {missing}:
            assert action not in offered_actions(as_user(fewer))


def test_no_action_is_left_out() -> None:
    assert offered_actions(as_user(holder({one.codename for one in OURS.all()}))) - {""} == set(TAKEN)

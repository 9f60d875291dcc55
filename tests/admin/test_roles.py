"""Who may what in the admin: every address its URL patterns know, every action, and whose claims."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.admin import site
from django.contrib.contenttypes.models import ContentType
from django.test import Client
from django.urls import URLPattern, URLResolver, reverse

from comparison.models import Check, Claim, ClaimState
from tests.admin.test_admin import as_user, edition, everything, form_data, url
from tests.make import make_claim, make_user

pytestmark = pytest.mark.django_db

MODELS = [model for model in site._registry if model._meta.app_label == "comparison"]
VIEW = {f"view_{model._meta.model_name}" for model in MODELS}
CONTRIBUTOR = VIEW | {"add_claim", "change_claim"}
REVIEWER = CONTRIBUTOR | {"publish_claim", "add_check", "change_check"}
WRITTEN = {"framework", "category", "criterion", "source", "notapplicable", "claim", "check", "profile"}
EDITOR = REVIEWER | {f"{act}_{name}" for act in ("add", "change", "delete") for name in WRITTEN}
RIGHTS: dict[str, set[str]] = {"": set(), "Contributor": CONTRIBUTOR, "Reviewer": REVIEWER, "Editor": EDITOR}

# What it takes to open a page of our own; Django's own follow from their names.
PAGES: dict[str, set[str]] = {
    "comparison_claim_help": {"view_claim"},
    "comparison_claim_drafts": {"add_claim"},
    "comparison_claim_move_own": {"add_claim"},
    "comparison_claim_queue": {"publish_claim"},
    "comparison_claim_decide": {"publish_claim"},
    "comparison_claim_check": {"view_claim", "add_check"},
    "comparison_check_add": {"nobody"},  # checks are recorded on the page above
    "comparison_claim_import": {"add_claim"},
    "comparison_claim_merge": {"publish_claim"},
    "comparison_criterion_merge": {"change_criterion", "delete_criterion", "publish_claim"},
    "comparison_findings": {"view_claim"},
    "comparison_finding": {"view_claim"},
    "comparison_source_intake": {"add_source"},
    "comparison_source_text": {"change_source"},
    "comparison_source_read": {"view_source", "view_claim"},
    "comparison_source_read_save": {"view_source", "view_claim", "add_claim"},
    "comparison_source_read_silent": {"view_source", "view_claim", "add_claim"},
    "comparison_source_read_undo": {"view_source", "view_claim"},
    "comparison_profile_preview": {"view_profile"},
    "comparison_batch_undo": {"view_batch"},
}
SELF_WRITTEN = {"edition", "batch"}
NO_MODEL = {"index", "login", "logout", "password_change", "password_change_done", "jsi18n", "view_on_site"}
NO_MODEL |= {"autocomplete", "app_list"}  # these two are told apart below


def patterns(found: Any = None, before: str = "") -> Iterator[tuple[str, str, URLPattern]]:
    """Every named address of the admin: its name, the model it lies below, and its pattern."""
    for one in site.urls[0] if found is None else found:
        if isinstance(one, URLResolver):
            yield from patterns(one.url_patterns, before + str(one.pattern))
        elif one.name and not before.startswith("auth/"):
            yield one.name, before.rstrip("/").rpartition("/")[2], one


NAMES = sorted({name for name, _, _ in patterns()} - NO_MODEL)
BELOW = {name: model for name, model, _ in patterns()}
PATTERNS = {name: pattern for name, _, pattern in patterns()}


def address(name: str, rows: dict[str, Any]) -> str:
    row = rows.get(BELOW[name]) or rows["claim"]
    if name.endswith("_simple_history"):
        return reverse(f"admin:{name}", args=[row.pk, row.history.first().pk])
    given = {"pk": row.pk, "object_id": row.pk, "batch": row.pk, "kind": "contradictions"}
    wanted = getattr(PATTERNS[name].pattern, "converters", {})
    return reverse(f"admin:{name}", kwargs={one: given.get(one, 1) for one in wanted})


def asked(name: str, post: bool = False) -> set[str]:
    """The rights an address takes."""
    if name == "comparison_batch_undo" and post:
        return {"view_batch", "publish_claim"}  # the batch is somebody else's
    if name in PAGES:
        return PAGES[name]
    model = BELOW[name]
    act = "change" if name == f"comparison_{model}_simple_history" else name.rpartition("_")[2]
    assert name in (f"comparison_{model}_{act}", f"comparison_{model}_simple_history"), "not in the table above"
    right = act if act in ("add", "delete") or (act == "change" and post) else "view"
    if right != "view" and model in SELF_WRITTEN:
        return {"nobody"}
    if (model, right) == ("claim", "change"):
        return {"change_claim", "publish_claim"}  # the claim is somebody else's
    return {f"{right}_{model}"}


def test_the_table_names_addresses_that_exist() -> None:
    assert set(PAGES) <= set(NAMES)
    assert len(NAMES) > 60


@pytest.mark.parametrize("name", NAMES)
def test_strangers_and_staff_without_a_role_open_nothing(name) -> None:
    rows = everything()
    place, number = address(name, rows), edition()
    response = Client().get(place)
    assert (response.status_code, response.headers["Location"][:13]) == (302, "/admin/login/")
    assert Client().post(place, {"statement": "x"}).status_code == 403
    plain = as_user(make_user(""))
    for response in (plain.get(place), plain.post(place, {"statement": "x"})):
        assert response.status_code in (403, 405), response.status_code
    assert edition() == number


@pytest.mark.parametrize("role", ["Contributor", "Reviewer", "Editor"])
def test_each_role_opens_what_the_table_says(role) -> None:
    rows, number = everything(), edition()
    client = as_user(make_user(role))
    for name in NAMES:
        place = address(name, rows)
        for response, rights in ((client.get(place), asked(name)), (client.post(place, {}), asked(name, post=True))):
            code = response.status_code
            assert code < 500, name
            if code == 405:
                continue
            assert (code == 403) == (not rights <= RIGHTS[role]), (name, code, response.request["REQUEST_METHOD"])
    assert edition() == number


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


ACTIONS = {
    "submit": "change_claim",
    "redraft": "change_claim",
    "publish_claims": "publish_claim",
    "reject": "publish_claim",
    "retract": "publish_claim",
    "delete_selected": "delete_claim",
}
FROM = {  # a state from which the action could go on
    "submit": ClaimState.DRAFT,
    "redraft": ClaimState.SUBMITTED,
    "publish_claims": ClaimState.SUBMITTED,
    "reject": ClaimState.SUBMITTED,
    "retract": ClaimState.PUBLISHED,
    "delete_selected": ClaimState.DRAFT,
}


def offered(client: Client) -> set[str]:
    make_claim()
    return {name for name, _ in client.get(url("claim", "changelist")).context["action_form"].fields["action"].choices}


@pytest.mark.parametrize("role", ["Contributor", "Reviewer", "Editor"])
def test_actions_are_offered_to_those_who_may(role) -> None:
    found = offered(as_user(make_user(role)))
    assert found & set(ACTIONS) == {name for name, right in ACTIONS.items() if right in RIGHTS[role]}


@pytest.mark.parametrize("action", ACTIONS)
@pytest.mark.parametrize("role", ["Contributor", "Reviewer", "Editor"])
def test_an_action_does_nothing_for_those_who_may_not(role, action) -> None:
    claim = make_claim(FROM[action], created_by=make_user("Contributor"))
    user = make_user(role)
    data = {"action": action, "_selected_action": [claim.pk], "reason": "because", "confirmed": "1", "post": "yes"}
    as_user(user).post(url("claim", "changelist"), data)
    now = Claim.objects.filter(pk=claim.pk).values_list("state", flat=True).first()
    may = ACTIONS[action] in RIGHTS[role] and (role != "Contributor")  # contributors: their own alone
    assert (now != FROM[action].value) == may


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

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from comparison.evidence import Finding
from comparison.models import Check, Claim, ClaimState
from tests.admin_site import as_user, form_data, url
from tests.make import make_check, make_claim, make_criterion, make_framework, make_source, make_user
from tests.reading import edition_number

pytestmark = pytest.mark.django_db

GIVEN = {"finding": "false", "note": "It is not so.", "evidence": "https://docs.example/here", "on": "2026-11-20"}


def address(claim: Claim) -> str:
    return reverse("admin:comparison_claim_check", args=[claim.pk])


def reviewer() -> Client:
    return as_user(make_user("Reviewer"))


def day(days: int) -> str:
    return (timezone.localdate() + timedelta(days=days)).isoformat()


def cell() -> dict[str, Any]:
    return {"framework": make_framework("One"), "criterion": make_criterion(name="Speed")}


def test_each_finding_shows_what_it_would_do_before_it_is_recorded() -> None:
    here = cell()
    claim = make_claim(**here, level=2, quote="It flies")
    make_claim(**here, level=-1, statement="It crawls")
    response = reviewer().get(address(claim))
    html = response.content.decode()
    effects = [(effect.changes, effect.told_after) for _, _, effect in response.context["options"]]
    assert effects[0] == (False, "Middling +0.33, disputed")
    assert effects[1] == (True, "Weak −0.50, one source")
    assert effects[2][0] is False
    assert effects[3] == effects[1]
    assert html.count("<b>Weak −0.50, one source</b>") == 2
    assert html.count("The verdict stays.") == 2
    for words in ("One, Speed: +2", claim.statement, "It flies", "It crawls", "Middling +0.33, disputed"):
        assert words in html, words


def test_a_passage_is_taken_from_the_text_where_it_is_held() -> None:
    source = make_source()
    source.keep_text("Before. It flies. After.")
    source.save()
    html = reviewer().get(address(make_claim(source=source, start=8, end=17))).content.decode()
    assert '<span class="m published">It flies.</span>' in html
    assert "No passage is held" in reviewer().get(address(make_claim())).content.decode()


def test_a_check_is_recorded_and_shows_at_once() -> None:
    user, claim = make_user("Reviewer"), make_claim(framework=make_framework("Alpha"))
    number = edition_number()
    response = as_user(user).post(address(claim), GIVEN, follow=True)
    assert "Check recorded: claim" in response.content.decode()
    check = Check.objects.get()
    assert (check.finding, check.by, check.claim, check.on) == ("false", user, claim, date(2026, 11, 20))
    assert check.history.get().history_author == user.get_username()
    assert edition_number() == number + 1
    assert "Set aside" in Client().get("/compare/alpha/").content.decode()


@pytest.mark.parametrize("state", [ClaimState.DRAFT, ClaimState.SUBMITTED])
def test_a_check_of_what_is_not_public_makes_no_edition(state) -> None:
    claim, number, client = make_claim(state), edition_number(), reviewer()
    assert f"The claim is {state}: it has no part in the verdict" in client.get(address(claim)).content.decode()
    assert client.post(address(claim), GIVEN).status_code == 302
    assert edition_number() == number


@pytest.mark.parametrize(
    ("change", "field", "words"),
    [
        ({"finding": ""}, "finding", "Choose what you found"),
        ({"finding": "wrong"}, "finding", "one of the four"),
        ({"note": " "}, "note", "what you found"),
        ({"note": "x" * 501}, "note", "at most 500"),
        ({"note": "a\0b"}, "note", "Null characters"),
        ({"evidence": ""}, "evidence", "say that there is none"),
        ({"evidence": "javascript:alert(1)"}, "evidence", "valid URL"),
        ({"on": day(1)}, "on", "cannot lie in the future"),
        ({"on": "2020-01-31"}, "on", "published on 2020-02-01"),
        ({"on": "yesterday"}, "on", "valid date"),
        ({"on": ""}, "on", "required"),
    ],
)
def test_a_wrong_check_is_told_at_the_field_and_nothing_is_lost(change, field, words) -> None:
    claim = make_claim(source=make_source(published=date(2020, 2, 1)))
    response = reviewer().post(address(claim), GIVEN | {"note": "Kept as typed"} | change)
    assert response.status_code == 200
    assert words in " ".join(response.context["form"].errors[field])
    html = response.content.decode()
    assert words in html
    assert "Nothing was recorded yet" in html
    assert field == "note" or "Kept as typed" in html
    assert not Check.objects.exists()


def test_evidence_without_an_address_has_to_be_said() -> None:
    claim = make_claim()
    response = reviewer().post(address(claim), GIVEN | {"evidence": "", "no_address": "on"})
    assert response.status_code == 302
    assert Check.objects.get().evidence == ""


def test_the_same_check_twice_is_told() -> None:
    client, claim = reviewer(), make_claim()
    client.post(address(claim), GIVEN)
    response = client.post(address(claim), GIVEN)
    assert "was recorded on that day" in response.content.decode()
    assert Check.objects.count() == 1


def test_afterwards_one_is_back_where_one_came_from() -> None:
    client, claim = reviewer(), make_claim()
    queue = f"http://testserver{reverse('admin:comparison_claim_queue')}?claim=7"
    html = client.get(address(claim), headers={"Referer": queue}).content.decode()
    assert f'name="next" value="{queue}"' in html
    assert client.post(address(claim), GIVEN | {"next": queue}).headers["Location"] == queue
    for foreign in ("https://evil.example/", "//evil.example", f"http://testserver{address(claim)}", ""):
        data = GIVEN | {"next": foreign, "note": f"x{foreign}", "evidence": f"https://e.example/{len(foreign)}"}
        assert client.post(address(claim), data).headers["Location"] == url("claim", "change", claim.pk)


@pytest.mark.parametrize(("role", "status"), [("", 403), ("Contributor", 403), ("Reviewer", 200), ("Editor", 200)])
def test_only_those_who_check_see_the_page(role, status) -> None:
    claim, client = make_claim(), as_user(make_user(role))
    assert client.get(address(claim)).status_code == status
    assert client.post(address(claim), {}).status_code == status
    link = address(claim) in client.get(url("claim", "change", claim.pk)).content.decode()
    assert link == (status == 200)
    assert Client().get(address(claim)).status_code == 302
    assert not Check.objects.exists()


def test_a_claim_that_does_not_exist_is_not_found() -> None:
    assert reviewer().get("/admin/comparison/claim/9999/check/").status_code == 404


def test_the_page_costs_the_same_at_any_size() -> None:
    client, here, costs = reviewer(), cell(), []
    claim = make_claim(**here)
    for size in (2, 20):
        for _ in range(size):
            make_check(make_claim(**here), by=make_user())
            make_check(claim, evidence=f"https://e.example/{Check.objects.count()}", by=make_user())
        with CaptureQueriesContext(connection) as found:
            assert client.get(address(claim)).status_code == 200
        assert not any(one["sql"].startswith(("INSERT", "UPDATE", "DELETE")) for one in found.captured_queries)
        costs.append(len(found))
    assert costs[0] == costs[1] <= 32


@pytest.mark.parametrize(("days", "published", "right"), [(0, None, True), (1, None, False), (-3, -2, False)])
def test_the_day_of_a_check_has_bounds_wherever_it_is_written(days, published, right) -> None:
    today = timezone.localdate()
    source = make_source(published=today + timedelta(days=published) if published else None)
    check = Check(claim=make_claim(source=source), finding=Finding.FALSE, note="x", on=today + timedelta(days=days))
    wrong: list[str] = []
    try:
        check.full_clean()
    except ValidationError as error:
        wrong = list(error.message_dict)
    assert wrong == ([] if right else ["on"])


def test_the_plain_form_keeps_the_bounds_too() -> None:
    client, check = reviewer(), make_check(make_claim())
    address = url("check", "change", check.pk)
    response = client.post(address, form_data(client, address, on=day(2)))
    assert "cannot lie in the future" in " ".join(response.context["adminform"].form.errors["on"])
    assert "Check this claim" in response.content.decode()


def test_what_changed_while_somebody_checked_it_is_shown_first() -> None:
    client, claim = reviewer(), make_claim(statement="Quick")
    address = reverse("admin:comparison_claim_check", args=[claim.pk])
    version = client.get(address).context["form"]["version"].value()
    claim.statement = "Slow"
    claim.revise(make_user("Reviewer"))
    given = {"finding": "false", "note": "No.", "no_address": "on", "on": day(0), "version": version}
    response = client.post(address, given)
    html = response.content.decode()
    assert "It was changed since you looked." in html
    assert "was “Quick”, is now “Slow”" in html
    assert not Check.objects.exists()
    again = {**given, "version": response.context["form"]["version"].value()}
    assert client.post(address, again).status_code == 302
    assert Check.objects.get().finding == "false"


def test_checks_are_added_on_the_claims_page_alone() -> None:
    assert reviewer().get(url("check", "add")).status_code == 403

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
from tests.make import make_check, make_claim, make_criterion, make_framework, make_part, make_source, make_user
from tests.reading import edition_number

pytestmark = pytest.mark.django_db

CHECK = {"finding": "false", "note": "It is not so.", "evidence": "https://docs.example/here", "on": "2026-11-20"}


def check_url(claim: Claim) -> str:
    return reverse("admin:comparison_claim_check", args=[claim.pk])


def reviewer() -> Client:
    return as_user(make_user("Reviewer"))


def day_from_today(days: int) -> str:
    return (timezone.localdate() + timedelta(days=days)).isoformat()


def make_cell() -> dict[str, Any]:
    return {"framework": make_framework("One"), "criterion": make_criterion(name="Speed")}


def test_the_page_shows_what_each_finding_would_do() -> None:
    cell = make_cell()
    claim = make_claim(**cell, level=2, quote="It flies")
    make_claim(**cell, level=-1, statement="It crawls")
    response = reviewer().get(check_url(claim))
    html = response.content.decode()
    effects = [(effect.changes_verdict, effect.summary_after) for _, _, effect in response.context["options"]]
    assert effects[0] == (False, "Good +0.25, strength 0.67, disputed")
    assert effects[1] == (True, "Weak −0.50, strength 0.50, one source")
    assert effects[1] == effects[2] == effects[3]
    assert html.count("<b>Weak −0.50, strength 0.50, one source</b>") == 3
    assert html.count("The verdict stays.") == 1
    for words in ("One, Speed: +2", claim.statement, "It flies", "It crawls", effects[0][1]):
        assert words in html, words


def test_a_passage_is_taken_from_the_text_if_it_is_held() -> None:
    source = make_source()
    source.set_text("Before. It flies. After.")
    source.save()
    html = reviewer().get(check_url(make_claim(source=source, start=8, end=17))).content.decode()
    assert '<span class="m published">It flies.</span>' in html
    assert "No passage is held" in reviewer().get(check_url(make_claim())).content.decode()


def test_a_check_is_recorded_and_public_at_once() -> None:
    user, claim = make_user("Reviewer"), make_claim(framework=make_framework("Alpha"))
    number = edition_number()
    response = as_user(user).post(check_url(claim), CHECK, follow=True)
    assert "Check recorded: claim" in response.content.decode()
    check = Check.objects.get()
    assert (check.finding, check.by, check.claim, check.on) == ("false", user, claim, date(2026, 11, 20))
    assert check.history.get().history_author == user.get_username()
    assert edition_number() == number + 1
    assert "Set aside" in Client().get("/compare/alpha/").content.decode()


@pytest.mark.parametrize("state", [ClaimState.DRAFT, ClaimState.SUBMITTED])
def test_a_check_of_a_claim_that_is_not_public_makes_no_edition(state) -> None:
    claim, number, client = make_claim(state), edition_number(), reviewer()
    assert f"The claim is {state}: it has no part in the verdict" in client.get(check_url(claim)).content.decode()
    assert client.post(check_url(claim), CHECK).status_code == 302
    assert edition_number() == number


@pytest.mark.parametrize(
    ("change", "field", "message"),
    [
        ({"finding": ""}, "finding", "Choose what you found"),
        ({"finding": "wrong"}, "finding", "one of the four"),
        ({"note": " "}, "note", "what you found"),
        ({"note": "x" * 501}, "note", "at most 500"),
        ({"note": "a\0b"}, "note", "Null characters"),
        ({"evidence": ""}, "evidence", "say there is none"),
        ({"evidence": "javascript:alert(1)"}, "evidence", "valid URL"),
        ({"on": day_from_today(1)}, "on", "cannot lie in the future"),
        ({"on": "2020-01-31"}, "on", "published on 2020-02-01"),
        ({"on": "yesterday"}, "on", "valid date"),
        ({"on": ""}, "on", "required"),
    ],
)
def test_an_invalid_check_is_reported_at_the_field_and_nothing_is_lost(change, field, message) -> None:
    claim = make_claim(source=make_source(published=date(2020, 2, 1)))
    response = reviewer().post(check_url(claim), CHECK | {"note": "Kept as typed"} | change)
    assert response.status_code == 200
    assert message in " ".join(response.context["form"].errors[field])
    html = response.content.decode()
    assert message in html
    assert "Nothing was recorded yet" in html
    assert ("Kept as typed" in html) == (field != "note")
    assert not Check.objects.exists()


def test_evidence_without_an_address_must_be_confirmed() -> None:
    claim = make_claim()
    response = reviewer().post(check_url(claim), CHECK | {"evidence": "", "no_address": "on"})
    assert response.status_code == 302
    assert Check.objects.get().evidence == ""


def test_a_repeated_check_is_reported() -> None:
    client, claim = reviewer(), make_claim()
    client.post(check_url(claim), CHECK)
    response = client.post(check_url(claim), CHECK)
    assert "was recorded on that day" in response.content.decode()
    assert Check.objects.count() == 1


def test_after_a_check_the_user_returns_to_the_page_they_came_from() -> None:
    client, claim = reviewer(), make_claim()
    queue = f"http://testserver{reverse('admin:comparison_claim_queue')}?claim=7"
    html = client.get(check_url(claim), headers={"Referer": queue}).content.decode()
    assert f'name="next" value="{queue}"' in html
    assert client.post(check_url(claim), CHECK | {"next": queue}).headers["Location"] == queue
    for foreign in ("https://evil.example/", "//evil.example", f"http://testserver{check_url(claim)}", ""):
        data = CHECK | {"next": foreign, "note": f"x{foreign}", "evidence": f"https://e.example/{len(foreign)}"}
        assert client.post(check_url(claim), data).headers["Location"] == url("claim", "change", claim.pk)


@pytest.mark.parametrize(("role", "status"), [("", 403), ("Contributor", 403), ("Reviewer", 200), ("Editor", 200)])
def test_only_roles_that_may_check_see_the_page(role, status) -> None:
    claim, client = make_claim(), as_user(make_user(role))
    assert client.get(check_url(claim)).status_code == status
    assert client.post(check_url(claim), {}).status_code == status
    has_link = check_url(claim) in client.get(url("claim", "change", claim.pk)).content.decode()
    assert has_link == (status == 200)
    assert Client().get(check_url(claim)).status_code == 302
    assert not Check.objects.exists()


def test_a_claim_that_does_not_exist_is_not_found() -> None:
    assert reviewer().get("/admin/comparison/claim/9999/check/").status_code == 404


def test_the_page_takes_the_same_number_of_queries_at_any_size() -> None:
    client, cell, costs = reviewer(), make_cell(), []
    claim = make_claim(**cell)
    for size in (2, 20):
        for _ in range(size):
            make_check(make_claim(**cell), by=make_user())
            make_check(claim, evidence=f"https://e.example/{Check.objects.count()}", by=make_user())
        with CaptureQueriesContext(connection) as queries:
            assert client.get(check_url(claim)).status_code == 200
        assert not any(query["sql"].startswith(("INSERT", "UPDATE", "DELETE")) for query in queries.captured_queries)
        costs.append(len(queries))
    assert costs[0] == costs[1] <= 32


@pytest.mark.parametrize(("days", "published", "is_valid"), [(0, None, True), (1, None, False), (-3, -2, False)])
def test_the_model_limits_the_day_of_a_check(days, published, is_valid) -> None:
    today = timezone.localdate()
    source = make_source(published=today + timedelta(days=published) if published else None)
    check = Check(claim=make_claim(source=source), finding=Finding.FALSE, note="x", on=today + timedelta(days=days))
    invalid_fields: list[str] = []
    try:
        check.full_clean()
    except ValidationError as error:
        invalid_fields = list(error.message_dict)
    assert invalid_fields == ([] if is_valid else ["on"])


def test_the_change_form_of_a_check_limits_the_day_too() -> None:
    client, check = reviewer(), make_check(make_claim())
    address = url("check", "change", check.pk)
    response = client.post(address, form_data(client, address, on=day_from_today(2)))
    assert "cannot lie in the future" in " ".join(response.context["adminform"].form.errors["on"])
    assert "Check this claim" in response.content.decode()


def test_a_change_made_while_somebody_checked_the_claim_is_shown_first() -> None:
    client, claim = reviewer(), make_claim(statement="Quick")
    version = client.get(check_url(claim)).context["form"]["version"].value()
    claim.statement = "Slow"
    claim.revise(make_user("Reviewer"))
    check = {"finding": "false", "note": "No.", "no_address": "on", "on": day_from_today(0), "version": version}
    response = client.post(check_url(claim), check)
    html = response.content.decode()
    assert "It was changed since you looked." in html
    assert "was “Quick”, is now “Slow”" in html
    assert not Check.objects.exists()
    check |= {"version": response.context["form"]["version"].value()}
    assert client.post(check_url(claim), check).status_code == 302
    assert Check.objects.get().finding == "false"


def test_a_changed_check_is_announced_with_every_claim_it_touches() -> None:
    author, claim, other = make_user("Reviewer"), make_claim(), make_claim()
    check, client, number = make_check(claim, by=author), reviewer(), edition_number()
    address = url("check", "change", check.pk)
    client.post(address, form_data(client, address))
    assert edition_number() == number
    client.post(address, form_data(client, address, note="Seen twice."))
    assert Claim.objects.get(pk=claim.pk).updated_edition == edition_number() == number + 1
    client.post(address, form_data(client, address, claim=other.pk))
    assert set(Claim.objects.values_list("updated_edition", flat=True)) == {number + 2}
    check.refresh_from_db()
    assert (check.claim, check.note, check.by) == (other, "Seen twice.", author)


def test_checks_deleted_at_once_are_announced_once() -> None:
    claims = [make_claim(), make_claim()]
    checks = [make_check(claim) for claim in claims]
    number = edition_number()
    data = {"action": "delete_selected", "_selected_action": [check.pk for check in checks], "post": "yes"}
    as_user(make_user("Editor")).post(url("check", "changelist"), data)
    assert not Check.objects.exists()
    assert set(Claim.objects.values_list("updated_edition", flat=True)) == {edition_number()} == {number + 1}


def test_whoever_restores_a_deleted_check_answers_for_it() -> None:
    claim, editor = make_claim(), make_user("Editor")
    check, client = make_check(claim, by=make_user("Reviewer")), as_user(editor)
    address = url("check", "simple_history", check.pk, check.history.first().pk)
    client.post(url("check", "delete", check.pk), {"post": "yes"})
    number = edition_number()
    assert client.post(address, form_data_of_version(client, address)).status_code == 302
    assert (Check.objects.get().claim, Check.objects.get().by, edition_number()) == (claim, editor, number + 1)


def form_data_of_version(client: Client, address: str) -> dict[str, Any]:
    form = client.get(address).context["adminform"].form
    return {form.add_prefix(name): form[name].value() for name in form.fields if form[name].value() is not None}


def test_checks_are_added_only_on_the_claims_page() -> None:
    assert reviewer().get(url("check", "add")).status_code == 403


def test_what_documentation_and_measurements_say_stands_beside_the_claim() -> None:
    cell = make_cell()
    claim, related = make_claim(**cell, level=1), make_criterion("figure", "Time")
    cell["criterion"].related.add(related)
    manual = make_source("Manual", "documentation", framework=cell["framework"])
    documented = make_claim(**cell, source=make_part(manual, "Manual speed"), level=0, quote="It walks.")
    measured = make_claim(framework=make_framework("Two"), criterion=related, source=make_source(kind="measurement"))
    make_claim(**cell, statement="Another article")
    make_claim(criterion=make_criterion(), source=manual, framework=cell["framework"])
    response = reviewer().get(check_url(claim))
    assert [other for _, other in response.context["deciding"]] == [documented, measured]
    assert "It walks." in response.content.decode()


def test_a_check_says_which_claims_decide_it() -> None:
    cell = make_cell()
    claim, manual = make_claim(**cell, level=1), make_source("Manual", "documentation")
    first, second, third = [make_claim(**cell, source=manual, start=start, end=9) for start in (1, 2, 3)]
    data = CHECK | {"evidence": "", "decided_by": [first.pk, second.pk], "other_claims": f"#{third.pk}, {first.pk}"}
    assert reviewer().post(check_url(claim), data).status_code == 302
    assert set(Check.objects.get().decided_by.all()) == {first, second, third}
    html = reviewer().get(check_url(claim)).content.decode()
    assert f"claim {third.pk}</a>: {third.statement}." in html


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ("99999", "There is no published claim 99999."),
        ("many", "There is no published claim many."),
        ("-1 0", "There is no published claim -1, 0."),
        ("{article}", "articles decide nothing; documentation and measurements do."),
        ("{draft}", "There is no published claim"),
    ],
)
def test_only_published_claims_of_records_decide(words: str, message: str) -> None:
    claim, draft = make_claim(), make_claim(ClaimState.DRAFT, source=make_source(kind="documentation"))
    words = words.format(article=make_claim().pk, draft=draft.pk)
    response = reviewer().post(check_url(claim), CHECK | {"other_claims": words})
    assert message in response.content.decode()
    assert not Check.objects.exists()


def test_a_claim_that_is_no_candidate_cannot_be_ticked() -> None:
    claim, other = make_claim(), make_claim(source=make_source(kind="documentation"))
    response = reviewer().post(check_url(claim), CHECK | {"decided_by": [other.pk]})
    assert response.context["form"].errors.keys() == {"decided_by"}
    assert not Check.objects.exists()

import re

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from comparison.models import Check, Claim, ClaimState, Edition, FormerCriterion, Framework, Profile, ProfileWeight
from tests.admin_site import MODELS, as_admin, as_user, form_data, one_of_each, run_action, url
from tests.make import fill, make_check, make_claim, make_criterion, make_framework, make_source, make_user
from tests.reading import edition_number, queries

pytestmark = pytest.mark.django_db

NAMES = [model._meta.model_name for model in MODELS]
WITHOUT_HISTORY = {"edition", "batch", "snapshot", "report"}


def test_every_model_is_registered() -> None:
    assert set(NAMES) == set(one_of_each())


@pytest.mark.parametrize("name", NAMES)
def test_every_admin_page_opens(name) -> None:
    row = one_of_each()[name]
    client = as_admin()
    pages = [url(name, "changelist"), url(name, "changelist") + "?q=x", url(name, "change", row.pk)]
    if name not in WITHOUT_HISTORY:
        entry = row.history.first()
        pages += [url(name, "delete", row.pk), url(name, "history", row.pk)]
        pages += [url(name, "simple_history", row.pk, entry.pk), *([url(name, "add")] if name != "check" else [])]
    for address in pages:
        response = client.get(address)
        assert response.status_code == 200, address
        html = response.content.decode()
        assert not re.search(r"<script(?![^>]*\bsrc=)(?![^>]*application/json)[^>]*>|\son\w+=", html), address
        assert "default-src 'none'" in response.headers["Content-Security-Policy"]


def test_list_pages_take_the_same_number_of_queries_at_any_size() -> None:
    client, costs = as_admin(), []
    for size in (2, 20):
        fill(size, 3)
        for claim in Claim.objects.order_by("-pk")[:size]:
            make_check(claim, by=User.objects.get(username="root"))
        for number in range(size):
            Profile.objects.create(slug=f"p{size}-{number}", name=f"P{size} {number}", description="d")
            Edition.objects.publish("x", User.objects.get(username="root"))
        costs.append({name: queries(client, url(name, "changelist")) for name in NAMES})
    assert costs[0] == costs[1]
    assert max(costs[0].values()) <= 12


@pytest.mark.parametrize("name", ["claim", "framework", "source", "criterion"])
def test_form_pages_take_the_same_number_of_queries_at_any_size(name) -> None:
    client = as_admin()
    costs = []
    for size in (2, 20):
        fill(size, 3)
        model = next(model for model in MODELS if model._meta.model_name == name)
        costs.append(queries(client, url(name, "change", model.objects.first().pk)))
    assert costs[0] == costs[1] <= 14


@pytest.mark.parametrize("role", ["", "Contributor", "Reviewer"])
def test_an_old_version_is_restored_only_with_the_right_to_change(role) -> None:
    framework = make_framework("Alpha", tagline="First")
    framework.tagline = "Second"
    framework.save()
    old_version = framework.history.last()
    client = as_user(make_user(role))
    response = client.post(url("framework", "simple_history", framework.pk, old_version.pk), {})
    assert response.status_code == 403
    assert Framework.objects.get().tagline == "Second"


def test_related_criteria_are_chosen_on_the_form() -> None:
    first, second = make_criterion(name="First"), make_criterion(name="Second")
    client, number, address = as_admin(), edition_number(), url("criterion", "change", first.pk)
    assert client.post(address, form_data(client, address, related=[second.pk])).status_code == 302
    assert list(second.related.all()) == [first]
    assert (edition_number(), Edition.objects.current().summary) == (number + 1, "Criterion changed: First")
    assert f'<option value="{first.pk}" selected>First</option>' in page_text(client, "criterion", second.pk)
    assert client.post(address, form_data(client, address)).status_code == 302
    assert edition_number() == number + 1
    assert client.post(address, form_data(client, address, name="Both", related=[])).status_code == 302
    assert not second.related.exists()
    assert edition_number() == number + 2


@pytest.mark.parametrize("value", ["itself", "abc", "9" * 25])
def test_a_criterion_that_cannot_be_related_is_refused(value) -> None:
    criterion, client = make_criterion(), as_admin()
    address = url("criterion", "change", criterion.pk)
    data = form_data(client, address, related=[criterion.pk if value == "itself" else value])
    response = client.post(address, data)
    assert response.status_code == 200
    assert response.context["adminform"].form.errors["related"]
    assert not criterion.related.exists()


@pytest.mark.parametrize("value", ["", "abc", "9" * 25, "7"])
def test_a_forged_record_of_what_a_form_showed_changes_nothing(value) -> None:
    criterion, other, client = make_criterion(), make_criterion(), as_admin()
    criterion.related.add(other)
    address = url("criterion", "change", criterion.pk)
    data = form_data(client, address, **{"initial-related": [value]})
    assert client.post(address, data).status_code == 302
    assert list(criterion.related.all()) == [other]


@pytest.mark.parametrize("name", [name for name in NAMES if name not in WITHOUT_HISTORY])
def test_every_form_that_can_be_saved_carries_the_version_of_its_row(name) -> None:
    row = one_of_each()[name]
    pattern = rf'<input type="hidden" name="version" value="{row.history.first().pk}"'
    page = as_admin().get(url(name, "change", row.pk)).content.decode()
    assert len(re.findall(pattern, page)) == 1
    page = as_user(make_user("Contributor")).get(url(name, "change", row.pk)).content.decode()
    assert 'name="version"' not in page
    assert page.count(' field-version"') == page.count('hidden field-version"')


@pytest.mark.parametrize(("name", "field"), [("claim", "statement"), ("check", "note")])
def test_a_form_with_fieldsets_overwrites_no_change_by_others(name, field) -> None:
    row, client = one_of_each()[name], as_admin()
    address = url(name, "change", row.pk)
    data = form_data(client, address, **{field: "Mine"})
    assert client.post(address, form_data(client, address, **{field: "Theirs"})).status_code == 302
    assert "was changed while your form was open" in client.post(address, data).content.decode()
    row.refresh_from_db()
    assert getattr(row, field) == "Theirs"


def test_only_published_claims_have_a_link_to_the_site() -> None:
    client = as_admin()
    for state in ClaimState:
        claim = make_claim(state)
        page = client.get(url("claim", "change", claim.pk)).content.decode()
        assert ('class="viewsitelink"' in page) == claim.published


def test_a_form_keeps_the_relations_that_others_changed_meanwhile() -> None:
    criteria = [make_criterion(name=name) for name in ("First", "Second", "Third", "Fourth")]
    first, second, third, fourth = criteria
    first.related.add(second)
    client, address = as_admin(), url("criterion", "change", first.pk)
    opened = form_data(client, address)
    first.related.set([third])
    assert client.post(address, opened).status_code == 302
    assert list(first.related.all()) == [third]
    assert client.post(address, opened | {"related": [second.pk, fourth.pk]}).status_code == 302
    assert set(first.related.all()) == {third, fourth}


def test_a_new_criterion_may_be_related_at_once() -> None:
    other, client, number = make_criterion(name="Other"), as_admin(), edition_number()
    values = {"name": "New", "slug": "new", "question": "Is it?", "kind": "rating", "category": other.category.pk}
    address = url("criterion", "add")
    assert client.post(address, form_data(client, address, related=[other.pk], **values)).status_code == 302
    assert [criterion.slug for criterion in other.related.all()] == ["new"]
    assert edition_number() == number + 1


def test_an_old_version_that_does_not_know_the_relations_keeps_them() -> None:
    first, second = make_criterion(name="First"), make_criterion(name="Second")
    first.related.add(second)
    type(first).history.update(relations=None)  # as an earlier version of the site left it
    first.name = "Renamed"
    first.save()
    client, address = as_admin(), url("criterion", "simple_history", first.pk, first.history.last().pk)
    form = client.get(address).context["adminform"].form
    data = {name: form[name].value() for name in form.fields} | {"initial-related": form["related"].value()}
    data = {name: "" if value is None else value for name, value in data.items()}
    assert client.post(address, data).status_code == 302
    first.refresh_from_db()
    assert (first.name, list(first.related.all())) == ("First", [second])


def test_only_documentation_and_metadata_are_given_a_framework() -> None:
    source, framework, client = make_source(kind="vendor"), make_framework("Alpha"), as_admin()
    address = url("source", "change", source.pk)
    response = client.post(address, form_data(client, address, framework=framework.pk))
    assert "Only documentation" in response.context["adminform"].form.errors["framework"][0]
    assert client.post(address, form_data(client, address, framework=framework.pk, kind="metadata")).status_code == 302
    source.refresh_from_db()
    assert source.framework == framework
    assert f"?framework__id__exact={framework.pk}" in client.get(url("source", "changelist")).content.decode()
    html = client.get(url("framework", "delete", framework.pk)).content.decode()
    assert f'?framework__id__exact={framework.pk}">1 source</a>' in html


def page_text(client: Client, name: str, pk: int) -> str:
    return client.get(url(name, "change", pk)).content.decode()


def test_an_old_version_can_be_restored() -> None:
    framework = make_framework("Alpha", tagline="First")
    framework.tagline = "Second"
    framework.save()
    number = edition_number()
    client = as_admin()
    address = url("framework", "simple_history", framework.pk, framework.history.last().pk)
    form = client.get(address).context["adminform"].form
    data = {name: form[name].value() or "" for name in form.fields}
    assert client.post(address, data).status_code == 302
    assert Framework.objects.get().tagline == "First"
    assert edition_number() == number + 1


def test_restoring_a_claim_does_not_restore_its_state() -> None:
    claim = make_claim(statement="First")
    client = as_admin()
    draft = claim.history.last()
    assert draft.state == "draft"
    claim.statement = "Second"
    claim.revise(None)
    address = url("claim", "simple_history", claim.pk, draft.pk)
    form = client.get(address).context["adminform"].form
    data = {name: "" if form[name].value() is None else form[name].value() for name in form.fields}
    assert client.post(address, data).status_code == 302
    claim.refresh_from_db()
    assert (claim.statement, claim.state) == ("First", "published")


def test_history_shows_who_changed_what() -> None:
    editor = make_user("Editor", username="edna")
    claim = make_claim(statement="First")
    client = as_user(editor)
    address = url("claim", "change", claim.pk)
    client.post(address, form_data(client, address, statement="Second"))
    html = client.get(url("claim", "history", claim.pk)).content.decode()
    assert "edna" in html
    assert "<del>First</del><ins>Second</ins>" in html
    assert "changed statement" in html


def test_editing_a_published_claim_changes_the_public_table() -> None:
    claim = make_claim(framework=make_framework("Alpha"), criterion=make_criterion(name="Speed"), statement="Before")
    editor = as_user(make_user("Editor"))
    assert "Before" in Client().get("/compare/alpha/").content.decode()
    number = edition_number()
    address = url("claim", "change", claim.pk)
    response = editor.post(address, form_data(editor, address, statement="After"))
    assert response.status_code == 302
    assert "After" in Client().get("/compare/alpha/").content.decode()
    assert edition_number() == number + 1


def test_saving_without_a_change_makes_no_edition() -> None:
    rows = one_of_each()
    client = as_admin()
    for name in sorted(set(NAMES) - WITHOUT_HISTORY):
        number = edition_number()
        address = url(name, "change", rows[name].pk)
        response = client.post(address, form_data(client, address))
        assert response.status_code == 302, (name, response.context and response.context["errors"])
        assert edition_number() == number, name


def test_each_save_of_public_data_makes_one_edition() -> None:
    profile = Profile.objects.create(slug="p", name="P", description="d")
    client = as_admin()
    address = url("profile", "change", profile.pk)
    inline = {"weights-TOTAL_FORMS": 1, "weights-0-criterion": make_criterion().pk, "weights-0-weight": 2}
    number = edition_number()
    assert client.post(address, form_data(client, address, name="Q", **inline)).status_code == 302
    assert (Profile.objects.get().name, ProfileWeight.objects.count()) == ("Q", 1)
    assert edition_number() == number + 1


def test_a_contributor_changes_only_what_is_their_own_and_not_decided() -> None:
    author = make_user("Contributor")
    client = as_user(author)
    own, others = make_claim(ClaimState.DRAFT, created_by=author), make_claim(ClaimState.DRAFT)
    published = make_claim(created_by=author)
    address = url("claim", "change", own.pk)
    assert client.post(address, form_data(client, address, statement="Mine")).status_code == 302
    assert Claim.objects.get(pk=own.pk).statement == "Mine"
    for claim in (others, published):
        assert client.post(url("claim", "change", claim.pk), {"statement": "Stolen"}).status_code == 403
        assert Claim.objects.get(pk=claim.pk).statement == claim.statement


def test_a_new_claim_is_its_authors_draft() -> None:
    author = make_user("Contributor")
    client = as_user(author)
    framework, criterion, source = make_framework(), make_criterion("feature"), make_source()
    values = {"framework": framework.pk, "criterion": criterion.pk, "source": source.pk, "statement": "Has it"}
    address = url("claim", "add")
    response = client.post(address, form_data(client, address, **values, support="built-in"))
    assert response.status_code == 302
    claim = Claim.objects.get()
    assert (claim.created_by, claim.state, claim.support) == (author, "draft", "built-in")


@pytest.mark.parametrize(
    ("changes", "field", "message"),
    [
        ({"level": ""}, "level", "asks for this"),
        ({"level": "", "item": "x"}, "level", "asks for this"),
        ({"level": "1", "start": "5", "end": "3"}, "end", "after it starts"),
        ({"level": "1", "start": "5"}, "end", "both start and end"),
        ({"level": "1", "start": "5", "end": "99"}, "end", "has 10 characters"),
        ({"level": "1", "quote": "x" * 501}, "quote", "at most 500"),
        ({"level": "3"}, "level", "not one of the available choices"),
        ({"level": "1", "statement": ""}, "statement", "required"),
        ({"level": "1", "statement": "a\0b"}, "statement", "Null characters"),
    ],
)
def test_an_invalid_claim_is_reported_at_the_field(changes, field, message) -> None:
    source = make_source()
    source.set_text("0123456789")
    source.save()
    client = as_user(make_user("Contributor"))
    base = {
        "framework": make_framework().pk,
        "criterion": make_criterion().pk,
        "source": source.pk,
        "statement": "Says",
    }
    address = url("claim", "add")
    response = client.post(address, form_data(client, address, **base | changes))
    assert response.status_code == 200
    assert message in " ".join(response.context["adminform"].form.errors[field])
    assert not Claim.objects.exists()


def test_claims_go_through_review_by_actions() -> None:
    author, reviewer = make_user("Contributor"), make_user("Reviewer")
    claims = [make_claim(ClaimState.DRAFT, created_by=author) for _ in range(3)]
    number = edition_number()
    assert "3 claims submitted" in run_action(as_user(author), "submit", claims)
    assert edition_number() == number
    assert "3 claims published" in run_action(as_user(reviewer), "publish_claims", claims)
    assert edition_number() == number + 1
    assert "1 claim retracted" in run_action(as_user(reviewer), "retract", claims[:1], "The source took it back.")
    assert Claim.objects.get(pk=claims[0].pk).state_reason == "The source took it back."
    assert edition_number() == number + 2


def test_an_action_reports_what_it_left_unchanged() -> None:
    reviewer = as_user(make_user("Reviewer"))
    submitted, draft = make_claim(ClaimState.SUBMITTED), make_claim(ClaimState.DRAFT)
    html = run_action(reviewer, "publish_claims", [submitted, draft])
    assert "1 claim published" in html
    assert "A draft claim cannot become published" in html
    assert Claim.objects.get(pk=draft.pk).state == "draft"
    assert "Give a reason" in run_action(reviewer, "retract", [submitted])


@pytest.mark.parametrize("action", ["publish_claims", "reject", "retract"])
def test_a_contributor_cannot_decide(action) -> None:
    author = make_user("Contributor")
    claim = make_claim(ClaimState.SUBMITTED, created_by=author)
    run_action(as_user(author), action, [claim], "because")
    assert Claim.objects.get(pk=claim.pk).state == "submitted"


def test_a_contributor_cannot_submit_the_claims_of_others() -> None:
    claim = make_claim(ClaimState.DRAFT, created_by=make_user("Contributor"))
    html = run_action(as_user(make_user("Contributor")), "submit", [claim])
    assert "belongs to somebody else" in html
    assert Claim.objects.get(pk=claim.pk).state == "draft"


def test_rows_with_claims_cannot_be_deleted_in_the_admin() -> None:
    claim = make_claim()
    client = as_admin()
    html = client.post(url("framework", "delete", claim.framework.pk), {"post": "yes"}).content.decode()
    assert "would require deleting the following protected" in html
    assert Framework.objects.exists()


@pytest.mark.parametrize("name", ["framework", "criterion", "source"])
def test_claims_of_a_row_are_counted_but_not_loaded(name) -> None:
    """By the list, the form, the history and the confirmation of a deletion; the list counts without a join."""
    client = as_admin()
    costs = []
    for size in (2, 20):
        fill(size, size)
        row = next(model for model in MODELS if model._meta.model_name == name).objects.latest("pk")
        count = row.claims.count()
        selected = {"action": "delete_selected", "_selected_action": [row.pk]}
        with CaptureQueriesContext(connection) as queries:
            pages = [client.get(url(name, page, row.pk)) for page in ("delete", "change", "history")]
            pages += [client.post(url(name, "changelist"), selected), client.get(url(name, "changelist"))]
        costs.append(len(queries))
        link = f'{row}: <a href="{url("claim", "changelist")}?{name}__id__exact={row.pk}">{count} claims</a>'
        assert [link in page.content.decode() for page in pages] == [True, False, False, True, False]
        claims = client.get(f"{url('claim', 'changelist')}?{name}__id__exact={row.pk}").context["cl"]
        assert claims.result_count == count
        for sql in (query["sql"] for query in queries):
            assert '"comparison_source"."text",' not in sql
            assert 'JOIN "comparison_claim"' not in sql
        client.post(url(name, "delete", row.pk), {"post": "yes"})
        client.post(url(name, "changelist"), selected | {"post": "yes"})
        assert type(row).objects.filter(pk=row.pk).exists()
    assert costs[0] == costs[1]


def test_all_references_to_a_row_are_named() -> None:
    client, criterion, source = as_admin(), make_criterion(name="Speed"), make_source("Article")
    make_framework().not_applicable.create(criterion=criterion, reason="It has none.")
    profile = Profile.objects.create(slug="p", name="P", description="d")
    ProfileWeight.objects.create(profile=profile, criterion=criterion, weight=1)
    html = client.get(url("criterion", "delete", criterion.pk)).content.decode()
    assert "Speed: 1 profile weight</li>" in html
    assert f'?criterion__id__exact={criterion.pk}">1 not applicable</a>' in html
    make_source(repeats=source)
    html = client.get(url("source", "delete", source.pk)).content.decode()
    assert f'Article: <a href="{url("source", "changelist")}?repeats__id__exact={source.pk}">1 source</a>' in html


def test_former_addresses_keep_no_criterion_from_being_deleted() -> None:
    criterion = make_criterion()
    FormerCriterion.objects.create(slug="older", criterion=criterion)
    assert as_admin().post(url("criterion", "delete", criterion.pk), {"post": "yes"}).status_code == 302
    assert not FormerCriterion.objects.exists()


def test_deleting_makes_an_edition() -> None:
    framework, client = make_framework(), as_admin()
    number = edition_number()
    client.post(url("framework", "delete", framework.pk), {"post": "yes"})
    assert not Framework.objects.exists()
    assert edition_number() == number + 1
    rows = [make_framework(), make_framework()]
    data = {"action": "delete_selected", "_selected_action": [row.pk for row in rows], "post": "yes"}
    client.post(url("framework", "changelist"), data)
    assert not Framework.objects.exists()
    assert edition_number() == number + 2
    assert Framework.history.filter(history_type="-").count() == 3


def test_a_claims_page_shows_its_checks_read_only() -> None:
    claim, reviewer = make_claim(), make_user("Reviewer")
    make_check(claim, "misleading", note="Half true.")
    client, address = as_user(reviewer), url("claim", "change", claim.pk)
    html = client.get(address).content.decode()
    assert "Half true." in html
    assert reverse("admin:comparison_claim_check", args=[claim.pk]) in html
    row = {"checks-TOTAL_FORMS": 2, "checks-1-finding": "false", "checks-1-note": "No.", "checks-1-on": "2026-11-20"}
    client.post(address, form_data(client, address) | row)
    assert Check.objects.get().note == "Half true."


def test_a_sources_text_stays_private_and_unchanged() -> None:
    source = make_source()
    source.set_text("The private text\r\nof it")
    source.save()
    client = as_admin()
    address = url("source", "change", source.pk)
    assert "private text" not in client.get(address).content.decode()
    client.post(address, form_data(client, address, title="Renamed"))
    source.refresh_from_db()
    assert (source.title, source.text) == ("Renamed", "The private text\r\nof it")


def test_autocomplete_finds_by_alias_and_synonym() -> None:
    make_framework("Alpha", aliases="Alef\nA1")
    client = as_user(make_user("Contributor"))
    address = "/admin/autocomplete/?app_label=comparison&model_name=claim&field_name=framework&term=alef"
    assert [result["text"] for result in client.get(address).json()["results"]] == ["Alpha"]


@pytest.mark.parametrize("key", ["abc", "9" * 25, "²", "-1", "' or 1=1"])
@pytest.mark.parametrize("name", ["source", "criterion", "claim", "check", "profile", "notapplicable"])
def test_a_forged_key_is_refused_at_its_field(name, key) -> None:
    admin, address = as_admin(), url(name, "change", one_of_each()[name].pk)
    selects = re.findall(r'<select name="([^"]+)"[^>]* class="admin-autocomplete"', admin.get(address).content.decode())
    assert selects
    response = admin.post(address, form_data(admin, address, **dict.fromkeys(selects, key)))
    assert response.status_code == 200
    assert response.content.decode().count("Select a valid choice") >= 1


@pytest.mark.parametrize("state", [ClaimState.DRAFT, ClaimState.PUBLISHED])
def test_only_checks_of_published_claims_are_announced(state) -> None:
    claim, client = make_claim(state), as_admin()
    number, is_public = edition_number(), state is ClaimState.PUBLISHED
    address = reverse("admin:comparison_claim_check", args=[claim.pk])
    check = {"finding": "false", "note": "It is not so.", "no_address": "on", "on": timezone.localdate().isoformat()}
    assert client.post(address, check).status_code == 302
    assert edition_number() == number + is_public
    client.post(url("check", "delete", Check.objects.get().pk), {"post": "yes"})
    assert not Check.objects.exists()
    assert edition_number() == number + 2 * is_public
    assert Claim.objects.get().updated_edition == (edition_number() if is_public else None)

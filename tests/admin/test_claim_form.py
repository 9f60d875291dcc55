from typing import Any

import pytest
from django.test import Client

from comparison.admin.claim_forms import PassageForm
from comparison.models import Claim, ClaimState, Criterion
from tests.admin_site import as_user, form_data, url
from tests.make import make_claim, make_criterion, make_framework, make_source, make_user
from tests.reading import edition_number

pytestmark = pytest.mark.django_db

TEXT = "One is quick. Two is slow. One is quick."


def fields(kind: str = "rating", text: str = TEXT, **changes: Any) -> dict[str, Any]:
    source = make_source()
    source.set_text(text)
    source.save()
    values = {"framework": make_framework().pk, "criterion": make_criterion(kind).pk, "source": source.pk}
    return values | {"statement": "It is quick"} | changes


def add(client: Client, values: dict[str, Any], **buttons: str) -> Any:
    return client.post(url("claim", "add"), form_data(client, url("claim", "add"), **values) | buttons)


def test_values_of_other_kinds_of_criterion_are_dropped() -> None:
    add(as_user(make_user("Contributor")), fields("rating", level=1, support="built-in", item="x", low=3))
    claim = Claim.objects.get()
    assert (claim.level, claim.support, claim.item, claim.low) == (1, "", "", None)


def test_a_single_number_of_a_figure_is_low_and_high() -> None:
    add(as_user(make_user("Contributor")), fields("figure", low="2.5"))
    assert (Claim.objects.get().low, Claim.objects.get().high) == (2.5, 2.5)


def test_a_repeated_claim_is_refused() -> None:
    client, values = as_user(make_user("Contributor")), fields(level=1)
    add(client, values)
    assert "This source already has this claim" in add(client, values).content.decode()
    assert Claim.objects.count() == 1


def test_a_statement_is_one_line() -> None:
    add(as_user(make_user("Contributor")), fields(level=1, statement="Two\r\n  lines "))
    assert Claim.objects.get().statement == "Two lines"


def test_offsets_fill_in_the_quote() -> None:
    add(as_user(make_user("Contributor")), fields(level=1, start=14, end=25))
    assert Claim.objects.get().quote == "Two is slow"


def test_a_quote_that_occurs_once_fills_in_the_offsets() -> None:
    add(as_user(make_user("Contributor")), fields(level=1, quote="Two is slow"))
    assert (Claim.objects.get().start, Claim.objects.get().end) == (14, 25)


def test_a_quote_that_occurs_twice_leaves_the_offsets_empty() -> None:
    add(as_user(make_user("Contributor")), fields(level=1, quote="One is quick"))
    assert Claim.objects.get().start is None


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"quote": "Three is"}, "do not stand in the source"),
        ({"start": 14, "end": 25, "quote": "One is quick"}, "the text says otherwise: “two is slow …”"),
    ],
)
def test_a_quote_that_is_not_in_the_text_is_refused(changes, message) -> None:
    response = add(as_user(make_user("Contributor")), fields(level=1, **changes))
    assert message in " ".join(response.context["adminform"].form.errors["quote"])
    assert not Claim.objects.exists()


@pytest.mark.parametrize(("start", "end"), [(0, 26), (13, 26), (12, 17)])
def test_a_quote_with_line_breaks_or_outer_blanks_is_saved_as_a_browser_sends_it(start, end) -> None:
    text = "One is quick.\n\nTwo is slow. "
    source = make_source()
    source.set_text(text)
    source.save()
    claim = make_claim(source=source, start=start, end=end, quote=text[start:end])
    client, address = as_user(make_user("Editor")), url("claim", "change", claim.pk)
    data = form_data(client, address, statement="Put better")
    response = client.post(address, data | {"quote": data["quote"].replace("\n", "\r\n")})
    assert response.status_code == 302, response.context["adminform"].form.errors
    claim.refresh_from_db()
    assert (claim.statement, claim.start, claim.end, claim.quote) == ("Put better", start, end, text[start:end])


def test_a_quote_of_several_lines_fills_in_the_offsets() -> None:
    add(as_user(make_user("Contributor")), fields(text="One is\nquick. Two.", level=1, quote="is\r\nquick"))
    assert (Claim.objects.get().start, Claim.objects.get().end) == (4, 12)


def test_any_quote_is_accepted_if_the_text_is_not_held() -> None:
    add(as_user(make_user("Contributor")), fields(text="", level=1, quote="Anything"))
    assert Claim.objects.get().quote == "Anything"


@pytest.mark.parametrize(
    ("role", "button", "state"),
    [
        ("Contributor", "_save", ClaimState.DRAFT),
        ("Contributor", "_submit", ClaimState.SUBMITTED),
        ("Reviewer", "_publish", ClaimState.PUBLISHED),
    ],
)
def test_one_button_saves_and_makes_the_transition(role, button, state) -> None:
    before = edition_number()
    add(as_user(make_user(role)), fields(level=1), **{button: "1"})
    assert Claim.objects.get().state == state
    assert edition_number() == before + (state is ClaimState.PUBLISHED)


def test_a_contributor_cannot_publish_by_the_button() -> None:
    client = as_user(make_user("Contributor"))
    values = fields(level=1)
    assert "_publish" not in client.get(url("claim", "add")).content.decode()
    assert add(client, values, _publish="1").status_code == 403
    assert not Claim.objects.exists()


def test_a_required_second_reviewer_cannot_be_bypassed_by_the_button(settings) -> None:
    settings.REQUIRE_SECOND_REVIEWER = True
    client = as_user(make_user("Reviewer"))
    values = fields(level=1)
    assert "_publish" not in client.get(url("claim", "add")).content.decode()
    assert add(client, values, _publish="1").status_code == 403
    assert not Claim.objects.exists()


def test_a_published_claim_offers_no_transition() -> None:
    html = as_user(make_user("Reviewer")).get(url("claim", "change", make_claim().pk)).content.decode()
    assert "_publish" not in html
    assert "_submit" not in html


def test_criteria_are_listed_by_category_with_their_kind() -> None:
    criterion: Criterion = make_criterion("figure", name="Page time")
    html = as_user(make_user("Contributor")).get(url("claim", "add")).content.decode()
    assert f'<optgroup label="{criterion.category}">' in html
    assert (
        f'<option value="{criterion.pk}" data-kind="figure" data-search="How is it?">Page time (figure, ms)</option>'
        in html
    )


def test_values_have_the_labels_and_order_of_the_reading_room() -> None:
    form = as_user(make_user("Contributor")).get(url("claim", "add")).context["adminform"].form
    passage_form = PassageForm(make_source())
    for name in ("level", "support"):
        assert [str(option.choice_label) for option in form[name]] == [
            str(option.choice_label) for option in passage_form[name]
        ]

"""Frameworks and criteria that are missing: added by an editor while reading, proposed by a contributor."""

from typing import Any

import pytest
from django.urls import reverse

from comparison.curation.attach_text import attach
from comparison.curation.proposals.unknown_names import unknown_names
from comparison.models import Category, Criterion, Edition, Framework, Source
from tests.admin_site import as_user
from tests.make import make_category, make_framework, make_source, make_user

pytestmark = pytest.mark.django_db

TEXT = "One is faster than Third. One vs Third, once more.\n"
CRITERION = {"what": "criterion", "name": "Start-up time", "question": "How fast does it start?", "kind": "rating"}


@pytest.fixture
def source() -> Source:
    make_framework("One")
    make_category("Speed")
    source = make_source("Article")
    attach(source, TEXT)
    return source


def names_url(source: Source) -> str:
    return reverse("admin:comparison_source_read_names", args=[source.pk]) + "?start=0&end=25"


def criterion(**changes: Any) -> dict[str, Any]:
    return CRITERION | {"category": Category.objects.get().pk} | changes


def test_an_editor_adds_a_criterion_and_goes_on_with_it(source) -> None:
    client = as_user(make_user("Editor"))
    response = client.post(names_url(source), criterion(), follow=True)
    added = Criterion.objects.get(slug="start-up-time")
    assert response.context["form"]["criterion"].value() == str(added.pk)
    assert response.context["passage"] == TEXT[:25]
    assert Edition.objects.current().summary == "Criterion added: Start-up time"
    assert added.history.get().history_change_reason == "added while reading article"


def test_an_editor_adds_a_framework_which_is_chosen(source) -> None:
    response = as_user(make_user("Editor")).post(names_url(source), {"what": "framework", "name": "Third"}, follow=True)
    assert response.context["form"]["frameworks"].value() == [str(Framework.objects.get(name="Third").pk)]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"question": ""}, "Give the criterion’s question."),
        ({"kind": "figure"}, "A figure needs a unit and whether lower is better"),
        ({"what": "framework", "name": "One"}, "Framework with this Name already exists."),
    ],
)
def test_what_cannot_be_added_is_said(source, changes, message) -> None:
    response = as_user(make_user("Editor")).post(names_url(source), criterion(**changes))
    assert message in response.content.decode()
    assert (Criterion.objects.count(), Framework.objects.count()) == (0, 1)


def test_a_contributor_proposes_and_an_editor_decides(source) -> None:
    contributor, editor = as_user(make_user("Contributor", username="con")), as_user(make_user("Editor"))
    contributor.post(names_url(source), criterion())
    assert "is proposed already" in contributor.post(names_url(source), criterion(), follow=True).content.decode()
    contributor.post(names_url(source), {"what": "framework", "name": "Third"})
    assert not Criterion.objects.exists()
    source.refresh_from_db()
    assert [(wish["name"], wish["by"]) for wish in source.wishes] == [("Start-up time", "con"), ("Third", "con")]
    assert "takes an editor" in contributor.post(names_url(source), {"dismiss": "Third"}, follow=True).content.decode()
    assert "(2 proposed)" in editor.get(reverse("admin:comparison_source_read", args=[source.pk])).content.decode()
    filled = editor.get(names_url(source) + "&wish=1").context["form"]
    assert (filled["name"].value(), filled["question"].value()) == ("Start-up time", "How fast does it start?")
    editor.post(names_url(source), criterion())
    editor.post(names_url(source), {"dismiss": "Third"})
    source.refresh_from_db()
    assert (source.wishes, Criterion.objects.count(), Framework.objects.count()) == ([], 1, 1)


def test_names_that_the_catalogue_lacks_are_pointed_out(source) -> None:
    assert unknown_names(TEXT, None) == ["Third", "One"]
    assert (
        "no framework here: <strong>Third</strong>"
        in as_user(make_user("Editor")).get(names_url(source)).content.decode()
    )

import pytest

from comparison.models import Batch, ClaimState
from comparison.templatetags.curation import difference
from tests.make import make_claim, make_framework, make_user
from tests.test_admin import as_user, form_data, url

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("before", "after", "shown"),
    [
        ("a quick start", "a slow start", "a <del>quick</del><ins>slow</ins> start"),
        ("", "new", "<ins>new</ins>"),
        (None, "<b>", "<ins>&lt;b&gt;</ins>"),
        (1, -1, "<ins>-</ins>1"),
        ("same", "same", "same"),
    ],
)
def test_what_changed_is_shown_word_by_word(before, after, shown) -> None:
    assert difference(before, after) == shown


def test_long_texts_are_cut() -> None:
    assert len(difference("x" * 9_000, "y" * 9_000)) < 500


def test_history_shows_fields_batches_and_who() -> None:
    editor = make_user("Editor")
    framework = make_framework("One", tagline="A small one")
    with Batch.objects.of("renamed", editor) as batch:
        framework.tagline = "A large one"
        framework._history_user = editor
        framework.save()
    html = as_user(editor).get(url("framework", "history", framework.pk)).content.decode()
    assert "A <del>small</del><ins>large</ins> one" in html
    assert f'href="/admin/comparison/batch/{batch.pk}/undo/"' in html
    assert editor.username in html


def test_a_value_that_changed_without_its_place_is_pointed_out() -> None:
    client = as_user(make_user("Reviewer"))
    claim = make_claim(ClaimState.DRAFT, level=1, start=1, end=5)
    address = url("claim", "change", claim.pk)
    said = client.post(address, form_data(client, address, level="2"), follow=True).content.decode()
    assert "its place and quote did not" in said
    assert (
        "The value changed without its place or quote" in client.get(url("claim", "history", claim.pk)).content.decode()
    )
    said = client.post(address, form_data(client, address, level="-1", end="7"), follow=True).content.decode()
    assert "its place and quote did not" not in said


def test_an_old_version_can_be_gone_back_to() -> None:
    client = as_user(make_user("Editor"))
    framework = make_framework("One", tagline="Old")
    framework.tagline = "New"
    framework.save()
    first = framework.history.last()
    address = url("framework", "simple_history", framework.pk, first.pk)
    shown = client.get(address)
    form = shown.context["adminform"].form
    data = {form.add_prefix(name): form[name].value() for name in form.fields}
    client.post(address, {name: "" if value is None else value for name, value in data.items()})
    framework.refresh_from_db()
    assert framework.tagline == "Old"
    assert framework.history.count() == 3

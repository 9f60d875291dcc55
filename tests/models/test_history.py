from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from comparison.curation.attach_text import attach
from comparison.curation.undo import undo
from comparison.models import Batch, Claim, ClaimState, Source
from comparison.templatetags.curation import difference
from tests.admin_site import as_user, form_data, url
from tests.make import make_claim, make_framework, make_source, make_user

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("before", "after", "html"),
    [
        ("a quick start", "a slow start", "a <del>quick</del><ins>slow</ins> start"),
        ("", "new", "<ins>new</ins>"),
        (None, "<b>", "<ins>&lt;b&gt;</ins>"),
        (1, -1, "<ins>-</ins>1"),
        ("same", "same", "same"),
    ],
)
def test_changes_are_shown_word_by_word(before, after, html) -> None:
    assert difference(before, after) == html


def test_managers_of_a_models_history_have_one_class() -> None:
    assert type(Claim.history) is type(Claim.history)
    assert Claim.history.model is not Source.history.model


def test_long_texts_are_cut() -> None:
    assert len(difference("x" * 9_000, "y" * 9_000)) < 500


def test_history_shows_fields_batches_and_who() -> None:
    editor = make_user("Editor")
    framework = make_framework("One", tagline="A small one")
    with Batch.objects.open("renamed", editor) as batch:
        framework.tagline = "A large one"
        framework._history_user = editor
        framework.save()
    html = as_user(editor).get(url("framework", "history", framework.pk)).content.decode()
    assert "A <del>small</del><ins>large</ins> one" in html
    assert f'href="/admin/comparison/batch/{batch.pk}/undo/"' in html
    assert editor.username in html


def test_a_changed_value_with_unchanged_passage_is_pointed_out() -> None:
    client = as_user(make_user("Reviewer"))
    claim = make_claim(ClaimState.DRAFT, level=1, start=1, end=5)
    address = url("claim", "change", claim.pk)
    html = client.post(address, form_data(client, address, level="2"), follow=True).content.decode()
    assert "its place and quote did not" in html
    assert (
        "The value changed without its place or quote" in client.get(url("claim", "history", claim.pk)).content.decode()
    )
    html = client.post(address, form_data(client, address, level="-1", end="7"), follow=True).content.decode()
    assert "its place and quote did not" not in html


def restore_version(client: Client, row: Any, entry: Any) -> str:
    """Restores an old version from its page and returns that page."""
    address = url(row._meta.model_name, "simple_history", row.pk, entry.pk)
    response = client.get(address)
    form = response.context["adminform"].form
    data = {form.add_prefix(name): form[name].value() for name in form.fields}
    assert (
        client.post(address, {name: "" if value is None else value for name, value in data.items()}).status_code == 302
    )
    return response.content.decode()


def test_an_old_version_can_be_restored() -> None:
    framework = make_framework("One", tagline="Old")
    framework.tagline = "New"
    framework.save()
    html = restore_version(as_user(make_user("Editor")), framework, framework.history.last())
    framework.refresh_from_db()
    assert framework.tagline == "Old"
    assert framework.history.count() == 3
    assert f'<a href="{url("framework", "history", framework.pk)}">History</a>' in html


@pytest.mark.parametrize("version", [0, 1])
def test_restoring_an_old_version_of_a_source_keeps_its_text(version) -> None:
    source = make_source(note="Old")
    attach(source, "Alpha is quick.\nOmega is slow.\n")
    make_claim(source=source, start=16, end=29, quote="Omega is slow")
    attach(source, "New.\nAlpha is quick.\nOmega is slow.\n", changed=True)
    source = Source.objects.get()
    source.note, source.silent = "New", [1]
    source.save()
    text_values = Source.objects.values(*Source.TEXT_FIELDS).get()
    html = restore_version(as_user(make_user("Editor")), source, source.history.order_by("pk")[version])
    assert "To go back to an old text, store it as a new capture" in html
    source.refresh_from_db()
    claim = Claim.objects.get()
    assert source.note == "Old"
    assert Source.objects.values(*Source.TEXT_FIELDS).get() == text_values
    assert source.text[claim.start : claim.end] == claim.quote


def test_history_stores_a_text_once_however_often_its_source_changes() -> None:
    source = make_source(note="Old")
    for text in ("One.\nTwo.\n", "Three.\n", "One.\nTwo.\n"):
        attach(source, text, changed=True)
        client = as_user(make_user("Editor"))
        for _ in range(2):
            client.post(f"/admin/comparison/source/{source.pk}/read/silent/", {"line": 1})
    texts = list(source.history.order_by("pk").values_list("text", flat=True))
    assert texts == ["", "One.\nTwo.\n", None, None, "Three.\n", None, None, "One.\nTwo.\n", None, None]
    assert [bool(entry.history_change_reason) for entry in source.history.all()] == [True] * 9 + [False]
    third, second, first = Batch.objects.all()
    for batch, text in ((third, "Three.\n"), (second, "One.\nTwo.\n"), (first, "")):
        undo(batch)
        assert Source.objects.get().text == text


def test_a_deleted_source_is_restored_with_its_text() -> None:
    source = make_source()
    attach(source, "One.\nTwo.\n")
    source = Source.objects.get()
    source.note = "Later"
    source.save()
    version = source.history.first()
    client, pk = as_user(make_user("Editor")), source.pk
    client.post(url("source", "delete", pk), {"post": "yes"})
    assert not Source.objects.exists()
    source.pk = pk
    restore_version(client, source, version)
    assert Source.objects.get().text == "One.\nTwo.\n"


def test_a_sources_history_page_reads_no_text() -> None:
    source = make_source()
    attach(source, "One.\nTwo.\n")
    client = as_user(make_user("Editor"))
    with CaptureQueriesContext(connection) as queries:
        assert "attach_text" in client.get(url("source", "history", source.pk)).content.decode()
    assert not [query for query in queries if '"comparison_historicalsource"."text",' in query["sql"]]

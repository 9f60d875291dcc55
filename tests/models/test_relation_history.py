"""Relations of many to many have a history like everything else that curators edit."""

import importlib
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.db import connection
from django.test.utils import CaptureQueriesContext

from comparison.curation.merging import merge_criteria
from comparison.curation.undo import undo, undo_steps
from comparison.models import Batch, Check, Criterion, Edition
from comparison.models.relations.change import note_relations, set_relations
from comparison.models.relations.history import RelationHistory, relation_fields
from tests.admin_site import as_admin, form_data, url
from tests.make import make_check, make_claim, make_criterion, make_source

pytestmark = pytest.mark.django_db


def entries(row) -> list[tuple[str, dict[str, list[int]] | None]]:
    """The type and the relations of a row's history entries, the oldest first."""
    return list(row.history.order_by("history_id").values_list("history_type", "relations"))


def three() -> list[Criterion]:
    return [make_criterion(name=name) for name in ("First", "Second", "Third")]


def test_every_model_that_has_relations_keeps_their_history() -> None:
    models = [model for model in apps.get_app_config("comparison").get_models() if hasattr(model, "history")]
    related = {model for model in models if relation_fields(model)}
    assert related == {Criterion, Check}
    assert all(issubclass(model.history.model, RelationHistory) for model in related)


def test_an_edit_of_relations_is_in_the_history_of_both_sides() -> None:
    first, second, third = three()
    client, address = as_admin(), url("criterion", "change", first.pk)
    assert client.post(address, form_data(client, address, related=[second.pk])).status_code == 302
    assert client.post(address, form_data(client, address, related=[third.pk])).status_code == 302
    assert entries(first)[1:] == [("~", {"related": [second.pk]}), ("~", {"related": [third.pk]})]
    assert entries(second)[1:] == [("~", {"related": [first.pk]}), ("~", {"related": []})]
    assert entries(third)[1:] == [("~", {"related": [first.pk]})]
    assert {entry.history_author for row in (first, second, third) for entry in row.history.all()[:1]} == {"root"}
    page = client.get(url("criterion", "history", first.pk)).content.decode()
    assert "<strong>Related:</strong> <del>Second</del><ins>Third</ins>" in page
    other = client.get(url("criterion", "history", third.pk)).content.decode()
    assert "<strong>Related:</strong> <ins>First</ins>" in other


def test_an_edit_that_leaves_relations_alone_notes_none() -> None:
    first, second, _ = three()
    set_relations(Criterion, {first.pk: {"related": [second.pk]}}, None, "test")
    client, address = as_admin(), url("criterion", "change", first.pk)
    assert client.post(address, form_data(client, address, question="Another?")).status_code == 302
    assert len(entries(second)) == 2
    assert entries(first)[-1] == ("~", {"related": [second.pk]})


def test_an_earlier_version_brings_its_relations_back() -> None:
    first, second, third = three()
    set_relations(Criterion, {first.pk: {"related": [second.pk]}}, None, "test")
    version = first.history.first()
    set_relations(Criterion, {first.pk: {"related": [third.pk]}}, None, "test")
    client, address = as_admin(), url("criterion", "simple_history", first.pk, version.pk)
    number = Edition.objects.current().number
    form = client.get(address).context["adminform"].form
    data = {name: form[name].value() for name in form.fields}
    assert data["related"] == [second.pk]
    data = {name: "" if value is None else value for name, value in data.items()}
    assert client.post(address, data).status_code == 302
    assert list(first.related.all()) == [second]
    assert entries(third)[-1] == ("~", {"related": []})
    assert Edition.objects.current().number == number + 1


def test_what_decides_a_check_is_in_its_history() -> None:
    claim = make_claim()
    deciding = make_claim(
        framework=claim.framework, criterion=claim.criterion, source=make_source(kind="measurement"), level=1
    )
    client, address = as_admin(), url("claim", "check", claim.pk)
    data = {"finding": "false", "note": "It is not.", "on": "2026-01-02", "decided_by": [deciding.pk]}
    assert client.post(address, data).status_code == 302
    check = Check.objects.get()
    assert entries(check) == [("+", {"decided_by": [deciding.pk]})]
    set_relations(Check, {check.pk: {"decided_by": []}}, None, "test")
    page = client.get(url("check", "history", check.pk)).content.decode()
    assert f"<del>claim {deciding.pk}</del>" in page


def test_a_batch_that_changed_relations_is_undone_as_a_whole() -> None:
    first, second, third = three()
    check, claim = make_check(make_claim()), make_claim(source=make_source(kind="measurement"))
    set_relations(Criterion, {first.pk: {"related": [second.pk]}}, None, "test")
    with Batch.objects.open("Relations", None) as batch:
        set_relations(Criterion, {first.pk: {"related": [third.pk]}}, None, "test")
        set_relations(Check, {check.pk: {"decided_by": [claim.pk]}}, None, "test")
    steps = undo_steps(batch)
    assert {(step.model, step.pk) for step in steps} == {
        *((Criterion, row.pk) for row in (first, second, third)),
        (Check, check.pk),
    }
    page = as_admin().get(url("batch", "undo", batch.pk)).content.decode()
    assert "Third" in page
    assert f"claim {claim.pk}" in page
    undoing = undo(batch)
    assert (list(first.related.all()), list(check.decided_by.all())) == ([second], [])
    assert entries(third)[-1] == ("~", {"related": []})
    undo(undoing)
    assert (list(first.related.all()), list(check.decided_by.all())) == ([third], [claim])


def test_relations_that_were_changed_since_are_a_conflict() -> None:
    first, second, third = three()
    with Batch.objects.open("Relations", None) as batch:
        set_relations(Criterion, {first.pk: {"related": [second.pk]}}, None, "test")
    set_relations(Criterion, {first.pk: {"related": [second.pk, third.pk]}}, None, "test")
    conflicts = {step.pk: step.conflict for step in undo_steps(batch)}
    assert conflicts == {first.pk: "Changed since by a command (related rows).", second.pk: ""}


def test_a_merge_notes_the_relations_and_undoing_it_brings_them_back() -> None:
    keep, gone, other = three()
    set_relations(Criterion, {gone.pk: {"related": [keep.pk, other.pk]}}, None, "test")
    batch = merge_criteria(keep, gone)
    assert entries(keep)[-1] == ("~", {"related": [other.pk]})
    assert entries(other)[-1] == ("~", {"related": [keep.pk]})
    undo(batch)
    assert set(Criterion.objects.get(pk=gone.pk).related.all()) == {keep, other}
    assert set(other.related.all()) == {gone}


def test_a_deleted_criterion_is_missing_in_the_history_of_those_it_was_related_to() -> None:
    first, second, _ = three()
    set_relations(Criterion, {first.pk: {"related": [second.pk]}}, None, "test")
    assert as_admin().post(url("criterion", "delete", first.pk), {"post": "yes"}).status_code == 302
    assert entries(second)[-1] == ("~", {"related": []})
    assert second.history.first().history_change_reason == "First deleted"


def test_history_pages_and_notes_cost_the_same_however_many_relations() -> None:
    first, *others = [make_criterion() for _ in range(8)]
    client, address = as_admin(), url("criterion", "history", first.pk)
    client.get(address)  # what only the first request reads
    costs = []
    for count in (2, 7):
        with CaptureQueriesContext(connection) as noting:
            note_relations(Criterion, [row.pk for row in others[:count]], None, "test")
        for number in range(count):
            set_relations(Criterion, {first.pk: {"related": [row.pk for row in others[: number + 1]]}}, None, "test")
        with CaptureQueriesContext(connection) as reading:
            client.get(address)
        costs.append((len(noting), len(reading)))
    assert costs[0] == costs[1]


def test_a_database_of_an_earlier_version_gets_the_present_relations() -> None:
    first, second, third = three()
    check, claim = make_check(make_claim()), make_claim()
    first.related.add(second)
    check.decided_by.add(claim)
    first.save()
    for model in (Criterion, Check):
        model.history.update(relations=None)
    migration = importlib.import_module("comparison.migrations.0032_history_of_relations")
    migration.note_present_relations(apps, SimpleNamespace(connection=connection))
    assert [relations for _, relations in entries(first)] == [None, {"related": [second.pk]}]
    assert entries(third) == [("+", {"related": []})]
    assert entries(check) == [("+", {"decided_by": [claim.pk]})]

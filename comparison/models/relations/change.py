"""Changes of relations of many to many, each with its entries in the history of all rows that it concerns.

Relations between rows of one model have two sides, and the history of both tells of a change.
"""

from collections.abc import Collection, Mapping
from typing import Any

from django.contrib.auth.models import User
from django.db import models
from django.db.models import Max
from django.utils import timezone

from comparison.models.editions import current_batch
from comparison.models.optimistic_lock import current_versions
from comparison.models.relations.history import Relations, relation_fields, relations_of


def set_relations(model: Any, wanted: Mapping[int, Relations], actor: User | None, reason: str) -> None:
    """Gives rows these relations, as far as the rows at their other ends exist."""
    stored, changed = relations_of(model, wanted), set[int]()
    for field in relation_fields(model):
        keys = {key for relations in wanted.values() for key in relations.get(field.name, ())}
        existing = set(field.related_model._default_manager.filter(pk__in=keys).values_list("pk", flat=True))
        for pk, relations in wanted.items():
            others = set(relations.get(field.name, ())) & existing
            if difference := others ^ set(stored[pk][field.name]):
                getattr(model(pk=pk), field.name).set(others)
                changed |= {pk, *(difference if _has_two_sides(field) else ())}
    note_relations(model, changed, actor, reason)


def note_saved(row: Any, before: Relations) -> None:
    """Completes the newest entry of a row whose relations were stored after the row itself, by the same hand."""
    model, after = type(row), relations_of(type(row), [row.pk])[row.pk]
    entry = row.history.order_by("-history_id").first()
    if entry.relations != after:
        entry.relations = after
        entry.save(update_fields=["relations"])
    others = {
        key
        for field in relation_fields(model)
        if _has_two_sides(field)
        for key in set(before[field.name]) ^ set(after[field.name])
    }
    note_relations(model, others, entry.history_user, f"{row._meta.verbose_name} {row.pk} changed")


def note_relations(model: Any, ids: Collection[int], actor: User | None, reason: str, after: int | None = None) -> None:
    """Writes the present relations of rows into their history, in a few queries, however many rows.

    What the same edit has written is completed: entries of the open batch, and those numbered above `after`.
    """
    relations, versions = relations_of(model, ids), current_versions(model, ids)
    newest = {entry.id: entry for entry in model.history.filter(history_id__in=versions.values())} if ids else {}
    written = {pk for pk, entry in newest.items() if _is_of_this_edit(entry, after)}
    rows = model._default_manager.in_bulk([pk for pk in ids if pk not in written])
    amended = [newest[pk] for pk in written if newest[pk].history_type != "-"]
    for entry in amended:
        entry.relations = relations[entry.id]
    model.history.model.objects.bulk_update(amended, ["relations"])
    signed = {
        "history_date": timezone.now(),
        "history_type": "~",
        "history_change_reason": reason[:100],
        "history_user": actor,
        "history_author": actor.get_username() if actor else "",
    }
    fields = model.history.model.tracked_fields
    model.history.model.objects.bulk_create(
        model.history.model(
            **signed, relations=relations[pk], **{field.attname: getattr(row, field.attname) for field in fields}
        )
        for pk, row in rows.items()
    )


def _is_of_this_edit(entry: Any, after: int | None) -> bool:
    is_of_batch = entry.history_batch is not None and entry.history_batch == current_batch()
    return is_of_batch or (after is not None and entry.history_id > after)


def last_entry(model: Any) -> int:
    """The number of the newest history entry of any row; 0 if there is none."""
    return model.history.aggregate(newest=Max("history_id"))["newest"] or 0


def at_other_ends(model: type[models.Model], ids: Collection[int]) -> set[int]:
    """The rows of the same model whose relations name these rows."""
    found = relations_of(model, ids)
    sided = [field.name for field in relation_fields(model) if _has_two_sides(field)]
    return {key for relations in found.values() for name in sided for key in relations[name]} - set(ids)


def _has_two_sides(field: models.ManyToManyField) -> bool:
    return bool(field.remote_field.symmetrical)

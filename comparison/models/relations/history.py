"""Histories that tell a row's relations of many to many too."""

from collections.abc import Collection
from typing import Any

from django.db import models

from comparison.models.editions import EvidenceHistory

Relations = dict[str, list[int]]  # the keys of the related rows, in order, by the relation's name


class RelationHistory(EvidenceHistory):
    """Also stores to which rows a row is related; None in entries of earlier versions, which did not know it.

    simple-history would keep that in tables of its own, with queries for each entry of a page, and would tell one side
    of a pair alone.
    """

    relations = models.JSONField(null=True, editable=False, verbose_name="related rows")

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.relations is None:
            row: Any = self
            self.relations = relations_of(row.instance_type, [row.id])[row.id]
        super().save(*args, **kwargs)


def relation_fields(model: type[models.Model]) -> list[models.ManyToManyField]:
    return list(model._meta.local_many_to_many)


def no_relations(model: type[models.Model]) -> Relations:
    return {field.name: [] for field in relation_fields(model)}


def relations_of(model: type[models.Model], ids: Collection[int]) -> dict[int, Relations]:
    """The relations of some rows by their keys; a query for each relation of the model."""
    relations = {pk: no_relations(model) for pk in ids}
    for field in relation_fields(model):
        row, other = f"{field.m2m_field_name()}_id", f"{field.m2m_reverse_field_name()}_id"
        through: Any = field.remote_field.through
        pairs = through._default_manager.filter(**{f"{row}__in": list(ids)}).order_by(row, other)
        for pk, key in pairs.values_list(row, other):
            relations[pk][field.name].append(key)
    return relations

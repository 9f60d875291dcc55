"""Rows that claims cite, in the admin: how many do, and why such a row cannot be deleted."""

from collections.abc import Iterator
from typing import Any

from django.contrib import admin
from django.db import models
from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html

from comparison.admin.base import CatalogueAdmin
from comparison.models import Claim


class CitedAdmin(CatalogueAdmin):
    """Counts what cites a row, and never loads it: a source may have ten thousands of claims and a long text."""

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        name = str(self.opts.model_name)
        claims = Claim.objects.filter(**{name: OuterRef("pk")}).order_by().values(name)
        total = Subquery(claims.annotate(total=Count("pk")).values("total"))
        return super().get_queryset(request).annotate(claim_total=Coalesce(total, 0))

    @admin.display(description="claims", ordering="claim_total")
    def claim_count(self, row: Any) -> int:
        return int(row.claim_total)

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """A line for each kind of thing that cites one of these rows; Django's own would name every claim."""
        citing = list(self._citing({row.pk: row for row in objs}))
        return ([], {}, set(), citing) if citing else super().get_deleted_objects(objs, request)

    def _citing(self, rows: dict[int, models.Model]) -> Iterator[str]:
        for relation in self.opts.related_objects:
            if relation.on_delete is not models.PROTECT:
                continue
            citing = relation.related_model._default_manager.filter(**{f"{relation.field.name}__in": rows})
            for pk, count in citing.order_by().values_list(relation.field.attname).annotate(Count("pk")):
                yield self._told(relation, rows[pk], count)

    def _told(self, relation: models.ForeignObjectRel, row: models.Model, count: int) -> str:
        opts = relation.related_model._meta
        text = f"{count:,} {opts.verbose_name if count == 1 else opts.verbose_name_plural}"
        try:
            page = reverse(f"admin:{opts.app_label}_{opts.model_name}_changelist")
        except NoReverseMatch:  # shown with the row alone
            return f"{row}: {text}"
        return format_html('{}: <a href="{}?{}__id__exact={}">{}</a>', row, page, relation.field.name, row.pk, text)

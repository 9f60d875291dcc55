"""Rows that claims refer to: how many claims do, and why such a row cannot be deleted."""

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
    """Counts the claims of a row without loading them: a source may have tens of thousands."""

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        name = str(self.opts.model_name)
        claims = Claim.objects.filter(**{name: OuterRef("pk")}).order_by().values(name)
        total = Subquery(claims.annotate(total=Count("pk")).values("total"))
        return super().get_queryset(request).annotate(claim_total=Coalesce(total, 0))

    @admin.display(description="claims", ordering="claim_total")
    def claim_count(self, row: Any) -> int:
        return int(row.claim_total)

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """Lists one line per row and kind of referring object; Django's own method would name every claim."""
        references = list(self._references({row.pk: row for row in objs}))
        return ([], {}, set(), references) if references else super().get_deleted_objects(objs, request)

    def _references(self, rows: dict[int, models.Model]) -> Iterator[str]:
        for relation in self.opts.related_objects:
            if relation.on_delete is not models.PROTECT:
                continue
            referring = relation.related_model._default_manager.filter(**{f"{relation.field.name}__in": rows})
            for pk, count in referring.order_by().values_list(relation.field.attname).annotate(Count("pk")):
                yield self._reference_text(relation, rows[pk], count)

    def _reference_text(self, relation: models.ForeignObjectRel, row: models.Model, count: int) -> str:
        opts = relation.related_model._meta
        text = f"{count:,} {opts.verbose_name if count == 1 else opts.verbose_name_plural}"
        try:
            url = reverse(f"admin:{opts.app_label}_{opts.model_name}_changelist")
        except NoReverseMatch:  # the related model has no list of its own
            return f"{row}: {text}"
        return format_html('{}: <a href="{}?{}__id__exact={}">{}</a>', row, url, relation.field.name, row.pk, text)

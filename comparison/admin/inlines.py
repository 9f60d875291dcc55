"""Rows below a form that point at other rows: drawn in as many queries however many there are."""

from collections.abc import Sequence
from typing import Any

from django.db import models
from django.db.models import QuerySet
from django.forms import BaseInlineFormSet
from django.http import HttpRequest

from comparison.admin.base import CatalogueInline, Form, KeysOnly, Searching


class AtHand(KeysOnly):
    """Draws the row that is chosen without looking it up, where whoever made the form has it at hand."""

    row: models.Model | None = None

    def optgroups(self, name: str, value: Sequence[str], attr: dict[str, Any] | None = None) -> Any:
        if self.row is None or not self.is_required or list(value) != [str(self.row.pk)]:
            return super().optgroups(name, value, attr)
        return [(None, [self.create_option(name, self.row.pk, str(self.row), selected=True, index=0)], 0)]


class PointingFormSet(BaseInlineFormSet):
    def add_fields(self, form: Form, index: int | None) -> None:
        super().add_fields(form, index)
        for name, field in form.fields.items():
            select = getattr(field.widget, "widget", None)  # the admin wraps it, to add the links beside it
            if isinstance(select, AtHand) and form.instance.pk:
                select.row = getattr(form.instance, name)


class PointingInline(CatalogueInline):
    formset = PointingFormSet

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).select_related(*(one.name for one in self.opts.fields if one.many_to_one))

    def formfield_for_foreignkey(self, db_field: models.ForeignKey, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name not in self.get_autocomplete_fields(request):
            return super().formfield_for_foreignkey(db_field, request, **kwargs)
        select = AtHand(db_field, self.admin_site, using=kwargs.get("using"))
        return super(Searching, self).formfield_for_foreignkey(db_field, request, **kwargs | {"widget": select})

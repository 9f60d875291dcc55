"""Rows below a form with foreign keys, drawn in a constant number of queries."""

from collections.abc import Sequence
from typing import Any

from django.db import models
from django.db.models import QuerySet
from django.forms import BaseInlineFormSet, ModelForm
from django.http import HttpRequest

from comparison.admin.base import CatalogueInline, KeyAutocompleteAdmin, KeyAutocompleteSelect


class PreloadedSelect(KeyAutocompleteSelect):
    """Draws the selected row without a query if the formset has loaded it."""

    row: models.Model | None = None

    def optgroups(self, name: str, value: Sequence[str], attr: dict[str, Any] | None = None) -> Any:
        if self.row is None or not self.is_required or list(value) != [str(self.row.pk)]:
            return super().optgroups(name, value, attr)
        return [(None, [self.create_option(name, self.row.pk, str(self.row), selected=True, index=0)], 0)]


class PreloadedFormSet(BaseInlineFormSet):
    def add_fields(self, form: ModelForm, index: int | None) -> None:
        super().add_fields(form, index)
        for name, field in form.fields.items():
            select = getattr(field.widget, "widget", None)  # the admin wraps the widget to add links beside it
            if isinstance(select, PreloadedSelect) and form.instance.pk:
                select.row = getattr(form.instance, name)


class PreloadedInline(CatalogueInline):
    formset = PreloadedFormSet

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        foreign_keys = [field.name for field in self.opts.fields if field.many_to_one]
        return super().get_queryset(request).select_related(*foreign_keys)

    def formfield_for_foreignkey(self, db_field: models.ForeignKey, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name not in self.get_autocomplete_fields(request):
            return super().formfield_for_foreignkey(db_field, request, **kwargs)
        select = PreloadedSelect(db_field, self.admin_site, using=kwargs.get("using"))
        kwargs["widget"] = select
        return super(KeyAutocompleteAdmin, self).formfield_for_foreignkey(db_field, request, **kwargs)

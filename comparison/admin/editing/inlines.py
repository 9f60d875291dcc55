"""Rows below a form: drawn in a constant number of queries, and edited by several people at once.

Every row carries the version that its editor saw. Rows left alone stay as others have stored them; a row that two
people changed, or that one changed and the other deleted, is shown once more before it is stored.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Any

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import QuerySet
from django.forms import BaseInlineFormSet, ModelForm
from django.http import HttpRequest
from django.utils.text import capfirst

from comparison.admin.editing.fields import KeyAutocompleteAdmin, KeyAutocompleteSelect
from comparison.admin.editing.versioned_form import RowForm
from comparison.models.optimistic_lock import changes_since, current_versions, signature
from comparison.row_ids import parse_row_id


class PreloadedSelect(KeyAutocompleteSelect):
    """Draws the selected row without a query if the formset has loaded it."""

    row: models.Model | None = None

    def optgroups(self, name: str, value: Sequence[str], attr: dict[str, Any] | None = None) -> Any:
        if self.row is None or not self.is_required or list(value) != [str(self.row.pk)]:
            return super().optgroups(name, value, attr)
        return [(None, [self.create_option(name, self.row.pk, str(self.row), selected=True, index=0)], 0)]


class RowFormSet(BaseInlineFormSet):
    model: Any
    prefix: str
    data: Any

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.versions = current_versions(self.model, [row.pk for row in self.get_queryset()])
        self.lost: list[str] = []  # what to say of rows that others deleted and that this editor changed
        if self.is_bound:
            self._set_aside_deleted_rows()

    def add_fields(self, form: ModelForm, index: int | None) -> None:
        super().add_fields(form, index)
        if isinstance(form, RowForm) and form.instance.pk:
            form.compare_with(self.versions.get(form.instance.pk, 0))
        for name, field in form.fields.items():
            select = getattr(field.widget, "widget", None)  # the admin wraps the widget to add links beside it
            if isinstance(select, PreloadedSelect) and form.instance.pk:
                select.row = getattr(form.instance, name)

    def clean(self) -> None:
        super().clean()
        if problems := [*self.lost, *self._deletions_of_changed_rows()]:
            raise ValidationError(problems)

    def _deletions_of_changed_rows(self) -> Iterator[str]:
        for form in self.deleted_forms:
            if not isinstance(form, RowForm) or form.shown is None:
                continue
            if changes := changes_since(form.instance, form.shown.history_id):
                form.show_value("version", self.versions[form.instance.pk])
                yield f"A row that you delete was changed meanwhile. {' '.join(changes)} Save again to delete it."

    def _set_aside_deleted_rows(self) -> None:
        """Rows that others deleted meanwhile: drops those left alone, and makes new rows of those that were changed.

        Django would refuse the whole form again and again because of their keys.
        """
        stored = {str(row.pk) for row in self.get_queryset()}
        rows = self._posted_rows()
        initial, added = [], []
        for values in rows[: self._number("INITIAL_FORMS")]:
            entry = None if values.get("id", "") in stored else self._deleted_row(values.get("id", ""))
            if entry is None:
                initial.append(values)
            elif not values.get("DELETE") and self._is_changed(values, entry):
                who = signature(self.model.history.filter(id=entry.id).latest("history_id"))
                name = capfirst(self.model._meta.verbose_name)
                advice = "What you wrote is kept as a new row: save again to add it, or delete it."
                self.lost.append(f"{name}: a row that you changed was deleted meanwhile ({who}). {advice}")
                added.append(values | {"id": "", "version": ""})
        if len(initial) < self._number("INITIAL_FORMS"):
            self._renumber(initial, [*rows[self._number("INITIAL_FORMS") :], *added])

    def _number(self, name: str) -> int:
        return parse_row_id(self.data.get(f"{self.prefix}-{name}", "")) or 0

    def _posted_rows(self) -> list[dict[str, Any]]:
        rows: dict[int, dict[str, Any]] = {}
        for key in self.data:
            if match := re.fullmatch(rf"{re.escape(self.prefix)}-([0-9]{{1,4}})-(.+)", key):
                rows.setdefault(int(match[1]), {})[match[2]] = self.data[key]
        return [rows.get(index, {}) for index in range(min(self._number("TOTAL_FORMS"), max(rows, default=-1) + 1))]

    def _deleted_row(self, pk: str) -> Any:
        """The last state of a row that is gone; None if there was none of this form."""
        parent = {self.fk.name: self.instance.pk, "history_type__in": "+~"}
        entries = self.model.history.filter(id=parse_row_id(pk) or 0, **parent)
        return entries.order_by("-history_id").first()

    def _is_changed(self, values: dict[str, Any], entry: Any) -> bool:
        fields = {name: str(value) for name, value in values.items()}
        return bool(self.form(fields, instance=entry.instance).has_changed())

    def _renumber(self, initial: Sequence[dict[str, Any]], added: Sequence[dict[str, Any]]) -> None:
        own = re.compile(rf"{re.escape(self.prefix)}-([0-9]+)-.+")
        data = self.data.copy()
        for key in [key for key in data if own.fullmatch(key)]:
            del data[key]
        for index, values in enumerate([*initial, *added]):
            for name, value in values.items():
                data[f"{self.prefix}-{index}-{name}"] = value
        data[f"{self.prefix}-INITIAL_FORMS"] = str(len(initial))
        data[f"{self.prefix}-TOTAL_FORMS"] = str(len(initial) + len(added))
        self.data = data


class RowInline(KeyAutocompleteAdmin, admin.TabularInline):
    """Only the column heads name the fields, so each field gets an aria-label."""

    extra = 0
    form = RowForm
    formset = RowFormSet

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        foreign_keys = [field.name for field in self.opts.fields if field.many_to_one]
        return super().get_queryset(request).select_related(*foreign_keys)

    def formfield_for_dbfield(self, db_field: models.Field, request: HttpRequest, **kwargs: Any) -> Any:
        form_field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if form_field is not None:
            form_field.widget.attrs["aria-label"] = capfirst(str(form_field.label))
        return form_field

    def formfield_for_foreignkey(self, db_field: models.ForeignKey, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name in self.get_autocomplete_fields(request):
            kwargs["widget"] = PreloadedSelect(db_field, self.admin_site, using=kwargs.get("using"))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

"""Fields that choose rows: they ignore or refuse what is no primary key, and say what became of rows that are gone."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AutocompleteSelect, AutocompleteSelectMultiple
from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpRequest

from comparison.models.optimistic_lock import what_became_of
from comparison.row_ids import parse_row_id


class KeyAutocompleteSelect(AutocompleteSelect):
    """Ignores values that are not primary keys when a refused form is drawn again; Django's own raises ValueError."""

    def optgroups(self, name: str, value: Sequence[str], attr: dict[str, Any] | None = None) -> Any:
        return super().optgroups(name, [key for key in value if parse_row_id(key) is not None], attr)


class KeyAutocompleteSelectMultiple(KeyAutocompleteSelect, AutocompleteSelectMultiple):
    """The same for many rows."""


class RowChoiceField(forms.ModelChoiceField):
    """Says who deleted a row meanwhile, or into what it was merged."""

    def to_python(self, value: Any) -> Any:
        try:
            return super().to_python(value)
        except ValidationError:
            if self.queryset is not None and (fate := what_became_of(self.queryset.model, parse_row_id(str(value)))):
                raise ValidationError(fate, code="invalid_choice") from None
            raise


class RowMultipleChoiceField(forms.ModelMultipleChoiceField):
    """The same for many rows. Refuses what is no primary key; Django's own has the database raise OverflowError."""

    def _check_values(self, value: Any) -> Any:
        for key in value:
            if parse_row_id(str(key)) is None:
                message = self.error_messages["invalid_pk_value"]
                raise ValidationError(message, code="invalid_pk_value", params={"pk": key})
        try:
            return super()._check_values(value)  # type: ignore[misc]  # unknown to the stubs
        except ValidationError:
            model = self.queryset.model if self.queryset is not None else None
            fates = [what_became_of(model, parse_row_id(str(key))) for key in value]
            if any(fates):
                raise ValidationError([fate for fate in fates if fate], code="invalid_choice") from None
            raise


class KeyAutocompleteAdmin(admin.options.BaseModelAdmin):
    """Draws autocomplete fields with KeyAutocompleteSelect, and chooses rows with the fields above."""

    def formfield_for_foreignkey(self, db_field: models.ForeignKey, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name in self.get_autocomplete_fields(request) and "widget" not in kwargs:
            kwargs["widget"] = KeyAutocompleteSelect(db_field, self.admin_site, using=kwargs.get("using"))
        return super().formfield_for_foreignkey(db_field, request, **{"form_class": RowChoiceField} | kwargs)

    def formfield_for_manytomany(self, db_field: models.ManyToManyField, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name in self.get_autocomplete_fields(request):
            select = KeyAutocompleteSelectMultiple(db_field, self.admin_site, using=kwargs.get("using"))
            kwargs |= {"widget": select, "form_class": RowMultipleChoiceField}
        return super().formfield_for_manytomany(db_field, request, **kwargs)

"""What the admin of every catalogue model shares: forms that detect concurrent edits, one edition per public change."""

from collections.abc import Sequence
from typing import Any, cast

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AutocompleteSelect, AutocompleteSelectMultiple
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models, transaction
from django.db.models import QuerySet
from django.forms import BaseInlineFormSet, ModelForm
from django.http import HttpRequest, HttpResponse
from django.utils.html import format_html
from django.utils.text import capfirst
from simple_history.admin import SimpleHistoryAdmin
from simple_history.template_utils import HistoricalRecordContextHelper

from comparison.models import Edition
from comparison.models.optimistic_lock import changes_since, current_version, row_at_version
from comparison.row_ids import parse_row_id

HTTPS: dict[Any, Any] = {models.URLField: {"assume_scheme": "https"}}  # for addresses typed without a scheme


class KeyAutocompleteSelect(AutocompleteSelect):
    """Ignores values that are not primary keys when a refused form is drawn again; Django's own raises ValueError."""

    def optgroups(self, name: str, value: Sequence[str], attr: dict[str, Any] | None = None) -> Any:
        return super().optgroups(name, [key for key in value if parse_row_id(key) is not None], attr)


class KeyAutocompleteSelectMultiple(KeyAutocompleteSelect, AutocompleteSelectMultiple):
    """The same for many rows."""


class KeyMultipleChoiceField(forms.ModelMultipleChoiceField):
    """Refuses values that are not primary keys; Django's own has the database raise OverflowError."""

    def _check_values(self, value: Any) -> Any:
        for key in value:
            if parse_row_id(str(key)) is None:
                message = self.error_messages["invalid_pk_value"]
                raise ValidationError(message, code="invalid_pk_value", params={"pk": key})
        return super()._check_values(value)  # type: ignore[misc]  # unknown to the stubs


class KeyAutocompleteAdmin(admin.options.BaseModelAdmin):
    """Draws autocomplete fields with KeyAutocompleteSelect."""

    def formfield_for_foreignkey(self, db_field: models.ForeignKey, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name in self.get_autocomplete_fields(request):
            kwargs["widget"] = KeyAutocompleteSelect(db_field, self.admin_site, using=kwargs.get("using"))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_manytomany(self, db_field: models.ManyToManyField, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name in self.get_autocomplete_fields(request):
            select = KeyAutocompleteSelectMultiple(db_field, self.admin_site, using=kwargs.get("using"))
            kwargs |= {"widget": select, "form_class": KeyMultipleChoiceField}
        return super().formfield_for_manytomany(db_field, request, **kwargs)


class CatalogueInline(KeyAutocompleteAdmin, admin.TabularInline):
    """Rows below a form. Only the column heads name the fields, so each field gets an aria-label."""

    extra = 0

    def formfield_for_dbfield(self, db_field: models.Field, request: HttpRequest, **kwargs: Any) -> Any:
        form_field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if form_field is not None:
            form_field.widget.attrs["aria-label"] = capfirst(str(form_field.label))
        return form_field


class VersionedForm(ModelForm):
    """A form that carries the version of its row, so that nobody overwrites another editor's change unseen."""

    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk and "version" in self.fields:
            self.fields["version"].initial = current_version(self.instance)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        expected = cleaned.get("version")
        if not self.instance.pk or expected is None:
            return cleaned
        stored = type(self.instance)._default_manager.select_for_update().filter(pk=self.instance.pk).first()
        if stored and expected != (current := current_version(stored)) and (changes := changes_since(stored, expected)):
            self._show_stored_values(cleaned, row_at_version(stored, expected), stored, current)
            advice = (
                "This was changed while your form was open. What you left alone now shows what is stored; "
                "what you wrote is still here: save again to keep it."
            )
            raise ValidationError([advice, *changes])
        return cleaned

    def _show_stored_values(self, cleaned: dict[str, Any], shown: Any, stored: Any, current: int) -> None:
        """Updates the fields that the user left alone to what others have stored since."""
        data = self.data.copy()
        data[self.add_prefix("version")] = str(current)
        for field in stored._meta.concrete_fields:
            if field.name in cleaned and hasattr(shown, field.attname):
                before, after = getattr(shown, field.attname), getattr(stored, field.attname)
                if before != after and getattr(cleaned[field.name], "pk", cleaned[field.name]) == before:
                    data[self.add_prefix(field.name)] = "" if after is None else str(after)
        self.data: Any = data


class HistoryContextHelper(HistoricalRecordContextHelper):
    """Adds the name of the changed field to each change on a history page; the package gives only its label."""

    def context_for_delta_changes(self, delta: Any) -> list[dict[str, Any]]:
        changes = super().context_for_delta_changes(delta)
        return [{**shown, "name": change.field} for shown, change in zip(changes, delta.changes, strict=True)]


class CatalogueAdmin(KeyAutocompleteAdmin, SimpleHistoryAdmin):
    """Publishes one edition for each request that changes public data; history pages require the rights of edits."""

    form = VersionedForm
    list_per_page = 50
    formfield_overrides = HTTPS
    show_full_result_count = False

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """Adds the version to forms whose fieldsets leave it out; the page hides it."""
        (name, options), *others = super().get_fieldsets(request, obj)
        if "version" in options["fields"]:
            return [(name, options), *others]
        return [(name, {**options, "fields": [*options["fields"], "version"]}), *others]

    def save_model(self, request: HttpRequest, obj: models.Model, form: ModelForm, change: bool) -> None:
        before = type(obj)._default_manager.filter(pk=obj.pk).first() if change else None
        super().save_model(request, obj, form, change)
        if before is None or changed_fields(before, obj):
            self.publish(request, f"{capfirst(obj._meta.verbose_name)} {'changed' if change else 'added'}: {obj}")

    def save_formset(self, request: HttpRequest, form: ModelForm, formset: BaseInlineFormSet, change: bool) -> None:
        super().save_formset(request, form, formset, change)
        if formset.has_changed():
            self.publish(request, f"{capfirst(form.instance._meta.verbose_name)} changed: {form.instance}")

    def delete_model(self, request: HttpRequest, obj: models.Model) -> None:
        name = str(obj)
        super().delete_model(request, obj)
        self.publish(request, f"{capfirst(obj._meta.verbose_name)} deleted: {name}")

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        with transaction.atomic():
            names = ", ".join(str(row) for row in queryset)
            super().delete_queryset(request, queryset)
            self.publish(request, f"{capfirst(self.opts.verbose_name_plural)} deleted: {names}")

    def publish(self, request: HttpRequest, summary: str) -> None:
        """Publishes one edition per request, however many rows it changes."""
        if not getattr(request, "published", False):
            Edition.objects.publish(summary, current_user(request))
            request.published = True  # type: ignore[attr-defined]

    def get_history_queryset(
        self, request: HttpRequest, history_manager: Any, pk_name: str, object_id: Any
    ) -> QuerySet[Any]:
        """The package asks for the related rows of models that have none, too, which Django deprecates."""
        if any(isinstance(field, models.ForeignKey) for field in history_manager.model.tracked_fields):
            return super().get_history_queryset(request, history_manager, pk_name, object_id)
        return history_manager.filter(**{pk_name: object_id}).select_related("history_user")

    def get_historical_record_context_helper(
        self, request: HttpRequest, historical_record: Any
    ) -> HistoricalRecordContextHelper:
        return HistoryContextHelper(self.model, historical_record)

    def history_form_view(
        self, request: HttpRequest, object_id: str, version_id: str, extra_context: Any = None
    ) -> HttpResponse:
        """Viewing an old version requires permission to view; reverting to it requires permission to change the row."""
        if request.method == "POST" and not self.has_change_permission(request, self.get_object(request, object_id)):
            raise PermissionDenied
        with transaction.atomic():
            response: HttpResponse = super().history_form_view(request, object_id, version_id, extra_context)
        return response


def current_user(request: HttpRequest) -> User:
    """The signed-in user; every admin page requires a login."""
    return cast("User", request.user)


def changed_fields(before: models.Model, after: models.Model) -> list[str]:
    names = [field.attname for field in before._meta.concrete_fields]
    return [name for name in names if getattr(before, name) != getattr(after, name)]


def public_link(path: str, text: str = "View on the site") -> str:
    return format_html('<a href="{}">{}</a>', path, text)

"""What every page of the catalogue in the admin shares: one edition for each change the public can see."""

from collections.abc import Sequence
from typing import Any, cast

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AutocompleteSelect
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models, transaction
from django.db.models import QuerySet
from django.forms import BaseInlineFormSet, ModelForm
from django.http import HttpRequest, HttpResponse
from django.utils.html import format_html
from django.utils.text import capfirst
from simple_history.admin import SimpleHistoryAdmin

from comparison.models import Edition
from comparison.models.optimistic_lock import changes_since, newest, version
from comparison.row_ids import whole_id

Form = ModelForm

HTTPS: dict[Any, Any] = {models.URLField: {"assume_scheme": "https"}}  # what an address without a scheme is taken for


class KeysOnly(AutocompleteSelect):
    """Draws a refused form again whatever stood in it; Django's own looks up every value as a key and breaks."""

    def optgroups(self, name: str, value: Sequence[str], attr: dict[str, Any] | None = None) -> Any:
        return super().optgroups(name, [one for one in value if whole_id(one) is not None], attr)


class Searching(admin.options.BaseModelAdmin):
    """What finds other rows as one types takes anything that is sent."""

    def formfield_for_foreignkey(self, db_field: models.ForeignKey, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name in self.get_autocomplete_fields(request):
            kwargs["widget"] = KeysOnly(db_field, self.admin_site, using=kwargs.get("using"))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


class CatalogueInline(Searching, admin.TabularInline):
    """Rows below a form, whose fields have no label of their own but their column's head."""

    extra = 0

    def formfield_for_dbfield(self, db_field: models.Field, request: HttpRequest, **kwargs: Any) -> Any:
        found = super().formfield_for_dbfield(db_field, request, **kwargs)
        if found is not None:
            found.widget.attrs["aria-label"] = capfirst(str(found.label))
        return found


class VersionedForm(ModelForm):
    """A form that knows which version of its row it showed, so that a second editor cannot undo the first unseen."""

    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk and "version" in self.fields:
            self.fields["version"].initial = newest(self.instance)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        seen = cleaned.get("version")
        if not self.instance.pk or seen is None:
            return cleaned
        stored = type(self.instance)._default_manager.select_for_update().filter(pk=self.instance.pk).first()
        if stored and seen != (now := newest(stored)) and (changes := changes_since(stored, seen)):
            self._redraw(cleaned, version(stored, seen), stored, now)
            advice = (
                "This was changed while your form was open. What you left alone now shows what is stored; "
                "what you wrote is still here: save again to keep it."
            )
            raise ValidationError([advice, *changes])
        return cleaned

    def _redraw(self, cleaned: dict[str, Any], shown: Any, stored: Any, now: int) -> None:
        """Puts what others stored into the fields that still say what was shown."""
        data = self.data.copy()
        data[self.add_prefix("version")] = str(now)
        for field in stored._meta.concrete_fields:
            if field.name in cleaned and hasattr(shown, field.attname):
                before, after = (getattr(one, field.attname) for one in (shown, stored))
                if before != after and getattr(cleaned[field.name], "pk", cleaned[field.name]) == before:
                    data[self.add_prefix(field.name)] = "" if after is None else str(after)
        self.data: Any = data


class CatalogueAdmin(Searching, SimpleHistoryAdmin):
    """One edition for each save that the public can see, and history pages as strict as edits."""

    form = VersionedForm
    list_per_page = 50
    formfield_overrides = HTTPS
    show_full_result_count = False

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """The version goes along in every form that can be saved."""
        (name, options), *rest = super().get_fieldsets(request, obj)
        if obj is None or "version" in options["fields"] or not self.has_change_permission(request, obj):
            return [(name, options), *rest]
        return [(name, {**options, "fields": [*options["fields"], "version"]}), *rest]

    def save_model(self, request: HttpRequest, obj: models.Model, form: Form, change: bool) -> None:
        before = type(obj)._default_manager.filter(pk=obj.pk).first() if change else None
        super().save_model(request, obj, form, change)
        if before is None or differences(before, obj):
            self.publish(request, f"{capfirst(obj._meta.verbose_name)} {'changed' if change else 'added'}: {obj}")

    def save_formset(self, request: HttpRequest, form: Form, formset: BaseInlineFormSet, change: bool) -> None:
        super().save_formset(request, form, formset, change)
        if formset.has_changed():
            self.publish(request, f"{capfirst(form.instance._meta.verbose_name)} changed: {form.instance}")

    def delete_model(self, request: HttpRequest, obj: models.Model) -> None:
        name = str(obj)
        super().delete_model(request, obj)
        self.publish(request, f"{capfirst(obj._meta.verbose_name)} deleted: {name}")

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        with transaction.atomic():
            names = ", ".join(str(one) for one in queryset)
            super().delete_queryset(request, queryset)
            self.publish(request, f"{capfirst(self.opts.verbose_name_plural)} deleted: {names}")

    def publish(self, request: HttpRequest, summary: str) -> None:
        """One edition a request, however many rows it touches."""
        if not getattr(request, "published", False):
            Edition.objects.publish(summary, person(request))
            request.published = True  # type: ignore[attr-defined]

    def history_form_view(
        self, request: HttpRequest, object_id: str, version_id: str, extra_context: Any = None
    ) -> HttpResponse:
        """Showing an old version needs the right to view, going back to it the right to change the present one."""
        if request.method == "POST" and not self.has_change_permission(request, self.get_object(request, object_id)):
            raise PermissionDenied
        with transaction.atomic():
            response: HttpResponse = super().history_form_view(request, object_id, version_id, extra_context)
        return response


def person(request: HttpRequest) -> User:
    """The signed-in user; every admin page requires a login."""
    return cast("User", request.user)


def differences(before: models.Model, after: models.Model) -> list[str]:
    """Names of the fields in which two versions of one row differ."""
    names = [field.attname for field in before._meta.concrete_fields]
    return [name for name in names if getattr(before, name) != getattr(after, name)]


def public_link(path: str, text: str = "View on the site") -> str:
    return format_html('<a href="{}">{}</a>', path, text)

"""What the admin of every catalogue model shares: forms that detect concurrent edits, one edition per public change."""

from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import Any, cast

from django.contrib import messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db import models
from django.db.models import QuerySet
from django.forms import BaseInlineFormSet, ModelForm
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.html import format_html
from django.utils.text import capfirst
from simple_history.admin import SimpleHistoryAdmin
from simple_history.template_utils import HistoricalRecordContextHelper

from comparison.admin.editing.fields import KeyAutocompleteAdmin
from comparison.admin.editing.second_try import NoLongerAllowed
from comparison.admin.editing.versioned_form import VersionedForm, VersionField
from comparison.models import Edition
from comparison.models.editions import writing
from comparison.models.optimistic_lock import changes_since, current_version, what_became_of
from comparison.models.relations.history import relation_fields
from comparison.row_ids import parse_row_id
from comparison.text_search.folding import holds, needles

HTTPS: dict[Any, Any] = {models.URLField: {"assume_scheme": "https"}}  # for addresses typed without a scheme


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
    reading_actions: Sequence[str] = ()  # actions that change nothing

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> Any:
        """Finds words as the site's own search does, on every database: in any case, Unicode form and script."""
        if not search_term.strip():
            return queryset, False
        wanted = needles(search_term)
        rows = queryset.order_by().values_list("pk", *self.get_search_fields(request))
        found = [pk for pk, *texts in rows if wanted and holds([text for text in texts if text], wanted)]
        return queryset.filter(pk__in=found), False

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """Adds the versions to forms whose fieldsets leave them out; the page hides them."""
        (name, options), *others = super().get_fieldsets(request, obj)
        declared = self.form.declared_fields.items()
        versions = [field_name for field_name, field in declared if isinstance(field, VersionField)]
        missing = [field_name for field_name in versions if field_name not in options["fields"]]
        return [(name, {**options, "fields": [*options["fields"], *missing]}), *others]

    def changeform_view(
        self, request: HttpRequest, object_id: str | None = None, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        with alone_if_posted(request):
            if request.method == "POST" and object_id:
                self.refuse_what_others_took(request, object_id)
            return super().changeform_view(request, object_id, form_url, extra_context)

    def delete_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        """Asks again if somebody has changed the row since the page asked."""
        with alone_if_posted(request):
            row = self.get_object(request, object_id)
            version = current_version(row) if row is not None else 0
            seen = parse_row_id(request.POST.get("version", ""))
            if row is not None and seen is not None and seen != version:
                lines = ["This was changed since you looked.", *changes_since(row, seen), "Delete it all the same?"]
                messages.warning(request, " ".join(lines))
                return redirect(request.get_full_path())
            return super().delete_view(request, object_id, {"version": version, **(extra_context or {})})

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        only_reads = request.POST.get("action") in self.reading_actions
        with nullcontext() if only_reads else alone_if_posted(request):
            return super().changelist_view(request, extra_context)

    def refuse_what_others_took(self, request: HttpRequest, object_id: str) -> None:
        """Keeps what was typed for a row that was deleted meanwhile, or that the user may no longer change."""
        row = self.get_object(request, object_id)
        if row is None:
            raise Http404(what_became_of(self.model, parse_row_id(object_id)))
        if self.has_change_permission(request) and not self.has_change_permission(request, row):
            version = parse_row_id(request.POST.get("version", ""))
            changes = changes_since(row, version) if version is not None else []
            raise NoLongerAllowed(" ".join(["You may not change this any more.", *changes]))

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

    def set_history_delta_changes(self, request: HttpRequest, historical_records: Any, **options: Any) -> None:
        """Adds what changed in relations of many to many, by name; a query for each relation."""
        super().set_history_delta_changes(request, historical_records, **options)
        entries = list(historical_records)
        for field in relation_fields(self.model):
            keys = [(entry.relations or {}).get(field.name) for entry in entries]
            model = field.related_model
            rows = model._default_manager.in_bulk({key for known in keys for key in known or ()})
            for entry, after, before in zip(entries, keys, keys[1:], strict=False):
                if after is not None and before is not None and after != before:
                    old, new = (
                        ", ".join(row_name(model, key, rows.get(key)) for key in known) for known in (before, after)
                    )
                    change = {"field": capfirst(field.verbose_name), "old": old, "new": new, "name": field.name}
                    entry.history_delta_changes = [*entry.history_delta_changes, change]

    def get_historical_record_context_helper(
        self, request: HttpRequest, historical_record: Any
    ) -> HistoricalRecordContextHelper:
        return HistoryContextHelper(self.model, historical_record)

    def history_form_view(
        self, request: HttpRequest, object_id: str, version_id: str, extra_context: Any = None
    ) -> HttpResponse:
        """Viewing an old version requires permission to view; reverting to it requires permission to change the row."""
        with alone_if_posted(request):
            if request.method == "POST" and not self.has_change_permission(
                request, self.get_object(request, object_id)
            ):
                raise PermissionDenied
            response: HttpResponse = super().history_form_view(request, object_id, version_id, extra_context)
        return response


def alone_if_posted(request: HttpRequest) -> AbstractContextManager[None]:
    """During a post nobody else changes the catalogue, so that what is checked still holds when it is stored."""
    return writing() if request.method == "POST" else nullcontext()


def current_user(request: HttpRequest) -> User:
    """The signed-in user; every admin page requires a login."""
    return cast("User", request.user)


def changed_fields(before: models.Model, after: models.Model) -> list[str]:
    names = [field.attname for field in before._meta.concrete_fields]
    return [name for name in names if getattr(before, name) != getattr(after, name)]


def row_name(model: Any, pk: int, row: models.Model | None) -> str:
    """The name of a row; its number if it is gone, or a claim, whose name would need its cell."""
    is_claim = model._meta.model_name == "claim"
    return f"{model._meta.verbose_name} {pk}" if is_claim or row is None else str(row)


def public_link(path: str, text: str = "View on the site") -> str:
    return format_html('<a href="{}">{}</a>', path, text)

"""Checks in the admin."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.forms import ModelForm
from django.http import HttpRequest
from simple_history.admin import SimpleHistoryAdmin

from comparison.admin.base import CatalogueAdmin, changed_fields, current_user
from comparison.admin.pages.check_claim import announce
from comparison.models import Check


@admin.register(Check)
class CheckAdmin(CatalogueAdmin):
    list_display = ["finding", "claim", "note", "by", "on"]
    list_filter = ["finding", "claim__framework"]
    list_select_related = ["claim__framework", "claim__criterion", "by"]
    search_fields = ["note", "claim__statement"]
    autocomplete_fields = ["claim"]
    readonly_fields = ["by", "deciding"]
    fieldsets = [
        (
            None,
            {
                "fields": ["claim", "finding", "note", "evidence", "deciding", "on", "by"],
                "description": "A claim’s own page has “Check this claim”, which shows what each finding would do.",
            },
        )
    ]

    @admin.display(description="decided by")
    def deciding(self, check: Check) -> str:
        return ", ".join(f"claim {pk}" for pk in check.decided_by.values_list("pk", flat=True)) or "no claim"

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Checks are added on the claim's page, which shows their effect on the verdict first."""
        return False

    def save_model(self, request: HttpRequest, obj: Any, form: ModelForm, change: bool) -> None:
        before = Check.objects.filter(pk=obj.pk).first() if change else None
        if before is None:
            obj.by = current_user(request)
        SimpleHistoryAdmin.save_model(self, request, obj, form, change)
        if before is None or changed_fields(before, obj):
            announce({obj.claim_id, before.claim_id if before else obj.claim_id}, request)

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        admin.ModelAdmin.delete_model(self, request, obj)
        announce({obj.claim_id}, request)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        ids = set(queryset.values_list("claim_id", flat=True))
        admin.ModelAdmin.delete_queryset(self, request, queryset)
        announce(ids, request)

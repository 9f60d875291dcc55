"""Checks in the admin: what was found out about a claim, and what each finding would do to its verdict."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin import ModelAdmin
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods
from simple_history.admin import SimpleHistoryAdmin

from comparison.admin.base import CatalogueAdmin, Form, differences, person
from comparison.curation.effects import effect_of_check
from comparison.evidence import Finding
from comparison.models import Check, Claim, Source, choices, sign
from comparison.models.optimistic_lock import StaleVersion, check_unchanged, newest
from comparison.tables.verdict_detail import value_of

MEANING = {
    Finding.CONFIRMED: "It is so; you looked elsewhere than in this source.",
    Finding.OUTDATED: "It was so once. The claim no longer counts.",
    Finding.MISLEADING: "True by the letter, but it gives a wrong idea. The claim counts and wears the mark.",
    Finding.FALSE: "It is not so. The claim no longer counts.",
}


def urls(admin: ModelAdmin) -> list[URLPattern]:
    """Below the claims' own addresses."""
    view = admin.admin_site.admin_view(check_claim)
    return [path("<int:pk>/check/", view, {"admin": admin}, name="comparison_claim_check")]


class CheckForm(forms.ModelForm):
    """What was found out about one claim. The claim is given, not chosen."""

    finding = forms.ChoiceField(
        choices=choices(Finding),
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what you found.", "invalid_choice": "Choose one of the four findings."},
    )
    evidence = forms.URLField(
        assume_scheme="https",
        max_length=500,
        required=False,
        label="Address of the evidence",
        help_text="Where anyone can see it: documentation, release notes, a measurement.",
    )
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)  # of the claim, as it was shown
    no_address = forms.BooleanField(required=False, label="There is no address; the note says where it can be seen.")

    class Meta:
        model = Check
        fields = ["finding", "note", "evidence", "on"]
        widgets = {
            "note": forms.Textarea(attrs={"rows": 3, "cols": 60}),
            "on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        }
        labels = {"on": "Checked on"}
        error_messages = {"note": {"required": "Say in a sentence or two what you found."}}

    def __init__(self, claim: Claim, data: Any = None) -> None:
        super().__init__(data, instance=Check(claim=claim), initial={"version": newest(claim)})
        self.fields["on"].widget.attrs |= {"max": timezone.localdate().isoformat()}
        if claim.source.published:
            self.fields["on"].widget.attrs |= {"min": claim.source.published.isoformat()}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not cleaned.get("evidence") and not cleaned.get("no_address") and "evidence" not in self.errors:
            self.add_error("evidence", "Give the address where anyone can see it, or say that there is none.")
        return cleaned

    def _get_validation_exclusions(self) -> set[str]:
        exclude: set[str] = super()._get_validation_exclusions()  # type: ignore[misc]
        return exclude - {
            "claim"
        }  # given with the form, so that a repeated check is told and not refused by the database


@require_http_methods(["GET", "HEAD", "POST"])
def check_claim(request: HttpRequest, pk: int, admin: ModelAdmin) -> HttpResponse:
    if not all(request.user.has_perm(f"comparison.{right}") for right in ("view_claim", "add_check")):
        raise PermissionDenied
    claim = get_object_or_404(Claim.objects.with_names(), pk=pk)
    form = CheckForm(claim)
    if request.method == "POST":
        form = CheckForm(claim, request.POST)
        if recorded(form, request):
            messages.success(request, f"Check recorded: claim {claim.pk} is {form.instance.finding}.")
            return redirect(way_back(request, claim))
    return render(request, "admin/comparison/claim/check.html", page(request, claim, form, admin))


@transaction.atomic
def recorded(form: CheckForm, request: HttpRequest) -> bool:
    """Records a check that is well made. One at a time, so that a second click finds the check of the first."""
    check = form.instance
    claim = Claim.objects.select_for_update().get(pk=check.claim_id)
    if form.is_valid() and (seen := form.cleaned_data["version"]) is not None:
        try:
            check_unchanged(claim, seen)
        except StaleVersion as changed:
            form.add_error(None, changed)
            form.data = {**request.POST.dict(), "version": str(newest(claim))}
    if not form.is_valid():
        return False
    check.by = person(request)
    sign(check, person(request), "added")
    check.save()
    announce({check.claim_id}, request)
    return True


def page(request: HttpRequest, claim: Claim, form: CheckForm, admin: ModelAdmin) -> dict[str, Any]:
    effects = [effect_of_check(claim, finding) for finding in Finding]
    now = effects[0]
    radios = form["finding"].subwidgets
    others = [one for one in now.before.claims.values() if one.pk != claim.pk]
    return {
        **admin.admin_site.each_context(request),
        "opts": admin.model._meta,
        "title": "Check this claim",
        "claim": claim,
        "value": value_of(claim).text,
        "passage": passage_of(claim),
        "now": now.told_before,
        "others": [
            (one, value_of(one).text, now.references[one.source_id].source, one.pk in now.before.verdict.set_aside)
            for one in others
        ],
        "checks": claim.checks.select_related("by").order_by("on", "id"),
        "options": list(zip(radios, map(MEANING.get, Finding), effects, strict=True)),
        "form": form,
        "next": way_back(request, claim),
    }


def passage_of(claim: Claim) -> str:
    """The words a claim rests on: those at its place where the text is held, else its quote."""
    text = Source.objects.values_list("text", flat=True).get(pk=claim.source_id)
    return text[claim.start : claim.end] if text and claim.start is not None else claim.quote


def way_back(request: HttpRequest, claim: Claim) -> str:
    """Where one came from, if that is one of our pages and not this one; else the claim."""
    here = reverse("admin:comparison_claim_check", args=[claim.pk])
    given = request.POST.get("next") or request.GET.get("next") or request.META.get("HTTP_REFERER", "")
    ours = url_has_allowed_host_and_scheme(given, {request.get_host()}, require_https=request.is_secure())
    return given if ours and here not in given else reverse("admin:comparison_claim_change", args=[claim.pk])


def announce(ids: set[int], request: HttpRequest) -> None:
    """One edition for the published ones of the claims whose checks changed; the public sees no others."""
    claims = Claim.objects.published().filter(pk__in=ids)
    cells = "; ".join(claim.cell for claim in claims.with_names())
    if cells:
        claims.announce(f"Claim checked: {cells}", person(request))


@admin.register(Check)
class CheckAdmin(CatalogueAdmin):
    list_display = ["finding", "claim", "note", "by", "on"]
    list_filter = ["finding", "claim__framework"]
    list_select_related = ["claim__framework", "claim__criterion", "by"]
    search_fields = ["note", "claim__statement"]
    autocomplete_fields = ["claim"]
    readonly_fields = ["by"]
    fieldsets = [
        (
            None,
            {
                "fields": ["claim", "finding", "note", "evidence", "on", "by"],
                "description": "A claim’s own page has “Check this claim”, which shows what each finding would do.",
            },
        )
    ]

    def has_add_permission(self, request: HttpRequest) -> bool:
        """On the claim's page, which shows what a check does to the verdict before it is recorded."""
        return False

    def save_model(self, request: HttpRequest, obj: Any, form: Form, change: bool) -> None:
        before = Check.objects.filter(pk=obj.pk).first() if change else None
        if before is None:
            obj.by = person(request)
        SimpleHistoryAdmin.save_model(self, request, obj, form, change)
        if before is None or differences(before, obj):
            announce({obj.claim_id, before.claim_id if before else obj.claim_id}, request)

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        admin.ModelAdmin.delete_model(self, request, obj)
        announce({obj.claim_id}, request)

    @transaction.atomic
    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        ids = set(queryset.values_list("claim_id", flat=True))
        admin.ModelAdmin.delete_queryset(self, request, queryset)
        announce(ids, request)

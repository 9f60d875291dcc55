"""Claims in the admin."""

from typing import Any

from django.conf import settings
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import URLPattern, URLResolver, reverse
from django.utils.text import Truncator

from comparison.admin import find
from comparison.admin.base import CatalogueAdmin, alone_if_posted, current_user, public_link
from comparison.admin.claim_forms import ClaimForm
from comparison.admin.editing.inlines import RowInline
from comparison.admin.pages import check_claim, import_export, merge, own_claims, quality, review_queue
from comparison.admin.pages.transitions import counted, transition_all
from comparison.models import Batch, Check, Claim, ClaimState, sign
from comparison.tables.verdict_detail import value_of


class CheckInline(RowInline):
    """The checks of a claim, read-only: the page “Check this claim” adds them."""

    model = Check
    fields = ["finding", "note", "evidence", "by", "on"]
    readonly_fields = ["finding", "note", "evidence", "by", "on"]
    can_delete = False
    show_change_link = True

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


EDITED_BY_AUTHORS = (ClaimState.DRAFT.value, ClaimState.SUBMITTED.value)


@admin.register(Claim)
class ClaimAdmin(CatalogueAdmin):
    ordering = ["-id"]
    list_per_page = 150
    form = ClaimForm
    list_display = ["statement", "cell", "value", "source_title", "place", "state"]
    list_display_links = ["statement"]
    search_help_text = "Words of statement, item, quote, section or criterion"
    list_filter = ["state", "framework", "criterion__kind", "criterion__category", "source"]
    search_fields = ["statement", "item", "quote", "section", "criterion__name"]  # see get_search_results
    show_full_result_count = False  # it counts all claims beside those that are looked for
    autocomplete_fields = ["source"]
    readonly_fields = [
        "state",
        "state_reason",
        "created_by",
        "created_at",
        "published_by",
        "published_at",
        "on_site",
    ]
    actions = ["submit", "publish_claims", "reject", "retract", "redraft", "export_csv", "export_catalogue"]
    reading_actions = ["export_csv", "export_catalogue"]
    inlines = [CheckInline]
    fieldsets = [
        (None, {"fields": ["framework", "criterion", "source", "statement"]}),
        (
            "Value",
            {
                "fields": ["level", "support", ("low", "high"), "item"],
                "description": "Shown is the one that the criterion's kind asks for.",
                "classes": ["value"],
            },
        ),
        (
            "Place",
            {
                "fields": ["section", ("start", "end"), "quote", "version_range"],
                "description": "Where the text is held, a place fills in the quote, and a quote the place.",
            },
        ),
        (
            "State",
            {
                "fields": [
                    "state",
                    "state_reason",
                    ("created_by", "created_at"),
                    ("published_by", "published_at"),
                    "on_site",
                ]
            },
        ),
    ]

    class Media:
        css = {"all": ["admin-claim.css"]}

    def get_urls(self) -> list[URLPattern | URLResolver]:
        return [
            *review_queue.urlpatterns,
            *own_claims.urlpatterns,
            *check_claim.urlpatterns,
            *quality.urlpatterns,
            *find.urlpatterns,
            *merge.claim_urlpatterns,
            *import_export.urlpatterns,
            *super().get_urls(),
        ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Claim]:
        related = ("framework", "criterion", "source", "created_by", "published_by")
        return super().get_queryset(request).select_related(*related).defer("source__text")

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> Any:
        return queryset.containing_anywhere(search_term) if search_term.strip() else queryset, False

    def get_inlines(self, request: HttpRequest, obj: Claim | None) -> Any:
        return self.inlines if obj else []  # a new claim has no checks

    @admin.display(description="value")
    def value(self, claim: Claim) -> str:
        return value_of(claim).text

    @admin.display(description="framework, criterion", ordering="framework__name")
    def cell(self, claim: Claim) -> str:
        return f"{claim.framework}, {claim.criterion}"

    @admin.display(description="source", ordering="source")
    def source_title(self, claim: Claim) -> str:
        return Truncator(claim.source.title).chars(40)

    @admin.display(description="place", ordering="start")
    def place(self, claim: Claim) -> str:
        return "" if claim.start is None else f"{claim.start}\N{EN DASH}{claim.end}"

    @admin.display(description="on the site")
    def on_site(self, claim: Claim) -> str:
        return public_link(claim.get_absolute_url()) if claim.published else "not published"

    def has_change_permission(self, request: HttpRequest, obj: Claim | None = None) -> bool:
        """Contributors may change what they wrote until it is published; users who may publish may change any claim."""
        if not super().has_change_permission(request, obj):
            return False
        if obj is None or request.user.has_perm("comparison.publish_claim"):
            return True
        return obj.state in EDITED_BY_AUTHORS and obj.created_by_id == request.user.pk

    def has_delete_permission(self, request: HttpRequest, obj: Claim | None = None) -> bool:
        """Authors may delete their own drafts that were never public."""
        if super().has_delete_permission(request, obj):
            return True
        if obj is None or obj.state != ClaimState.DRAFT.value or obj.published_at is not None:
            return False
        return obj.created_by_id == request.user.pk and self.has_change_permission(request, obj)

    def get_view_on_site_url(self, obj: Claim | None = None) -> str | None:
        return super().get_view_on_site_url(obj) if obj is None or obj.published else None

    def response_change(self, request: HttpRequest, obj: Claim) -> HttpResponse:
        """Returns to the review queue if the user came from there."""
        queue_url = request.GET.get("back", "")
        stays_here = bool({"_continue", "_addanother"} & set(request.POST))
        if queue_url.startswith(reverse("admin:comparison_claim_queue")) and not stays_here:
            messages.success(request, f"Claim {obj.pk} is saved.")
            return redirect(queue_url)
        return super().response_change(request, obj)

    def save_model(self, request: HttpRequest, obj: Any, form: ModelForm, change: bool) -> None:
        if change:
            obj.revise(request.user)
            changed = set(form.changed_data)
            if changed & set(Claim.VALUES) and not changed & {"start", "end", "quote"}:
                messages.warning(request, "The value changed, its place and quote did not. Does the passage say so?")
        else:
            obj.created_by = current_user(request)
            sign(obj, current_user(request), "added")
            obj.save()

    def changeform_view(
        self, request: HttpRequest, object_id: str | None = None, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        with alone_if_posted(request):
            claim = self.get_object(request, object_id) if object_id else None
            context = {"steps": self.next_steps(request, claim), **(extra_context or {})}
            return super().changeform_view(request, object_id, form_url, context)

    def next_steps(self, request: HttpRequest, claim: Claim | None) -> dict[str, str]:
        """The buttons that save and make a transition: labels by name. Nobody publishes alone what they changed."""
        state = ClaimState(claim.state) if claim else ClaimState.DRAFT
        steps = {"_submit": "Save and submit"} if state is ClaimState.DRAFT else {}
        if claim and state is ClaimState.SUBMITTED and claim.created_by_id == request.user.pk:
            steps["_withdraw"] = "Save and take back"
        may_publish = self.has_publish_permission(request) and not settings.REQUIRE_SECOND_REVIEWER
        if claim and claim.came_back:
            return steps  # the review queue shows why
        if state in (ClaimState.DRAFT, ClaimState.SUBMITTED) and may_publish:
            steps["_publish"] = "Save and publish"
        return steps

    def save_related(self, request: HttpRequest, form: ModelForm, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        claim = form.instance
        if "_withdraw" in request.POST and claim.state == ClaimState.SUBMITTED.value:
            claim.transition(ClaimState.DRAFT, request.user)
            return
        if "_publish" in request.POST and claim.came_back:
            messages.warning(
                request, "It was public before and came back: publish it in the review queue, which shows why."
            )
            return
        next_states = {
            ClaimState.DRAFT: [ClaimState.SUBMITTED, ClaimState.PUBLISHED],
            ClaimState.SUBMITTED: [ClaimState.PUBLISHED],
        }
        steps = next_states.get(ClaimState(claim.state), []) if {"_publish", "_submit"} & set(request.POST) else []
        for step in steps:
            if step is ClaimState.SUBMITTED or "_publish" in request.POST:
                claim.transition(step, request.user)

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """Refuses to delete claims that are or were public; these are retracted with a reason instead."""
        deleted, counts, perms, protected = super().get_deleted_objects(objs, request)
        advice = "is or was public and stays on record. Retract it instead, with a reason."
        public = [f"Claim {claim.pk} {advice}" for claim in objs if claim.published or claim.published_at]
        return deleted, counts, perms, [*protected, *public]

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        self.delete_queryset(request, Claim.objects.filter(pk=obj.pk))

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Claim]) -> None:
        claims = list(queryset)
        with Batch.objects.open(f"{counted(claims)} deleted", current_user(request)):
            for claim in claims:  # one by one, so that each leaves a history entry
                sign(claim, current_user(request), "deleted")
                claim.delete()

    @admin.action(description="Submit for review …", permissions=["change"])
    def submit(self, request: HttpRequest, claims: QuerySet[Claim]) -> HttpResponse | None:
        return transition_all(request, claims, ClaimState.SUBMITTED)

    @admin.action(description="Publish …", permissions=["publish"])
    def publish_claims(self, request: HttpRequest, claims: QuerySet[Claim]) -> HttpResponse | None:
        return transition_all(request, claims, ClaimState.PUBLISHED)

    @admin.action(description="Reject …", permissions=["publish"])
    def reject(self, request: HttpRequest, claims: QuerySet[Claim]) -> HttpResponse | None:
        return transition_all(request, claims, ClaimState.REJECTED)

    @admin.action(description="Retract …", permissions=["publish"])
    def retract(self, request: HttpRequest, claims: QuerySet[Claim]) -> HttpResponse | None:
        return transition_all(request, claims, ClaimState.RETRACTED)

    @admin.action(description="Take back to draft …", permissions=["change"])
    def redraft(self, request: HttpRequest, claims: QuerySet[Claim]) -> HttpResponse | None:
        return transition_all(request, claims, ClaimState.DRAFT)

    @admin.action(description="Export as CSV", permissions=["view"])
    def export_csv(self, request: HttpRequest, claims: QuerySet[Claim]) -> HttpResponseBase:
        return import_export.export_csv(claims)

    @admin.action(description="Export as catalogue file", permissions=["view"])
    def export_catalogue(self, request: HttpRequest, claims: QuerySet[Claim]) -> HttpResponseBase:
        return import_export.export_catalogue(claims)

    def has_publish_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("comparison.publish_claim")

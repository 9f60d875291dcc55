"""Merging two claims, or one criterion into another."""

from dataclasses import dataclass
from operator import attrgetter
from typing import Self

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path

from comparison.admin.admin_page import Context, admin_page
from comparison.admin.base import current_user
from comparison.curation.effects import Effect, effect_of_claim
from comparison.curation.merging import claims_obstacle, merge_claims, merge_criteria, plan_criterion_merge
from comparison.models import Claim, Criterion
from comparison.models.optimistic_lock import current_version, what_became_of
from comparison.row_ids import parse_row_id
from comparison.tables.verdict_detail import value_of

GET_OR_POST = ("GET", "POST")
MERGE_CRITERIA = ("comparison.change_criterion", "comparison.delete_criterion", "comparison.publish_claim")


@dataclass(frozen=True, slots=True)
class Side:
    """One of two claims, and what keeping it would mean."""

    claim: Claim
    other: Claim
    value: str
    checks: int
    obstacle: str
    effect: Effect | None

    @classmethod
    def of(cls, claim: Claim, other: Claim) -> Self:
        effect = effect_of_claim(other, counts=False) if other.published else None
        obstacle = claims_obstacle(claim, other)
        return cls(claim, other, value_of(claim).text, claim.checks.count(), obstacle, effect)


@admin_page(
    Claim, "comparison.publish_claim", template="merge_claims.html", title="Merge two claims", methods=GET_OR_POST
)
def merge_two(request: HttpRequest) -> HttpResponse | Context:
    """Two claims side by side; a POST merges one into the other."""
    data = request.POST if request.method == "POST" else request.GET
    kept, merged = _claim(data.get("keep", "")), _claim(data.get("merge", ""))
    seen = seen_versions(kept, merged)
    if request.method == "POST" and request.POST.get("seen", seen) != seen:
        messages.warning(request, "Somebody changed one of them since you looked. This is what they say now.")
    elif request.method == "POST":
        try:
            merge_claims(kept, merged, current_user(request))
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
        else:
            messages.success(request, f"Claim {merged.pk} is merged into claim {kept.pk}.")
            return redirect("admin:comparison_claim_change", kept.pk)
    return {"sides": [Side.of(kept, merged), Side.of(merged, kept)], "seen": seen}


def seen_versions(kept: Claim, merged: Claim) -> str:
    """Differs if one of two claims has changed, whichever is kept."""
    return " ".join(f"{claim.pk}:{current_version(claim)}" for claim in sorted((kept, merged), key=attrgetter("pk")))


def _claim(value: str) -> Claim:
    return get_object_or_404(Claim.objects.with_names(), pk=parse_row_id(value) or 0)


@admin_page(Criterion, *MERGE_CRITERIA, template="merge_criteria.html", methods=GET_OR_POST)
def merge_criterion(request: HttpRequest, pk: int) -> HttpResponse | Context:
    """What merging a criterion into another moves; a POST does it."""
    merged = Criterion.objects.filter(pk=pk).first()
    if merged is None:
        raise Http404(what_became_of(Criterion, pk))
    data = request.POST if request.method == "POST" else request.GET
    kept = Criterion.objects.filter(pk=parse_row_id(data.get("into", "")) or 0).first()
    merge_plan = plan_criterion_merge(kept, merged) if kept else None
    seen = merge_plan.fingerprint if merge_plan else ""
    if request.method == "POST" and request.POST.get("seen", seen) != seen:
        messages.warning(request, "Somebody changed what moves since you looked. This is what would move now.")
    elif request.method == "POST" and merge_plan:
        try:
            merge_criteria(merge_plan.keep, merged, current_user(request))
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
        else:
            messages.success(request, f"{merged} is merged into {kept}; its old address leads there.")
            return redirect("admin:comparison_criterion_change", merge_plan.keep.pk)
    return {
        "title": f"Merge “{merged}” into another",
        "merged": merged,
        "plan": merge_plan,
        "others": Criterion.objects.filter(kind=merged.kind).exclude(pk=merged.pk).order_by("name"),
    }


claim_urlpatterns = [path("merge/", merge_two, name="comparison_claim_merge")]
criterion_urlpatterns = [path("<int:pk>/merge/", merge_criterion, name="comparison_criterion_merge")]

"""The findings lists, and the pages that merge claims and criteria."""

from dataclasses import dataclass
from typing import Any, Self

from django.contrib import messages
from django.contrib.admin import ModelAdmin
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path, reverse
from django.views.decorators.http import require_http_methods, require_safe

from comparison.admin.base import person
from comparison.curation.effects import Effect, effect_of_claim
from comparison.curation.merging import claims_obstacle, merge_claims, merge_criteria, plan
from comparison.curation.quality import LISTS, REVIEWERS
from comparison.models import Claim, Criterion
from comparison.row_ids import whole_id
from comparison.tables.verdict_detail import value_of
from comparison.web.pagination import BadPage, paged


def claim_urls(admin: ModelAdmin) -> list[URLPattern]:
    given, view = {"admin": admin}, admin.admin_site.admin_view
    return [
        path("findings/", view(findings), given, name="comparison_findings"),
        path("findings/<slug:kind>/", view(one_list), given, name="comparison_finding"),
        path("merge/", view(merge_two), given, name="comparison_claim_merge"),
    ]


def criterion_urls(admin: ModelAdmin) -> list[URLPattern]:
    view = admin.admin_site.admin_view(merge_criterion)
    return [path("<int:pk>/merge/", view, {"admin": admin}, name="comparison_criterion_merge")]


def page(request: HttpRequest, admin: ModelAdmin, template: str, **more: Any) -> HttpResponse:
    context = {**admin.admin_site.each_context(request), "opts": admin.model._meta, **more}
    return render(request, f"admin/comparison/{template}.html", context)


@require_safe
def findings(request: HttpRequest, admin: ModelAdmin) -> HttpResponse:
    """All lists with their counts."""
    if not request.user.has_perm("comparison.view_claim"):
        raise PermissionDenied
    lists = [(kind, one.title, one.about, len(one.make())) for kind, one in LISTS.items()]
    return page(request, admin, "findings", title="Findings", lists=lists)


@require_safe
def one_list(request: HttpRequest, kind: str, admin: ModelAdmin) -> HttpResponse:
    if not request.user.has_perm("comparison.view_claim"):
        raise PermissionDenied
    if kind not in LISTS:
        raise Http404(f"There is no list “{kind}”. There are: {', '.join(LISTS)}.")
    listing = LISTS[kind]
    try:
        found = paged(listing.make(), request.GET, size=100)
    except BadPage as problem:
        messages.warning(request, str(problem))
        return redirect("admin:comparison_finding", kind)
    may = request.user.has_perms(listing.needs)
    mender = "a reviewer" if listing.needs == REVIEWERS else "an editor"
    shown = {"title": listing.title, "about": listing.about, "page": found, "may": may, "mender": mender}
    return page(request, admin, "finding", **shown)


@require_http_methods(["GET", "POST"])
def merge_two(request: HttpRequest, admin: ModelAdmin) -> HttpResponse:
    """Two claims side by side; a POST merges one into the other."""
    if not request.user.has_perm("comparison.publish_claim"):
        raise PermissionDenied
    given = request.POST if request.method == "POST" else request.GET
    keep, gone = (_claim(given.get(name, "")) for name in ("keep", "merge"))
    if request.method == "POST":
        try:
            merge_claims(keep, gone, person(request))
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
        else:
            messages.success(request, f"Claim {gone.pk} is merged into claim {keep.pk}.")
            return redirect("admin:comparison_claim_change", keep.pk)
    sides = [Side.of(keep, gone), Side.of(gone, keep)]
    return page(request, admin, "merge_claims", title="Merge two claims", sides=sides)


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


def _claim(value: str) -> Claim:
    return get_object_or_404(Claim.objects.with_names(), pk=whole_id(value) or 0)


@require_http_methods(["GET", "POST"])
def merge_criterion(request: HttpRequest, pk: int, admin: ModelAdmin) -> HttpResponse:
    """What merging a criterion into another moves; a POST does it."""
    rights = ("change_criterion", "delete_criterion", "publish_claim")
    if not all(request.user.has_perm(f"comparison.{one}") for one in rights):
        raise PermissionDenied
    gone = get_object_or_404(Criterion, pk=pk)
    given = request.POST if request.method == "POST" else request.GET
    keep = Criterion.objects.filter(pk=whole_id(given.get("into", "")) or 0).first()
    found = plan(keep, gone) if keep else None
    if request.method == "POST" and found:
        try:
            merge_criteria(found.keep, gone, person(request))
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
        else:
            messages.success(request, f"{gone} is merged into {keep}; its old address leads there.")
            return redirect(reverse("admin:comparison_criterion_change", args=[found.keep.pk]))
    others = Criterion.objects.filter(kind=gone.kind).exclude(pk=gone.pk).order_by("name")
    return page(
        request, admin, "merge_criteria", title=f"Merge “{gone}” into another", gone=gone, plan=found, others=others
    )

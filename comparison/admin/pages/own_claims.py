"""One's own claims that are not public: what was rejected, what is still a draft, what waits for a reviewer."""

from django.contrib import messages
from django.contrib.admin import ModelAdmin
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Case, When
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path
from django.views.decorators.http import require_POST, require_safe

from comparison.admin.base import person
from comparison.admin.pages.transitions import counted, told
from comparison.curation.dashboard import own_claims
from comparison.models import ClaimState
from comparison.row_ids import whole_ids
from comparison.tables.verdict_detail import value_of
from comparison.web.pagination import BadPage, paged

BATCH_SIZE = 200
STEPS = {  # what the page's buttons do: from which state, to which, and how that is told
    "again": (ClaimState.REJECTED, ClaimState.DRAFT, "made a draft again"),
    "submit": (ClaimState.DRAFT, ClaimState.SUBMITTED, "submitted"),
    "back": (ClaimState.SUBMITTED, ClaimState.DRAFT, "taken back"),
}
RANK = Case(*(When(state=was.value, then=place) for place, (was, _, _) in enumerate(STEPS.values())))


def urls(admin: ModelAdmin) -> list[URLPattern]:
    view = admin.admin_site.admin_view
    return [
        path("drafts/", view(drafts), {"admin": admin}, name="comparison_claim_drafts"),
        path("drafts/move/", view(move_own), {"admin": admin}, name="comparison_claim_move_own"),
    ]


@require_safe
def drafts(request: HttpRequest, admin: ModelAdmin) -> HttpResponse:
    if not request.user.has_perm("comparison.add_claim"):
        raise PermissionDenied
    try:
        own = own_claims(person(request)).with_names().order_by(RANK, "source__slug", "start", "id")
        found = paged(own, request.GET, size=BATCH_SIZE)
    except BadPage as problem:
        messages.warning(request, str(problem))
        return redirect("admin:comparison_claim_drafts")
    rows = [(one, value_of(one).text) for one in found.rows]
    context = {
        **admin.admin_site.each_context(request),
        "opts": admin.model._meta,
        "title": "My drafts",
        "page": found,
        "sections": {str(was): [row for row in rows if row[0].state == was] for was, _, _ in STEPS.values()},
    }
    return render(request, "admin/comparison/claim/drafts.html", context)


@require_POST
def move_own(request: HttpRequest, admin: ModelAdmin) -> HttpResponse:
    """Takes the step of one button with the claims ticked beside it."""
    if not request.user.has_perm("comparison.add_claim"):
        raise PermissionDenied
    step = STEPS.get(request.POST.get("action", ""))
    if step is None:
        messages.warning(request, "Say what to do with the ticked ones, by one of the buttons.")
        return redirect("admin:comparison_claim_drafts")
    was, to, said = step
    ids = whole_ids(request.POST.getlist("claim"))
    ticked = own_claims(person(request)).filter(state=was.value, pk__in=ids[:BATCH_SIZE])
    done = []
    for claim in ticked.select_related("framework", "criterion"):
        try:
            claim.transition(to, person(request))
            done.append(claim)
        except (ValidationError, PermissionDenied) as error:
            messages.warning(request, f"Claim {claim.pk} stays: {told(error)}")
    if done:
        messages.success(request, f"{counted(done)} {said}.")
    else:
        messages.warning(request, f"Nothing was ticked that is yours and {was}.")
    return redirect("admin:comparison_claim_drafts")

"""The user's own claims that are not public: rejected, still a draft, or waiting for a reviewer."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Case, When
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path

from comparison.admin.admin_page import SAFE, Context, admin_page
from comparison.admin.base import current_user
from comparison.admin.pages.transitions import counted, error_text
from comparison.curation.dashboard import own_claims
from comparison.models import Claim, ClaimState
from comparison.row_ids import parse_row_ids
from comparison.tables.verdict_detail import value_of
from comparison.web.pagination import BadPage, paginate

BATCH_SIZE = 200
STEPS = {  # by the page's buttons: the state before, the state after, and the words for the change
    "again": (ClaimState.REJECTED, ClaimState.DRAFT, "made a draft again"),
    "submit": (ClaimState.DRAFT, ClaimState.SUBMITTED, "submitted"),
    "back": (ClaimState.SUBMITTED, ClaimState.DRAFT, "taken back"),
}
STATES = [state for state, _, _ in STEPS.values()]
RANK = Case(*(When(state=state.value, then=rank) for rank, state in enumerate(STATES)))


@admin_page(Claim, "comparison.add_claim", template="claim/drafts.html", title="My drafts", methods=SAFE)
def drafts(request: HttpRequest) -> HttpResponse | Context:
    claims = own_claims(current_user(request)).with_names().order_by(RANK, "source__slug", "start", "id")
    try:
        page = paginate(claims, request.GET, size=BATCH_SIZE)
    except BadPage as problem:
        messages.warning(request, str(problem))
        return redirect("admin:comparison_claim_drafts")
    rows = [(claim, value_of(claim).text) for claim in page.rows]
    return {
        "page": page,
        "sections": {str(state): [row for row in rows if row[0].state == state] for state in STATES},
    }


@admin_page(Claim, "comparison.add_claim", methods=("POST",))
def move_own(request: HttpRequest) -> HttpResponse:
    """Makes the transition of one button for the ticked claims."""
    step = STEPS.get(request.POST.get("action", ""))
    if step is None:
        messages.warning(request, "Say what to do with the ticked ones, by one of the buttons.")
        return redirect("admin:comparison_claim_drafts")
    before, after, done_words = step
    ids = parse_row_ids(request.POST.getlist("claim"))
    ticked = own_claims(current_user(request)).filter(state=before.value, pk__in=ids[:BATCH_SIZE])
    done = []
    for claim in ticked.select_related("framework", "criterion"):
        try:
            claim.transition(after, current_user(request))
            done.append(claim)
        except (ValidationError, PermissionDenied) as error:
            messages.warning(request, f"Claim {claim.pk} stays: {error_text(error)}")
    if done:
        messages.success(request, f"{counted(done)} {done_words}.")
    else:
        messages.warning(request, f"Nothing was ticked that is yours and {before}.")
    return redirect("admin:comparison_claim_drafts")


urlpatterns = [
    path("drafts/", drafts, name="comparison_claim_drafts"),
    path("drafts/move/", move_own, name="comparison_claim_move_own"),
]

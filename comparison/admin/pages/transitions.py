"""Bulk transitions of claims: a page lists what will change, then one batch and one edition change it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256

from django.conf import settings
from django.contrib import messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Max, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from comparison.admin.admin_page import base_context
from comparison.admin.base import current_user
from comparison.curation.effects import CellChange, verdict_changes
from comparison.models import Batch, Claim, ClaimState
from comparison.models.claim_rules import NEEDS_REASON
from comparison.models.claims import last_editors

MAX_LISTED = 200  # claims named on the page; the transition covers all of them
MAX_CELLS = 50  # with more cells the page does not work out the verdicts
MAX_WARNINGS = 20  # messages about claims that stay
DONE = {ClaimState.DRAFT: "taken back to draft"}


@dataclass(frozen=True)
class Plan:
    """What a bulk action would do."""

    to: ClaimState
    moving: Sequence[Claim]
    staying: Sequence[tuple[Claim, str]]  # with the reason
    versions: Mapping[int, int]  # newest version number, by primary key of the claim

    @cached_property
    def fingerprint(self) -> str:
        """Changes if a claim joins the selection or is edited after the page was shown."""
        listed = " ".join(f"{claim.pk}:{self.versions.get(claim.pk, 0)}" for claim in self.moving)
        return sha256(listed.encode()).hexdigest()[:16]

    @property
    def more(self) -> int:
        return max(len(self.moving) - MAX_LISTED, 0)

    @property
    def needs_reason(self) -> bool:
        return self.to in NEEDS_REASON or any(claim.published for claim in self.moving)

    @property
    def done(self) -> str:
        """What the action makes of the claims, in words."""
        return DONE.get(self.to, str(self.to))

    def verdicts(self) -> list[CellChange] | None:
        """The verdicts that change; None if more than MAX_CELLS cells are touched."""
        touched = [claim for claim in self.moving if claim.published or self.to is ClaimState.PUBLISHED]
        if len({(claim.framework_id, claim.criterion_id) for claim in touched}) > MAX_CELLS:
            return None
        return verdict_changes(touched, counts=self.to is ClaimState.PUBLISHED) if touched else []


def counted(claims: Sequence[Claim]) -> str:
    return "1 claim" if len(claims) == 1 else f"{len(claims)} claims"


def plan_transition(request: HttpRequest, claims: QuerySet[Claim], to: ClaimState) -> Plan:
    moving, staying = [], []
    asks_for_editors = settings.REQUIRE_SECOND_REVIEWER and to is ClaimState.PUBLISHED
    editors = last_editors(claims.order_by().values_list("pk", flat=True)) if asks_for_editors else {}
    for claim in claims:
        claim.last_editor_id = editors.get(claim.pk)
        if reason := obstacle(request, claim, to):
            staying.append((claim, reason))
        else:
            moving.append(claim)
    versions = Claim.history.filter(id__in=claims.order_by().values("pk")).order_by().values_list("id")
    return Plan(to, moving, staying, dict(versions.annotate(Max("history_id"))))


def obstacle(request: HttpRequest, claim: Claim, to: ClaimState) -> str:
    """Why a claim cannot make the transition; empty if it can. The page asks for a required reason later."""
    if claim.created_by_id != request.user.pk and not request.user.has_perm("comparison.publish_claim"):
        return "It belongs to somebody else."
    if to is ClaimState.PUBLISHED and claim.came_back:
        return (
            f"It came back. {claim.state_reason} Decide in the review queue, which shows the old words beside the new."
        )
    try:
        claim.check_transition(ClaimState(claim.state), to, current_user(request), "given below")
    except (ValidationError, PermissionDenied) as error:
        return error_text(error)
    return ""


def error_text(error: ValidationError | PermissionDenied) -> str:
    return " ".join(error.messages) if isinstance(error, ValidationError) else str(error)


def transition_all(request: HttpRequest, claims: QuerySet[Claim], to: ClaimState) -> HttpResponse | None:
    """Asks for confirmation; once confirmed, changes every claim it may and reports why the others stay."""
    plan = plan_transition(request, claims, to)
    if not plan.moving:
        warn(request, plan.staying)
        return None
    reason = request.POST.get("reason", "").strip()
    if "confirmed" not in request.POST or is_outdated(request, plan) or (plan.needs_reason and not reason):
        return ask_for_confirmation(request, plan)
    perform(request, plan, reason)
    return None


def is_outdated(request: HttpRequest, plan: Plan) -> bool:
    """Whether the page that was confirmed listed something else."""
    return request.POST.get("seen", plan.fingerprint) != plan.fingerprint


def ask_for_confirmation(request: HttpRequest, plan: Plan) -> HttpResponse:
    context = {
        **base_context(request, Claim, f"{counted(plan.moving)} to be {plan.done}"),
        "plan": plan,
        "moving": plan.moving[:MAX_LISTED],
        "staying": plan.staying[:MAX_LISTED],
        "verdicts": plan.verdicts(),
        "asked_before": "confirmed" in request.POST,
        "changed": is_outdated(request, plan),
        "reason": request.POST.get("reason", ""),
        "selected": request.POST.getlist(ACTION_CHECKBOX_NAME),
        "checkbox": ACTION_CHECKBOX_NAME,
        "action": request.POST.get("action", ""),
        "across": request.POST.get("select_across", "0"),
    }
    return render(request, "admin/comparison/claim/confirm_move.html", context)


def perform(request: HttpRequest, plan: Plan, reason: str) -> None:
    public, cells, moved, staying = [], [], [], list(plan.staying)
    with Batch.objects.open(f"{counted(plan.moving)} {plan.done}", current_user(request)):
        for claim in plan.moving:
            cell = claim.cell_name  # read before the transition, which reloads the row without its related names
            try:
                if claim.transition(plan.to, current_user(request), reason, announce=False):
                    public.append(claim)
                    cells.append(cell)
                moved.append(claim)
            except (ValidationError, PermissionDenied) as error:  # somebody else changed its state meanwhile
                staying.append((claim, error_text(error)))
        if public:
            summary = f"{counted(public)} {plan.to}: " + "; ".join(cells)
            Claim.objects.filter(pk__in=[claim.pk for claim in public]).announce(summary, current_user(request))
    warn(request, staying)
    messages.success(request, f"{counted(moved)} {plan.done}.")


def warn(request: HttpRequest, staying: Sequence[tuple[Claim, str]]) -> None:
    for claim, reason in staying[:MAX_WARNINGS]:
        messages.warning(request, f"{claim}: {reason}")

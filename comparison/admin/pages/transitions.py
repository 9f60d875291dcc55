"""Moving many claims at once: first a page that lists what will change, then one batch and one edition."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256

from django.contrib import messages
from django.contrib.admin import ModelAdmin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Max, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from comparison.admin.base import person
from comparison.curation.effects import CellChange, changes_of_all
from comparison.models import Batch, Claim, ClaimState
from comparison.models.claims import NEEDS_REASON

LISTED = 200  # claims named on the page; all of them move
MAX_CELLS = 50  # beyond it the verdicts are not worked out beforehand
DONE = {ClaimState.DRAFT: "taken back to draft"}


@dataclass(frozen=True)
class Plan:
    """What a bulk action would do."""

    to: ClaimState
    moving: Sequence[Claim]
    staying: Sequence[tuple[Claim, str]]
    versions: Mapping[int, int]  # by claim, the number of its newest version

    @cached_property
    def seen(self) -> str:
        """A digest of what the page lists, so that nothing moves that joined the selection or changed meanwhile."""
        listed = " ".join(f"{claim.pk}:{self.versions.get(claim.pk, 0)}" for claim in self.moving)
        return sha256(listed.encode()).hexdigest()[:16]

    @property
    def more(self) -> int:
        return max(len(self.moving) - LISTED, 0)

    @property
    def needs_reason(self) -> bool:
        return self.to in NEEDS_REASON or any(claim.published for claim in self.moving)

    def verdicts(self) -> list[CellChange] | None:
        """The verdicts that change; None where they are too many to work out."""
        touched = [one for one in self.moving if one.published or self.to is ClaimState.PUBLISHED]
        if len({(one.framework_id, one.criterion_id) for one in touched}) > MAX_CELLS:
            return None
        return changes_of_all(touched, counts=self.to is ClaimState.PUBLISHED) if touched else []


def counted(claims: Sequence[Claim]) -> str:
    return "1 claim" if len(claims) == 1 else f"{len(claims)} claims"


def plan(request: HttpRequest, claims: QuerySet[Claim], to: ClaimState) -> Plan:
    moving, staying = [], []
    for claim in claims:
        why = obstacle(request, claim, to)
        if why:
            staying.append((claim, why))
        else:
            moving.append(claim)
    versions = Claim.history.filter(id__in=claims.order_by().values("pk")).order_by().values_list("id")
    return Plan(to, moving, staying, dict(versions.annotate(Max("history_id"))))


def obstacle(request: HttpRequest, claim: Claim, to: ClaimState) -> str:
    """Why a claim cannot take the step; empty where it can (a reason, where one is needed, is still to be given)."""
    if claim.created_by_id != request.user.pk and not request.user.has_perm("comparison.publish_claim"):
        return "It belongs to somebody else."
    try:
        claim.check_transition(ClaimState(claim.state), to, person(request), "given below")
    except (ValidationError, PermissionDenied) as error:
        return told(error)
    return ""


def told(error: ValidationError | PermissionDenied) -> str:
    """Why a step was refused, in words."""
    return " ".join(error.messages) if isinstance(error, ValidationError) else str(error)


def move_all(admin: ModelAdmin, request: HttpRequest, claims: QuerySet[Claim], to: ClaimState) -> HttpResponse | None:
    """Asks first; once confirmed, moves every claim that may move and says of the others why they stay."""
    with transaction.atomic():
        return _move_all(admin, request, claims.select_for_update(of=("self",)), to)


def _move_all(admin: ModelAdmin, request: HttpRequest, claims: QuerySet[Claim], to: ClaimState) -> HttpResponse | None:
    found = plan(request, claims, to)
    if not found.moving:
        for claim, why in found.staying[:20]:
            messages.warning(request, f"{claim}: {why}")
        return None
    reason = request.POST.get("reason", "").strip()
    changed = request.POST.get("seen", found.seen) != found.seen
    if "confirmed" not in request.POST or changed or (found.needs_reason and not reason):
        return ask(admin, request, found)
    perform(request, found, reason)
    return None


def ask(admin: ModelAdmin, request: HttpRequest, found: Plan) -> HttpResponse:
    context = {
        **admin.admin_site.each_context(request),
        "opts": admin.model._meta,
        "title": f"{counted(found.moving)} to be {DONE.get(found.to, found.to)}",
        "plan": found,
        "moving": found.moving[:LISTED],
        "staying": found.staying[:LISTED],
        "verdicts": found.verdicts(),
        "asked_before": "confirmed" in request.POST,
        "changed": request.POST.get("seen", found.seen) != found.seen,
        "reason": request.POST.get("reason", ""),
        "selected": request.POST.getlist(ACTION_CHECKBOX_NAME),
        "checkbox": ACTION_CHECKBOX_NAME,
        "action": request.POST.get("action", ""),
        "across": request.POST.get("select_across", "0"),
    }
    return render(request, "admin/comparison/claim/confirm_move.html", context)


def perform(request: HttpRequest, found: Plan, reason: str) -> None:
    done = DONE.get(found.to, str(found.to))
    public, cells, moved, left = [], [], [], list(found.staying)
    with Batch.objects.of(f"{counted(found.moving)} {done}", person(request)):
        for claim in found.moving:
            cell = claim.cell  # asked before the move, which reads the row anew and forgets the names
            try:
                if claim.transition(found.to, person(request), reason, announce=False):
                    public.append(claim)
                    cells.append(cell)
                moved.append(claim)
            except (ValidationError, PermissionDenied) as error:  # somebody else moved it meanwhile
                left.append((claim, told(error)))
        if public:
            summary = f"{counted(public)} {found.to}: " + "; ".join(cells)
            Claim.objects.filter(pk__in=[claim.pk for claim in public]).announce(summary, person(request))
    for claim, why in left[:20]:
        messages.warning(request, f"{claim}: {why}")
    messages.success(request, f"{counted(moved)} {done}.")

"""The review queue: one submitted claim at a time with everything needed to decide on it."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth import get_user_model
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse

from comparison.admin.admin_page import SAFE, Context, admin_page
from comparison.admin.base import current_user
from comparison.admin.pages.transitions import error_text
from comparison.curation.annotated_text import longest_shared_run
from comparison.curation.claim_review import MIN_COPIED_WORDS, excerpt, is_similar, overlaps, passage_of, source_text
from comparison.curation.dashboard import claims_to_review
from comparison.curation.effects import effect_of_claim
from comparison.curation.review.authorship import authorship, history_of, returned
from comparison.models import Batch, Claim, ClaimState, Criterion, Framework, Source
from comparison.models.claim_rules import TAKEN_BACK
from comparison.models.claims import ClaimQuerySet
from comparison.models.optimistic_lock import current_version
from comparison.row_ids import parse_row_id
from comparison.tables.verdict_detail import value_of
from comparison.wording import words_of

FILTERS = ("source", "framework", "criterion", "created_by")
SUGGESTED_REASONS = (
    "It does not say this at that place.",
    "Too close to the source’s wording; put it in our own words.",
    "It belongs to another criterion.",
    "The value is stronger than what the source says.",
    "It repeats another claim.",
)
DECISIONS = {"publish": ClaimState.PUBLISHED, "reject": ClaimState.REJECTED, "draft": ClaimState.DRAFT}
UNDO_STEPS = {  # the transitions that take a decision back, by the state it led to
    ClaimState.PUBLISHED: (ClaimState.SUBMITTED,),
    ClaimState.REJECTED: (ClaimState.DRAFT, ClaimState.SUBMITTED),
    ClaimState.DRAFT: (ClaimState.SUBMITTED,),
}


def filtered_queue(data: Any, actor: User | None) -> ClaimQuerySet:
    """The claims to review that match the filters, source by source in the order of the text."""
    claims = claims_to_review(actor)
    for name in FILTERS:
        if (pk := parse_row_id(data.get(name, ""))) is not None:
            claims = claims.filter(**{name: pk})
    return claims.order_by("source__slug", "start", "id")


def active_filters(data: Any) -> dict[str, str]:
    return {name: data[name] for name in FILTERS if data.get(name)}


@admin_page(Claim, "comparison.publish_claim", template="claim/queue.html", title="Review queue", methods=SAFE)
def queue(request: HttpRequest) -> Context:
    ids = list(filtered_queue(request.GET, current_user(request)).values_list("pk", flat=True))
    claim_id = parse_row_id(request.GET.get("claim", ""))
    index = ids.index(claim_id) if claim_id in ids else 0
    filters = active_filters(request.GET)

    def url(neighbour: int) -> str:
        return "?" + urlencode(filters | {"claim": ids[neighbour]}) if 0 <= neighbour < len(ids) else ""

    context = {
        "count": len(ids),
        "position": index + 1,
        "previous": url(index - 1),
        "next": url(index + 1),
        "active_filters": filters,
        "reasons": SUGGESTED_REASONS,
        "filters": filter_choices(filters),
        "last_decided": _last_decided(request),
        "is_missing": claim_id is not None and claim_id not in ids and not request.GET.get("last"),
    }
    if ids:
        claim = Claim.objects.with_names().select_related("created_by").get(pk=ids[index])
        context |= review_context(claim) | {"version": current_version(claim)}
    return context


def filter_choices(filters: dict[str, str]) -> list[dict[str, Any]]:
    """The choices of each filter: the values that occur among the submitted claims."""
    submitted = {"claims__state": ClaimState.SUBMITTED.value}
    authors = get_user_model().objects.filter(claims_created__state=ClaimState.SUBMITTED.value)
    choices: dict[str, tuple[str, QuerySet[Any]]] = {
        "source": ("Source", Source.objects.filter(**submitted).only("title", "slug")),
        "framework": ("Framework", Framework.objects.filter(**submitted)),
        "criterion": ("Criterion", Criterion.objects.filter(**submitted)),
        "created_by": ("Written by", authors.order_by("username")),
    }
    return [
        {
            "name": name,
            "label": label,
            "options": [(str(row.pk), str(row)) for row in rows.distinct()],
            "chosen": filters.get(name, ""),
        }
        for name, (label, rows) in choices.items()
    ]


def _last_decided(request: HttpRequest) -> Claim | None:
    """The claim decided last if the user may still take that back."""
    pk = parse_row_id(request.GET.get("last", ""))
    claim = Claim.objects.select_related("framework", "criterion").filter(pk=pk).first() if pk else None
    return claim if claim and ClaimState(claim.state) in UNDO_STEPS and was_decided_by_user(request, claim) else None


def was_decided_by_user(request: HttpRequest, claim: Claim) -> bool:
    """Whether the newest history entry is the user's own: nobody may undo a later change by somebody else."""
    last_user_id = claim.history.values_list("history_user", flat=True).order_by("-history_id").first()
    return bool(last_user_id == request.user.pk)


def review_context(claim: Claim) -> Context:
    """Everything needed to decide on one claim."""
    text = source_text(claim)
    passage = passage_of(claim, text)
    shared_words = words_of(longest_shared_run(claim.statement, passage))
    effect = effect_of_claim(claim)
    set_aside, changed_by = effect.before.verdict.set_aside, claim.last_editor_id
    users = get_user_model().objects
    cell = Claim.objects.filter(framework=claim.framework_id, criterion=claim.criterion_id).exclude(pk=claim.pk)
    others = list(cell.filter(~Q(state__in=["rejected", "retracted"])).with_names().order_by("source__slug", "start"))
    entries = history_of(claim)
    return {
        "claim": claim,
        "authorship": authorship(entries),
        "returned": returned(claim, entries, passage),
        "last_editor": users.filter(pk=changed_by or 0).exclude(pk=claim.created_by_id or 0).first(),
        "value": value_of(claim).text,
        "excerpt": excerpt(claim, text),
        "passage": passage,
        "shared_word_count": len(shared_words),
        "is_copied": len(shared_words) >= MIN_COPIED_WORDS,
        "shared_words": " ".join(shared_words),
        "effect": effect,
        "contradicts": claim.speaker_id in effect.after.contradicting - effect.before.contradicting,
        "others": [(other, value_of(other).text, other.pk in set_aside) for other in others],
        "overlapping": [other for other in others if overlaps(claim, other)],
        "similar": [other for other in others if not overlaps(claim, other) and is_similar(claim, other)],
    }


@admin_page(Claim, "comparison.publish_claim", methods=("POST",))
def decide(request: HttpRequest) -> HttpResponse:
    """Publishes, rejects or sends back a claim, or takes such a decision back, and goes on to the next claim."""
    filters = active_filters(request.POST)
    pk = parse_row_id(request.POST.get("claim", ""))
    claim = Claim.objects.select_related("framework", "criterion").filter(pk=pk or 0).first()
    if claim is None:
        messages.warning(request, "This claim is gone: its author took it back.")
        return _redirect_to_queue(filters)
    next_id = _next_claim_id(request, claim)
    try:
        if request.POST.get("action") == "undo":
            _take_back(request, claim)
            return _redirect_to_queue(filters | {"claim": claim.pk})
        _decide(request, claim)
    except (ValidationError, PermissionDenied) as error:
        messages.warning(request, f"Claim {claim.pk}: {error_text(error)}")
        state = Claim.objects.values_list("state", flat=True).get(pk=claim.pk)
        shown_id = claim.pk if state == ClaimState.SUBMITTED.value else next_id
        return _redirect_to_queue(filters | {"claim": shown_id})
    return _redirect_to_queue(filters | {"claim": next_id, "last": claim.pk})


def _decide(request: HttpRequest, claim: Claim) -> None:
    if claim.state != ClaimState.SUBMITTED.value:
        raise ValidationError(f"Somebody else has decided meanwhile: it is {claim.state}.")
    decision = DECISIONS.get(request.POST.get("action", ""))
    if decision is None:
        raise ValidationError("Say what to do: publish, reject or send back.")
    if decision is ClaimState.PUBLISHED and claim.came_back and "read" not in request.POST:
        raise ValidationError("It was public before and came back. Compare what it says now, and tick that you did.")
    reason, expected_version = request.POST.get("reason", ""), parse_row_id(request.POST.get("version", ""))
    claim.transition(decision, current_user(request), reason, expected_version=expected_version)


def _take_back(request: HttpRequest, claim: Claim) -> None:
    steps = UNDO_STEPS.get(ClaimState(claim.state), ())
    if not steps:
        raise ValidationError(f"It is {claim.state}; there is nothing to take back.")
    if not was_decided_by_user(request, claim):
        raise ValidationError("Somebody else has changed it since; it stays as it is.")
    with Batch.objects.open(f"Decision on claim {claim.pk} taken back", current_user(request)):
        for state in steps:
            claim.transition(state, current_user(request), TAKEN_BACK)
    messages.success(request, f"Taken back: claim {claim.pk} waits again.")


def _next_claim_id(request: HttpRequest, claim: Claim) -> int | str:
    """The claim to show after the decision on this one; empty if none is left."""
    ids = list(filtered_queue(request.POST, current_user(request)).values_list("pk", flat=True))
    if claim.pk not in ids:
        return ids[0] if ids else ""
    index = ids.index(claim.pk)
    candidates = ids[index + 1 :] or ids[:index]
    return candidates[0] if candidates else ""


def _redirect_to_queue(query: dict[str, Any]) -> HttpResponse:
    params = {name: value for name, value in query.items() if value != ""}
    return redirect(reverse("admin:comparison_claim_queue") + (f"?{urlencode(params)}" if params else ""))


@admin_page(Claim, "comparison.view_claim", template="claim/help.html", title="How to curate", methods=SAFE)
def how_to(request: HttpRequest) -> Context:
    return {}


urlpatterns = [
    path("help/", how_to, name="comparison_claim_help"),
    path("queue/", queue, name="comparison_claim_queue"),
    path("queue/decide/", decide, name="comparison_claim_decide"),
]

"""The review queue: one submitted claim at a time with all that is needed to decide it."""

import re
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.admin import ModelAdmin
from django.contrib.auth import get_user_model
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse
from django.views.decorators.http import require_POST, require_safe

from comparison.admin.base import person
from comparison.admin.pages.reading_room import TOO_LIKE
from comparison.admin.pages.transitions import told
from comparison.curation.annotated_text import Article, shared_run
from comparison.curation.dashboard import to_review
from comparison.curation.effects import effect_of_claim
from comparison.models import Batch, Claim, ClaimState, Criterion, Framework, Source
from comparison.models.claims import ClaimQuerySet
from comparison.models.optimistic_lock import newest
from comparison.row_ids import whole_id
from comparison.tables.verdict_detail import value_of
from comparison.wording import words_of

AROUND = 240  # characters shown before and after a passage
ALIKE = 0.6  # share of words in common from which on two statements are taken for one
READY_REASONS = (
    "It does not say this at that place.",
    "Too close to the source’s wording; put it in our own words.",
    "It belongs to another criterion.",
    "The value is stronger than what the source says.",
    "It repeats another claim.",
)
WAY_BACK = {  # how a decision is taken back, by the state it led to
    ClaimState.PUBLISHED: (ClaimState.SUBMITTED,),
    ClaimState.REJECTED: (ClaimState.DRAFT, ClaimState.SUBMITTED),
    ClaimState.DRAFT: (ClaimState.SUBMITTED,),
}


def urls(admin: ModelAdmin) -> list[URLPattern]:
    def guarded(view: Any) -> Any:
        return admin.admin_site.admin_view(view)

    return [
        path("help/", guarded(how_to), {"admin": admin}, name="comparison_claim_help"),
        path("queue/", guarded(queue), {"admin": admin}, name="comparison_claim_queue"),
        path("queue/decide/", guarded(decide), {"admin": admin}, name="comparison_claim_decide"),
    ]


def waiting_claims(data: Any, actor: User | None) -> ClaimQuerySet:
    """The claims that wait for a reviewer, as an address asks for them: source by source in the order of the text."""
    found = to_review(actor)
    for name in ("source", "framework", "criterion", "created_by"):
        if (number := whole_id(data.get(name, ""))) is not None:
            found = found.filter(**{name: number})
    return found.order_by("source__slug", "start", "id")


def filters_of(data: Any) -> dict[str, str]:
    return {name: data[name] for name in ("source", "framework", "criterion", "created_by") if data.get(name)}


@require_safe
def queue(request: HttpRequest, admin: ModelAdmin) -> HttpResponse:
    if not request.user.has_perm("comparison.publish_claim"):
        raise PermissionDenied
    ids = list(waiting_claims(request.GET, person(request)).values_list("pk", flat=True))
    asked = whole_id(request.GET.get("claim", ""))
    place = ids.index(asked) if asked in ids else 0
    kept = filters_of(request.GET)

    def address(at: int) -> str:
        return "?" + urlencode(kept | {"claim": ids[at]}) if 0 <= at < len(ids) else ""

    context = {
        **admin.admin_site.each_context(request),
        "opts": admin.model._meta,
        "title": "Review queue",
        "count": len(ids),
        "position": place + 1,
        "previous": address(place - 1),
        "next": address(place + 1),
        "kept": kept,
        "reasons": READY_REASONS,
        "filters": filters(kept),
        "last": _decided(request),
        "gone": asked is not None and asked not in ids and not request.GET.get("last"),
    }
    if ids:
        claim = Claim.objects.with_names().select_related("created_by").get(pk=ids[place])
        context |= brief(claim) | {"version": newest(claim)}
    return render(request, "admin/comparison/claim/queue.html", context)


def filters(kept: dict[str, str]) -> list[dict[str, Any]]:
    """The choices of each filter: whatever occurs among the claims that wait."""
    waits = {"claims__state": ClaimState.SUBMITTED.value}
    people = get_user_model().objects.filter(claims_created__state=ClaimState.SUBMITTED.value)
    found: dict[str, tuple[str, QuerySet[Any]]] = {
        "source": ("Source", Source.objects.filter(**waits).only("title", "slug")),
        "framework": ("Framework", Framework.objects.filter(**waits)),
        "criterion": ("Criterion", Criterion.objects.filter(**waits)),
        "created_by": ("Written by", people.order_by("username")),
    }
    return [
        {"name": name, "label": label, "options": [(str(one.pk), str(one)) for one in rows.distinct()]}
        | {"chosen": kept.get(name, "")}
        for name, (label, rows) in found.items()
    ]


def _decided(request: HttpRequest) -> Claim | None:
    """The claim decided last, if that can still be taken back."""
    pk = whole_id(request.GET.get("last", ""))
    claim = Claim.objects.select_related("framework", "criterion").filter(pk=pk).first() if pk else None
    return claim if claim and ClaimState(claim.state) in WAY_BACK and decided_by(request, claim) else None


def decided_by(request: HttpRequest, claim: Claim) -> bool:
    """Whether the last to touch the claim was who asks: nobody takes back what somebody else has done since."""
    last = claim.history.values_list("history_user", flat=True).order_by("-history_id").first()
    return last is not None and last == request.user.pk


def brief(claim: Claim) -> dict[str, Any]:
    """All that is needed to decide on one claim."""
    text = Source.objects.values_list("text", flat=True).get(pk=claim.source_id)
    effect = effect_of_claim(claim)
    passage = text[claim.start : claim.end] if text and claim.start is not None else claim.quote
    run = words_of(shared_run(claim.statement, passage))
    cell = Claim.objects.filter(framework=claim.framework_id, criterion=claim.criterion_id).exclude(pk=claim.pk)
    others = list(cell.filter(~Q(state__in=["rejected", "retracted"])).with_names().order_by("source__slug", "start"))
    return {
        "claim": claim,
        "value": value_of(claim).text,
        "context": _around(claim, text),
        "passage": passage,
        "shared": len(run),
        "too_like": len(run) >= TOO_LIKE,
        "run": " ".join(run),
        "effect": effect,
        "contradicts": claim.source_id in effect.after.contradicting - effect.before.contradicting,
        "others": [(one, value_of(one).text, one.pk in effect.before.verdict.set_aside) for one in others],
        "near": [one for one in others if _overlaps(one, claim)],
        "alike": [one for one in others if not _overlaps(one, claim) and _alike(one, claim)],
    }


def _around(claim: Claim, text: str) -> dict[str, Any]:
    if not text or claim.start is None or claim.end is None:
        return {}
    article = Article(text)
    return {
        "before": _without_gaps(_before(text, claim.start)),
        "passage": text[claim.start : claim.end],
        "after": _without_gaps(_after_it(text, claim.end)),
        "line": article.line_at(claim.start).number,
        "section": article.section_at(claim.start),
    }


def _before(text: str, start: int) -> str:
    """What stands before a place, from a whole word on."""
    first = start - AROUND
    return "… " + text[first:start].partition(" ")[2] if first > 0 else text[:start]


def _after_it(text: str, end: int) -> str:
    last = end + AROUND
    return text[end:last].rpartition(" ")[0] + " …" if last < len(text) else text[end:]


def _without_gaps(text: str) -> str:
    return re.sub(r"\n\s*\n", "\n", text)


def _overlaps(one: Claim, other: Claim) -> bool:
    """Whether two claims of one cell come from the same source and place."""
    places = (one.start, one.end, other.start, other.end)
    if one.source_id != other.source_id or None in places:
        return False
    return (one.start or 0) < (other.end or 0) and (other.start or 0) < (one.end or 0)


def _alike(one: Claim, other: Claim) -> bool:
    """Whether two claims of one source and cell say the same in nearly the same words."""
    words, theirs = set(words_of(one.statement)), set(words_of(other.statement))
    return one.source_id == other.source_id and len(words & theirs) >= ALIKE * max(len(words | theirs), 1)


@require_POST
def decide(request: HttpRequest, admin: ModelAdmin) -> HttpResponse:
    """Publishes, rejects or sends back a claim, or takes such a decision back; then the next one."""
    if not request.user.has_perm("comparison.publish_claim"):
        raise PermissionDenied
    kept = filters_of(request.POST)
    pk = whole_id(request.POST.get("claim", ""))
    claim = Claim.objects.select_related("framework", "criterion").filter(pk=pk or 0).first()
    if claim is None:
        messages.warning(request, "This claim is gone: its author took it back.")
        return _to_queue(kept)
    following = _after(request, claim)
    try:
        if request.POST.get("action") == "undo":
            _take_back(request, claim)
            return _to_queue(kept | {"claim": claim.pk})
        _step(request, claim)
    except (ValidationError, PermissionDenied) as error:
        messages.warning(request, f"Claim {claim.pk}: {told(error)}")
        state = Claim.objects.values_list("state", flat=True).get(pk=claim.pk)
        return _to_queue(kept | {"claim": claim.pk if state == ClaimState.SUBMITTED.value else following})
    return _to_queue(kept | {"claim": following, "last": claim.pk})


def _step(request: HttpRequest, claim: Claim) -> None:
    if claim.state != ClaimState.SUBMITTED.value:
        raise ValidationError(f"Somebody else has decided meanwhile: it is {claim.state}.")
    steps = {"publish": ClaimState.PUBLISHED, "reject": ClaimState.REJECTED, "draft": ClaimState.DRAFT}
    to = steps.get(request.POST.get("action", ""))
    if to is None:
        raise ValidationError("Say what to do: publish, reject or send back.")
    claim.transition(
        to, person(request), request.POST.get("reason", ""), expected_version=whole_id(request.POST.get("version", ""))
    )


def _take_back(request: HttpRequest, claim: Claim) -> None:
    way = WAY_BACK.get(ClaimState(claim.state), ())
    if not way:
        raise ValidationError(f"It is {claim.state}; there is nothing to take back.")
    if not decided_by(request, claim):
        raise ValidationError("Somebody else has changed it since; it stays as it is.")
    with Batch.objects.of(f"Decision on claim {claim.pk} taken back", person(request)):
        for step in way:
            claim.transition(step, person(request), "The decision was taken back.")
    messages.success(request, f"Taken back: claim {claim.pk} waits again.")


def _after(request: HttpRequest, claim: Claim) -> int | str:
    """The claim that comes up once this one is decided."""
    ids = list(waiting_claims(request.POST, person(request)).values_list("pk", flat=True))
    if claim.pk not in ids:
        return ids[0] if ids else ""
    place = ids.index(claim.pk)
    rest = ids[place + 1 :] or ids[:place]
    return rest[0] if rest else ""


def _to_queue(query: dict[str, Any]) -> HttpResponse:
    asked = {name: value for name, value in query.items() if value != ""}
    return redirect(reverse("admin:comparison_claim_queue") + (f"?{urlencode(asked)}" if asked else ""))


@require_safe
def how_to(request: HttpRequest, admin: ModelAdmin) -> HttpResponse:
    if not request.user.has_perm("comparison.view_claim"):
        raise PermissionDenied
    context = {**admin.admin_site.each_context(request), "opts": admin.model._meta, "title": "How to curate"}
    return render(request, "admin/comparison/claim/help.html", context)

"""The reading room: a source's text with its claims, and the form that turns a passage into claims."""

from collections.abc import Sequence

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import ProtectedError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path

from comparison.admin.admin_page import SAFE, Context, admin_page
from comparison.admin.base import current_user
from comparison.admin.claim_forms import PassageForm
from comparison.admin.pages.transitions import counted, error_text
from comparison.admin.reading.room import Room, list_url_of, whole_number
from comparison.curation.annotated_text import InvalidPassage
from comparison.models import Batch, Claim, ClaimState, Source, sign
from comparison.row_ids import parse_row_ids

VIEW = ("comparison.view_source", "comparison.view_claim")
WRITE = (*VIEW, "comparison.add_claim")


@admin_page(Source, *VIEW, template="source/read.html", methods=SAFE)
def reading_room(request: HttpRequest, pk: int) -> Context:
    room = Room(request, pk)
    room.select_passage()
    return room.context()


@admin_page(Source, *WRITE, template="source/read.html", methods=("POST",))
def save(request: HttpRequest, pk: int) -> HttpResponse | Context:
    """Saves the passage's claims as drafts, submitted or published, and goes on to the next open passage."""
    room = Room(request, pk)
    form = PassageForm(room.source, request.POST)
    try:
        start, end = (whole_number(request.POST.get(name, ""), name) for name in ("start", "end"))
        room.selected = room.article.trimmed_passage(start, end)
    except InvalidPassage as error:
        form.add_error(None, str(error))
    if room.other_text:
        advice = "Your passage now reads as below: choose it anew, or save again if it is right."
        form.add_error(None, f"{room.other_text} {advice}")
    if not form.is_valid():
        return room.context(form)
    store(form.claims, states_after(request), request)
    saved_ids = ",".join(str(claim.pk) for claim in form.claims)
    claims, end = [*room.claims, *form.claims], form.cleaned_data["end"]
    if "proposals" in request.POST:
        url = list_url_of(pk, request.POST["proposals"])
        return redirect(f"{url}?at={form.cleaned_data['start']}&saved={saved_ids}")
    next_span = room.article.next_uncovered_sentence(end, claims, room.silent)
    return redirect(room.url(next_span, saved=saved_ids))


def states_after(request: HttpRequest) -> list[ClaimState]:
    """The states that a new draft goes through, by the button pressed."""
    if "_draft" in request.POST:
        return []
    return [ClaimState.SUBMITTED, ClaimState.PUBLISHED] if "_publish" in request.POST else [ClaimState.SUBMITTED]


def store(claims: Sequence[Claim], states: Sequence[ClaimState], request: HttpRequest) -> None:
    actor = current_user(request)
    for claim in claims:
        claim.created_by = actor
        sign(claim, actor, "written in the reading room")
        claim.save()
        for state in states:
            claim.transition(state, actor, announce=False)
    if ClaimState.PUBLISHED in states:
        cells = "; ".join(claim.cell_name for claim in claims)
        Claim.objects.filter(pk__in=[claim.pk for claim in claims]).announce(f"Claim published: {cells}", actor)


@admin_page(Source, *VIEW, methods=("POST",))
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Takes back claims that the user has just written: deletes unpublished ones, retracts published ones."""
    room = Room(request, pk)
    ids = parse_row_ids(request.POST.getlist("claim"))
    written = Claim.objects.filter(pk__in=ids, source=room.source.pk, created_by=request.user.pk)
    claims = list(written.select_related("framework", "criterion"))
    if not claims:
        messages.warning(request, "There is nothing to undo: these claims are not yours, or are gone already.")
        return redirect(room.url(None))
    summary = f"{counted(claims)} of {room.source.slug} taken back"
    with Batch.objects.open(summary, current_user(request)) as batch:
        pks = [claim.pk for claim in claims]  # a deleted row has none
        taken_back = [str(pk) for pk, claim in zip(pks, claims, strict=True) if take_back(claim, request)]
    if not taken_back:
        batch.delete()
    span = (claims[0].start or 0, claims[0].end or 0)
    return redirect(room.url(span, again=",".join(taken_back)) if taken_back else room.url(span))


def take_back(claim: Claim, request: HttpRequest) -> bool:
    """Deletes or retracts a claim; False if it has to stay."""
    try:
        if claim.published:
            claim.transition(ClaimState.RETRACTED, current_user(request), "Taken back right after it was written.")
        elif claim.state in (ClaimState.DRAFT, ClaimState.SUBMITTED) and not claim.checks.exists():
            sign(claim, current_user(request), "taken back")
            claim.delete()
        else:
            messages.warning(request, f"Claim {claim.pk} was reviewed meanwhile and stays.")
            return False
    except ProtectedError:
        messages.warning(request, f"Claim {claim.pk} stays: another claim was merged into it.")
        return False
    except (ValidationError, PermissionDenied) as error:
        messages.warning(request, f"Claim {claim.pk} stays: {error_text(error)}")
        return False
    messages.success(request, f"Taken back: {claim}")
    return True


@admin_page(Source, *WRITE, methods=("POST",))
def silence(request: HttpRequest, pk: int) -> HttpResponse:
    """Marks a line as making no claims, or removes the mark."""
    room = Room(request, pk)
    try:
        number = whole_number(request.POST.get("line", ""), "line")
    except InvalidPassage:
        number = 0
    if not 1 <= number <= len(room.article.lines):
        messages.warning(request, "There is no such line.")
        return redirect(room.url(None))
    if room.other_text:
        messages.warning(request, f"{room.other_text} Choose the line again.")
        return redirect(room.url(None))
    source = Source.objects.defer("text").get(pk=pk)
    source.silent = sorted(set(source.silent) ^ {number})
    mark = "makes no claims" if number in source.silent else "open again"
    sign(source, current_user(request), f"line {number}: {mark}")
    source.save(update_fields=["silent"])
    room.silent = set(source.silent)
    line = room.article.lines[number - 1]
    return redirect(room.url(room.article.next_uncovered_sentence(line.end, room.claims, room.silent)))


urlpatterns = [
    path("<int:pk>/read/", reading_room, name="comparison_source_read"),
    path("<int:pk>/read/save/", save, name="comparison_source_read_save"),
    path("<int:pk>/read/undo/", undo, name="comparison_source_read_undo"),
    path("<int:pk>/read/silent/", silence, name="comparison_source_read_silent"),
]

"""The reading room: a source's text with its claims where they stand, and the form that turns a passage into claims."""

from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.contrib.admin import ModelAdmin
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import ProtectedError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path, reverse
from django.views.decorators.http import require_POST, require_safe

from comparison.admin.base import person
from comparison.admin.claim_forms import PassageForm, tentative
from comparison.admin.pages.transitions import counted, told
from comparison.curation.annotated_text import SHOWN, Article, NoPassage, Span, read, ribbon, shared_run
from comparison.curation.effects import effect_of_claim
from comparison.curation.guesses import Guess, guess_criteria, guess_frameworks, guess_value
from comparison.evidence import Kind
from comparison.models import Batch, Claim, ClaimState, Criterion, Framework, Source, sign
from comparison.row_ids import whole_ids
from comparison.tables.verdict_detail import value_of
from comparison.wording import words_of

TOO_LIKE = 5  # words in a row that are the article's and no longer our own


def urls(admin: ModelAdmin) -> list[URLPattern]:
    def guarded(view: Any) -> Any:
        return admin.admin_site.admin_view(view)

    return [
        path("<int:pk>/read/", guarded(reading_room), {"admin": admin}, name="comparison_source_read"),
        path("<int:pk>/read/save/", guarded(save), {"admin": admin}, name="comparison_source_read_save"),
        path("<int:pk>/read/undo/", guarded(undo), {"admin": admin}, name="comparison_source_read_undo"),
        path("<int:pk>/read/silent/", guarded(silence), {"admin": admin}, name="comparison_source_read_silent"),
    ]


class Room:
    """One source's text, its claims, and the passage in hand."""

    def __init__(self, request: HttpRequest, pk: int, admin: ModelAdmin) -> None:
        if not all(request.user.has_perm(f"comparison.view_{model}") for model in ("source", "claim")):
            raise PermissionDenied
        self.request, self.admin = request, admin
        self.source: Source = get_object_or_404(Source, pk=pk)
        claims = self.source.claims.filter(start__isnull=False, state__in=SHOWN)
        self.claims: list[Claim] = list(claims.select_related("framework", "criterion").order_by("start", "end", "id"))
        sections = self.source.claims.values_list("section", flat=True).order_by().distinct()
        self.article = Article(self.source.text, set(sections))
        self.silent = set(self.source.silent)
        self.selected: Span | None = None
        self.problem = ""

    @property
    def may_add(self) -> bool:
        return self.request.user.has_perm("comparison.add_claim")

    def take_passage(self) -> None:
        """The passage an address asks for: offsets, or a line and words."""
        given = {name: self.request.GET.get(name, "").strip() for name in ("start", "end", "line", "words")}
        try:
            if given["start"] or given["end"]:
                edges = whole(given["start"], "start"), whole(given["end"], "end")
                self.selected = self.article.passage(*self.article.whole_words(*edges))
            elif given["line"] or given["words"]:
                self.selected = self.article.find(whole(given["line"], "line"), given["words"])
        except NoPassage as error:
            self.problem = str(error)

    def sought(self) -> dict[str, Any]:
        """What the form that finds passages holds: the line one is in, or all that was given in vain."""
        if self.problem:
            return {name: self.request.GET.get(name, "") for name in ("line", "words")}
        return {"line": self.article.line_at(self.selected[0]).number} if self.selected else {}

    def parts(self) -> tuple[list[tuple[int, int]], int]:
        """All parts of the text, and the place among them of the one shown: that of the passage, else the one asked."""
        found = self.article.parts()
        asked = self.request.GET.get("part", "")
        number = int(asked) - 1 if asked.isascii() and asked.isdigit() and len(asked) < 6 else 0
        if self.selected:
            line = self.article.line_at(self.selected[0]).number
            number = next(place for place, (_, last) in enumerate(found) if line <= last)
        return found, min(max(number, 0), len(found) - 1)

    def at(self, span: Span | None, **more: Any) -> str:
        """The address of the room with a passage in hand, at the form where the browser loads it anew."""
        query = {"start": span[0], "end": span[1]} if span else {}
        query |= more
        place = reverse("admin:comparison_source_read", args=[self.source.pk])
        anchor = "" if "part" in query else "#writing"
        return f"{place}?{urlencode(query)}{anchor}" if query else place

    def places(self) -> list[Span]:
        """The passages of the claims as selecting them would give them, in order."""
        found = []
        for one in self.claims:
            with suppress(NoPassage):  # too long to be selected, or beyond the text
                found.append(self.article.passage(*self.article.whole_words(one.start or 0, one.end or 0)))
        return sorted(found)

    def steps(self) -> dict[str, str]:
        """The addresses of the neighbouring passages, by name; absent where there is none."""
        start, end = self.selected or (-1, 0)
        article, places = self.article, self.places()
        following = article.next_sentence(end if self.selected else 0)
        beyond = article.next_open(end, self.claims, self.silent)
        inside = [one for one in article.sentences if start <= one[0] and one[1] < end] if self.selected else []
        found = {
            "next": following,
            "previous": article.sentence_before(start) if self.selected else None,
            "open": beyond or (article.next_open(0, self.claims, self.silent) if self.selected else None),
            "grow": (start, following[1]) if self.selected and following else None,
            "shrink": (start, inside[-1][1]) if inside else None,
            "next_claim": next((span for span in places if span[0] > start), None),
            "previous_claim": next((span for span in reversed(places) if span[0] < start), None),
        }
        return {name: self.at(span) for name, span in found.items() if span}

    def initial(self) -> tuple[dict[str, Any], list[Guess]]:
        """What the form says of the passage before anybody has written, and the guesses behind it."""
        start, end = self.selected or (0, 0)
        passage, section = self.article.text[start:end], self.article.section_at(start)
        frameworks = guess_frameworks(passage, section, Framework.objects.all())
        guesses = guess_criteria(passage, section, Criterion.objects.select_related("category"))
        values: dict[str, Any] = {"section": section[:200]}
        values["frameworks"] = [one.pk for one in frameworks]
        if guesses:
            values["criterion"] = guesses[0].criterion.pk
        for guess in guesses[:1]:
            values |= guess_value(Kind(guess.criterion.kind), passage)
        values |= self.taken_back()
        asked = self.request.GET
        if asked.get("criterion") or asked.getlist("frameworks"):  # the form, asking what its claim would do
            written = {name: value for name, value in asked.items() if name in PassageForm.base_fields}
            values |= written | {"frameworks": asked.getlist("frameworks")}
        return values | {"start": start, "end": end}, guesses

    def taken_back(self) -> dict[str, Any]:
        """What one wrote in claims just taken back, as the form holds it."""
        ids = whole_ids(self.request.GET.get("again", "").split(","))
        if not ids:
            return {}
        own = {"source_id": self.source.pk, "created_by_id": self.request.user.pk}
        claims = {one.id: one for one in Claim.history.filter(id__in=ids, **own).order_by("history_id")}
        values: dict[str, Any] = {"frameworks": [one.framework_id for one in claims.values()]} if claims else {}
        for one in claims.values():  # they differ in their frameworks alone
            names = ("statement", *Claim.VALUES, "section", "version_range")
            values |= {"criterion": one.criterion_id} | {name: getattr(one, name) for name in names}
        return values

    def context(self, form: PassageForm | None = None) -> dict[str, Any]:
        parts, number = self.parts()
        opts = self.admin.model._meta
        lines = read(self.article, parts[number], self.claims, self.silent, self.selected)
        guesses: list[Guess] = []
        if self.selected and self.may_add and form is None:
            initial, guesses = self.initial()
            form = PassageForm(self.source, initial=initial)
        return {
            **self.admin.admin_site.each_context(self.request),
            "opts": opts,
            "title": f"Read: {self.source.title}",
            "source": self.source,
            "room": self,
            "lines": [(one, [(claim, value_of(claim).text) for claim in one.notes]) for one in lines],
            "ribbon": ribbon(self.article, self.claims, self.selected),
            "counts": [(state.value, count) for state, count in self._counts().items()],
            "gaps": sum(one.gap for one in lines),
            "parts": [(place + 1, self.at(None, part=place + 1), place == number) for place in range(len(parts))],
            "steps": self.steps(),
            "where": self.article.line_at(self.selected[0]) if self.selected else None,
            "sought": self.sought(),
            "passage": self.article.text[slice(*self.selected)] if self.selected else "",
            "form": form if self.may_add else None,
            "written": form is not None and (form.is_bound or "again" in self.request.GET),
            "guesses": guesses,
            "may_publish": may_publish(self.request),
            "saved": self.saved(),
            **(self.prospect(form) if form and self.selected else {}),
        }

    def _counts(self) -> dict[ClaimState, int]:
        counted = Counter(one.state for one in self.claims)
        return {state: counted[state.value] for state in SHOWN if counted[state.value]}

    def saved(self) -> list[Claim]:
        """The claims saved last, which one click undoes."""
        ids = whole_ids(self.request.GET.get("saved", "").split(","))
        return [one for one in self.claims if one.pk in ids and one.created_by_id == self.request.user.pk]

    def prospect(self, form: PassageForm) -> dict[str, Any]:
        """What the claim would do to its verdict, and how much of it is the article's wording."""
        names = {name: form[name].value() for name in form.fields}
        claim = tentative(self.source, names)
        run = shared_run(str(names["statement"] or ""), self.article.text[slice(*(self.selected or (0, 0)))])
        length = len(words_of(run))
        found: dict[str, Any] = {"run": run, "run_length": length, "too_like": length >= TOO_LIKE}
        if claim is None:
            return found
        effect = effect_of_claim(claim)
        cell = effect.before
        told = [(value_of(one).text, one, effect.references[one.source_id].source) for one in cell.claims.values()]
        aside = set(cell.verdict.set_aside)
        return found | {
            "effect": effect,
            "cell_claims": [(value, one, source, one.pk in aside) for value, one, source in told],
            "near": self._same_cell(claim),
            "contradicts": self.source.pk in effect.after.contradicting,
            "tentative": claim,
        }

    def _same_cell(self, claim: Claim) -> list[Claim]:
        """The claims this source already makes in the cell."""
        cell = (claim.framework_id, claim.criterion_id)
        return [one for one in self.claims if (one.framework_id, one.criterion_id) == cell]


def whole(value: str, name: str) -> int:
    if not value.isascii() or not value.isdigit() or len(value) > 9:
        raise NoPassage(f"{name}={value[:40]}: give a whole number.")
    return int(value)


def may_publish(request: HttpRequest) -> bool:
    """Whether one may publish one's own claims at once."""
    return request.user.has_perm("comparison.publish_claim") and not settings.REQUIRE_SECOND_REVIEWER


def show(room: Room, form: PassageForm | None = None) -> HttpResponse:
    return render(room.request, "admin/comparison/source/read.html", room.context(form))


@require_safe
def reading_room(request: HttpRequest, pk: int, admin: ModelAdmin) -> HttpResponse:
    room = Room(request, pk, admin)
    room.take_passage()
    return show(room)


@require_POST
def save(request: HttpRequest, pk: int, admin: ModelAdmin) -> HttpResponse:
    """Saves the passage's claims as drafts, submitted or published, and goes on to the next open passage."""
    room = Room(request, pk, admin)
    if not room.may_add:
        raise PermissionDenied
    form = PassageForm(room.source, request.POST)
    try:
        room.selected = room.article.passage(
            whole(request.POST.get("start", ""), "start"), whole(request.POST.get("end", ""), "end")
        )
    except NoPassage as error:
        form.add_error(None, str(error))
    if not form.is_valid():
        return show(room, form)
    store(form.claims, steps_to(request), request)
    kept = ",".join(str(one.pk) for one in form.claims)
    following = room.article.next_open(form.cleaned_data["end"], [*room.claims, *form.claims], room.silent)
    return redirect(room.at(following, saved=kept))


def steps_to(request: HttpRequest) -> list[ClaimState]:
    """The states a new claim goes through, by the button pressed."""
    if "_draft" in request.POST:
        return []
    return [ClaimState.SUBMITTED, ClaimState.PUBLISHED] if "_publish" in request.POST else [ClaimState.SUBMITTED]


@transaction.atomic
def store(claims: Sequence[Claim], way: Sequence[ClaimState], request: HttpRequest) -> None:
    by = person(request)
    for claim in claims:
        claim.created_by = by
        sign(claim, by, "written in the reading room")
        claim.save()
        for step in way:
            claim.transition(step, by, announce=False)
    if ClaimState.PUBLISHED in way:
        cells = "; ".join(one.cell for one in claims)
        Claim.objects.filter(pk__in=[one.pk for one in claims]).announce(f"Claim published: {cells}", by)


@require_POST
def undo(request: HttpRequest, pk: int, admin: ModelAdmin) -> HttpResponse:
    """Takes back claims one has just written: deletes what is not published, retracts what is."""
    room = Room(request, pk, admin)
    ids = whole_ids(request.POST.getlist("claim"))
    written = Claim.objects.filter(pk__in=ids, source=room.source.pk, created_by=request.user.pk)
    with transaction.atomic():
        own = list(written.select_for_update(of=("self",)).select_related("framework", "criterion"))
        if not own:
            messages.warning(request, "There is nothing to undo: these claims are not yours, or are gone already.")
            return redirect(room.at(None))
        with Batch.objects.of(f"{counted(own)} of {room.source.slug} taken back", person(request)) as batch:
            again = [str(pk) for pk, claim in [(one.pk, one) for one in own] if take_back(claim, request)]
        if not again:
            batch.delete()
    span = (own[0].start or 0, own[0].end or 0)
    return redirect(room.at(span, again=",".join(again)) if again else room.at(span))


def take_back(claim: Claim, request: HttpRequest) -> bool:
    """Whether the claim is gone."""
    try:
        if claim.published:
            claim.transition(ClaimState.RETRACTED, person(request), "Taken back right after it was written.")
        elif claim.state in (ClaimState.DRAFT, ClaimState.SUBMITTED) and not claim.checks.exists():
            sign(claim, person(request), "taken back")
            claim.delete()
        else:
            messages.warning(request, f"Claim {claim.pk} was reviewed meanwhile and stays.")
            return False
    except ProtectedError:
        messages.warning(request, f"Claim {claim.pk} stays: another claim was merged into it.")
        return False
    except (ValidationError, PermissionDenied) as error:
        messages.warning(request, f"Claim {claim.pk} stays: {told(error)}")
        return False
    messages.success(request, f"Taken back: {claim}")
    return True


@require_POST
def silence(request: HttpRequest, pk: int, admin: ModelAdmin) -> HttpResponse:
    """Marks a line as making no claims, or takes the mark away."""
    room = Room(request, pk, admin)
    if not room.may_add:
        raise PermissionDenied
    try:
        number = whole(request.POST.get("line", ""), "line")
    except NoPassage:
        number = 0
    if not 1 <= number <= len(room.article.lines):
        messages.warning(request, "There is no such line.")
        return redirect(room.at(None))
    with transaction.atomic():
        source = Source.objects.select_for_update().defer("text").get(pk=pk)
        source.silent = sorted(set(source.silent) ^ {number})
        sign(
            source, person(request), f"line {number}: {'makes no claims' if number in source.silent else 'open again'}"
        )
        source.save()
    room.silent = set(source.silent)
    line = room.article.lines[number - 1]
    return redirect(room.at(room.article.next_open(line.end, room.claims, room.silent)))

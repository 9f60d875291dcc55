"""Proposed claims beside the text: accepted with a value, changed in the passage form, or declined, one at a time."""

import hashlib
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import path

from comparison.admin.admin_page import SAFE, Context, admin_page
from comparison.admin.base import current_user
from comparison.admin.claim_forms import LEVELS, VALUE_FIELDS, PassageForm
from comparison.admin.reading.pages import WRITE, states_after, store
from comparison.admin.reading.room import PROPOSALS, Room, in_words, list_url_of
from comparison.curation.annotated_text import Span
from comparison.curation.proposals.drafts import draft_statement
from comparison.curation.proposals.propose import Proposal, open_proposals
from comparison.evidence import Kind, Support
from comparison.models import Source, sign
from comparison.row_ids import parse_row_id
from comparison.wording import label, words_of

LIST_SIZE = 20  # proposals shown after the current one


def digest_of(passage: str, framework: str, criterion: str) -> str:
    """What a declined proposal is known by: it stays declined when the text around its passage changes."""
    words = " ".join(words_of(passage))
    return hashlib.sha256(f"{framework}/{criterion}/{words}".encode()).hexdigest()[:16]


class ProposalRoom(Room):
    """The reading room with the proposals that nobody has decided on, from the current one on."""

    shows_form = False
    mode = PROPOSALS

    def __init__(self, request: HttpRequest, pk: int) -> None:
        super().__init__(request, pk)
        self.at = parse_row_id(request.GET.get("at", "")) or 0
        self.part = self.part_index()
        if self.at:
            number = self.article.line_at(self.at).number
            self.part = next(i for i, (_, last) in enumerate(self.article.parts()) if number <= last)
        self.open = self._open(self.found_proposals())
        self.index = self._current_index()
        if self.open:
            self.selected = self.current.start, self.current.end

    def found_proposals(self) -> list[Proposal]:
        """Those in the part of the text that is shown, whatever was decided on them."""
        first, last = self.article.parts()[self.part]
        return self.reader.proposals((self.article.lines[first - 1].start, self.article.lines[last - 1].end))

    def _open(self, found: list[Proposal]) -> list[Proposal]:
        declined = set(self.source.declined)
        cells = [(claim.framework_id, claim.criterion_id, (claim.start or 0, claim.end or 0)) for claim in self.claims]
        return [
            proposal
            for proposal in open_proposals(found, cells)
            if self.digest(proposal) not in declined and self.article.line_at(proposal.start).number not in self.silent
        ]

    @property
    def current(self) -> Proposal:
        return self.open[self.index]

    def _current_index(self) -> int:
        """The proposal in the address, or the first one from an offset on; the last if there is none after it."""
        if number := parse_row_id(self.request.GET.get("number", "")):
            return min(number, max(len(self.open), 1)) - 1
        following = (index for index, proposal in enumerate(self.open) if proposal.start >= self.at)
        return next(following, max(len(self.open) - 1, 0))

    def part_url(self, number: int) -> str:
        return self.list_url(part=number)

    def proposed_spans(self) -> list[Span]:
        return [(proposal.start, proposal.end) for proposal in self.open]

    def digest(self, proposal: Proposal) -> str:
        passage = self.article.text[proposal.start : proposal.end]
        return digest_of(passage, proposal.framework.slug, proposal.criterion.slug)

    def list_url(self, **params: Any) -> str:
        query = QueryDict(mutable=True)
        query.update({name: str(value) for name, value in params.items()})
        return f"{self.path}?{query.urlencode()}" if query else self.path

    @property
    def path(self) -> str:
        return list_url_of(self.source.pk, self.mode)

    def proposal_context(self) -> Context:
        context = self.context() | {"proposing": True, "proposals": self.rows(), "proposal_count": len(self.open)}
        if not self.open:
            return context
        current, kind, draft = self.current, Kind(self.current.criterion.kind), self._draft(self.current)
        fields = current.value.fields
        options = [(f"support:{support.value}", label(support)) for support in Support]
        if kind is not Kind.FEATURE:
            options = [(f"level:{level}", text) for level, text in LEVELS if "level" in VALUE_FIELDS[kind]]
        return context | {
            "current": current,
            "position": self.index + 1,
            "section": self.article.section_at(current.start),
            "options": options,
            "suggested": in_words(current.value),
            "suggested_value": ":".join(*fields.items()) if len(fields) == 1 else "",
            "draft": draft,
            "change_url": self._change_url(current, draft),
            "previous_url": self.list_url(part=self.part + 1, number=self.index) if self.index else "",
            "next_url": self.list_url(part=self.part + 1, number=self.index + 2)
            if self.index + 1 < len(self.open)
            else "",
        }

    def rows(self) -> list[tuple[Proposal, str, str]]:
        """The proposals after the current one, each with its passage and address."""
        following = list(enumerate(self.open, 1))[self.index + 1 : self.index + 1 + LIST_SIZE]
        return [
            (
                proposal,
                self.article.text[proposal.start : proposal.end],
                self.list_url(part=self.part + 1, number=number),
            )
            for number, proposal in following
        ]

    def _draft(self, proposal: Proposal) -> str:
        passage = self.reader.passage(proposal.framework, self.article.text[proposal.start : proposal.end])
        return draft_statement(proposal.criterion, proposal.value.fields, passage)

    def _change_url(self, proposal: Proposal, statement: str) -> str:
        """The passage form with what is proposed, but without a value."""
        return self.url(
            (proposal.start, proposal.end),
            frameworks=proposal.framework.pk,
            criterion=proposal.criterion.pk,
            statement=statement,
            section=self.article.section_at(proposal.start),
            proposals=self.mode,
        )


@admin_page(Source, *WRITE, template="source/read.html", methods=SAFE)
def proposals(request: HttpRequest, pk: int) -> Context:
    return ProposalRoom(request, pk).proposal_context()


@admin_page(Source, *WRITE, methods=("POST",))
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Stores the proposal as a claim that waits for review, or declines it, and goes on to the next."""
    room = Room(request, pk)
    at = parse_row_id(request.POST.get("start", "")) or 0
    list_url = list_url_of(pk, request.POST.get("proposals", ""))
    if room.other_text:
        messages.warning(request, f"{room.other_text} These are the proposals for the new text.")
        return redirect(list_url)
    form = PassageForm(room.source, proposal_data(request.POST, room))
    if "decline" in request.POST:
        decline(request, room, form)
        return redirect(f"{list_url}?at={at}")
    if not form.is_valid():
        problems = " ".join(str(message) for errors in form.errors.values() for message in errors)
        messages.warning(request, f"Not stored. {problems} Change the proposal, or give its value by a number.")
        return redirect(f"{list_url}?at={at}")
    store(form.claims, states_after(request), request)
    saved = ",".join(str(claim.pk) for claim in form.claims)
    return redirect(f"{list_url}?at={at}&saved={saved}")


def proposal_data(post: QueryDict, room: Room) -> QueryDict:
    """The passage form's data: the value is that of the button; its statement follows it, unless it was rewritten."""
    data = post.copy()
    name, _, value = post.get("accept", "").partition(":")
    if name in ("level", "support"):
        data[name] = value
    if post.get("statement", "") != post.get("draft", ""):
        return data
    form = PassageForm(room.source, data, to_store=False)
    form.is_valid()  # for the fields that are
    cleaned = form.cleaned_data
    if cleaned.get("criterion") and cleaned.get("frameworks"):
        text = room.article.text[slice(cleaned.get("start") or 0, cleaned.get("end") or 0)]
        fields = {each: str(data[each]) for each in ("level", "support", "low", "high", "item") if data.get(each)}
        passage = room.reader.passage(cleaned["frameworks"][0], text)
        data["statement"] = draft_statement(cleaned["criterion"], fields, passage)
    return data


def decline(request: HttpRequest, room: Room, form: PassageForm) -> None:
    """Keeps a proposal from being shown again."""
    form.is_valid()  # for the fields that are
    cleaned = form.cleaned_data
    if not all(cleaned.get(name) for name in ("frameworks", "criterion", "end")) or cleaned.get("start") is None:
        messages.warning(request, "There is no such proposal: it names no framework, criterion or passage.")
        return
    passage = room.article.text[cleaned["start"] : cleaned["end"]]
    digests = {digest_of(passage, framework.slug, cleaned["criterion"].slug) for framework in cleaned["frameworks"]}
    source = Source.objects.defer("text").get(pk=room.source.pk)
    source.declined = sorted({*source.declined, *digests})
    sign(source, current_user(request), f"proposal declined: {cleaned['criterion']}")
    source.save(update_fields=["declined"])


urlpatterns = [
    path("<int:pk>/read/proposals/", proposals, name="comparison_source_read_proposals"),
    path("<int:pk>/read/proposals/decide/", decide, name="comparison_source_read_decide"),
]

"""The state of the reading room: a source's text, its claims, the selected passage, and the context of the page."""

from collections import Counter
from contextlib import suppress
from functools import cached_property
from itertools import takewhile
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse

from comparison.admin.admin_page import Context
from comparison.admin.claim_forms import LEVELS, PassageForm, unsaved_claim
from comparison.curation.annotated_text import (
    MARKED_STATES,
    Article,
    InvalidPassage,
    Span,
    annotate,
    longest_shared_run,
    ribbon,
)
from comparison.curation.claim_review import MIN_COPIED_WORDS
from comparison.curation.effects import effect_of_claim
from comparison.curation.proposals.load import load_topics
from comparison.curation.proposals.propose import ArticleReader
from comparison.curation.proposals.topics import Topic
from comparison.curation.proposals.values import Suggestion, suggest_value
from comparison.evidence import Kind, Support
from comparison.models import Claim, Framework, Source
from comparison.models.optimistic_lock import signature
from comparison.row_ids import parse_row_ids
from comparison.tables.verdict_detail import value_of
from comparison.wording import label, words_of

PROPOSALS, TABLES = "1", "tables"  # the lists that a passage may be opened from, and that it leads back to


def list_url_of(pk: int, mode: str) -> str:
    """The proposals for a source, in the order of its text or in its tables."""
    name = "comparison_source_read_tables" if mode == TABLES else "comparison_source_read_proposals"
    return reverse(f"admin:{name}", args=[pk])


class Room:
    shows_form = True  # for the selected passage

    def __init__(self, request: HttpRequest, pk: int) -> None:
        self.request = request
        self.source: Source = get_object_or_404(Source, pk=pk)
        claims = self.source.claims.filter(start__isnull=False, state__in=MARKED_STATES)
        self.claims: list[Claim] = list(claims.select_related("framework", "criterion").order_by("start", "end", "id"))
        sections = self.source.claims.values_list("section", flat=True).order_by().distinct()
        self.article = Article(self.source.text, set(sections))
        self.silent = set(self.source.silent)  # numbers of the lines that make no claims
        self.selected: Span | None = None
        self.problem = ""

    @property
    def text_version(self) -> str:
        """Tells texts apart: offsets and lines of one mean something else in another."""
        return self.source.text_sha256[:16]

    @property
    def other_text(self) -> str:
        """Who stored another text since the page was shown; empty if nobody did."""
        if self.request.POST.get("text_version", self.text_version) == self.text_version:
            return ""
        entry = self.source.history.filter(text_sha256=self.source.text_sha256).earliest("history_id")
        return f"The source’s text was replaced while you read it ({signature(entry)})."

    @cached_property
    def reader(self) -> ArticleReader:
        frameworks = list(Framework.objects.all())
        return ArticleReader(self.article, frameworks, load_topics(frameworks))

    @property
    def may_add(self) -> bool:
        return self.request.user.has_perm("comparison.add_claim")

    @property
    def may_publish(self) -> bool:
        """Whether the user may publish their own claims without a second reviewer."""
        return self.request.user.has_perm("comparison.publish_claim") and not settings.REQUIRE_SECOND_REVIEWER

    def select_passage(self) -> None:
        """Selects the passage in the address: by offsets, or by a line and words."""
        params = {name: self.request.GET.get(name, "").strip() for name in ("start", "end", "line", "words")}
        try:
            if params["start"] or params["end"]:
                start, end = whole_number(params["start"], "start"), whole_number(params["end"], "end")
                self.selected = self.article.trimmed_passage(*self.article.expand_to_words(start, end))
            elif params["line"] or params["words"]:
                self.selected = self.article.find_words(whole_number(params["line"], "line"), params["words"])
        except InvalidPassage as error:
            self.problem = str(error)

    def url(self, span: Span | None, **params: Any) -> str:
        """The address of the room with a passage selected; without scripts the browser jumps to the form."""
        query = {"start": span[0], "end": span[1]} if span else {}
        query |= params
        path = reverse("admin:comparison_source_read", args=[self.source.pk])
        anchor = "" if "part" in query else "#writing"
        return f"{path}?{urlencode(query)}{anchor}" if query else path

    @property
    def plain_url(self) -> str:
        """The address of the room without proposals, at the same passage."""
        return self.url(self.selected)

    @property
    def proposals_url(self) -> str:
        return self._url_of_list(PROPOSALS)

    @property
    def tables_url(self) -> str:
        return self._url_of_list(TABLES)

    def _url_of_list(self, mode: str) -> str:
        """The list of proposals from the same passage on."""
        url = list_url_of(self.source.pk, mode)
        return f"{url}?at={self.selected[0]}" if self.selected else url

    @property
    def names_url(self) -> str:
        """Where a framework or criterion that is missing is added, for the same passage."""
        url = reverse("admin:comparison_source_read_names", args=[self.source.pk])
        return f"{url}?{urlencode({'start': self.selected[0], 'end': self.selected[1]})}" if self.selected else url

    def context(self, form: PassageForm | None = None) -> Context:
        guesses: list[Topic] = []
        suggestion = Suggestion()
        if self.selected and self.may_add and form is None and self.shows_form:
            initial, guesses, suggestion = self._initial_values()
            form = PassageForm(self.source, initial=initial)
        return {
            "title": f"Read: {self.source.title}",
            "source": self.source,
            "room": self,
            "ribbon": ribbon(self.article, self.claims, self.selected),
            "counts": self._counts(),
            **self._text_context(),
            "steps": self._neighbour_urls(),
            "selected_line": self.article.line_at(self.selected[0]) if self.selected else None,
            "find_values": self._find_values(),
            "claims_here": self._claims_at(self.selected) if self.selected else [],
            "passage": self.article.text[slice(*self.selected)] if self.selected else "",
            "form": form if self.may_add else None,
            "written": form is not None and (form.is_bound or "again" in self.request.GET),
            "guesses": guesses,
            "suggestion": suggestion,
            "suggested_text": in_words(suggestion),
            "from_proposals": (self.request.POST or self.request.GET).get("proposals", ""),
            "may_publish": self.may_publish,
            "saved": self._saved_claims(),
            **(self._effect_context(form) if form and self.selected else {}),
        }

    def _counts(self) -> list[tuple[str, int]]:
        """Shown claims by state, without states that have none."""
        counter = Counter(claim.state for claim in self.claims)
        return [(state.value, counter[state.value]) for state in MARKED_STATES if counter[state.value]]

    def _text_context(self) -> Context:
        """The lines of one part of the text."""
        parts = self.article.parts()
        index = self.part_index()
        spans = self.proposed_spans()
        lines = annotate(self.article, parts[index], self.claims, self.silent, self.selected, spans)
        return {
            "lines": [(line, [(claim, value_of(claim).text) for claim in line.starting_claims]) for line in lines],
            "gap_count": sum(line.is_gap for line in lines),
            "parts": [(i + 1, self.part_url(i + 1), i == index) for i in range(len(parts))],
        }

    def part_index(self) -> int:
        """The part of the text to show: that of the passage, otherwise the one in the address."""
        parts = self.article.parts()
        if self.selected:
            number = self.article.line_at(self.selected[0]).number
            return next(i for i, (_, last) in enumerate(parts) if number <= last)
        param = self.request.GET.get("part", "")
        index = int(param) - 1 if param.isascii() and param.isdigit() and len(param) < 6 else 0
        return min(max(index, 0), len(parts) - 1)

    def part_url(self, number: int) -> str:
        return self.url(None, part=number)

    def proposed_spans(self) -> list[Span]:
        """The passages of the proposals that are shown; none in the room without proposals."""
        return []

    def _neighbour_urls(self) -> dict[str, str]:
        """The addresses of the passages one can step to, by name; without those that do not exist."""
        article, claim_spans = self.article, self._claim_spans()
        if self.selected is None:
            spans = {
                "next": article.next_sentence(0),
                "open": article.next_uncovered_sentence(0, self.claims, self.silent),
                "next_claim": claim_spans[0] if claim_spans else None,
            }
        else:
            start, end = self.selected
            following = article.next_sentence(end)
            shorter = list(takewhile(lambda sentence: sentence[1] < end, article.sentences_from(start)))
            open_spans = (article.next_uncovered_sentence(offset, self.claims, self.silent) for offset in (end, 0))
            spans = {
                "next": following,
                "previous": article.previous_sentence(start),
                "open": next(filter(None, open_spans), None),
                "grow": (start, following[1]) if following else None,
                "shrink": (start, shorter[-1][1]) if shorter else None,
                "next_claim": next((span for span in claim_spans if span[0] > start), None),
                "previous_claim": next((span for span in reversed(claim_spans) if span[0] < start), None),
            }
        return {name: self.url(span) for name, span in spans.items() if span}

    def _claims_at(self, span: Span) -> list[Claim]:
        """The claims whose passage shares words with a span."""
        return [claim for claim in self.claims if (claim.start or 0) < span[1] and span[0] < (claim.end or 0)]

    def _claim_spans(self) -> list[Span]:
        """The passages of the claims, widened to whole words as a selection is, in order."""
        spans = []
        for claim in self.claims:
            with suppress(InvalidPassage):  # too long to select, or beyond the end of the text
                spans.append(
                    self.article.trimmed_passage(*self.article.expand_to_words(claim.start or 0, claim.end or 0))
                )
        return sorted(spans)

    def _find_values(self) -> dict[str, Any]:
        """The values of the form that finds passages: the current line, or the input that found nothing."""
        if self.problem:
            return {name: self.request.GET.get(name, "") for name in ("line", "words")}
        return {"line": self.article.line_at(self.selected[0]).number} if self.selected else {}

    def _saved_claims(self) -> list[Claim]:
        """The claims saved last, which the page offers to undo."""
        ids = parse_row_ids(self.request.GET.get("saved", "").split(","))
        return [claim for claim in self.claims if claim.pk in ids and claim.created_by_id == self.request.user.pk]

    def _initial_values(self) -> tuple[dict[str, Any], list[Topic], Suggestion]:
        """The initial values of the passage form, the guesses at its criterion, and the value that the words suggest.

        The value is chosen by the curator alone.
        """
        start, end = self.selected or (0, 0)
        passage, section = self.article.text[start:end], self.article.section_at(start)
        frameworks, guesses = self.reader.guess((start, end))
        values: dict[str, Any] = {"section": section[:200], "frameworks": [framework.pk for framework in frameworks]}
        suggestion = Suggestion()
        if guesses:
            values["criterion"] = guesses[0].criterion.pk
            suggestion = suggest_value(Kind(guesses[0].criterion.kind), passage, items=guesses[0].items)
        values |= self._withdrawn_values()
        params = self.request.GET
        values |= {name: value for name, value in params.items() if name in PassageForm.base_fields}
        if "statement" in params or "frameworks" in params:  # “What would it do?” sends the whole form
            values["frameworks"] = params.getlist("frameworks")
        return values | {"start": start, "end": end}, guesses, suggestion

    def _withdrawn_values(self) -> dict[str, Any]:
        """The form values of the claims that the user has just taken back."""
        ids = parse_row_ids(self.request.GET.get("again", "").split(","))
        if not ids:
            return {}
        own = {"source_id": self.source.pk, "created_by_id": self.request.user.pk}
        entries = {entry.id: entry for entry in Claim.history.filter(id__in=ids, **own).order_by("history_id")}
        values: dict[str, Any] = {"frameworks": [entry.framework_id for entry in entries.values()]} if entries else {}
        for entry in entries.values():  # the claims of one passage differ only in their frameworks
            names = ("statement", *Claim.VALUES, "section", "version_range")
            values |= {"criterion": entry.criterion_id} | {name: getattr(entry, name) for name in names}
        return values

    def _effect_context(self, form: PassageForm) -> Context:
        """What the claim would do to its verdict, and how much of its wording is the article's."""
        values = {name: form[name].value() for name in form.fields}
        claim = unsaved_claim(self.source, values)
        passage = self.article.text[slice(*(self.selected or (0, 0)))]
        shared_words = longest_shared_run(str(values["statement"] or ""), passage)
        count = len(words_of(shared_words))
        context: Context = {
            "shared_words": shared_words,
            "shared_word_count": count,
            "is_copied": count >= MIN_COPIED_WORDS,
        }
        if claim is None:
            return context
        effect = effect_of_claim(claim)
        set_aside = set(effect.before.verdict.set_aside)
        cell = (claim.framework_id, claim.criterion_id)
        return context | {
            "effect": effect,
            "cell_claims": [
                (value_of(other).text, other, effect.references[other.speaker_id].source, other.pk in set_aside)
                for other in effect.before.claims.values()
            ],
            "same_cell_claims": [other for other in self.claims if (other.framework_id, other.criterion_id) == cell],
            "contradicts": self.source.speaker_id in effect.after.contradicting,
            "unsaved_claim": claim,
        }


def in_words(suggestion: Suggestion) -> str:
    """A suggested value as its control calls it."""
    fields = suggestion.fields
    if "support" in fields:
        return label(Support(fields["support"]))
    if "level" in fields:
        return dict(LEVELS)[int(fields["level"])]
    return " to ".join(dict.fromkeys(fields.values()))


def whole_number(value: str, name: str) -> int:
    """Raises InvalidPassage."""
    if not value.isascii() or not value.isdigit() or len(value) > 9:
        raise InvalidPassage(f"{name}={value[:40]}: give a whole number.")
    return int(value)

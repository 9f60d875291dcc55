"""Which one for my project? Answers for kinds of project and for weights of one's own."""

from dataclasses import replace
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render

from comparison.evidence import Kind
from comparison.models import Criterion, Profile
from comparison.recommendation import sentences
from comparison.recommendation.answer import Answer, answer_query
from comparison.recommendation.load import LoadedEvidence, considered_frameworks, load_evidence
from comparison.recommendation.question import PREFIX, Question, read_question
from comparison.recommendation.ranking import MAX_COLUMNS
from comparison.web.addresses import question_url
from comparison.web.caching import edition_of, public_page
from comparison.web.downloads import respond_record
from comparison.web.lookups import found_profile
from comparison.web.problems import not_understood


def profiles() -> list[Profile]:
    return list(Profile.objects.prefetch_related("weights__criterion"))


@public_page
def start(request: HttpRequest, file_format: str = "html") -> HttpResponse:
    """All kinds of project with their answers; with a question in the address, the answer to it."""
    asks = any(name.startswith(PREFIX) or name in ("must", "framework") for name in request.GET)
    if asks or file_format != "html":
        return answer_page(request, None, file_format)
    everything = load_evidence(considered_frameworks())
    cards = [(one, Answer(everything, plain(one, everything)).one_sentence) for one in profiles()]
    return render(request, "comparison/recommend_start.html", {"cards": cards, "form": fields(None, everything)})


def plain(profile: Profile, loaded: LoadedEvidence) -> Question:
    """A profile as it is."""
    return read_question(QueryDict(), profile, loaded.criteria, list(loaded.frameworks.values()))


@public_page
def recommendation(request: HttpRequest, slug: str, file_format: str = "html") -> HttpResponse:
    return answer_page(request, found_profile(slug), file_format)


def answer_page(request: HttpRequest, profile: Profile | None, file_format: str) -> HttpResponse:
    answer = answer_query(request.GET, profile)
    asked = answer.asked
    if file_format != "html":
        if asked.problems:
            return not_understood(asked.problems)
        where = request.build_absolute_uri(question_url(asked))
        return respond_record(answer, edition_of(request), where, file_format)
    return render(request, "comparison/recommend.html", page_context(answer, asked))


def keep_query(asked: Question) -> str:
    """What the button that keeps an answer has to know of it."""
    question = question_url(asked).partition("?")[2]
    profile = f"profile={asked.profile.slug}" if asked.profile else ""
    return "&".join(part for part in (profile, question) if part)


def page_context(answer: Answer, asked: Question) -> dict[str, Any]:
    found, firm = answer.found, answer.firm
    ranked = answer.ranking.ranked()
    return {
        "answer": answer,
        "asked": asked,
        "ending": found.ending.name.lower(),
        "profiles": list(Profile.objects.all()),
        "problems": asked.problems,
        "eyebrow": sentences.eyebrow(found, answer.about),
        "headline": sentences.headline(found, answer.names),
        "standfirst": sentences.standfirst(found, firm, answer.names),
        "one_sentence": answer.one_sentence,
        "ranked": ranked,
        "columns": ranked[:MAX_COLUMNS],
        "added": answer.ranking.added(),
        "sides": answer.sides,
        "first": answer.names.frameworks[answer.order[0]] if answer.order else "",
        "others": answer.others(),
        "firmness": answer.firmness_view(),
        "changes": answer.changes,
        "silent": answer.silent(),
        "situations": answer.situations,
        "cautions": answer.cautions,
        "references": answer.reference_views(),
        "pair": answer.pair,
        "form": fields(asked, answer.loaded),
        "own_address": question_url(asked),
        "wider_address": question_url(replace(asked, frameworks=asked.known)) if asked.narrowed else "",
        "keep_query": keep_query(asked),
        "record_md": question_url(asked, "md"),
        "record_json": question_url(asked, "json"),
    }


def fields(asked: Question | None, loaded: LoadedEvidence) -> dict[str, Any]:
    """The form: each criterion with its weight; those that count first, the ignored ones folded away."""
    weights = asked.weights.weights if asked else {}
    must = asked.weights.must if asked else frozenset()
    rows = [(one, weights.get(one.slug, 0), one.slug in must) for one in loaded.criteria.values()]
    rows.sort(key=lambda row: (-row[1], row[0].category.order, row[0].category.slug, row[0].order, row[0].slug))
    everything = asked.known if asked else list(loaded.frameworks.values())
    chosen = {one.slug for one in asked.frameworks} if asked and asked.narrowed else set()
    return {
        "counted": [row for row in rows if row[1] or row[2]],
        "ignored": _grouped([row for row in rows if not (row[1] or row[2])]),
        "words": list(enumerate(("Ignore", "Nice", "Important", "Essential"))),
        "frameworks": [(one, not chosen or one.slug in chosen) for one in everything],
    }


Row = tuple[Criterion, int, bool]


def _grouped(rows: list[Row]) -> list[tuple[str, list[Row]]]:
    """The situations first, then the other criteria by category."""
    found: dict[str, list[Row]] = {"Situations that may apply": []}
    for row in rows:
        fits = row[0].kind == Kind.FIT.value
        found.setdefault("Situations that may apply" if fits else row[0].category.name, []).append(row)
    return [(name, members) for name, members in found.items() if members]

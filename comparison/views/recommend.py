"""Recommendations: the kinds of project with their answers, and the answer to one question."""

from dataclasses import replace
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render

from comparison.evidence import Kind
from comparison.models import Criterion, Profile
from comparison.recommendation.answer import Answer, answer_query
from comparison.recommendation.answer_page import AnswerPage
from comparison.recommendation.load import LoadedEvidence, considered_frameworks, load_evidence
from comparison.recommendation.question import PARAMETERS, PREFIX, Question, read_question
from comparison.web.addresses import question_url
from comparison.web.caching import edition_of, public_page
from comparison.web.downloads import respond_record
from comparison.web.lookups import find_profile
from comparison.web.problems import not_understood

WEIGHT_LABELS = ("Ignore", "Nice", "Important", "Essential")
SITUATIONS = "Situations that may apply"
WeightRow = tuple[Criterion, int, bool]  # criterion, weight, whether it is a must-have


@public_page(*PARAMETERS)
def start(request: HttpRequest, file_format: str = "html") -> HttpResponse:
    """All kinds of project with their answers; with a question in the address, the answer to it."""
    has_question = any(name.startswith(PREFIX) or name in ("must", "framework") for name in request.GET)
    if has_question or file_format != "html":
        return _respond(request, None, file_format)
    profiles = list(Profile.objects.with_question())
    weighed = {row.criterion.slug for profile in profiles for row in profile.weights.all()}
    loaded = load_evidence(considered_frameworks(), weighed=weighed)
    cards = [(profile, _profile_answer(profile, loaded).one_sentence) for profile in profiles]
    return render(request, "comparison/recommend_start.html", {"cards": cards, "form": weights_form(None, loaded)})


def _profile_answer(profile: Profile, loaded: LoadedEvidence) -> Answer:
    question = read_question(QueryDict(), profile, loaded.criteria, list(loaded.frameworks.values()))
    return Answer(loaded.of_frameworks(question.frameworks), question)


@public_page(*PARAMETERS)
def recommendation(request: HttpRequest, slug: str, file_format: str = "html") -> HttpResponse:
    return _respond(request, find_profile(slug), file_format)


def _respond(request: HttpRequest, profile: Profile | None, file_format: str) -> HttpResponse:
    answer = answer_query(request.GET, profile)
    question = answer.question
    if file_format == "html":
        own = {"canonical_url": request.build_absolute_uri(question_url(question))}
        return render(request, "comparison/recommend.html", _context(answer) | own)
    if question.problems:
        return not_understood(question.problems)
    url = request.build_absolute_uri(question_url(question))
    return respond_record(answer, edition_of(request), url, file_format)


def _context(answer: Answer) -> dict[str, Any]:
    question = answer.question
    all_frameworks = replace(question, frameworks=question.all_frameworks)
    return {
        "answer": AnswerPage.from_answer(answer),
        "question": question,
        "profiles": list(Profile.objects.all()),
        "about": answer.about,
        "eyebrow": answer.eyebrow,
        "one_sentence": answer.one_sentence,
        "sides": answer.sides,
        "situations": answer.situations,
        "references": answer.reference_views(),
        "compared": answer.compared,
        "form": weights_form(question, answer.loaded),
        "own_url": question_url(question),
        "wider_url": question_url(all_frameworks) if question.is_narrowed else "",
        "keep_query": _keep_query(question),
        "record_md": question_url(question, "md"),
        "record_json": question_url(question, "json"),
    }


def _keep_query(question: Question) -> str:
    """The query string that asks the same of the page that stores answers."""
    profile = f"profile={question.profile.slug}" if question.profile else ""
    query = question_url(question).partition("?")[2]
    return "&".join(part for part in (profile, query) if part)


def weights_form(question: Question | None, loaded: LoadedEvidence) -> dict[str, Any]:
    """The form's rows: the criteria that count come first, the ignored ones are grouped."""
    weights = question.weights.counted if question else {}
    musts = question.weights.must if question else frozenset()
    rows = [(row, weights.get(row.slug, 0), row.slug in musts) for row in loaded.criteria.values()]
    rows.sort(key=lambda row: (-row[1], row[0].category.order, row[0].category.slug, row[0].order, row[0].slug))
    all_frameworks = question.all_frameworks if question else list(loaded.frameworks.values())
    chosen = question.frameworks if question else all_frameworks
    return {
        "counted": [row for row in rows if row[1] or row[2]],
        "ignored": _grouped([row for row in rows if not (row[1] or row[2])]),
        "words": list(enumerate(WEIGHT_LABELS)),
        "frameworks": [(framework, framework in chosen) for framework in all_frameworks],
    }


def _grouped(rows: list[WeightRow]) -> list[tuple[str, list[WeightRow]]]:
    """The situations first, then the other criteria by category."""
    groups: dict[str, list[WeightRow]] = {SITUATIONS: []}
    for row in rows:
        criterion = row[0]
        is_situation = criterion.kind == Kind.FIT.value
        groups.setdefault(SITUATIONS if is_situation else criterion.category.name, []).append(row)
    return [(name, members) for name, members in groups.items() if members]

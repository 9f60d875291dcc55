"""Recommendations: the kinds of project with their answers, and the answer to one question."""

from dataclasses import replace
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from comparison.models import Profile
from comparison.recommendation.answer import Answer, answer_question
from comparison.recommendation.answer_page import AnswerPage
from comparison.recommendation.asking.guide import PREFIX as GUIDE_PREFIX
from comparison.recommendation.asking.guide import Guide, guided_query, is_guided, read_guide
from comparison.recommendation.asking.weights_form import Addition, weights_form, with_addition
from comparison.recommendation.changes import NearestChange, may_change
from comparison.recommendation.load import LoadedEvidence, considered_frameworks, load_evidence, rankable_criteria
from comparison.recommendation.question import PARAMETERS, PREFIX, Question, read_question
from comparison.sensitivity.changes import TogetherFlip, UnknownFlip, WeightFlip
from comparison.sensitivity.nearest import MustFlip
from comparison.web.addresses import page_url, question_url
from comparison.web.caching import edition_of, public_page, share_image, translations
from comparison.web.downloads import respond_record
from comparison.web.lookups import find_profile
from comparison.web.problems import not_understood

ADD = "add"  # the parameter of the field “add a criterion”, which is no part of a question


@public_page(*PARAMETERS, ADD, f"{GUIDE_PREFIX}*", file_params=PARAMETERS)
def start(request: HttpRequest, file_format: str = "html") -> HttpResponse:
    """All kinds of project with their answers; with a question in the address, the answer to it."""
    has_answers = is_guided(request.GET)
    is_weighed = any(name.startswith(PREFIX) or name in ("must", ADD) for name in request.GET)
    if is_weighed or file_format != "html" or ("framework" in request.GET and not has_answers):
        return _respond(request, None, file_format)
    guide = read_guide(request.GET, rankable_criteria())
    if guide.weights.weights:
        return redirect(f"{page_url('recommend')}?{guided_query(request.GET, guide)}")
    profiles = list(Profile.objects.with_question())
    weighed = {row.criterion.slug for profile in profiles for row in profile.weights.all()}
    loaded = load_evidence(considered_frameworks(), weighed=weighed)
    cards = [(profile, _profile_answer(profile, loaded).one_sentence) for profile in profiles]
    form = weights_form(None, loaded.criteria, list(loaded.frameworks.values()))
    context = {"cards": cards, "form": form, "guide": guide, "is_guided": has_answers}
    return render(request, "comparison/recommend_start.html", context)


def _profile_answer(profile: Profile, loaded: LoadedEvidence) -> Answer:
    question = read_question(QueryDict(), profile, loaded.criteria, list(loaded.frameworks.values()))
    return Answer(loaded.of_frameworks(question.frameworks), question)


@public_page(*PARAMETERS, ADD, file_params=PARAMETERS)
def recommendation(request: HttpRequest, slug: str, file_format: str = "html") -> HttpResponse:
    return _respond(request, find_profile(slug), file_format)


def _respond(request: HttpRequest, profile: Profile | None, file_format: str) -> HttpResponse:
    criteria = rankable_criteria()
    question = read_question(request.GET, profile, criteria, considered_frameworks())
    question, addition = with_addition(question, request.GET.get(ADD, ""), criteria)
    if question.problems and file_format != "html":
        return not_understood(question.problems)
    path = question_url(question)
    if file_format == "html" and "?" in path and _is_sent_whole(request.GET, question):
        return redirect(path)
    answer = answer_question(question, criteria)
    url = request.build_absolute_uri(path)
    if file_format != "html":
        return respond_record(answer, edition_of(request), url, file_format)
    guide = read_guide(request.GET, criteria) if is_guided(request.GET) else None
    own = {
        "canonical_url": url,
        "translations": translations(request, url),
        "share_image": share_image(request, has_own="?" not in path),  # that of the profile's own weights
    }
    return render(request, "comparison/recommend.html", _context(answer, addition, guide) | own)


def _is_sent_whole(data: QueryDict, question: Question) -> bool:
    """Whether the form sent a weight of 0 for all that is ignored: readers share the address that remains."""
    has_zeros = any(name.startswith(PREFIX) and value == "0" for name, value in data.items())
    return has_zeros and not (question.profile or question.problems or ADD in data or is_guided(data))


def _context(answer: Answer, addition: Addition, guide: Guide | None) -> dict[str, Any]:
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
        "form": weights_form(question, answer.loaded.criteria, question.all_frameworks, addition),
        "own_url": _url_with_answers(question, guide),
        "nearest": [(change, *_nearest_link(answer, change)) for change in answer.nearest_changes],
        "may_change": may_change(answer.recommendation),
        "guide": guide,
        "problems": [*question.problems, *(guide.problems if guide else ())],
        "is_changed": guide is not None and guide.weights != question.weights,
        "wider_url": question_url(all_frameworks) if question.is_narrowed else "",
        "keep_query": _keep_query(question),
        "record_md": question_url(question, "md"),
        "record_json": question_url(question, "json"),
    }


def _nearest_link(answer: Answer, change: NearestChange) -> tuple[str, str]:
    """Where a change leads, and what the link says: to the answer with it, or to the evidence that it is about."""
    question, flip = answer.question, change.flip
    match flip:
        case WeightFlip():
            return question_url(question.with_weight(flip.criterion, flip.after)), _("The answer with it")
        case MustFlip():
            return question_url(question.with_must(flip.criterion, flip.is_added)), _("The answer with it")
        case UnknownFlip():
            return answer.row_url(flip.criterion), _("What is known")
        case TogetherFlip():
            return answer.loaded.frameworks[flip.framework].get_absolute_url(), _("What is known")
    return (change.source.get_absolute_url() if change.source else ""), _("What it says")


def _url_with_answers(question: Question, guide: Guide | None) -> str:
    """The address of the answer, with the answers to the guided start that it says something about."""
    url = question_url(question)
    if guide is None or not guide.query:
        return url
    return f"{url}{'&' if '?' in url else '?'}{guide.query}"


def _keep_query(question: Question) -> str:
    """The query string that asks the same of the page that stores answers."""
    profile = f"profile={question.profile.slug}" if question.profile else ""
    query = question_url(question).partition("?")[2]
    return "&".join(part for part in (profile, query) if part)

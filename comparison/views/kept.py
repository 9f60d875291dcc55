"""Answers kept under an address that never changes."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language, gettext_noop
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from comparison.models import Edition, Profile, Snapshot
from comparison.recommendation.answer import answer_query, answer_question
from comparison.recommendation.answer_page import AnswerPage
from comparison.recommendation.load import considered_frameworks, rankable_criteria
from comparison.recommendation.question import read_question
from comparison.recommendation.snapshots import (
    StoredAnswer,
    UnknownSchema,
    is_same_answer,
    key_for,
    question_data,
    store_answer,
    stored_data,
)
from comparison.serving.languages import path_in_language
from comparison.vocabulary import in_language
from comparison.web.addresses import question_url
from comparison.web.caching import edition_of, public_page
from comparison.web.downloads import respond_data
from comparison.web.lookups import find_profile, find_snapshot
from comparison.web.problems import not_understood
from comparison.web.throttle import Limit, TooOften, take
from config.client_address import client_address
from config.cross_site import is_from_another_site

PLAIN_TEXT = "text/plain; charset=utf-8"
ONLY_POST = "An answer is kept by the button on its page, which sends a POST.\n"
MAX_KEPT_IN_SECONDS = (30, 600)  # new answers from one address; those that are kept already do not count
FROM_ANOTHER_SITE = gettext_noop("Another site sent this. An answer is kept by the button on its own page here.")
KEPT_TOO_OFTEN = gettext_noop(
    "Very many answers were kept from here lately; in {duration} more can be. "
    "The address of the answer itself holds every choice, and its decision record can be taken along as a file."
)
UNKNOWN_SCHEMA = "This answer was kept by a newer version of the site, and this version cannot read it.\n"


@csrf_exempt  # public pages set no cookie that a token could be compared with; other sites are refused below
def keep_answer(request: HttpRequest) -> HttpResponse:
    """Stores an answer and leads to its address."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"], ONLY_POST, content_type="text/plain")
    if is_from_another_site(request):
        return _not_kept(request, 403, _(FROM_ANOTHER_SITE), reverse("recommend"))
    profile = find_profile(request.GET["profile"]) if request.GET.get("profile") else None
    answer = answer_query(request.GET, profile)
    if answer.question.problems:
        return not_understood(answer.question.problems)
    edition = Edition.objects.current()
    with in_language(settings.LANGUAGE_CODE):  # one stored answer for the readers of all languages
        path = question_url(answer.question)
    key = key_for(edition, path)
    if not Snapshot.objects.filter(key=key).exists():
        try:
            take(Limit(("keep", client_address(request)), *MAX_KEPT_IN_SECONDS))
        except TooOften as pause:
            response = _not_kept(
                request, 429, _(KEPT_TOO_OFTEN).format(duration=pause.duration), question_url(answer.question)
            )
            response.headers["Retry-After"] = str(pause.seconds)
            return response
        with in_language(settings.LANGUAGE_CODE):
            store_answer(answer, edition, path, request.build_absolute_uri(path))
    return redirect("kept", key)


def _not_kept(request: HttpRequest, status: int, message: str, url: str) -> HttpResponse:
    request.refusal = message  # type: ignore[attr-defined]  # for the log
    return render(request, "comparison/not_kept.html", {"message": message, "url": url}, status=status)


@public_page()
def kept_answer(request: HttpRequest, key: str, file_format: str = "html") -> HttpResponse:
    """A stored answer, and whether newer evidence would change it."""
    snapshot = find_snapshot(key)
    try:
        if file_format == "json":
            # Whoever kept it may have asked by another name of this site.
            data = stored_data(snapshot) | {"address": request.build_absolute_uri(snapshot.query)}
            return respond_data(data, f"kept-{key}")
        stored = StoredAnswer(snapshot)
    except UnknownSchema:
        return unreadable()
    is_outdated = snapshot.edition != edition_of(request).number
    context = {
        "answer": AnswerPage.from_stored(stored),
        "snapshot": snapshot,
        "whole_answer": path_in_language(snapshot.query, get_language()),
        "profile": Profile.objects.filter(slug=snapshot.profile).first(),
        "reasons_by_heading": stored.reasons_by_heading(),
        "is_earlier": stored.has_earlier_rules,
        "today": _today(snapshot) if stored.has_earlier_rules or is_outdated else None,
    }
    return render(request, "comparison/kept.html", context)


def unreadable() -> HttpResponse:
    return HttpResponse(UNKNOWN_SCHEMA, status=503, content_type=PLAIN_TEXT)


def _today(snapshot: Snapshot) -> dict[str, Any]:
    """Today's answer to the question of a stored answer."""
    profile = Profile.objects.with_question().filter(slug=snapshot.profile).first()
    data, criteria = question_data(snapshot, profile), rankable_criteria()
    question = read_question(data, profile, criteria, considered_frameworks())
    answer = answer_question(question, criteria)
    is_same_sentence = answer.one_sentence == snapshot.answer["outcome"]["sentence"]
    return {
        "is_same": is_same_answer(snapshot, answer),
        "sentence": "" if is_same_sentence else answer.one_sentence,
        "url": question_url(question),
    }

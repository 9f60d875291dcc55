"""Answers kept under an address that never changes."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect, render
from django.views.decorators.csrf import csrf_exempt

from comparison.models import Edition, Profile, Snapshot
from comparison.recommendation.answer import Answer, answer_query
from comparison.recommendation.answer_page import AnswerPage
from comparison.recommendation.load import considered_frameworks, load_evidence, rankable_criteria
from comparison.recommendation.question import read_question
from comparison.recommendation.snapshots import (
    StorageFull,
    StoredAnswer,
    UnknownSchema,
    is_same_answer,
    question_data,
    store_answer,
    stored_data,
)
from comparison.web.addresses import question_url
from comparison.web.caching import edition_of, public_page
from comparison.web.downloads import respond_data
from comparison.web.lookups import find_profile, unknown
from comparison.web.problems import not_understood

PLAIN_TEXT = "text/plain; charset=utf-8"
ONLY_POST = "An answer is kept by the button on its page, which sends a POST.\n"
STORAGE_FULL = "No more answers can be kept here. Take the decision record along as a file instead.\n"
UNKNOWN_SCHEMA = "This answer was kept by a newer version of the site, and this version cannot read it.\n"


@csrf_exempt  # anonymous, and the same answer is stored only once: a foreign page could gain nothing
def keep_answer(request: HttpRequest) -> HttpResponse:
    """Stores an answer and leads to its address."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"], ONLY_POST, content_type="text/plain")
    profile = find_profile(request.GET["profile"]) if request.GET.get("profile") else None
    answer = answer_query(request.GET, profile)
    if answer.question.problems:
        return not_understood(answer.question.problems)
    path = question_url(answer.question)
    try:
        key = store_answer(answer, Edition.objects.current(), path, request.build_absolute_uri(path))
    except StorageFull:
        return HttpResponse(STORAGE_FULL, status=503, content_type=PLAIN_TEXT)
    return redirect("kept", key)


@public_page()
def kept_answer(request: HttpRequest, key: str, file_format: str = "html") -> HttpResponse:
    """A stored answer, and whether newer evidence would change it."""
    snapshot = Snapshot.objects.using("default").filter(key=key).first()  # no replica may have it yet
    if snapshot is None:
        raise unknown("kept answer", key, {}, "kept")
    try:
        if file_format == "json":
            return respond_data(stored_data(snapshot), f"kept-{key}")
        stored = StoredAnswer(snapshot)
    except UnknownSchema:
        return HttpResponse(UNKNOWN_SCHEMA, status=503, content_type=PLAIN_TEXT)
    is_outdated = snapshot.edition != edition_of(request).number
    context = {
        "answer": AnswerPage.from_stored(stored),
        "snapshot": snapshot,
        "profile": Profile.objects.filter(slug=snapshot.profile).first(),
        "reasons_by_heading": stored.reasons_by_heading(),
        "is_earlier": stored.is_earlier,
        "today": _today(snapshot) if stored.is_earlier or is_outdated else None,
    }
    return render(request, "comparison/kept.html", context)


def _today(snapshot: Snapshot) -> dict[str, Any]:
    """Today's answer to the question of a stored answer."""
    profile = Profile.objects.prefetch_related("weights__criterion").filter(slug=snapshot.profile).first()
    data, criteria = question_data(snapshot, profile), rankable_criteria()
    question = read_question(data, profile, criteria, considered_frameworks())
    answer = Answer(load_evidence(question.frameworks, criteria), question)
    is_same_sentence = answer.one_sentence == snapshot.answer["outcome"]["sentence"]
    return {
        "is_same": is_same_answer(snapshot, answer),
        "sentence": "" if is_same_sentence else answer.one_sentence,
        "url": question_url(question),
    }

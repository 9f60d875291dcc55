"""Answers kept under an address that never changes."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect, render
from django.views.decorators.csrf import csrf_exempt

from comparison.models import Edition, Profile, Snapshot
from comparison.recommendation import decision_record
from comparison.recommendation.answer import Answer, answer_query
from comparison.recommendation.load import considered_frameworks, load_evidence, rankable_criteria
from comparison.recommendation.question import read_question
from comparison.recommendation.ranking import MAX_COLUMNS
from comparison.recommendation.snapshots import NoRoom, StoredAnswer, keep, question_of, same_answer
from comparison.web.addresses import question_url
from comparison.web.caching import edition_of, public_page
from comparison.web.downloads import respond_data
from comparison.web.lookups import found_profile, unknown
from comparison.web.problems import not_understood


@csrf_exempt  # anonymous, and the same answer is kept only once: there is nothing a foreign page could gain
def keep_answer(request: HttpRequest) -> HttpResponse:
    """Freezes an answer under an address of its own."""
    if request.method != "POST":
        words = "An answer is kept by the button on its page, which sends a POST.\n"
        return HttpResponseNotAllowed(["POST"], words, content_type="text/plain")
    profile = found_profile(request.GET["profile"]) if request.GET.get("profile") else None
    answer = answer_query(request.GET, profile)
    asked = answer.asked
    if asked.problems:
        return not_understood(asked.problems)
    edition, where = Edition.objects.current(), question_url(asked)
    try:
        key = keep(
            answer, edition.number, where, decision_record.data(answer, edition, request.build_absolute_uri(where))
        )
    except NoRoom:
        words = "No more answers can be kept here. Take the decision record along as a file instead.\n"
        return HttpResponse(words, status=503, content_type="text/plain; charset=utf-8")
    return redirect("kept", key)


@public_page
def kept(request: HttpRequest, key: str, file_format: str = "html") -> HttpResponse:
    """A frozen answer, and whether newer evidence would change it."""
    found = Snapshot.objects.using("default").filter(key=key).first()  # perhaps kept this moment: no replica has it yet
    if found is None:
        raise unknown("kept answer", key, {}, "kept")
    if file_format == "json":
        return respond_data(found.answer, f"kept-{key}")
    answer = StoredAnswer(found)
    ranked = answer.ranking.ranked()
    context = {
        "snapshot": found,
        "profile": Profile.objects.filter(slug=found.profile).first(),
        "outcome": {"headline": found.answer["outcome"]["sentence"], **found.answer["outcome"]},
        "ending": answer.ending.name.lower(),
        "ranked": ranked,
        "columns": ranked[:MAX_COLUMNS],
        "added": answer.ranking.added(),
        "reasons": answer.reasons(),
        "first": answer.names.frameworks[answer.places[0].framework] if answer.places else "",
        "others": answer.others(),
        "firmness": answer.firmness(),
        "changes": found.answer.get("changes", []),
        "cautions": found.answer.get("cautions", []),
        "silent": answer.silent(),
        "now": _now(found) if found.edition != edition_of(request).number else None,
    }
    return render(request, "comparison/kept.html", context)


def _now(found: Snapshot) -> dict[str, Any]:
    """What the same question is answered today."""
    profile = Profile.objects.prefetch_related("weights__criterion").filter(slug=found.profile).first()
    asked = read_question(question_of(found, profile), profile, rankable_criteria(), considered_frameworks())
    answer = Answer(load_evidence(asked.frameworks), asked)
    then = found.answer["outcome"]["sentence"]
    return {
        "same": same_answer(found, answer),
        "sentence": answer.one_sentence if answer.one_sentence != then else "",
        "address": question_url(asked),
    }

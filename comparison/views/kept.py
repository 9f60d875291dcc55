"""Answers kept under an address that never changes."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect, render
from django.views.decorators.csrf import csrf_exempt

from comparison import decision
from comparison.answers import Answer
from comparison.asking import read_question
from comparison.export import respond_data
from comparison.keeping import Kept, NoRoom, keep, question_of, same_answer
from comparison.models import Edition, Profile, Snapshot
from comparison.pages import public_page
from comparison.standings import MOST_COLUMNS
from comparison.views.asked import not_understood, unknown
from comparison.views.compare import edition_of
from comparison.views.recommend import address, considered, found_profile, question, rankable
from comparison.weighing import weigh


@csrf_exempt  # anonymous, and the same answer is kept only once: there is nothing a foreign page could gain
def keep_answer(request: HttpRequest) -> HttpResponse:
    """Freezes an answer under an address of its own."""
    if request.method != "POST":
        words = "An answer is kept by the button on its page, which sends a POST.\n"
        return HttpResponseNotAllowed(["POST"], words, content_type="text/plain")
    profile = found_profile(request.GET["profile"]) if request.GET.get("profile") else None
    answer, asked = question(request, profile)
    if asked.problems:
        return not_understood(asked.problems)
    edition, where = Edition.objects.current(), address(asked)
    try:
        key = keep(answer, edition.number, where, decision.data(answer, edition, request.build_absolute_uri(where)))
    except NoRoom:
        words = "No more answers can be kept here. Take the decision record along as a file instead.\n"
        return HttpResponse(words, status=503, content_type="text/plain; charset=utf-8")
    return redirect("kept", key)


@public_page
def kept(request: HttpRequest, key: str, form: str = "html") -> HttpResponse:
    """A frozen answer, and whether newer evidence would change it."""
    found = Snapshot.objects.using("default").filter(key=key).first()  # perhaps kept this moment: no replica has it yet
    if found is None:
        raise unknown("kept answer", key, {}, "kept")
    if form == "json":
        return respond_data(found.answer, f"kept-{key}")
    answer = Kept(found)
    ranked = answer.ranking.ranked()
    context = {
        "snapshot": found,
        "profile": Profile.objects.filter(slug=found.profile).first(),
        "outcome": {"headline": found.answer["outcome"]["sentence"], **found.answer["outcome"]},
        "ending": answer.ending.name.lower(),
        "ranked": ranked,
        "columns": ranked[:MOST_COLUMNS],
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
    asked = read_question(question_of(found, profile), profile, rankable(), considered())
    answer = Answer(weigh(asked.frameworks), asked)
    then = found.answer["outcome"]["sentence"]
    return {
        "same": same_answer(found, answer),
        "sentence": answer.one_sentence if answer.one_sentence != then else "",
        "address": address(asked),
    }

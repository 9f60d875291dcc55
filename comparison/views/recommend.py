"""Which one for my project? Answers for kinds of project and for weights of one's own."""

import hashlib
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt

from comparison import advice, decision
from comparison.answers import Answer
from comparison.asking import Asked, read_question
from comparison.evidence import Kind
from comparison.models import Criterion, Edition, Framework, Profile, Snapshot
from comparison.models.claims import ClaimState
from comparison.pages import public_page
from comparison.views.asked import not_understood, unknown
from comparison.views.compare import edition_of
from comparison.weighing import Weighed, weigh
from config.replica import replica_reads

MOST_SNAPSHOTS = 50_000


def considered() -> list[Framework]:
    """The frameworks anything is published about."""
    spoken = Framework.objects.filter(claims__state=ClaimState.PUBLISHED.value).distinct()
    return list(spoken.order_by("slug"))


def profiles() -> list[Profile]:
    return list(Profile.objects.prefetch_related("weights__criterion"))


def question(request: HttpRequest, profile: Profile | None) -> tuple[Answer, Asked]:
    known = {one.slug: one for one in Criterion.objects.exclude(kind=Kind.LIST.value)}
    asked = read_question(request.GET, profile, known, considered())
    return Answer(weigh(asked.frameworks), asked), asked


def found_profile(slug: str) -> Profile:
    found = Profile.objects.prefetch_related("weights__criterion").filter(slug=slug).first()
    if found is None:
        raise unknown("kind of project", slug, dict(Profile.objects.values_list("slug", "name")), "recommendation")
    return found


@public_page
def start(request: HttpRequest, form: str = "html") -> HttpResponse:
    """All kinds of project with their answers; with weights in the address, the answer to them."""
    if any(name.startswith("w.") for name in request.GET) or form != "html":
        return answer_page(request, None, form)
    everything = weigh(considered())
    cards = [(one, Answer(everything, plain(one, everything)).one_sentence) for one in profiles()]
    return render(request, "comparison/recommend_start.html", {"cards": cards, "form": fields(None, everything)})


def plain(profile: Profile, weighed: Weighed) -> Asked:
    """A profile as it is."""
    return read_question(QueryDict(), profile, weighed.criteria, list(weighed.frameworks.values()))


@public_page
def recommendation(request: HttpRequest, slug: str, form: str = "html") -> HttpResponse:
    return answer_page(request, found_profile(slug), form)


def answer_page(request: HttpRequest, profile: Profile | None, form: str) -> HttpResponse:
    answer, asked = question(request, profile)
    if form != "html":
        if asked.problems:
            return not_understood(asked.problems)
        where = request.build_absolute_uri(address(asked))
        return decision.respond(decision.record(answer, edition_of(request), where), form, profile)
    return render(request, "comparison/recommend.html", page_context(answer, asked))


def address(asked: Asked, form: str = "") -> str:
    """The one address of a question."""
    base = reverse("recommendation", args=[asked.profile.slug]) if asked.profile else reverse("recommend")
    base = f"{base[:-1]}.{form}" if form else base
    query = asked.query
    chosen = "&".join(f"framework={one.slug}" for one in asked.frameworks) if asked.narrowed else ""
    whole = "&".join(part for part in (query, chosen) if part)
    return f"{base}?{whole}" if whole else base


def keep_query(asked: Asked) -> str:
    """What the button that keeps an answer has to know of it."""
    question = address(asked).partition("?")[2]
    profile = f"profile={asked.profile.slug}" if asked.profile else ""
    return "&".join(part for part in (profile, question) if part)


def page_context(answer: Answer, asked: Asked) -> dict[str, Any]:
    found, firm = answer.found, answer.firm
    for_it, against = answer.reasons()
    return {
        "answer": answer,
        "asked": asked,
        "ending": found.ending.name.lower(),
        "profiles": list(Profile.objects.all()),
        "problems": asked.problems,
        "eyebrow": advice.eyebrow(found, answer.about),
        "headline": advice.headline(found, answer.names),
        "standfirst": advice.standfirst(found, firm, answer.names),
        "one_sentence": answer.one_sentence,
        "ranked": answer.ranked(),
        "columns": [answer.weighed.frameworks[one.framework] for one in answer.columns()],
        "scores": [advice.score(one.score) for one in answer.columns()],
        "added": answer.added(),
        "for_it": for_it,
        "against": against,
        "rivals": [answer.names[one.framework] for one in answer.rivals if one],
        "firmness": answer.firmness_view(),
        "changes": answer.changes(),
        "silent": answer.silent(),
        "situations": answer.situations(),
        "cautions": answer.cautions(),
        "references": answer.reference_views(),
        "pair": "-vs-".join(sorted(one.framework for one in answer.columns())),
        "form": fields(asked, answer.weighed),
        "own_address": address(asked),
        "keep_query": keep_query(asked),
        "record_md": address(asked, "md"),
        "record_json": address(asked, "json"),
    }


def fields(asked: Asked | None, weighed: Weighed) -> dict[str, Any]:
    """The form: each criterion with its weight; those that count first, the ignored ones folded away."""
    weights = asked.weights.weights if asked else {}
    must = asked.weights.must if asked else frozenset()
    rows = [(one, weights.get(one.slug, 0), one.slug in must) for one in weighed.criteria.values()]
    rows.sort(key=lambda row: (-row[1], row[0].category.order, row[0].category.slug, row[0].order, row[0].slug))
    everything = asked.known if asked else list(weighed.frameworks.values())
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


@csrf_exempt  # anonymous, and the same answer is kept only once: there is nothing a foreign page could gain
def keep(request: HttpRequest) -> HttpResponse:
    """Freezes an answer under an address of its own."""
    if request.method != "POST":
        words = "An answer is kept by the button on its page, which sends a POST.\n"
        return HttpResponseNotAllowed(["POST"], words, content_type="text/plain")
    profile = found_profile(request.GET["profile"]) if request.GET.get("profile") else None
    answer, asked = question(request, profile)
    if asked.problems:
        return not_understood(asked.problems)
    edition = Edition.objects.current()
    where = address(asked)
    key = hashlib.sha256(f"{edition.number} {where}".encode()).hexdigest()[:16]
    if not Snapshot.objects.filter(key=key).exists():
        if Snapshot.objects.count() >= MOST_SNAPSHOTS:
            words = "No more answers can be kept here. Take the decision record along as a file instead.\n"
            return HttpResponse(words, status=503, content_type="text/plain; charset=utf-8")
        found = decision.record(answer, edition, request.build_absolute_uri(where))
        slug = profile.slug if profile else ""
        Snapshot.objects.get_or_create(
            key=key, defaults={"edition": edition.number, "profile": slug, "query": where, "answer": found.data}
        )
    return redirect("kept", key)


@public_page
def kept(request: HttpRequest, key: str) -> HttpResponse:
    """A frozen answer, and whether newer evidence would change it."""
    found = Snapshot.objects.filter(key=key).first()
    if found is None:
        raise unknown("kept answer", key, {}, "kept")
    names = dict(Framework.objects.values_list("slug", "name")) | dict(Criterion.objects.values_list("slug", "name"))
    data = found.answer
    context: dict[str, Any] = {"snapshot": found, "data": data, "now": None}
    context["ranking"] = [(names.get(one["framework"], one["framework"]), one) for one in data["ranking"]]
    weights = sorted(data["weights"].items(), key=lambda one: (-one[1], one[0]))
    context["drivers"] = [
        (names.get(slug, slug), advice.WEIGHT_WORDS[weight], slug in data["must_haves"]) for slug, weight in weights
    ]
    if found.edition != edition_of(request).number:
        context["now"] = _now(found)
    return render(request, "comparison/kept.html", context)


def _now(found: Snapshot) -> dict[str, Any]:
    """What the same question is answered today."""
    profile = Profile.objects.prefetch_related("weights__criterion").filter(slug=found.profile).first()
    known = {one.slug: one for one in Criterion.objects.exclude(kind=Kind.LIST.value)}
    data = QueryDict(mutable=True)
    for slug, weight in found.answer["weights"].items():
        data[f"w.{slug}"] = str(weight)
    data.setlist("must", found.answer["must_haves"])
    data.setlist("framework", [one["framework"] for one in found.answer["ranking"]])
    with replica_reads():
        asked = read_question(data, profile, known, considered())
        answer = Answer(weigh(asked.frameworks), asked)
    leader = found.answer["outcome"]["leader"]
    return {"same": answer.found.leader == leader, "sentence": answer.one_sentence, "address": address(asked)}

"""Which one for my project? Answers for kinds of project and for weights of one's own."""

from dataclasses import replace
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse

from comparison import advice, decision
from comparison.answers import Answer
from comparison.asking import PREFIX, Asked, read_question
from comparison.evidence import Kind
from comparison.models import Criterion, Framework, Profile
from comparison.models.claims import ClaimState
from comparison.pages import public_page
from comparison.standings import MOST_COLUMNS
from comparison.views.asked import not_understood, unknown
from comparison.views.compare import edition_of
from comparison.weighing import Weighed, weigh


def considered() -> list[Framework]:
    """The frameworks anything is published about."""
    spoken = Framework.objects.filter(claims__state=ClaimState.PUBLISHED.value).distinct()
    return list(spoken.order_by("slug"))


def profiles() -> list[Profile]:
    return list(Profile.objects.prefetch_related("weights__criterion"))


def rankable() -> dict[str, Criterion]:
    """By slug the criteria that can be weighed: lists are not ranked."""
    return {one.slug: one for one in Criterion.objects.exclude(kind=Kind.LIST.value)}


def question(request: HttpRequest, profile: Profile | None) -> tuple[Answer, Asked]:
    asked = read_question(request.GET, profile, rankable(), considered())
    return Answer(weigh(asked.frameworks), asked), asked


def found_profile(slug: str) -> Profile:
    found = Profile.objects.prefetch_related("weights__criterion").filter(slug=slug).first()
    if found is None:
        raise unknown("kind of project", slug, dict(Profile.objects.values_list("slug", "name")), "recommendation")
    return found


@public_page
def start(request: HttpRequest, form: str = "html") -> HttpResponse:
    """All kinds of project with their answers; with a question in the address, the answer to it."""
    asks = any(name.startswith(PREFIX) or name in ("must", "framework") for name in request.GET)
    if asks or form != "html":
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
        return decision.respond(answer, edition_of(request), where, form)
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
    ranked = answer.ranking.ranked()
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
        "ranked": ranked,
        "columns": ranked[:MOST_COLUMNS],
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
        "form": fields(asked, answer.weighed),
        "own_address": address(asked),
        "wider_address": address(replace(asked, frameworks=asked.known)) if asked.narrowed else "",
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

"""Lists and pages of frameworks, criteria, sources and claims."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse

from comparison import display, export, opened
from comparison.claim_filters import SIDES, SORTS, ClaimFilter
from comparison.evidence import Finding, Kind
from comparison.linked_data import claim_data, item_list
from comparison.models import Category, Claim, Criterion, FormerCriterion, Framework, Source, choices
from comparison.models.claims import ClaimState
from comparison.pages import public_page
from comparison.paging import BadPage, paged
from comparison.portrait import portrait, source_standing
from comparison.table import gather
from comparison.views.asked import Unknown, bad_request, not_understood, to_canonical, unknown
from comparison.views.compare import edition_of

MOST_EXPORTED = 10_000  # claims in one file; the API pages through more


def as_list(request: HttpRequest, form: str, title: str, results: Sequence[dict[str, Any]]) -> HttpResponse:
    return export.respond(export.list_document(title, results, edition_of(request)), form, title.lower())


@public_page
def frameworks(request: HttpRequest, form: str = "html") -> HttpResponse:
    found = list(Framework.objects.most_cited())
    if form != "html":
        return as_list(request, form, "Frameworks", [export.framework_dict(one) for one in found])
    items = [(one.name, request.build_absolute_uri(one.get_absolute_url())) for one in found]
    context = {"frameworks": found, "linked": item_list("Frameworks", items, edition_of(request))}
    return render(request, "comparison/frameworks.html", context)


@public_page
def framework(request: HttpRequest, slug: str, form: str = "html") -> HttpResponse:
    found = Framework.objects.filter(slug=slug).first()
    if found is None:
        raise unknown("framework", slug, dict(Framework.objects.values_list("slug", "name")), "framework")
    table = gather([found]).table()
    if form != "html":
        where = request.build_absolute_uri(found.get_absolute_url())
        document = export.table_document(table, table.rows, edition_of(request), found.name, where)
        return export.respond(document, form, slug)
    context = {
        "framework": found,
        "portrait": portrait(table),
        "references": display.reference_views(table),
        "others": list(Framework.objects.exclude(pk=found.pk).order_by("name")[:20]),
        "table": table,
    }
    return render(request, "comparison/framework.html", context)


@public_page
def criteria(request: HttpRequest, form: str = "html") -> HttpResponse:
    counted = Criterion.objects.with_claim_count().select_related("category")
    found = list(counted.order_by("category__order", "category__slug", "order", "slug"))
    if form != "html":
        return as_list(request, form, "Criteria", [export.criterion_dict(one) for one in found])
    items = [(one.name, request.build_absolute_uri(one.get_absolute_url())) for one in found]
    context = {"criteria": found, "linked": item_list("Criteria", items, edition_of(request))}
    return render(request, "comparison/criteria.html", context)


@public_page
def criterion(request: HttpRequest, slug: str, form: str = "html") -> HttpResponse:
    found = Criterion.objects.filter(slug=slug).select_related("category").first()
    if found is None and (now := FormerCriterion.objects.now(slug)):
        place = reverse("criterion", args=[now])
        return to_canonical(request, place if form == "html" else f"{place[:-1]}.{form}")
    if found is None:
        raise unknown("criterion", slug, dict(Criterion.objects.values_list("slug", "name")), "criterion")
    spoken = Framework.objects.spoken_of_on(found)
    table = gather(list(spoken.order_by("slug")), Criterion.objects.filter(pk=found.pk)).table()
    if form != "html":
        where = request.build_absolute_uri(found.get_absolute_url())
        document = export.table_document(table, table.rows, edition_of(request), found.name, where)
        return export.respond(document, form, slug)
    context = {
        "criterion": found,
        "row": display.row_view(table.rows[0], table) if table.rows else None,
        "references": display.reference_views(table),
    }
    return render(request, "comparison/criterion.html", context)


@public_page
def sources(request: HttpRequest, form: str = "html") -> HttpResponse:
    rows = Source.objects.without_texts().most_cited()
    if form != "html":
        return as_list(request, form, "Sources", [export.source_dict(one) for one in rows])
    try:
        page = paged(rows, request.GET)
    except BadPage as problem:
        return bad_request(request, problem)
    items = [(one.title, request.build_absolute_uri(one.get_absolute_url())) for one in page.rows]
    context = {"page": page, "linked": item_list("Sources", items, edition_of(request))}
    return render(request, "comparison/sources.html", context)


@public_page
def source(request: HttpRequest, slug: str, form: str = "html") -> HttpResponse:
    found = Source.objects.without_texts().filter(slug=slug).first()
    if found is None:
        raise unknown("source", slug, dict(Source.objects.values_list("slug", "title")), "source")
    claims = Claim.objects.published().filter(source=found).with_names().prefetch_related("checks")
    ordered = claims.order_by("start", "id")
    if form != "html":
        document = export.claims_document(found.title, list(ordered[:MOST_EXPORTED]), edition_of(request))
        return export.respond(document, form, slug)
    try:
        page = paged(ordered, request.GET, size=200)
    except BadPage as problem:
        return bad_request(request, problem)
    context = {
        "source": found,
        "standing": source_standing(found),
        "page": page,
        "claims": [(one, opened.value_of(one)) for one in page.rows],
    }
    return render(request, "comparison/source.html", context)


@public_page
def claims(request: HttpRequest, form: str = "html") -> HttpResponse:
    filters = ClaimFilter(request.GET, Claim.objects.published().with_names().prefetch_related("checks"))
    problems = filters.problems()
    if problems and form != "html":
        return not_understood(problems.values())
    rows = filters.queryset if problems else filters.qs
    try:
        page = paged(rows, request.GET, size=50 if form == "html" else 500)
    except BadPage as problem:
        return bad_request(request, problem)
    if form != "html":
        extra = {"count": page.count, "next": page.next, "previous": page.previous}
        return export.respond(export.claims_document("Claims", page.rows, edition_of(request), extra), form, "claims")
    context = {
        "page": page,
        "problems": list(problems.values()),
        "rows": [(one, opened.value_of(one)) for one in page.rows],
        "given": request.GET,
        "fields": _fields(filters.data),
        "query": _without_page(request.GET),
    }
    return render(request, "comparison/claims.html", context)


def _without_page(data: QueryDict) -> str:
    """The query of the whole list: files have pages of another size."""
    rest = data.copy()
    rest.pop("page", None)
    return rest.urlencode()


def _fields(given: QueryDict) -> list[tuple[str, str, list[tuple[str, str, bool]]]]:
    """Name, label and choices (value, label, chosen) of each field of the filter form."""
    named: list[tuple[str, str, list[tuple[str, str]]]] = [
        ("framework", "Framework", list(Framework.objects.values_list("slug", "name"))),
        ("category", "Category", list(Category.objects.values_list("slug", "name"))),
        ("criterion", "Criterion", list(Criterion.objects.values_list("slug", "name"))),
        ("source", "Source", list(Source.objects.values_list("slug", "title")[:200])),
        ("kind", "Kind", choices(Kind)),
        ("side", "Side", list(SIDES.items())),
        ("finding", "Finding", [*choices(Finding), ("none", "Not checked")]),
        ("sort", "Order", list(SORTS.items())),
    ]
    return [
        (name, text, [(value, shown, value in given.getlist(name)) for value, shown in known])
        for name, text, known in named
    ]


@public_page
def claim(request: HttpRequest, pk: int) -> HttpResponse:
    found = Claim.objects.published().with_names().prefetch_related("checks__by").filter(pk=pk).first()
    if found is None:
        merged = Claim.objects.filter(pk=pk, merged_into__state=ClaimState.PUBLISHED.value).first()
        if merged is not None:
            return to_canonical(request, reverse("claim", args=[merged.merged_into_id]))
        gone = Claim.objects.filter(pk=pk, state=ClaimState.RETRACTED.value).exists()
        words = f"Claim {pk} was retracted." if gone else f"There is no published claim {pk}."
        raise Unknown(words, [("All claims", reverse("claims"))])
    context = opened.claim_page(found)
    where = request.build_absolute_uri()
    context |= {"where": where, "citation": export.citation(found.source)}
    context["linked"] = claim_data(found, where, edition_of(request))
    return render(request, "comparison/claim.html", context)

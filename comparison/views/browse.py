"""Lists and pages of frameworks, criteria, sources and claims."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse

from comparison.evidence import Finding, Kind
from comparison.files import documents
from comparison.files.json_ld import claim_data, item_list
from comparison.models import Category, Claim, Criterion, FormerCriterion, Framework, Source, choices
from comparison.models.claims import ClaimState
from comparison.tables import cells, verdict_detail
from comparison.tables.claim_filters import SIDES, SORTS, ClaimFilter
from comparison.tables.subject_pages import portrait, source_standing
from comparison.tables.table import load_table_data
from comparison.web.addresses import page_url
from comparison.web.caching import edition_of, public_page
from comparison.web.downloads import respond
from comparison.web.lookups import Unknown, to_canonical, unknown
from comparison.web.pagination import BadPage, paged
from comparison.web.problems import bad_request, not_understood

MAX_EXPORTED = 10_000  # claims in one file; the API pages through more


def as_list(request: HttpRequest, file_format: str, title: str, results: Sequence[dict[str, Any]]) -> HttpResponse:
    return respond(documents.list_document(title, results, edition_of(request)), file_format, title.lower())


@public_page
def frameworks(request: HttpRequest, file_format: str = "html") -> HttpResponse:
    found = list(Framework.objects.most_cited())
    if file_format != "html":
        return as_list(request, file_format, "Frameworks", [documents.framework_dict(one) for one in found])
    items = [(one.name, request.build_absolute_uri(one.get_absolute_url())) for one in found]
    context = {"frameworks": found, "linked": item_list("Frameworks", items, edition_of(request))}
    return render(request, "comparison/frameworks.html", context)


@public_page
def framework(request: HttpRequest, slug: str, file_format: str = "html") -> HttpResponse:
    found = Framework.objects.filter(slug=slug).first()
    if found is None:
        raise unknown("framework", slug, dict(Framework.objects.values_list("slug", "name")), "framework")
    table = load_table_data([found]).table()
    if file_format != "html":
        where = request.build_absolute_uri(found.get_absolute_url())
        document = documents.table_document(table, table.rows, edition_of(request), found.name, where)
        return respond(document, file_format, slug)
    context = {
        "framework": found,
        "portrait": portrait(table),
        "references": cells.reference_views(table),
        "others": list(Framework.objects.exclude(pk=found.pk).order_by("name")[:20]),
        "table": table,
    }
    return render(request, "comparison/framework.html", context)


@public_page
def criteria(request: HttpRequest, file_format: str = "html") -> HttpResponse:
    counted = Criterion.objects.with_claim_count().select_related("category")
    found = list(counted.order_by("category__order", "category__slug", "order", "slug"))
    if file_format != "html":
        return as_list(request, file_format, "Criteria", [documents.criterion_dict(one) for one in found])
    items = [(one.name, request.build_absolute_uri(one.get_absolute_url())) for one in found]
    context = {"criteria": found, "linked": item_list("Criteria", items, edition_of(request))}
    return render(request, "comparison/criteria.html", context)


@public_page
def criterion(request: HttpRequest, slug: str, file_format: str = "html") -> HttpResponse:
    found = Criterion.objects.filter(slug=slug).select_related("category").first()
    if found is None and (now := FormerCriterion.objects.now(slug)):
        return to_canonical(request, page_url("criterion", now, file_format=file_format))
    if found is None:
        raise unknown("criterion", slug, dict(Criterion.objects.values_list("slug", "name")), "criterion")
    spoken = Framework.objects.spoken_of_on(found)
    table = load_table_data(list(spoken.order_by("slug")), Criterion.objects.filter(pk=found.pk)).table()
    if file_format != "html":
        where = request.build_absolute_uri(found.get_absolute_url())
        document = documents.table_document(table, table.rows, edition_of(request), found.name, where)
        return respond(document, file_format, slug)
    context = {
        "criterion": found,
        "row": cells.row_view(table.rows[0], table) if table.rows else None,
        "references": cells.reference_views(table),
    }
    return render(request, "comparison/criterion.html", context)


@public_page
def sources(request: HttpRequest, file_format: str = "html") -> HttpResponse:
    rows = Source.objects.without_texts().most_cited()
    if file_format != "html":
        return as_list(request, file_format, "Sources", [documents.source_dict(one) for one in rows])
    try:
        page = paged(rows, request.GET)
    except BadPage as problem:
        return bad_request(request, problem)
    items = [(one.title, request.build_absolute_uri(one.get_absolute_url())) for one in page.rows]
    context = {"page": page, "linked": item_list("Sources", items, edition_of(request))}
    return render(request, "comparison/sources.html", context)


@public_page
def source(request: HttpRequest, slug: str, file_format: str = "html") -> HttpResponse:
    found = Source.objects.without_texts().filter(slug=slug).first()
    if found is None:
        raise unknown("source", slug, dict(Source.objects.values_list("slug", "title")), "source")
    claims = Claim.objects.published().filter(source=found).with_names().prefetch_related("checks")
    ordered = claims.order_by("start", "id")
    if file_format != "html":
        document = documents.claims_document(found.title, list(ordered[:MAX_EXPORTED]), edition_of(request))
        return respond(document, file_format, slug)
    try:
        page = paged(ordered, request.GET, size=200)
    except BadPage as problem:
        return bad_request(request, problem)
    context = {
        "source": found,
        "standing": source_standing(found),
        "page": page,
        "claims": [(one, verdict_detail.value_of(one)) for one in page.rows],
    }
    return render(request, "comparison/source.html", context)


@public_page
def claims(request: HttpRequest, file_format: str = "html") -> HttpResponse:
    filters = ClaimFilter(request.GET, Claim.objects.published().with_names().prefetch_related("checks"))
    problems = filters.problems()
    if problems and file_format != "html":
        return not_understood(problems.values())
    rows = filters.queryset if problems else filters.qs
    try:
        page = paged(rows, request.GET, size=50 if file_format == "html" else 500)
    except BadPage as problem:
        return bad_request(request, problem)
    if file_format != "html":
        extra = {"count": page.count, "next": page.next, "previous": page.previous}
        return respond(
            documents.claims_document("Claims", page.rows, edition_of(request), extra), file_format, "claims"
        )
    context = {
        "page": page,
        "problems": list(problems.values()),
        "rows": [(one, verdict_detail.value_of(one)) for one in page.rows],
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
    context = verdict_detail.claim_page(found)
    where = request.build_absolute_uri()
    context |= {"where": where, "citation": documents.citation(found.source)}
    context["linked"] = claim_data(found, where, edition_of(request))
    return render(request, "comparison/claim.html", context)

"""Lists and pages of frameworks, criteria, sources and claims."""

from collections.abc import Iterable

from django.db.models import QuerySet, prefetch_related_objects
from django.db.models.functions import Lower
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext as _

from comparison.evidence import ARTICLES, Finding, Kind, SourceKind
from comparison.files import documents, json_dicts
from comparison.files.json_ld import claim_data, item_list
from comparison.models import Category, Claim, Criterion, Framework, Source, choices
from comparison.tables import verdict_detail
from comparison.tables.cells.rows import row_view
from comparison.tables.checks import score_sheets
from comparison.tables.citations import measured_beside, reference_views
from comparison.tables.claim_filters import NOT_CHECKED, SIDES, SORTS, ClaimFilter
from comparison.tables.experiments import feeding
from comparison.tables.experiments.pages import run_facts
from comparison.tables.experiments.versions import cited_runs, is_documented, load_measured_versions, measured_versions
from comparison.tables.many.matrix import overview
from comparison.tables.subject_pages import portrait, source_agreement
from comparison.tables.table import Table, criteria_with_related, load_table_data
from comparison.web.caching import edition_of, public_page
from comparison.web.downloads import list_file, part_of_list, respond
from comparison.web.lookups import find_claim, find_criterion, find_framework, find_source, joined_slugs
from comparison.web.pagination import PAGE_PARAMS, paginate
from comparison.web.problems import not_understood
from comparison.wording import in_words

MAX_EXPORTED = 10_000  # claims in one file; of more it has the first page
MAX_COMPARED = 60  # frameworks whose table the overview leads into: addresses have a limit
CLAIMS_OF_SOURCE_PAGE_SIZE = 200
CLAIMS_FILE_PAGE_SIZE = 500


@public_page()
def frameworks(request: HttpRequest, file_format: str = "html") -> HttpResponse:
    rows = list(Framework.objects.most_cited())
    if file_format != "html":
        return list_file(request, file_format, "Frameworks", [json_dicts.framework_dict(row) for row in rows])
    linked = linked_list(request, "Frameworks", [(row.name, row.get_absolute_url()) for row in rows])
    compared = joined_slugs(rows[:MAX_COMPARED])
    context = {"frameworks": rows, "linked": linked, "matrix": overview(rows), "compared": compared}
    return render(request, "comparison/frameworks.html", context)


@public_page()
def framework(request: HttpRequest, slug: str, file_format: str = "html") -> HttpResponse:
    framework = find_framework(slug)
    table = load_table_data([framework]).table()
    if file_format != "html":
        return table_file(request, file_format, table, framework)
    context = {
        "framework": framework,
        "portrait": portrait(table),
        "references": reference_views(table),
        "measured_versions": measured_versions([framework], cited_runs(table)),
        "is_documented": is_documented(table),
        "others": list(Framework.objects.exclude(pk=framework.pk).order_by(Lower("name"))[:20]),
        "table": table,
    }
    return render(request, "comparison/framework.html", context)


@public_page()
def criteria(request: HttpRequest, file_format: str = "html") -> HttpResponse:
    counted = Criterion.objects.with_claim_count().select_related("category")
    rows = list(counted.order_by("category__order", "category__slug", "order", "slug"))
    if file_format != "html":
        prefetch_related_objects(rows, "related")
        return list_file(request, file_format, "Criteria", [json_dicts.criterion_dict(row) for row in rows])
    linked = linked_list(request, "Criteria", [(row.name, row.get_absolute_url()) for row in rows])
    context = {"criteria": rows, "linked": linked}
    return render(request, "comparison/criteria.html", context)


@public_page()
def criterion(request: HttpRequest, slug: str, file_format: str = "html") -> HttpResponse:
    criterion = find_criterion(slug)
    cited = list(Framework.objects.with_claims_on(criterion).order_by("slug"))
    others = Framework.objects.exclude(pk__in=[framework.pk for framework in cited]).order_by("slug")
    with_related = load_table_data([*cited, *others], criteria_with_related(slug))
    about_it = with_related.about([criterion])
    table = about_it.table(columns=cited)
    if file_format != "html":
        return table_file(request, file_format, table, criterion)
    of_all = about_it.table()
    context = {
        "criterion": criterion,
        "experiments": feeding(criterion.slug),
        "row": row_view(of_all.rows[0], of_all) if of_all.rows else None,
        "measured_versions": measured_versions(cited, cited_runs(table)),
        "measured": [
            figure for row in table.rows for figure in measured_beside(row, with_related.table(columns=cited))
        ],
        "references": reference_views(table),
    }
    return render(request, "comparison/criterion.html", context)


@public_page(*PAGE_PARAMS, file_params=())
def sources(request: HttpRequest, file_format: str = "html") -> HttpResponse:
    rows = Source.objects.public().wholes().without_texts().most_cited()
    if file_format != "html":
        return list_file(request, file_format, "Sources", [json_dicts.source_dict(row) for row in rows])
    page = paginate(rows, request.GET)
    linked = linked_list(request, "Sources", [(row.title, row.get_absolute_url()) for row in page.rows])
    context = {"page": page, "linked": linked}
    return render(request, "comparison/sources.html", context)


@public_page(*PAGE_PARAMS)
def source(request: HttpRequest, slug: str, file_format: str = "html") -> HttpResponse:
    source = find_source(slug)
    published = Claim.objects.published().said_by(source)
    rows = published.with_names_and_checks().order_by("source__slug", "start", "id")
    if file_format != "html":
        return claims_file(request, file_format, source.title, rows, name=slug)
    page = paginate(rows, request.GET, size=CLAIMS_OF_SOURCE_PAGE_SIZE)
    context = {
        "source": source,
        "agreement": source_agreement(source),
        "measured_versions": load_measured_versions([source.framework] if source.framework else []),
        "sheets": score_sheets([source.pk]) if SourceKind(source.kind) in ARTICLES else [],
        "run": run_facts(source.part_of or source) if source.kind == SourceKind.MEASUREMENT else None,
        "parts": list(source.parts.defer("text").with_claim_count().order_by("slug")),
        "page": page,
        "claims": [(claim, verdict_detail.value_of(claim)) for claim in page.rows],
    }
    return render(request, "comparison/source.html", context)


@public_page(*ClaimFilter.base_filters, *PAGE_PARAMS)
def claims(request: HttpRequest, file_format: str = "html") -> HttpResponse:
    filters = ClaimFilter(request.GET, Claim.objects.published().with_names_and_checks())
    problems = filters.problems()
    if file_format != "html":
        if problems:
            return not_understood(problems.values())
        return claims_file(request, file_format, "Claims", filters.qs, filters.known_count, filters.count_limit)
    limit = None if problems else filters.count_limit
    rows = filters.queryset if problems else filters.qs
    page = paginate(rows, request.GET, count_limit=limit, count=filters.known_count)
    context = {
        "page": page,
        "problems": list(problems.values()),
        "claims": [(claim, verdict_detail.value_of(claim)) for claim in page.rows],
        "search_text": request.GET.get("q", ""),
        "fields": filter_fields(filters.data),
        "query": query_without_page(request.GET),
    }
    return render(request, "comparison/claims.html", context)


@public_page()
def claim(request: HttpRequest, pk: int) -> HttpResponse:
    claim = find_claim(pk)
    url = request.build_absolute_uri()
    context = verdict_detail.claim_page(claim) | {
        "url": url,
        "measured_versions": load_measured_versions([claim.framework]),
        "citation": documents.citation(claim.source),
        "linked": claim_data(claim, url, edition_of(request)),
    }
    return render(request, "comparison/claim.html", context)


def table_file(request: HttpRequest, file_format: str, table: Table, subject: Framework | Criterion) -> HttpResponse:
    url = request.build_absolute_uri(subject.get_absolute_url())
    document = documents.table_document(table, table.rows, edition_of(request), subject.name, url)
    return respond(document, file_format, subject.slug)


def claims_file(
    request: HttpRequest,
    file_format: str,
    title: str,
    rows: QuerySet[Claim],
    count: int | None = None,
    count_limit: int | None = None,
    name: str = "claims",
) -> HttpResponse:
    """All claims in one file, or the page that the address asks for; of very many the first, and it says so."""
    asks_for_page = any(request.GET.get(param) for param in PAGE_PARAMS)
    claims = [] if asks_for_page else list(rows[: MAX_EXPORTED + 1])
    if asks_for_page or len(claims) > MAX_EXPORTED:
        page = paginate(rows, request.GET, CLAIMS_FILE_PAGE_SIZE, count_limit, count)
        claims, part = list(page.rows), part_of_list(request, page)
    else:
        part = None
    document = documents.claims_document(title, claims, edition_of(request), request.build_absolute_uri, part)
    return respond(document, file_format, name)


def linked_list(request: HttpRequest, title: str, items: Iterable[tuple[str, str]]) -> dict[str, object]:
    """A list of names and their pages' paths as linked data, for search engines."""
    absolute = [(name, request.build_absolute_uri(path)) for name, path in items]
    return item_list(title, absolute, edition_of(request))


def query_without_page(data: QueryDict) -> str:
    """The query of the whole list: files have pages of another size."""
    query = data.copy()
    query.pop("page", None)
    return query.urlencode()


def filter_fields(data: QueryDict) -> list[tuple[str, str, list[tuple[str, str, bool]]]]:
    """Name, label and choices (value, label, chosen) of each field of the filter form."""
    fields: list[tuple[str, str, dict[str, str]]] = [
        ("framework", _("Framework"), dict(Framework.objects.values_list("slug", "name"))),
        ("category", _("Category"), dict(Category.objects.values_list("slug", "name"))),
        ("criterion", _("Criterion"), dict(Criterion.objects.values_list("slug", "name"))),
        ("source", _("Source"), dict(Source.objects.public().wholes().values_list("slug", "title")[:200])),
        ("kind", _("Kind"), dict(choices(Kind))),
        ("side", _("Side"), in_words(SIDES)),
        ("finding", _("Finding"), {**dict(choices(Finding)), "none": _(NOT_CHECKED)}),
        ("sort", _("Order"), in_words(SORTS)),
    ]
    return [
        (name, label, [(value, text, value in data.getlist(name)) for value, text in options.items()])
        for name, label, options in fields
    ]

"""The front page, and pages about the site itself."""

from collections.abc import Mapping, Sequence
from itertools import combinations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from comparison.files.json_dicts import dispute_dict
from comparison.files.json_types import JsonObject
from comparison.models import Criterion, Edition, Framework, Profile, Source
from comparison.models.verdicts.stored import published_claims
from comparison.recommendation.sentences.firmness import MIN_FAIRLY_FIRM_PERCENT, MIN_FIRM_PERCENT
from comparison.serving.languages import in_preferred_language
from comparison.tables.cells.views import cell_view
from comparison.tables.citations import views_of
from comparison.tables.disputes import Dispute, disputes
from comparison.tables.many.asked import asked_comparisons
from comparison.tables.methodology import worked_examples
from comparison.tables.table import Reference
from comparison.text_search.questions import words_of_query
from comparison.text_search.site_pages import SitePage, site_pages
from comparison.text_search.words import content_words, word_starts
from comparison.web.addresses import page_url
from comparison.web.answers import drawn
from comparison.web.caching import public_page
from comparison.web.downloads import list_file, part_of_list
from comparison.web.front_page import shown_answer, shown_dispute, shown_error
from comparison.web.lookups import joined_names, joined_slugs
from comparison.web.pagination import PAGE_PARAMS, paginate
from comparison.web.search import search

DISPUTES_FILE_SIZE = 100  # a file has more pages where there are more
MAX_ASKED = 12  # comparisons on the front page
MAX_CARDS = 12  # frameworks on the front page


@in_preferred_language
@public_page()
def home(request: HttpRequest) -> HttpResponse:
    every_framework = list(Framework.objects.most_cited())
    asked = [row for row in asked_comparisons(every_framework) if row.is_sourced]
    disputed_cells = disputes()
    widest, counts = list(disputed_cells.rows[:6]), _counts(every_framework)
    context = {
        "counts": counts,
        "dispute": shown_dispute(widest, asked, every_framework),
        "error": shown_error(),
        "answer": shown_answer() if counts["claims"] else None,
        "frameworks": every_framework[:MAX_CARDS],
        "asked": asked[:MAX_ASKED],
        "pairs": [] if asked else list(combinations(every_framework[:6], 2))[:6],
        "profiles": list(Profile.objects.all()[:11]),
        "disputes": widest,
        "dispute_count": disputed_cells.count,
        "editions": list(Edition.objects.all()[:5]),
    }
    return render(request, "comparison/home.html", context)


def _counts(frameworks: Sequence[Framework]) -> dict[str, int]:
    """How much of everything is stored."""
    return {
        "frameworks": len(frameworks),
        "criteria": Criterion.objects.count(),
        "sources": Source.objects.public().wholes().count(),
        "claims": published_claims(),
    }


@public_page(*PAGE_PARAMS)
def disputed(request: HttpRequest, file_format: str = "html") -> HttpResponse:
    every = disputes()
    if file_format != "html":
        page = paginate(every.rows, request.GET, DISPUTES_FILE_SIZE)
        opened, references = every.opened(page.rows)
        rows = [_dispute_row(dispute, references) for dispute in opened]
        return list_file(request, file_format, "Disputes", rows, part_of_list(request, page))
    page = paginate(every.rows, request.GET)
    opened, references = every.opened(page.rows)
    context = {
        "rows": [(dispute, cell_view(dispute.criterion, dispute.cell, references)) for dispute in opened],
        "page": page,
        "references": views_of(references, [dispute.cell for dispute in opened]),
    }
    return render(request, "comparison/disputes.html", context)


def _dispute_row(dispute: Dispute, references: Mapping[int, Reference]) -> JsonObject:
    url = page_url("row", dispute.cell.framework.slug, dispute.criterion.slug)
    return {**dispute_dict(dispute, references), "url": url}


@public_page()
def methodology(request: HttpRequest) -> HttpResponse:
    bounds = {"min_firm": MIN_FIRM_PERCENT, "min_fairly_firm": MIN_FAIRLY_FIRM_PERCENT}
    return render(request, "comparison/methodology.html", worked_examples() | bounds)


@public_page()
def about(request: HttpRequest) -> HttpResponse:
    return render(request, "comparison/about.html")


@public_page("q", own_params=("q",))
def search_page(request: HttpRequest) -> HttpResponse:
    query = request.GET.get("q", "").strip()
    results = search(query)
    named = results.question.named
    context = {
        "query": query,
        "results": results,
        "site_pages": [(_url(page, named), page) for page in site_pages(words_of_query(query))],
        "drawn": drawn(results),
        "columns": joined_slugs(named) if named else "",
        "compared": joined_names(named) if len(named) > 1 else "",
        "needles": word_starts(content_words([*words_of_query(query), *results.question.asked])),
    }
    return render(request, "comparison/search.html", context)


def _url(page: SitePage, named: Sequence[Framework]) -> str:
    if page.named_route and named:
        return reverse(page.named_route, args=[joined_slugs(named)])
    return reverse(page.route) + (f"#{page.fragment}" if page.fragment else "")

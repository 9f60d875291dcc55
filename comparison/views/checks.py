"""What the articles get wrong: checks and what decides them."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from comparison.files import json_dicts
from comparison.tables.checks import CheckFilter, read_deciding, score_sheets
from comparison.web.caching import public_page
from comparison.web.downloads import list_file
from comparison.web.pagination import PAGE_PARAMS, paginate
from comparison.web.problems import not_understood

MAX_SHEETS = 20


@public_page(*CheckFilter.FIELDS, *PAGE_PARAMS, file_params=CheckFilter.FIELDS)
def checks(request: HttpRequest, file_format: str = "html") -> HttpResponse:
    filters = CheckFilter({name: request.GET.getlist(name) for name in CheckFilter.FIELDS})
    if file_format != "html":
        if filters.problems:
            return not_understood(filters.problems)
        selected = filters.selected()
        read_deciding(selected)
        rows = [json_dicts.checked_claim_dict(row) for row in selected]
        return list_file(request, file_format, "Checks", rows)
    page = paginate(filters.selected(), request.GET)
    read_deciding(page.rows)
    query = request.GET.copy()
    query.pop("page", None)
    sheets = score_sheets()
    context = {
        "page": page,
        "sheets": sheets[:MAX_SHEETS],
        "more_sheets": max(0, len(sheets) - MAX_SHEETS),
        "filters": filters,
        "problems": filters.problems,
        "fields": [
            (name, [(value, text, value in filters.chosen[name]) for value, text in choices.items()])
            for name, choices in filters.choices.items()
        ],
        "query": query.urlencode(),
    }
    return render(request, "comparison/checks.html", context)

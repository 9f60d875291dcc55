"""Responses with documents and decision records as files."""

import json
from collections.abc import Sequence

from django.http import HttpRequest, HttpResponse

from comparison.files.documents import Document, Part, list_document, to_csv, to_markdown
from comparison.files.json_types import JsonObject
from comparison.models import Edition
from comparison.recommendation import decision_record
from comparison.recommendation.answer import Answer
from comparison.serving.any_origin import allow_any_origin
from comparison.web.caching import MEDIA_TYPES, edition_of
from comparison.web.pagination import Page

FORMATS = {"json": "application/json", "csv": "text/csv; charset=utf-8", "md": "text/markdown; charset=utf-8"}
TIDY, COMPACT, WORKBOOK = "tidy.csv", "compact.md", "xlsx"
TABLE_FORMATS = {  # of a comparison
    **FORMATS,
    TIDY: FORMATS["csv"],
    COMPACT: FORMATS["md"],
    WORKBOOK: MEDIA_TYPES[WORKBOOK],
}


def respond(document: Document, file_format: str, name: str) -> HttpResponse:
    """A document in one of TABLE_FORMATS; `name` is the file's name without its ending."""
    if file_format == "json":
        return respond_data(document.data, name)
    return respond_file((to_csv if is_csv(file_format) else to_markdown)(document), file_format, name)


def is_csv(file_format: str) -> bool:
    return file_format.endswith("csv")


def list_file(
    request: HttpRequest,
    file_format: str,
    title: str,
    results: Sequence[JsonObject],
    part: Part | None = None,
    name: str = "",
) -> HttpResponse:
    """A list as a file, its addresses whole; `part` says which part of a longer list it is."""
    absolute = request.build_absolute_uri
    rows = [{**row, "url": absolute(row["url"])} if "url" in row else row for row in results]
    return respond(list_document(title, rows, edition_of(request), part), file_format, name or title.lower())


def part_of_list(request: HttpRequest, page: Page) -> Part:
    """Which part of a list a page is; the addresses of its neighbours are whole."""
    beside = [query and request.build_absolute_uri(request.path + query) for query in (page.next, page.previous)]
    return Part(page.count, page.count_is_exact, page.first, *beside)


def respond_data(data: JsonObject, name: str) -> HttpResponse:
    return respond_file(json.dumps(data, ensure_ascii=False, indent=1) + "\n", "json", name)


def respond_file(body: str | bytes, file_format: str, name: str) -> HttpResponse:
    response = HttpResponse(body, content_type=TABLE_FORMATS[file_format])
    kind = "attachment" if is_csv(file_format) or file_format == WORKBOOK else "inline"
    response.headers["Content-Disposition"] = f'{kind}; filename="{name}.{file_format}"'
    return allow_any_origin(response)


def respond_record(answer: Answer, edition: Edition, url: str, file_format: str) -> HttpResponse:
    """The decision record as Markdown or JSON."""
    profile = answer.question.profile
    name = f"decision-{profile.slug if profile else 'own-weights'}"
    if file_format == "md":
        return respond_file(decision_record.markdown(answer, edition, url), file_format, name)
    return respond_data(decision_record.data(answer, edition, url), name)

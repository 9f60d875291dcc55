"""Responses with documents and decision records as files."""

import json

from django.http import HttpResponse

from comparison.files.documents import Document, to_csv, to_markdown
from comparison.files.json_types import JsonObject
from comparison.models import Edition
from comparison.recommendation import decision_record
from comparison.recommendation.answer import Answer

FORMATS = {"json": "application/json", "csv": "text/csv; charset=utf-8", "md": "text/markdown; charset=utf-8"}


def respond(document: Document, file_format: str, name: str) -> HttpResponse:
    """A document in one of FORMATS; `name` is the file's name without its ending."""
    if file_format == "json":
        return respond_data(document.data, name)
    return respond_text((to_csv if file_format == "csv" else to_markdown)(document), file_format, name)


def respond_data(data: JsonObject, name: str) -> HttpResponse:
    return respond_text(json.dumps(data, ensure_ascii=False, indent=1) + "\n", "json", name)


def respond_text(text: str, file_format: str, name: str) -> HttpResponse:
    response = HttpResponse(text, content_type=FORMATS[file_format])
    kind = "attachment" if file_format == "csv" else "inline"
    response.headers["Content-Disposition"] = f'{kind}; filename="{name}.{file_format}"'
    response.headers["Access-Control-Allow-Origin"] = "*"
    return response


def respond_record(answer: Answer, edition: Edition, url: str, file_format: str) -> HttpResponse:
    """The decision record as Markdown or JSON."""
    profile = answer.question.profile
    name = f"decision-{profile.slug if profile else 'own-weights'}"
    if file_format == "md":
        return respond_text(decision_record.markdown(answer, edition, url), file_format, name)
    return respond_data(decision_record.data(answer, edition, url), name)

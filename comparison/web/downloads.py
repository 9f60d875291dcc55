"""Documents and records as files to take along."""

import json

from django.http import HttpResponse

from comparison.files.documents import Document, Json, to_csv, to_markdown
from comparison.models import Edition
from comparison.recommendation import decision_record
from comparison.recommendation.answer import Answer

FORMATS = {"json": "application/json", "csv": "text/csv; charset=utf-8", "md": "text/markdown; charset=utf-8"}


def respond(document: Document, file_format: str, name: str) -> HttpResponse:
    """Writes a document in one of FORMATS; `name` is the file's, without its ending."""
    if file_format == "json":
        return respond_data(document.data, name)
    return respond_text((to_csv if file_format == "csv" else to_markdown)(document), file_format, name)


def respond_data(data: Json, name: str) -> HttpResponse:
    return respond_text(json.dumps(data, ensure_ascii=False, indent=1) + "\n", "json", name)


def respond_text(text: str, file_format: str, name: str) -> HttpResponse:
    response = HttpResponse(text, content_type=FORMATS[file_format])
    kind = "attachment" if file_format == "csv" else "inline"
    response.headers["Content-Disposition"] = f'{kind}; filename="{name}.{file_format}"'
    response.headers["Access-Control-Allow-Origin"] = "*"
    return response


def respond_record(answer: Answer, edition: Edition, url: str, file_format: str) -> HttpResponse:
    """The record as a file: a text for people, or data for programs."""
    profile = answer.asked.profile
    name = f"decision-{profile.slug if profile else 'own-weights'}"
    if file_format == "md":
        return respond_text(decision_record.told(answer, edition, url), file_format, name)
    return respond_data(decision_record.data(answer, edition, url), name)

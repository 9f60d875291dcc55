"""Verdicts as badges, and the lines that show them on other sites."""

from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest, HttpResponse

from comparison.files.exports.badge import badge_svg
from comparison.models import Criterion, Framework
from comparison.serving.any_origin import allow_any_origin
from comparison.tables.table import load_cells
from comparison.web.addresses import page_url
from comparison.web.caching import public_page
from comparison.web.lookups import find_criterion, find_framework


@public_page()
def badge(request: HttpRequest, slug: str, criterion: str) -> HttpResponse:
    """The verdict on a framework and a criterion as a picture."""
    framework, subject = find_framework(slug), find_criterion(criterion, "badge", slug)
    cells, _ = load_cells([(framework, subject)])
    return allow_any_origin(HttpResponse(badge_svg(cells[0], subject), content_type="image/svg+xml; charset=utf-8"))


def badge_lines(request: HttpRequest, frameworks: Iterable[Framework], criterion: Criterion) -> list[dict[str, Any]]:
    """For each framework its badge and the Markdown that shows it elsewhere, with a link to what it rests on."""
    lines = []
    for framework in frameworks:
        url = request.build_absolute_uri(page_url("badge", framework.slug, criterion.slug))
        row_url = request.build_absolute_uri(page_url("row", framework.slug, criterion.slug))
        alt = f"{framework.name}: {criterion.name}"
        text = "".join(f"\\{sign}" if sign in r"\[]" else sign for sign in alt)
        lines.append({"name": framework.name, "line": f"[![{text}]({url})]({row_url})"})
    return lines

"""What other sites show of this one: a comparison in a frame, and verdicts as badges."""

from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.html import format_html

from comparison.files.exports.badge import badge_svg
from comparison.models import Criterion, Framework
from comparison.tables.many.compact import compact_groups
from comparison.tables.many.stored_table import load_stored_table
from comparison.tables.summary import headline
from comparison.tables.table import load_cells, load_table_data
from comparison.tables.table_filters import FilteredTable, TableFilter
from comparison.web.addresses import page_url
from comparison.web.caching import View, public_page
from comparison.web.lookups import find_criterion, find_framework, find_frameworks, joined_names
from comparison.web.problems import allow_any_origin

NOT_EMBEDDED = ("open", "view")  # a frame holds the compact form
EMBED_PARAMS = tuple(name for name in TableFilter.base_filters if name not in NOT_EMBEDDED)
FRAME_HEIGHT = 600


def may_be_framed(view: View) -> View:
    """Lets other sites show the page in a frame; config.middleware reads the mark."""
    view.may_be_framed = True  # type: ignore[attr-defined]
    return view


@may_be_framed
@public_page(*EMBED_PARAMS)
def embed(request: HttpRequest, names: str) -> HttpResponse:
    """The compact table alone; its links lead out of the frame."""
    frameworks = find_frameworks(names, "embed")
    data = request.GET.copy()
    data["view"] = "compact"
    stored = None if any(data.getlist("source")) else load_stored_table(frameworks)
    filtered = FilteredTable(stored or load_table_data(frameworks), data)
    context = {
        "title": joined_names(filtered.table.frameworks),
        "filtered": filtered,
        "groups": compact_groups(filtered.rows, not filtered.by_difference),
        "headline": headline(filtered.shown),
        "full_url": page_url("comparison", names) + (f"?{query}" if (query := request.GET.urlencode()) else ""),
        "canonical_url": request.build_absolute_uri(page_url("comparison", names)),
    }
    return render(request, "comparison/embed.html", context)


def embed_line(request: HttpRequest, filtered: FilteredTable, names: str, title: str) -> str:
    """The HTML that shows these rows on another site."""
    query = filtered.data.copy()
    for name in [name for name in query if name not in EMBED_PARAMS]:
        del query[name]
    url = request.build_absolute_uri(page_url("embed", names)) + (f"?{query.urlencode()}" if query else "")
    frame = '<iframe src="{}" title="{}" width="100%" height="{}" loading="lazy"></iframe>'
    return str(format_html(frame, url, title, FRAME_HEIGHT))


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

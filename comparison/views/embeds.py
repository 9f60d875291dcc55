"""What other sites show of this one in a frame: a comparison."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.html import format_html

from comparison.tables.many.compact import compact_groups
from comparison.tables.many.stored_table import load_stored_table
from comparison.tables.summary import headline
from comparison.tables.table import load_table_data
from comparison.tables.table_filters import FilteredTable, TableFilter
from comparison.web.addresses import page_url
from comparison.web.caching import View, public_page
from comparison.web.lookups import find_frameworks, joined_names

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

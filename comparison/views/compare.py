"""Comparisons: the picker, the table, and one row of it opened."""

from collections.abc import Collection
from typing import Any

from django.conf import settings
from django.db.models.functions import Lower
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render

from comparison.files.documents import Document, table_document
from comparison.files.exports.citing import CitedPage
from comparison.files.exports.tables import compact_document, tidy_document
from comparison.files.exports.workbook import comparison_workbook
from comparison.files.json_ld import dataset
from comparison.models import Check, Framework, Profile
from comparison.models.subjects import JOINER
from comparison.recommend import Weights, deciding_reasons
from comparison.recommendation.load import decision_matrix_of
from comparison.recommendation.sentences.reasons import reason_note
from comparison.tables import verdict_detail
from comparison.tables.cells.rows import groups
from comparison.tables.citations import measured_beside, reference_views, source_mix
from comparison.tables.experiments import feeding, too_noisy
from comparison.tables.experiments.versions import cited_runs, load_measured_versions, measured_versions
from comparison.tables.many.asked import asked_comparisons
from comparison.tables.many.columns import MIN_FOR_COMPACT
from comparison.tables.many.compact import compact_groups
from comparison.tables.many.stored_table import load_stored_table
from comparison.tables.summary import headline, summary
from comparison.tables.table import Table, criteria_with_related, load_table_data
from comparison.tables.table_filters import COLUMN_FILTERS, FilteredTable, TableFilter
from comparison.tables.unknown_values import no_such
from comparison.views.embeds import embed_line
from comparison.views.images.badges import badge_lines
from comparison.web.addresses import page_url
from comparison.web.caching import edition_of, public_page
from comparison.web.downloads import COMPACT, FORMATS, TIDY, WORKBOOK, respond, respond_file
from comparison.web.lookups import find_frameworks, find_row, joined_names, joined_slugs, named_frameworks
from comparison.web.problems import not_understood
from comparison.wording import Names, format_gap

TABLE_PARAMS = (*TableFilter.base_filters, "profile")
MAX_DECIDING = 8  # rows listed as deciding for a kind of project


@public_page("framework", "pick", *TABLE_PARAMS)
def compare(request: HttpRequest) -> HttpResponse:
    """The picker; `?framework=a&framework=b` leads to their table, with the filters that stand beside them."""
    slugs = [slug.strip() for slug in request.GET.getlist("framework") if slug.strip()]
    if slugs:
        chosen = named_frameworks(JOINER.join(slugs))
        query = query_for_columns(request.GET, [framework.slug for framework in chosen])
        if len(chosen) >= MIN_FOR_COMPACT and not any(request.GET.getlist("view")):
            query = f"{query}&view=compact" if query else "view=compact"
        return redirect(page_url("comparison", joined_slugs(chosen)) + (f"?{query}" if query else ""))
    frameworks = list(Framework.objects.with_claim_count().order_by(Lower("name")))
    context = {
        "frameworks": frameworks,
        "asked": asked_comparisons(frameworks),
        "picked": request.GET.getlist("pick"),
        "carried": [(name, value) for name in TABLE_PARAMS for value in request.GET.getlist(name)],
    }
    return render(request, "comparison/compare.html", context)


def query_for_columns(data: QueryDict, slugs: Collection[str]) -> str:
    """The filters for a table of these frameworks, without what they say of other columns."""
    filters = QueryDict(mutable=True)
    for name in TABLE_PARAMS:
        values = [value for value in data.getlist(name) if name not in COLUMN_FILTERS or value in slugs]
        filters.setlist(name, values)
    return filters.urlencode()


@public_page(*TABLE_PARAMS)
def comparison(request: HttpRequest, names: str, file_format: str = "html") -> HttpResponse:
    frameworks = find_frameworks(names)
    stored = load_stored_table(frameworks) if file_format == "html" and is_compact(request.GET) else None
    filtered = FilteredTable(stored or load_table_data(frameworks), request.GET)
    table = filtered.table
    title = joined_names(table.frameworks)
    url = request.build_absolute_uri(page_url("comparison", names))
    if file_format == "html":
        context = {"title": title, "canonical": names, "linked": linked_data(request, table, names)}
        context["embed_line"] = embed_line(request, filtered, names, title)
        if filtered.is_compact:
            return render(request, "comparison/compact.html", context | compact_context(filtered))
        context |= table_context(filtered)
        context |= deciding_context(filtered, request.GET.get("profile", ""))
        return render(request, "comparison/table.html", context)
    if filtered.problems:
        return not_understood(filtered.problems)
    if file_format == WORKBOOK:
        return respond_file(filtered_workbook(request, filtered, title, url), file_format, names)
    return respond(filtered_document(request, filtered, file_format, title, url), file_format, names)


def filtered_document(
    request: HttpRequest, filtered: FilteredTable, file_format: str, title: str, url: str
) -> Document:
    """The rows of the page at `url`, in the shape that the format asks for."""
    table, rows = filtered.table, filtered.rows
    if file_format == TIDY:
        return tidy_document(table, rows, title, url)
    make_document = compact_document if file_format == COMPACT else table_document
    return make_document(table, rows, edition_of(request), title, filtered_url(filtered, url))


def filtered_workbook(request: HttpRequest, filtered: FilteredTable, title: str, url: str) -> bytes:
    page = CitedPage(title, filtered_url(filtered, url), settings.SITE_NAME, edition_of(request))
    return comparison_workbook(filtered.table, filtered.rows, page, url, request.build_absolute_uri)


def filtered_url(filtered: FilteredTable, url: str) -> str:
    """The address of a comparison with the filters in force."""
    return f"{url}?{filtered.query}" if filtered.data else url


@public_page()
def opened_row(request: HttpRequest, names: str, criterion: str, file_format: str = "html") -> HttpResponse:
    frameworks, slugs = find_row(names, criterion)
    title = joined_names(frameworks)
    with_related = load_table_data(frameworks, criteria_with_related(criterion))
    subject = next(row for row in with_related.criteria if row.slug == criterion)
    table_data = with_related.about([subject])
    table = table_data.table()
    if file_format != "html":
        url = request.build_absolute_uri(page_url("row", names, criterion))
        document = table_document(table, table.rows, edition_of(request), f"{subject.name}: {title}", url)
        return respond(document, file_format, f"{names}-{criterion}")
    whole_table = with_related.table()
    checks = Check.objects.by_claim(table_data.claims)
    index = slugs.index(criterion)
    context = {
        "canonical": names,
        "title": title,
        "criterion": subject,
        "row": verdict_detail.opened_row(table.rows[0], table, checks) if table.rows else None,
        "measured": [figure for row in table.rows for figure in measured_beside(row, whole_table)],
        "related": verdict_detail.related_rows(subject, whole_table),
        "references": reference_views(table),
        "badges": badge_lines(request, frameworks, subject),
        "experiments": feeding(criterion),
        "too_noisy": ", ".join(framework.name for framework in too_noisy(criterion, frameworks)),
        "measured_versions": load_measured_versions(frameworks),
        "before": slugs[index - 1] if index else None,
        "after": slugs[index + 1] if index + 1 < len(slugs) else None,
    }
    return render(request, "comparison/row.html", context)


def linked_data(request: HttpRequest, table: Table, names: str) -> dict[str, object]:
    """The comparison as linked data, for search engines."""
    title = joined_names(table.frameworks)
    description = f"{title} by {len(table.rows)} criteria, each verdict with its claims and sources."
    urls = {
        file_format: request.build_absolute_uri(page_url("comparison", names, file_format=file_format))
        for file_format in ("html", *FORMATS)
    }
    return dataset(title, description, urls, table, edition_of(request))


def is_compact(data: QueryDict) -> bool:
    """Whether stored verdicts suffice: the page shows no claims, and all sources speak."""
    return data.get("view") == "compact" and not any(data.getlist("source"))


def compact_context(filtered: FilteredTable) -> dict[str, Any]:
    return {
        "table": filtered.table,
        "groups": compact_groups(filtered.rows, not filtered.by_difference),
        "filtered": filtered,
        "heads": filtered.heads,
        "headline": headline(filtered.shown),
    }


def table_context(filtered: FilteredTable) -> dict[str, Any]:
    table, shown = filtered.table, filtered.shown
    return {
        "table": table,
        "groups": groups(table, filtered.rows, filtered.uncited, filtered.reference, not filtered.by_difference),
        "filtered": filtered,
        "heads": filtered.heads,
        "shown": shown,
        "headline": headline(shown),
        "summary": summary(shown),
        "references": reference_views(shown),
        "measured_versions": measured_versions(table.frameworks, cited_runs(table)),
        "source_mix": source_mix(shown),
        "many": len(table.frameworks) > 3,
    }


def deciding_context(filtered: FilteredTable, profile_slug: str) -> dict[str, Any]:
    """The rows that decide between two frameworks for a kind of project, or what is wrong with its name."""
    slug = profile_slug.strip()
    profiles = {row.slug: row for row in Profile.objects.with_question()} if slug else {}
    profile = profiles.get(profile_slug)
    problem = ""
    if slug and profile is None:
        problem = no_such("kind of project", f"profile={profile_slug[:80]}", profile_slug, profiles)
    is_pair = len(filtered.table.frameworks) == 2
    return {
        "deciding": deciding_rows(profile, filtered) if profile and is_pair else None,
        "profile_problem": problem,
    }


def deciding_rows(profile: Profile, filtered: FilteredTable) -> dict[str, Any]:
    """The criteria that decide between two frameworks, widest gap first, of those whose rows the table shows."""
    table_data = filtered.table_data
    weights = Weights({weight.criterion.slug: weight.weight for weight in profile.weights.all()})
    names = Names(
        {framework.slug: framework.name for framework in table_data.frameworks},
        {criterion.slug: criterion.name for criterion in table_data.criteria},
    )
    matrix = decision_matrix_of(table_data, filtered.table.chosen_sources)
    reasons = deciding_reasons(matrix, weights, *matrix.frameworks)
    shown = {row.criterion.slug for row in filtered.rows}
    rows = [
        {
            "name": names.criteria[reason.criterion],
            "slug": reason.criterion,
            "who": names.frameworks[reason.framework],
            "gap": format_gap(reason.gap),
            "note": reason_note(reason, names, matrix),
        }
        for reason in reasons
        if reason.criterion in shown
    ]
    return {
        "profile": profile,
        "rows": rows[:MAX_DECIDING],
        "more": max(len(rows) - MAX_DECIDING, 0),
        "hidden": len(reasons) - len(rows),
    }

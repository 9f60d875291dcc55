"""Comparisons: the picker, the table, one row opened."""

from difflib import get_close_matches
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from comparison.files.documents import table_document
from comparison.files.json_ld import dataset
from comparison.models import Check, Criterion, FormerCriterion, Framework, Profile
from comparison.recommend import Weights, deciding
from comparison.recommendation.load import decision_matrix_of
from comparison.recommendation.question import no_such
from comparison.recommendation.sentences import reason_note
from comparison.tables import cells, verdict_detail
from comparison.tables.table import load_table_data
from comparison.tables.table_filters import FilteredTable
from comparison.web.addresses import page_url
from comparison.web.caching import edition_of, public_page
from comparison.web.downloads import respond
from comparison.web.lookups import Unknown, compared, to_canonical
from comparison.web.problems import not_understood
from comparison.wording import Names, points

MAX_DECIDING = 8


@public_page
def compare(request: HttpRequest) -> HttpResponse:
    """The picker; `?framework=a&framework=b` leads to their table."""
    chosen = [one.strip() for one in request.GET.getlist("framework") if one.strip()]
    if chosen:
        _, canonical = compared("-vs-".join(chosen))
        return redirect("comparison", canonical)
    return render(
        request,
        "comparison/compare.html",
        {"frameworks": list(Framework.objects.order_by("name")), "picked": request.GET.getlist("pick")},
    )


@public_page
def comparison(request: HttpRequest, names: str, file_format: str = "html") -> HttpResponse:
    frameworks, canonical = compared(names)
    if names != canonical:
        return to_canonical(request, page_url("comparison", canonical, file_format=file_format))
    filtered = FilteredTable(load_table_data(frameworks), request.GET)
    table = filtered.table
    title = " vs ".join(one.name for one in table.frameworks)
    where = request.build_absolute_uri(reverse("comparison", args=[canonical]))
    if file_format != "html":
        if filtered.problems:
            return not_understood(filtered.problems)
        shown = where + (f"?{filtered.data.urlencode()}" if filtered.data else "")
        return respond(table_document(table, filtered.rows, edition_of(request), title, shown), file_format, canonical)
    profile, profile_problem = asked_profile(request.GET.get("profile", ""))
    about = f"{title} by {len(table.rows)} criteria, each verdict with its claims and sources."
    context = {
        "deciding": decide(profile, filtered) if profile and len(frameworks) == 2 else None,
        "profile_problem": profile_problem,
        "linked": dataset(title, about, where, table, edition_of(request)),
        "canonical": canonical,
        "filtered": filtered,
        "table": table,
        "groups": cells.groups(table, filtered.rows, filtered.reference, not filtered.by_difference),
        "heads": filtered.heads(),
        "summary": cells.summary(table),
        "references": cells.reference_views(table),
        "source_mix": cells.source_mix(table),
        "choices": filtered.choices(),
        "chips": filtered.chips(),
        "title": title,
        "differing": sum(row.differs for row in table.rows),
        "disputed": sum(row.disputed for row in table.rows),
        "unknown": sum(row.unknown for row in table.rows),
        "many": len(frameworks) > 3,
        "query": filtered.data.urlencode(),
        "carried": [(name, value) for name in ("order", "open", "profile") for value in filtered.data.getlist(name)],
    }
    return render(request, "comparison/table.html", context)


def asked_profile(slug: str) -> tuple[Profile | None, str]:
    """The kind of project an address names, or what is wrong with it."""
    known = {one.slug: one for one in Profile.objects.prefetch_related("weights__criterion")} if slug.strip() else {}
    if slug in known or not slug.strip():
        return known.get(slug), ""
    return None, no_such(f"profile={slug[:80]}", slug, known, "kind of project")


def decide(profile: Profile, filtered: FilteredTable) -> dict[str, Any]:
    """The rows that part two frameworks for a kind of project, widest first, of those that the table shows."""
    table_data, shown = filtered.table_data, {row.criterion.slug for row in filtered.rows}
    weights = Weights({one.criterion.slug: one.weight for one in profile.weights.all()})
    names = Names(
        {one.slug: one.name for one in table_data.frameworks}, {one.slug: one.name for one in table_data.criteria}
    )
    matrix = decision_matrix_of(table_data, filtered.table.chosen_sources)
    found = deciding(matrix, weights, *matrix.frameworks)
    rows = [
        {
            "name": names.criteria[one.criterion],
            "slug": one.criterion,
            "who": names.frameworks[one.framework],
            "gap": points(one.gap),
            "note": reason_note(one, names),
        }
        for one in found
        if one.criterion in shown
    ]
    return {
        "profile": profile,
        "rows": rows[:MAX_DECIDING],
        "more": max(len(rows) - MAX_DECIDING, 0),
        "hidden": len(found) - len(rows),
    }


@public_page
def opened_row(request: HttpRequest, names: str, criterion: str, file_format: str = "html") -> HttpResponse:
    frameworks, canonical = compared(names)
    if names != canonical:
        return to_canonical(request, page_url("row", canonical, criterion, file_format=file_format))
    slugs = list(Criterion.objects.values_list("slug", flat=True))
    if criterion not in slugs and (now := FormerCriterion.objects.now(criterion)):
        return to_canonical(request, page_url("row", canonical, now, file_format=file_format))
    if criterion not in slugs:
        near = get_close_matches(criterion, slugs, n=3)
        suggestions = [(slug, reverse("row", args=[canonical, slug])) for slug in near]
        raise Unknown(f"There is no criterion “{criterion[:60]}” here.", suggestions)
    table_data = load_table_data(frameworks, Criterion.objects.filter(slug=criterion))
    table, checks = table_data.table(), Check.objects.by_claim(table_data.claims)
    title = " vs ".join(one.name for one in frameworks)
    asked = table_data.criteria[0]
    if file_format != "html":
        where = request.build_absolute_uri(reverse("row", args=[canonical, criterion]))
        document = table_document(table, table.rows, edition_of(request), f"{asked.name}: {title}", where)
        return respond(document, file_format, f"{canonical}-{criterion}")
    place = slugs.index(criterion)
    context = {
        "canonical": canonical,
        "title": title,
        "criterion": asked,
        "row": verdict_detail.opened_row(table.rows[0], table, checks) if table.rows else None,
        "references": cells.reference_views(table),
        "before": slugs[place - 1] if place else None,
        "after": slugs[place + 1] if place + 1 < len(slugs) else None,
    }
    return render(request, "comparison/row.html", context)

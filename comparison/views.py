from difflib import get_close_matches
from itertools import combinations

from django.db import DatabaseError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from comparison import display, opened
from comparison.filters import FilteredTable
from comparison.models import Check, Claim, Criterion, Edition, Framework, Source
from comparison.pages import public_page
from comparison.table import gather


class Unknown(Http404):
    """Nothing of that name; carries links to what may have been meant."""

    def __init__(self, message: str, suggestions: list[tuple[str, str]]) -> None:
        super().__init__(message)
        self.suggestions = suggestions


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    known = isinstance(exception, Unknown)
    context = {
        "message": str(exception) if known else "There is no page at this address.",
        "suggestions": exception.suggestions if isinstance(exception, Unknown) else [],
    }
    return render(request, "404.html", context, status=404)


def compared(names: str) -> tuple[list[Framework], str]:
    """The frameworks an address names and the canonical form of it. Raises Unknown."""
    wanted = [name for name in names.lower().split("-vs-") if name]
    found = {one.slug: one for one in Framework.objects.named(wanted)}
    missing = [name for name in wanted if name not in found]
    if missing or not wanted:
        raise _unknown_frameworks(wanted, missing)
    return [found[slug] for slug in sorted(found)], "-vs-".join(sorted(found))


def _unknown_frameworks(wanted: list[str], missing: list[str]) -> Unknown:
    names = dict(Framework.objects.values_list("slug", "name"))
    nearest = {name: get_close_matches(name, names, n=1, cutoff=0.5) for name in missing}
    mended = sorted({slug for name in wanted for slug in nearest.get(name, [name])})
    suggestions = (
        [(f"Compare {' and '.join(names[slug] for slug in mended)}", reverse("comparison", args=["-vs-".join(mended)]))]
        if mended
        else []
    )
    shown = ", ".join(f"“{name[:60]}”" for name in missing[:5])
    return Unknown(f"There is no framework {shown} here.", suggestions)


@public_page
def home(request: HttpRequest) -> HttpResponse:
    frameworks = list(Framework.objects.most_spoken_of()[:6])
    table = gather(sorted(frameworks[:2], key=lambda one: one.slug)).table()
    disputed = [row for row in table.rows if row.disputed][:6]
    context = {
        "counts": {
            "frameworks": Framework.objects.count(),
            "criteria": Criterion.objects.count(),
            "sources": Source.objects.count(),
            "claims": Claim.objects.published().count(),
        },
        "frameworks": frameworks,
        "pairs": list(combinations(frameworks, 2))[:6],
        "featured": "-vs-".join(one.slug for one in table.frameworks),
        "disputed": [display.row_view(row, table) for row in disputed],
        "editions": list(Edition.objects.all()[:5]),
    }
    return render(request, "comparison/home.html", context)


@public_page
def compare(request: HttpRequest) -> HttpResponse:
    """The picker; `?framework=a&framework=b` leads to their table."""
    chosen = [one.strip() for one in request.GET.getlist("framework") if one.strip()]
    if chosen:
        _, canonical = compared("-vs-".join(chosen))
        return redirect("comparison", canonical)
    return render(request, "comparison/compare.html", {"frameworks": list(Framework.objects.order_by("name"))})


@public_page
def comparison(request: HttpRequest, names: str) -> HttpResponse:
    frameworks, canonical = compared(names)
    if names != canonical:
        return _to_canonical(request, reverse("comparison", args=[canonical]))
    filtered = FilteredTable(gather(frameworks), request.GET)
    table = filtered.table
    context = {
        "canonical": canonical,
        "filtered": filtered,
        "table": table,
        "groups": display.groups(table, filtered.rows),
        "heads": [(one, len(table.led_by(one))) for one in frameworks],
        "summary": display.summary(table),
        "references": display.reference_views(table),
        "source_mix": display.source_mix(table),
        "choices": filtered.choices(),
        "chips": filtered.chips(),
        "title": " vs ".join(one.name for one in frameworks),
        "differing": sum(row.differs for row in table.rows),
        "disputed": sum(row.disputed for row in table.rows),
        "unknown": sum(row.unknown for row in table.rows),
        "many": len(frameworks) > 3,
    }
    return render(request, "comparison/table.html", context)


def _to_canonical(request: HttpRequest, path: str) -> HttpResponse:
    query = request.META.get("QUERY_STRING", "")
    return redirect(f"{path}?{query}" if query else path, permanent=True)


@public_page
def opened_row(request: HttpRequest, names: str, criterion: str) -> HttpResponse:
    frameworks, canonical = compared(names)
    if names != canonical:
        return _to_canonical(request, reverse("row", args=[canonical, criterion]))
    slugs = list(Criterion.objects.values_list("slug", flat=True))
    if criterion not in slugs:
        near = get_close_matches(criterion, slugs, n=3)
        suggestions = [(slug, reverse("row", args=[canonical, slug])) for slug in near]
        raise Unknown(f"There is no criterion “{criterion[:60]}” here.", suggestions)
    material = gather(frameworks, Criterion.objects.filter(slug=criterion))
    table, checks = material.table(), Check.objects.by_claim(material.claims)
    place = slugs.index(criterion)
    context = {
        "canonical": canonical,
        "title": " vs ".join(one.name for one in frameworks),
        "criterion": table.rows[0].criterion if table.rows else table.silent[0],
        "row": opened.opened_row(table.rows[0], table, checks) if table.rows else None,
        "references": display.reference_views(table),
        "before": slugs[place - 1] if place else None,
        "after": slugs[place + 1] if place + 1 < len(slugs) else None,
    }
    return render(request, "comparison/row.html", context)


@public_page
def framework(request: HttpRequest, slug: str) -> HttpResponse:
    found = Framework.objects.filter(slug=slug).first()
    if found is None:
        names = dict(Framework.objects.values_list("slug", "name"))
        near = get_close_matches(slug, names, n=3, cutoff=0.4)
        suggestions = [(names[one], reverse("framework", args=[one])) for one in near]
        raise Unknown(f"There is no framework “{slug[:60]}” here.", suggestions)
    table = gather([found]).table()
    context = {
        "framework": found,
        "portrait": opened.portrait(table),
        "references": display.reference_views(table),
        "others": list(Framework.objects.exclude(pk=found.pk).order_by("name")[:20]),
        "table": table,
    }
    return render(request, "comparison/framework.html", context)


@public_page
def claim(request: HttpRequest, pk: int) -> HttpResponse:
    found = Claim.objects.published().with_names().prefetch_related("checks__by").filter(pk=pk).first()
    if found is None:
        raise Unknown(f"There is no published claim {pk}.", [("All comparisons", reverse("compare"))])
    return render(request, "comparison/claim.html", opened.claim_page(found))


@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """The process answers."""
    return HttpResponse("ok\n", content_type="text/plain")


@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """The database answers and its schema is there."""
    try:
        number = Edition.objects.current().number
    except (DatabaseError, Edition.DoesNotExist):
        return HttpResponse(
            "The database does not answer, or `manage.py migrate` has not run.\n", status=503, content_type="text/plain"
        )
    return HttpResponse(f"ok, edition {number}\n", content_type="text/plain")

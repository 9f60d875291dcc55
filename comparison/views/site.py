"""The front page, and pages about the site itself."""

from itertools import combinations

from django.conf import settings
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.views.decorators.http import require_safe

from comparison.models import Claim, Criterion, Edition, Framework, Profile, Source
from comparison.tables import cells
from comparison.tables.disputes import disputes
from comparison.tables.methodology import worked_example
from comparison.web.caching import public_page
from comparison.web.pagination import BadPage, paged
from comparison.web.problems import bad_request
from comparison.web.search import search

FEED_LENGTH = 50


@public_page
def home(request: HttpRequest) -> HttpResponse:
    frameworks = list(Framework.objects.most_cited()[:6])
    found, _ = disputes()
    context = {
        "counts": {
            "frameworks": Framework.objects.count(),
            "criteria": Criterion.objects.count(),
            "sources": Source.objects.count(),
            "claims": Claim.objects.published().count(),
        },
        "frameworks": frameworks,
        "pairs": list(combinations(frameworks, 2))[:6],
        "profiles": list(Profile.objects.all()[:11]),
        "disputes": found[:6],
        "dispute_count": len(found),
        "editions": list(Edition.objects.all()[:5]),
    }
    return render(request, "comparison/home.html", context)


@public_page
def disputed(request: HttpRequest) -> HttpResponse:
    found, table = disputes()
    try:
        page = paged(found, request.GET, size=50)
    except BadPage as problem:
        return bad_request(request, problem)
    rows = [(one, cells.cell_view(one.criterion, one.cell, table.references)) for one in page.rows]
    context = {
        "rows": rows,
        "page": page,
        "references": cells.reference_views(table, [one.cell for one in page.rows]),
    }
    return render(request, "comparison/disputes.html", context)


@public_page
def methodology(request: HttpRequest) -> HttpResponse:
    return render(request, "comparison/methodology.html", worked_example())


@public_page
def about(request: HttpRequest) -> HttpResponse:
    return render(request, "comparison/about.html")


@public_page
def changes(request: HttpRequest) -> HttpResponse:
    try:
        page = paged(Edition.objects.select_related("by"), request.GET)
    except BadPage as problem:
        return bad_request(request, problem)
    return render(request, "comparison/changes.html", {"page": page})


@public_page
def feed(request: HttpRequest) -> HttpResponse:
    newest = list(Edition.objects.all()[:FEED_LENGTH])
    atom = Atom1Feed(
        title="Changes",
        link=request.build_absolute_uri(reverse("changes")),
        feed_url=request.build_absolute_uri(),
        author_name=settings.SITE_NAME,
        description="Each published change of the catalogue",
        language="en",
    )
    for edition in newest:
        where = request.build_absolute_uri(reverse("changes")) + f"#edition-{edition.number}"
        atom.add_item(
            title=f"Edition {edition.number}",
            link=where,
            unique_id=where,
            description=edition.summary,
            pubdate=edition.at,
            updateddate=edition.at,
        )
    return HttpResponse(atom.writeString("utf-8"), content_type="application/atom+xml; charset=utf-8")


@public_page
def search_page(request: HttpRequest) -> HttpResponse:
    query = request.GET.get("q", "").strip()
    return render(request, "comparison/search.html", {"query": query, "found": search(query)})


@public_page
def robots(request: HttpRequest) -> HttpResponse:
    where = request.build_absolute_uri(reverse("sitemap"))
    return HttpResponse(f"User-agent: *\nDisallow: /admin/\nSitemap: {where}\n", content_type="text/plain")


@public_page
def sitemap(request: HttpRequest) -> HttpResponse:
    frameworks = [one.slug for one in Framework.objects.most_cited()]
    pairs = ["-vs-".join(sorted(pair)) for pair in combinations(frameworks[:30], 2)]
    routes = [
        "home",
        "compare",
        "recommend",
        "frameworks",
        "criteria",
        "sources",
        "claims",
        "disputes",
        "methodology",
        "changes",
    ]
    paths = [reverse(name) for name in (*routes, "about")]
    paths += [reverse("comparison", args=[pair]) for pair in pairs]
    paths += [reverse("framework", args=[slug]) for slug in frameworks]
    paths += [reverse("recommendation", args=[one]) for one in Profile.objects.values_list("slug", flat=True)]
    paths += [one.get_absolute_url() for one in Criterion.objects.only("slug")]
    paths += [one.get_absolute_url() for one in Source.objects.only("slug")]
    addresses = "".join(f"<url><loc>{request.build_absolute_uri(path)}</loc></url>" for path in paths)
    xml = f'<?xml version="1.0" encoding="UTF-8"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{addresses}</urlset>'
    return HttpResponse(xml, content_type="application/xml")


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
        advice = "The database does not answer, or `manage.py migrate` has not run.\n"
        return HttpResponse(advice, status=503, content_type="text/plain")
    return HttpResponse(f"ok, edition {number}\n", content_type="text/plain")

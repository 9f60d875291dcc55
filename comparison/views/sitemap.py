"""What search engines read first: robots.txt, and the sitemap: each page, its languages, the day it changed last."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import combinations
from typing import Any, NamedTuple

from django.contrib.sitemaps import Sitemap
from django.contrib.sitemaps.views import sitemap as sitemap_response
from django.http import HttpRequest, HttpResponse

from comparison.models import CellVerdict, Criterion, Edition, Framework, Profile, Source
from comparison.serving.languages import translated_paths
from comparison.tables.experiments import definitions
from comparison.tables.many.asked import asked_comparisons
from comparison.web.addresses import page_url
from comparison.web.caching import edition_of, public_page
from comparison.web.lookups import joined_slugs

FIXED_PAGES = (  # they change with every edition
    "home",
    "compare",
    "recommend",
    "boxes",
    "frameworks",
    "criteria",
    "sources",
    "claims",
    "disputes",
    "checks",
    "experiments",
    "methodology",
    "changes",
)
ADMIN = "/admin/"
FORMS = ("/report/", "/reports/")  # they and what became of them say nothing new
MAX_PAIRED_FRAMEWORKS = 30  # of the most cited, whose comparisons the sitemap lists


class ListedPage(NamedTuple):
    path: str
    changed: datetime | None  # None where it is not known


class PageSitemap(Sitemap):
    """Each page in each language, and beside it the addresses of the same page in all of them."""

    def __init__(self, pages: Iterable[ListedPage]) -> None:
        self.pages = [
            ListedPage(path, page.changed)
            for page in pages
            for path in dict.fromkeys(path for _, path in translated_paths(page.path))
        ]

    def items(self) -> Sequence[ListedPage]:
        return self.pages

    def location(self, item: ListedPage) -> str:
        return item.path

    def lastmod(self, item: ListedPage) -> datetime | None:
        return item.changed

    def get_urls(self, page: int | str = 1, site: Any = None, protocol: str | None = None) -> list[dict[str, Any]]:
        urls = super().get_urls(page, site, protocol)
        for url in urls:
            path = url["item"].path
            host = url["location"].removesuffix(path)
            url["alternates"] = [
                {"lang_code": code, "location": f"{host}{translated}"} for code, translated in translated_paths(path)
            ]
        return urls


@public_page()
def robots(request: HttpRequest) -> HttpResponse:
    sitemap_url = request.build_absolute_uri(page_url("sitemap"))
    forms = dict.fromkeys(translated for path in FORMS for _, translated in translated_paths(path))
    disallowed = "".join(f"Disallow: {path}\n" for path in (ADMIN, *forms))
    return HttpResponse(f"User-agent: *\n{disallowed}Sitemap: {sitemap_url}\n", content_type="text/plain")


@public_page()
def sitemap(request: HttpRequest) -> HttpResponse:
    pages = PageSitemap(listed_pages(edition_of(request)))
    return sitemap_response(request, {"pages": pages}).render()


class LastChanges:
    """The newest edition that changed a verdict of each framework and criterion, or one in which a source speaks."""

    def __init__(self) -> None:
        self.by_framework: dict[int, int] = {}
        self.by_criterion: dict[int, int] = {}
        self.by_source: dict[int, int] = {}
        cells = CellVerdict.objects.order_by().values_list("framework_id", "criterion_id", "edition", "speakers")
        for framework, criterion, edition, speakers in cells:
            _note(self.by_framework, [framework], edition)
            _note(self.by_criterion, [criterion], edition)
            _note(self.by_source, speakers, edition)
        numbers = {*self.by_framework.values(), *self.by_criterion.values(), *self.by_source.values()}
        self.dates = dict(Edition.objects.filter(number__in=numbers).values_list("number", "at"))

    def of(self, editions: Mapping[int, int], keys: Iterable[int | None]) -> datetime | None:
        found = [editions[key] for key in keys if key is not None and key in editions]
        return self.dates.get(max(found)) if found else None


def _note(editions: dict[int, int], keys: Iterable[int], edition: int) -> None:
    for key in keys:
        editions[key] = max(edition, editions.get(key, 0))


def listed_pages(newest: Edition) -> list[ListedPage]:
    """All pages that the sitemap lists."""
    changes = LastChanges()
    frameworks = list(Framework.objects.most_cited())
    always = [page_url(route) for route in FIXED_PAGES]
    always += [page_url("recommendation", slug) for slug in Profile.objects.values_list("slug", flat=True)]
    seldom = [page_url("about"), *(page_url("experiment", slug) for slug in definitions())]
    return [
        *(ListedPage(path, newest.at) for path in always),
        *(ListedPage(path, None) for path in seldom),
        *_comparisons(frameworks, changes),
        *(
            ListedPage(path, changes.of(changes.by_framework, [framework.pk]))
            for framework in frameworks
            for path in (framework.get_absolute_url(), page_url("box", framework.slug))
        ),
        *(
            ListedPage(criterion.get_absolute_url(), changes.of(changes.by_criterion, [criterion.pk]))
            for criterion in Criterion.objects.only("slug")
        ),
        *(
            ListedPage(source.get_absolute_url(), changes.of(changes.by_source, [source.pk, source.part_of_id]))
            for source in Source.objects.public().only("slug", "part_of_id")
        ),
    ]


def _comparisons(frameworks: Sequence[Framework], changes: LastChanges) -> Iterator[ListedPage]:
    """The comparisons of two of the most cited frameworks, and those that people ask for."""
    ids = {framework.slug: framework.pk for framework in frameworks}
    pairs = combinations(frameworks[:MAX_PAIRED_FRAMEWORKS], 2)
    columns = {joined_slugs(pair): [framework.pk for framework in pair] for pair in pairs}
    for row in asked_comparisons(frameworks):
        if row.is_sourced:
            columns[row.comparison.slug] = [ids[slug] for slug in row.comparison.framework_slugs if slug in ids]
    for slug, keys in columns.items():
        yield ListedPage(page_url("comparison", slug), changes.of(changes.by_framework, keys))

"""The places of the site that reports may be about. An address or a form names one; it is looked up, never trusted."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from django.conf import settings
from django.db.models import Model
from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from comparison.models import Claim, Criterion, Framework, Report, Source
from comparison.models.readers.reports import PlaceKind
from comparison.row_ids import parse_row_id
from comparison.web.addresses import page_url
from comparison.web.lookups import (
    Moved,
    Unknown,
    find_claim,
    find_criterion,
    find_framework,
    find_row,
    find_source,
    joined_names,
    joined_slugs,
)

SPELLING = re.compile(r"[-\w]+(/[-\w]+){0,2}", re.ASCII)
NAMED_BY_SLUG: Mapping[PlaceKind, type[Model]] = {  # what the last part of a place's name is the slug of
    PlaceKind.ROW: Criterion,
    PlaceKind.CRITERION: Criterion,
    PlaceKind.SOURCE: Source,
    PlaceKind.FRAMEWORK: Framework,
}
MAX_MOVES = 3  # a comparison written in another order, on a criterion that was merged into another
NO_PLACE = gettext_noop(
    "Reports are about a claim, a source, a criterion, a framework, a row of a comparison or the whole site; this names"
    " none of them."
)


@dataclass(frozen=True, slots=True)
class Place:
    kind: PlaceKind
    row_id: int  # of the claim, source, criterion or framework; 0 for the site
    about: str  # how addresses of forms name it: its route and what the route is given
    title: str  # without words that could be taken back
    detail: str = ""  # what it says now

    @property
    def url(self) -> str:
        """The place's own page."""
        route, *url_args = self.about.split("/")
        return page_url(route, *url_args)

    @property
    def stored(self) -> dict[str, object]:
        """The fields of a report about it."""
        return {
            "place_kind": self.kind.value,
            "row_id": self.row_id,
            "about": self.about,
            "title": self.title[: Report.MAX_TITLE_LENGTH],
        }


def find_place(about: str) -> Place:
    """The public place of that name, or the one it has become. Raises Unknown."""
    for _move in range(MAX_MOVES):
        try:
            return _find(about)
        except Moved as moved:
            about = "/".join(str(part) for part in (moved.route, *moved.url_args))
    raise Unknown(_(NO_PLACE))


def place_of(report: Report) -> Place | None:
    """What a report is about as it is today; None if that is not public any more."""
    try:
        return find_place(_present_name(report))
    except Http404:
        return None


def _find(about: str) -> Place:
    parts = about.split("/") if SPELLING.fullmatch(about) else []
    match parts:
        case ["claim", written] if (pk := parse_row_id(written)) is not None:
            return _claim_place(find_claim(pk))
        case ["source", slug]:
            source = find_source(slug)
            return Place(PlaceKind.SOURCE, source.pk, f"source/{source.slug}", source.full_title)
        case ["criterion", slug]:
            criterion = find_criterion(slug)
            return Place(PlaceKind.CRITERION, criterion.pk, f"criterion/{slug}", criterion.name, criterion.question)
        case ["framework", slug]:
            framework = find_framework(slug)
            return Place(PlaceKind.FRAMEWORK, framework.pk, f"framework/{slug}", framework.name, framework.tagline)
        case ["about"]:
            return Place(PlaceKind.SITE, 0, "about", settings.SITE_NAME)
        case ["row", names, slug]:
            frameworks, _slugs = find_row(names, slug)
            return _row_place(frameworks, find_criterion(slug))
    raise Unknown(_(NO_PLACE))


def _claim_place(claim: Claim) -> Place:
    title = f"Claim {claim.pk} on {claim.framework}, {claim.criterion}"
    return Place(PlaceKind.CLAIM, claim.pk, f"claim/{claim.pk}", title, claim.statement)


def _row_place(frameworks: list[Framework], criterion: Criterion) -> Place:
    title = f"{criterion.name}: {joined_names(frameworks)}"
    about = f"row/{joined_slugs(frameworks)}/{criterion.slug}"
    return Place(PlaceKind.ROW, criterion.pk, about, title, criterion.question)


def _present_name(report: Report) -> str:
    """The name of the place with today's slug, if its row has one still."""
    if report.place_kind not in NAMED_BY_SLUG:
        return str(report.about)
    rows = NAMED_BY_SLUG[PlaceKind(report.place_kind)]._default_manager.filter(pk=report.row_id)
    slug = rows.values_list("slug", flat=True).first()
    *before, stored_slug = report.about.split("/")
    return "/".join([*before, slug or stored_slug])

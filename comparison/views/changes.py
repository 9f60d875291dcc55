"""What changed: the editions as pages and as a feed."""

from typing import Any
from uuid import NAMESPACE_OID, uuid5

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.feedgenerator import Atom1Feed, rfc3339_date

from comparison.models import Edition
from comparison.row_ids import parse_row_id
from comparison.web.addresses import page_url
from comparison.web.caching import public_page
from comparison.web.pagination import PAGE_PARAMS, BadPage, paginate

FEED_LENGTH = 50  # editions


@public_page("until", *PAGE_PARAMS)
def changes(request: HttpRequest) -> HttpResponse:
    """The editions, newest first; from `until` on back, so that a link to an edition leads there for good."""
    editions = Edition.objects.select_related("by")
    if until := request.GET.get("until", ""):
        number = parse_row_id(until)
        if number is None:
            raise BadPage(f"until={until[:40]}: give the number of an edition.")
        editions = editions.filter(number__lte=number)
        if not editions.filter(number=number).exists():
            raise Http404(f"There is no edition {number}.")
    return render(request, "comparison/changes.html", {"page": paginate(editions, request.GET), "until": until})


class Feed(Atom1Feed):
    """As Django's, with summaries as the plain text that they are; Django calls them HTML."""

    def add_item_elements(self, handler: Any, item: dict[str, Any]) -> None:
        handler.addQuickElement("title", item["title"])
        handler.addQuickElement("link", "", {"href": item["link"], "rel": "alternate"})
        handler.addQuickElement("published", rfc3339_date(item["pubdate"]))
        handler.addQuickElement("updated", rfc3339_date(item["updateddate"]))
        handler.addQuickElement("id", item["unique_id"])
        handler.addQuickElement("summary", item["description"], {"type": "text"})


@public_page()
def feed(request: HttpRequest) -> HttpResponse:
    changes_url = request.build_absolute_uri(page_url("changes"))
    atom = Feed(
        title="Changes",
        link=changes_url,
        feed_url=request.build_absolute_uri(),
        feed_guid=uuid5(NAMESPACE_OID, f"feed of {Edition.objects.get(number=0).urn}").urn,
        author_name=settings.SITE_NAME,
        description="Each published change of the catalogue",
        language="en",
    )
    for edition in Edition.objects.all()[:FEED_LENGTH]:
        atom.add_item(
            title=f"Edition {edition.number}",
            link=f"{changes_url}?until={edition.number}#edition-{edition.number}",
            unique_id=edition.urn,
            description=edition.summary,
            pubdate=edition.at,
            updateddate=edition.at,
        )
    return HttpResponse(atom.writeString("utf-8"), content_type="application/atom+xml; charset=utf-8")

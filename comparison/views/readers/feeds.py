"""Feeds (Atom): of the editions, and of the verdicts that changed in a comparison, of a framework or on a criterion."""

from collections.abc import Sequence
from typing import Any
from uuid import NAMESPACE_OID, uuid5

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.feedgenerator import Atom1Feed, rfc3339_date

from comparison.models import Edition
from comparison.tables.many.latest import ChangedVerdict, latest_of_frameworks, latest_on
from comparison.web.addresses import page_url
from comparison.web.caching import edition_of, public_page
from comparison.web.lookups import find_criterion, find_framework, find_frameworks, joined_names

FEED_LENGTH = 50  # entries


class Feed(Atom1Feed):
    """As Django's, with summaries as the plain text that they are; Django calls them HTML."""

    def latest_post_date(self) -> Any:
        """Without entries the time of the edition: Django takes the time of the request."""
        return super().latest_post_date() if self.items else self.feed["edition_at"]

    def add_item_elements(self, handler: Any, item: dict[str, Any]) -> None:
        handler.addQuickElement("title", item["title"])
        handler.addQuickElement("link", "", {"href": item["link"], "rel": "alternate"})
        handler.addQuickElement("published", rfc3339_date(item["pubdate"]))
        handler.addQuickElement("updated", rfc3339_date(item["updateddate"]))
        handler.addQuickElement("id", item["unique_id"])
        handler.addQuickElement("summary", item["description"], {"type": "text"})


@public_page()
def feed(request: HttpRequest) -> HttpResponse:
    atom = _feed(request, "Changes", page_url("changes"), "Each published change of the catalogue", "")
    changes_url = request.build_absolute_uri(page_url("changes"))
    for edition in Edition.objects.all()[:FEED_LENGTH]:
        atom.add_item(
            title=f"Edition {edition.number}",
            link=f"{changes_url}?until={edition.number}#edition-{edition.number}",
            unique_id=edition.urn,
            description=edition.summary,
            pubdate=edition.at,
            updateddate=edition.at,
        )
    return _response(atom)


@public_page()
def comparison_feed(request: HttpRequest, names: str) -> HttpResponse:
    frameworks = find_frameworks(names, "comparison-feed")
    atom = _verdicts_feed(request, joined_names(frameworks), page_url("comparison", names))
    return _with_verdicts(request, atom, latest_of_frameworks(frameworks, FEED_LENGTH), names)


@public_page()
def framework_feed(request: HttpRequest, slug: str) -> HttpResponse:
    framework = find_framework(slug)
    atom = _verdicts_feed(request, framework.name, framework.get_absolute_url())
    return _with_verdicts(request, atom, latest_of_frameworks([framework], FEED_LENGTH))


@public_page()
def criterion_feed(request: HttpRequest, slug: str) -> HttpResponse:
    criterion = find_criterion(slug, "criterion-feed")
    atom = _verdicts_feed(request, criterion.name, criterion.get_absolute_url())
    return _with_verdicts(request, atom, latest_on(criterion, FEED_LENGTH))


def _verdicts_feed(request: HttpRequest, title: str, path: str) -> Feed:
    return _feed(request, f"{title}: changed verdicts", path, f"The verdicts on {title} that changed last", f"{path} ")


def _feed(request: HttpRequest, title: str, path: str, description: str, of: str) -> Feed:
    """A feed without entries. `of` tells it from the other feeds of the site in its name for feed readers."""
    return Feed(
        title=title,
        link=request.build_absolute_uri(path),
        feed_url=request.build_absolute_uri(),
        feed_guid=uuid5(NAMESPACE_OID, f"feed of {of}{Edition.objects.get(number=0).urn}").urn,
        author_name=settings.SITE_NAME,
        description=description,
        language="en",
        edition_at=edition_of(request).at,
    )


def _with_verdicts(
    request: HttpRequest, atom: Feed, verdicts: Sequence[ChangedVerdict], names: str = ""
) -> HttpResponse:
    """Each entry leads to the row of the comparison with these names, or of its framework alone."""
    for verdict in verdicts:
        path = page_url("row", names or verdict.stored.framework.slug, verdict.stored.criterion.slug)
        atom.add_item(
            title=verdict.title,
            link=request.build_absolute_uri(path),
            unique_id=verdict.urn,
            description=verdict.summary,
            pubdate=verdict.edition.at,
            updateddate=verdict.edition.at,
        )
    return _response(atom)


def _response(atom: Feed) -> HttpResponse:
    return HttpResponse(atom.writeString("utf-8"), content_type="application/atom+xml; charset=utf-8")

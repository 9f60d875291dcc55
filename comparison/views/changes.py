"""What changed: the editions."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from comparison.models import Edition
from comparison.row_ids import parse_row_id
from comparison.web.caching import public_page
from comparison.web.pagination import PAGE_PARAMS, BadPage, paginate


@public_page("until", *PAGE_PARAMS)
def changes(request: HttpRequest) -> HttpResponse:
    """The editions, newest first; from `until` on back, so that a link to an edition leads there for good."""
    editions = Edition.objects.select_related("by")
    if until := request.GET.get("until", ""):
        number = parse_row_id(until)
        if number is None:
            raise BadPage(f"until={until[:40]}: " + _("give the number of an edition."))
        editions = editions.filter(number__lte=number)
        if not editions.filter(number=number).exists():
            raise Http404(_("There is no edition {number}.").format(number=number))
    return render(request, "comparison/changes.html", {"page": paginate(editions, request.GET), "until": until})

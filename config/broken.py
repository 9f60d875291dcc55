"""The answer to an error that no page expected."""

import sys

from django.http import HttpRequest, HttpResponse

from comparison.admin.access.session_recovery import in_admin
from comparison.admin.access.unsaved import not_saved
from comparison.views import errors
from comparison.web.problems import unavailable
from config.monitoring.database_faults import fault_of


def broken(request: HttpRequest) -> HttpResponse:
    """A fault of the database is named, and a post to the admin given back; Django calls this while handling it."""
    fault = fault_of(sys.exc_info()[1])
    if fault is None:
        return errors.broken(request)
    if request.method == "POST" and in_admin(request):
        return not_saved(request, fault)
    return unavailable(request, f"{fault.problem} Nothing was changed. Please try again in a minute.")

"""What an editor sees after a post that the database refused: what was typed, and a button to send it again.

Drawn without the request's session, user and messages, which the same database may refuse too.
"""

import sys

from django.contrib.admin import site
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.template.loader import render_to_string

from comparison.admin.access.session_recovery import (
    PREFIX,
    field_runs,
    fields_to_copy,
    file_names,
    in_admin,
    posted_fields,
)
from comparison.web import errors
from comparison.web.problems import RETRY_SECONDS, unavailable
from config.monitoring.database_faults import Fault, fault_of
from config.monitoring.request_id import current_request_id


def not_saved(request: HttpRequest, fault: Fault) -> HttpResponse:
    context = {
        "title": "Not saved",
        "site_title": site.site_title,
        "site_header": site.site_header,
        "fault": fault,
        "field_runs": field_runs(posted_fields(request)),
        "copied_fields": fields_to_copy(request),
        "files": file_names(request),
        "prefix": PREFIX,
        # Else the fields may come from a page of another site.
        "may_be_sent_again": getattr(request, "csrf_processing_done", False),
        "csrf_token": get_token(request),
        "request_id": current_request_id.get(),
    }
    response = HttpResponse(render_to_string("admin/comparison/unsaved.html", context), status=503)
    response.headers["Retry-After"] = str(RETRY_SECONDS)
    response.headers["Cache-Control"] = "no-store"
    return response


def broken(request: HttpRequest) -> HttpResponse:
    """The answer to an error that no page expected; Django calls this while it handles the error.

    A fault of the database is named, and what was posted to the admin is given back.
    """
    fault = fault_of(sys.exc_info()[1])
    if fault is None:
        return errors.broken(request)
    if request.method == "POST" and in_admin(request):
        return not_saved(request, fault)
    return unavailable(request, f"{fault.problem} Nothing was changed. Please try again in a minute.")

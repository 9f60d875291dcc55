"""What an editor sees after a post that the database refused: what was typed, and a button to send it again.

Drawn without the request's session, user and messages, which the same database may refuse too.
"""

from django.contrib.admin import site
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.template.loader import render_to_string

from comparison.admin.access.session_recovery import PREFIX, field_runs, fields_to_copy, file_names, posted_fields
from comparison.web.problems import RETRY_SECONDS
from config.monitoring.database_faults import Fault
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

"""Answers to what goes wrong: not found, malformed, broken."""

from django.conf import settings
from django.core.exceptions import BadRequest, DisallowedHost, RequestDataTooBig, TooManyFieldsSent
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from comparison.serving.any_origin import allow_any_origin
from comparison.web.lookups import Unknown
from comparison.web.problems import is_for_api, problem
from config.monitoring.request_id import current_request_id

TOO_MUCH = f"More was sent at once than the {settings.DATA_UPLOAD_MAX_MEMORY_SIZE // 1_000_000} MB that are read."
TOO_MANY = f"More fields were sent at once than the {settings.DATA_UPLOAD_MAX_NUMBER_FIELDS:,} that are read."
OTHER_HOST = "This site does not answer to the host name that was asked for. ALLOWED_HOSTS names those it answers to."
BROKEN = "Something broke on our side. The error has been written to the server's log, as that of request {}."


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    message = exception.args[0] if isinstance(exception, Http404) and exception.args else None
    context = {
        "message": message if isinstance(message, str) else _("There is no page at this address."),  # else routes tried
        "suggestions": exception.suggestions if isinstance(exception, Unknown) else [],
    }
    return render(request, "404.html", context, status=404)


def malformed(request: HttpRequest, exception: Exception) -> HttpResponse:
    """A request that cannot be read; no view has seen it."""
    message = _reason(exception)
    if is_for_api(request):
        return allow_any_origin(problem(400, message))
    # Rendered without the request: its host or its address may be what is wrong with it.
    return HttpResponse(render_to_string("400.html", {"message": message}), status=400)


def _reason(exception: Exception) -> str:
    match exception:
        case RequestDataTooBig():
            return TOO_MUCH
        case TooManyFieldsSent():
            return TOO_MANY
        case DisallowedHost():
            return OTHER_HOST
        case BadRequest():
            return str(exception)
    return "What was sent cannot be read."


def broken(request: HttpRequest) -> HttpResponse:
    """An error of our own."""
    request_id = current_request_id.get()
    if is_for_api(request):
        return allow_any_origin(problem(500, BROKEN.format(request_id)))
    return HttpResponse(render_to_string("500.html", {"request_id": request_id}), status=500)

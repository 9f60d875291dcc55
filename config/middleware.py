import re
from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.urls import resolve

from config.monitoring.metrics_access import METRICS_PATH, may_read_metrics

Handler = Callable[[HttpRequest], HttpResponse]

PROBES = {"/healthz", "/readyz"}
MAX_QUERY_LENGTH = 8_000  # characters; browsers have similar limits


def content_security_policy(get_response: Handler) -> Handler:
    """Adds the Content-Security-Policy header to every response. Django 6.0 has a middleware of its own for this.

    Views that are marked may stand in frames of other sites; nothing else of the policy changes for them.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        policy = settings.CONTENT_SECURITY_POLICY
        if settings.DEBUG and response.status_code >= 400:  # Django's own page of an error, with its style inside
            policy = re.sub("(script|style)-src", r"\1-src 'unsafe-inline'", policy)
        if getattr(getattr(request.resolver_match, "func", None), "may_be_framed", False):
            policy = policy.replace("frame-ancestors 'none'", "frame-ancestors *")
            response.xframe_options_exempt = True
        response.headers.setdefault("Content-Security-Policy", policy)
        return response

    return middleware


def answer_probes_first(get_response: Handler) -> Handler:
    """Answers load balancers, which do not know the site's name, before the name is checked."""

    def middleware(request: HttpRequest) -> HttpResponse:
        is_probe = request.path_info in PROBES
        if not is_probe and not (request.path_info == METRICS_PATH and may_read_metrics(request)):
            return get_response(request)
        request.resolver_match = resolve(request.path_info)
        return request.resolver_match.func(request)

    return middleware


def refuse_malformed(get_response: Handler) -> Handler:
    """Refuses addresses that no database can look up (NUL bytes) and queries that are too long."""

    def middleware(request: HttpRequest) -> HttpResponse:
        query = request.META.get("QUERY_STRING", "")
        if "\0" in request.path or "%00" in query:
            raise BadRequest("The address contains a NUL byte.")
        if len(query) > MAX_QUERY_LENGTH:
            raise BadRequest(f"The query has {len(query)} characters; at most {MAX_QUERY_LENGTH} are read.")
        return get_response(request)

    return middleware

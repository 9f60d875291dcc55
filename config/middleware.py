from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse

Handler = Callable[[HttpRequest], HttpResponse]

MAX_QUERY_LENGTH = 8_000  # characters; a browser's own limits are of this order


def content_security_policy(get_response: Handler) -> Handler:
    """Adds the policy to every answer. Django 6.0 brings a middleware of its own for this."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.headers.setdefault("Content-Security-Policy", settings.CONTENT_SECURITY_POLICY)
        return response

    return middleware


def keep_public_pages_bare(get_response: Handler) -> Handler:
    """Takes cookies off pages that are the same for all; an old one sent along makes Django renew or delete it."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if getattr(request, "is_public_page", False):
            response.cookies.clear()
            response.headers["Vary"] = "Accept-Encoding"
        return response

    return middleware


def refuse_malformed(get_response: Handler) -> Handler:
    """Refuses addresses no database can look up: NUL bytes, and queries beyond all use."""

    def middleware(request: HttpRequest) -> HttpResponse:
        query = request.META.get("QUERY_STRING", "")
        if "\0" in request.path or "%00" in query:
            raise BadRequest("The address contains a NUL byte.")
        if len(query) > MAX_QUERY_LENGTH:
            raise BadRequest(f"The query has {len(query)} characters; at most {MAX_QUERY_LENGTH} are read.")
        return get_response(request)

    return middleware

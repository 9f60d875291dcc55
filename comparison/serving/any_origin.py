"""Answers that scripts of any other site may read: public data, never pages."""

from django.http import HttpResponse

HEADERS = {"Access-Control-Allow-Origin": "*", "Access-Control-Expose-Headers": "ETag"}


def allow_any_origin(response: HttpResponse) -> HttpResponse:
    """Lets scripts from any origin read the response, and its ETag, with which to ask again."""
    for name, value in HEADERS.items():
        response.headers[name] = value
    return response

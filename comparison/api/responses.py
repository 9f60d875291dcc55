"""How the API answers: JSON, cached like the public pages, readable from any origin, and problem details for errors."""

from collections.abc import Sequence
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse

from comparison.api.openapi import Endpoint
from comparison.api.requests import BadParameters, check_parameters, filled_parameters
from comparison.files import json_types
from comparison.serving.any_origin import allow_any_origin
from comparison.web.caching import View, public_page
from comparison.web.lookups import Unknown
from comparison.web.pagination import Page
from comparison.web.problems import ALLOWED_IN_API, json_response, problem

PREFLIGHT_SECONDS = 24 * 3600  # for which a browser may remember the answer to OPTIONS


def serve(endpoint: Endpoint) -> View:
    """The endpoint's view with all that its answers have in common."""
    cached_view = public_page(*endpoint.query)(endpoint.view)

    def view(request: HttpRequest, **path_parameters: Any) -> HttpResponse:
        if request.method == "OPTIONS":
            return allow_any_origin(_options_response())
        if request.method not in ("GET", "HEAD"):
            return allow_any_origin(problem(405, f"{request.method} is not allowed here; the API is only read."))
        try:
            check_parameters(filled_parameters(request), endpoint)
            return allow_any_origin(cached_view(request, **path_parameters))
        except BadParameters as error:
            return allow_any_origin(problem(400, str(error), error.errors))
        except Http404 as error:
            return allow_any_origin(_not_found(error))

    view.is_public = True  # type: ignore[attr-defined]
    return view


def _options_response() -> HttpResponse:
    response = HttpResponse(status=204, headers={"Allow": ALLOWED_IN_API})
    response.headers["Access-Control-Allow-Methods"] = ALLOWED_IN_API
    response.headers["Access-Control-Allow-Headers"] = "*"
    response.headers["Access-Control-Max-Age"] = str(PREFLIGHT_SECONDS)
    del response.headers["Content-Type"]
    return response


def _not_found(error: Http404) -> HttpResponse:
    if isinstance(error, Unknown):
        return problem(404, error.with_hint)
    return problem(404, str(error.args[0]) if error.args else "There is nothing here.")


def page_response(request: HttpRequest, page: Page, results: Sequence[json_types.JsonObject]) -> HttpResponse:
    following, previous = (query and request.build_absolute_uri(query) for query in (page.next, page.previous))
    data: json_types.Page = {
        "count": page.count,
        "count_is_exact": page.count_is_exact,
        "next": following,
        "previous": previous,
        "results": list(results),
    }
    return json_response(data)

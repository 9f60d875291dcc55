"""One line of the log for each request, by whatever server it came. Must be the first middleware."""

import logging
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from importlib import import_module
from time import perf_counter
from typing import Any

from django.conf import settings
from django.db import connections
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.functional import SimpleLazyObject, empty

from config.client_address import client_address
from config.monitoring.log_formats import safe_path
from config.monitoring.request_id import current_request_id, request_id_for

Handler = Callable[[HttpRequest], HttpResponseBase]

SAFE_METHODS = {"GET", "HEAD", "OPTIONS", "TRACE"}
KINDS = (  # of users, by a permission that the lesser ones lack
    ("editor", "comparison.change_framework"),
    ("reviewer", "comparison.publish_claim"),
    ("contributor", "comparison.add_claim"),
)
REFUSALS = {429: "throttled"}  # that no exception names
MAX_LENGTH = 300  # characters of a reason

logger = logging.getLogger("crosscheck.request")


class QueryCount:
    def __init__(self) -> None:
        self.number = 0

    def __call__(self, execute: Callable[..., Any], *args: Any) -> Any:
        self.number += 1
        return execute(*args)


@contextmanager
def counted_queries() -> Iterator[QueryCount]:
    count = QueryCount()
    with ExitStack() as stack:
        for connection in connections.all():
            stack.enter_context(connection.execute_wrapper(count))
        yield count


def log_requests(get_response: Handler) -> Handler:
    observe = import_module("config.monitoring.metrics").observe if settings.METRICS else None

    def middleware(request: HttpRequest) -> HttpResponseBase:
        start, request_id = perf_counter(), request_id_for(request)
        token = current_request_id.set(request_id)
        try:
            with counted_queries() as queries:
                response = get_response(request)
            response.headers["X-Request-ID"] = request_id
            fields = described(request, response) | {
                "ms": round((perf_counter() - start) * 1000, 1),
                "queries": queries.number,
            }
            if observe:
                observe(fields)
            logger.log(
                logging.ERROR if response.status_code >= 500 else logging.INFO, "request", extra={"fields": fields}
            )
        finally:
            current_request_id.reset(token)
        return response

    return middleware


def described(request: HttpRequest, response: HttpResponseBase) -> dict[str, Any]:
    """What the line says of a request: no query, form, cookie or other header, which may hold secrets."""
    status = response.status_code
    user = loaded_user(request)
    is_named = user is not None and (status in {400, 401, 403, 429} or request.method not in SAFE_METHODS)
    return {
        "method": request.method,
        "path": safe_path(request),
        "status": status,
        "route": request.resolver_match.view_name if request.resolver_match else None,
        "user": kind_of(user),
        "name": user.get_username() if is_named else None,
        "refused": getattr(request, "refusal", "")[:MAX_LENGTH] or REFUSALS.get(status),
        "page": getattr(request, "page_source", None),
        "bytes": size_of(response),
        "from": client_address(request),
    }


def loaded_user(request: HttpRequest) -> Any:
    """The user if the answer depended on one and somebody was logged in; asking now would cost queries."""
    user = request.__dict__.get("user")
    if isinstance(user, SimpleLazyObject) and user._wrapped is empty:
        return None
    return user if user is not None and user.is_authenticated else None


def kind_of(user: Any) -> str:
    if user is None:
        return "anonymous"
    if user.is_superuser:
        return "superuser"
    permissions: set[str] = getattr(
        user, "_perm_cache", set()
    )  # read by pages of the admin; asking now would cost queries
    return next((kind for kind, permission in KINDS if permission in permissions), "staff" if user.is_staff else "user")


def size_of(response: HttpResponseBase) -> int | None:
    if isinstance(response, HttpResponse):
        return len(response.content)
    return int(response.headers["Content-Length"]) if "Content-Length" in response.headers else None

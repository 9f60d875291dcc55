"""Two short ways for public pages, which use neither sessions, cookies, users nor messages."""

from collections.abc import Mapping
from contextlib import suppress
from functools import lru_cache
from typing import NamedTuple

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import Resolver404, ResolverMatch, resolve

from comparison.serving.answer import kept_answer
from comparison.serving.kept_pages import KeptResponse
from comparison.serving.languages import prefers_other_language
from comparison.serving.newest_edition import DatabaseAway, with_newest_edition
from config.databases.time_limits import REQUEST_SECONDS, statement_limit
from config.memory import with_room_for_frames
from config.middleware import Handler

MAX_REMEMBERED = 2000  # addresses and paths
MAX_PATH_LENGTH = 300  # of an address that is remembered


class Remembered(NamedTuple):
    """What the whole chain of middleware made of an address."""

    key: str
    headers: Mapping[str, str]  # which the chain added, and will add as long as the settings stay as they are
    match: ResolverMatch


_remembered: dict[tuple[str | None, ...], Remembered] = {}
forget_addresses = _remembered.clear


def remembered_pages_first(get_response: Handler) -> Handler:
    """Answers an address that was answered before, with the same headers, after reading the edition.

    The chain has let this host, scheme and path pass; where anything else is needed, it is asked again.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        address = _address(request)
        known = _remembered.get(address) if address else None
        if known is not None and not settings.DEBUG:
            request.resolver_match = known.match
            with suppress(DatabaseAway):
                response = with_newest_edition(request, lambda row: kept_answer(request, known.key, row, known.headers))
                if response is not None:
                    return response
        response = get_response(request)
        if address and isinstance(response, KeptResponse) and not response.cookies:
            _remember(address, request, response)
        return response

    return middleware


def _address(request: HttpRequest) -> tuple[str | None, ...] | None:
    """The parts of a request that an answer without a query depends on."""
    meta = request.META
    if meta.get("QUERY_STRING") or request.method not in ("GET", "HEAD") or len(request.path) > MAX_PATH_LENGTH:
        return None
    if prefers_other_language(request):
        return None
    return request.scheme, meta.get("HTTP_HOST"), request.path, settings.ROOT_URLCONF


def _remember(address: tuple[str | None, ...], request: HttpRequest, response: KeptResponse) -> None:
    match = request.resolver_match
    if match is None:
        return
    headers = {name: value for name, value in response.headers.items() if name not in response.own_headers}
    if len(_remembered) >= MAX_REMEMBERED:
        _remembered.clear()
    _remembered[address] = Remembered(response.key, headers, match)


def public_pages_first(get_response: Handler) -> Handler:
    """Answers public pages without the rest of the chain, which is for curators."""
    answer_curators = with_room_for_frames(get_response)

    def middleware(request: HttpRequest) -> HttpResponse:
        match = _public_view(request.path_info, settings.ROOT_URLCONF)
        if match is None:
            with statement_limit(REQUEST_SECONDS):
                return answer_curators(request)
        request.resolver_match = match
        response: HttpResponse = match.func(request, *match.args, **match.kwargs)
        return response

    return middleware


@lru_cache(maxsize=MAX_REMEMBERED)
def _public_view(path: str, urlconf: str) -> ResolverMatch | None:
    """What answers this path, if it is a public page."""
    try:
        match = resolve(path, urlconf)
    except Resolver404:
        return None
    return match if getattr(match.func, "is_public", False) else None

"""How a public page is answered: unchanged, kept, drawn now, or, while no database answers, as it was last kept."""

import hashlib
import logging
from collections.abc import Callable
from functools import lru_cache

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.request import split_domain_port

from comparison.models import Edition
from comparison.models.editions import EditionRow
from comparison.serving.drawing import Drawn, draw_once
from comparison.serving.encodings import accepted_encoding
from comparison.serving.kept_pages import (
    CACHE_CONTROL,
    NO_HEADERS,
    Headers,
    KeptPage,
    is_match,
    kept_page,
    send,
    send_unchanged,
)
from comparison.serving.newest_edition import DatabaseAway, with_newest_edition
from comparison.serving.old_pages import send_old
from comparison.serving.release import release
from comparison.serving.withdrawals import may_still_be_shown
from config.databases.time_limits import PUBLIC_SECONDS, statement_limit
from config.memory import with_room_for_frames
from config.monitoring.database_faults import DATABASE_ERRORS
from config.monitoring.log_formats import safe_path

Draw = Callable[[], HttpResponse]

logger = logging.getLogger(__name__)


def public_answer(request: HttpRequest, draw: Draw) -> HttpResponse:
    """The page in the newest edition; the page as last kept where the database fails."""
    key = _key(request)
    try:
        return with_newest_edition(request, lambda row: _answer(request, key, row, draw))
    except (DatabaseAway, *DATABASE_ERRORS) as error:
        page = None if settings.DEBUG else kept_page(key)
        if page is None or not may_still_be_shown(page):
            raise
        if not isinstance(error, DatabaseAway):
            logger.exception("%s could not be drawn.", safe_path(request))
    _note_source(request, "old")
    return send_old(request, page)


def _key(request: HttpRequest) -> str:
    """Under which the page is kept. The page itself names its edition, so a new one takes the old one's memory."""
    url = f"{request.scheme}://{request.get_host()}{request.get_full_path()}"
    digest = hashlib.sha256(f"{release()} {url}".encode()).hexdigest()
    is_rare = request.META.get("QUERY_STRING") or not _has_usual_host(request)
    return f"rare:{digest}" if is_rare else digest


def _has_usual_host(request: HttpRequest) -> bool:
    """Whether the host is written as browsers write it. Any port and any capitals are allowed, but no page's home."""
    host = request.get_host()
    name, _ = split_domain_port(host)
    return host in (name, f"{name}:{request.get_port()}")


def _answer(request: HttpRequest, key: str, row: EditionRow, draw: Draw) -> HttpResponse:
    def draw_response() -> HttpResponse:
        request.edition = Edition.objects.from_row(row)  # type: ignore[attr-defined]
        with statement_limit(PUBLIC_SECONDS):
            return draw()

    if settings.DEBUG:
        return draw_response()
    return kept_answer(request, key, row) or _drawn_answer(request, key, row, draw_response)


def kept_answer(request: HttpRequest, key: str, row: EditionRow, more: Headers = NO_HEADERS) -> HttpResponse | None:
    """The page if it is kept, or that the client has it; with more headers."""
    token, requested = row.token, request.META.get("HTTP_IF_NONE_MATCH", "")
    etag = _etag(key, token)
    if requested and is_match(requested, etag):
        _note_source(request, "unchanged")
        return send_unchanged(request, etag)
    page = kept_page(key)
    if page is None or page.edition_token != token:
        return None
    _note_source(request, "kept")
    return _send(request, key, page, etag, more)


@with_room_for_frames
def _drawn_answer(request: HttpRequest, key: str, row: EditionRow, draw: Draw) -> HttpResponse:
    accepted = accepted_encoding(request.META.get("HTTP_ACCEPT_ENCODING", ""))

    def draw_page() -> Drawn:
        _note_source(request, "drawn")
        response = draw()
        if response.streaming:  # too long to be kept
            response.headers["ETag"], response.headers["Cache-Control"] = _etag(key, row.token), CACHE_CONTROL
            return response
        return KeptPage.from_response(response, row, accepted) if response.status_code == 200 else response

    _note_source(request, "awaited")  # from another thread or process that draws it
    drawn = draw_once(key, row.token, draw_page)
    if isinstance(drawn, KeptPage):
        return _send(request, key, drawn, _etag(key, row.token), NO_HEADERS)
    return drawn


def _note_source(request: HttpRequest, source: str) -> None:
    """Where the page comes from, for the log."""
    request.page_source = source  # type: ignore[attr-defined]


@lru_cache(maxsize=2000)
def _etag(key: str, token: str) -> str:
    return f'W/"{hashlib.sha256(f"{key} {token}".encode()).hexdigest()[:32]}"'


def _send(request: HttpRequest, key: str, page: KeptPage, etag: str, more: Headers) -> HttpResponse:
    if request.META.get("HTTP_IF_NONE_MATCH", "").strip() == "*":
        return send_unchanged(request, etag)
    return send(request, key, page, etag, more)

"""Draws a page once when several ask for it at the same time, in this process and, with a shared cache, in all."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Event, Lock

from django.core.cache import caches
from django.http import HttpResponse

from comparison.serving.kept_pages import KeptPage, keep_page, kept_page

MAX_WAIT_SECONDS = 10.0  # for another thread or process that draws the page; then it is drawn here too
POLL_SECONDS = 0.05

Drawn = KeptPage | HttpResponse  # what is not kept, such as a redirect, is a response


@dataclass
class Drawing:
    """A page that a thread of this process draws, and that others may take when it has ended."""

    page: KeptPage | None = None
    ended: Event = field(default_factory=Event)


_lock = Lock()
_running: dict[tuple[str, str], Drawing] = {}


def draw_once(key: str, token: str, draw: Callable[[], Drawn]) -> Drawn:
    """The page of this edition, drawn here unless another draws it. Nobody waits for a drawing that failed."""
    mine = Drawing()
    with _lock:
        drawing = _running.setdefault((key, token), mine)
    if drawing is not mine:
        drawing.ended.wait(MAX_WAIT_SECONDS)
        return drawing.page or draw()
    try:
        drawn = _newest(key, token) or _draw_once_in_all_processes(key, token, draw)
        mine.page = drawn if isinstance(drawn, KeptPage) else None
        return drawn
    finally:
        with _lock:
            del _running[key, token]
        mine.ended.set()


def _newest(key: str, token: str) -> KeptPage | None:
    page = kept_page(key)
    return page if page is not None and page.edition_token == token else None


def _draw_once_in_all_processes(key: str, token: str, draw: Callable[[], Drawn]) -> Drawn:
    cache = caches["default"]
    is_shared: bool = cache.is_shared  # type: ignore[attr-defined]
    lock_key = f"{key}:{token}:drawing"
    if is_shared and not cache.add(lock_key, 1, MAX_WAIT_SECONDS) and (page := _awaited(key, token, lock_key)):
        return page
    try:
        drawn = draw()
        if isinstance(drawn, KeptPage):
            keep_page(key, drawn)
        return drawn
    finally:
        if is_shared:
            cache.delete(lock_key)


def _awaited(key: str, token: str, lock_key: str) -> KeptPage | None:
    """The page that another process draws; None if it fails or takes too long."""
    ends_at = time.monotonic() + MAX_WAIT_SECONDS
    while time.monotonic() < ends_at:
        is_drawing = caches["default"].get(lock_key) is not None
        if page := _newest(key, token):
            return page
        if not is_drawing:
            return None
        time.sleep(POLL_SECONDS)
    return None

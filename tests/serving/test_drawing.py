"""After an edition a page is drawn once, however many ask for it."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Event, Lock

import pytest
from django.core.cache import cache
from django.http import Http404, HttpResponse

from comparison.models.editions import EditionRow
from comparison.serving import drawing
from comparison.serving.kept_pages import KeptPage, keep_page

THREADS = 8
PAGE = KeptPage.from_response(HttpResponse("page"), EditionRow(1, None, "token", ""))


class Counted:
    """A drawing that counts its calls and ends when it is told to."""

    def __init__(self, result: Callable[[], object]) -> None:
        self.calls, self.started, self.may_end = 0, Event(), Event()
        self._result, self._lock = result, Lock()

    def __call__(self) -> object:
        with self._lock:
            self.calls += 1
        self.started.set()
        assert self.may_end.wait(5)
        return self._result()


@pytest.fixture
def pool() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(THREADS) as threads:
        yield threads


def asked_at_once(pool: ThreadPoolExecutor, draw: Counted) -> list[object]:
    """What threads get that all ask while the first of them draws."""
    first = pool.submit(drawing.draw_once, "key", "token", draw)
    assert draw.started.wait(5)
    everyone = Barrier(THREADS, timeout=5)

    def ask() -> object:
        everyone.wait()
        return drawing.draw_once("key", "token", draw)

    others = [pool.submit(ask) for _ in range(THREADS - 1)]
    everyone.wait()
    draw.may_end.set()
    return [future.exception(5) or future.result(5) for future in (first, *others)]


def test_many_who_ask_at_once_share_one_drawing(pool) -> None:
    draw = Counted(lambda: PAGE)
    assert asked_at_once(pool, draw) == [PAGE] * THREADS
    assert draw.calls == 1


def test_nobody_waits_for_a_drawing_that_failed(pool) -> None:
    def fail() -> None:
        raise Http404("nothing")

    answers = asked_at_once(pool, Counted(fail))
    assert [type(answer) for answer in answers] == [Http404] * THREADS
    assert drawing.draw_once("key", "token", lambda: PAGE) == PAGE


def test_a_response_that_is_not_kept_is_shared_with_nobody(pool) -> None:
    answers = asked_at_once(pool, Counted(lambda: HttpResponse(status=302)))
    assert len({id(answer) for answer in answers}) == THREADS


def test_waiting_ends_and_the_page_is_drawn_here(pool, monkeypatch) -> None:
    monkeypatch.setattr(drawing, "MAX_WAIT_SECONDS", 0.01)
    slow = Counted(lambda: PAGE)
    first = pool.submit(drawing.draw_once, "key", "token", slow)
    assert slow.started.wait(5)
    assert drawing.draw_once("key", "token", lambda: "drawn here") == "drawn here"
    slow.may_end.set()
    assert first.result(5) == PAGE


def test_another_edition_is_not_waited_for(pool) -> None:
    slow = Counted(lambda: PAGE)
    first = pool.submit(drawing.draw_once, "key", "token", slow)
    assert slow.started.wait(5)
    assert drawing.draw_once("key", "newer", lambda: "newer") == "newer"
    slow.may_end.set()
    assert first.result(5) == PAGE


class TestProcesses:
    """Processes with one cache, played by a cache that says it is shared and a lock held by another."""

    @pytest.fixture(autouse=True)
    def _shared(self, monkeypatch):
        monkeypatch.setattr("config.caches.memory_cache.MemoryCache.is_shared", True)

    def test_the_page_of_the_other_process_is_taken(self, monkeypatch) -> None:
        cache.add("key:token:drawing", 1)
        monkeypatch.setattr(drawing.time, "sleep", lambda _: keep_page("key", PAGE))
        assert drawing.draw_once("key", "token", lambda: "drawn here") == PAGE

    def test_a_drawing_that_failed_there_is_made_here(self, monkeypatch) -> None:
        cache.add("key:token:drawing", 1)
        monkeypatch.setattr(drawing.time, "sleep", lambda _: cache.delete("key:token:drawing"))
        assert drawing.draw_once("key", "token", lambda: "drawn here") == "drawn here"

    def test_a_process_that_was_killed_is_not_waited_for(self, monkeypatch) -> None:
        cache.add("key:token:drawing", 1)
        monkeypatch.setattr(drawing, "MAX_WAIT_SECONDS", 0.01)
        assert drawing.draw_once("key", "token", lambda: "drawn here") == "drawn here"

    @pytest.mark.parametrize("error", [None, Http404("nothing")])
    def test_the_lock_is_given_back(self, error) -> None:
        def draw() -> KeptPage:
            if error:
                raise error
            return PAGE

        try:
            drawing.draw_once("key", "token", draw)
        except Http404:
            assert error
        assert cache.get("key:token:drawing") is None

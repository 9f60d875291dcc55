"""Room for frames: loops of calls do not ask the system for memory in each round."""

import sys
from concurrent.futures import ThreadPoolExecutor
from resource import RUSAGE_SELF, getrusage

import pytest
from django.test import RequestFactory

from comparison.serving import answer, middleware
from config.memory import ROOM, with_room_for_frames

CALLS = 1000
DEPTHS = range(300)
PIECE = 2**11  # words, in which CPython asks for memory


def call_deep(depth: int) -> int:
    """Page faults of so many calls of a function, below as many other calls as given."""
    if depth:
        return call_deep(depth - 1)
    before = getrusage(RUSAGE_SELF).ru_minflt
    for _ in range(CALLS):
        larger_than_its_caller()
    return getrusage(RUSAGE_SELF).ru_minflt - before


def larger_than_its_caller() -> None:
    a = b = c = d = e = f = g = h = i = j = k = m = n = 1  # noqa: F841


def most_faults(call) -> int:
    return max(map(call, DEPTHS))


def test_no_depth_asks_for_memory_in_each_round() -> None:
    """In a thread, since the tests have room. Without it those at which a piece ends do (CPython 3.11)."""
    with ThreadPoolExecutor(1) as thread:
        assert thread.submit(most_faults, with_room_for_frames(call_deep)).result() < CALLS / 2


def test_arguments_results_errors_and_names_stay() -> None:
    @with_room_for_frames
    def divide(number: int, by: int = 2) -> float:
        return number / by

    assert (divide(3), divide(3, by=3), divide.__name__) == (1.5, 1, "divide")
    with pytest.raises(ZeroDivisionError):
        divide(1, 0)


def test_pages_that_are_drawn_and_those_of_curators_have_room() -> None:
    assert answer._drawn_answer.__code__.co_stacksize == ROOM > PIECE
    answered_from = []
    respond = middleware.public_pages_first(lambda request: answered_from.append(sys._getframe(1)))
    respond(RequestFactory().get("/admin/"))
    assert answered_from[0].f_code.co_stacksize == ROOM

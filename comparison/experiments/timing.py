"""CPU time and time on the clock of one call, from many calls in a row. Standard library alone, like `spec`."""

import gc
import time
from collections.abc import Callable

from comparison.experiments.spec import Reading

WARM_UP_CALLS = 50
MIN_SECONDS = 0.25  # of CPU time that a reading lasts


def per_call(repeat: Callable[[int], object], seconds: float = MIN_SECONDS) -> Reading:
    """Milliseconds per call of what `repeat(times)` does so many times."""
    repeat(WARM_UP_CALLS)
    times = _enough_calls(repeat, seconds)
    gc.collect()
    cpu, wall = time.process_time(), time.perf_counter()
    repeat(times)
    cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
    return Reading(1000 * cpu / times, 1000 * wall / times)


def _enough_calls(repeat: Callable[[int], object], seconds: float) -> int:
    """How many calls take about so long, from a short trial."""
    times, spent = 10, 0.0
    while spent < seconds / 10:
        times *= 2
        start = time.process_time()
        repeat(times)
        spent = time.process_time() - start
    return max(1, round(times * seconds / spent))

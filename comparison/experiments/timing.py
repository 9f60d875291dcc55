"""CPU time and time on the clock of one call, from many calls in a row. Standard library alone, like `spec`.

Machines that others use too change their speed from one second to the next, which would pass for a difference of
frameworks. So a fixed piece of plain Python, the yardstick, is timed before and after whatever is timed: times are
given as they would be if the yardstick took as long as at the machine's fastest.
"""

import gc
import os
import time
from collections.abc import Callable
from dataclasses import replace

from comparison.experiments.spec import Reading

WARM_UP_CALLS = 50
MIN_SECONDS = 0.25  # of CPU time that a reading lasts
BATCHES = 10  # of calls in a reading, with the yardstick between them
FULL_SPEED = "YARDSTICK_SECONDS"  # variable that tells readings how long the yardstick takes at the machine's fastest
FULL_SPEED_SECONDS = 2.0  # of CPU time in which the fastest is found


def per_call(repeat: Callable[[int], object], seconds: float = MIN_SECONDS) -> Reading:
    """Milliseconds per call of what `repeat(times)` does so many times."""
    repeat(WARM_UP_CALLS)
    times = _enough_calls(repeat, seconds / BATCHES)
    gc.collect()
    full_speed = known_full_speed()
    total_cpu = total_wall = 0.0
    before = yardstick()
    for _ in range(BATCHES):
        cpu, wall = time.process_time(), time.perf_counter()
        repeat(times)
        cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
        after = yardstick()
        slowness = (before + after) / 2 / full_speed
        total_cpu, total_wall, before = total_cpu + cpu / slowness, total_wall + wall / slowness, after
    calls = BATCHES * times
    return Reading(1000 * total_cpu / calls, 1000 * total_wall / calls)


def yardstick() -> float:
    """CPU seconds that a fixed piece of plain Python takes now: numbers, texts and a dictionary, some milliseconds."""
    start, total, texts = time.process_time(), 0, {}
    for number in range(10_000):
        total += number * number % 7
        texts[number % 100] = str(total)
    return time.process_time() - start


def at_full_speed(measure: Callable[[], Reading]) -> Reading:
    """What `measure` finds at once, between two looks at the yardstick."""
    before = slowness()
    reading = measure()
    factor = (before + slowness()) / 2
    return replace(reading, value=reading.value / factor, wall=reading.wall and reading.wall / factor)


def slowness() -> float:
    """How many times as long as at the machine's fastest plain Python takes now."""
    return min(yardstick() for _ in range(3)) / known_full_speed()


def fastest_yardstick() -> float:
    """CPU seconds of the yardstick at the machine's fastest, from many tries."""
    end = time.process_time() + FULL_SPEED_SECONDS
    fastest = yardstick()
    while time.process_time() < end:
        fastest = min(fastest, yardstick())
    return fastest


def known_full_speed() -> float:
    """What the run found out before its first reading; outside a run nothing is known, and times stay as they are."""
    return float(os.environ.get(FULL_SPEED, "0")) or yardstick()


def _enough_calls(repeat: Callable[[int], object], seconds: float) -> int:
    """How many calls take about so long, from a short trial."""
    times, spent = 10, 0.0
    while spent < seconds / 2:
        times *= 2
        start = time.process_time()
        repeat(times)
        spent = time.process_time() - start
    return max(1, round(times * seconds / spent))

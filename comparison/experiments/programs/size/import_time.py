"""How long a new process needs until it has the smallest application."""

import shutil
import subprocess
import sys

from comparison.experiments import timing
from comparison.experiments.spec import Experiment, Failure, Job, Reading

PROGRAM = """
import sys, time
sys.path.insert(0, sys.argv[1])
cpu, wall = time.process_time(), time.perf_counter()
import one_route
print(time.process_time() - cpu, time.perf_counter() - wall)
"""

EXPERIMENT = Experiment(
    slug="import-time",
    title="Time to load",
    question="How long does a new process take to load the framework and make the smallest application?",
    method=(
        "A new Python process imports a module that holds the smallest application. CPU time is counted from before "
        "the import until the application is made; the start of Python itself is not. Bytecode is there already, as "
        "at every start but the first. What a framework loads only when it answers the first request is not counted."
    ),
    group="size",
    variants=("smallest application",),
    unit="ms",
    feeds={"import-time": "smallest application"},
    statement="Takes {value} ms of CPU time to load and to make the smallest application ({spread})",
)


def take(job: Job) -> Reading:
    shutil.copy(job.files("one_route.py"), job.folder)
    _load(job)  # writes the bytecode
    return timing.at_full_speed(lambda: _measured(job))


def _measured(job: Job) -> Reading:
    cpu, wall = (1000 * float(seconds) for seconds in _load(job).split())
    return Reading(cpu, wall)


def _load(job: Job) -> str:
    command = [sys.executable, "-I", "-c", PROGRAM, str(job.folder)]
    process = subprocess.run(command, capture_output=True, text=True, check=False)
    if process.returncode:
        raise Failure(f"cannot be imported: {process.stderr.strip().splitlines()[-1]}")
    return process.stdout

"""How passwords are stored."""

import time

from comparison.experiments import box
from comparison.experiments.box import Absent, Check, Deed, expect
from comparison.experiments.spec import Experiment, Finding, Job

PASSWORD = "correct horse"  # noqa: S105 - nobody's
MIN_SECONDS = 0.01

EXPERIMENT = Experiment(
    slug="password-hash",
    title="Attack: stolen passwords",
    question="Are passwords stored as slow, salted hashes?",
    method=(
        "The function of the clean installation that prepares a password for storing is called twice with the same "
        "password: the results must differ (salt), not hold the password, be checked by the function for that, and "
        "take at least 10 ms each (slow to guess)."
    ),
    group="attack",
    variants=("new project",),
    feeds={"password-hashing": "new project"},
    statement="The function for storing passwords {detail}",
    exact=True,
)


def take(job: Job) -> Finding:
    return box.examine(job, "attack", PARTS)


def store(job: Job, deed: Deed) -> str:
    """The deed gives two functions: one makes a hash, the other checks a hash and a password in this order."""
    make, check = deed()
    start = time.perf_counter()
    first, second = make(PASSWORD), make(PASSWORD)
    seconds = (time.perf_counter() - start) / 2
    expect(check(first, PASSWORD) and not check(first, "wrong"), "the check is wrong")
    if first == second or PASSWORD in first or seconds < MIN_SECONDS:
        raise Absent("the hash is fast or not salted")
    kind = " ".join(first.replace("$", " ").split()[:1])
    return f"made a salted hash ({kind}) in {1000 * seconds:.0f} ms"


PARTS: dict[str, Check] = {"hashing": store}

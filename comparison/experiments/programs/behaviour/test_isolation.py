"""Whether tests disturb each other and the real database."""

from comparison.experiments import box
from comparison.experiments.box import Check, Deed, expect
from comparison.experiments.spec import Experiment, Finding, Job

EXPERIMENT = Experiment(
    slug="test-isolation",
    title="Tests with a database",
    question="Does a clean installation keep tests away from each other and from the real database?",
    method=(
        "In a new project two tests each add a row and expect to find no other one. They are run with the "
        "framework’s own command. Both must pass, and the project’s own database must hold no row afterwards."
    ),
    group="behaviour",
    variants=("clean install",),
    feeds={"database-testing": "clean install"},
    statement="A clean installation {detail}",
    exact=True,
)


def take(job: Job) -> Finding:
    return box.examine(job, "behaviour", PARTS)


def keep_apart(job: Job, deed: Deed) -> str:
    """The deed runs the tests and returns how many passed, and the number of rows in the project's own database."""
    passed, rows = deed(job.folder)
    expect(passed == 2, f"{passed} of 2 tests passed")
    expect(rows == 0, f"the real database holds {rows} rows of the tests")
    return "gave each test an empty database of its own"


PARTS: dict[str, Check] = {"isolated_tests": keep_apart}

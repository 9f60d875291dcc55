"""TechEmpower’s test “multiple queries”."""

from functools import partial

from comparison.experiments.measuring import Request, timed
from comparison.experiments.spec import Experiment, Job, Reading
from comparison.experiments.techempower import check_worlds, prepare_database

EXPERIMENT = Experiment(
    slug="twenty-queries",
    title="Twenty queries",
    question="How much CPU time does an answer with twenty rows, each read by a query of its own, take?",
    method=(
        "Twenty rows of 10,000, chosen at random, are read one by one and sent as JSON, as in TechEmpower’s test "
        "“multiple queries” with twenty. "
        "The application is called in its own process, without a server, many times in a row; the CPU time is divided "
        "by the number of calls. The answer is checked before and after. "
        "The database is a SQLite file with TechEmpower’s tables, and its connection is kept from one request to the "
        "next. Mapper: objects of the framework’s own mapper or of the one that most of its users take. Raw: SQL by "
        "hand, through the framework’s own connection or Python’s sqlite3. No middleware that can be left out. "
        "Asynchronous frameworks run the mapper in a thread. "
        "The claim takes the mapper, because most applications have one. "
        "An application would read them at once; this test shows "
        "what one query costs."
    ),
    group="speed",
    unit="ms",
    variants=("mapper", "raw"),
    environments={"mapper": "mapper"},
    feeds={"cpu-twenty-queries": "mapper"},
    statement="Takes {value} {unit} of CPU time for twenty rows, read one by one, by {detail} ({spread})",
)


def take(job: Job) -> Reading:
    prepare_database(job.folder)
    check = partial(check_worlds, folder=job.folder, count=20)
    return timed(job, job.variant, Request("/queries?queries=20"), check)

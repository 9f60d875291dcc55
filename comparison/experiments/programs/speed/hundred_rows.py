"""A list from a database."""

from functools import partial

from comparison.experiments.measuring import Request, timed
from comparison.experiments.spec import Experiment, Job, Reading
from comparison.experiments.techempower import HUNDRED, check_first_worlds, prepare_database

EXPERIMENT = Experiment(
    slug="hundred-rows",
    title="A hundred rows at once",
    question="How much CPU time does an answer with a hundred rows, read by one query, take?",
    method=(
        "The first hundred rows of a table with two columns are read by one query and sent as JSON. "
        "The application is called in its own process, without a server, many times in a row; the CPU time is divided "
        "by the number of calls. The answer is checked before and after. "
        "The database is a SQLite file with TechEmpower’s tables, and its connection is kept from one request to the "
        "next. Mapper: objects of the framework’s own mapper or of the one that most of its users take. Raw: SQL by "
        "hand, through the framework’s own connection or Python’s sqlite3. No middleware that can be left out. "
        "Asynchronous frameworks run the mapper in a thread. "
        "The claim takes the mapper, because most applications have one. "
        "No public benchmark has this test, yet it is what a list "
        "page of a site does. Wider rows would cost more."
    ),
    group="speed",
    unit="ms",
    variants=("mapper", "raw"),
    environments={"mapper": "mapper"},
    feeds={"cpu-hundred-rows": "mapper"},
    statement="Takes {value} {unit} of CPU time for an answer with a hundred rows, by {detail} ({spread})",
)


def take(job: Job) -> Reading:
    prepare_database(job.folder)
    check = partial(check_first_worlds, folder=job.folder, count=HUNDRED)
    return timed(job, job.variant, Request("/rows"), check)

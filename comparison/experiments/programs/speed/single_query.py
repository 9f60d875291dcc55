"""TechEmpower’s test “single query”."""

from functools import partial

from comparison.experiments.measuring import Request, timed
from comparison.experiments.spec import Experiment, Job, Reading
from comparison.experiments.techempower import check_world, prepare_database

EXPERIMENT = Experiment(
    slug="single-query",
    title="One row from a database",
    question="How much CPU time does an answer with one row from a database take?",
    method=(
        "One row of 10,000, chosen at random, is read and sent as JSON, as in TechEmpower’s test “single query”. "
        "The application is called in its own process, without a server, many times in a row; the CPU time is divided "
        "by the number of calls. The answer is checked before and after. "
        "The database is a SQLite file with TechEmpower’s tables, and its connection is kept from one request to the "
        "next. Mapper: objects of the framework’s own mapper or of the one that most of its users take. Raw: SQL by "
        "hand, through the framework’s own connection or Python’s sqlite3. No middleware that can be left out. "
        "Asynchronous frameworks run the mapper in a thread. "
        "The claim takes the mapper, because most applications have one. "
        "A database server would add time that is the same for "
        "every framework; how many requests wait for it at once is not seen here."
    ),
    group="speed",
    unit="ms",
    variants=("mapper", "raw"),
    environments={"mapper": "mapper"},
    feeds={"cpu-single-query": "mapper"},
    statement="Takes {value} {unit} of CPU time for an answer with one row from a database, by {detail} ({spread})",
)


def take(job: Job) -> Reading:
    prepare_database(job.folder)
    return timed(job, job.variant, Request("/db"), partial(check_world, folder=job.folder))

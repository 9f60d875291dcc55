"""TechEmpower’s test “fortunes”."""

from comparison.experiments.measuring import Request, timed
from comparison.experiments.spec import EXTRAS, Experiment, Job, Reading
from comparison.experiments.techempower import check_fortunes, prepare_database

EXPERIMENT = Experiment(
    slug="fortunes",
    title="A page from a database",
    question="How much CPU time does a page made from a small table and a template take?",
    method=(
        "Twelve sayings are read, a thirteenth is added, all are sorted and drawn by the framework’s own template "
        "engine, the one that comes along with it, the one that its documentation names, or else Jinja2, with markup "
        "escaped, as in TechEmpower’s test “fortunes”. "
        "The application is called in its own process, without a server, many times in a row; the CPU time is divided "
        "by the number of calls. The answer is checked before and after. "
        "The database is a SQLite file with TechEmpower’s tables, and its connection is kept from one request to the "
        "next. Mapper: objects of the framework’s own mapper or of the one that most of its users take. Raw: SQL by "
        "hand, through the framework’s own connection or Python’s sqlite3. No middleware that can be left out. "
        "Asynchronous frameworks run the mapper in a thread. "
        "The claim takes the mapper, because most applications have one. "
        "The page is small: a template of many rows is another "
        "experiment."
    ),
    group="speed",
    unit="ms",
    variants=("mapper", "raw"),
    environments={"mapper": "mapper", "raw": EXTRAS},
    feeds={"cpu-fortunes": "mapper"},
    statement="Takes {value} {unit} of CPU time for a page from a database, by {detail} ({spread})",
)


def take(job: Job) -> Reading:
    prepare_database(job.folder)
    return timed(job, job.variant, Request("/fortunes"), check_fortunes)

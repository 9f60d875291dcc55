"""A long page from a template, without a database."""

from comparison.experiments.measuring import Request, timed
from comparison.experiments.spec import Experiment, Job, Reading
from comparison.experiments.techempower import check_large_table

MODULES = {"own template engine": "own_engine", "with Jinja2": "jinja_engine"}

EXPERIMENT = Experiment(
    slug="large-template",
    title="A page of 1,000 rows",
    question="How much CPU time does it take to draw a table of 1,000 rows by a template?",
    method=(
        "A template draws 1,000 rows of five cells from dictionaries in memory: four values, some of which must be "
        "escaped, and a condition. "
        "The application is called in its own process, without a server, many times in a row; the CPU time is divided "
        "by the number of calls. The answer is checked before and after. "
        "Own template engine: the one that the framework has or installs along with it, at its default settings. "
        "With Jinja2: the same page by the framework’s own support for that engine, where its own is another. The "
        "claim takes the own template engine. Such pages are long: on short ones the engine matters little."
    ),
    group="speed",
    unit="ms",
    variants=tuple(MODULES),
    environments={"with Jinja2": "jinja"},
    feeds={"cpu-large-template": "own template engine"},
    statement="Takes {value} {unit} of CPU time for a table of 1,000 rows, by {detail} ({spread})",
)


def take(job: Job) -> Reading:
    return timed(job, MODULES[job.variant], Request("/table"), check_large_table)

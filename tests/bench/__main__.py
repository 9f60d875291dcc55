"""Measures the site against its own plainest page and against nginx, in one run: `make bench`. Ratios are what counts.

It prepares what it needs in a folder of its own, stops with a sentence if a page does not answer as it must, prints a
table and writes var/bench/DATE.json. BENCH_CLAIMS=1000000 and BENCH_FRAMEWORKS=50 measure larger sizes, which takes
long; BENCH_DATABASE_URL says where to store them; `make bench ONLY=http` measures the first part alone.
"""

import os
import sys
from datetime import date
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory

FOLDER = TemporaryDirectory()
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
os.environ["DATABASE_URL"] = os.environ.get("BENCH_DATABASE_URL") or f"sqlite:///{FOLDER.name}/bench.sqlite3"
os.environ["BENCH_STATIC_ROOT"], os.environ["BENCH_LOG"] = f"{FOLDER.name}/static", f"{FOLDER.name}/log"

import django  # noqa: E402

django.setup()

import logging  # noqa: E402

from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.test import Client, override_settings  # noqa: E402

from config.memory import spare_what_stays  # noqa: E402
from tests.bench.articles import measure_articles  # noqa: E402
from tests.bench.asking import NotMeasured  # noqa: E402
from tests.bench.growth import measure_growth, measure_tables  # noqa: E402
from tests.bench.over_http import measure_http  # noqa: E402
from tests.bench.recommendations import measure_recommendations  # noqa: E402
from tests.bench.results import Report  # noqa: E402

RESULTS = Path(os.environ.get("BENCH_RESULTS") or settings.BASE_DIR / "var" / "bench" / f"{date.today()}.json")


@override_settings(STATIC_ROOT=Path(os.environ["BENCH_STATIC_ROOT"]), ALLOWED_HOSTS=["*"], DEBUG=False)
def main(only: str) -> None:
    logging.getLogger("crosscheck").setLevel(logging.WARNING)  # of this process; gunicorn logs each request
    call_command("collectstatic", interactive=False, verbosity=0)
    call_command("migrate", verbosity=0)
    call_command("load_catalogue", stdout=StringIO())
    spare_what_stays()  # as gunicorn does
    report, client = Report(), Client()
    measure_http(report)
    if only != "http":
        measure_articles(report)  # beside the shipped catalogue alone, from which proposals learn
        measure_recommendations(report)
        spare_what_stays()  # no worker of the site holds what was measured so far
        table = measure_tables(report, client)
        measure_growth(report, client, table)
    report.write(RESULTS)
    print(f"\nWritten to {RESULTS}")


if __name__ == "__main__":
    try:
        main(os.environ.get("ONLY", ""))
    except NotMeasured as problem:
        sys.exit(str(problem))

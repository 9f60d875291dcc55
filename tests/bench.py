"""Measures the site against its own plainest page, in one run: `make bench`. Medians; the ratios are what counts.

Budgets: a warm page serves at least 0.7 times the requests of a plain page of the same size; a cold table of 10
frameworks and 100 criteria takes at most 300 ms; claims at 100,000 claims take at most 150 ms a page.
"""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from http.client import HTTPConnection
from io import StringIO
from itertools import count
from pathlib import Path
from socket import socket
from statistics import median
from tempfile import TemporaryDirectory

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))
FOLDER = TemporaryDirectory()
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
os.environ["DATABASE_URL"] = os.environ.get("BENCH_DATABASE_URL") or f"sqlite:///{FOLDER.name}/bench.sqlite3"

import django  # noqa: E402

django.setup()

from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import Client, override_settings  # noqa: E402

from comparison.evidence import SourceKind  # noqa: E402
from comparison.models import Claim, ClaimState, Criterion, Edition, Framework, Source  # noqa: E402
from comparison.recommend import Weights, recommend  # noqa: E402
from comparison.recommendation.load import load_evidence  # noqa: E402
from comparison.sensitivity import Sensitivity  # noqa: E402
from tests.make import VALUES, fill, make_criterion, make_framework, make_source  # noqa: E402

CLAIMS = int(os.environ.get("BENCH_CLAIMS", "100000"))
ROUNDS = 15
fresh = count(1)
line = "{:46} {:9.1f} ms   {}".format


def timed(action: Callable[[], object], rounds: int = ROUNDS) -> float:
    """Median milliseconds of a call, after one that is not counted."""
    action()
    taken = []
    for _ in range(rounds):
        start = time.perf_counter()
        action()
        taken.append((time.perf_counter() - start) * 1000)
    return median(taken)


def cold(client: Client, address: str) -> Callable[[], object]:
    """Asks for an address that no cache has seen, by a parameter the site ignores."""
    mark = "&" if "?" in address else "?"
    return lambda: client.get(f"{address}{mark}fresh={next(fresh)}").content


@contextmanager
def served() -> Iterator[HTTPConnection]:
    """The site behind gunicorn with one worker, as `make run` starts it, and a connection to it."""
    with socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    options = ["--worker-class", "gthread", "--threads", "4", "--no-control-socket", "--log-level", "warning"]
    server = subprocess.Popen(
        [sys.executable, "-m", "gunicorn", "tests.bench_wsgi", "--bind", f"127.0.0.1:{port}", *options], cwd=ROOT
    )
    connection = HTTPConnection("127.0.0.1", port)
    try:
        for _ in range(100):
            with suppress(ConnectionRefusedError):
                connection.connect()
                break
            time.sleep(0.1)
        yield connection
    finally:
        connection.close()
        server.terminate()
        server.wait()


def asked(connection: HTTPConnection, address: str) -> Callable[[], object]:
    def ask() -> bytes:
        connection.request("GET", address)
        return connection.getresponse().read()

    return ask


def warm_pages(table: str) -> None:
    """A page that is kept beside a plain one of its size, by turns, over HTTP."""
    with served() as connection:
        size = len(asked(connection, table)())
        plain, warm = [], []
        for _ in range(10):
            plain.append(timed(asked(connection, f"/plain/{size}"), 100))
            warm.append(timed(asked(connection, table), 100))
    print(line(f"plain page of {size:,} bytes, over HTTP", median(plain), ""))
    ratio = f"{median(plain) / median(warm):.2f} × the plain page's requests/s (≥ 0.7)"
    print(line("2 × 67 table, warm, over HTTP", median(warm), ratio))


def crowd(claims: int) -> None:
    """Claims on fifty frameworks by two hundred sources, in words that differ."""
    frameworks = [make_framework() for _ in range(50)]
    criteria = [make_criterion("rating") for _ in range(40)]
    sources = [make_source(kind=list(SourceKind)[one % 4].value) for one in range(200)]
    words = ["quick", "slow", "large", "small", "plain", "rich", "steady", "new", "typed", "tested"]
    made = (
        Claim(
            framework=frameworks[number % 50],
            criterion=criteria[number // 50 % 40],
            source=sources[number // 2000 % 200],
            statement=f"{words[number % 10]} and {words[number // 10 % 10]}, says passage {number}",
            start=number,
            end=number + 5,
            state=ClaimState.PUBLISHED.value,
            **VALUES["rating"] | {"level": number % 5 - 2},
        )
        for number in range(claims)
    )
    Claim.objects.bulk_create(made, batch_size=5000)
    Edition.objects.publish("crowded")
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def advise(frameworks: list[Framework]) -> None:
    """All that a recommendation is worked out from, queries included; whatever these frameworks have is weighed."""
    matrix = load_evidence(frameworks).matrix
    spoken = {slug: 1 + place % 3 for place, slug in enumerate(sorted({slug for _, slug in matrix.evidence}))}
    change = Sensitivity(recommend(matrix, Weights(spoken)))
    change.weight_firmness(), change.article_firmness()
    change.weight_flips(), change.source_flips(), change.unknown_flips()


@override_settings(ALLOWED_HOSTS=["*"])
def main() -> None:
    call_command("migrate", verbosity=0)
    call_command("load_catalogue", stdout=StringIO())
    settings.STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
    client = Client()
    table = "/compare/django-vs-flask/"
    warm_pages(table)
    print(line("2 × 67 table, cold", timed(cold(client, table)), ""))
    ten = "-vs-".join(sorted(one.slug for one in fill(10, 100)))
    few = timed(cold(client, f"/compare/{ten}/"))
    print(line("10 × 100 table, cold", few, "(≤ 300)"))
    for frameworks, criteria, limit in ((2, 45, 20), (50, 100, 150)):
        loaded = fill(frameworks, criteria)
        taken = timed(partial(advise, loaded), 5)
        print(line(f"recommendation, {frameworks} × {criteria}, with firmness", taken, f"(≤ {limit})"))
    crowd(CLAIMS)
    many = timed(cold(client, f"/compare/{ten}/"))
    print(line(f"the same beside {CLAIMS:,} claims", many, f"{many / few:.2f} × (≤ 1.5)"))
    one, asked = Framework.objects.latest("pk"), Criterion.objects.latest("pk")
    for name, address in (
        ("claims, first page", "/claims/"),
        ("claims, filtered", f"/claims/?framework={one.slug}&criterion={asked.slug}&side=for"),
        ("claims, by text", "/claims/?q=steady+tested"),
        ("claims, a rare text", f"/claims/?q=passage+{CLAIMS - 1}"),
        ("search, a common word", "/search/?q=steady"),
        ("search, nothing found", "/search/?q=xyzzy"),
        ("disputes", "/disputes/"),
        ("one source", f"/sources/{Source.objects.latest('pk').slug}/"),
    ):
        print(line(name, timed(cold(client, address)), "(≤ 150)"))


if __name__ == "__main__":
    main()

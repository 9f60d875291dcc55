"""Measures the site against its own plainest page, in one run: `make bench`. Medians; the ratios are what counts.

It prepares what it needs in a folder of its own, and stops with a sentence if a page it measures does not answer 200.
BENCH_CLAIMS changes how many claims stand beside the table, BENCH_DATABASE_URL where they are stored.
"""

import os
import sys
from functools import partial
from gzip import compress
from io import StringIO
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

FOLDER = TemporaryDirectory()
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
os.environ["DATABASE_URL"] = os.environ.get("BENCH_DATABASE_URL") or f"sqlite:///{FOLDER.name}/bench.sqlite3"
os.environ["BENCH_STATIC_ROOT"] = f"{FOLDER.name}/static"

import django  # noqa: E402

django.setup()

from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.test import Client, override_settings  # noqa: E402

from comparison.models import Criterion, Framework, Source  # noqa: E402
from comparison.recommend import DecisionMatrix, Weights, recommend  # noqa: E402
from comparison.recommendation.load import load_evidence  # noqa: E402
from comparison.sensitivity import Sensitivity  # noqa: E402
from tests.bench.asking import NotMeasured, fetch, served, timed, timed_cold  # noqa: E402
from tests.bench.data import crowd, spoken_matrix  # noqa: E402
from tests.make import fill  # noqa: E402

CLAIMS = int(os.environ.get("BENCH_CLAIMS", "100000"))
TABLE = "/compare/django-vs-flask/"
line = "{:46} {:9.1f} ms   {}".format


def warm_pages() -> None:
    """A kept page, and the answer that it has not changed, beside a plain page of its size, by turns, over HTTP."""
    with served() as connection:
        body, etag = fetch(connection, TABLE)
        plain_url = f"/plain/{len(body)}"
        plain, warm, unchanged = [], [], []
        for _ in range(10):
            plain.append(timed(partial(fetch, connection, plain_url), 100))
            warm.append(timed(partial(fetch, connection, TABLE), 100))
            unchanged.append(timed(partial(fetch, connection, TABLE, 304, If_None_Match=etag), 100))
    print(line(f"plain page of {len(body):,} bytes, over HTTP", median(plain), ""))
    for name, samples, target in (("warm", warm, 0.9), ("unchanged (304)", unchanged, 1.2)):
        ratio = f"{median(plain) / median(samples):.2f} × the plain page's requests/s (≥ {target})"
        print(line(f"two-framework table, {name}, over HTTP", median(samples), ratio))
    print(f"two-framework table, compressed: {len(compress(body)):,} bytes (≤ 20,000)")


def all_weights(matrix: DecisionMatrix) -> Weights:
    """A weight on every criterion with evidence."""
    slugs = sorted({slug for _, slug in matrix.evidence})
    return Weights({slug: 1 + index % 3 for index, slug in enumerate(slugs)})


def answer(frameworks: list[Framework]) -> None:
    """All that a recommendation is worked out from, queries included."""
    matrix = load_evidence(frameworks).matrix
    sensitivity = Sensitivity(recommend(matrix, all_weights(matrix)))
    sensitivity.weight_firmness(), sensitivity.article_firmness()
    sensitivity.weight_flips(), sensitivity.source_flips(), sensitivity.unknown_flips()


def time_sensitivities(matrix: DecisionMatrix) -> float:
    """Median milliseconds of ranking and both sensitivities, with the evidence at hand."""
    weights, _ = all_weights(matrix), matrix.values

    def measure() -> None:
        sensitivity = Sensitivity(recommend(matrix, weights))
        sensitivity.weight_firmness(), sensitivity.article_firmness()

    return timed(measure, 5)


def recommendations() -> None:
    for frameworks, criteria, limit in ((2, 45, 20), (50, 100, 100)):
        filled = fill(frameworks, criteria, sources=9)  # three of them articles
        size = f"recommendation, {frameworks} × {criteria}"
        milliseconds = time_sensitivities(load_evidence(filled).matrix)
        print(line(f"{size}, both sensitivities", milliseconds, f"(≤ {limit})"))
        print(line(f"{size}, with queries and changes", timed(partial(answer, filled), 5), ""))
    for articles in (4, 8, 12):
        milliseconds = time_sensitivities(spoken_matrix(50, 100, articles))
        print(line(f"{size}, {articles} articles on some cells", milliseconds, "(≤ 100)" if articles == 4 else ""))


def cold_pages(client: Client) -> None:
    print(line("two-framework table, cold", timed_cold(client, TABLE), ""))
    ten = "/compare/" + "-vs-".join(sorted(framework.slug for framework in fill(10, 100))) + "/"
    few = timed_cold(client, ten)
    print(line("10 × 100 table, cold", few, "(≤ 200)"))
    recommendations()
    crowd(CLAIMS)
    many = timed_cold(client, ten)
    print(line(f"the same beside {CLAIMS:,} claims", many, f"{many / few:.2f} × (≤ 1.2)"))


def pages_beside_a_crowd(client: Client) -> None:
    framework, criterion = Framework.objects.latest("pk"), Criterion.objects.latest("pk")
    for name, url in (
        ("claims, first page", "/claims/"),
        ("claims, filtered", f"/claims/?framework={framework.slug}&criterion={criterion.slug}&side=for"),
        ("claims, by text", "/claims/?q=steady+tested"),
        ("claims, a rare text", f"/claims/?q=passage+{CLAIMS - 1}"),
        ("search, a common word", "/search/?q=steady"),
        ("search, nothing found", "/search/?q=xyzzy"),
        ("disputes", "/disputes/"),
        ("one source", f"/sources/{Source.objects.latest('pk').slug}/"),
    ):
        print(line(name, timed_cold(client, url), "(≤ 150)"))


@override_settings(STATIC_ROOT=Path(os.environ["BENCH_STATIC_ROOT"]), ALLOWED_HOSTS=["*"])
def main() -> None:
    call_command("collectstatic", interactive=False, verbosity=0)
    call_command("migrate", verbosity=0)
    call_command("load_catalogue", stdout=StringIO())
    settings.DEBUG = False
    client = Client()
    warm_pages()
    cold_pages(client)
    pages_beside_a_crowd(client)


if __name__ == "__main__":
    try:
        main()
    except NotMeasured as problem:
        sys.exit(str(problem))

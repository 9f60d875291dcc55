"""How pages that no cache holds grow with what they show, and that they do not grow with what the database holds."""

import os

import brotli
from django.core.cache import cache
from django.test import Client

from comparison.models import Criterion, Framework, Profile, Source
from config.memory import spare_what_stays
from tests.bench.asking import timed_cold
from tests.bench.data import Crowd
from tests.bench.over_http import TABLE
from tests.bench.results import GROWTH_GROUP, MAX_COLD_MS, Report
from tests.make import fill

MAX_CLAIMS = int(os.environ.get("BENCH_CLAIMS", "100000"))
MAX_FRAMEWORKS = int(os.environ.get("BENCH_FRAMEWORKS", "10"))
CLAIMS = [size for size in (1_000, 10_000, 100_000, 1_000_000) if size <= MAX_CLAIMS] or [MAX_CLAIMS]
BASE_CLAIMS = 10_000  # a table beside more claims is compared with one beside so many
FRAMEWORKS = [size for size in (2, 5, 10, 20, 50) if size <= MAX_FRAMEWORKS] or [MAX_FRAMEWORKS]
BY_FRAMEWORKS = "Tables that no cache holds, of 100 criteria by the number of frameworks"
ROUNDS = 5


def measure_tables(report: Report, client: Client) -> str:
    """The address of a table of ten frameworks, or of the largest below."""
    report.add("Table of two frameworks", "not kept", timed_cold(client, TABLE, ROUNDS), "ms")
    addresses = {}
    for size in FRAMEWORKS:
        slugs = sorted(framework.slug for framework in fill(size, 100))
        url = addresses[size] = f"/compare/{'-vs-'.join(slugs)}/"
        limit = 200 if size == 10 else None
        report.add(BY_FRAMEWORKS, f"{size} frameworks", timed_cold(client, url, ROUNDS), "ms", limit=limit, size=size)
        cache.clear()
        packed = client.get(url, headers={"accept-encoding": "br"}).content
        assert brotli.decompress(packed)
        report.add(BY_FRAMEWORKS, f"{size} frameworks, compressed", len(packed), "bytes", size=size)
    return addresses[max(size for size in FRAMEWORKS if size <= 10)]


def measure_growth(report: Report, client: Client, table: str) -> None:
    crowd = Crowd()
    at_base: float | None = None
    for size in CLAIMS:
        crowd.grow(size)
        spare_what_stays()
        group = f"{GROWTH_GROUP} {size:,} claims"
        milliseconds = timed_cold(client, table, ROUNDS)
        report.add(group, "table of ten frameworks", milliseconds, "ms", size=size)
        if at_base is not None:
            name = f"table of ten frameworks, as a multiple of that beside {BASE_CLAIMS:,}"
            report.add(group, name, milliseconds / at_base, "times", limit=1.2, size=size)
        elif size == BASE_CLAIMS:
            at_base = milliseconds
        for name, url in pages(size).items():
            report.add(group, name, timed_cold(client, url, ROUNDS), "ms", limit=MAX_COLD_MS, size=size)


def pages(size: int) -> dict[str, str]:
    framework, criterion = Framework.objects.latest("pk"), Criterion.objects.latest("pk")
    ten = "&".join(f"framework={slug}" for slug in Framework.objects.order_by("pk").values_list("slug", flat=True)[:10])
    return {
        "front page": "/",
        "claims, first page": "/claims/",
        "claims, filtered": f"/claims/?framework={framework.slug}&criterion={criterion.slug}&side=for",
        "claims, by text": "/claims/?q=steady+tested",
        "claims, a rare text": f"/claims/?q=passage+{size - 1}",
        "search, a common word": "/search/?q=steady",
        "search, nothing found": "/search/?q=xyzzy",
        "disputes": "/disputes/",
        "checks": "/checks/",
        "methodology": "/methodology/",
        "one recommendation, of ten frameworks": f"/recommend/{Profile.objects.earliest('pk').slug}/?{ten}",
        "one source": f"/sources/{Source.objects.public().latest('pk').slug}/",
    }

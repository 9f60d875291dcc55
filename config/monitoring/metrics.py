"""Numbers for Prometheus, with METRICS=1. Imported only then: prometheus-client is optional.

With several workers each keeps its numbers in a file of PROMETHEUS_MULTIPROC_DIR, which config/gunicorn.py makes.
"""

import os
from collections.abc import Iterator
from time import monotonic
from typing import Any

from django.db.models import Count
from django.http import HttpResponse
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.metrics_core import GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from comparison.models import Claim, ClaimState, Edition
from config.monitoring.database_faults import DATABASE_ERRORS
from config.monitoring.readiness import State, readiness
from config.time_limits import EDITION_SECONDS, statement_limit

BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)  # seconds
COUNT_SECONDS = 30.0  # that counted claims are good for; a million of them take a while

own_registry = CollectorRegistry()
requests_total = Counter("crosscheck_requests", "Requests", ["route", "method", "status"], registry=own_registry)
seconds = Histogram("crosscheck_request_seconds", "Time", ["route"], buckets=BUCKETS, registry=own_registry)
queries_total = Counter("crosscheck_queries", "Queries of the database", ["route"], registry=own_registry)
pages_total = Counter("crosscheck_pages", "Public pages: kept, drawn, …", ["source"], registry=own_registry)

METHODS = {"GET", "HEAD", "POST", "OPTIONS", "PUT", "PATCH", "DELETE"}


def observe(fields: dict[str, Any]) -> None:
    """Counts a request by the fields of its line in the log."""
    route = fields["route"] or "none"
    method = fields["method"] if fields["method"] in METHODS else "other"  # anybody may invent methods
    requests_total.labels(route, method, str(fields["status"])).inc()
    seconds.labels(route).observe(fields["ms"] / 1000)
    queries_total.labels(route).inc(fields["queries"])
    if fields["page"]:
        pages_total.labels(fields["page"]).inc()


class CatalogueCollector(Collector):
    """What is asked for when the numbers are: the edition, claims by state, and whether each thing works."""

    def __init__(self) -> None:
        self.claims: dict[str, int] = {}
        self.counted_at = float("-inf")

    def collect(self) -> Iterator[Metric]:
        checks = GaugeMetricFamily("crosscheck_check_ok", "Checks of /readyz: 1 if it works", labels=["check"])
        for name, result in readiness().ask().items():
            checks.add_metric([name], float(result.state is State.OK))
        yield checks
        try:
            with statement_limit(EDITION_SECONDS):
                yield from self._catalogue()
        except DATABASE_ERRORS:
            return  # the checks say so

    def _catalogue(self) -> Iterator[Metric]:
        yield GaugeMetricFamily("crosscheck_edition", "Number of the edition", value=Edition.objects.newest_row()[0])
        if monotonic() - self.counted_at > COUNT_SECONDS:
            counts = Claim.objects.order_by().values_list("state").annotate(Count("pk"))
            none = {state.value: 0 for state in ClaimState}
            self.claims, self.counted_at = none | dict(counts), monotonic()
        claims = GaugeMetricFamily("crosscheck_claims", "Claims by state", labels=["state"])
        for state, number in self.claims.items():
            claims.add_metric([state], number)
        yield claims


catalogue_collector = CatalogueCollector()


def metrics_response() -> HttpResponse:
    registry = CollectorRegistry()
    if os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    registry.register(catalogue_collector)
    body = generate_latest(registry)
    if not os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        body += generate_latest(own_registry)
    return HttpResponse(body, content_type=CONTENT_TYPE_LATEST)

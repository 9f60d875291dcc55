"""Numbers for Prometheus, with METRICS=1. Imported only then: prometheus-client is optional.

With several workers each keeps its numbers in a file of PROMETHEUS_MULTIPROC_DIR, which config/gunicorn.py makes.
"""

import os
from typing import Any

from django.http import HttpResponse
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)  # seconds

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


def metrics_response(gauges: Collector) -> HttpResponse:
    """What was counted, and what `gauges` measures when it is asked."""
    registry = CollectorRegistry()
    if os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    registry.register(gauges)
    body = generate_latest(registry)
    if not os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        body += generate_latest(own_registry)
    return HttpResponse(body, content_type=CONTENT_TYPE_LATEST)

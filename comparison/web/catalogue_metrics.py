"""Numbers of the catalogue for Prometheus. Imported only with METRICS=1: prometheus-client is optional."""

from collections.abc import Iterator
from time import monotonic

from django.db.models import Count
from django.http import HttpResponse
from prometheus_client.metrics_core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from comparison.models import Claim, ClaimState, Edition
from config.databases.time_limits import EDITION_SECONDS, statement_limit
from config.monitoring import metrics
from config.monitoring.database_faults import DATABASE_ERRORS
from config.monitoring.readiness import State, readiness

COUNT_SECONDS = 30.0  # that counted claims are good for; a million of them take a while


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
    return metrics.metrics_response(catalogue_collector)

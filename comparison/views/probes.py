"""Answers to load balancers and monitors; config.middleware.answer_probes_first calls them under any host name."""

from importlib import import_module

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from config.monitoring.metrics_access import may_read_metrics
from config.monitoring.readiness import State, readiness


@csrf_exempt
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """The process answers."""
    return HttpResponse("ok\n", content_type="text/plain")


@csrf_exempt
@never_cache
@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """Everything that the site needs works; if not, each thing with its problem and what to do.

    A replica or cache that is away is "degraded" with status 200: all pages are still served, and all hosts share both,
    so that with another status a load balancer would be left without any host.
    """
    results = readiness().ask()
    states = {result.state for result in results.values()}
    status = "not ready" if State.FAILED in states else "degraded" if State.WARNING in states else "ready"
    checks = {
        name: {
            "state": result.state,
            **({"problem": result.problem, "remedy": result.remedy} if result.problem else {}),
        }
        for name, result in results.items()
    }
    code = 503 if status == "not ready" else 200
    return JsonResponse({"status": status, "checks": checks}, status=code, json_dumps_params={"indent": 2})


@csrf_exempt
@never_cache
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Numbers for Prometheus, as if absent for all who may not read them."""
    if not may_read_metrics(request):
        raise Http404("There is no page at this address.")
    response: HttpResponse = import_module("comparison.web.catalogue_metrics").metrics_response()
    return response

"""Answers to bad requests: a page for people, problem details (RFC 9457) for programs."""

from collections.abc import Iterable
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse

from comparison.files import json_types
from comparison.web.pagination import BadPage

JSON, PROBLEM = "application/json", "application/problem+json"
ALLOWED_IN_API = "GET, HEAD, OPTIONS"
UNAVAILABLE = "The database does not answer, or is not ready yet. Please try again in a minute."
RETRY_SECONDS = 30


def bad_request(request: HttpRequest, problem: BadPage) -> HttpResponse:
    return render(request, "comparison/bad_request.html", {"message": str(problem)}, status=400)


def not_understood(problems: Iterable[str]) -> HttpResponse:
    """For files, where nobody would see a note beside the data."""
    return HttpResponse("\n".join(problems) + "\n", status=400, content_type="text/plain; charset=utf-8")


def unavailable(request: HttpRequest, message: str = UNAVAILABLE) -> HttpResponse:
    """No database answers, and nobody asked for this page before; or it does not do what this page needs."""
    if is_for_api(request):
        response = problem(503, message)
    else:
        response = HttpResponse(render_to_string("503.html", {"message": message}), status=503)
    response.headers["Retry-After"] = str(RETRY_SECONDS)
    response.headers["Cache-Control"] = "no-store"
    return response


def is_for_api(request: HttpRequest) -> bool:
    """Whether a program reads the answer, and so needs problem details, not a page."""
    return request.path_info.startswith(reverse("api:index"))


def json_response(data: json_types.JsonObject, status: int = 200, content_type: str = JSON) -> HttpResponse:
    params = {"ensure_ascii": False, "allow_nan": False}
    return JsonResponse(data, status=status, content_type=content_type, json_dumps_params=params)


def problem(status: int, detail: str, errors: dict[str, str] | None = None) -> HttpResponse:
    data: json_types.Problem = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
    }
    if errors:
        data["errors"] = errors
    response = json_response(data, status, PROBLEM)
    response.headers["Cache-Control"] = "no-store"
    if status == 405:
        response.headers["Allow"] = ALLOWED_IN_API
    return response

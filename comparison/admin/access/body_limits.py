"""How much a stranger may send, checked by the announced length before anything is read.

A curator whose session has ended gets back what was typed: all of it in a browser that has logged in before.
"""

import math

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse

from comparison.admin.access.login_tries import is_known_browser
from comparison.serving.any_origin import allow_any_origin
from comparison.web.problems import problem
from config.middleware import Handler

MAX_PUBLIC = 64_000  # bytes; no public page or login asks for more than a few hundred
MAX_STRANGER = 2_000_000  # bytes for a form of the admin: a long article, from a browser that is not known
MAX_STRANGER_ENCODED = 500_000  # the same with %3C for each sign, which takes eighty times the memory to read
TOO_LARGE = "This was {sent:,} bytes; at most {limit:,} are read from somebody who is not logged in."
GO_BACK = "Go back in your browser, where what you typed still is, log in in another window, and send it again."
NOT_A_LENGTH = "The Content-Length is not a number."
NO_LENGTH = "Something was sent without its length. Send a Content-Length."


def limit_bodies(get_response: Handler) -> Handler:
    """Must come after the authentication, and before anything that reads the body."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if "chunked" in request.META.get("HTTP_TRANSFER_ENCODING", "").lower():
            return refuse(request, NO_LENGTH, 411)  # Django would read nothing of it
        written = request.META.get("CONTENT_LENGTH") or "0"
        if not (written.isascii() and written.isdigit()):
            return refuse(request, NOT_A_LENGTH, 400)
        sent = int(written)
        if sent > MAX_PUBLIC and sent > (limit := limit_for(request)):
            is_admin = request.path.startswith(reverse("admin:index"))
            return refuse(request, TOO_LARGE.format(sent=sent, limit=limit) + (f" {GO_BACK}" if is_admin else ""), 413)
        return get_response(request)

    return middleware


def limit_for(request: HttpRequest) -> float:
    """More than MAX_PUBLIC only in the admin; what curators send there is bounded where it is read."""
    if not request.path.startswith(reverse("admin:index")) or request.path == reverse("admin:login"):
        return MAX_PUBLIC
    if request.user.is_authenticated:
        return math.inf
    if is_known_browser(request):
        return int(settings.DATA_UPLOAD_MAX_MEMORY_SIZE)
    return MAX_STRANGER if request.content_type == "multipart/form-data" else MAX_STRANGER_ENCODED


def refuse(request: HttpRequest, message: str, status: int) -> HttpResponse:
    request.refusal = message  # type: ignore[attr-defined]  # for the log
    if request.path.startswith(reverse("api:index")):
        return allow_any_origin(problem(status, message))
    return HttpResponse(render_to_string("400.html", {"message": message}), status=status)

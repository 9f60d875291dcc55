"""Posts in the admin that meet another change are tried once more, from the start, before anybody hears of it.

A post changes the catalogue in one transaction, so nothing of the first try is left when the database refuses it: a
deadlock, a lock that others hold for too long, or a row that somebody stored a moment earlier. The second try sees what
the others stored, and so answers with an error at the field. If it fails too, the page keeps what was typed.
"""

from collections.abc import Callable
from time import monotonic
from typing import Any

from django.contrib.messages.storage import default_storage
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, IntegrityError
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from comparison.admin.access.session_recovery import fields_to_copy, show_posted
from comparison.admin.access.unsaved import not_saved
from comparison.models.conflicts import is_conflict
from config.monitoring.database_faults import Fault

Handler = Callable[[HttpRequest], HttpResponse]
View = Callable[..., HttpResponseBase]

MAX_SECONDS = 5.0  # of a first try; who waited longer would only wait for the same long import again
APPS = ("comparison_", "auth_")  # how the names of their pages begin
CLASH = Fault(
    "Somebody changed something at the same moment that does not go together with this.",
    "Look what was changed last, in the history.",
    passes=True,
)


class NoLongerAllowed(PermissionDenied):
    """Somebody changed a row so that the user may not change it any more; says who, and how."""


class SecondTryMiddleware:
    """Must be the last middleware whose process_view answers, since it calls the view itself."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: View, args: Any, kwargs: Any) -> HttpResponseBase | None:
        if not (request.method == "POST" and edits_rows(request) and request.user.is_authenticated):
            return None
        try:
            return try_twice(request, lambda: view(request, *args, **kwargs))
        except IntegrityError:
            return not_saved(request, CLASH)
        except Http404 as error:
            return show_typed(request, str(error) or "What this belonged to is gone.", status=404)
        except NoLongerAllowed as error:
            return show_typed(request, str(error), status=403)


def edits_rows(request: HttpRequest) -> bool:
    """Whether the page belongs to a model. Passwords and codes of a second step are never tried twice."""
    match = request.resolver_match
    return match is not None and match.namespaces == ["admin"] and (match.url_name or "").startswith(APPS)


def try_twice(request: HttpRequest, answer: Callable[[], HttpResponseBase]) -> HttpResponseBase:
    _ = request.POST  # parsed now, since the body can be read only once
    attributes, start = dict(vars(request)), monotonic()
    try:
        return answer()
    except DatabaseError as error:
        if not may_pass(error) or monotonic() - start > MAX_SECONDS:
            raise
    start_over(request, attributes)
    return answer()


def may_pass(error: Exception) -> bool:
    """Whether the same post may succeed, or be answered properly, now that the other change is done."""
    return isinstance(error, IntegrityError) or is_conflict(error)


def start_over(request: HttpRequest, attributes: dict[str, Any]) -> None:
    """Makes the request what it was before the first try: no messages, no notes, uploads unread."""
    vars(request).clear()
    vars(request).update(attributes)
    request._messages = default_storage(request)  # type: ignore[attr-defined]
    for _, files in request.FILES.lists():
        for file in files:
            file.seek(0)


def show_typed(request: HttpRequest, problem: str, status: int) -> HttpResponse:
    """The page that shows what was typed, to be copied: there is nothing to which it could be sent again."""
    template, copied = "admin/comparison/resume_gone.html", fields_to_copy(request)
    return show_posted(request, template, "Not saved", status, problem=problem, copied_fields=copied, field_runs=())

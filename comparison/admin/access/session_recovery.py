"""Posted forms survive the end of a session: the site shows what was posted instead of losing it.

A post without a login is answered with its own fields and a login form; after the login one click sends it again, to
the same address and with the same fields. Django has checked the CSRF token by then, so the fields come from a page of
this site. If the token is wrong, the fields may come from anywhere: the page shows them to be copied, but never offers
to send them.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter
from typing import Any

from django.contrib.admin import site
from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.cache import add_never_cache_headers
from django.utils.html import format_html_join
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.safestring import SafeString
from django.views import csrf

from comparison.admin.access.counted_form import with_retry_after
from comparison.admin.access.login import LoginForm

Handler = Callable[[HttpRequest], HttpResponse]

PREFIX = "resume"  # of the two fields of the login form
PUBLIC_PAGES = ("login", "logout")  # pages that accept posts without a login
MAX_COPIED = 200  # fields shown one by one, to be copied
MIN_LONG_LENGTH = 40  # characters from which a value is shown in a text area


@dataclass(frozen=True, slots=True)
class PostedField:
    name: str
    value: str

    @property
    def label(self) -> str:
        return self.name.strip("_").replace("_", " ").capitalize()

    @property
    def is_long(self) -> bool:
        return len(self.value) >= MIN_LONG_LENGTH or "\n" in self.value

    @property
    def is_typed(self) -> bool:
        """Whether the user may have typed the value; buttons and management fields are not worth copying."""
        is_management = self.name.startswith(("_", "initial-")) or self.name.endswith(("_FORMS", "version", "next"))
        return bool(self.value) and not is_management


class SessionRecoveryMiddleware:
    """Must come after the authentication middleware."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponseBase | None:
        would_be_lost = request.method == "POST" and in_admin(request) and not request.user.is_authenticated
        if not would_be_lost or not (any(posted_fields(request)) or request.FILES):
            return None
        if f"{PREFIX}-password" not in request.POST:
            return ask_to_log_in(request, LoginForm(request, prefix=PREFIX))
        form = LoginForm(request, request.POST, prefix=PREFIX)
        if not form.is_valid():
            return ask_to_log_in(request, form)
        login(request, form.get_user())
        return show_posted(request, "admin/comparison/resume_send.html", "Logged in again", status=200)


def in_admin(request: HttpRequest) -> bool:
    """Whether the address is a page of the admin that requires a login."""
    match = request.resolver_match
    return match is not None and match.namespaces == ["admin"] and match.url_name not in PUBLIC_PAGES


def posted_fields(request: HttpRequest) -> Iterator[PostedField]:
    """Everything posted except tokens, passwords and the fields of the login form."""
    for name, values in request.POST.lists():
        if name == "csrfmiddlewaretoken" or "password" in name.lower() or name.startswith(f"{PREFIX}-"):
            continue
        yield from (PostedField(name, str(value)) for value in values)


def field_runs(fields: Iterable[PostedField]) -> Iterator[tuple[SafeString, list[PostedField]]]:
    """The fields in order: short ones as hidden inputs, which are drawn here because there may be tens of thousands."""
    for is_long, run in groupby(fields, attrgetter("is_long")):
        rows = list(run)
        hidden = [] if is_long else [(field.name, field.value) for field in rows]
        drawn = format_html_join("", '<input type="hidden" name="{}" value="{}">', hidden)
        yield drawn, rows if is_long else []


def fields_to_copy(request: HttpRequest) -> list[PostedField]:
    """What the user may have typed; from MAX_COPIED on in one field together."""
    typed = [field for field in posted_fields(request) if field.is_typed]
    others = "\n".join(f"{field.label}: {field.value}" for field in typed[MAX_COPIED:])
    return typed[:MAX_COPIED] + ([PostedField("all_others", others)] if others else [])


def file_names(request: HttpRequest) -> list[str]:
    """Names of the uploaded files, which the page cannot keep; it carries their names until the form is sent again."""
    names = [str(file.name) for _, files in request.FILES.lists() for file in files]
    return names or request.POST.getlist(f"{PREFIX}-file")


def ask_to_log_in(request: HttpRequest, form: LoginForm) -> HttpResponseBase:
    template, title = "admin/comparison/resume.html", "You are no longer logged in"
    return with_retry_after(show_posted(request, template, title, status=403, form=form), form)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answers a post with a wrong CSRF token: shows its texts to be copied."""
    if not in_admin(request):
        return csrf.csrf_failure(request, reason)
    template, extra = "admin/comparison/resume_copy.html", {"copied_fields": fields_to_copy(request), "field_runs": ()}
    return show_posted(request, template, "This form could not be sent", status=403, **extra)


def show_posted(request: HttpRequest, template: str, title: str, status: int, **extra: Any) -> HttpResponse:
    referrer = request.META.get("HTTP_REFERER", "")
    is_ours = url_has_allowed_host_and_scheme(referrer, {request.get_host()}, require_https=request.is_secure())
    context = {
        **site.each_context(request),
        "title": title,
        "field_runs": field_runs(posted_fields(request)),
        "files": file_names(request),
        "prefix": PREFIX,
        "came_from": referrer if is_ours else "",
        **extra,
    }
    response = render(request, template, context, status=status)
    add_never_cache_headers(response)
    return response

"""Forms that outlive a session: what was posted without a login, or with an old token, is shown rather than lost.

A post that nobody is logged in for is answered with its own fields and a login; once logged in, one click sends it
again, to the same address and with the same fields. Django has checked the token by then, so the fields come from a
page of ours. Where the token itself does not fit they may come from anywhere: those are shown, to be copied, and
never offered to be sent.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.contrib.admin import site
from django.contrib.admin.forms import AdminAuthenticationForm
from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import add_never_cache_headers
from django.utils.http import url_has_allowed_host_and_scheme
from django.views import csrf

Handler = Callable[[HttpRequest], HttpResponse]

PREFIX = "resume"  # of the login's own two fields
OPEN = ("login", "logout")  # what is posted without being logged in
LONG = 40  # characters from which on a value is shown as text


@dataclass(frozen=True, slots=True)
class PostedField:
    """One posted value."""

    name: str
    value: str

    @property
    def label(self) -> str:
        return self.name.strip("_").replace("_", " ").capitalize()

    @property
    def long(self) -> bool:
        return len(self.value) >= LONG or "\n" in self.value

    @property
    def typed(self) -> bool:
        """Whether somebody may have written it; buttons and a form's own bookkeeping are not worth copying."""
        book = self.name.startswith(("_", "initial-")) or self.name.endswith(("_FORMS", "version", "next"))
        return bool(self.value) and not book


class KeepWhatWasPosted:
    """Middleware, after the one that knows who is logged in."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        lost = request.method == "POST" and in_admin(request) and not request.user.is_authenticated
        if not lost or not (list(kept_fields(request)) or request.FILES):
            return None
        if f"{PREFIX}-password" not in request.POST:
            return ask_to_log_in(request, AdminAuthenticationForm(request, prefix=PREFIX))
        form = AdminAuthenticationForm(request, request.POST, prefix=PREFIX)
        if not form.is_valid():
            return ask_to_log_in(request, form)
        login(request, form.get_user())
        return show(request, "admin/comparison/resume_send.html", "Logged in again", status=200)


def in_admin(request: HttpRequest) -> bool:
    """Whether the address is one of the admin's beyond its own door."""
    match = request.resolver_match
    return match is not None and match.namespaces == ["admin"] and match.url_name not in OPEN


def kept_fields(request: HttpRequest) -> Iterator[PostedField]:
    """All that was posted but tokens, passwords and the login's own fields."""
    for name, values in request.POST.lists():
        if name == "csrfmiddlewaretoken" or "password" in name.lower() or name.startswith(f"{PREFIX}-"):
            continue
        yield from (PostedField(name, str(value)) for value in values)


def file_names(request: HttpRequest) -> list[str]:
    """Files cannot be carried along; those of the first attempt are named until the post is sent."""
    names = [str(file.name) for files in request.FILES.lists() for file in files[1]]
    return names or request.POST.getlist(f"{PREFIX}-file")


def ask_to_log_in(request: HttpRequest, form: AdminAuthenticationForm) -> HttpResponse:
    return show(request, "admin/comparison/resume.html", "You are no longer logged in", status=403, form=form)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The answer to a post whose token does not fit: its texts, to be copied."""
    if not in_admin(request):
        return csrf.csrf_failure(request, reason)
    return show(request, "admin/comparison/resume_copy.html", "This form could not be sent", status=403)


def show(request: HttpRequest, template: str, title: str, status: int, **more: Any) -> HttpResponse:
    came_from = request.META.get("HTTP_REFERER", "")
    ours = url_has_allowed_host_and_scheme(came_from, {request.get_host()}, require_https=request.is_secure())
    context = {
        **site.each_context(request),
        "title": title,
        "kept": list(kept_fields(request)),
        "files": file_names(request),
        "prefix": PREFIX,
        "came_from": came_from if ours else "",
        **more,
    }
    response = render(request, template, context, status=status)
    add_never_cache_headers(response)
    return response

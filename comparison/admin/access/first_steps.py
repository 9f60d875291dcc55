"""What some users must do before the rest of the admin opens: set their own password, set the second step up."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect

from comparison.admin.access import second_factor
from comparison.admin.access.session_recovery import posted_fields, show_posted
from comparison.models.access import must_set_password

ALWAYS_OPEN = {"logout", "jsi18n", "password_change", "password_change_done", "second_step"}
REASONS = {
    "password_change": "Somebody else has seen your password. Choose one that only you know; then all else opens.",
    "second_step": "This site asks everybody who curates for a second step. Set it up; then all else opens.",
}


def first_step(user: Any) -> str:
    """The page that the user must use first, or nothing."""
    if must_set_password(user):
        return "password_change"
    return "second_step" if settings.REQUIRE_SECOND_FACTOR and not second_factor.is_on(user) else ""


def lead_to_first_step(request: HttpRequest) -> HttpResponseBase | None:
    """An answer that leads to it. What was posted is kept, as at the end of a session."""
    match = request.resolver_match
    if match is None or match.url_name in ALWAYS_OPEN or not (step := first_step(request.user)):
        return None
    if request.method == "POST" and any(posted_fields(request)):
        extra = {"first_step": f"admin:{step}", "reason": REASONS[step]}
        return show_posted(request, "admin/comparison/resume_send.html", "Something comes first", status=403, **extra)
    messages.warning(request, REASONS[step])
    return redirect(f"admin:{step}")

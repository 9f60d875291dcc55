"""The form that both doors share: the login page, and the page that keeps what was typed when a session has ended."""

import logging
from typing import Any

from django.contrib.admin.forms import AdminAuthenticationForm
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from comparison.admin.access.login_tries import LoginTries
from comparison.web.throttle import TooOften

logger = logging.getLogger(__name__)

PAUSED = (
    "Too many wrong tries. Nobody can log in with this user name from here for {duration}. "
    "Wait so long, then try again. If you have forgotten the password, ask an administrator to set a new one. "
    "A browser that you have logged in with before has tries of its own."
)


class LoginForm(AdminAuthenticationForm):
    """Counts wrong tries. Its answers do not depend on whether the account exists."""

    error_messages = {
        **AdminAuthenticationForm.error_messages,
        "invalid_login": "Please enter the correct %(username)s and password for a staff account, and the code if you "
        "use one. Capital letters matter.",
    }
    request: HttpRequest
    retry_after = 0  # seconds, if tries are refused

    def clean(self) -> dict[str, Any]:
        username, password = self.cleaned_data.get("username"), self.cleaned_data.get("password")
        if not username or not password:
            return self.cleaned_data
        tries = LoginTries(self.request, username)
        try:
            tries.start()
            cleaned: dict[str, Any] = super().clean()
        except TooOften as pause:
            self.retry_after = pause.seconds
            logger.warning("Logins as %r are paused for %d seconds.", username[:150], pause.seconds)
            raise ValidationError(PAUSED.format(duration=pause.duration), code="paused") from None
        tries.succeed(self.get_user())
        return cleaned


def with_retry_after(response: HttpResponseBase, form: Any = None) -> HttpResponseBase:
    """Sets status and header of an answer to somebody who has tried too often; the form may be in its context."""
    form = form or (getattr(response, "context_data", None) or {}).get("form")
    if seconds := getattr(form, "retry_after", 0):
        response.status_code = 429
        response.headers["Retry-After"] = str(seconds)
    return response

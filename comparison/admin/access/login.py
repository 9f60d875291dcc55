"""The form that both doors share: the login page, and the page that keeps what was typed when a session has ended."""

import logging
from typing import Any

from django import forms
from django.conf import settings
from django.contrib.admin.forms import AdminAuthenticationForm
from django.contrib.auth.signals import user_login_failed
from django.core.exceptions import ValidationError
from django.http import HttpRequest

from comparison.admin.access import second_factor
from comparison.admin.access.login_tries import LoginTries
from comparison.web.throttle import TooOften
from config.client_address import client_address

logger = logging.getLogger("crosscheck.event")

PAUSED = (
    "Too many wrong tries. Nobody can log in with this user name from here for {duration}. "
    "Wait so long, then try again. If you have forgotten the password, ask an administrator to set a new one. "
    "A browser that you have logged in with before has tries of its own."
)


class LoginForm(AdminAuthenticationForm):
    """Counts wrong tries. Its answers tell neither whether an account exists nor whether password or code is wrong."""

    code = forms.CharField(
        label="Code",
        required=False,
        max_length=20,
        help_text="Of your phone, or a backup code; leave it empty if you have not switched the second step on.",
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "autocapitalize": "none"}),
    )

    error_messages = {
        **AdminAuthenticationForm.error_messages,
        "invalid_login": "Please enter the correct %(username)s and password for a staff account, and the code if you "
        "use one. Capital letters matter.",
    }
    request: HttpRequest
    retry_after = 0  # seconds, if tries are refused

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not settings.REQUIRE_SECOND_FACTOR and not second_factor.phones().exists():
            del self.fields["code"]  # nobody here has codes

    def clean(self) -> dict[str, Any]:
        username, password = self.cleaned_data.get("username"), self.cleaned_data.get("password")
        if not username or not password:
            return self.cleaned_data
        tries = LoginTries(self.request, username)
        try:
            tries.start()
            cleaned: dict[str, Any] = super().clean()
            self.check_code(tries)
        except TooOften as pause:
            self.retry_after = pause.seconds
            facts = {"name": username[:150], "from": client_address(self.request), "seconds": pause.seconds}
            logger.warning("login-refused", extra={"fields": facts})
            raise ValidationError(PAUSED.format(duration=pause.duration), code="paused") from None
        tries.succeed(self.get_user())
        return cleaned

    def check_code(self, tries: LoginTries) -> None:
        user = self.get_user()
        if not second_factor.is_on(user):
            return
        tries.start_code()
        if not second_factor.is_right(user, self.cleaned_data.get("code", "")):
            credentials = {"username": user.get_username()}
            user_login_failed.send(__name__, credentials=credentials, request=self.request)
            raise self.get_invalid_login_error()

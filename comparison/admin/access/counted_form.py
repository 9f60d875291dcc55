"""Forms whose wrong tries are counted, other than the login, which counts by client."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib.admin.forms import AdminPasswordChangeForm
from django.core.exceptions import ValidationError

from comparison.models.access import must_set_password, password_was_set
from comparison.web.throttle import Limit, TooOften, reset, take

PAUSED = "Too many wrong tries. Wait {duration}, then try again. Nothing was changed."


def limit(counted: tuple[str, ...]) -> Limit:
    return Limit(counted, settings.LOGIN_TRIES, settings.LOGIN_PAUSE_MINUTES * 60)


def with_retry_after(response: Any, form: Any = None) -> Any:
    """Sets status and header of an answer to somebody who has tried too often; the form may be in its context."""
    form = form or (getattr(response, "context_data", None) or {}).get("form")
    if seconds := getattr(form, "retry_after", 0):
        response.status_code = 429
        response.headers["Retry-After"] = str(seconds)
    return response


class CountedForm(forms.Form):
    counted: tuple[str, ...]  # whose tries of what
    retry_after = 0  # seconds, if tries are refused

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not self.errors:
            count_try(self, self.counted)
            self.check_counted()
            reset(limit(self.counted))
        return cleaned

    def check_counted(self) -> None:
        """Raises ValidationError for a wrong try."""
        raise NotImplementedError


def count_try(form: Any, counted: tuple[str, ...]) -> None:
    """Raises ValidationError when there were too many."""
    try:
        take(limit(counted))
    except TooOften as pause:
        form.retry_after = pause.seconds
        raise ValidationError(PAUSED.format(duration=pause.duration), code="paused") from None


class PasswordForm(AdminPasswordChangeForm):
    """Counts wrong old passwords: an open session must not become a place to guess."""

    retry_after = 0

    def clean_old_password(self) -> str:
        counted = ("old password", str(self.user.pk))
        count_try(self, counted)
        password: str = super().clean_old_password()
        reset(limit(counted))
        return password

    def clean_new_password1(self) -> str:
        password: str = self.cleaned_data["new_password1"]
        if must_set_password(self.user) and password == self.cleaned_data.get("old_password"):
            raise ValidationError("This is the old password. Choose one that only you know.")
        return password

    def save(self, commit: bool = True) -> Any:
        user = super().save(commit)
        password_was_set(user)
        return user

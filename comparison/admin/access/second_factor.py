"""The second step of a login: a code that a phone shows, for those who switch it on.

A code works once. Ten backup codes help who has no phone at hand; an administrator helps who has lost both.
"""

from base64 import b32encode
from typing import Any

import segno
from django import forms
from django.contrib import messages
from django.contrib.admin import site
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.models import User
from django.core.exceptions import BadRequest, ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from comparison.admin.access.counted_form import CountedForm, with_retry_after

BACKUP_CODES = 10
WRONG_CODE = "This code is not right. Each works once, and those of a phone for about a minute: take the next one."
SWITCHED_ON, SWITCHED_OFF = "Switched the second step on.", "Switched the second step off."
NEW_CODES, TAKEN_OFF = "Made new backup codes.", "Took the second step off."


def phones() -> QuerySet[Any]:
    """The devices that have shown a right code."""
    return TOTPDevice.objects.filter(confirmed=True)


def is_on(user: Any) -> bool:
    return bool(phones().filter(user=user).exists())


def is_right(user: Any, typed: str) -> bool:
    """Whether a code, of the phone or a backup code, is the user's. Using it spends it."""
    code = without_blanks(typed)
    model = TOTPDevice if code.isdigit() else StaticDevice
    with transaction.atomic():  # locked, so that one code sent twice at once works once
        device = model.objects.select_for_update().filter(user=user, confirmed=True).first()
        return device is not None and bool(device.verify_token(code))


def without_blanks(typed: str) -> str:
    """A code as it is stored; phones and people write it in groups."""
    return "".join(typed.split()).replace("-", "").lower()


def take_off(user: Any, actor: Any, message: str) -> None:
    with transaction.atomic():
        TOTPDevice.objects.filter(user=user).delete()
        StaticDevice.objects.filter(user=user).delete()
        log(user, actor, message)


def log(user: Any, actor: Any, message: str) -> None:
    LogEntry.objects.log_actions(actor.pk, User.objects.filter(pk=user.pk), CHANGE, message, single_object=True)


def make_backup_codes(user: Any) -> list[str]:
    """Replaces all earlier ones."""
    StaticDevice.objects.filter(user=user).delete()
    device = StaticDevice.objects.create(user=user, name="Backup codes")
    codes = [StaticToken.random_token() for _ in range(BACKUP_CODES)]
    StaticToken.objects.bulk_create(StaticToken(device=device, token=code) for code in codes)
    return codes


class CodeForm(CountedForm):
    """Asks for a code before the second step is changed."""

    code = forms.CharField(
        max_length=20, widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "autocapitalize": "none"})
    )

    def __init__(self, user: Any, data: Any = None) -> None:
        super().__init__(data)
        self.user, self.counted = user, ("second step", str(user.pk))

    def check_counted(self) -> None:
        if not is_right(self.user, self.cleaned_data["code"]):
            raise ValidationError({"code": WRONG_CODE})


class ConfirmForm(CodeForm):
    """Switches it on: with the password too, so that nobody locks the owner of an open session out."""

    password = forms.CharField(
        label="Your password", strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "current-password"})
    )
    field_order = ["password", "code"]

    def check_counted(self) -> None:
        if not self.user.check_password(self.cleaned_data["password"]):
            raise ValidationError({"password": "This is not your password."})
        with transaction.atomic():
            phone = TOTPDevice.objects.select_for_update().filter(user=self.user, confirmed=False).first()
            if phone is None or not phone.verify_token(without_blanks(self.cleaned_data["code"])):
                raise ValidationError({"code": WRONG_CODE})
            phone.confirmed = True
            phone.save()


@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest) -> HttpResponseBase:
    if request.method != "POST":
        return show(request)
    steps = {"start": start, "confirm": confirm, "codes": renew_codes, "off": switch_off}
    step = steps.get(request.POST.get("step", ""))
    if step is None:
        raise BadRequest("This button is not known. Open the page anew.")
    return step(request)


def start(request: HttpRequest) -> HttpResponse:
    """Makes the secret that the phone is to learn."""
    if not is_on(request.user):
        TOTPDevice.objects.filter(user=request.user).delete()
        TOTPDevice.objects.create(user=request.user, name="Phone", confirmed=False)
    return redirect("admin:second_step")


def confirm(request: HttpRequest) -> HttpResponseBase:
    form = ConfirmForm(request.user, request.POST)
    if not form.is_valid():
        return show(request, form)
    end_other_sessions(request, form.user, form.cleaned_data["password"])
    return change(request, form, SWITCHED_ON)


def end_other_sessions(request: HttpRequest, user: Any, password: str) -> None:
    """Somebody who learnt the password may be logged in with it. Sessions hold for one hash of it; here is another."""
    user.set_password(password)
    user.save(update_fields=["password"])
    update_session_auth_hash(request, user)


def renew_codes(request: HttpRequest) -> HttpResponseBase:
    form = CodeForm(request.user, request.POST)
    return change(request, form, NEW_CODES) if form.is_valid() else show(request, form)


def change(request: HttpRequest, form: CodeForm, message: str) -> HttpResponse:
    """Shows new backup codes, this once."""
    codes = make_backup_codes(form.user)
    log(form.user, form.user, message)
    context = {**site.each_context(request), "title": "Your backup codes", "codes": codes, "message": message}
    return render(request, "admin/comparison/backup_codes.html", context)


def switch_off(request: HttpRequest) -> HttpResponseBase:
    form = CodeForm(request.user, request.POST)
    if not form.is_valid():
        return show(request, form)
    take_off(form.user, form.user, SWITCHED_OFF)
    messages.success(request, "The second step is off. A login takes your password alone.")
    return redirect("admin:second_step")


def show(request: HttpRequest, form: CodeForm | None = None) -> HttpResponseBase:
    phone = TOTPDevice.objects.filter(user=request.user).first()
    is_set_up = phone is not None and phone.confirmed
    context = {
        **site.each_context(request),
        "title": "Second step",
        "is_on": is_set_up,
        "form": form or (CodeForm if is_set_up else ConfirmForm)(request.user),
        "codes_left": StaticToken.objects.filter(device__user=request.user).count(),
        **(secret_context(phone) if phone is not None and not is_set_up else {}),
    }
    status = 400 if form else 200
    return with_retry_after(render(request, "admin/comparison/second_step.html", context, status=status), form)


def secret_context(phone: Any) -> dict[str, str]:
    """What a phone learns by camera, or a person types."""
    secret = b32encode(phone.bin_key).decode()
    groups = " ".join(secret[index : index + 4] for index in range(0, len(secret), 4))
    return {"picture": segno.make(phone.config_url).svg_data_uri(scale=5, light="white"), "secret": groups}

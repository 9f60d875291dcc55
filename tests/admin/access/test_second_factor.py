"""The second step: everybody may switch it on, both doors ask for it, a code works once, and nobody is left outside."""

import re
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission, User
from django.test import Client
from django.urls import reverse
from django_otp.oath import TOTP
from django_otp.plugins.otp_static.models import StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from comparison.admin.access import second_factor
from comparison.models import Claim
from tests.admin_doors import HOME, both_doors, is_logged_in, login_page, recovery_page
from tests.admin_site import as_user
from tests.make import make_user
from tests.reading import squeezed

pytestmark = pytest.mark.django_db

PAGE = "/admin/second-step/"
USERS = "/admin/auth/user/"


def code_of(phone: TOTPDevice, steps: int = 0) -> str:
    """What the phone shows now, or some half minutes later."""
    return f"{TOTP(phone.bin_key, drift=steps).token():06}"


def wrong_code(phone: TOTPDevice) -> str:
    right = {code_of(phone, steps) for steps in range(-2, 4)}
    return next(code for code in (f"{digit}" * 6 for digit in range(10)) if code not in right)


def switch_on(user: User) -> tuple[TOTPDevice, list[str]]:
    """The phone and the backup codes."""
    phone = TOTPDevice.objects.create(user=user, name="Phone")
    return phone, second_factor.make_backup_codes(user)


def send(door: Any, client: Client, user: User, code: str, password: str = "x", address: str = HOME) -> int:
    prefix = "" if door is login_page else "resume-"
    data = {f"{prefix}username": user.username, f"{prefix}password": password, f"{prefix}code": code}
    url = reverse("admin:login") if door is login_page else "/admin/comparison/claim/add/"
    if door is recovery_page:
        data["statement"] = "What I wrote"
    return client.post(url, data, REMOTE_ADDR=address).status_code


def test_it_is_switched_on_with_password_and_code() -> None:
    user = make_user("Contributor")
    client = as_user(user)
    assert "The second step is <strong>off</strong>" in client.get(PAGE).content.decode()
    assert not TOTPDevice.objects.exists()
    assert client.post(PAGE, {"step": "start"}).headers["Location"] == PAGE
    html, phone = client.get(PAGE).content.decode(), TOTPDevice.objects.get()
    assert '<img src="data:image/svg+xml' in html
    assert re.search(r"<code>([A-Z2-7]{4} ){7}[A-Z2-7]{4}</code>", html)
    assert not second_factor.is_on(user)
    response = client.post(PAGE, {"step": "confirm", "password": "wrong", "code": code_of(phone)})
    assert (response.status_code, "This is not your password." in response.content.decode()) == (400, True)
    response = client.post(PAGE, {"step": "confirm", "password": "x", "code": wrong_code(phone)})
    assert (response.status_code, second_factor.is_on(user)) == (400, False)
    spaced = code_of(phone)[:3] + " " + code_of(phone)[3:]
    html = client.post(PAGE, {"step": "confirm", "password": "x", "code": spaced}).content.decode()
    codes = re.findall(r"<code>([a-z2-7]{8})</code>", html)
    assert second_factor.is_on(user)
    assert sorted(codes) == sorted(StaticToken.objects.values_list("token", flat=True))
    assert len(codes) == 10
    shown = squeezed(client.get(PAGE).content.decode())
    assert "10 backup codes are left" in shown
    assert not any(code in shown for code in codes)
    assert LogEntry.objects.get().change_message == second_factor.SWITCHED_ON


def test_switching_it_on_ends_all_other_sessions() -> None:
    user, other_user = make_user("Contributor"), as_user(make_user("Contributor"))
    client, other = as_user(user), as_user(user)
    client.post(PAGE, {"step": "start"})
    code = code_of(TOTPDevice.objects.get())
    client.post(PAGE, {"step": "confirm", "password": "wrong", "code": code})
    assert other.get(PAGE).status_code == 200
    client.post(PAGE, {"step": "confirm", "password": "x", "code": code})
    assert second_factor.is_on(user)
    assert [each.get(PAGE).status_code for each in (client, other, other_user)] == [200, 302, 200]


@both_doors
def test_both_doors_ask_for_a_code(door) -> None:
    user = make_user("Contributor")
    phone, _ = switch_on(user)
    usual = 200 if door is login_page else 403
    for code in ("", wrong_code(phone), "abcdefgh"):
        client = Client()
        assert send(door, client, user, code) == usual
        assert not is_logged_in(client)
    client = Client()
    assert send(door, client, user, code_of(phone), "wrong") == usual
    assert send(door, client, user, code_of(phone)) < 400
    assert is_logged_in(client)


@both_doors
def test_a_code_works_once(door) -> None:
    user = make_user("Contributor")
    phone, backup = switch_on(user)
    for code in (code_of(phone), backup[0], backup[1].upper()):
        first, second = Client(), Client()
        send(door, first, user, code)
        send(door, second, user, code)
        assert (is_logged_in(first), is_logged_in(second)) == (True, False)
    assert StaticToken.objects.count() == 8


@both_doors
def test_wrong_codes_are_counted_for_all_addresses_together(door) -> None:
    user, browser = make_user("Contributor"), Client()
    phone, _ = switch_on(user)
    send(door, browser, user, code_of(phone))
    browser.post(reverse("admin:logout"))
    statuses = [send(door, Client(), user, "000000", address=f"198.51.100.{number}") for number in range(22)]
    assert statuses[20:] == [429, 429]
    assert send(door, Client(), user, code_of(phone, 1), address="192.0.2.77") == 429
    assert send(door, browser, user, code_of(phone, 1)) < 400


def test_the_answer_does_not_tell_password_from_code() -> None:
    user = make_user("Contributor")
    phone, _ = switch_on(user)
    bodies = []
    for password, code in (("x", wrong_code(phone)), ("wrong", wrong_code(phone)), ("wrong", code_of(phone))):
        data = {"username": user.username, "password": password, "code": code}
        html = Client().post(reverse("admin:login"), data).content.decode()
        bodies.append(re.sub(r'value="\w*"', "", html))
    assert bodies[0] == bodies[1] == bodies[2]


def test_the_field_is_shown_only_where_somebody_has_codes(settings) -> None:
    login = reverse("admin:login")
    assert 'name="code"' not in Client().get(login).content.decode()
    settings.REQUIRE_SECOND_FACTOR = True
    assert 'name="code"' in Client().get(login).content.decode()
    settings.REQUIRE_SECOND_FACTOR = False
    switch_on(make_user())
    assert 'name="code"' in Client().get(login).content.decode()


def test_who_has_none_logs_in_as_ever() -> None:
    switch_on(make_user())
    client = Client()
    assert send(login_page, client, make_user("Contributor"), "") == 302


def test_it_is_switched_off_and_renewed_with_a_code_alone() -> None:
    user = make_user("Contributor")
    phone, backup = switch_on(user)
    client = as_user(user)
    assert client.post(PAGE, {"step": "off", "code": "000000"}).status_code == 400
    assert client.post(PAGE, {"step": "off"}).status_code == 400
    html = client.post(PAGE, {"step": "codes", "code": backup[0]}).content.decode()
    codes = re.findall(r"<code>([a-z2-7]{8})</code>", html)
    assert not set(codes) & set(backup)
    assert client.post(PAGE, {"step": "off", "code": backup[1]}).status_code == 400
    assert client.post(PAGE, {"step": "off", "code": code_of(phone)}).status_code == 302
    assert not TOTPDevice.objects.exists()
    assert not StaticToken.objects.exists()
    messages = [entry.change_message for entry in LogEntry.objects.order_by("pk")]
    assert messages == [second_factor.NEW_CODES, second_factor.SWITCHED_OFF]


def test_codes_on_the_page_are_counted_too() -> None:
    user = make_user("Contributor")
    phone, _ = switch_on(user)
    client = as_user(user)
    for _ in range(5):
        assert client.post(PAGE, {"step": "off", "code": wrong_code(phone)}).status_code == 400
    response = client.post(PAGE, {"step": "off", "code": code_of(phone)})
    assert (response.status_code, second_factor.is_on(user)) == (429, True)
    assert int(response.headers["Retry-After"]) > 800
    assert "Too many wrong tries. Wait 15 minutes" in response.content.decode()


def test_starting_again_neither_shows_nor_changes_a_secret_in_use() -> None:
    user = make_user("Contributor")
    phone, _ = switch_on(user)
    client = as_user(user)
    client.post(PAGE, {"step": "start"})
    client.post(PAGE, {"step": "confirm", "password": "x", "code": code_of(phone)})
    assert TOTPDevice.objects.get() == phone
    assert "data:image" not in client.get(PAGE).content.decode()
    assert client.post(PAGE, {"step": "nothing"}).status_code == 400
    assert Client().get(PAGE).status_code == 302


def test_administrators_take_it_off_others() -> None:
    admin, user, other = User.objects.create_superuser("root", password="x"), make_user("Editor"), make_user()
    for each in (admin, user):
        switch_on(each)
    client = as_user(admin)
    assert "Second step" in client.get(USERS).content.decode()
    data = {"action": "take_second_step_off", "_selected_action": [admin.pk, user.pk, other.pk]}
    html = client.post(USERS, data, follow=True).content.decode()
    assert f"The second step is off for {user.username}." in html
    assert (second_factor.is_on(admin), second_factor.is_on(user)) == (True, False)
    entry = LogEntry.objects.get()
    assert (entry.user, entry.object_id, entry.change_message) == (admin, str(user.pk), second_factor.TAKEN_OFF)
    assert "Nobody chosen has a second step" in client.post(USERS, data, follow=True).content.decode()


def test_only_administrators_may_and_nobody_sees_secrets() -> None:
    user = make_user()
    user.user_permissions.set(Permission.objects.all())
    assert "take_second_step_off" not in as_user(user).get(USERS).content.decode()
    for model in ("otp_totp/totpdevice", "otp_static/staticdevice"):
        assert as_user(user).get(f"/admin/{model}/").status_code == 404


def test_a_disabled_user_is_refused_with_any_code() -> None:
    user = make_user("Contributor", is_active=False)
    phone, _ = switch_on(user)
    client = Client()
    assert send(login_page, client, user, code_of(phone)) == 200
    assert not is_logged_in(client)


def test_a_site_can_require_it_of_everybody(settings) -> None:
    settings.REQUIRE_SECOND_FACTOR = True
    user = make_user("Contributor")
    client = as_user(user)
    response = client.get("/admin/", follow=True)
    assert response.request["PATH_INFO"] == PAGE
    assert "This site asks everybody who curates for a second step" in response.content.decode()
    response = client.post("/admin/comparison/claim/add/", {"statement": "What I typed"})
    assert (response.status_code, "What I typed" in response.content.decode()) == (403, True)
    assert not Claim.objects.exists()
    switch_on(user)
    assert client.get("/admin/").status_code == 200
    assert client.get(PAGE).status_code == 200

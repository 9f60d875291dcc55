"""Guessing passwords is slow at both doors, and only for those who guess."""

import logging
import re

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from comparison.models import KnownClient, TryCount
from tests.admin_doors import CAFE, HOME, OFFICE, both_doors, enter, guess, is_logged_in, login_page, recovery_page
from tests.make import make_user
from tests.reading import squeezed

pytestmark = pytest.mark.django_db


@both_doors
def test_the_sixth_try_waits_even_with_the_right_password(door) -> None:
    user, usual = make_user("Contributor"), 200 if door is login_page else 403
    assert guess(door, user.username, HOME, 5) == [usual] * 5
    client = Client()
    response = door(client, user.username, "x", HOME)
    html = squeezed(response.content.decode())
    assert response.status_code == 429
    assert 890 <= int(response.headers["Retry-After"]) <= 900
    assert "Too many wrong tries. Nobody can log in with this user name from here for 15 minutes." in html
    assert "ask an administrator to set a new one" in html
    assert ("What I wrote" in html) == (door is recovery_page)
    assert not is_logged_in(client)


def test_both_doors_share_one_count() -> None:
    user = make_user("Contributor")
    guess(login_page, user.username, HOME, 3)
    assert guess(recovery_page, user.username, HOME, 3) == [403, 403, 429]
    assert guess(login_page, user.username, HOME, 1) == [429]


@both_doors
def test_who_guesses_locks_out_nobody_else(door) -> None:
    user = make_user("Contributor")
    assert guess(door, user.username, OFFICE, 7)[5:] == [429, 429]
    assert enter(door, user, HOME) < 400


@both_doors
def test_many_addresses_together_have_few_tries_but_known_ones_stay_free(door) -> None:
    user, browser = make_user("Contributor"), Client()
    enter(door, user, HOME, browser)
    browser.post(reverse("admin:logout"))
    statuses = [guess(door, user.username, f"198.51.100.{number}", 1)[0] for number in range(25)]
    assert statuses.count(429) == 5
    assert enter(door, user, CAFE) == 429  # unknown
    assert enter(door, user, HOME) < 400  # its address is known
    assert enter(door, user, CAFE, browser) < 400  # its browser is known
    assert enter(door, make_user("Contributor"), CAFE) < 400


@both_doors
def test_a_known_browser_stays_free_when_others_guess_from_its_address(door) -> None:
    user, browser = make_user("Contributor"), Client()
    enter(door, user, OFFICE, browser)
    browser.post(reverse("admin:logout"))
    assert guess(door, user.username, OFFICE, 6)[5] == 429
    assert enter(door, user, OFFICE, browser) < 400


@both_doors
def test_a_known_browser_has_as_few_tries_as_others(door) -> None:
    user, browser = make_user("Contributor"), Client()
    enter(door, user, HOME, browser)
    browser.post(reverse("admin:logout"))
    assert guess(door, user.username, HOME, 6, browser)[5] == 429


def test_a_browser_is_known_only_to_those_who_logged_in_with_it() -> None:
    user, other, browser = make_user("Contributor"), make_user("Contributor"), Client()
    enter(login_page, other, OFFICE, browser)
    cookie = browser.cookies["device"]
    assert (cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, "Lax", "/admin/")
    browser.post(reverse("admin:logout"))
    for number in range(20):
        guess(login_page, user.username, f"198.51.100.{number}", 1)
    assert enter(login_page, user, OFFICE, browser) == 429


def test_a_browser_whose_name_somebody_else_chose_gets_its_own() -> None:
    browser = Client()
    browser.cookies["device"] = "chosen"
    enter(login_page, make_user("Contributor"), HOME, browser)
    name = browser.cookies["device"].value
    assert len(name) > 30
    enter(login_page, make_user("Contributor"), HOME, browser)
    assert browser.cookies["device"].value == name


@both_doors
def test_one_address_has_few_tries_for_all_accounts(door) -> None:
    statuses = [guess(door, f"name{number}", OFFICE, 1)[0] for number in range(25)]
    assert statuses.count(429) == 5
    assert enter(door, make_user("Contributor"), HOME) < 400


@both_doors
def test_success_forgets_the_wrong_tries_of_that_client_alone(door) -> None:
    user = make_user("Contributor")
    for _ in range(3):
        guess(door, user.username, HOME, 4)
        assert enter(door, user, HOME) < 400
    other = make_user("Contributor")
    for _ in range(4):  # an account of one's own does not buy more guesses at others
        guess(door, other.username, OFFICE, 4)
        guess(door, "somebody", OFFICE, 1)
        enter(door, user, OFFICE)
    assert guess(door, other.username, OFFICE, 2) == [429, 429]


def test_the_pause_ends_and_refused_tries_do_not_prolong_it() -> None:
    user = make_user("Contributor")
    guess(login_page, user.username, HOME, 5)
    before = set(TryCount.objects.values_list("key", "until"))
    guess(login_page, user.username, HOME, 3)
    assert set(TryCount.objects.values_list("key", "until")) == before
    TryCount.objects.update(until=timezone.now())
    assert enter(login_page, user, HOME) == 302


def test_a_clock_that_was_wrong_locks_nobody_out_for_long() -> None:
    user = make_user("Contributor")
    guess(login_page, user.username, HOME, 5)
    TryCount.objects.update(until=timezone.now() + timezone.timedelta(days=365))
    assert guess(login_page, user.username, HOME, 5)[:4] == [200] * 4
    assert guess(login_page, user.username, HOME, 1) == [429]


@both_doors
def test_an_account_that_does_not_exist_is_answered_alike(door) -> None:
    make_user("Contributor", username="alice")
    bodies = []
    for name in ("alice", "nobody"):
        client = Client()
        shown = [door(client, name, "wrong", HOME).content.decode() for _ in range(6)]
        bodies.append([re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", html).replace(name, "") for html in shown])
    assert bodies[0] == bodies[1]


@both_doors
def test_a_locked_password_is_not_even_hashed(door, monkeypatch) -> None:
    guess(door, "alice", HOME, 5)
    monkeypatch.setattr("django.contrib.auth.forms.authenticate", lambda *args, **kwargs: pytest.fail("hashed"))
    assert guess(door, "ALICE", HOME, 1) == [429]


def test_nothing_that_was_typed_is_stored() -> None:
    user = make_user("Contributor")
    guess(login_page, user.username, HOME, 2)
    enter(login_page, user, HOME)
    rows = [str(row) for model in (TryCount, KnownClient) for row in model.objects.values_list("pk", flat=True)]
    rows += KnownClient.objects.values_list("digest", flat=True)
    assert rows
    assert not any(text in row for row in rows for text in ("wrong", HOME, user.username))


def test_old_counts_and_old_clients_are_deleted() -> None:
    user = make_user("Contributor")
    long_ago = timezone.now() - timezone.timedelta(days=181)
    KnownClient.objects.create(user=user, digest="old", used_at=long_ago)
    TryCount.objects.create(key="old", count=3, until=long_ago)
    enter(login_page, user, HOME)
    assert not KnownClient.objects.filter(digest="old").exists()
    assert not TryCount.objects.filter(key="old").exists()
    for number in range(25):
        KnownClient.objects.remember(user, [f"device {number}"])
    assert KnownClient.objects.filter(user=user).count() == 20


def test_a_client_of_a_user_is_one_row() -> None:
    user = make_user()
    KnownClient.objects.remember(user, ["same"])
    KnownClient.objects.remember(user, ["same"])
    with pytest.raises(IntegrityError), transaction.atomic():
        KnownClient.objects.create(user=user, digest="same", used_at=timezone.now())
    assert KnownClient.objects.count() == 1


def test_the_number_of_tries_and_the_pause_can_be_set(settings) -> None:
    settings.LOGIN_TRIES, settings.LOGIN_PAUSE_MINUTES = 2, 60
    statuses = guess(login_page, "alice", HOME, 3)
    assert statuses == [200, 200, 429]
    assert "for 60 minutes" in login_page(Client(), "alice", "x", HOME).content.decode()


@pytest.mark.parametrize("written", ["10.0.0.1", "10.0.0.1, 203.0.113.{}", "203.0.113.{}"])
def test_a_forged_header_chooses_no_address(written) -> None:
    """Without a proxy the header is not read."""
    statuses = []
    for number in range(6):
        forged = written.format(number)
        statuses.append(login_page(Client(), "alice", "x", HOME, HTTP_X_FORWARDED_FOR=forged).status_code)
    assert statuses[5] == 429


def test_behind_a_proxy_its_own_entry_counts(settings) -> None:
    settings.BEHIND_PROXY = True
    statuses = []
    for number in range(6):
        forwarded = f"203.0.113.{number}, {CAFE}"  # the client wrote the first, the proxy the last
        response = login_page(Client(), "alice", "x", "127.0.0.1", HTTP_X_FORWARDED_FOR=forwarded)
        statuses.append(response.status_code)
    assert statuses[5] == 429
    user = make_user("Contributor", username="alice")
    client = Client()
    response = login_page(client, "alice", "x", "127.0.0.1", HTTP_X_FORWARDED_FOR=f"{CAFE}, {HOME}")
    assert (response.status_code, is_logged_in(client), user.is_staff) == (302, True, True)


@pytest.mark.parametrize("wrong", [{"username": ""}, {"password": ""}, {"username": "a\0b"}])
def test_what_cannot_be_an_account_is_not_counted(wrong) -> None:
    data = {"username": "alice", "password": "x"} | wrong
    assert [Client().post(reverse("admin:login"), data).status_code for _ in range(7)] == [200] * 7
    assert not TryCount.objects.exists()


def test_a_foreign_next_leads_to_the_admin() -> None:
    user = make_user("Contributor")
    for path in ("login", "logout"):
        client, address = Client(), f"{reverse(f'admin:{path}')}?next=https://evil.example/"
        if path == "logout":
            client.force_login(user)
        data = {"username": user.username, "password": "x", "next": "//evil.example/"}
        response = client.post(address, data, follow=True)
        assert response.status_code == 200
        assert all(url.startswith("/admin/") for url, _ in response.redirect_chain)
        client.force_login(user)
        assert "evil" not in client.get(address, follow=True).request["PATH_INFO"]


def test_refusals_are_logged(monkeypatch) -> None:
    records: list[logging.LogRecord] = []
    monkeypatch.setattr(logging.getLogger("crosscheck.event"), "handle", records.append)
    guess(login_page, "alice", HOME, 6)
    assert [record.getMessage() for record in records] == [*["login-failed"] * 5, "login-refused"]
    assert records[5].fields == {"name": "alice", "from": HOME, "seconds": 900}

"""Changing a password, and who must."""

import pytest
from django.contrib.auth.models import Group, User
from django.test import Client

from comparison.management.commands.prepare import Command
from comparison.models.access import NEW_PASSWORD_GROUP, require_new_password
from tests.admin_site import as_user
from tests.make import make_user

pytestmark = pytest.mark.django_db

CHANGE = "/admin/password_change/"
NEW = "a long enough one"


def change(client: Client, old: str, new: str = NEW):
    return client.post(CHANGE, {"old_password": old, "new_password1": new, "new_password2": new})


def test_wrong_old_passwords_are_counted() -> None:
    user = make_user("Contributor")
    client = as_user(user)
    assert [change(client, f"wrong {number}").status_code for number in range(5)] == [200] * 5
    response = change(client, "x")
    assert (response.status_code, int(response.headers["Retry-After"]) > 800) == (429, True)
    assert "Too many wrong tries. Wait 15 minutes, then try again. Nothing was changed." in response.content.decode()
    assert change(as_user(make_user("Contributor")), "x").status_code == 302
    user.refresh_from_db()
    assert user.check_password("x")


def test_a_right_old_password_forgets_the_wrong_ones() -> None:
    client = as_user(make_user("Contributor"))
    for new in ("first long one", "second long one"):
        old = "x" if new.startswith("first") else "first long one"
        assert [change(client, "wrong").status_code for _ in range(4)] == [200] * 4
        assert change(client, old, new).headers["Location"] == "/admin/password_change/done/"


def test_who_must_set_a_password_can_do_nothing_else() -> None:
    user = make_user("Editor")
    require_new_password(user)
    client = as_user(user)
    response = client.get("/admin/comparison/claim/", follow=True)
    assert response.request["PATH_INFO"] == CHANGE
    assert "Somebody else has seen your password." in response.content.decode()
    response = client.post("/admin/comparison/claim/add/", {"statement": "Typed before"})
    assert (response.status_code, "Typed before" in response.content.decode()) == (403, True)
    assert "This is the old password" in change(client, "x", "x").content.decode()
    assert change(client, "x").status_code == 302
    assert client.get("/admin/comparison/claim/").status_code == 200
    assert Group.objects.filter(name=NEW_PASSWORD_GROUP).exists()


def test_the_first_administrator_sets_a_password_of_their_own(capsys) -> None:
    Group.objects.filter(name=NEW_PASSWORD_GROUP).delete()
    Command().ensure_admin()
    printed = capsys.readouterr().out
    assert "After the first login you choose a password of your own." in printed
    admin, client = User.objects.get(), Client()
    password = printed.partition("Password: ")[2].split()[0]
    assert client.post("/admin/login/", {"username": "admin", "password": password}).status_code == 302
    assert client.get("/admin/").headers["Location"] == CHANGE
    assert change(client, password).status_code == 302
    assert client.get("/admin/").status_code == 200
    Command().ensure_admin()
    assert (capsys.readouterr().out, User.objects.get()) == ("", admin)

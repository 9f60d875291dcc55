"""A post that the database refuses gives back what was typed, and says what is wrong."""

import re
import sqlite3

import pytest
from django.db import DatabaseError, OperationalError, connection
from django.test import Client

from comparison.models import Category
from tests.make import make_user

pytestmark = pytest.mark.django_db

ADD = "/admin/comparison/category/add/"
TYPED = {"slug": "a", "name": "A <b>long</b> name, over forty characters of it, typed with care", "order": "1"}


def refuse_writes(error: DatabaseError):
    def wrapper(execute, sql, *rest):
        if sql.startswith(("INSERT", "UPDATE")):
            raise error
        return execute(sql, *rest)

    return connection.execute_wrapper(wrapper)


def sqlite_error(name: str) -> OperationalError:
    error = OperationalError("hunter2")
    error.__cause__ = sqlite3.OperationalError("hunter2")
    error.__cause__.sqlite_errorname = name
    return error


@pytest.fixture
def editor() -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(make_user("Editor"))
    return client


@pytest.mark.parametrize(
    ("code", "words"),
    [("SQLITE_FULL", "disk of the database is full"), ("SQLITE_READONLY_DBMOVED", "can only be read")],
)
def test_what_was_typed_comes_back_with_the_fault(editor, code, words) -> None:
    with refuse_writes(sqlite_error(code)):
        response = editor.post(ADD, TYPED)
    html = response.content.decode()
    assert (response.status_code, words in html, "hunter2" in html) == (503, True, False)
    assert "A &lt;b&gt;long&lt;/b&gt; name" in html
    assert response["X-Request-ID"] in html
    assert (response["Retry-After"], response["Cache-Control"]) == ("30", "no-store")
    assert not Category.objects.exists()


def test_it_can_be_sent_again_as_it_was(editor) -> None:
    with refuse_writes(sqlite_error("SQLITE_FULL")):
        html = editor.post(ADD, TYPED).content.decode()
    hidden = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', html))
    assert (hidden["slug"], hidden["order"], len(hidden["csrfmiddlewaretoken"])) == ("a", "1", 64)
    strict = Client(enforce_csrf_checks=True)
    strict.cookies.update(editor.cookies)
    again = strict.post(ADD, TYPED | {"csrfmiddlewaretoken": hidden["csrfmiddlewaretoken"]})
    assert (again.status_code, Category.objects.get().name) == (302, TYPED["name"])


def test_a_busy_database_asks_for_patience(editor) -> None:
    with refuse_writes(sqlite_error("SQLITE_BUSY")):
        html = editor.post(ADD, TYPED).content.decode()
    assert ("try again in a moment" in html, "tell whoever runs" in html) == (True, False)


def test_a_database_that_is_away_gives_back_the_form_too(editor) -> None:
    def away(execute, sql, *rest):
        raise OperationalError("hunter2")

    with connection.execute_wrapper(away):
        response = editor.post(ADD, TYPED)
    html = response.content.decode()
    assert (response.status_code, "A &lt;b&gt;long" in html, "hunter2" in html) == (503, True, False)


@pytest.mark.parametrize("path", ["/admin/", "/admin/login/"])
def test_pages_of_the_admin_say_that_the_database_is_away(editor, path) -> None:
    def away(execute, sql, *rest):
        raise OperationalError("hunter2")

    with connection.execute_wrapper(away):
        response = editor.get(path)
    assert (response.status_code, b"The database does not answer" in response.content) == (503, True)


def test_an_error_of_the_code_stays_one(editor) -> None:
    with refuse_writes(DatabaseError("hunter2")):
        response = editor.post(ADD, TYPED)
    assert (response.status_code, b"Something broke" in response.content) == (500, True)

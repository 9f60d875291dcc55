"""What is typed into a form survives a lost session. All clients here enforce CSRF tokens."""

from html.parser import HTMLParser
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from comparison.models import Claim, ClaimState
from tests.make import make_claim, make_criterion, make_framework, make_source, make_user

pytestmark = pytest.mark.django_db

ADD = "/admin/comparison/claim/add/"
STATEMENT = "Takes an afternoon to see the first page, and a week to see\nwhat it hides <b>&amp; why</b>"


class Fields(HTMLParser):
    """What the forms of a page would send, as a browser reads them."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, str]] = []
        self.visible: list[str] = []
        self.text: str | None = None
        self.name, self.inside = "", False
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.inside |= tag == "form" and "resume" in given.get("class", "")
        if tag == "input" and self.inside:
            self.found.append((given["name"], given.get("value", "")))
        if tag == "textarea":
            self.name, self.text = given.get("name", ""), ""

    def handle_data(self, data: str) -> None:
        if self.text is not None:
            self.text += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea" and self.text is not None:
            value = self.text.removeprefix("\n")
            self.visible.append(value)
            if self.name:
                self.found.append((self.name, value))
            self.text = None
        self.inside &= tag != "form"

    def data(self, **more: Any) -> dict[str, Any]:
        sent: dict[str, list[str]] = {}
        for name, value in self.found:
            sent.setdefault(name, []).append(value)
        return sent | more


def fields(response: Any) -> Fields:
    return Fields(response.content.decode())


def visitor() -> Client:
    """A client with a token but no login."""
    client = Client(enforce_csrf_checks=True)
    client.get(reverse("admin:login"))
    return client


def token(client: Client) -> str:
    return client.cookies["csrftoken"].value


def written() -> dict[str, Any]:
    """A claim's form, filled in."""
    things = {"framework": make_framework().pk, "criterion": make_criterion().pk, "source": make_source().pk}
    inline = {"checks-TOTAL_FORMS": "0", "checks-INITIAL_FORMS": "0"}
    return {**things, **inline, "statement": STATEMENT, "level": "1", "_submit": "1"}


def lose_session(data: dict[str, Any]) -> tuple[Client, Any]:
    client = visitor()
    return client, client.post(ADD, data | {"csrfmiddlewaretoken": token(client)})


def log_in(client: Client, response: Any, user: Any, password: str = "x") -> Any:
    name = user if isinstance(user, str) else user.get_username()
    return client.post(ADD, fields(response).data(**{"resume-username": name, "resume-password": password}))


def test_a_claim_written_before_the_session_ended_is_saved_after_logging_in() -> None:
    author = make_user("Contributor")
    client, response = lose_session(written())
    assert response.status_code == 403
    assert "no longer logged in" in response.content.decode()
    assert fields(response).visible == [STATEMENT]
    assert "no-store" in response.headers["Cache-Control"]
    response = log_in(client, response, author)
    assert response.status_code == 200
    assert f"logged in as <strong>{author.get_username()}" in response.content.decode()
    assert not Claim.objects.exists()
    response = client.post(ADD, fields(response).data())
    assert response.status_code == 302
    claim = Claim.objects.get()
    assert (claim.statement, claim.state, claim.created_by) == (" ".join(STATEMENT.split()), "submitted", author)


def test_several_values_of_one_name_stay_several() -> None:
    client = visitor()
    address = reverse("admin:comparison_claim_changelist")
    data = {"action": "submit", "_selected_action": ["3", "5"], "csrfmiddlewaretoken": token(client)}
    kept = fields(client.post(address, data)).data()
    assert kept["_selected_action"] == ["3", "5"]
    assert kept["action"] == ["submit"]


@pytest.mark.parametrize(
    ("name", "password", "words"),
    [("nobody", "x", "correct username and password"), ("", "", "Give both username and password")],
)
def test_a_failed_login_keeps_everything(name, password, words) -> None:
    client, response = lose_session(written())
    response = log_in(client, response, name, password)
    assert response.status_code == 403
    assert words in response.content.decode()
    assert fields(response).visible == [STATEMENT]
    again = log_in(client, response, make_user("Contributor"))
    assert client.post(ADD, fields(again).data()).status_code == 302
    assert Claim.objects.count() == 1


def test_who_is_no_member_of_staff_does_not_get_in() -> None:
    client, response = lose_session(written())
    response = log_in(client, response, make_user(is_staff=False))
    assert response.status_code == 403
    assert "_auth_user_id" not in client.session


def test_rights_are_those_of_who_logged_in() -> None:
    claim = make_claim(ClaimState.SUBMITTED)
    client = visitor()
    address = reverse("admin:comparison_claim_decide")
    data = {"claim": claim.pk, "action": "publish", "csrfmiddlewaretoken": token(client)}
    response = client.post(address, data)
    user = make_user("Contributor")
    login = fields(response).data(**{"resume-username": user.get_username(), "resume-password": "x"})
    response = client.post(address, login)
    assert client.post(address, fields(response).data()).status_code == 403
    assert Claim.objects.get().state == "submitted"


def test_the_new_token_is_needed_to_send() -> None:
    client, response = lose_session(written())
    old = token(client)
    response = log_in(client, response, make_user("Contributor"))
    assert client.post(ADD, fields(response).data(csrfmiddlewaretoken=old)).status_code == 403
    assert not Claim.objects.exists()


def test_passwords_and_tokens_are_never_carried() -> None:
    client = visitor()
    data = {
        "old_password": "old secret",
        "Password2": "new secret",
        "note": "Kept",
        "csrfmiddlewaretoken": token(client),
    }
    response = client.post(ADD, data)
    html = response.content.decode()
    assert "Kept" in html
    assert "secret" not in html
    response = log_in(client, response, "nobody", "typed secret")
    assert "secret" not in response.content.decode()
    html = client.post(ADD, data | {"csrfmiddlewaretoken": "x" * 32}).content.decode()
    assert "Kept" in html
    assert "secret" not in html


def test_a_post_of_nothing_but_passwords_goes_to_the_login_page() -> None:
    client = visitor()
    data = {"old_password": "secret", "csrfmiddlewaretoken": token(client)}
    assert client.post(reverse("admin:password_change"), data).status_code == 302


def test_files_cannot_be_carried_and_are_named() -> None:
    client = visitor()
    file = SimpleUploadedFile("article <1>.txt", b"The whole text")
    response = client.post(ADD, {"title": "T", "file": file, "csrfmiddlewaretoken": token(client)})
    for _ in range(2):
        html = response.content.decode()
        assert "Files cannot be kept" in html
        assert "“article &lt;1&gt;.txt”" in html
        assert "The whole text" not in html
        response = log_in(client, response, make_user("Contributor"))


def test_logging_in_and_out_and_reading_stay_as_they_are() -> None:
    user, client = make_user("Contributor"), visitor()
    data = {"username": user.get_username(), "password": "x", "csrfmiddlewaretoken": token(client)}
    assert client.get(ADD).status_code == 302
    assert client.post(reverse("admin:logout"), {"csrfmiddlewaretoken": token(client)}).status_code == 302
    assert client.post(reverse("admin:login"), data).status_code == 302
    assert client.get(ADD).status_code == 200


def test_a_token_that_does_not_fit_shows_the_text_and_sends_nothing() -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(make_user("Contributor"))
    response = client.post(ADD, written(), HTTP_REFERER=f"http://testserver{ADD}?x=1")
    html = response.content.decode()
    assert response.status_code == 403
    assert "security token no longer fits" in html
    assert STATEMENT in fields(response).visible
    assert fields(response).found == []
    assert f'href="http://testserver{ADD}?x=1"' in html
    assert 'class="resume-text"><label for="kept-1">Framework' in html
    assert not Claim.objects.exists()


def test_a_foreign_page_is_not_linked() -> None:
    client = Client(enforce_csrf_checks=True)
    html = client.post(ADD, {"note": "x"}, HTTP_REFERER="http://evil.example/").content.decode()
    assert "security token" in html
    assert "evil.example" not in html


def test_a_token_that_does_not_fit_the_login_asks_to_try_again() -> None:
    client = Client(enforce_csrf_checks=True)
    html = client.post(reverse("admin:login"), {"username": "u", "password": "secret"}).content.decode()
    assert "secret" not in html

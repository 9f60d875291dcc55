"""Posted forms survive the end of a session. All clients here enforce CSRF tokens."""

from html.parser import HTMLParser
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from comparison.models import Claim, ClaimState
from tests.make import make_claim, make_criterion, make_framework, make_source, make_user
from tests.reading import squeezed

pytestmark = pytest.mark.django_db

ADD = "/admin/comparison/claim/add/"
STATEMENT = "Takes an afternoon to see the first page, and a week to see\nwhat it hides <b>&amp; why</b>"


class Fields(HTMLParser):
    """The fields that a browser would send from the recovery form of a page, and the texts it shows."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.fields: list[tuple[str, str]] = []
        self.visible: list[str] = []
        self.text: str | None = None
        self.name, self.in_form = "", False
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = {name: value or "" for name, value in attrs}
        self.in_form |= tag == "form" and "resume" in attributes.get("class", "")
        if tag == "input" and self.in_form:
            self.fields.append((attributes["name"], attributes.get("value", "")))
        if tag == "textarea":
            self.name, self.text = attributes.get("name", ""), ""

    def handle_data(self, data: str) -> None:
        if self.text is not None:
            self.text += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea" and self.text is not None:
            value = self.text.removeprefix("\n")
            self.visible.append(value)
            if self.name:
                self.fields.append((self.name, value))
            self.text = None
        self.in_form &= tag != "form"

    def data(self, **changes: Any) -> dict[str, Any]:
        data: dict[str, list[str]] = {}
        for name, value in self.fields:
            data.setdefault(name, []).append(value)
        return data | changes


def fields(response: Any) -> Fields:
    return Fields(response.content.decode())


def anonymous_client() -> Client:
    """A client with a token but no login."""
    client = Client(enforce_csrf_checks=True)
    client.get(reverse("admin:login"))
    return client


def token(client: Client) -> str:
    return client.cookies["csrftoken"].value


def claim_data() -> dict[str, Any]:
    rows = {"framework": make_framework().pk, "criterion": make_criterion().pk, "source": make_source().pk}
    inline = {"checks-TOTAL_FORMS": "0", "checks-INITIAL_FORMS": "0"}
    return {**rows, **inline, "statement": STATEMENT, "level": "1", "_submit": "1"}


def lose_session(data: dict[str, Any]) -> tuple[Client, Any]:
    client = anonymous_client()
    return client, client.post(ADD, data | {"csrfmiddlewaretoken": token(client)})


def log_in(client: Client, response: Any, user: Any, password: str = "x") -> Any:
    name = user if isinstance(user, str) else user.get_username()
    return client.post(ADD, fields(response).data(**{"resume-username": name, "resume-password": password}))


def test_a_claim_written_before_the_session_ended_is_saved_after_logging_in() -> None:
    author = make_user("Contributor")
    client, response = lose_session(claim_data())
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


def test_several_values_of_one_name_are_kept() -> None:
    client = anonymous_client()
    address = reverse("admin:comparison_claim_changelist")
    data = {"action": "submit", "_selected_action": ["3", "5"], "csrfmiddlewaretoken": token(client)}
    recovered = fields(client.post(address, data)).data()
    assert recovered["_selected_action"] == ["3", "5"]
    assert recovered["action"] == ["submit"]


@pytest.mark.parametrize(
    ("name", "password", "message"),
    [("nobody", "x", "correct username and password"), ("", "", "Give both username and password")],
)
def test_a_failed_login_keeps_everything(name, password, message) -> None:
    client, response = lose_session(claim_data())
    response = log_in(client, response, name, password)
    assert response.status_code == 403
    assert message in response.content.decode()
    assert fields(response).visible == [STATEMENT]
    response = log_in(client, response, make_user("Contributor"))
    assert client.post(ADD, fields(response).data()).status_code == 302
    assert Claim.objects.count() == 1


def test_users_who_are_not_staff_cannot_log_in() -> None:
    client, response = lose_session(claim_data())
    response = log_in(client, response, make_user(is_staff=False))
    assert response.status_code == 403
    assert "_auth_user_id" not in client.session


def test_the_post_is_checked_against_the_rights_of_the_user_who_logged_in() -> None:
    claim = make_claim(ClaimState.SUBMITTED)
    client = anonymous_client()
    address = reverse("admin:comparison_claim_decide")
    data = {"claim": claim.pk, "action": "publish", "csrfmiddlewaretoken": token(client)}
    response = client.post(address, data)
    user = make_user("Contributor")
    login = fields(response).data(**{"resume-username": user.get_username(), "resume-password": "x"})
    response = client.post(address, login)
    assert client.post(address, fields(response).data()).status_code == 403
    assert Claim.objects.get().state == "submitted"


def test_sending_again_requires_the_new_token() -> None:
    client, response = lose_session(claim_data())
    old_token = token(client)
    response = log_in(client, response, make_user("Contributor"))
    assert client.post(ADD, fields(response).data(csrfmiddlewaretoken=old_token)).status_code == 403
    assert not Claim.objects.exists()


def test_passwords_and_tokens_are_never_repeated() -> None:
    client = anonymous_client()
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


def test_a_post_of_passwords_only_goes_to_the_login_page() -> None:
    client = anonymous_client()
    data = {"old_password": "secret", "csrfmiddlewaretoken": token(client)}
    assert client.post(reverse("admin:password_change"), data).status_code == 302


def test_files_cannot_be_kept_but_are_named() -> None:
    client = anonymous_client()
    file = SimpleUploadedFile("article <1>.txt", b"The whole text")
    response = client.post(ADD, {"title": "T", "file": file, "csrfmiddlewaretoken": token(client)})
    for _ in range(2):
        html = response.content.decode()
        assert "Files cannot be kept" in html
        assert "“article &lt;1&gt;.txt”" in html
        assert "The whole text" not in html
        response = log_in(client, response, make_user("Contributor"))


def test_login_logout_and_get_requests_work_as_usual() -> None:
    user, client = make_user("Contributor"), anonymous_client()
    data = {"username": user.get_username(), "password": "x", "csrfmiddlewaretoken": token(client)}
    assert client.get(ADD).status_code == 302
    assert client.post(reverse("admin:logout"), {"csrfmiddlewaretoken": token(client)}).status_code == 302
    assert client.post(reverse("admin:login"), data).status_code == 302
    assert client.get(ADD).status_code == 200


def test_a_wrong_token_shows_the_text_but_offers_nothing_to_send() -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(make_user("Contributor"))
    response = client.post(ADD, claim_data(), HTTP_REFERER=f"http://testserver{ADD}?x=1")
    html = response.content.decode()
    assert response.status_code == 403
    assert "security token no longer fits" in html
    assert STATEMENT in fields(response).visible
    assert fields(response).fields == []
    assert f'href="http://testserver{ADD}?x=1"' in html
    assert 'class="resume-text"> <label for="kept-1">Framework' in squeezed(html)
    assert not Claim.objects.exists()


def test_a_page_of_another_site_is_not_linked() -> None:
    client = Client(enforce_csrf_checks=True)
    html = client.post(ADD, {"note": "x"}, HTTP_REFERER="http://evil.example/").content.decode()
    assert "security token" in html
    assert "evil.example" not in html


def test_a_wrong_token_at_the_login_does_not_show_the_password() -> None:
    client = Client(enforce_csrf_checks=True)
    html = client.post(reverse("admin:login"), {"username": "u", "password": "secret"}).content.decode()
    assert "secret" not in html


def test_tens_of_thousands_of_fields_come_back_in_little_time(settings) -> None:
    names = [str(number) for number in range(20_000)]
    client = anonymous_client()
    data = {"_selected_action": names, "reason": "R" * 50, "csrfmiddlewaretoken": token(client)}
    recovered = fields(client.post(ADD, data)).data()
    assert (recovered["_selected_action"], recovered["reason"]) == (names, ["R" * 50])


def test_a_wrong_token_shows_many_fields_together() -> None:
    client = Client(enforce_csrf_checks=True)
    shown = fields(client.post(ADD, {"note": [f"note {number}" for number in range(1_000)]})).visible
    assert (len(shown), shown[0]) == (201, "note 0")
    assert "Note: note 200\nNote: note 201\n" in shown[200]
    assert shown[200].endswith("Note: note 999")

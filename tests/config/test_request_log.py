"""One line for each request, and lines for logins; what they say, and what no line ever says."""

import io
import json
import logging
import re

import pytest
from django.contrib.auth import get_user_model
from django.db import connection
from django.test import Client

import config.settings
from config.monitoring.log_formats import FORMATTERS, SECRET_PARTS, printable
from tests.installation import KEY, python
from tests.make import make_framework, make_user
from tests.reading import break_after_edition

pytestmark = pytest.mark.django_db

PASSWORD = "correct horse battery"


class Log(io.StringIO):
    @property
    def lines(self) -> list[dict[str, object]]:
        return [json.loads(line) for line in self.getvalue().splitlines()]

    @property
    def requests(self) -> list[dict[str, object]]:
        return [line for line in self.lines if line.get("event") == "request"]


@pytest.fixture
def console():
    """The site's own handler; asked for anew, since whatever sets up Django makes another one."""
    return next(handler for handler in logging.getLogger("crosscheck").handlers if handler.name == "console")


@pytest.fixture
def log(monkeypatch, console):
    """What that handler writes, as JSON."""
    stream = Log()
    monkeypatch.setattr(console, "stream", stream)
    monkeypatch.setattr(console, "formatter", FORMATTERS["json"]())
    return stream


def test_a_request_is_one_line_with_everything_an_operator_asks(client, log) -> None:
    make_framework("Alpha")
    response = client.get("/frameworks/alpha/?q=secret", headers={"user-agent": "secret", "cookie": "secret=1"})
    (line,) = log.lines
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", line.pop("time"))
    assert (line.pop("ms") > 0, line.pop("queries") > 1, line.pop("id")) == (True, True, response["X-Request-ID"])
    line.pop("page", None)
    assert line == {
        "level": "info",
        "logger": "crosscheck.request",
        "event": "request",
        "method": "GET",
        "path": "/frameworks/alpha/",
        "status": 200,
        "route": "framework",
        "user": "anonymous",
        "name": None,
        "refused": None,
        "bytes": len(response.content),
        "from": "127.0.0.1",
    }


def test_queries_are_counted(client, log, django_assert_num_queries) -> None:
    client.get("/about/")
    with django_assert_num_queries(1):
        client.get("/about/")
    assert [line["queries"] for line in log.requests][-1] == 1


@pytest.mark.parametrize("sent", ["abc-DEF_1.2", "a" * 64])
def test_a_sane_request_id_is_taken_over(client, log, sent) -> None:
    assert client.get("/healthz", headers={"x-request-id": sent}).headers["X-Request-ID"] == sent
    assert log.requests[0]["id"] == sent


@pytest.mark.parametrize("sent", ["", "a" * 65, "a b", "a\nb", "ä", '"', "a=b", "a\u2028"])
def test_any_other_request_id_is_replaced(client, log, sent) -> None:
    made = client.get("/healthz", headers={"x-request-id": sent}).headers["X-Request-ID"]
    assert re.fullmatch("[0-9a-f]{16}", made)
    assert client.get("/healthz").headers["X-Request-ID"] != made


@pytest.mark.parametrize(
    ("role", "kind"),
    [("Contributor", "contributor"), ("Reviewer", "reviewer"), ("Editor", "editor"), ("", "staff")],
)
def test_the_kind_of_user_is_named_but_not_who_reads(client, log, role, kind) -> None:
    user = make_user(role) if role else get_user_model().objects.create_user("idle", is_staff=True)
    client.force_login(user)
    client.get("/admin/")
    assert (log.requests[-1]["user"], log.requests[-1]["name"]) == (kind, None)


def test_the_line_of_a_user_costs_no_queries(client, log, django_assert_num_queries) -> None:
    client.force_login(make_user("Editor"))
    client.get("/admin/")
    with connection.execute_wrapper(lambda execute, *args: counted.append(1) or execute(*args)):
        counted: list[int] = []
        client.get("/admin/")
    assert log.requests[-1]["queries"] == len(counted)


def test_changes_name_who_made_them(admin_client, log) -> None:
    admin_client.post("/admin/comparison/category/add/", {"slug": "a", "name": "secret", "order": "1"})
    line = log.requests[-1]
    assert (line["route"], line["status"], line["name"]) == ("admin:comparison_category_add", 302, "admin")
    assert (line["user"], "secret" in log.getvalue()) == ("superuser", False)


def test_a_published_change_names_edition_and_user(admin_client, log, django_capture_on_commit_callbacks) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        admin_client.post("/admin/comparison/category/add/", {"slug": "a", "name": "A", "order": "1"})
    (line,) = [line for line in log.lines if line.get("event") == "edition"]
    assert (line["edition"], line["name"]) == (1, "admin")


def test_logins_and_failures_are_lines_with_name_and_address(client, log) -> None:
    get_user_model().objects.create_superuser("anna", password=PASSWORD)
    for password in ("wrong horse", PASSWORD):
        client.post("/admin/login/", {"username": "anna", "password": password}, REMOTE_ADDR="192.0.2.7")
    client.post("/admin/logout/", REMOTE_ADDR="192.0.2.7")
    events = [line for line in log.lines if line["logger"] == "crosscheck.event"]
    assert [(line["event"], line["level"], line["name"], line["from"]) for line in events] == [
        ("login-failed", "warning", "anna", "192.0.2.7"),
        ("login", "info", "anna", "192.0.2.7"),
        ("logout", "info", "anna", "192.0.2.7"),
    ]
    assert "horse" not in log.getvalue()


def test_refusals_say_why_and_whom(client, log) -> None:
    client.force_login(make_user("Contributor", username="anna"))
    client.get("/admin/comparison/framework/add/")
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(make_user("Reviewer"))
    strict.post("/admin/comparison/claim/add/", {"statement": "secret"})
    denied, forged = log.requests
    assert (denied["status"], denied["refused"], denied["user"]) == (403, "PermissionDenied", "contributor")
    assert (forged["status"], forged["refused"]) == (403, "CSRF: CSRF cookie not set.")
    assert denied["name"] == "anna"
    assert "secret" not in log.getvalue()


def test_throttled_requests_say_so(client, log, settings) -> None:
    settings.LOGIN_TRIES = 1
    for _ in range(2):
        client.post("/admin/login/", {"username": "anna", "password": PASSWORD})
    assert [line["refused"] for line in log.requests] == [None, "throttled"]


BAD = [
    ("/", {"HTTP_HOST": "evil.example"}, "DisallowedHost"),
    ("/?a=%00", {}, "BadRequest"),
    ("/?" + "a" * 9_000, {}, "BadRequest"),
]


@pytest.mark.parametrize(("path", "headers", "reason"), BAD)
def test_a_bad_request_is_one_line_without_traceback(client, log, path, headers, reason) -> None:
    assert client.get(path, **headers).status_code == 400
    (line,) = log.lines
    assert (line["status"], line["refused"], "evil" in log.getvalue()) == (400, reason, False)


@pytest.mark.parametrize(
    ("body", "content_type", "reason"),
    [
        ("&".join(f"f{n}=" for n in range(25_001)), "application/x-www-form-urlencoded", "TooManyFieldsSent"),
        ("secret", "multipart/form-data", "MultiPartParserError"),
    ],
)
def test_too_much_or_malformed_data_is_one_line(client, log, body, content_type, reason) -> None:
    assert client.post("/admin/comparison/claim/add/", body, content_type=content_type).status_code == 400
    (line,) = log.lines
    assert (line["status"], line["refused"], "secret" in log.getvalue()) == (400, reason, False)


def fail(*args) -> None:
    raise ZeroDivisionError("an error of the code")


def test_an_error_has_its_traceback_and_a_page_with_the_same_number(client, log) -> None:
    client.raise_request_exception = False
    with connection.execute_wrapper(fail):
        response = client.get("/admin/login/")
        page = client.get("/frameworks/")
    trace, line = [line for line in log.lines if line["id"] == page["X-Request-ID"]]
    assert "Traceback" in trace["traceback"]
    assert (line["status"], line["level"]) == (500, "error")
    assert page["X-Request-ID"] in page.content.decode()
    assert response["X-Request-ID"] != page["X-Request-ID"]


def test_an_error_of_the_api_names_its_request(client, log) -> None:
    client.raise_request_exception = False
    with connection.execute_wrapper(fail):
        response = client.get("/api/v1/frameworks/")
    assert response["X-Request-ID"] in response.json()["detail"]


FORGED = "/x\n2026-01-01T00:00:00.000Z INFO request path=/admin/ status=200\x1b[2J\u2028\u202e"


@pytest.mark.parametrize("log_format", ["json", "line"])
def test_no_address_forges_a_line(client, log, console, monkeypatch, log_format) -> None:
    monkeypatch.setattr(console, "formatter", FORMATTERS[log_format]())
    client.generic("GET", FORGED, HTTP_X_REQUEST_ID="a\nb", HTTP_X_FORWARDED_FOR="1\n2", HTTP_HOST="a\nb")
    text = log.getvalue()
    assert (text.count("\n"), text.splitlines()[0] + "\n") == (1, text)
    assert "\x1b" not in text


@pytest.mark.parametrize("log_format", ["json", "line"])
def test_no_text_of_an_error_forges_a_line(log, console, monkeypatch, log_format) -> None:
    monkeypatch.setattr(console, "formatter", FORMATTERS[log_format]())
    try:
        raise ValueError("a\n2026-01-01 forged\r\x1b[2J")
    except ValueError:
        logging.getLogger("crosscheck").exception("b\n2026-01-01 %s", "forged\nforged")
    assert not [line for line in log.getvalue().splitlines()[1:] if not line.startswith("    ")]
    assert "\x1b" not in log.getvalue()


def test_a_user_name_does_not_forge_a_line(client, log) -> None:
    client.post("/admin/login/", {"username": "a\n2026 forged " + "x" * 500, "password": PASSWORD})
    assert all(line["event"] in {"request", "login-failed"} for line in log.lines)


def test_addresses_that_open_what_they_name_are_not_logged(client, log) -> None:
    client.get("/recommend/kept/0abc/")
    assert (log.requests[-1]["path"], log.requests[-1]["route"]) == ("/recommend/kept/…/", "kept")
    assert {"key", "token"} <= SECRET_PARTS


def test_what_is_logged_of_faults_names_no_such_address_either(client, log) -> None:
    client.raise_request_exception = False
    with connection.execute_wrapper(fail):
        client.get("/recommend/kept/0abc/")
    with connection.execute_wrapper(break_after_edition):
        client.get("/recommend/kept/0abc/")
    assert "An error at /recommend/kept/…/" in {line.get("message") for line in log.lines}
    assert "0abc" not in log.getvalue()


def test_a_long_address_is_cut(client, log) -> None:
    client.get("/" + "a" * 5_000)
    assert len(log.requests[-1]["path"]) == 301


def test_lines_for_people_quote_only_what_needs_it() -> None:
    record = logging.LogRecord("crosscheck.request", logging.INFO, "", 0, "request", (), None)
    record.fields = {"path": "/a b", "status": 200, "name": None, "from": "::1", "odd": 'a"=b'}
    line = FORMATTERS["line"]().format(record)
    assert line.partition(" ")[2] == 'INFO request path="/a b" status=200 from=::1 odd="a\\"=b"'


def test_a_line_of_another_logger_has_its_name_and_message() -> None:
    record = logging.LogRecord("config.caches.redis_cache", logging.WARNING, "", 0, "away: %s", ("a b",), None)
    assert FORMATTERS["line"]().format(record).endswith('Z WARNING config.caches.redis_cache message="away: a b"')


def test_printable_leaves_text_alone_and_escapes_what_moves_a_cursor() -> None:
    assert printable("Grüße 漢字 ") == "Grüße 漢字 "
    assert printable("a\r\n\t\x1b\u202e\ud800") == r"a\r\n\t\x1b\u202e\ud800"


@pytest.mark.parametrize("log_format", ["line", "json"])
def test_the_format_is_a_setting(log_format, tmp_path) -> None:
    script = "import django, logging; django.setup(); logging.getLogger('crosscheck').info('hello')"
    url = f"sqlite:///{tmp_path}/x.db"
    done = python(
        "-c", script, SECRET_KEY=KEY, DATABASE_URL=url, DJANGO_SETTINGS_MODULE="config.settings", LOG_FORMAT=log_format
    )
    assert (done.stderr.startswith("{"), "hello" in done.stderr) == (log_format == "json", True)


def test_servers_own_lines_are_off() -> None:
    server = config.settings.LOGGING["loggers"]["django.server"]
    assert server == {"handlers": [], "propagate": False}
    assert config.settings.MIDDLEWARE[0] == "config.monitoring.request_log.log_requests"

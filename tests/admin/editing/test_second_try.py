"""Posts that meet another change are tried once more; in one transaction and with one lock, taken first."""

import re
from functools import partialmethod
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, OperationalError, connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from comparison.admin.editing import second_try
from comparison.models import Claim, ClaimState, Edition, Framework, Source
from comparison.models.conflicts import tried_again
from comparison.models.editions import writing
from tests.admin_site import as_admin, form_data, one_of_each, url
from tests.make import make_claim, make_criterion, make_framework, make_source
from tests.source_texts import OLD, PASSAGE, source_with

pytestmark = pytest.mark.django_db


class Deadlock(Exception):
    sqlstate = "40P01"


def conflict() -> OperationalError:
    error = OperationalError("deadlock detected")
    error.__cause__ = Deadlock()
    return error


class Failing:
    """Fails the first times that something is published, after all else was written."""

    def __init__(self, *errors: Exception) -> None:
        self.errors, self.tries = list(errors), 0
        self.publish = type(Edition.objects).publish

    def __call__(self, manager: Any, *args: Any, **kwargs: Any) -> Any:
        self.tries += 1
        if self.errors:
            raise self.errors.pop(0)
        return self.publish(manager, *args, **kwargs)


@pytest.fixture
def failing(monkeypatch) -> Any:
    def install(*errors: Exception) -> Failing:
        failures = Failing(*errors)
        monkeypatch.setattr(type(Edition.objects), "publish", partialmethod(failures))
        return failures

    return install


@pytest.mark.parametrize("error", [conflict(), IntegrityError("duplicate key")], ids=["deadlock", "duplicate"])
def test_a_post_that_meets_another_change_is_tried_once_more_from_the_start(failing, error) -> None:
    client, address = as_admin(), url("framework", "add")
    data = form_data(client, address, name="Alpha", slug="alpha")
    failures = failing(error)
    response = client.post(address, data, follow=True)
    assert failures.tries == 2
    assert Framework.objects.get().history.count() == 1
    assert response.content.decode().count("was added successfully") == 1


def test_who_waited_long_does_not_wait_again(failing, monkeypatch) -> None:
    monkeypatch.setattr(second_try, "MAX_SECONDS", -1.0)
    client, address = as_admin(), url("framework", "add")
    client.raise_request_exception = False
    failures = failing(conflict())
    response = client.post(address, form_data(client, address, name="Alpha", slug="alpha"))
    assert (response.status_code, failures.tries) == (503, 1)
    assert "The database is busy with other changes." in response.content.decode()


def test_an_upload_is_read_from_its_start_again(failing) -> None:
    client = as_admin()
    text = b"Alpha is quick.\n"
    address = url("source", "intake")
    shown = client.post(address, {"upload": SimpleUploadedFile("a.txt", text)})
    upload = shown.context["upload"]
    details = {"title": "A", "slug": "a", "kind": "independent", "language": "en", "shown": upload.digest}
    failures = failing(conflict())
    client.post(address, details | {"upload": SimpleUploadedFile("a.txt", text), "_save": "1"})
    assert failures.tries == 2
    assert Source.objects.get().text == text.decode()


@pytest.mark.parametrize("error", [conflict, lambda: IntegrityError("duplicate key")], ids=["deadlock", "duplicate"])
def test_a_post_that_fails_twice_changes_nothing_and_keeps_what_was_typed(failing, error) -> None:
    client, address = as_admin(), url("framework", "add")
    client.raise_request_exception = False
    tagline = "A line that took an hour to write, and longer to think of"
    data = form_data(client, address, name="Alpha", slug="alpha", tagline=tagline)
    failures = failing(error(), error())
    response = client.post(address, data)
    assert (failures.tries, response.status_code) == (2, 503)
    assert tagline in response.content.decode()
    assert "not saved" in response.content.decode()
    assert not Framework.objects.exists()
    assert client.post(address, data).status_code == 302


def test_an_error_of_the_code_is_not_tried_again(failing) -> None:
    client, address = as_admin(), url("framework", "add")
    failures = failing(RuntimeError("broken"))
    with pytest.raises(RuntimeError):
        client.post(address, form_data(client, address, name="Alpha", slug="alpha"))
    assert failures.tries == 1


def test_readings_passwords_and_codes_are_not_tried_again(monkeypatch) -> None:
    client = as_admin()
    monkeypatch.setattr(second_try, "try_twice", None)
    assert client.get(url("framework", "changelist")).status_code == 200
    for name in ("login", "password_change", "second_step", "logout"):
        assert client.post(reverse(f"admin:{name}"), {}).status_code < 500


def test_a_command_is_tried_again_only_outside_a_transaction() -> None:
    tries = []

    @tried_again
    def command() -> None:
        tries.append(1)
        raise conflict()

    with pytest.raises(OperationalError):
        command()
    assert len(tries) == 1  # the test is a transaction


def test_the_lock_is_taken_once_in_a_transaction() -> None:
    with CaptureQueriesContext(connection) as queries, writing(), writing():
        make_claim(ClaimState.SUBMITTED).transition(ClaimState.PUBLISHED)
    assert len([query for query in queries if LOCK in query["sql"]]) == 1


LOCK = 'WHERE "comparison_edition"."number" = 0'


def posts() -> dict[str, tuple[str, dict[str, Any]]]:
    """A post to every page that changes the catalogue: its address and data."""
    rows = one_of_each()
    draft, submitted = make_claim(ClaimState.DRAFT), make_claim(ClaimState.SUBMITTED)
    twin = make_claim(framework=rows["claim"].framework, criterion=rows["claim"].criterion)
    source, start = source_with(OLD), OLD.index(PASSAGE)
    passage = {"start": start, "end": start + len(PASSAGE), "level": 1, "statement": "New"}
    passage |= {"criterion": rows["claim"].criterion_id, "frameworks": rows["claim"].framework_id}
    changed = {name: (url(name, "change", rows[name].pk), {}) for name in CHANGED}
    deleted = {f"delete {name}": (url(name, "delete", rows[name].pk), {"post": "yes"}) for name in CHANGED}
    action = {"action": "publish_claims", "_selected_action": submitted.pk, "confirmed": "1"}
    history = rows["framework"].history.first().pk
    return {
        **changed,
        **deleted,
        "action": (url("claim", "changelist"), action),
        "old version": (url("framework", "simple_history", rows["framework"].pk, history), {}),
        "merge claims": (url("claim", "merge"), {"keep": rows["claim"].pk, "merge": twin.pk}),
        "merge criteria": (url("criterion", "merge", rows["claim"].criterion_id), {"into": make_criterion().pk}),
        "decide": (url("claim", "decide"), {"claim": submitted.pk, "action": "publish"}),
        "submit drafts": (url("claim", "move_own"), {"claim": draft.pk, "action": "submit"}),
        "check a claim": (url("claim", "check", rows["claim"].pk), {"finding": "false"}),
        "read": (url("source", "read_save", source.pk), passage),
        "take back": (url("source", "read_undo", source.pk), {"claim": draft.pk}),
        "silence": (url("source", "read_silent", source.pk), {"line": 1}),
        "undo": (url("batch", "undo", rows["batch"].pk), {}),
    }


CHANGED = ("framework", "category", "criterion", "source", "claim", "check", "profile", "notapplicable")
POSTS = (
    *CHANGED,
    *(f"delete {name}" for name in CHANGED),
    *("action", "old version", "merge claims", "merge criteria", "decide", "submit drafts"),
    *("check a claim", "read", "take back", "silence", "undo"),
)


@pytest.mark.parametrize("name", POSTS)
def test_every_post_takes_the_lock_before_it_reads_the_catalogue(name: str) -> None:
    client = as_admin()
    address, data = posts()[name]
    if address.endswith("/change/"):
        data = form_data(client, address)
    with CaptureQueriesContext(connection) as queries:
        client.post(address, data)
    sql = [query["sql"] for query in queries if re.search(r'"comparison_', query["sql"])]
    assert LOCK in sql[0]


def test_the_posts_are_all_that_the_test_above_knows() -> None:
    assert set(posts()) == set(POSTS)


def test_importing_takes_the_lock_before_it_writes() -> None:
    client, source, framework, criterion = as_admin(), make_source(), make_framework(), make_criterion()
    text = "source,framework,criterion,statement,level\n"
    text += f"{source.slug},{framework.slug},{criterion.slug},New,1\n"
    address = url("claim", "import")
    fingerprint = client.post(address, {"text": text, "_look": "1"}).context["plan"].fingerprint
    with CaptureQueriesContext(connection) as queries:
        response = client.post(address, {"text": text, "fingerprint": fingerprint, "_store": "1"})
        b"".join(response.streaming_content)
    sql = [query["sql"] for query in queries]
    first_write = next(i for i, query in enumerate(sql) if re.match(r'(INSERT INTO|UPDATE) "comparison_', query))
    assert any(LOCK in query for query in sql[:first_write])
    assert Claim.objects.get().statement == "New"

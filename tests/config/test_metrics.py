"""Numbers for Prometheus: what they count, and who may read them."""

import re

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import OperationalError, connection
from django.test import Client

from config import env
from config import gunicorn as gunicorn_options
from tests.make import make_claim

pytest.importorskip("prometheus_client")
metrics = pytest.importorskip("comparison.web.catalogue_metrics")
pytestmark = pytest.mark.django_db
TOKEN = "t" * 50
EXEMPT = ["^healthz$", "^readyz$", "^metrics$"]  # as BEHIND_PROXY sets it


@pytest.fixture
def client(settings) -> Client:
    settings.METRICS = True
    return Client()


def numbers(client: Client, **headers: str) -> dict[str, float]:
    response = client.get("/metrics", headers=headers)
    assert (response.status_code, response["Content-Type"].startswith("text/plain")) == (200, True)
    lines = [line for line in response.content.decode().splitlines() if not line.startswith("#")]
    return {name: float(value) for name, _, value in (line.rpartition(" ") for line in lines)}


def test_requests_are_counted_by_route_and_status(client) -> None:
    make_claim()
    before = numbers(client)
    for path in ("/about/", "/about/", "/nothing/"):
        client.get(path)
    after = numbers(client)
    grown = {name: after[name] - before.get(name, 0) for name in after if after[name] != before.get(name, 0)}
    assert grown['crosscheck_requests_total{method="GET",route="about",status="200"}'] == 2
    assert grown['crosscheck_requests_total{method="GET",route="none",status="404"}'] == 1
    assert grown['crosscheck_request_seconds_count{route="about"}'] == 2
    assert grown['crosscheck_queries_total{route="about"}'] >= 2
    assert (grown['crosscheck_pages_total{source="drawn"}'], grown['crosscheck_pages_total{source="kept"}']) == (1, 1)


def test_the_catalogue_and_the_checks_are_among_the_numbers(client) -> None:
    make_claim()
    values = numbers(client)
    assert (values["crosscheck_edition"], values['crosscheck_claims{state="published"}']) == (1, 1)
    assert values['crosscheck_claims{state="draft"}'] == 0
    assert values['crosscheck_check_ok{check="database"}'] == 1


@pytest.fixture(autouse=True)
def _count_anew():
    metrics.catalogue_collector.counted_at = float("-inf")


def test_claims_are_counted_only_now_and_then(client, django_assert_max_num_queries) -> None:
    numbers(client)
    with django_assert_max_num_queries(5):  # those of the checks, and the edition
        numbers(client)


def test_without_a_database_the_numbers_say_so(client) -> None:
    def away(*args):
        raise OperationalError("hunter2")

    with connection.execute_wrapper(away):
        values = numbers(client)
    assert values['crosscheck_check_ok{check="database"}'] == 0
    assert "crosscheck_edition" not in values


def test_methods_that_somebody_invents_are_one(client) -> None:
    for number in range(3):
        client.generic(f"ODD{number}", "/about/")
    assert not [name for name in numbers(client) if "ODD" in name]


@pytest.mark.parametrize("address", ["127.0.0.1", "::1", "10.0.0.3", "192.168.1.1", "fd00::1"])
def test_private_addresses_may_read(client, address) -> None:
    assert client.get("/metrics", REMOTE_ADDR=address, headers={"host": "10.1.1.1:8000"}).status_code == 200


def test_behind_a_proxy_who_asks_directly_is_not_sent_to_https(client, settings) -> None:
    settings.SECURE_SSL_REDIRECT = True
    settings.SECURE_REDIRECT_EXEMPT = EXEMPT
    assert client.get("/metrics", headers={"host": "10.1.1.1:8000"}).status_code == 200


@pytest.mark.parametrize(
    "asking",
    [
        {"REMOTE_ADDR": "8.8.8.8"},
        {"REMOTE_ADDR": "2a00::1"},
        {"REMOTE_ADDR": ""},
        {"HTTP_X_FORWARDED_FOR": "10.0.0.1"},
        {"HTTP_X_FORWARDED_PROTO": "https"},
        {"HTTP_X_REAL_IP": "10.0.0.1"},
        {"HTTP_FORWARDED": "for=10.0.0.1"},
        {"HTTP_VIA": "1.1 proxy"},
    ],
)
@pytest.mark.parametrize("behind_proxy", [False, True])
def test_for_others_there_is_no_such_page(client, settings, asking, behind_proxy) -> None:
    settings.BEHIND_PROXY = behind_proxy
    response, absent = client.get("/metrics", **asking), client.get("/metricz", **asking)
    pages = [re.sub("metric[sz]", "", answer.content.decode()) for answer in (response, absent)]
    assert (response.status_code, pages[0] == pages[1]) == (404, True)


def test_a_token_opens_from_anywhere_and_is_needed_everywhere(client, settings) -> None:
    settings.METRICS_TOKEN = TOKEN
    assert (
        client.get("/metrics", REMOTE_ADDR="8.8.8.8", headers={"authorization": f"Bearer {TOKEN}"}).status_code == 200
    )
    for wrong in ("", TOKEN, f"Bearer {TOKEN}x", "Bearer ", f"bearer {TOKEN}"):
        assert client.get("/metrics", headers={"authorization": wrong}).status_code == 404


def test_without_the_setting_there_is_no_such_page(settings) -> None:
    assert settings.METRICS is False
    assert Client().get("/metrics").status_code == 404


def test_a_missing_package_stops_the_start_with_a_sentence() -> None:
    with pytest.raises(ImproperlyConfigured, match=r"^METRICS=1 is not usable: no-such is not installed\. Install it"):
        env.require_package("METRICS", "no_such", "metrics")


def test_folders_of_ended_processes_are_removed(tmp_path) -> None:
    left = tmp_path / "crosscheck-metrics-999999999-abc"
    left.mkdir()
    mine = gunicorn_options.folder_of_this_process("crosscheck-metrics", str(tmp_path))
    again = gunicorn_options.folder_of_this_process("crosscheck-metrics", str(tmp_path))
    assert sorted(map(str, tmp_path.iterdir())) == sorted([mine, again])

"""The benchmark measures pages that answer, or nothing."""

from types import SimpleNamespace

import pytest
from django.test import Client

from tests.bench.asking import NotMeasured, fetch, timed, timed_cold


class BrokenConnection:
    """A connection whose every answer is an error page."""

    def __init__(self, status: int) -> None:
        self.status = status

    def request(self, method: str, url: str, headers: dict[str, str]) -> None:
        pass

    def getresponse(self) -> SimpleNamespace:
        return SimpleNamespace(status=self.status, headers={}, read=lambda: b"short")


@pytest.mark.parametrize("status", [404, 500, 304])
def test_a_page_that_does_not_answer_200_stops_the_benchmark(status) -> None:
    with pytest.raises(NotMeasured, match=f"/x/ answered {status} instead of 200"):
        fetch(BrokenConnection(status), "/x/")  # type: ignore[arg-type]


@pytest.mark.django_db
def test_a_cold_page_that_does_not_answer_200_stops_the_benchmark() -> None:
    with pytest.raises(NotMeasured, match="/nothing/ answered 404"):
        timed_cold(Client(), "/nothing/", rounds=1)


@pytest.mark.django_db
def test_a_cold_page_is_drawn_in_every_round(monkeypatch) -> None:
    calls: list[str] = []
    monkeypatch.setattr("tests.bench.asking.cache.clear", lambda: calls.append("cleared"))
    timed_cold(Client(), "/about/", rounds=3)
    assert calls == ["cleared"] * 4


def test_preparing_is_not_timed() -> None:
    steps: list[str] = []
    timed(lambda: steps.append("action"), 2, prepare=lambda: steps.append("prepare"))
    assert steps == ["prepare", "action"] * 3

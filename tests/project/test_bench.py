"""The benchmark measures pages that answer, or nothing."""

import json
import re
from pathlib import Path
from socket import socketpair
from xml.etree import ElementTree

import pytest
from django.test import Client

from comparison.models import Source
from tests.bench import asking
from tests.bench.articles import GROUP as ARTICLES
from tests.bench.articles import measure_articles
from tests.bench.asking import Connection, NotMeasured, served, timed, timed_cold
from tests.bench.chart import draw
from tests.bench.data import Crowd
from tests.bench.growth import pages
from tests.bench.nginx import nginx_with
from tests.bench.over_http import request
from tests.bench.results import GROWTH_GROUP, HTTP_GROUP, Report, Result

ROOT = Path(__file__).parents[2]
KEPT_RESULTS = sorted((ROOT / "docs" / "bench").glob("*.json"))


@pytest.fixture
def answered_by(monkeypatch):
    """Makes a connection to a server that gives this answer."""
    client, server = socketpair()
    monkeypatch.setattr(asking, "connected", lambda port: client)

    def answer(content: bytes) -> Connection:
        server.sendall(content)
        return Connection(0)

    yield answer
    client.close()
    server.close()


def test_the_site_is_served_with_a_plain_page_beside_it(monkeypatch, tmp_path) -> None:
    for name in ("STATIC_ROOT", "LOG"):
        monkeypatch.setenv(f"BENCH_{name}", str(tmp_path / name))
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path}/bench.sqlite3")
    (tmp_path / "STATIC_ROOT").mkdir()
    with served() as site:
        assert site.connection.ask(request("/plain/5"), 200)[0] == b"xxxxx"


@pytest.mark.django_db
@pytest.mark.usefixtures("two")  # which brings a profile
def test_every_page_whose_growth_is_measured_answers(client) -> None:
    Crowd().grow(100)
    assert {name: client.get(url).status_code for name, url in pages(100).items()} == dict.fromkeys(pages(100), 200)


def test_body_and_etag_are_read(answered_by) -> None:
    connection = answered_by(b'HTTP/1.1 200 OK\r\nContent-Length: 4\r\nETag: W/"a"\r\n\r\nbody')
    assert connection.ask(request("/x/"), 200) == (b"body", 'W/"a"')
    connection.close()


@pytest.mark.parametrize("status", [404, 500, 304])
def test_a_page_that_does_not_answer_200_stops_the_benchmark(answered_by, status) -> None:
    connection = answered_by(f"HTTP/1.1 {status} X\r\nContent-Length: 0\r\n\r\n".encode())
    with pytest.raises(NotMeasured, match=f"/x/ answered {status} instead of 200"):
        connection.ask(request("/x/"), 200)
    connection.close()


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


@pytest.mark.parametrize(
    ("value", "unit", "limit", "kept"),
    [
        (0.95, "×", 0.9, True),
        (0.85, "×", 0.9, False),
        (151, "ms", 150, False),
        (1.2, "times", 1.2, True),
        (20_000, "bytes", 20_000, True),
        (1, "MB", None, None),
    ],
)
def test_a_target_is_a_floor_of_speeds_and_a_ceiling_of_costs(value, unit, limit, kept) -> None:
    result = Result("group", "name", value, unit, limit=limit)
    assert (result.is_kept, "MISSED" in str(result), "kept" in str(result)) == (kept, kept is False, kept is True)


def test_results_are_printed_and_written(tmp_path, capsys) -> None:
    report = Report()
    report.add("Pages", "table", 12.3456, "ms", limit=150, size=1000)
    report.add("Pages", "list", 200, "ms", limit=150)
    report.write(tmp_path / "new" / "results.json")
    data = json.loads((tmp_path / "new" / "results.json").read_text())
    assert [row["kept"] for row in data["results"]] == [True, False]
    assert {"date", "versions", "results"} == set(data)
    printed = capsys.readouterr().out
    assert (printed.count("Pages"), "12.35 ms" in printed, "MISSED" in printed) == (1, True, True)


def test_without_nginx_the_rest_is_measured(monkeypatch, capsys) -> None:
    monkeypatch.setattr("tests.bench.nginx.shutil.which", lambda *names, **options: None)
    with nginx_with(b"body") as server:
        assert server is None
    assert "apt install nginx-light" in capsys.readouterr().out


def test_the_chart_shows_ratios_targets_and_growth() -> None:
    rows = [
        {"group": HTTP_GROUP, "name": "plain page", "value": 1.0, "unit": "×", "limit": None, "size": None},
        {"group": HTTP_GROUP, "name": "table & more", "value": 1.1, "unit": "×", "limit": 0.9, "size": None},
        {"group": HTTP_GROUP, "name": "nginx", "value": 30.0, "unit": "×", "limit": None, "size": None},
    ]
    for size in (1000, 10_000):
        group = f"{GROWTH_GROUP} {size:,} claims"
        rows.append({"group": group, "name": "disputes", "value": size / 100, "unit": "ms", "limit": 150, "size": size})
    svg = draw({"date": "2026-01-01", "results": rows})
    texts = [element.text for element in ElementTree.fromstring(svg).iter("{http://www.w3.org/2000/svg}text")]
    assert {"table & more", "1.10 × (target 0.9)", "30.00 × (bar cut)", "disputes", "10,000"} <= set(texts)
    widths = [float(width) for width in re.findall(r'<rect [^>]*width="([\d.]+)"', svg)]
    assert max(widths) < 500


def test_the_chart_of_the_readme_is_drawn_from_the_newest_results() -> None:
    assert KEPT_RESULTS
    chart = (ROOT / "docs" / "bench" / "chart.svg").read_text()
    assert chart == draw(json.loads(KEPT_RESULTS[-1].read_text()))


@pytest.mark.django_db
def test_an_article_is_uploaded_stored_and_opened(capsys) -> None:
    report = Report()
    measure_articles(report, length=20_000)
    assert [(result.group, result.unit, bool(result.limit)) for result in report.results] == [
        (ARTICLES, "ms", True)
    ] * 5
    assert Source.objects.get(slug="long-1").text.startswith("# Of two\n\n## What 0 requests show\n")

"""The pages of experiments and all that leads to them: results, drawings, runs set beside each other, and files."""

import re
from typing import Any

import pytest
from django.core.cache import cache

from comparison.models import ClaimState, Measurement, Source
from comparison.tables.experiments import GROUP_LABELS, definitions
from comparison.tables.experiments.chart import WIDTH, scale_of
from comparison.tables.experiments.pages import experiment_page
from tests.make import make_claim, make_criterion, make_framework, make_measurement, make_part, make_source
from tests.reading import squeezed

pytestmark = pytest.mark.django_db
RUN = {"rounds": 15, "machine": {"processor": "Abacus", "cores": 2}, "versions": {"one": "One 5.2", "two": "Two 3.1"}}

RUN_DAYS = (("Old run", "2026-01-01"), ("New run", "2026-02-01"))


def make_run(title: str, published: str, **fields: Any) -> Source:
    return make_source(title, kind="measurement", published=published, run=RUN, **fields)


@pytest.fixture
def measured() -> dict[str, Any]:
    """An experiment in two runs: in the old one the second framework took thrice as long, in the new one twice."""
    one, two = make_framework("One"), make_framework("Two")
    criterion = make_criterion("figure", "CPU time for JSON", slug="cpu-json")
    old, new = make_run("Old run", "2026-01-01"), make_run("New run", "2026-02-01")
    parts = [make_part(run, title=f"{run.title} json", experiment="json") for run in (old, new)]
    for part, factor in zip(parts, (3, 2), strict=True):
        make_measurement(part=part, framework=one, median=10, low=9.8, high=10.2, samples=[10, 9.8, 10.2])
        high = 10.2 * factor
        make_measurement(part=part, framework=two, median=10 * factor, low=9.8 * factor, high=high, samples=[high])
    make_measurement(part=parts[1], framework=one, variant="bare, time on the clock", median=12, low=11, high=13)
    claim = make_claim(source=parts[1], framework=one, criterion=criterion, section="bare")
    return {"one": one, "two": two, "new": new, "old": old, "part": parts[1], "old_part": parts[0]} | {
        "claim": claim,
        "criterion": criterion,
    }


def text(client, address: str, status: int = 200) -> str:
    response = client.get(address)
    assert response.status_code == status
    return squeezed(response.content.decode())


def test_every_experiment_belongs_to_a_known_group() -> None:
    assert {experiment.group for experiment in definitions().values()} <= set(GROUP_LABELS)


def test_the_list_shows_each_experiment_before_anything_is_run(client) -> None:
    html = text(client, "/experiments/")
    assert "Nothing has been run here yet" in html
    for slug, experiment in definitions().items():
        assert f'href="/experiments/{slug}/"' in html
        assert experiment.question in html


@pytest.mark.parametrize("slug", definitions())
def test_an_experiment_that_was_not_run_shows_its_question_method_and_program(client, slug) -> None:
    html = text(client, f"/experiments/{slug}/")
    assert "It has not been run here yet" in html
    assert f"manage.py measure {slug}" in html
    assert "def take(" in html


def test_the_list_shows_the_newest_results_with_their_ratio(client, measured) -> None:
    html = text(client, "/experiments/")
    assert re.search(r"10 ms</b> *<span class=\"quiet\">bare, lowest", html)
    assert re.search(r"20 ms</b> *<span class=\"quiet\">bare, 2 times One", html)
    assert "30 ms" not in html
    assert "time on the clock" not in html


@pytest.mark.parametrize(("low", "words"), [(10.5, "1.10 times One, "), (10.2, "1.10 times One, within the spread")])
def test_a_difference_within_the_spread_is_called_so(client, measured, low, words) -> None:
    Measurement.objects.filter(median=20).update(median=11, low=low, high=12)
    newest = experiment_page(definitions()["json"]).newest
    assert newest is not None
    assert newest.variants[0].results[1].distance == words.removesuffix(", ")


def test_an_experiment_shows_results_of_its_newest_run_with_spread_machine_and_versions(client, measured) -> None:
    html = text(client, "/experiments/json/")
    assert "9.80–10.2" in html
    assert "2 times One" in html
    assert "Abacus" in html
    assert "One 5.2, Two 3.1" in html
    assert "15 of each measurement" in html
    assert 'href="/criteria/cpu-json/"' in html
    newest = experiment_page(definitions()["json"]).newest
    assert newest is not None
    assert [variant.name for variant in newest.variants] == ["bare", "bare, time on the clock"]


def test_runs_whose_ratios_differ_by_more_than_the_spread_say_so(client, measured) -> None:
    html = text(client, "/experiments/json/")
    assert "bare: One 10 ms, Two 20 ms; Two 2 times One" in html
    assert "bare: One 10 ms, Two 30 ms; Two 3 times One" in html
    assert "Bare: Two takes 3.00 (2.88–3.12) times what One takes, in the newest run 2.00 (1.92–2.08)" in html


def test_every_run_shows_what_it_found_out_and_what_failed_or_was_noisy(client) -> None:
    one, nothing = make_framework("One"), {"unit": "", "median": None, "low": None, "high": None, "samples": []}
    parts = [make_part(make_run(title, day), experiment="box-accounts") for title, day in RUN_DAYS]
    make_measurement(part=parts[0], framework=one, variant="login", outcome="none", **nothing)
    make_measurement(part=parts[0], framework=one, variant="admin", failure="did not start", **nothing)
    make_measurement(part=parts[0], framework=one, variant="sessions", is_noisy=True)
    make_measurement(part=parts[1], framework=one, variant="login", outcome="built-in", **nothing)
    html = text(client, "/experiments/box-accounts/")
    assert "login: One Built in" in html
    assert "login: One None" in html
    assert "admin: One Failed (did not start)" in html
    assert "sessions: One 10 ms (too noisy)" in html


def test_runs_whose_ratios_agree_say_so(client, measured) -> None:
    Measurement.objects.filter(median=30).update(median=20, low=19.6, high=20.4)
    html = text(client, "/experiments/json/")
    assert "differ by more than the spread" not in html
    assert "No ratio differs from the newest run by more than the spread." in html


def test_failures_and_noisy_results_are_marked_and_counted(client, measured) -> None:
    make_measurement(
        part=measured["part"], framework=measured["two"], variant="new project", median=None, low=None, high=None,
        samples=[], failure="did not start within 10 s",
    )  # fmt: skip
    make_measurement(part=measured["part"], framework=measured["one"], variant="new project", is_noisy=True)
    html = text(client, "/experiments/json/")
    assert "1 result failed; the reason stands in its row." in html
    assert "1 result spreads too far to be trusted." in html
    assert html.count('<span class="flag">did not start within 10 s</span>') == 1
    assert "Failed (did not start within 10 s)" in html  # among the runs
    assert "too noisy" in html
    assert "did not start within 10 s" in text(client, "/experiments/")


def test_what_was_found_out_is_shown_with_what_was_seen(client) -> None:
    part = make_part(make_run("Run", "2026-01-01"), experiment="box-accounts")
    make_measurement(
        part=part, variant="login", unit="", median=None, low=None, high=None, samples=[],
        outcome="built-in", detail="logged somebody in",
    )  # fmt: skip
    html = text(client, "/experiments/box-accounts/")
    assert "Built in" in html
    assert "logged somebody in" in html
    assert "Drawn from" not in html


def test_a_run_keeps_its_results_when_the_program_is_gone(client) -> None:
    part = make_part(make_run("Run", "2026-01-01"), title="Bygone", experiment="bygone")
    make_measurement(part=part)
    html = text(client, "/experiments/bygone/")
    assert "Its program is no longer part of this software" in html
    assert "Run it yourself" not in html
    assert "Bygone" in text(client, "/experiments/")


def test_an_unknown_experiment_is_answered_with_those_of_similar_names(client) -> None:
    html = text(client, "/experiments/plaintxt/", 404)
    assert "There is no experiment “plaintxt” here." in html
    assert 'href="/experiments/plaintext/"' in html
    assert (
        client.get("/api/v1/experiments/plaintxt/")
        .json()["detail"]
        .startswith("There is no experiment “plaintxt” here. Did you mean plaintext or")
    )


# Drawings.


@pytest.mark.parametrize(
    ("high", "samples", "top", "step"),
    [
        (10.2, [9, 10.2], 15, 5),  # a line every 2 would make six of them
        (10, [10], 10, 2),
        (0.38, [0.41], 0.5, 0.1),
        (10, [100], 15, 5),  # a sample far outside does not press the others together
        (0.05, [0.05], 0.05, 0.01),
    ],
)
def test_a_scale_begins_at_zero_and_ends_at_a_round_number(high, samples, top, step) -> None:
    scale = scale_of([Measurement(median=high, low=high, high=high, samples=samples, unit="ms")])
    assert (scale.top, scale.step) == pytest.approx((top, step))


def test_nothing_is_drawn_where_there_are_no_numbers() -> None:
    assert scale_of([]) is None
    assert scale_of([Measurement(outcome="none")]) is None
    assert scale_of([Measurement(median=0, low=0, high=0, samples=[0])]) is None


def test_a_drawing_has_a_dot_for_each_sample_and_says_which_lie_beyond_it(client) -> None:
    part = make_part(make_run("Run", "2026-01-01"), experiment="json")
    make_measurement(part=part, samples=[9, 10, 11, 100])
    response = client.get("/experiments/json/")
    html = response.content.decode()
    assert html.count('<circle class="dot') == 4
    assert html.count("dot beyond") == 1
    assert "1 reading beyond the scale" in squeezed(html)
    xs = [float(x) for x in re.findall(r'cx="([\d.]+)"', html)]
    assert max(xs) <= WIDTH + 6
    assert "style=" not in html.split("<main")[1]


# Files, the API, and what leads here.


def test_files_hold_the_raw_samples(client, measured) -> None:
    rows = client.get("/experiments/json.json").json()["results"]
    assert [(row["run"], row["framework"], row["samples"]) for row in rows] == [
        ("new-run", "one", [10, 9.8, 10.2]),
        ("new-run", "two", [20.4]),
        ("new-run", "one", [9, 10, 11]),
        ("old-run", "one", [10, 9.8, 10.2]),
        ("old-run", "two", [10.2 * 3]),
    ]
    assert '"[10, 9.8, 10.2]"' in client.get("/experiments/json.csv").content.decode()
    assert client.get("/experiments/json.md").content.decode().startswith("# An answer in JSON")
    assert len(client.get("/experiments.json").json()["results"]) == len(definitions())


def test_the_api_lists_experiments_and_gives_each_with_its_runs(client, measured) -> None:
    listed = client.get("/api/v1/experiments/?page_size=500").json()["results"]
    assert {row["slug"] for row in listed} == set(definitions())
    answer = client.get("/api/v1/experiments/json/").json()
    assert answer["feeds"] == {"cpu-json": "bare"}
    assert [run["slug"] for run in answer["runs"]] == ["new-run", "old-run"]
    assert answer["runs"][0]["machine"] == {"processor": "Abacus", "cores": "2"}
    assert len(answer["results"]) == 5
    assert "def take(" in answer["code"]


def test_a_run_leads_to_its_experiments_and_says_how_it_was_made(client, measured) -> None:
    for address in ("/sources/new-run/", f"/sources/{measured['part'].slug}/"):
        html = text(client, address)
        assert 'href="/experiments/json/"' in html
        assert "Abacus" in html
        assert "One 5.2, Two 3.1" in html


@pytest.mark.parametrize("address", ["/criteria/cpu-json/", "/compare/one/cpu-json/", "/claims/{claim}/"])
def test_what_is_measured_leads_to_its_experiment(client, measured, address) -> None:
    assert 'href="/experiments/json/"' in text(client, address.format(claim=measured["claim"].pk))


@pytest.mark.parametrize("address", ["/checks/", "/methodology/", "/frameworks/one/"])
def test_other_pages_lead_to_the_experiments(client, measured, address) -> None:
    assert 'href="/experiments/"' in text(client, address)


def test_the_sitemap_names_every_experiment(client) -> None:
    xml = client.get("/sitemap.xml").content.decode()
    assert all(f"/experiments/{slug}/</loc>" in xml for slug in definitions())


def test_a_noisy_result_is_no_claim_and_its_draft_is_not_shown(client, measured) -> None:
    make_claim(
        ClaimState.DRAFT, source=measured["part"], framework=measured["two"], criterion=measured["criterion"],
        statement="Takes long",
    )  # fmt: skip
    assert "Takes long" not in text(client, "/experiments/json/") + text(client, f"/sources/{measured['part'].slug}/")


def test_a_row_names_those_that_were_measured_but_too_noisy_in_every_run(client, measured) -> None:
    noisy, twice = make_framework("Noisy"), make_framework("Twice")
    for framework in (noisy, twice):
        make_measurement(part=measured["part"], framework=framework, variant="bare", is_noisy=True)
    make_measurement(part=measured["old_part"], framework=twice, variant="bare")
    assert "because the readings varied too much: Noisy." in text(client, "/compare/noisy-vs-one-vs-twice/cpu-json/")
    assert "varied too much" not in text(client, "/compare/one-vs-twice/cpu-json/")
    assert "because the readings varied too much: Noisy." in text(client, "/compare/noisy/cpu-json/")


@pytest.mark.parametrize(
    ("address", "budget"),
    [("/experiments/", 3), ("/experiments/json/", 3), ("/experiments/json.csv", 3), ("/experiments.json", 2)],
)
def test_experiments_cost_the_same_at_any_size(client, measured, address, budget, django_assert_num_queries) -> None:
    for number in range(3):
        part = make_part(make_run(f"Run {number}", f"2026-03-0{number + 1}"), experiment="json")
        for _ in range(3):
            make_measurement(part=part)
        with django_assert_num_queries(budget):
            client.get(address)
        cache.clear()

"""From readings to a source with claims."""

import pytest
import yaml

from comparison.experiments.running import ratios, results
from comparison.experiments.running.results import Result, Run, document, readable, statement, summarise
from comparison.files.yaml_entries import write_text
from tests.experiments.fakes import make_program

STEADY = [1.00, 1.02, 1.04, 1.06, 1.08]
NOISY = [1.0, 1.2, 1.5, 1.9, 2.5]


def make_result(**fields) -> Result:
    return Result(**{"framework": "fake", "variant": "bare"} | fields)


def made(*rows: Result, **fields):
    """The part that a run of these results has, read back from its file."""
    given = {"slug": "json", "feeds": {"cpu-json": "bare"}, "statement": "Takes {value} {unit}, {variant} ({spread})"}
    program = make_program(**given | fields)
    slug = program.experiment.slug
    run = Run("measurements-2026-11-28", "2026-11-28", 5, results={slug: list(rows)})
    content = yaml.safe_load(write_text(document(run, {slug: program.experiment})))
    return content["parts"][0]


def test_the_middle_and_the_quartiles() -> None:
    summary = summarise(STEADY)
    assert (summary.median, summary.low, summary.high) == (1.04, 1.02, 1.06)
    assert not summary.is_noisy
    assert summarise([7.0]) == results.Summary(7.0, 7.0, 7.0)


@pytest.mark.parametrize(("samples", "noisy"), [([9, 9, 10, 11, 11], False), ([8.9, 8.9, 10, 11, 11], True)])
def test_a_spread_above_a_fifth_of_the_median_is_noisy(samples, noisy) -> None:
    assert summarise(samples).is_noisy is noisy


def test_samples_of_nothing_have_no_spread() -> None:
    assert not summarise([0.0, 0.0]).is_noisy


@pytest.mark.parametrize(
    ("number", "text"),
    [(0.10344, "0.103"), (0.1, "0.100"), (1.0, "1"), (12.345, "12.3"), (123.4, "123"), (115295, "115,295"),
     (1234.5, "1,234"), (0.00123, "0.00123"), (99.96, "100.0")],
)  # fmt: skip
def test_numbers_in_sentences_have_three_digits(number, text) -> None:
    assert readable(number) == text


def test_a_measured_result_has_its_samples_and_one_claim() -> None:
    part = made(make_result(samples=STEADY))
    assert part["slug"] == "measurements-2026-11-28-json"
    assert part["results"] == [
        {
            "framework": "fake",
            "variant": "bare",
            "unit": "ms",
            "median": 1.04,
            "low": 1.02,
            "high": 1.06,
            "samples": "1 1.02 1.04 1.06 1.08",
        }
    ]
    assert part["claims"] == [
        {
            "framework": "fake",
            "criterion": "cpu-json",
            "statement": "Takes 1.04 ms, bare (1.02–1.06 ms, 5 rounds)",
            "low": 1.04,
            "high": 1.04,
            "section": "bare",
        }
    ]


def test_the_figure_of_a_claim_has_four_decimals() -> None:
    part = made(make_result(samples=[0.053456]))
    assert part["results"][0]["median"] == 0.05346
    assert part["claims"][0]["low"] == 0.0535


def test_a_noisy_result_is_marked_and_its_claim_is_a_draft_with_the_reason() -> None:
    part = made(make_result(samples=NOISY))
    assert part["results"][0]["noisy"] is True
    (claim,) = part["claims"]
    assert claim["state"] == "draft"
    assert claim["state_reason"] == "Too noisy: the quartiles lie 47% of the median apart, more than 20%"


def test_a_failure_is_told_and_claims_nothing() -> None:
    part = made(make_result(failure="did not start within 10 s", samples=[1.0]))
    assert part["results"] == [{"framework": "fake", "variant": "bare", "failure": "did not start within 10 s"}]
    assert "claims" not in part


def test_other_variants_than_the_fed_one_claim_nothing() -> None:
    assert "claims" not in made(make_result(variant="full", samples=STEADY))


def test_time_on_the_clock_stands_beside_cpu_time_and_claims_nothing() -> None:
    part = made(make_result(samples=STEADY, wall=[sample * 2 for sample in STEADY]))
    assert [row["variant"] for row in part["results"]] == ["bare", "bare, time on the clock"]
    assert part["results"][1]["median"] == 2.08
    assert len(part["claims"]) == 1


def test_a_finding_claims_its_support() -> None:
    part = made(make_result(outcome="none", detail="no such module"), statement="Tried: {detail}", unit="")
    assert part["results"] == [{"framework": "fake", "variant": "bare", "outcome": "none", "detail": "no such module"}]
    assert part["claims"] == [
        {
            "framework": "fake",
            "criterion": "cpu-json",
            "statement": "Tried: no such module",
            "support": "none",
            "section": "bare",
        }
    ]


def test_a_list_claims_each_item_and_nothing_where_there_is_none() -> None:
    fields = {"feeds": {"databases": "bare"}, "lists": ("databases",), "statement": "Works with {item}"}
    part = made(make_result(outcome="built-in", detail="both", items=["SQLite", "Oracle"]), **fields)
    assert [(claim["item"], claim["statement"]) for claim in part["claims"]] == [
        ("Oracle", "Works with Oracle"),
        ("SQLite", "Works with SQLite"),
    ]
    assert "claims" not in made(make_result(outcome="none", detail="neither"), **fields)


def test_a_long_statement_ends_where_a_claim_may() -> None:
    (claim,) = made(make_result(outcome="none", detail="x" * 400), statement="{detail}")["claims"]
    assert len(claim["statement"]) == results.MAX_STATEMENT


def test_a_statement_without_a_pattern_says_the_number() -> None:
    experiment = make_program(statement="").experiment
    assert statement(experiment, make_result(samples=STEADY)) == "1.04 ms, bare (1.02–1.06 ms, 5 rounds)"


def test_a_run_survives_its_record() -> None:
    run = Run("slug", "2026-11-28", 5, results={"json": [make_result(samples=STEADY, items=["a"])]})
    assert Run.from_json(run.as_json()) == run


def two(django: list[float], flask: list[float], variant: str = "bare"):
    rows = [make_result(framework="b", samples=flask), make_result(framework="a", samples=django)]
    return {"parts": [made(*rows)]}


def scaled(samples: list[float], factor: float) -> list[float]:
    return [factor * sample for sample in samples]


def test_ratios_that_overlap_do_not_differ() -> None:
    here, there = two(STEADY, scaled(STEADY, 2)), two(scaled(STEADY, 10), scaled(STEADY, 20.5))
    assert list(ratios.differences(here, there)) == []


def test_ratios_that_differ_by_more_than_the_spread_are_named() -> None:
    here, there = two(STEADY, scaled(STEADY, 2)), two(STEADY, scaled(STEADY, 3))
    (difference,) = ratios.differences(here, there)
    assert str(difference) == "json, bare: b / a is 2.00 (1.92–2.08) here, 3.00 (2.89–3.12) there"


def test_time_on_the_clock_is_not_compared() -> None:
    def timed(factor: float):
        rows = [make_result(framework=slug, samples=STEADY, wall=STEADY) for slug in "ab"]
        rows[0].wall = scaled(STEADY, factor)
        return {"parts": [made(*rows)]}

    assert list(ratios.differences(timed(1), timed(5))) == []


def test_what_only_one_run_measured_is_not_compared() -> None:
    assert list(ratios.differences(two(STEADY, NOISY), {"parts": []})) == []
    failed = {"parts": [made(make_result(failure="broken"))]}
    assert list(ratios.differences(two(STEADY, scaled(STEADY, 2)), failed)) == []

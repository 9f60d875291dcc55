"""Verdicts and outcomes compared with those of an independent computation in exact fractions (the file says which)."""

import json
from pathlib import Path
from typing import Any

import pytest

from comparison.evidence import Evidence, Finding, Kind, SourceKind, Support, Verdict, verdict
from comparison.row_outcomes import outcome, positions

GOLDEN = json.loads((Path(__file__).parent / "golden_verdicts.json").read_text())["rows"]


def read_claim(claim: dict[str, Any]) -> Evidence:
    return Evidence(
        claim["claim"],
        claim["source"],
        claim.get("origin", claim["source"]),
        claim.get("depth", 0),
        SourceKind(claim["source_kind"]),
        level=claim.get("level"),
        support=Support(claim["support"]) if "support" in claim else None,
        low=claim.get("low"),
        high=claim.get("high"),
        item=claim.get("item", ""),
        findings=frozenset(map(Finding, claim.get("findings", ()))),
        is_own=claim.get("is_own", True),
    )


def read_verdict(kind: Kind, cell: Any) -> Verdict:
    is_applicable = isinstance(cell, list)
    claims = cell if is_applicable else cell["not_applicable"]
    return verdict(kind, map(read_claim, claims), is_applicable=is_applicable)


def facts_of(result: Verdict, names: list[str]) -> dict[str, Any]:
    """What the file says of a verdict, as far as it says it."""
    figure = result.figure
    facts = {
        "state": str(result.state),
        "position": result.position,
        "weight": result.weight,
        "supports": sorted(result.supports),
        "median": figure and figure.median,
        "low": figure and figure.low,
        "high": figure and figure.high,
        "items": {item.name: item.sources for item in result.items},
        "for": list(result.supporting),
        "against": list(result.opposing),
    }
    return {name: facts[name] for name in names}


@pytest.mark.parametrize("row", GOLDEN)
def test_verdicts_and_outcomes_equal_those_of_the_independent_computation(row: dict[str, Any]) -> None:
    kind = Kind(row["kind"])
    verdicts = [read_verdict(kind, cell) for cell in row["cells"]]
    for result, expected in zip(verdicts, row["verdicts"], strict=True):
        for name, fact in facts_of(result, list(expected)).items():
            assert fact == (pytest.approx(expected[name]) if isinstance(fact, float) else expected[name]), name
    assert positions(verdicts, row["lower_is_better"]) == pytest.approx(row["positions"])
    expected = row["outcome"]
    ending = outcome(kind, verdicts, row["lower_is_better"])
    assert (str(ending.result), ending.leader) == (expected["result"], expected.get("leader"))
    if "gap" in expected:
        assert ending.gap == pytest.approx(expected["gap"])
    if expected["result"] != "not ranked" or "reason" in expected:
        assert (ending.reason and str(ending.reason)) == expected.get("reason")


def test_the_file_holds_every_kind_and_every_end() -> None:
    assert {row["kind"] for row in GOLDEN} == set(map(str, Kind))
    assert {row["outcome"]["result"] for row in GOLDEN} == {"lead", "even", "unsettled", "not ranked"}
    assert {row["outcome"].get("reason") for row in GOLDEN} >= {"one source", "vendors alone", "disputed", "unknown"}

"""Frameworks that are not the usual case are shown as what they are: old documentation, none, unquotable, failing."""

import pytest

from comparison.models import Framework, Source
from comparison.tables.experiments.versions import claim_note, measured_versions, source_note
from tests.make import (
    build_claim,
    make_claim,
    make_criterion,
    make_framework,
    make_measurement,
    make_part,
    make_source,
    rebuild_verdicts,
)
from tests.reading import page

pytestmark = pytest.mark.django_db

NOTE = "says 0.106.0; measured 0.165.0"


def documentation(framework: Framework, version: str, title: str = "Docs", **fields: object) -> Source:
    return make_source(title, kind="documentation", framework=framework, framework_version=version, **fields)


def run_of(framework: Framework, version: str, title: str = "Run") -> Source:
    versions = {framework.slug: f"{framework.name} {version}"}
    return make_source(title, kind="measurement", run={"rounds": 3, "versions": versions})


@pytest.mark.parametrize(
    ("said", "measured", "note"),
    [
        ("0.106.0", "0.165.0", NOTE),
        ("0.165.0", "0.165.0", ""),
        ("5.2", "5.2.19", ""),
        ("5.1", "5.2.19", "says 5.1; measured 5.2.19"),
        ("9.10", "9.9", ""),
        ("v1.2", "1.10rc1", "says v1.2; measured 1.10rc1"),
        ("", "1.0", ""),
        ("stable", "1.0", ""),
        ("1.0", "unknown", ""),
    ],
)
def test_a_version_is_behind_by_its_numbers(said, measured, note) -> None:
    alpha = make_framework("Alpha")
    versions = measured_versions([alpha], [run_of(alpha, measured).run])
    page_of_docs = make_part(documentation(alpha, said), "Page")
    assert source_note(page_of_docs, versions) == note


@pytest.mark.parametrize(
    ("said", "note"),
    [
        (">=4.2,<5", "says >=4.2,<5; measured 5.2"),
        ("<5.2", "says <5.2; measured 5.2"),
        ("==4.0", "says ==4.0; measured 5.2"),
        ("<=5.2", ""),
        ("<6", ""),
        (">=4", ""),
        ("any", ""),
    ],
)
def test_a_claim_that_names_versions_is_behind_by_these(said, note) -> None:
    alpha = make_framework("Alpha")
    versions = measured_versions([alpha], [run_of(alpha, "5.2").run, run_of(alpha, "5.1", "Before").run])
    claim = build_claim(framework=alpha, source=documentation(alpha, "1.0"), version_range=said)
    assert claim_note(claim, versions) == note


def test_every_page_of_an_old_documentation_marks_it(client) -> None:
    alpha, speed = make_framework("Alpha"), make_criterion("feature", "Speed")
    old, new = documentation(alpha, "0.106.0"), documentation(alpha, "0.165.0", "New docs")
    claims = [make_claim(framework=alpha, criterion=speed, source=source) for source in (old, new)]
    run = make_part(run_of(alpha, "0.165.0"), experiment="json")
    make_claim(framework=alpha, criterion=speed, source=run)
    rebuild_verdicts()
    counts = {
        f"/claims/{claims[0].pk}/": 1,
        f"/claims/{claims[1].pk}/": 0,
        f"/sources/{old.slug}/": 1,
        f"/sources/{new.slug}/": 0,
        "/compare/alpha/": 1,
        "/compare/alpha/speed/": 2,  # beside the claim, and in the list of sources
        "/frameworks/alpha/": 1,
        "/criteria/speed/": 1,
    }
    assert {address: page(client, address).count(f'<span class="flag">{NOTE}</span>') for address in counts} == counts
    both = " ".join(page(client, "/compare/alpha/").split())
    assert "Documentation of 0.106.0" in both
    assert "Documentation of 0.165.0" in both


def test_a_framework_without_documentation_says_so(client) -> None:
    alpha, beta = make_framework("Alpha"), make_framework("Beta")
    make_claim(framework=alpha)
    make_claim(framework=beta, source=documentation(beta, "1.0"))
    note = "Its own documentation is not among the sources"
    assert note in page(client, "/frameworks/alpha/")
    assert note not in page(client, "/frameworks/beta/")


def test_a_licence_that_forbids_quoting_shows_no_passage_and_says_why(client) -> None:
    alpha = make_framework("Alpha")
    closed = documentation(alpha, "1.0", text_licence="CC-BY-NC-SA-4.0")
    claim = make_claim(framework=alpha, source=closed, start=0, end=9, quote="")
    why = "Its text is under CC-BY-NC-SA-4.0, which does not allow showing passages."
    assert why in page(client, f"/sources/{closed.slug}/")
    assert "<blockquote>" not in page(client, f"/claims/{claim.pk}/")
    quotable = documentation(alpha, "1.0", "Free", text_licence="MIT")
    make_claim(framework=alpha, source=quotable)
    assert "which does not allow" not in page(client, f"/sources/{quotable.slug}/")


def test_an_experiment_that_failed_is_shown_with_its_reason_and_is_no_evidence(client) -> None:
    alpha, beta, speed = make_framework("Alpha"), make_framework("Beta"), make_criterion("figure", "Speed")
    part = make_part(run_of(alpha, "1.0"), experiment="json")
    make_claim(framework=alpha, criterion=speed, source=part)
    nothing = {"median": None, "low": None, "high": None, "samples": []}
    make_measurement(part=part, framework=beta, failure="did not start", **nothing)
    rebuild_verdicts()
    assert "did not start" in page(client, "/experiments/json/")
    assert "no evidence on Beta" in page(client, "/compare/alpha-vs-beta/")
    assert '<td class="unknown">' in page(client, "/compare/alpha-vs-beta/?view=compact")

"""The command `measure`, without running experiments."""

from io import StringIO

import pytest
import yaml
from django.core.management import CommandError, call_command

from comparison.experiments import discovery
from comparison.experiments.running import environments, session
from comparison.experiments.running.environments import SetupFailed
from comparison.experiments.running.results import Result
from comparison.experiments.running.session import AlreadyRunning
from comparison.management.commands import measure
from comparison.models import Claim, ClaimState, Measurement, Source
from tests.experiments.fakes import THIS, make_adapter, make_program
from tests.make import make_criterion, make_framework

STEADY, NOISY = [1.0, 1.01, 1.02, 1.03], [1.0, 2.0, 3.0, 4.0]


@pytest.fixture(autouse=True)
def samples(monkeypatch, tmp_path, settings) -> dict[str, list[float]]:
    """What the two fake frameworks' readings give, by framework."""
    given = {"aa": STEADY, "bb": [2 * sample for sample in STEADY]}
    adapters = {slug: make_adapter(slug) for slug in given}
    programs = {"fake": make_program(variants=("steady",), feeds={"fake-time": "steady"})}
    monkeypatch.setattr(discovery, "adapters", lambda: adapters)
    monkeypatch.setattr(discovery, "programs", lambda: programs)
    monkeypatch.setattr(environments, "prepare", lambda adapter, name, root: THIS)
    monkeypatch.setattr(measure, "MEASUREMENTS", tmp_path / "measurements")
    monkeypatch.setattr(measure, "SHIPPED", tmp_path / "shipped")
    settings.VAR_DIR = tmp_path

    def run_experiment(program, adapters, installed, rounds, say):
        return [Result(adapter.slug, "steady", samples=given[adapter.slug]) for adapter in adapters]

    monkeypatch.setattr(session, "run_experiment", run_experiment)
    return given


@pytest.fixture
def catalogue(db) -> None:
    make_criterion(slug="fake-time", kind="figure", unit="ms")
    for slug in ("aa", "bb"):
        make_framework(slug, slug=slug)


def measured(*names: str, **options) -> str:
    output = StringIO()
    call_command("measure", *names, stdout=output, **options)
    return output.getvalue()


def refused(*names: str, **options) -> str:
    with pytest.raises(CommandError) as error:
        measured(*names, **options)
    return str(error.value)


def written(tmp_path):
    (path,) = (tmp_path / "measurements").iterdir()
    return yaml.safe_load(path.read_text())


def test_environments_are_made_without_measuring(tmp_path) -> None:
    lines = [
        f"{adapter.name} is ready: {name}" for adapter in discovery.adapters().values() for name in adapter.requirements
    ]
    assert sorted(measured(install=True).splitlines()) == sorted(lines)  # several adapters at once
    assert not (tmp_path / "measurements").exists()


def test_an_environment_that_cannot_be_made_is_told(monkeypatch) -> None:
    def prepare(*_args):
        raise SetupFailed("Aa cannot be installed.")

    monkeypatch.setattr(environments, "prepare", prepare)
    assert refused(install=True) == "Aa cannot be installed."


def test_a_run_is_written_and_loaded_beside_earlier_ones(catalogue, tmp_path) -> None:
    assert "claims: 2 created" in measured()
    slug = written(tmp_path)["slug"]
    assert Source.objects.get(slug=f"{slug}-fake").part_of.slug == slug
    assert Measurement.objects.filter(part__slug=f"{slug}-fake").count() == 2
    assert {float(claim.low) for claim in Claim.objects.all()} == {1.015, 2.03}
    assert "claims: 2 created" in measured()
    assert Source.objects.wholes().count() == 2


def test_claims_of_a_noisy_result_are_not_published(catalogue, samples) -> None:
    samples["aa"] = NOISY
    measured()
    draft = Claim.objects.get(framework__slug="aa")
    assert draft.state == ClaimState.DRAFT
    assert draft.state_reason.startswith("Too noisy")
    assert Claim.objects.get(framework__slug="bb").state == ClaimState.PUBLISHED


def test_a_file_of_ones_own_is_written_and_not_loaded(catalogue, tmp_path) -> None:
    file = tmp_path / "measurements-of-mine.yaml"
    assert f"Wrote {file}." in measured(output=file)
    assert yaml.safe_load(file.read_text())["slug"] == "measurements-of-mine"
    assert not Source.objects.exists()


def test_the_second_run_says_where_ratios_differ(catalogue, samples) -> None:
    measured()
    assert "no ratio differs by more than the spread" in measured()
    samples["bb"] = [3 * sample for sample in STEADY]
    said = measured()
    assert said.count("1 ratio differs by more than the spread") == 2
    assert "fake, steady: bb / aa is 3.00 (2.96–3.04) here, 2.00 (1.97–2.03) there" in said


def test_the_kept_part_of_a_run_is_gone_once_it_is_written(catalogue, tmp_path) -> None:
    measured()
    assert [path.name for path in (tmp_path / "experiments").iterdir()] == ["lock"]


@pytest.mark.parametrize(
    ("names", "options", "message"),
    [
        (["fkae"], {}, "No experiment 'fkae'. Known: fake."),
        ([], {"framework": ["ab"]}, "No framework 'ab'. Known: "),
        ([], {"rounds": 0}, "--rounds 0: give a number from 1 to 1000."),
        ([], {"rounds": 1001}, "--rounds 1001: give a number from 1 to 1000."),
    ],
)
def test_bad_arguments_are_named(names, options, message) -> None:
    assert refused(*names, **options).startswith(message)


def test_a_file_without_a_folder_is_refused_before_measuring(tmp_path) -> None:
    file = tmp_path / "nowhere" / "run.yaml"
    assert refused(output=file) == f"--output {file}: there is no folder {file.parent}."


@pytest.mark.parametrize("name", ["Run 1.yaml", "ümlaut.yaml", "run.txt"])
def test_a_file_whose_name_is_no_slug_is_refused(tmp_path, name) -> None:
    assert refused(output=tmp_path / name).startswith(f"--output {tmp_path / name}: name it like ")


@pytest.mark.parametrize(
    ("error", "message"),
    [
        (SetupFailed("The package index does not answer."), "The package index does not answer."),
        (AlreadyRunning("Another run is measuring."), "Another run is measuring."),
        (KeyboardInterrupt(), "Interrupted. Finished experiments are kept; the same command goes on."),
    ],
)
def test_what_stops_a_run_is_one_sentence_and_nothing_is_written(monkeypatch, tmp_path, error, message) -> None:
    def stop(plan, say):
        raise error

    monkeypatch.setattr(session, "measure", stop)
    assert refused() == message
    assert not (tmp_path / "measurements").exists()


@pytest.mark.django_db
def test_a_run_that_the_database_does_not_take_is_complete_as_a_file(tmp_path) -> None:
    said = refused()
    assert "The database does not take the run; its file is complete." in said
    assert "fake-time" in said
    assert written(tmp_path)["parts"]
    assert not Source.objects.exists()

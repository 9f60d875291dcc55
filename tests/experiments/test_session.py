"""Runs that are interrupted, resumed and kept from disturbing each other."""

import fcntl
import json
from dataclasses import replace
from datetime import date

import pytest

from comparison.experiments.running import environments, session
from comparison.experiments.running.environments import NotInstallable, SetupFailed
from comparison.experiments.running.results import Result
from comparison.experiments.running.session import AlreadyRunning, Plan
from tests.experiments.fakes import THIS, make_adapter, make_program


@pytest.fixture(autouse=True)
def _no_installing(monkeypatch):
    monkeypatch.setattr(environments, "prepare", lambda adapter, name, root: THIS)
    monkeypatch.setattr(environments, "is_ready", lambda adapter, name, root: True)


def make_plan(root, *slugs, **fields) -> Plan:
    programs = {slug: make_program(slug) for slug in slugs or ("one", "two", "three")}
    given = {"slug": "measurements-2026-11-28", "day": date(2026, 11, 28), "rounds": 3} | fields
    return Plan(programs=programs, adapters={"fake": make_adapter()}, root=root, **given)


def running(monkeypatch, interrupted_at: str = "") -> list[str]:
    """Replaces the experiments, and returns the slugs of those that are run."""
    run: list[str] = []

    def run_experiment(program, adapters, installed, rounds, say):
        slug = program.experiment.slug
        if slug == interrupted_at:
            raise KeyboardInterrupt
        run.append(slug)
        return [Result("fake", "steady", samples=[float(len(run))])]

    monkeypatch.setattr(session, "run_experiment", run_experiment)
    return run


def measured(plan):
    lines: list[str] = []
    return session.measure(plan, lines.append), lines


def test_a_run_says_where_and_with_what_it_was_made(monkeypatch, tmp_path) -> None:
    running(monkeypatch)
    run, lines = measured(make_plan(tmp_path, note="A quiet machine."))
    assert (run.slug, run.day, run.rounds, run.note) == ("measurements-2026-11-28", "2026-11-28", 3, "A quiet machine.")
    assert run.versions == {"fake": "Fake 1.2"}
    assert set(run.machine) == {"processor", "cores", "memory", "system", "python", "yardstick"}
    assert [line.split("  ")[-2].strip() for line in lines] == ["1 of 3", "2 of 3", "3 of 3"]


def test_an_interrupted_run_goes_on_where_it_was(monkeypatch, tmp_path) -> None:
    running(monkeypatch, interrupted_at="three")
    with pytest.raises(KeyboardInterrupt):
        measured(make_plan(tmp_path))
    run_now = running(monkeypatch)
    run, lines = measured(make_plan(tmp_path, slug="measurements-2026-11-29", day=date(2026, 11, 29)))
    assert run_now == ["three"]
    assert [result.samples for results in run.results.values() for result in results] == [[1.0], [2.0], [1.0]]
    assert run.slug == "measurements-2026-11-28"
    assert lines[0] == "Going on with measurements-2026-11-28: 2 of 3 experiments are kept."


@pytest.mark.parametrize("other", [{"rounds": 4}, {"slugs": ("one", "two")}])
def test_a_run_that_asks_something_else_begins_anew(monkeypatch, tmp_path, other) -> None:
    running(monkeypatch, interrupted_at="two")
    with pytest.raises(KeyboardInterrupt):
        measured(make_plan(tmp_path))
    run_now = running(monkeypatch)
    measured(make_plan(tmp_path, *other.pop("slugs", ()), **other))
    assert "one" in run_now


def test_a_run_of_changed_programs_begins_anew(monkeypatch, tmp_path) -> None:
    running(monkeypatch, interrupted_at="two")
    with pytest.raises(KeyboardInterrupt):
        measured(make_plan(tmp_path))
    (path,) = tmp_path.glob("*.json")
    path.write_text(json.dumps(json.loads(path.read_text()) | {"key": "of other code"}))
    run_now = running(monkeypatch)
    measured(make_plan(tmp_path))
    assert run_now == ["one", "two", "three"]


def test_a_damaged_record_is_made_anew(monkeypatch, tmp_path) -> None:
    (tmp_path / "measurements-2026-11-28.json").write_text('{"key": ')
    run_now = running(monkeypatch)
    measured(make_plan(tmp_path))
    assert run_now == ["one", "two", "three"]


def test_a_complete_run_is_forgotten_once_its_file_is_written(monkeypatch, tmp_path) -> None:
    running(monkeypatch)
    plan = make_plan(tmp_path)
    run, _ = measured(plan)
    assert list(tmp_path.glob("*.json"))
    session.forget(plan, run)
    assert not list(tmp_path.glob("*.json"))


def test_two_runs_at_once_are_refused(tmp_path) -> None:
    with (tmp_path / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with pytest.raises(AlreadyRunning, match="Another run is measuring"):
            measured(make_plan(tmp_path))


def test_without_a_network_no_reading_is_taken(monkeypatch, tmp_path) -> None:
    def prepare(adapter, name, root):
        raise SetupFailed("The package index does not answer.")

    monkeypatch.setattr(environments, "prepare", prepare)
    run_now = running(monkeypatch)
    with pytest.raises(SetupFailed):
        measured(make_plan(tmp_path))
    assert run_now == []
    assert [path.name for path in tmp_path.iterdir()] == ["lock"]


def test_an_installation_is_announced_once(monkeypatch, tmp_path) -> None:
    monkeypatch.setattr(environments, "is_ready", lambda adapter, name, root: False)
    running(monkeypatch)
    adapter = make_adapter(requirements={"clean": ("fake-web==1.2", "more==3")})
    _, lines = measured(replace(make_plan(tmp_path), adapters={"fake": adapter}))
    assert [line for line in lines if "Installing" in line] == ["Installing fake-web==1.2, more==3 …"]


def test_a_version_that_cannot_be_installed_is_named_once(monkeypatch, tmp_path) -> None:
    def prepare(adapter, name, root):
        raise NotInstallable("the package index has no fake==9")

    monkeypatch.setattr(environments, "prepare", prepare)
    running(monkeypatch)
    run, lines = measured(make_plan(tmp_path))
    assert lines.count("the package index has no fake==9") == 1
    assert run.versions == {}

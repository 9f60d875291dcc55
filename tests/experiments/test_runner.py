"""Readings in rounds, each in a process of its own."""

import signal
import time
from contextlib import suppress
from pathlib import Path

import pytest

from comparison.experiments.running import runner
from comparison.experiments.running.environments import NotInstallable
from comparison.experiments.timing import FULL_SPEED
from tests.experiments.fakes import FakeInstalled, make_adapter, make_program, reading, run


def only(variant: str, **fields):
    return make_program(variants=(variant,), **fields)


def test_a_reading_runs_in_a_process_of_its_own() -> None:
    (result,) = run(only("steady"), rounds=2)
    assert (result.framework, result.variant) == ("fake", "steady")
    assert result.samples == [2.0, 2.0]
    assert result.wall == [3.0, 3.0]


def test_each_reading_has_an_empty_folder_that_is_gone_afterwards() -> None:
    (result,) = run(only("listening"))
    assert result.samples == [0]
    assert "experiment-" in result.detail
    assert not Path(result.detail).exists()


def test_a_finding_is_an_outcome_with_detail() -> None:
    (result,) = run(only("found"))
    assert (result.outcome, result.detail, result.samples) == ("built-in", "wrote a message", [])


@pytest.mark.parametrize(
    ("variant", "reason"),
    [
        ("failing", "did not answer"),
        ("crashing", "LookupError: no such page"),
        ("silent", "ended without a result"),
    ],
)
def test_a_failure_has_its_reason_and_others_go_on(variant, reason) -> None:
    failed, steady = run(make_program(variants=(variant, "steady")), rounds=2)
    assert failed.failure == reason
    assert steady.samples == [2.0, 2.0]


@pytest.mark.skipif(not Path("/proc/self/cmdline").exists(), reason="reads commands of other processes from Linux")
def test_a_reading_that_takes_too_long_ends_with_all_that_it_started() -> None:
    before = time.monotonic()
    (result,) = run(only("slow", timeout=1.5))
    assert result.failure == "no result within 1.5 s"
    assert time.monotonic() - before < 30
    deadline = time.monotonic() + 10
    while "sleep 61.5" in running_commands():  # a killed process ends a moment later
        assert time.monotonic() < deadline
        time.sleep(0.01)


def running_commands() -> list[str]:
    commands = []
    for file in Path("/proc").glob("[0-9]*/cmdline"):
        with suppress(OSError):  # it ended meanwhile
            commands.append(" ".join(file.read_text(errors="replace").split("\0")).strip())
    return commands


def test_what_a_reading_starts_can_be_interrupted_though_the_runner_ignores_interrupts() -> None:
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        (result,) = run(only("interrupting"))
    finally:
        signal.signal(signal.SIGINT, before)
    assert result.samples == [1]


def test_a_variant_that_a_framework_does_not_offer_is_left_out() -> None:
    assert run(only("absent")) == []
    assert run(only("steady", environments={"steady": "mapper"})) == []


def test_the_command_says_why_a_variant_is_left_out() -> None:
    lines: list[str] = []
    program = make_program(variants=("absent", "steady"), environments={"steady": "mapper"})
    runner.run_experiment(program, [make_adapter()], FakeInstalled(), 2, lines.append)
    assert lines == [
        "    fake, steady: left out: its adapter requires nothing for “mapper”",
        "    fake, absent: left out: has no such thing",
    ]


def test_a_module_that_is_missing_is_named() -> None:
    program = runner.Program("tests.experiments.nowhere", only("steady").experiment)
    (result,) = run(program)
    assert result.failure == "ModuleNotFoundError: No module named 'tests.experiments.nowhere'"


def test_a_framework_that_cannot_be_installed_fails_alone() -> None:
    installed = FakeInstalled({"old": NotInstallable("Old cannot be installed")})
    failed, result = run(only("steady"), make_adapter("old"), make_adapter(), installed=installed)
    assert (failed.framework, failed.failure) == ("old", "Old cannot be installed")
    assert result.samples == [2.0]


def taking(monkeypatch, outcomes) -> list[str]:
    """Replaces the processes: gives what the function makes of each series, and returns who was asked, in order."""
    asked: list[str] = []

    def take(program, series, full_speed):
        asked.append(f"{series.result.framework} {series.result.variant}")
        return outcomes(series.result)

    monkeypatch.setattr(runner, "take", take)
    return asked


def test_readings_are_told_how_fast_the_machine_is(monkeypatch, tmp_path) -> None:
    assert runner._variables(tmp_path, 0.002)[FULL_SPEED] == "0.002"


def test_rounds_take_turns_over_frameworks_and_variants(monkeypatch) -> None:
    asked = taking(monkeypatch, lambda result: reading(1))
    run(make_program(variants=("bare", "full")), make_adapter("a"), make_adapter("b"), rounds=2)
    one = ["a bare", "b bare", "a full", "b full"]
    assert asked == [*one, *reversed(one)]


def test_what_failed_once_is_not_asked_again(monkeypatch) -> None:
    asked = taking(monkeypatch, lambda result: {"failure": "broken"} if result.framework == "a" else reading(1))
    run(only("bare"), make_adapter("a"), make_adapter("b"), rounds=3)
    assert asked.count("a bare") == 1
    assert asked.count("b bare") == 3


def test_an_exact_experiment_takes_one_reading(monkeypatch) -> None:
    asked = taking(monkeypatch, lambda result: reading(7))
    run(only("bare", exact=True), rounds=15)
    assert asked == ["fake bare"]


def test_an_experiment_that_takes_too_long_leaves_rounds_out_but_not_the_fewest(monkeypatch) -> None:
    asked = taking(monkeypatch, lambda result: reading(1))
    clock = iter(range(0, 100_000, 40))
    monkeypatch.setattr(runner.time, "monotonic", lambda: next(clock))
    run(only("bare"), rounds=15)
    assert len(asked) == runner.MIN_ROUNDS


@pytest.mark.parametrize(
    ("samples", "line"),
    [
        ([1.0], "fake, bare: 1 ms"),
        ([1.0, 1.01, 1.03, 1.03], "fake, bare: 1.02 ms (1.01–1.03, 4 rounds)"),
        ([1.0, 2.0, 3.0, 4.0], "fake, bare: 2.50 ms (1.75–3.25, 4 rounds) TOO NOISY"),
    ],
)
def test_a_line_says_what_came_out(samples, line) -> None:
    result = runner.Result("fake", "bare", samples=samples)
    assert runner.describe(make_program().experiment, result) == line

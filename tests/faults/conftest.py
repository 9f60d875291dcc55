"""Sites that may be broken, and the table of what was tried, what failed and what was lost."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.faults.tally import TALLY
from tests.running_site import Site, copy_project, serving


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "faults" in item.path.parts:
            item.add_marker("faults")


def pytest_sessionfinish(session: pytest.Session) -> None:
    if hasattr(session.config, "workeroutput"):  # a process of several; the first one prints
        session.config.workeroutput["faults"] = TALLY.rows()


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    for row in getattr(node, "workeroutput", {}).get("faults", ()):
        TALLY.add(*row)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if TALLY:
        terminalreporter.section("faults")
        for line in TALLY.lines():
            terminalreporter.write_line(line)


@pytest.fixture(scope="session")
def prepared(tmp_path_factory) -> Path:
    """The project after its first start, to be copied."""
    site = Site(copy_project(tmp_path_factory.mktemp("prepared") / "site"))
    done = site.manage("prepare")
    assert done.returncode == 0, done.stderr
    return site.folder


@pytest.fixture
def stopped_site(prepared, tmp_path) -> Iterator[Site]:
    site = Site(shutil.copytree(prepared, tmp_path / "site"))
    site.log_in()
    yield site
    site.stop()


@pytest.fixture
def site(stopped_site) -> Iterator[Site]:
    with serving(stopped_site):
        yield stopped_site

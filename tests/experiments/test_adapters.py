"""The applications of the adapters are whole: tried where an earlier run of `measure` left their environments.

With eleven frameworks this takes minutes: `pytest -m adapters tests/experiments` asks for it.
"""

import ast
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

from comparison.experiments import discovery
from comparison.experiments.running import environments
from comparison.experiments.spec import CLEAN, Adapter, Job
from tests.installation import ROOT

ADAPTERS = discovery.adapters()
SPEED = {slug: item for slug, item in discovery.programs().items() if item.experiment.group == "speed"}
ENVIRONMENTS = settings.VAR_DIR / "experiments"
ACCEPT = """
import sys
from pathlib import Path
from comparison.experiments import acceptance
from comparison.experiments.serving import serving
from comparison.experiments.spec import Job
with serving(Job(sys.argv[1], "", Path()), sys.argv[2]) as server:
    getattr(acceptance, sys.argv[3])(server.address)
"""
ANSWER_ONCE = """
import importlib, sys
from contextlib import suppress
from pathlib import Path
from comparison.experiments import timing
from comparison.experiments.spec import Job, NotOffered, Reading
timing.per_call = lambda repeat: Reading(float(repeat(1).status))
program = importlib.import_module(sys.argv[2])
program.ROUNDS = 1
with suppress(NotOffered):
    program.take(Job(sys.argv[1], sys.argv[3], Path()))
"""


def files() -> Iterator[Path]:
    for slug in ADAPTERS:
        yield from Job(slug, "", Path()).files(".").resolve().rglob("*.py")


def run_inside(adapter: Adapter, environment: str, folder: Path, code: str, *arguments: str) -> None:
    """Runs the code with the framework's own Python, in an empty folder; skips where it was never installed."""
    if environment not in adapter.requirements:
        pytest.skip(f"the adapter of {adapter.name} requires nothing for “{environment}”")
    found = environments.existing(adapter, environment, ENVIRONMENTS)
    if not found:
        pytest.skip(f"{adapter.name} is not installed for measuring ({environment}): manage.py measure installs it")
    process = subprocess.run(
        [found.python, "-c", code, adapter.slug, *arguments],
        cwd=folder,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert process.returncode == 0, process.stderr


def test_the_modules_of_adapters_compile() -> None:
    for path in files():
        compile(path.read_text(), str(path), "exec")  # its error names the file


@pytest.mark.parametrize("slug", ADAPTERS)
def test_what_is_counted_holds_no_comments_or_documentation(slug) -> None:
    job = Job(slug, "", Path())
    counted = [job.files("one_route.py"), *job.files("small").rglob("*.py")]
    for path in (path for path in counted if path.name != "prepare.py"):
        text = path.read_text()
        assert "#" not in text, path
        assert not ast.get_docstring(ast.parse(text)), path


@pytest.mark.parametrize("slug", ADAPTERS)
def test_each_requirement_is_pinned_and_each_environment_has_the_framework(slug) -> None:
    adapter = ADAPTERS[slug]
    assert adapter.requirements[CLEAN][0].startswith(f"{adapter.package}==")
    for requirements in adapter.requirements.values():
        assert re.split(r"==|\[", requirements[0])[0] == adapter.package
    for line in (*adapter.constraints, *(line for lines in adapter.requirements.values() for line in lines)):
        assert line.count("==") == 1, line


def test_nothing_outside_an_adapter_names_a_framework() -> None:
    names = {name.lower() for adapter in ADAPTERS.values() for name in (adapter.slug, adapter.name)}
    folder = ROOT / "comparison" / "experiments"
    programs = [*folder.glob("*.py"), *(folder / "programs").rglob("*.py"), *(folder / "running").glob("*.py")]
    named = [(path.name, names & set(re.findall(r"\w+", path.read_text().lower()))) for path in programs]
    assert [(path, found) for path, found in named if found] == []


def searches() -> Iterator[tuple[str, str, str]]:
    """The tasks whose lack is shown by a search of all modules: file and function, framework, and words."""
    for path in files():
        for function in ast.walk(ast.parse(path.read_text())):
            if isinstance(function, ast.FunctionDef):
                for words in re.findall(r"\bbox\.search\(((?:'\w+'(?:, )?)+)", ast.unparse(function)):
                    yield f"{path.name} {function.name}", "/".join(path.parts[-3:]), words.removesuffix(", ")


def test_what_frameworks_lack_for_a_task_is_searched_by_the_same_words() -> None:
    words: dict[str, dict[str, str]] = {}
    for task, framework, searched in searches():
        words.setdefault(task, {})[framework] = searched
    assert len(words) > 20
    assert {task: found for task, found in words.items() if len(set(found.values())) > 1} == {}


@pytest.mark.adapters
@pytest.mark.parametrize("slug", ADAPTERS)
def test_one_route_passes_the_acceptance_test(slug, tmp_path) -> None:
    run_inside(ADAPTERS[slug], "server", tmp_path, ACCEPT, "one_route", "one_route")


@pytest.mark.adapters
@pytest.mark.parametrize("slug", ADAPTERS)
def test_the_small_application_passes_the_acceptance_test(slug, tmp_path) -> None:
    run_inside(ADAPTERS[slug], "small", tmp_path, ACCEPT, "small.prepare", "small_application")


@pytest.mark.adapters
@pytest.mark.skipif(sys.platform != "linux", reason="CPU time of other processes is read from Linux")
@pytest.mark.parametrize("slug", ADAPTERS)
@pytest.mark.parametrize("program", SPEED)
def test_each_variant_gives_the_right_answer(slug, program, tmp_path) -> None:
    adapter, experiment = ADAPTERS[slug], SPEED[program].experiment
    for number, variant in enumerate(experiment.variants):
        if (environment := experiment.environment(variant)) in adapter.requirements:
            folder = tmp_path / str(number)
            folder.mkdir()
            run_inside(adapter, environment, folder, ANSWER_ONCE, SPEED[program].module, variant)

"""Clean environments, made without a network from a package of our own."""

import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from comparison.experiments.running import environments
from comparison.experiments.running.environments import Environment, NotInstallable, SetupFailed, base_python, prepare
from comparison.experiments.spec import free_port
from tests.experiments.fakes import make_adapter

METADATA = "Metadata-Version: 2.1\nName: fake-web\nVersion: 1.2\n"


@pytest.fixture(scope="module", autouse=True)
def _offline():
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PIP_CONFIG_FILE", "/dev/null")
        patch.setenv("PIP_NO_INDEX", "1")
        yield


@pytest.fixture(scope="module")
def wheel(tmp_path_factory) -> Path:
    """The package fake-web 1.2, which holds one module."""
    path = tmp_path_factory.mktemp("wheel") / "fake_web-1.2-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("fake_web.py", "NAME = 'fake'\n")
        archive.writestr("fake_web-1.2.dist-info/METADATA", METADATA)
        archive.writestr("fake_web-1.2.dist-info/WHEEL", "Wheel-Version: 1.0\nTag: py3-none-any\n")
        archive.writestr("fake_web-1.2.dist-info/RECORD", "fake_web.py,,\n")
    return path


def make_adapters_of(*requirements: object):
    return make_adapter(requirements={"clean": tuple(str(requirement) for requirement in requirements)})


@pytest.fixture(scope="module")
def environment(wheel, tmp_path_factory) -> Environment:
    """One that no test changes: installing takes long."""
    return prepare(make_adapters_of(wheel), "clean", tmp_path_factory.mktemp("environments") / "root")


def test_an_environment_holds_the_framework_and_nothing_else(wheel, environment) -> None:
    assert environments.is_ready(make_adapters_of(wheel), "clean", environment.folder.parent)
    assert environment.packages == {"fake-web": "1.2"}
    assert environment.version("Fake-Web") == "1.2"
    command = [environment.python, "-c", "import fake_web; import django"]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    assert "No module named 'django'" in run.stderr


def test_a_complete_environment_is_used_again(wheel, environment, monkeypatch) -> None:
    monkeypatch.setattr(environments, "_install", lambda *arguments: pytest.fail("installed again"))
    assert prepare(make_adapters_of(wheel), "clean", environment.folder.parent) == environment


@pytest.mark.parametrize("missing", [environments.COMPLETE, "bin/python"])
def test_an_unfinished_environment_is_made_anew(wheel, environment, tmp_path, missing) -> None:
    adapter, folder = make_adapters_of(wheel), tmp_path / environment.folder.name
    shutil.copytree(environment.folder, folder, symlinks=True)
    assert environments.is_ready(adapter, "clean", tmp_path)
    (folder / missing).unlink()
    assert not environments.is_ready(adapter, "clean", tmp_path)
    (folder / "left.over").touch()
    assert prepare(adapter, "clean", tmp_path) == Environment(folder, environment.packages)
    assert not (folder / "left.over").exists()


def test_other_requirements_have_an_environment_of_their_own(tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(environments, "_install", lambda adapter, name, folder: folder)
    adapter = make_adapter(requirements={"clean": ("a==1",), "same": ("a==1",), "more": ("a==1", "b==2")})
    folders = {name: prepare(adapter, name, tmp_path) for name in adapter.requirements}
    assert folders["clean"] == folders["same"] != folders["more"]


def test_a_version_that_does_not_exist_is_named_and_nothing_stays(tmp_path) -> None:
    with pytest.raises(NotInstallable, match=r"Fake cannot be installed: the package index has no nothing==9.9"):
        prepare(make_adapters_of("nothing==9.9"), "clean", tmp_path / "root")
    assert list((tmp_path / "root").iterdir()) == []


def test_without_a_network_one_sentence_says_so_and_nothing_stays(tmp_path, monkeypatch) -> None:
    monkeypatch.delenv("PIP_NO_INDEX")
    monkeypatch.setenv("PIP_INDEX_URL", f"http://127.0.0.1:{free_port()}/simple")
    with pytest.raises(SetupFailed) as error:
        prepare(make_adapters_of("nothing==9.9"), "clean", tmp_path / "root")
    assert not isinstance(error.value, NotInstallable)
    assert str(error.value) == (
        "Fake cannot be installed: the package index does not answer. Connect to a network and try again."
    )
    assert list((tmp_path / "root").iterdir()) == []


def test_an_interrupted_installation_leaves_nothing(tmp_path, monkeypatch) -> None:
    def interrupted(adapter, name, folder):
        folder.mkdir()
        raise KeyboardInterrupt

    monkeypatch.setattr(environments, "_install", interrupted)
    with pytest.raises(KeyboardInterrupt):
        prepare(make_adapters_of("a==1"), "clean", tmp_path / "root")
    assert list((tmp_path / "root").iterdir()) == []


def test_a_missing_python_is_named(tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(sys, "base_prefix", str(tmp_path))
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(SetupFailed, match=r"No Python at python3. Install Python 3.11 or newer."):
        base_python()


def test_a_python_without_pip_is_named(tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(sys, "base_prefix", str(tmp_path))
    monkeypatch.setenv("PATH", str(tmp_path))
    python = tmp_path / "python3"
    python.write_text("#!/bin/sh\nexit 1\n")
    python.chmod(0o755)
    with pytest.raises(SetupFailed, match=r"python3 has no pip. Install it"):
        base_python()


@pytest.mark.parametrize(
    ("output", "reason"),
    [
        ("ERROR: No matching distribution found for a==1\n", "the package index has no a==1"),
        ("WARNING: x\nERROR: Failed building wheel for a\n", "Failed building wheel for a"),
        ("", "pip failed"),
    ],
)
def test_what_pip_says_becomes_one_sentence(output, reason) -> None:
    error = environments._failure(make_adapter(), output)
    assert isinstance(error, NotInstallable)
    assert reason in str(error)

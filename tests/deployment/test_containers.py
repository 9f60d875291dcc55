"""Dockerfile and compose.yaml, read and tried step by step: nothing here needs Docker."""

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.deployment.guide import blocks
from tests.deployment.sandbox import QUICK_CATALOGUE
from tests.installation import ROOT
from tests.running_site import free_port, wait_for

DOCKERFILE = re.sub(r"\\\n\s*", "", (ROOT / "Dockerfile").read_text())
STEPS = re.findall(r"^([A-Z]+) (.+)$", DOCKERFILE, re.M)
COPIES = [words.split() for step, words in STEPS if step == "COPY" and "--from" not in words]
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text())
SERVICES: dict[str, Any] = COMPOSE["services"]
SETTINGS = set(re.findall(r"^\| `([A-Z_]+)` \|", (ROOT / "docs" / "settings.md").read_text(), re.M))
EXAMPLE = ROOT / "deploy" / "containers" / "env.example"


def is_open(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def last(step: str) -> str:
    return [words for name, words in STEPS if name == step][-1]


@pytest.mark.parametrize(("source", "target"), COPIES)
def test_what_is_copied_exists_and_is_not_ignored(source, target) -> None:
    assert (ROOT / source).exists()
    rules = (ROOT / ".dockerignore").read_text().split()
    matching = [rule for rule in rules if fnmatch(source, rule.removeprefix("!"))]
    assert matching[-1].startswith("!")


def test_all_that_the_site_needs_is_copied_and_nothing_else() -> None:
    assert {source for source, _ in COPIES} == {
        *("requirements.txt", "manage.py", "config", "comparison", "templates", "static")
    }


def test_packages_are_installed_as_locked_in_a_stage_of_their_own() -> None:
    assert [words.split(" AS ")[0] for step, words in STEPS if step == "FROM"] == ["python:3.11-slim"] * 2
    install = next(words for step, words in STEPS if step == "RUN" and "-m pip" in words)
    assert "--no-cache-dir --require-hashes --requirement requirements.txt" in install


def test_the_image_runs_without_root_and_holds_no_secret() -> None:
    assert last("USER") == "crosscheck"
    assert last("VOLUME") == "/srv/crosscheck/var"
    assert not re.search("SECRET|PASSWORD", DOCKERFILE)
    assert "manage.py" not in "".join(words for step, words in STEPS if step == "RUN")  # it would make a secret key
    assert last("CMD").count(" && exec ") == 1  # signals reach gunicorn


def test_each_service_is_watched_and_started_again() -> None:
    assert set(SERVICES) == {"proxy", "site", "database", "cache"}
    for name, service in SERVICES.items():
        assert service["restart"] == "unless-stopped"
        assert "healthcheck" in service or name == "site"
        assert {"condition": "service_healthy"} in service.get(
            "depends_on", {"": {"condition": "service_healthy"}}
        ).values()
        assert set(service.get("depends_on", {})) <= set(SERVICES)
    assert "/healthz" in last("HEALTHCHECK")


def test_only_nginx_is_reached_from_outside() -> None:
    assert [name for name, service in SERVICES.items() if "ports" in service] == ["proxy"]


def test_the_site_gains_no_rights() -> None:
    site = SERVICES["site"]
    assert (site["read_only"], site["cap_drop"], site["security_opt"]) == (True, ["ALL"], ["no-new-privileges:true"])


def test_the_settings_are_those_of_the_readme() -> None:
    assert set(SERVICES["site"]["environment"]) <= SETTINGS
    text = (ROOT / "compose.yaml").read_text()
    named = set(re.findall(r"\$\{(\w+)", text))
    assert named == set(re.findall(r"\$\{(\w+):\?", text))  # compose stops and names what is missing
    assert named == set(re.findall(r"^(\w+)=", EXAMPLE.read_text(), re.M))


def test_mounted_files_exist_and_volumes_are_declared() -> None:
    for service in SERVICES.values():
        for volume in service.get("volumes", []):
            source = volume.split(":")[0]
            made_by_hand = source.endswith("/certificates")
            assert made_by_hand or (ROOT / source).exists() if source.startswith(".") else source in COMPOSE["volumes"]


def test_the_guide_fills_in_every_variable(tmp_path) -> None:
    shutil.copytree(EXAMPLE.parent, tmp_path / "deploy" / "containers")
    (tmp_path / "docker").write_text('#!/bin/sh\necho "$@" >> calls\n')
    (tmp_path / "docker").chmod(0o755)
    commands = "set -eu\nSITE=example.org\n" + blocks("sh compose")[0]
    subprocess.run(
        ["bash", "-c", commands],
        cwd=tmp_path,
        env=os.environ | {"PATH": f"{tmp_path}:{os.environ['PATH']}"},
        check=True,
        capture_output=True,
    )
    filled = dict(re.findall(r"^(\w+)=(.+)$", (tmp_path / ".env").read_text(), re.M))
    assert filled["ALLOWED_HOSTS"] == "example.org"
    assert len(filled["SECRET_KEY"]) >= 50
    assert len(filled["POSTGRES_PASSWORD"]) >= 40
    assert (tmp_path / ".env").stat().st_mode & 0o077 == 0
    assert "compose up" in (tmp_path / "calls").read_text()


@pytest.fixture
def container(tmp_path) -> Path:
    """A folder with what the image has, and nothing else."""
    for source, target in COPIES:
        path = ROOT / source
        if path.is_dir():
            shutil.copytree(path, tmp_path / target, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(path, tmp_path / target)
    for path in (tmp_path / "comparison/catalogue/sources").iterdir():
        if path.name not in QUICK_CATALOGUE:
            path.unlink()
    (tmp_path / ".venv/bin").mkdir(parents=True)
    (tmp_path / ".venv/bin/python").write_text(f'#!/bin/sh\nexec {sys.executable} "$@"\n')
    (tmp_path / ".venv/bin/python").chmod(0o755)
    return tmp_path


@pytest.mark.servers
@pytest.mark.skipif("TEST_SERVERS" not in os.environ, reason="starts servers; set TEST_SERVERS=1 to allow it")
def test_the_image_s_commands_start_watch_and_end_the_site(container) -> None:
    port = free_port()
    command = json.loads(last("CMD").replace("0.0.0.0:8000", f"127.0.0.1:{port}"))
    probe = json.loads(last("HEALTHCHECK").split(" CMD ")[1].replace(":8000", f":{port}"))
    variables = {"PATH": os.environ["PATH"], "WEB_CONCURRENCY": "2"}
    with (container / "log").open("w") as log:
        site = subprocess.Popen(command, cwd=container, env=variables, stdout=log, stderr=log)
    try:
        wait_for(lambda: is_open(port), 60, (container / "log").read_text)
        subprocess.run(probe, cwd=container, check=True)
        children = Path(f"/proc/{site.pid}/task/{site.pid}/children")
        wait_for(lambda: len(children.read_text().split()) == 2, 20)  # the process of the command is gunicorn's master
        assert "Password: " in (container / "log").read_text()
        site.send_signal(signal.SIGTERM)
        assert site.wait(10) == 0
    finally:
        site.kill()
        site.wait()

"""docs/deploying.md and the files it copies name only what exists. test_servers.py runs them."""

import os
import re
import shutil
import subprocess

import pytest
from django.conf import settings
from django.core.management import get_commands

from tests.deployment.guide import GUIDE, blocks
from tests.installation import ROOT

DEPLOY = ROOT / "deploy"
TEXT = GUIDE.read_text()
UNIT = (DEPLOY / "crosscheck.service").read_text()
SETTINGS = set(re.findall(r"^\| `([A-Z_]+)` \|", (ROOT / "docs" / "settings.md").read_text(), re.M))


def test_every_file_is_copied_by_the_guide() -> None:
    copied = set(re.findall(r"(?<![\w/])deploy/([\w.]+)", "\n".join(blocks("sh"))))
    assert copied == {path.name for path in DEPLOY.iterdir() if path.is_file()} - {"compose.env.example"}


def test_every_setting_is_in_the_table() -> None:
    (written,) = re.findall(r"<<END\n(.+?)^END$", TEXT, re.M | re.S)
    named = set(re.findall(r"^([A-Z_]+)=", written, re.M)) | set(re.findall(r"`([A-Z]+_[A-Z_]+)=?", TEXT))
    assert named <= SETTINGS


def test_every_command_of_the_site_exists() -> None:
    texts = [*blocks("sh"), *blocks("sh later"), (DEPLOY / "crosscheck.cron").read_text()]
    commands = {name for text in texts for name in re.findall(r"(?:^|root |\{ )crosscheck (\w+)", text, re.M)}
    commands |= set(re.findall(r"`crosscheck (\w+)", TEXT))
    assert {"prepare", "migrate", "collectstatic", "backup", "restore"} <= commands
    assert commands <= set(get_commands())


@pytest.mark.parametrize(
    "line",
    [
        "Type=notify",
        "User=crosscheck",
        "KillMode=mixed",
        "Restart=always",
        "StartLimitIntervalSec=0",
        "NoNewPrivileges=yes",
        "ProtectSystem=strict",
        "ReadWritePaths=/srv/crosscheck/var",
        "EnvironmentFile=/etc/crosscheck/env",
    ],
)
def test_the_unit_comes_back_and_gains_no_rights(line) -> None:
    assert line in UNIT.splitlines()


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="no systemd-analyze on this machine")
def test_systemd_understands_the_unit(tmp_path) -> None:
    for folder in ("srv/crosscheck/.venv/bin", "srv/crosscheck/var", "etc/crosscheck"):
        (tmp_path / folder).mkdir(parents=True)
    program = tmp_path / "srv/crosscheck/.venv/bin/python"
    shutil.copy("/bin/true", program)
    unit = tmp_path / "crosscheck.service"
    unit.write_text(re.sub(r"(?<=[=\s])/(srv|etc)/", rf"{tmp_path}/\1/", UNIT))
    shutil.copy(DEPLOY / "crosscheck.socket", tmp_path)
    variables = {"PATH": os.environ["PATH"], "SYSTEMD_UNIT_PATH": f"{tmp_path}:/lib/systemd/system"}
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", unit, tmp_path / "crosscheck.socket"],
        env=variables,
        capture_output=True,
        text=True,
        check=False,
    )
    complaints = [line for line in done.stderr.splitlines() if "crosscheck" in line]
    assert (done.returncode, complaints) == (0, []), done.stderr


def test_the_port_is_held_where_nginx_looks_for_the_site() -> None:
    (held,) = re.findall(r"ListenStream=(\S+)", (DEPLOY / "crosscheck.socket").read_text())
    assert f"server {held} " in (DEPLOY / "upstream.conf").read_text()
    assert f"BIND={held}" in UNIT


def test_the_command_reads_the_settings_of_the_unit() -> None:
    text = (DEPLOY / "crosscheck").read_text()
    assert ". /etc/crosscheck/env" in text
    assert 'runuser -u crosscheck -- .venv/bin/python manage.py "$@"' in text


def test_cron_finds_every_program() -> None:
    """cron looks in few folders unless it is told more."""
    text = (DEPLOY / "crosscheck.cron").read_text()
    (path,) = re.findall(r"^PATH=(.+)$", text, re.M)
    assert "/usr/local/bin" in path.split(":")  # of the command crosscheck
    assert [name for name in ("date", "find", "logger", "runuser") if shutil.which(name, path=path) is None] == []
    for line in text.splitlines()[2:]:
        assert re.fullmatch(r"\d+ \d+ \* \* \* root .*\bcrosscheck \w+ .*2>&1 \| logger -t crosscheck-nightly", line)
    assert re.findall(r"(?<!\\)%", text) == []  # cron takes a bare % for the end of the line


def test_nginx_takes_as_much_as_a_form_may_hold() -> None:
    sizes = re.findall(r"client_max_body_size (\d+)m;", (DEPLOY / "nginx.conf").read_text())
    assert [int(size) * 1024 * 1024 > settings.DATA_UPLOAD_MAX_MEMORY_SIZE for size in sizes] == [True]


def test_nginx_sets_each_header_that_the_site_believes() -> None:
    text = (DEPLOY / "nginx.conf").read_text()
    for header in ("Host", "X-Forwarded-For", "X-Forwarded-Proto", "X-Forwarded-Host", "Forwarded", "X-Request-ID"):
        assert len(re.findall(rf"proxy_set_header {header} ", text)) == 1
    assert "$proxy_add_x_forwarded_for" not in text  # it keeps what the visitor wrote

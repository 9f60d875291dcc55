"""Follows docs/deploying.md in a temporary folder: its own commands and files, real servers, no change to the machine.

Paths such as /etc and ports such as 443 are replaced; what would change the machine itself (packages, users, units) is
done by stand-ins. The servers that the guide starts with systemctl are started here, and all end with the sandbox.
"""

import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
from contextlib import suppress
from pathlib import Path

from tests.installation import ROOT
from tests.running_site import copy_project, free_port, wait_for

PATHS = ("/etc/", "/srv/crosscheck", "/usr/local/bin/", "/var/backups/", "/var/cache/", "/var/lib/postgresql/")
FOLDERS = (
    "etc/nginx/conf.d",
    "etc/nginx/sites-available",
    "etc/nginx/sites-enabled",
    "etc/redis",
    "etc/cron.d",
    "srv",
    "etc/systemd/system",
    "usr/local/bin",
    "var/cache",
)
SERVERS = ("postgresql", "redis", "site", "second", "web", "http", "replica")
QUICK_CATALOGUE = ("django-package-metadata.yaml", "flask-package-metadata.yaml")  # sources; loading all takes longer
PG_BIN = next(iter(sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)), Path("/nowhere"))
IS_ROOT = os.geteuid() == 0

INSTALL = "-m pip install --require-hashes --requirement requirements.txt"  # all else would not be installed as locked
PRELUDE = """set -euo pipefail
systemctl() { echo "$*" >&$TO; read -r answer <&$FROM; [ "$answer" = ok ]; }
"""
STAND_INS = {
    "apt-get": "exit 0",
    "useradd": "exit 0",
    "logger": "exec cat",
    "git": '[ "$1" != clone ] || mv "$2" "$3"',
    "python3": 'mkdir -p "$3" && ln -s {bin} "$3/bin"',  # -m venv .venv
    "python": "[ \"$1 $2\" != '-m pip' ] || { [ \"$*\" = '{install}' ] && exec test -s requirements.txt; }\n"
    'exec {python} "$@"',
    "install": 'for a; do shift; [ "$a" != -o ] && [ "$a" != -g ] && [ "$a" != crosscheck ] && set -- "$@" "$a"; done\n'
    'exec /usr/bin/install "$@"',
    "nginx": 'exec {nginx} -c {folder}/nginx.conf "$@"',
    "curl": 'case "$*" in *https:*) port={web};; *) port={site};; esac\n'
    'exec /usr/bin/curl "$@" --connect-to "::127.0.0.1:$port"',
    "runuser": 'user=$2; shift 3; [ "$user" = postgres ] && [ "$(id -u)" = 0 ] || exec "$@"\n'
    'cd / && exec /usr/sbin/runuser -u postgres -- "$@"',
}
NGINX = """daemon off; pid {folder}/nginx.pid; error_log {folder}/nginx.log; worker_processes 2;
events {{ worker_connections 768; }}
http {{
    include /etc/nginx/mime.types; access_log off;
    client_body_temp_path {folder}/temp-body; proxy_temp_path {folder}/temp-proxy; fastcgi_temp_path {folder}/temp-f;
    uwsgi_temp_path {folder}/temp-u; scgi_temp_path {folder}/temp-s;
    include {folder}/etc/nginx/conf.d/*.conf; include {folder}/etc/nginx/sites-enabled/*;
}}
"""


class Sandbox:
    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="crosscheck-deployment-"))
        self.folder.chmod(0o755)  # PostgreSQL and nginx's workers run as other users
        self.ports = {name: free_port() for name in SERVERS}
        self.running: dict[str, subprocess.Popen[bytes]] = {}
        self.clusters = self.folder / "postgresql"
        self.database = "main"  # the cluster that systemctl means by postgresql
        self.output = ""
        for name in FOLDERS:
            (self.folder / name).mkdir(parents=True)
        (self.folder / "etc/redis/redis.conf").touch()  # comes with the package
        self._write_stand_ins()
        self._copy_project()
        (self.folder / "nginx.conf").write_text(NGINX.format(folder=self.folder))
        self._make_cluster()

    def __enter__(self) -> "Sandbox":
        return self

    def __exit__(self, *error: object) -> None:
        for name in list(self.running):
            self.kill(name)
        shutil.rmtree(self.folder, ignore_errors=True)

    def _write_stand_ins(self) -> None:
        (self.folder / "bin").mkdir()
        values = {
            "folder": self.folder,
            "bin": self.folder / "bin",
            "python": sys.executable,
            "install": INSTALL,
            "nginx": shutil.which("nginx"),
            **self.ports,
        }
        for name, body in STAND_INS.items():
            path = self.folder / "bin" / name
            filled = re.sub(r"\{(\w+)\}", lambda match: str(values[match[1]]), body)
            path.write_text(f"#!/bin/bash\n{filled}\n")
            path.chmod(0o755)

    def _copy_project(self) -> None:
        project = self.folder / "project"
        copy_project(project)
        for path in (project / "comparison" / "catalogue" / "sources").iterdir():
            if path.name not in QUICK_CATALOGUE:
                path.unlink()
        shutil.copy(ROOT / "requirements.txt", project)
        shutil.copytree(ROOT / "deploy", project / "deploy")
        for path in (project / "deploy").iterdir():
            if path.is_file():
                path.write_text(self.translated(path.read_text()))

    def translated(self, text: str) -> str:
        """The text with the sandbox's paths and ports instead of the machine's."""
        text = re.sub(
            r"/etc/postgresql/\d+/main|/var/lib/postgresql/\d+/main", f"{self.clusters}/{self.database}", text
        )
        for path in PATHS:
            text = re.sub(rf"(?<![\w.]){path}", f"{self.folder}{path}", text)
        text = re.sub(r"listen \[::\].*", "", text)
        text = text.replace("listen 80;", f"listen 127.0.0.1:{self.ports['http']};")
        text = text.replace("listen 443 ", f"listen 127.0.0.1:{self.ports['web']} ")
        for host, name in (("127.0.0.1:8000", "site"), ("10.0.0.11:8000", "site"), ("10.0.0.12:8000", "second")):
            text = text.replace(host, f"127.0.0.1:{self.ports[name]}")
        text = text.replace(":5432/", f":{self.ports['postgresql']}/").replace(
            "port=5432", f"port={self.ports['postgresql']}"
        )
        text = text.replace("127.0.0.1:6379", f"127.0.0.1:{self.ports['redis']}")
        return re.sub(r"10\.0\.0\.\d+(?!:)", "127.0.0.1", text).replace("127.0.0.1/24", "127.0.0.1/32")

    @property
    def variables(self) -> dict[str, str]:
        return {
            "PATH": f"{self.folder}/bin:{self.folder}/usr/local/bin:{PG_BIN}:{os.environ['PATH']}:/usr/sbin",
            "HOME": str(self.folder),
            "LANG": "C.UTF-8",
            "PGHOST": str(self.clusters / "main"),
            "PGPORT": str(self.ports["postgresql"]),
        }

    def follow(self, commands: str, **names: str) -> str:
        """Runs commands of the guide; returns what they print. They stop at the first failure."""
        requests, to = os.pipe()
        answers, reply = os.pipe()
        text = PRELUDE + self.translated(commands)
        with (self.folder / "output").open("w+") as output:
            variables = self.variables | {"TO": str(to), "FROM": str(answers)} | names
            shell = subprocess.Popen(
                ["bash", "-c", text],
                cwd=self.folder,
                env=variables,
                pass_fds=(to, answers),
                stdout=output,
                stderr=output,
            )
            os.close(to)
            os.close(answers)
            with os.fdopen(requests) as lines, os.fdopen(reply, "w") as replies:
                for line in lines:
                    self.systemctl(line.split())
                    print("ok", file=replies, flush=True)
            status = shell.wait(120)
            output.seek(0)
            printed = output.read()
        assert status == 0, printed[-3000:]
        return printed

    def systemctl(self, words: list[str]) -> None:
        names = [word for word in words[1:] if not word.startswith("-")]
        for name in names:
            if name.endswith(".socket"):
                continue  # here the site binds its port itself
            if words[0] in {"stop", "restart"}:
                self.stop(name)
            if words[0] in {"start", "restart"} or "--now" in words:
                self.start(name)

    def start(self, name: str) -> None:
        {
            "postgresql": self.start_postgresql,
            "redis-server": self.start_redis,
            "crosscheck": lambda: self.start_host("crosscheck", "site"),
            "second": lambda: self.start_host("second", "second"),
            "nginx": lambda: self._start("nginx", ["nginx"], "web"),
        }[name]()

    def stop(self, name: str) -> None:
        process = self.running.pop(self.database if name == "postgresql" else name, None)
        if process is None:
            return
        process.send_signal(signal.SIGINT if name in {"postgresql", "main", "copy"} else signal.SIGTERM)
        with suppress(subprocess.TimeoutExpired):
            process.wait(10)
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def kill(self, name: str) -> None:
        """As when the machine loses its power."""
        process = self.running.pop(name)
        with suppress(ProcessLookupError):  # it had ended by itself
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def _start(self, name: str, command: list[str], server: str, user: str | None = None, **variables: str) -> None:
        with (self.folder / f"{name}.out").open("ab") as log:
            options = {"user": user, "group": user, "extra_groups": []} if user else {}
            cwd = self.folder / "srv/crosscheck" if "gunicorn" in command else self.folder
            self.running[name] = subprocess.Popen(
                command,
                cwd=cwd,
                env=self.variables | variables,
                stdout=log,
                stderr=log,
                start_new_session=True,
                **options,
            )
        wait_for(lambda: self.answers(name, server), 60, lambda: self.log(name))

    def log(self, name: str) -> str:
        return (self.folder / f"{name}.out").read_text()

    def answers(self, name: str, server: str) -> bool:
        assert self.running[name].poll() is None, self.log(name)[-3000:]
        port = str(self.ports[server])
        probe = (
            ["pg_isready", "-q", "-h", "127.0.0.1", "-p", port]
            if name in {"main", "copy"}
            else ["bash", "-c", f"</dev/tcp/127.0.0.1/{port}"]
        )
        return subprocess.run(probe, env=self.variables, capture_output=True, check=False).returncode == 0

    def _make_cluster(self) -> None:
        options = [
            "--auth-local=trust",
            "--auth-host=scram-sha-256",
            "-U",
            "postgres",
            "-E",
            "UTF8",
            "--locale=C.UTF-8",
        ]
        for folder in (self.clusters, self.clusters / "main", self.clusters / "copy"):
            folder.mkdir(mode=0o700)
            if IS_ROOT:
                shutil.chown(folder, "postgres", "postgres")
        user = "postgres" if IS_ROOT else None
        command = [str(PG_BIN / "initdb"), "-D", str(self.clusters / "main"), "--no-sync", *options]
        subprocess.run(command, cwd="/", env=self.variables, user=user, check=True, capture_output=True)

    def start_postgresql(self) -> None:
        server = "postgresql" if self.database == "main" else "replica"
        data = self.clusters / self.database
        command = [str(PG_BIN / "postgres"), "-D", str(data), "-p", str(self.ports[server]), "-k", str(data)]
        self._start(self.database, [*command, "-c", "fsync=off"], server, "postgres" if IS_ROOT else None)

    def start_redis(self) -> None:
        command = ["redis-server", f"{self.folder}/etc/redis/redis.conf", "--bind", "127.0.0.1", "--daemonize", "no"]
        self._start("redis-server", [*command, "--port", str(self.ports["redis"])], "redis")

    def start_host(self, name: str, server: str) -> None:
        """Starts what the unit says, with the variables that it and its file of settings give."""
        unit = (self.folder / "etc/systemd/system/crosscheck.service").read_text()
        lines = re.findall(r"^Environment=(.+)$", unit, re.M)
        for path in re.findall(r"^EnvironmentFile=(.+)$", unit, re.M):
            lines += Path(path).read_text().splitlines()
        written = dict(line.split("=", 1) for line in lines)
        variables = {variable: " ".join(shlex.split(value)) for variable, value in written.items()}
        variables["BIND"] = f"127.0.0.1:{self.ports[server]}"
        (command,) = re.findall(r"^ExecStart=(.+)$", unit, re.M)
        for variable, value in variables.items():
            command = command.replace(f"${{{variable}}}", value)
        self._start(name, shlex.split(command), server, **variables)

    def set(self, name: str, value: str) -> None:
        """Adds a line to the site's file of settings."""
        with (self.folder / "etc/crosscheck/env").open("a") as file:
            print(f"{name}={shlex.quote(value)}", file=file)

"""A copy of the project that gunicorn serves as `make run` does, for tests that break it from outside."""

import http.client
import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlencode

from tests.installation import ROOT, copied

PARTS = ("config", "comparison", "templates", "static")
MAKE_SESSION = """
from django.contrib.auth import get_user_model, HASH_SESSION_KEY, SESSION_KEY, BACKEND_SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
users = get_user_model().objects
user = users.filter(username="tester").first() or users.create_superuser("tester")
session = SessionStore()
session[SESSION_KEY], session[HASH_SESSION_KEY] = str(user.pk), user.get_session_auth_hash()
session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
session.create()
print("session", session.session_key)
"""


class Answer(NamedTuple):
    status: int
    body: str
    headers: dict[str, str]


@dataclass
class Site:
    folder: Path
    environment: dict[str, str] = field(default_factory=dict)
    port: int = 0
    master: subprocess.Popen[bytes] | None = None
    session: str = ""

    def manage(self, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        variables = {"PATH": os.environ["PATH"]} | self.environment | environment
        command = [sys.executable, "manage.py", *arguments]
        return subprocess.run(
            command, cwd=self.folder, env=variables, capture_output=True, text=True, timeout=300, check=False
        )

    def log_in(self) -> None:
        printed = self.manage("shell", "--verbosity", "0", "--command", MAKE_SESSION)
        assert "session " in printed.stdout, printed.stderr
        self.session = printed.stdout.split()[-1]

    def start(self, workers: int = 2, wrapper: tuple[str, ...] = ()) -> None:
        self.port = self.port or free_port()
        command = [*wrapper, sys.executable, "-m", "gunicorn", "config.wsgi", "--config", "python:config.gunicorn"]
        command += ["--bind", f"127.0.0.1:{self.port}", "--workers", str(workers)]
        variables = {"PATH": os.environ["PATH"]} | self.environment
        with self.log.open("ab") as log:
            self.master = subprocess.Popen(command, cwd=self.folder, env=variables, stdout=log, stderr=log)
        self.wait_until_it_answers()

    @property
    def log(self) -> Path:
        return self.folder / "log"

    def wait_until_it_answers(self) -> None:
        wait_for(lambda: self.get("/healthz").status == 200, 40, self.log.read_text)

    def workers(self) -> list[int]:
        assert self.master
        children = Path(f"/proc/{self.master.pid}/task/{self.master.pid}/children").read_text()
        return [int(pid) for pid in children.split()]

    def stop(self) -> None:
        if self.master and self.master.poll() is None:
            self.master.terminate()
            with suppress(subprocess.TimeoutExpired):
                self.master.wait(10)
            self.master.kill()
            self.master.wait()

    def kill(self) -> None:
        assert self.master
        self.master.send_signal(signal.SIGKILL)
        self.master.wait()

    def get(self, path: str, timeout: float = 10, **headers: str) -> Answer:
        return self.ask("GET", path, "", timeout, headers)

    def post(self, path: str, timeout: float = 10, **fields: str) -> Answer:
        """Posts a form as the administrator."""
        token = "a" * 32
        headers = {"Cookie": f"sessionid={self.session}; csrftoken={token}"}
        headers["Content-Type"] = "application/x-www-form-urlencoded"
        return self.ask("POST", path, urlencode({"csrfmiddlewaretoken": token, **fields}), timeout, headers)

    def ask(self, method: str, path: str, body: str, timeout: float, headers: dict[str, str]) -> Answer:
        """The answer, with status 0 and no body where the connection failed."""
        with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)) as connection:
            try:
                connection.request(method, path, body.encode(), headers)
                response = connection.getresponse()
                return Answer(response.status, response.read().decode(errors="replace"), dict(response.getheaders()))
            except (OSError, http.client.HTTPException):
                return Answer(0, "", {})

    def query(self, sql: str) -> list[tuple[object, ...]]:
        with closing(sqlite3.connect(self.folder / "var" / "crosscheck.sqlite3", timeout=20)) as database:
            return database.execute(sql).fetchall()


def wait_for(is_so: Callable[[], bool], seconds: float, explain: Callable[[], object] = lambda: "") -> float:
    """Waits until it is so; returns the seconds that took."""
    start = time.monotonic()
    while not is_so():
        assert time.monotonic() - start < seconds, explain()
        time.sleep(0.05)
    return time.monotonic() - start


def free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def copy_project(folder: Path) -> Path:
    copied(folder, *PARTS)
    shutil.copy(ROOT / "manage.py", folder)
    return folder


@contextmanager
def serving(site: Site, workers: int = 2, wrapper: tuple[str, ...] = ()) -> Iterator[Site]:
    try:
        site.start(workers, wrapper)
        yield site
    finally:
        site.stop()

"""PostgreSQL and Redis servers that a test starts itself, because it stops and freezes them."""

import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from socket import socket

from tests.running_site import free_port, wait_for


def postgres_programs() -> Path | None:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    if found:
        return found[-1].parent
    initdb = shutil.which("initdb")
    return Path(initdb).parent if initdb else None


def answers(port: int) -> bool:
    with closing(socket()) as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


class Server:
    """A process and its children."""

    def __init__(self, command: list[str], port: int, folder: Path, user: str | None = None) -> None:
        self.command, self.port, self.folder, self.user = command, port, folder, user
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        with (self.folder / "server.log").open("ab") as log:
            self.process = subprocess.Popen(self.command, cwd="/", stdout=log, stderr=log, user=self.user)
        wait_for(lambda: answers(self.port), 30, (self.folder / "server.log").read_text)

    def signal_all(self, number: signal.Signals) -> None:
        for pid in self.pids():
            with suppress(ProcessLookupError):
                os.kill(pid, number)

    def pids(self) -> list[int]:
        """Of the process and its descendants; postgres gives its children sessions of their own."""
        found, waiting = [], [self.process.pid] if self.process else []
        while waiting:
            pid = waiting.pop()
            found.append(pid)
            with suppress(OSError):
                waiting += map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text().split())
        return found

    def stop(self) -> None:
        if self.process:
            self.signal_all(signal.SIGCONT)
            self.signal_all(signal.SIGKILL)
            self.process.wait()
            self.process = None


@contextmanager
def postgres() -> Iterator[Server]:
    """In a folder of its own: pytest's are closed to the user postgres, whom root has to use."""
    programs = postgres_programs()
    assert programs
    folder, port = Path(tempfile.mkdtemp(prefix="crosscheck-postgres-")), free_port()
    user = "postgres" if os.getuid() == 0 else None  # who may not be root
    if user:
        shutil.chown(folder, user)
    data = folder / "data"
    create = [f"{programs}/initdb", "-D", str(data), "-U", "crosscheck", "--auth=trust", "-E", "UTF8"]
    subprocess.run([*create, "--locale=C.UTF-8"], cwd="/", check=True, capture_output=True, user=user)
    options = ["-c", "listen_addresses=127.0.0.1", "-p", str(port), "-c", "unix_socket_directories="]
    server = Server([f"{programs}/postgres", "-D", str(data), *options], port, folder, user)
    try:
        server.start()
        yield server
    finally:
        server.stop()
        shutil.rmtree(folder)


@contextmanager
def redis(folder: Path) -> Iterator[Server]:
    port = free_port()
    command = ["redis-server", "--bind", "127.0.0.1", "--port", str(port), "--save", "", "--dir", str(folder)]
    server = Server(command, port, folder)
    server.start()
    try:
        yield server
    finally:
        server.stop()


@contextmanager
def silent_port() -> Iterator[int]:
    """A port that accepts connections and never says a word."""
    with closing(socket()) as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(50)
        yield listener.getsockname()[1]

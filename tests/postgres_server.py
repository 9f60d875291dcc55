"""A PostgreSQL server of a test's own, which may be frozen and killed."""

import os
import signal
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from glob import glob
from pathlib import Path
from shutil import chown
from tempfile import TemporaryDirectory

BINARIES = next((Path(path).parent for path in sorted(glob("/usr/lib/postgresql/*/bin/initdb"), reverse=True)), None)
USER = ["runuser", "-u", "postgres", "--"] if os.getuid() == 0 else []  # it refuses to run as root


class Server:
    def __init__(self, folder: Path, port: int) -> None:
        self.folder, self.port = folder, port

    @property
    def url(self) -> str:
        return f"postgres://crosscheck@127.0.0.1:{self.port}/postgres"

    def run(self, program: str, *arguments: str) -> None:
        assert BINARIES
        command = [*USER, str(BINARIES / program), *arguments]
        subprocess.run(command, cwd="/", check=True, timeout=30, stdout=subprocess.DEVNULL)

    def start(self) -> None:
        data = self.folder / "data"
        self.run("initdb", "-D", str(data), "-U", "crosscheck", "--auth=trust", "-E", "UTF8", "--no-sync")
        options = f"-c listen_addresses=127.0.0.1 -p {self.port} -c unix_socket_directories='' -c fsync=off"
        self.run("pg_ctl", "-D", str(data), "-w", "-l", str(self.folder / "log"), "-o", options, "start")

    def stop(self) -> None:
        with suppress(subprocess.CalledProcessError):
            self.run("pg_ctl", "-D", str(self.folder / "data"), "-m", "immediate", "stop")

    @contextmanager
    def frozen(self) -> Iterator[None]:
        """None of its processes runs, and all its connections stay open."""
        pids = self._pids()
        self._signal(pids, signal.SIGSTOP)
        try:
            yield
        finally:
            self._signal(pids, signal.SIGCONT)

    def _signal(self, pids: list[int], signal_number: int) -> None:
        for pid in pids:
            with suppress(ProcessLookupError):  # that of a connection which was closed meanwhile
                os.kill(pid, signal_number)

    def _pids(self) -> list[int]:
        main = int((self.folder / "data" / "postmaster.pid").read_text().split()[0])
        children = Path(f"/proc/{main}/task/{main}/children").read_text().split()
        return [main, *map(int, children)]


@contextmanager
def postgres_server() -> Iterator[Server]:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    with TemporaryDirectory(prefix="crosscheck-postgres-", ignore_cleanup_errors=True) as folder:
        if USER:
            chown(folder, "postgres")
        server = Server(Path(folder), port)
        try:
            server.start()
            yield server
        finally:
            server.stop()

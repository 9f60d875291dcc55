"""How gunicorn serves the site, wherever it is started: gunicorn config.wsgi --config python:config.gunicorn"""

import ctypes
import os
import shutil
import signal
import sys
import tempfile
from pathlib import Path
from typing import Any

from config.memory import spare_what_stays

PR_SET_PDEATHSIG = 1  # from Linux' sys/prctl.h


def folder_of_this_process(prefix: str, parent: str | None) -> str:
    """A new folder. Those of processes that have ended are removed: a killed one could not do that itself."""
    root = Path(parent or tempfile.gettempdir())
    for left in root.glob(f"{prefix}-*-*"):
        if not Path(f"/proc/{left.name.split('-')[-2]}").exists():
            shutil.rmtree(left, ignore_errors=True)
    return tempfile.mkdtemp(prefix=f"{prefix}-{os.getpid()}-", dir=root)


worker_class = "gthread"  # half-sent requests of slow clients do not stop it
threads = 4
preload_app = True  # all workers run the code that the start has read, whatever becomes of the files
# Heartbeats in memory: on a full or read-only disk no worker could start again.
worker_tmp_dir = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None  # noqa: S108
forwarded_allow_ips = ""  # BEHIND_PROXY says which headers are believed
control_socket_disable = True
limit_request_line = 8190  # the most there can be: the form of weights sends every criterion
loglevel = "warning"


if os.environ.get("METRICS", "").strip().lower() in {"1", "true", "yes", "on"}:
    # Each worker keeps its numbers in a file; on a full disk it would be killed for writing there.
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = folder_of_this_process("crosscheck-metrics", worker_tmp_dir)


def on_starting(server: Any) -> None:
    from config.preload import load_everything  # noqa: PLC0415  # only now gunicorn has loaded the site

    load_everything()
    spare_what_stays()


def post_worker_init(worker: Any) -> None:
    """Ends a worker together with its master, so that a killed master does not leave the port taken.

    Without it a worker notices after a second, but then serves its open connections for up to 30 seconds.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() != worker.ppid:  # it ended before
        os.kill(os.getpid(), signal.SIGTERM)


def on_exit(server: Any) -> None:
    if folder := os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        shutil.rmtree(folder, ignore_errors=True)

"""How much memory a server process with the smallest application holds."""

import re
import shutil
import sys
from pathlib import Path

from comparison.experiments.serving import starting
from comparison.experiments.spec import Experiment, Failure, Job, Reading

WSGI = """
import sys
sys.path.insert(0, sys.argv[1])
from wsgiref.simple_server import make_server
from one_route import application
make_server("127.0.0.1", int(sys.argv[2]), application).serve_forever()
"""
ASGI = """
import sys
sys.path.insert(0, sys.argv[1])
import uvicorn
from one_route import application
uvicorn.run(application, host="127.0.0.1", port=int(sys.argv[2]))
"""
OWN = """
import sys
sys.path.insert(0, sys.argv[1])
from one_route import application
from server import serve
serve(application, int(sys.argv[2]))
"""

EXPERIMENT = Experiment(
    slug="memory",
    title="Memory of a server process",
    question="How much memory does one server process hold after its first answer?",
    method=(
        "A new process serves the smallest application: with Python’s own WSGI server, with uvicorn where the "
        "framework has no WSGI, or with a server of its own where it has neither. "
        "After the first answer the memory that the process holds (resident set) is read from "
        "the system. Python and its own server alone hold about 20 MB, Python and uvicorn 27 MB, which are part of the "
        "number."
    ),
    group="size",
    variants=("smallest application",),
    environments={"smallest application": "server"},
    unit="MB",
    feeds={"memory": "smallest application"},
    statement="One server process with the smallest application holds {value} MB after its first answer ({spread})",
)


def take(job: Job) -> Reading:
    shutil.copy(job.files("one_route.py"), job.folder)
    if job.adapter.has_own_interface:
        shutil.copy(job.files("server.py"), job.folder)
    program = {"wsgi": WSGI, "asgi": ASGI}.get(job.adapter.interface, OWN)
    command = [sys.executable, "-I", "-c", program, str(job.folder)]
    with starting(job.folder, lambda port: [*command, str(port)]) as server:
        if server.get("/").status != 200:
            raise Failure("the smallest application did not answer")
        return Reading(_resident(server.pid) / 1e6)


def _resident(pid: int) -> int:
    """Bytes, from Linux’s record of the process."""
    status = Path(f"/proc/{pid}/status")
    if not status.exists():
        raise Failure("reads memory from /proc, which this system does not have")
    found = re.search(r"VmRSS:\s+(\d+) kB", status.read_text())
    if not found:
        raise Failure(f"{status} does not say how much memory is resident")
    return int(found[1]) * 1024

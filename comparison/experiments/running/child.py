"""Takes one reading, in a process of its own inside a clean environment, and writes it to a file."""

import dataclasses
import importlib
import json
import os
import signal
import sys
from pathlib import Path
from typing import Any

from comparison.experiments.spec import Failure, Job, NotOffered

READING = "reading.json"


def main(module: str, framework: str, variant: str, folder: str) -> None:
    """Errors of other kinds end the process: the last line of what it prints is the reason."""
    # A shell that starts `measure` in the background has it ignore interrupts, by which some servers start again.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    work = Path(folder, "work")
    work.mkdir()
    os.chdir(work)
    Path(folder, READING).write_text(json.dumps(read(module, Job(framework, variant, work))))


def read(module: str, job: Job) -> dict[str, Any]:
    try:
        return dataclasses.asdict(importlib.import_module(module).take(job))
    except Failure as error:
        return {"failure": str(error)}
    except NotOffered as error:
        return {"not_offered": str(error)}


if __name__ == "__main__":
    main(*sys.argv[1:])

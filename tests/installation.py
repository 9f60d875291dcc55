"""The project as an installation: its folder, copies of it, and commands run in processes of their own."""

import json
import os
import shutil
import string
import subprocess
import sys
from functools import partial
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


KEY = string.ascii_letters


def run(*command: str, cwd: Path = ROOT, **environment: str) -> subprocess.CompletedProcess[str]:
    """Runs a command with these variables and no others, so that neither the developer's nor make's leak in."""
    variables = {"PATH": os.environ["PATH"]} | environment
    return subprocess.run(command, cwd=cwd, env=variables, capture_output=True, text=True, timeout=300, check=False)


python = partial(run, sys.executable)


START_MANY = """
import json, os, runpy, sys
from tempfile import TemporaryFile
from django.core import management  # read once for all
answers = []
for arguments, variables in json.load(sys.stdin):
    with TemporaryFile("w+") as out, TemporaryFile("w+") as err:
        if not (child := os.fork()):
            os.dup2(out.fileno(), 1)
            os.dup2(err.fileno(), 2)
            os.environ.clear()
            os.environ.update(variables)
            sys.argv = ["manage.py", *arguments]
            runpy.run_path("manage.py", run_name="__main__")
            os._exit(0)
        code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        answers.append([code, *(file.seek(0) or file.read() for file in (out, err))])
json.dump(answers, sys.stdout)
"""


def manage_each(starts: list[tuple[list[str], dict[str, str]]]) -> list[subprocess.CompletedProcess[str]]:
    """Starts manage.py with each of these arguments and variables, by forks of one process that has read Django."""
    given = [(arguments, {"PATH": os.environ["PATH"]} | variables) for arguments, variables in starts]
    command = [sys.executable, "-c", START_MANY]
    done = subprocess.run(
        command, cwd=ROOT, env={}, input=json.dumps(given), capture_output=True, text=True, timeout=300, check=True
    )
    answers = zip(starts, json.loads(done.stdout), strict=True)
    return [subprocess.CompletedProcess(arguments, *answer) for (arguments, _), answer in answers]


def copied(folder: Path, *names: str, ignored: str = "__pycache__") -> Path:
    """A copy of parts of the project; what the settings keep next to themselves then lands in that folder."""
    for name in names:
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns(ignored))
    return folder

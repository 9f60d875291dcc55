"""The project as an installation: its folder, copies of it, and commands run in processes of their own."""

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


def copied(folder: Path, *names: str) -> Path:
    """A copy of parts of the project; what the settings keep next to themselves then lands in that folder."""
    for name in names:
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    return folder

"""Clean virtual environments: a framework, the packages that an experiment needs with it, and nothing else."""

import hashlib
import json
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from comparison.experiments.spec import Adapter

COMPLETE: Final = "complete.json"  # written last: what was installed
INSTALL_SECONDS: Final = 600
NO_NETWORK = re.compile(
    r"NewConnectionError|NameResolutionError|ConnectTimeout|ReadTimeout|ProxyError|Temporary failure|No route to host"
    r"|Connection (?:refused|reset)|Network is unreachable|Could not fetch URL"
)
UNKNOWN_VERSION = re.compile(r"No matching distribution found for (\S+)")
LIST_PACKAGES = (
    "import importlib.metadata as m, json; "
    "print(json.dumps({d.metadata['Name']: d.version for d in m.distributions()}, sort_keys=True))"
)


class SetupFailed(Exception):
    """An environment cannot be made. One sentence that names the reason and the way out."""


class NotInstallable(SetupFailed):
    """Only this one cannot be made: others may be."""


@dataclass(frozen=True)
class Environment:
    folder: Path
    packages: Mapping[str, str]  # version by name

    @property
    def python(self) -> Path:
        return self.folder / "bin" / "python"

    def version(self, package: str) -> str:
        return next((version for name, version in self.packages.items() if name.lower() == package.lower()), "")


def prepare(adapter: Adapter, name: str, root: Path) -> Environment:
    """The environment of that name, made when it is not there yet or was not finished."""
    if stored := existing(adapter, name, root):
        return stored
    folder = root / _folder_name(adapter, name)
    shutil.rmtree(folder, ignore_errors=True)
    folder.parent.mkdir(parents=True, exist_ok=True)
    try:
        return _install(adapter, name, folder)
    except BaseException:  # an interruption too: nothing half-written stays
        shutil.rmtree(folder, ignore_errors=True)
        raise


def existing(adapter: Adapter, name: str, root: Path) -> Environment | None:
    """The environment of that name, if an earlier run made it."""
    return _complete(root / _folder_name(adapter, name))


def is_ready(adapter: Adapter, name: str, root: Path) -> bool:
    """Whether nothing must be installed."""
    return _complete(root / _folder_name(adapter, name)) is not None


def base_python() -> Path:
    """The Python that this one was made from; it has pip where a virtual environment need not."""
    found = Path(sys.base_prefix) / "bin" / f"python{sys.version_info.major}.{sys.version_info.minor}"
    python = found if found.exists() else Path(shutil.which("python3") or "python3")
    try:
        subprocess.run([python, "-m", "pip", "--version"], capture_output=True, check=True)
    except FileNotFoundError:
        raise SetupFailed(f"No Python at {python}. Install Python 3.11 or newer.") from None
    except subprocess.CalledProcessError:
        raise SetupFailed(f"{python} has no pip. Install it, for example: apt install python3-pip.") from None
    return python


def _folder_name(adapter: Adapter, name: str) -> str:
    """One folder for each set of requirements, whatever its name, and each Python."""
    wanted = json.dumps([sorted(adapter.requirements[name]), sorted(adapter.constraints), sys.version])
    return f"{adapter.slug}-{hashlib.sha256(wanted.encode()).hexdigest()[:12]}"


def _complete(folder: Path) -> Environment | None:
    marker = folder / COMPLETE
    if not marker.exists() or not (folder / "bin" / "python").exists():
        return None
    return Environment(folder, json.loads(marker.read_text()))


def _install(adapter: Adapter, name: str, folder: Path) -> Environment:
    python = base_python()
    subprocess.run([python, "-m", "venv", "--without-pip", folder], check=True, capture_output=True)
    constraints = folder / "constraints.txt"
    constraints.write_text("".join(f"{line}\n" for line in adapter.constraints))
    pip: list[str | Path] = [python, "-m", "pip", "--disable-pip-version-check", "--python", folder / "bin" / "python"]
    options = ["install", "--no-input", "--retries", "2", "--constraint", str(constraints)]
    command: list[str | Path] = [*pip, *options, *adapter.requirements[name]]
    try:
        run = subprocess.run(command, capture_output=True, text=True, check=False, timeout=INSTALL_SECONDS)
    except subprocess.TimeoutExpired:
        raise SetupFailed(f"{adapter.name} was not installed within {INSTALL_SECONDS} s. Try again later.") from None
    if run.returncode:
        raise _failure(adapter, run.stdout + run.stderr)
    listing: list[str | Path] = [folder / "bin" / "python", "-c", LIST_PACKAGES]
    packages = json.loads(subprocess.run(listing, capture_output=True, text=True, check=True).stdout)
    (folder / COMPLETE).write_text(json.dumps(packages, indent=1))
    return Environment(folder, packages)


def _failure(adapter: Adapter, output: str) -> SetupFailed:
    """What to say of pip's output."""
    failed = f"{adapter.name} cannot be installed"
    if NO_NETWORK.search(output):
        return SetupFailed(f"{failed}: the package index does not answer. Connect to a network and try again.")
    if unknown := UNKNOWN_VERSION.search(output):
        return NotInstallable(f"{failed}: the package index has no {unknown[1]}. Correct the version in its adapter.")
    errors = [line.removeprefix("ERROR: ") for line in output.splitlines() if line.startswith("ERROR: ")]
    return NotInstallable(f"{failed}: {errors[-1] if errors else output.strip()[-200:] or 'pip failed'}")

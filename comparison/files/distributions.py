"""Source distributions: fetched from the package index by name, version and digest, and the texts inside them."""

import hashlib
import re
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

FILE_NAME = re.compile(r"(?P<name>[A-Za-z0-9][\w.-]*)-(?P<version>[0-9][^-/]*?)\.(?:tar\.gz|zip)")
MAX_SECONDS = 300  # for one download
MAX_TEXT_BYTES = 5_000_000  # of one text in a distribution


class DistributionError(Exception):
    """A distribution or a text in it cannot be had; the message says why and what to do."""


def fetch(file_name: str, sha256: str, folder: Path) -> Path:
    """The distribution's path in the folder; downloaded unless it is there already.

    Nothing is kept of a download that fails or has another digest. Raises DistributionError.
    """
    match = FILE_NAME.fullmatch(file_name)
    if match is None:
        raise DistributionError(f"{file_name!r} is not the name of a source distribution, such as name-1.0.tar.gz.")
    path = folder / file_name
    if path.exists() and digest(path) == sha256:
        return path
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder) as draft:
        requirement = Path(draft) / "requirement.txt"
        requirement.write_text(f"{match['name']}=={match['version']} --hash=sha256:{sha256}\n", encoding="utf-8")
        _download(file_name, requirement, Path(draft))
        fetched = Path(draft) / file_name
        if not fetched.exists():
            names = ", ".join(sorted(other.name for other in Path(draft).iterdir() if other != requirement))
            raise DistributionError(f"The package index has no file {file_name}; it sent {names or 'nothing'}.")
        if (actual := digest(fetched)) != sha256:
            raise DistributionError(f"{file_name} has the digest {actual[:12]}…, not {sha256[:12]}…. It was not kept.")
        fetched.replace(path)
    return path


def _download(file_name: str, requirement: Path, folder: Path) -> None:
    options = ["--quiet", "--disable-pip-version-check", "--no-input", "--no-deps", "--no-binary", ":all:"]
    command = [*pip_command(), "download", *options, "--require-hashes", "-r", str(requirement), "-d", str(folder)]
    try:
        result = subprocess.run(  # noqa: S603 (no shell; the file name is checked)
            command, capture_output=True, text=True, timeout=MAX_SECONDS, check=False
        )
    except subprocess.TimeoutExpired as error:
        message = f"{file_name} did not arrive within {MAX_SECONDS} seconds. Check the network and try again."
        raise DistributionError(message) from error
    if result.returncode == 0:
        return
    if "DO NOT MATCH THE HASHES" in result.stderr:
        raise DistributionError(f"{file_name} on the package index has another digest than the catalogue says.")
    raise DistributionError(f"{file_name} cannot be fetched. {_reason(result.stderr)}")


def _reason(output: str) -> str:
    """The last error that pip printed, without addresses."""
    errors = [line.removeprefix("ERROR: ") for line in output.splitlines() if line.startswith("ERROR:")]
    text = errors[-1] if errors else (output.strip().splitlines() or ["pip failed without a word."])[-1]
    return re.sub(r"\S+://\S+", "…", text)


@cache
def pip_command() -> tuple[str, ...]:
    """How to call pip: the virtual environment that serves the site has none of its own."""
    for python in dict.fromkeys([sys.executable, getattr(sys, "_base_executable", sys.executable), "python3"]):
        try:
            found = subprocess.run(  # noqa: S603 (no shell, no input)
                [python, "-m", "pip", "--version"], capture_output=True, timeout=60, check=False
            )
        except (OSError, subprocess.TimeoutExpired):
            continue
        if found.returncode == 0:
            return (python, "-m", "pip")
    raise DistributionError("pip is missing. Install it, for example: apt install python3-pip")


def digest(path: Path) -> str:
    """The SHA-256 digest of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def read_texts(path: Path, files: Iterable[str]) -> Iterator[tuple[str, str | DistributionError]]:
    """The texts of some files in a distribution, or why one cannot be read. Paths start below the top folder."""
    contents = _zip_contents(path, set(files)) if path.suffix == ".zip" else _tar_contents(path, set(files))
    found = dict(contents)
    for name in sorted(set(files)):
        yield name, _decoded(name, found.get(name), path.name)


def _decoded(name: str, content: bytes | None, archive: str) -> str | DistributionError:
    if content is None:
        return DistributionError(f"{archive} holds no file {name}.")
    if len(content) > MAX_TEXT_BYTES:
        return DistributionError(f"{name} in {archive} is longer than {MAX_TEXT_BYTES:,} bytes.")
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        return DistributionError(f"{name} in {archive} is not UTF-8: byte {error.start}.")
    if "\0" in text or not text.strip():
        return DistributionError(f"{name} in {archive} holds no text.")
    return text


def _tar_contents(path: Path, files: set[str]) -> Iterator[tuple[str, bytes]]:
    try:
        with tarfile.open(path, "r:gz") as archive:
            for member in archive:
                name = member.name.partition("/")[2]
                if name in files and member.isfile() and (file := archive.extractfile(member)) is not None:
                    yield name, file.read(MAX_TEXT_BYTES + 1)
    except (tarfile.TarError, OSError, EOFError) as error:
        raise DistributionError(f"{path.name} cannot be unpacked: {error}") from error


def _zip_contents(path: Path, files: set[str]) -> Iterator[tuple[str, bytes]]:
    try:
        with zipfile.ZipFile(path) as archive:
            for member in archive.infolist():
                name = member.filename.partition("/")[2]
                if name in files:
                    with archive.open(member) as file:
                        yield name, file.read(MAX_TEXT_BYTES + 1)
    except (zipfile.BadZipFile, OSError, NotImplementedError) as error:
        raise DistributionError(f"{path.name} cannot be unpacked: {error}") from error

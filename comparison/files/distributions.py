"""Source distributions and Debian packages: fetched by name, version and digest, and the texts inside them."""

import hashlib
import io
import lzma
import re
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from urllib.parse import unquote

FILE_NAME = re.compile(r"(?P<name>[A-Za-z0-9][\w.-]*)-(?P<version>[0-9][^-/]*?)\.(?:tar\.gz|zip)")
DEBIAN_FILE_NAME = re.compile(
    r"(?P<name>[a-z0-9][a-z0-9+.-]+)_(?P<version>[A-Za-z0-9.+~%-]+)_(?P<architecture>[a-z0-9-]+)\.deb"
)
APT_GET = "apt-get"
MAX_SECONDS = 300  # for one download
AR_MAGIC, AR_HEADER_BYTES = b"!<arch>\n", 60
MAX_TEXT_BYTES = 5_000_000  # of one text in a distribution


class DistributionError(Exception):
    """A distribution or a text in it cannot be had; the message says why and what to do."""


def fetch(file_name: str, sha256: str, folder: Path) -> Path:
    """The distribution's path in the folder; downloaded unless it is there already.

    Nothing is kept of a download that fails or has another digest. Raises DistributionError.
    """
    match = FILE_NAME.fullmatch(file_name) or DEBIAN_FILE_NAME.fullmatch(file_name)
    if match is None:
        raise DistributionError(
            f"{file_name!r} is not the name of a source distribution, such as name-1.0.tar.gz, "
            "or of a Debian package, such as name_1.0-1_all.deb."
        )
    path = folder / file_name
    if path.exists() and digest(path) == sha256:
        return path
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder) as draft:
        fetched = Path(draft) / file_name
        if match.re is DEBIAN_FILE_NAME:
            _download_from_debian(match, path, sha256, Path(draft))
        else:
            _download_from_index(match, sha256, Path(draft))
        if (actual := digest(fetched)) != sha256:
            raise DistributionError(f"{file_name} has the digest {actual[:12]}…, not {sha256[:12]}…. It was not kept.")
        fetched.replace(path)
    return path


def _download_from_index(match: re.Match[str], sha256: str, folder: Path) -> None:
    file_name, requirement = match.string, folder / "requirement.txt"
    requirement.write_text(f"{match['name']}=={match['version']} --hash=sha256:{sha256}\n", encoding="utf-8")
    options = ["--quiet", "--disable-pip-version-check", "--no-input", "--no-deps", "--no-binary", ":all:"]
    command = [*pip_command(), "download", *options, "--require-hashes", "-r", str(requirement), "-d", str(folder)]
    result = _run(command, file_name, folder)
    if "DO NOT MATCH THE HASHES" in result.stderr and result.returncode:
        raise DistributionError(f"{file_name} on the package index has another digest than the catalogue says.")
    if result.returncode:
        raise DistributionError(f"{file_name} cannot be fetched. {_reason(result.stderr, 'pip')}")
    if not (folder / file_name).exists():
        names = ", ".join(sorted(other.name for other in folder.iterdir() if other != requirement))
        raise DistributionError(f"The package index has no file {file_name}; it sent {names or 'nothing'}.")


def _download_from_debian(match: re.Match[str], path: Path, sha256: str, folder: Path) -> None:
    """Debian's archive keeps only the newest version of each release, so a person may have to bring the file."""
    package = f"{match['name']}:{match['architecture']}={unquote(match['version'])}"
    try:
        result = _run([APT_GET, "--quiet", "download", package], path.name, folder)
        reason = _reason(result.stderr, "apt-get") if result.returncode else "apt-get sent another file."
    except FileNotFoundError:
        reason = "There is no apt-get here."
    if (folder / path.name).exists():
        return
    if path.exists():
        reason += f" The file of that name in {path.parent} has another digest than {sha256[:12]}…"
    way_out = f"Put the file with that name into {path.parent} and run the command again."
    raise DistributionError(f"{path.name} cannot be fetched. {reason.rstrip('.')}. {way_out}")


def _run(command: list[str], file_name: str, folder: Path) -> subprocess.CompletedProcess[str]:
    try:
        return subprocess.run(  # noqa: S603 (no shell; the file name is checked)
            command, cwd=folder, capture_output=True, text=True, timeout=MAX_SECONDS, check=False
        )
    except subprocess.TimeoutExpired as error:
        message = f"{file_name} did not arrive within {MAX_SECONDS} seconds. Check the network and try again."
        raise DistributionError(message) from error


def _reason(output: str, program: str) -> str:
    """The last error that a program printed, without addresses."""
    errors = [line.partition(": ")[2] for line in output.splitlines() if line.startswith(("ERROR: ", "E: "))]
    text = errors[-1] if errors else (output.strip().splitlines() or [f"{program} failed without a word."])[-1]
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
    """The texts of some files in a distribution, or why one cannot be read.

    Paths start below the top folder of a source distribution, and at the root in a Debian package.
    """
    contents = CONTENTS.get(path.suffix, _tar_contents)(path, set(files))
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
            yield from _members(archive, files)
    except (tarfile.TarError, OSError, EOFError) as error:
        raise DistributionError(f"{path.name} cannot be unpacked: {error}") from error


def _deb_contents(path: Path, files: set[str]) -> Iterator[tuple[str, bytes]]:
    try:
        with tarfile.open(fileobj=io.BytesIO(_deb_data(path.read_bytes())), mode="r:*") as archive:
            yield from _members(archive, files)
    except (tarfile.TarError, OSError, EOFError, ValueError, lzma.LZMAError) as error:
        raise DistributionError(f"{path.name} cannot be unpacked: {error}") from error


def _deb_data(package: bytes) -> bytes:
    """The compressed files of a Debian package, which is an ar archive: see deb(5). Raises ValueError."""
    if not package.startswith(AR_MAGIC):
        raise ValueError("it is not a Debian package")
    start = len(AR_MAGIC)
    while header := package[start : start + AR_HEADER_BYTES]:
        name, size, content = header[:16].decode().strip(), int(header[48:58]), start + AR_HEADER_BYTES
        if name.startswith("data.tar"):
            return package[content : content + size]
        start = content + size + size % 2
    raise ValueError("it holds no files")


def _members(archive: tarfile.TarFile, files: set[str]) -> Iterator[tuple[str, bytes]]:
    """Names in both kinds of archive begin with one folder: that of the distribution, or a dot."""
    for member in archive:
        name = member.name.partition("/")[2]
        if name in files and member.isfile() and (file := archive.extractfile(member)) is not None:
            yield name, file.read(MAX_TEXT_BYTES + 1)


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


CONTENTS = {".zip": _zip_contents, ".deb": _deb_contents}

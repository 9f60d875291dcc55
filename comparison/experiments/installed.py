"""What is installed in the environment that this runs in. Standard library alone, like `spec`."""

from collections.abc import Iterator
from importlib.metadata import Distribution, distributions
from pathlib import Path, PurePath


def packages() -> dict[str, Distribution]:
    """By name, in lower case."""
    return {distribution.metadata["Name"].lower(): distribution for distribution in distributions()}


def files(distribution: Distribution) -> Iterator[Path]:
    """The files that a package installed, without the bytecode that is made of them."""
    for file in distribution.files or []:
        path = Path(str(distribution.locate_file(file)))
        if path.suffix != ".pyc" and path.is_file():
            yield path


def sources(distribution: Distribution) -> Iterator[Path]:
    """The Python files among them, but for commands, which may be copies of modules."""
    for file in distribution.files or []:
        path = Path(str(distribution.locate_file(file)))
        if is_module(file) and path.is_file():
            yield path


def modules(distribution: Distribution) -> Iterator[str]:
    """The dotted names of the modules that a package installed."""
    for file in distribution.files or []:
        if is_module(file):
            yield ".".join(file.with_suffix("").parts).removesuffix(".__init__")


def is_module(file: PurePath) -> bool:
    """Commands lie outside the folder of packages."""
    return file.suffix == ".py" and not str(file).startswith("..")

"""What an experiment, an adapter and a reading are.

Programs and adapters run inside the clean environment of a framework: this module needs nothing but Python.
"""

import importlib
import socket
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType

STANDARD_INTERFACES = ("wsgi", "asgi")
CLEAN = "clean"  # the environment of a framework and of what it installs along with it
EXTRAS = "extras"  # with the small packages, too, that its documentation names for templates and forms, or else Jinja2
ADAPTERS = "comparison.experiments.adapters"
BUILT_IN, PARTIAL, NONE = "built-in", "partial", "none"


class Failure(Exception):
    """A reading could not be taken. The message is a short sentence without a full stop."""


class NotOffered(Exception):
    """The framework has no such variant, so that nothing is missing."""


@dataclass(frozen=True, kw_only=True)
class Experiment:
    """A question, and how it is answered by running frameworks."""

    slug: str
    title: str
    question: str
    method: str  # what is done, in a few sentences, with the limits of what it shows
    group: str  # the folder of the program: size, speed, box, attack or behaviour
    variants: tuple[str, ...]
    unit: str = ""  # empty where something is found out instead of measured
    lower_is_better: bool = True
    environments: Mapping[str, str] = field(default_factory=dict)  # by variant, where it is not the clean one
    feeds: Mapping[str, str] = field(default_factory=dict)  # by criterion: the variant whose result is its claim
    lists: tuple[str, ...] = ()  # those of the fed criteria that are lists: each item of a finding is a claim
    statement: str = ""  # of a claim; may hold {value} {unit} {spread} {variant} {detail} {item}
    exact: bool = False  # every reading is the same: one is enough
    timeout: float = 60  # seconds that one reading may take
    code: str = ""  # the program's source text; filled in by catalogue()

    def environment(self, variant: str) -> str:
        return self.environments.get(variant, CLEAN)


@dataclass(frozen=True, kw_only=True)
class Adapter:
    """A framework: what to install, and how its applications are called."""

    slug: str
    name: str
    package: str  # its name on the package index
    requirements: Mapping[str, tuple[str, ...]]  # by environment, each pinned; "clean" is the framework alone
    constraints: tuple[str, ...] = ()  # versions of what comes along, so that a later run installs the same
    interface: str = "wsgi"  # wsgi, asgi, or the dotted path of a module of the adapter: calling.OwnInterface

    @property
    def has_own_interface(self) -> bool:
        return self.interface not in STANDARD_INTERFACES

    def __post_init__(self) -> None:
        """A framework that asks for no extras has all in the clean environment."""
        if CLEAN in self.requirements:
            object.__setattr__(self, "requirements", {EXTRAS: self.requirements[CLEAN], **self.requirements})


@dataclass(frozen=True)
class Reading:
    """One measured number, in the experiment's unit."""

    value: float
    wall: float | None = None  # beside CPU time: the time on the clock
    detail: str = ""


@dataclass(frozen=True)
class Finding:
    """What was found out: a support word, and one line on what was done and seen."""

    support: str
    detail: str
    items: tuple[str, ...] = ()  # for criteria that are lists


@dataclass(frozen=True)
class Job:
    """One reading to take: of a framework's variant, in an empty folder of its own."""

    framework: str
    variant: str
    folder: Path

    @property
    def adapter(self) -> Adapter:
        return self.module().ADAPTER

    def module(self, name: str = "") -> ModuleType:
        """A module of the framework's adapter; NotOffered where the adapter has none of that name."""
        path = self.path(name)
        try:
            return importlib.import_module(path)
        except ModuleNotFoundError as error:
            if error.name and path.startswith(error.name):
                raise NotOffered(f"no {name}") from None
            raise

    def path(self, name: str = "") -> str:
        """The dotted path of a module of the adapter."""
        return ".".join(filter(None, [ADAPTERS, self.framework, name]))

    def files(self, name: str) -> Path:
        """A file or folder of the framework's adapter."""
        return Path(__file__).parent / "adapters" / self.framework / name


def free_port() -> int:
    """A port of this machine that nobody listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]

"""Examines what a clean installation can do: an adapter does a task by the framework's means, a program checks it.

A task that the framework has no means for is Absent. All parts of a task done: built in; some: partial; none: none.
"""

import importlib
import subprocess
from collections.abc import Callable, Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType
from typing import Any

from comparison.experiments import calling, installed
from comparison.experiments.calling import Answer, Caller
from comparison.experiments.spec import BUILT_IN, NONE, PARTIAL, Failure, Finding, Job, NotOffered

Deed = Callable[..., Any]  # a function of an adapter; its documentation string names the means it uses
Check = Callable[[Job, Deed], str]  # does the deed, looks at what comes of it, and says what it saw: “drew the form”
LACK = (  # for the method of an experiment
    "What is lacking is shown by a package that the framework’s documentation names for the task and that is not "
    "installed, or else by words that are in no installed module’s name, the same for every framework of many modules. "
    "Where the framework has a part for the task that needs a package of an extra, the task is done in part."
)


class Absent(Exception):
    """The clean installation has no means for this. The message says how that was seen, as “has no …”."""


class Partly(Absent):
    """The clean installation did a part of this. The message says what it did and what it did not."""


def examine(job: Job, module: str, parts: Mapping[str, Check]) -> Finding:
    """Does each part with the adapter's function of that name."""
    deeds = job.module(module)
    done, absent, lines = 0, 0, []
    for name, check in parts.items():
        deed = getattr(deeds, name, None)
        if deed is None:
            raise NotOffered(f"the adapter does not say how to {name}")
        try:
            seen = check(job, deed)
            lines.append(f"{seen} ({deed.__doc__})" if deed.__doc__ else seen)
            done += 1
        except Partly as error:
            lines.append(f"{error} ({deed.__doc__})" if deed.__doc__ else str(error))
            done += 1
            absent += 1
        except Absent as error:
            lines.append(str(error))
            absent += 1
    support = NONE if not done else PARTIAL if absent else BUILT_IN
    return Finding(support, "; ".join(dict.fromkeys(lines)))


def require(module: str, named: str = "the documentation names") -> ModuleType:
    """Imports what the framework's documentation names for a task, which a clean installation may lack."""
    try:
        return importlib.import_module(module)
    except ModuleNotFoundError as error:
        raise Absent(f"lacks {error.name}, which {named}") from None


def require_for(part: str, at: str, module: str, which: str) -> None:
    """The same of a package without which a part of the framework itself does nothing: its task is done in part.

    `at` is where that part is, as module:name. It is looked up there without being run.
    """
    place, _, name = at.partition(":")
    spec = find_spec(place)
    expect(spec and spec.origin and name in Path(spec.origin).read_text(), f"has no {part} at {at}")
    try:
        importlib.import_module(module)
    except ModuleNotFoundError as error:
        raise Partly(f"has {part}, but lacks {error.name}, which {which}") from None


def run_own(named: str, command: Sequence[str | Path], search_for_more: Callable[[], None]) -> None:
    """Runs a command that comes with the framework, which has no means to add others: the task is done in part."""
    process = subprocess.run(command, capture_output=True, text=True, check=False)
    expect(process.returncode == 0, process.stderr.strip()[-200:] or f"{named} failed")
    try:
        search_for_more()
    except Absent as error:
        raise Partly(f"ran its own command “{named}”; for one’s own it {error}") from None


def search(*words: str, besides: str = "") -> None:
    """Looks for modules about something among all that are installed, by their names.

    The words for a task are the same in every adapter. `besides` is a part that is left out, because it is there for
    the framework's own developers, or because its names are those of sample data or of languages.
    """
    modules = [name for package in installed.packages().values() for name in installed.modules(package)]
    names = sorted(name for name in modules if not besides or not name.startswith(f"{besides}."))
    found = [name for name in names if any(word in name.lower() for word in words)]
    if found:
        raise Failure(f"there are modules about it, such as {found[0]}")
    looked_at = f"{len(names)} outside {besides}" if besides else str(len(names))
    raise Absent(f"has no module for it: none of its {looked_at} has “{'” or “'.join(words)}” in its name")


def expect(condition: object, reason: str) -> None:
    if not condition:
        raise Failure(reason)


def expect_answer(answer: Answer, status: int, text: str = "") -> None:
    expect(answer.status == status, f"answered with status {answer.status} instead of {status}")
    expect(text in answer.text, f"the answer does not hold {text!r}")


def caller(job: Job, application: Any) -> Caller:
    return calling.caller(application, job.adapter.interface)

"""YAML files as entries that know their lines: typed reading that collects all problems, and one way of writing."""

import datetime
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from difflib import get_close_matches
from enum import StrEnum
from math import isfinite
from pathlib import Path
from typing import Any, Final, TypeVar

import yaml

Word = TypeVar("Word", bound=StrEnum)
Thing = TypeVar("Thing")

MAX_FILE_BYTES: Final = 20_000_000  # bytes
MAX_DEPTH: Final = 20  # levels of nesting
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_Dumper = getattr(yaml, "CSafeDumper", yaml.SafeDumper)


@dataclass(frozen=True, order=True)
class Problem:
    file: str
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.message}"


class CatalogueError(Exception):
    """All problems of a catalogue; nothing was changed."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = sorted(set(problems))
        super().__init__("\n".join(str(problem) for problem in self.problems))


@dataclass
class Entry:
    """A mapping in a file. Each method reads one key; `finish` reports the keys that were not read as problems."""

    file: str
    line: int
    nodes: dict[str, yaml.Node]
    problems: list[Problem]
    lines_of: dict[str, int] = field(default_factory=dict)
    keys_read: set[str] = field(default_factory=set)
    faulty: set[str] = field(default_factory=set)  # keys with a problem

    def problem(self, message: str, key: str = "") -> None:
        self.faulty.add(key or message.split(" ", 1)[0])
        line = self.lines_of.get(key, self.line)
        self.problems.append(Problem(self.file, line, message))

    def _scalar(self, key: str, required: bool) -> str:
        """The text of a scalar; empty where it is missing or (with a problem) unusable."""
        self.keys_read.add(key)
        node = self.nodes.get(key)
        if node is None:
            if required:
                self.problem(f"{key} is missing")
            return ""
        if not isinstance(node, yaml.ScalarNode):
            self.problem(f"{key} must be a single value, not a list or mapping", key)
            return ""
        if node.value.strip() == "":
            self.problem(f"{key} is empty; fill it in or leave the line out", key)
            return ""
        if "\0" in node.value:
            self.problem(f"{key} contains a NUL character", key)
            return ""
        return str(node.value)

    def text(self, key: str, required: bool = False) -> str:
        return self._scalar(key, required)

    def integer(self, key: str, required: bool = False) -> int | None:
        value = self._scalar(key, required)
        if value and not re.fullmatch(r"[+-]?[0-9]{1,9}", value):
            self.problem(f"{key} must be a whole number, not {value!r}", key)
            return None
        return int(value) if value else None

    def decimal(self, key: str) -> Decimal | None:
        value = self._scalar(key, required=False)
        try:
            number = Decimal(value) if value else None
        except InvalidOperation:
            number = Decimal("NaN")
        if number is not None and not number.is_finite():
            self.problem(f"{key} must be a number such as 3.5, not {value!r}", key)
            return None
        return number

    def flag(self, key: str) -> bool | None:
        value = self._scalar(key, required=False)
        if value not in ("", "true", "false"):
            self.problem(f"{key} must be true or false, not {value!r}", key)
        return {"true": True, "false": False}.get(value)

    def day(self, key: str, required: bool = False) -> datetime.date | None:
        value = self._scalar(key, required)
        try:
            return datetime.date.fromisoformat(value) if value else None
        except ValueError:
            self.problem(f"{key} must be a date such as 2026-11-20, not {value!r}", key)
            return None

    def word(self, key: str, words: type[Word], default: Word | None = None, required: bool = False) -> Word | None:
        value = self._scalar(key, required)
        if not value:
            return default
        if value not in set(words):
            self.problem(f"{key} must be one of {', '.join(words)}, not {value!r}", key)
            return default
        return words(value)

    def reference(self, key: str, known: Mapping[str, Thing], required: bool = True) -> Thing | None:
        value = self._scalar(key, required)
        if value and value not in known:
            matches = get_close_matches(value, known, n=1)
            self.problem(f"unknown {key} {value!r}" + (f"; did you mean {matches[0]!r}?" if matches else ""), key)
        return known.get(value)

    def lines(self, key: str) -> str:
        """A list of single values, joined by newlines."""
        values = []
        for node in self._sequence(key):
            if isinstance(node, yaml.ScalarNode) and node.value.strip() and not {"\n", "\0"} & set(node.value):
                values.append(str(node.value))
            else:
                self.problems.append(
                    Problem(
                        self.file, node.start_mark.line + 1, f"{key} must hold single values without line breaks or NUL"
                    )
                )
        return "\n".join(values)

    def numbers(self, key: str) -> list[float]:
        """Numbers in one value, separated by blanks."""
        value = self._scalar(key, required=False)
        try:
            numbers = [float(number) for number in value.split()]
        except ValueError:
            numbers = [float("nan")]
        if not all(isfinite(number) for number in numbers):
            self.problem(f"{key} must be numbers separated by blanks, not {value[:60]!r}", key)
            return []
        return numbers

    def child(self, key: str) -> "Entry | None":
        """The mapping under a key; None where it is missing or (with a problem) unusable."""
        self.keys_read.add(key)
        node = self.nodes.get(key)
        return None if node is None else entry_of(node, self.file, self.problems)

    def scalars(self) -> dict[str, str]:
        """All keys with their single values."""
        return {key: self.text(key) for key in self.nodes}

    def scalar_entries(self, key: str, name: str) -> list["Entry"]:
        """The single values of a list, each as an entry that holds it under `name`."""
        entries = []
        for node in self._sequence(key):
            line = node.start_mark.line + 1
            entries.append(Entry(self.file, line, {name: node}, self.problems))
        return entries

    def entries(self, key: str) -> list["Entry"]:
        return [
            entry for node in self._sequence(key) if (entry := entry_of(node, self.file, self.problems)) is not None
        ]

    def _sequence(self, key: str) -> Sequence[yaml.Node]:
        self.keys_read.add(key)
        node = self.nodes.get(key)
        if node is None:
            return []
        if not isinstance(node, yaml.SequenceNode):
            self.problem(f"{key} must be a list", key)
            return []
        return node.value

    def finish(self) -> None:
        """Reports the keys that were not read."""
        for key in self.nodes:
            if key not in self.keys_read:
                matches = get_close_matches(key, self.keys_read, n=1)
                self.problem(f"unknown key {key!r}" + (f"; did you mean {matches[0]!r}?" if matches else ""), key)


def entry_of(node: yaml.Node, file: str, problems: list[Problem]) -> Entry | None:
    line = node.start_mark.line + 1
    if not isinstance(node, yaml.MappingNode):
        problems.append(Problem(file, line, "expected keys and values here"))
        return None
    nodes: dict[str, yaml.Node] = {}
    lines: dict[str, int] = {}
    for key, value in node.value:
        name = key.value if isinstance(key, yaml.ScalarNode) else ""
        if not name:
            problems.append(Problem(file, key.start_mark.line + 1, "a key must be a single word"))
        elif name in nodes:
            problems.append(Problem(file, key.start_mark.line + 1, f"{name} is given twice"))
        else:
            nodes[name] = value
            lines[name] = key.start_mark.line + 1
    return Entry(file, line, nodes, problems, lines)


def read_file(path: Path, name: str, problems: list[Problem]) -> Entry | None:
    """The mapping that a file holds, or None with a problem. `name` is how problems name the file."""
    try:
        return entry_of(_compose(path.read_bytes()), name, problems)
    except OSError as error:
        problems.append(Problem(name, 1, f"cannot be read: {error.strerror}"))
    except _Unreadable as error:
        problems.append(Problem(name, error.line, error.message))
    return None


class _Unreadable(Exception):
    def __init__(self, line: int, message: str) -> None:
        super().__init__(message)
        self.line, self.message = line, message


def _compose(content: bytes) -> yaml.Node:
    if len(content) > MAX_FILE_BYTES:
        raise _Unreadable(1, f"the file is larger than {MAX_FILE_BYTES:,} bytes")
    try:
        text = content.decode("utf-8")
        _check_structure(text)
        node = yaml.compose(text, Loader=_Loader)
    except UnicodeDecodeError as error:
        raise _Unreadable(content[: error.start].count(b"\n") + 1, "not UTF-8 text") from error
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise _Unreadable(mark.line + 1 if mark else 1, f"not YAML: {error.problem or error.context}") from error
    except yaml.reader.ReaderError as error:
        line = content[: error.position].count(b"\n") + 1
        raise _Unreadable(line, f"not YAML: {str(error).splitlines()[0]}") from error
    except yaml.YAMLError as error:
        raise _Unreadable(1, f"not YAML: {str(error).splitlines()[0]}") from error
    if node is None:
        raise _Unreadable(1, "the file is empty")
    return node


def _check_structure(text: str) -> None:
    """Refuses aliases, which can make a small file huge, and nesting that would exhaust the parser."""
    depth = 0
    for event in yaml.parse(text, Loader=_Loader):
        line = event.start_mark.line + 1 if event.start_mark else 1
        if isinstance(event, yaml.AliasEvent):
            raise _Unreadable(line, "aliases (*name) are not read; write the value out")
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > MAX_DEPTH:
            raise _Unreadable(line, f"lists and mappings are nested more than {MAX_DEPTH} deep")


def write_text(content: Mapping[str, Any]) -> str:
    """Writes a mapping in the only way we do: keys in the given order, no empty values, one line for each value."""
    return yaml.dump(_without_empty(content), Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=10**9)


def _without_empty(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _without_empty(item) for key, item in value.items() if item not in (None, "", [], (), {})}
    if isinstance(value, list):
        return [_without_empty(item) for item in value]
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return str(value) if isinstance(value, StrEnum) else value

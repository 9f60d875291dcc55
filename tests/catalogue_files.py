"""Folders of catalogue files in tests: written, changed, loaded and dumped by the commands."""

import re
from io import StringIO
from pathlib import Path
from typing import Any

import yaml
from django.apps import apps
from django.core.management import call_command

from comparison.models import Edition

MODELS: list[Any] = [model for model in apps.get_app_config("comparison").get_models() if hasattr(model, "history")]
Counts = dict[str, tuple[int, int, int, int]]  # by kind: created, updated, unchanged, not in the files


def loaded(folder: Path, **options: Any) -> Counts:
    """Loads with the command and returns the counts that it prints."""
    out = StringIO()
    call_command("load_catalogue", folder, stdout=out, **options)
    return counts(out.getvalue())


def counts(report: str) -> Counts:
    """The counts that the command prints, by kind of row."""
    line = r"^(.+): (\d+) created, (\d+) updated, (\d+) unchanged(?:, (\d+) kept that the files do not mention)?$"
    lines = re.findall(line, report, re.M)
    return {name: tuple(int(number or 0) for number in numbers) for name, *numbers in lines}


def dumped(folder: Path) -> None:
    call_command("dump_catalogue", folder, stdout=StringIO())


def contents(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def write(folder: Path, name: str, content: Any) -> None:
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(yaml.safe_dump(content), encoding="utf-8")


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def stored() -> dict[str, Any]:
    """Every row with its history, and the editions."""
    rows = {model.__name__: list(model.objects.order_by("pk").values()) for model in MODELS}
    past = {f"past {model.__name__}": list(model.history.order_by("pk").values()) for model in MODELS}
    return rows | past | {"editions": list(Edition.objects.values())}

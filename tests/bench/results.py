"""What was measured: printed as a table while it is measured, kept as JSON."""

import json
import platform
from dataclasses import asdict, dataclass, field
from datetime import date
from importlib.metadata import version
from pathlib import Path
from typing import Any

from tests.installation import ROOT, run

HTTP_GROUP = "Over HTTP, one worker: requests/s as a multiple of the plain page's"
GROWTH_GROUP = "Pages that no cache holds, beside"
MAX_COLD_MS = 150  # beside any number of claims
LIMITS = {"ms": "≤ {:g} ms", "×": "≥ {:g} ×", "times": "≤ {:g} ×", "bytes": "≤ {:,.0f} bytes", "MB": "≤ {:g} MB"}
SHOWN = {"ms": "{:,.2f} ms", "×": "{:.2f} ×", "times": "{:.2f} ×", "bytes": "{:,.0f} bytes", "MB": "{:,.0f} MB"}


@dataclass(frozen=True)
class Result:
    group: str
    name: str
    value: float
    unit: str  # ms, bytes, MB; × of another thing's speed, which should be high, or times its cost, which should be low
    limit: float | None = None
    size: int | None = None  # claims, frameworks

    @property
    def is_kept(self) -> bool | None:
        if self.limit is None:
            return None
        return self.value >= self.limit if self.unit == "×" else self.value <= self.limit

    def __str__(self) -> str:
        limit = LIMITS[self.unit].format(self.limit) if self.limit is not None else ""
        verdict = {True: "kept", False: "MISSED", None: ""}[self.is_kept]
        return f"  {self.name:58} {SHOWN[self.unit].format(self.value):>14}   {limit:16} {verdict}".rstrip()


@dataclass
class Report:
    results: list[Result] = field(default_factory=list)

    def add(self, group: str, name: str, value: float, unit: str, **more: Any) -> None:
        result = Result(group, name, round(value, 3), unit, **more)
        if not self.results or self.results[-1].group != group:
            print(f"\n{group}")
        self.results.append(result)
        print(result, flush=True)

    def write(self, path: Path) -> None:
        rows = [asdict(result) | {"kept": result.is_kept} for result in self.results]
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(
            json.dumps({"date": str(date.today()), "versions": versions(), "results": rows}, indent=1) + "\n"
        )


def versions() -> dict[str, str]:
    commit = run("git", "rev-parse", "--short", "HEAD", cwd=ROOT).stdout.strip()
    names = ("django", "gunicorn")
    python = {"python": platform.python_version(), "machine": platform.machine(), "commit": commit}
    return python | {name: version(name) for name in names}
